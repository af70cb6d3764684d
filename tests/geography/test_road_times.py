"""Minutes on the road: by the streets' speeds and directions, from where a unit stands to where the call is."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import UnitId
from console.domain.recommend import Road
from console.domain.travel import kilometres
from console.geography.road_graph import BESIDE_M, OFF_ROAD_KM_H, REACH_M
from console.geography.road_times import road_times
from tests.geography.towns import grid, minutes, place, roads, street

U1, U2 = UnitId("U1"), UnitId("U2")


def about(value: float) -> object:
    """A time in minutes, to a quarter of a second."""
    return pytest.approx(value, abs=0.004)


def test_given_one_street_when_asked_then_its_length_by_its_speed() -> None:
    graph = roads(street((0, 0), (2000, 0)))
    assert minutes(graph, (100, 0), (1600, 0)) == about(1.5)
    assert minutes(graph, (1600, 0), (100, 0)) == about(1.5)


def test_given_speeds_when_asked_then_the_quicker_way_not_the_shorter() -> None:
    slow = street((0, 0), (2000, 0), speed_km_h=20)
    around = street((0, 0), (0, 500), (2000, 500), (2000, 0), speed_km_h=90)
    found = road_times(roads(slow, around), {U1: place(0, 0)}, place(2000, 0))
    assert found[U1].minutes == about(2.0)
    assert found[U1].kilometres == pytest.approx(3.0, abs=0.01)


def test_given_a_one_way_street_when_driven_against_it_then_around_the_block() -> None:
    block = (
        street((0, 0), (1000, 0), oneway=1), street((1000, 0), (1000, 300)),
        street((1000, 300), (0, 300)), street((0, 300), (0, 0)),
    )  # fmt: skip
    graph = roads(*block)
    assert minutes(graph, (200, 0), (700, 0)) == about(0.5)
    assert minutes(graph, (700, 0), (200, 0)) == about(0.3 + 0.3 + 1.0 + 0.3 + 0.2)
    against = roads(street((0, 0), (1000, 0), oneway=-1), *block[1:])
    assert minutes(against, (700, 0), (200, 0)) == about(0.5)


def test_given_a_bridge_over_a_street_when_asked_then_nobody_drops_off_it() -> None:
    below = street((-1000, 0), (1000, 0))
    bridge = street((0, -500), (0, 500), level=1)
    link = street((0, 500), (1000, 500), (1000, 0))
    graph = roads(below, bridge, link)
    assert minutes(graph, (0, -400), (-400, 0)) == about(0.9 + 1.0 + 0.5 + 1.4)


def test_given_a_call_on_an_island_when_asked_then_it_is_on_the_nearest_street_or_has_no_way() -> None:
    town = grid(4)
    near, far = street((800, 0), (900, 0)), street((5000, 0), (6000, 0))
    graph = roads(*town, near, far)
    assert minutes(graph, (0, 0), (850, 0)) == about(minutes(graph, (0, 0), (600, 0)) + 0.25 / OFF_ROAD_KM_H * 60)  # type: ignore[operator]
    assert minutes(graph, (0, 0), (5500, 0)) is None


def test_given_a_unit_off_the_network_when_asked_then_its_way_to_the_street_counts_and_beyond_reach_it_has_none() -> None:
    graph = roads(street((0, 0), (3000, 0)))
    assert minutes(graph, (1000, 150), (2000, 0)) == about(1.0 + 0.15 / OFF_ROAD_KM_H * 60)
    assert minutes(graph, (1000, REACH_M + 1), (2000, 0)) is None
    assert minutes(graph, (2000, 0), (1000, REACH_M + 1)) is None


def test_given_a_unit_at_the_call_when_asked_then_no_time_also_off_the_street() -> None:
    graph = roads(*grid(3))
    for where in ((200, 200), (100, 200), (100, 90)):
        assert minutes(graph, where, where) == about(0.0)
    assert minutes(graph, (100, 90), (100, 100)) == about(0.01 / OFF_ROAD_KM_H * 60)


def test_given_a_street_of_two_carriageways_when_a_receiver_is_off_by_metres_then_no_detour_for_it() -> None:
    east, west = street((0, 0), (3000, 0), oneway=1), street((3000, 10), (0, 10), oneway=1)
    ends = street((0, 0), (0, 10)), street((3000, 0), (3000, 10))
    graph = roads(east, west, *ends)
    assert minutes(graph, (1000, 8), (2000, 2)) == pytest.approx(1.0, abs=2 * BESIDE_M / 1000 / OFF_ROAD_KM_H * 60)


def test_given_many_units_when_asked_then_each_its_own_way_and_who_has_none_is_left_out() -> None:
    graph = roads(*grid(5))
    units = {U1: place(0, 0), U2: place(9000, 9000), UnitId("U3"): place(800, 800)}
    found = road_times(graph, units, place(400, 400))
    assert set(found) == {U1, UnitId("U3")}
    assert isinstance(found[U1], Road)
    assert found[U1].kilometres == pytest.approx(0.8, abs=0.001)


@pytest.mark.parametrize("where", [(float("nan"), -79.0), (91.0, 200.0), (0.0, 0.0)])
def test_given_a_point_that_is_nowhere_near_when_asked_then_no_way(where: tuple[float, float]) -> None:
    graph = roads(*grid(3))
    assert road_times(graph, {U1: where}, place(0, 0)) == {}
    assert road_times(graph, {U1: place(0, 0)}, where) == {}


def test_given_nobody_when_asked_then_nothing() -> None:
    assert road_times(roads(*grid(3)), {}, place(0, 0)) == {}


def test_given_several_threads_when_they_ask_at_once_then_each_gets_its_own_answer() -> None:
    graph = roads(*grid(6, oneway=True))
    places = [(0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0), (1000.0, 1000.0)]
    alone = [road_times(graph, {U1: place(500, 500)}, place(*to)) for to in places]
    found: list[object] = [None] * len(places)

    def ask(number: int) -> None:
        for _ in range(20):
            found[number] = road_times(graph, {U1: place(500, 500)}, place(*places[number]))

    threads = [Thread(target=ask, args=(number,)) for number in range(len(places))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone


CITY = roads(*grid(6, oneway=True))
TOP_KM_H = 70.0
anywhere = st.tuples(st.floats(-300, 1300), st.floats(-300, 1300))
corner = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda n: (n[0] * 200.0, n[1] * 200.0))


@given(anywhere, anywhere)
def test_given_any_two_places_when_asked_then_never_quicker_than_a_straight_line_at_top_speed(
    start: tuple[float, float], to: tuple[float, float]
) -> None:
    found = road_times(CITY, {U1: place(*start)}, place(*to))
    straight = kilometres(place(*start), place(*to))
    for road in found.values():
        assert road.minutes >= straight / TOP_KM_H * 60 - 0.02
        assert road.kilometres >= straight - 0.02


@given(corner, corner, corner)
def test_given_any_three_corners_when_asked_then_a_stop_on_the_way_never_saves_time(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    direct, first, then = minutes(CITY, a, c), minutes(CITY, a, b), minutes(CITY, b, c)
    assert direct is not None and first is not None and then is not None
    assert direct <= first + then + 0.01
