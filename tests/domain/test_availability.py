"""Whether a programme could come: hours, area and staff, each by itself and never mixed with whether it may."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.areas import area_of, holds, polygons
from console.domain.availability import ENOUGH, Availability, availability
from console.domain.ids import CallId, HandOffId, UserId
from console.domain.programmes import Area, Hours, Published
from console.domain.state import Place, UnitStatus
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, LIN, REYES, T1, T2, Scene, floor, offer, receive, status

PHONE, TEAM = AGENCY.programmes[:2]
SQUARE = '{"type": "Polygon", "coordinates": [[[-79, 35], [-78, 35], [-78, 36], [-79, 36], [-79, 35]]]}'
RING = (
    '{"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [['
    "[[0, 0], [10, 0], [10, 10], [0, 10]], [[4, 4], [6, 4], [6, 6], [4, 6]]], [[[20, 0], [30, 0], [30, 10], [20, 10]]]]}}"
)
PUBLISHED = Published("made up", 1, 10, 30, 40, 0, 0, 0, (0, 0))


def of_team(scene: Scene, **changes: object) -> Availability:
    return availability(scene.state, replace(TEAM, **changes), scene.call(), scene.at)


def with_areas(scene: Scene, **files: str) -> Scene:
    scene.given(c.ConfigureAgency(replace(scene.state.agency, areas=files)))
    return scene


@pytest.mark.parametrize(
    ("point", "inside"),
    [((1, 1), True), ((5, 5), False), ((5, 3), True), ((5, 25), True), ((5, 15), False), ((-1, 5), False), ((11, 5), False)],
)
def test_given_polygons_with_a_hole_then_a_point_lies_in_one_and_in_no_hole(
    point: tuple[float, float], inside: bool
) -> None:
    assert holds(polygons(RING), point) is inside


@given(st.floats(-80, -77), st.floats(34, 37))
def test_given_a_square_then_it_holds_just_what_lies_between_its_sides(longitude: float, latitude: float) -> None:
    if longitude not in (-79, -78) and latitude not in (35, 36):
        assert holds(polygons(SQUARE), (latitude, longitude)) is (-79 < longitude < -78 and 35 < latitude < 36)


def test_given_what_is_no_polygon_then_it_is_no_area() -> None:
    text = '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null}]}'
    assert polygons(text) == ()
    assert not holds((), (0, 0))


def test_given_areas_with_dates_then_the_one_in_force_on_the_local_day_counts() -> None:
    scene = with_areas(floor().given(receive()), small=SQUARE, large=RING)
    areas = (Area(date(2022, 1, 1), "small"), Area(date(2026, 5, 5), "large"))
    bound = replace(TEAM, areas=areas)
    assert area_of(scene.state.agency, bound, scene.at) == polygons(SQUARE)
    assert area_of(scene.state.agency, bound, scene.at + timedelta(hours=9)) == polygons(
        SQUARE
    )  # 23:30 in the center's zone
    assert area_of(scene.state.agency, bound, scene.at + timedelta(hours=10)) == polygons(RING)
    assert area_of(scene.state.agency, replace(TEAM, areas=areas[1:]), scene.at) == ()


def test_given_a_call_then_its_point_says_whether_it_lies_in_the_area() -> None:
    scene = with_areas(floor().given(receive(place=Place("in", 35.5, -78.5))), city=SQUARE)
    bound = {"areas": (Area(date(2022, 1, 1), "city"),)}
    assert of_team(scene, **bound).in_area is True
    assert of_team(scene, **bound).duty.on and of_team(scene, **bound).free
    scene.given(c.LocateCall(CALL, Place("out", 36.5, -78.5)))
    assert of_team(scene, **bound).in_area is False
    scene.given(c.LocateCall(CALL, Place("somewhere")))
    assert of_team(scene, **bound).in_area is None
    assert of_team(scene).in_area is True, "a programme that is bound to no area serves everywhere"


def test_given_hours_then_the_programme_is_on_duty_or_opens() -> None:
    scene = floor().given(receive())
    off = of_team(scene, hours=(Hours(date(2020, 1, 1), time(9), time(12)),))
    assert not off.duty.on
    assert off.duty.opens is not None


def test_given_units_then_those_in_their_shift_are_counted_and_those_that_can_be_sent() -> None:
    scene = floor().given(receive())
    assert (of_team(scene).staff, of_team(scene).free) == (2, 2)
    scene.given(c.SetUnitStatus(T1, UnitStatus.OUT_OF_SERVICE))
    assert (of_team(scene).staff, of_team(scene).free) == (2, 1)
    scene.given(c.SetUnitStatus(T1, UnitStatus.OFF_SHIFT), c.SetUnitStatus(T2, UnitStatus.OFF_SHIFT))
    assert (of_team(scene).staff, of_team(scene).free, of_team(scene).next_free) == (0, 0, None)


def test_given_every_unit_on_a_call_then_the_next_is_expected_by_the_published_mean_until_today_tells_better() -> None:
    scene = floor().given(receive(), receive(CallId("other")))
    sent = scene.at
    scene.given(c.DispatchUnit(T1, CALL), c.DispatchUnit(T2, CallId("other")))
    assert of_team(scene).next_free is None, "nothing says how long a call takes"
    assert of_team(scene, published=PUBLISHED).next_free == sent + timedelta(minutes=40)
    scene.at += timedelta(hours=2)
    assert of_team(scene, published=PUBLISHED).next_free == scene.at, "past due is any minute"


def test_given_enough_calls_that_ended_then_their_median_tells_when_the_next_is_free() -> None:
    scene = floor()
    scene.given(c.SetUnitStatus(T2, UnitStatus.OFF_SHIFT))
    for n in range(ENOUGH):
        scene.given(receive(CallId(f"ended-{n}")), c.DispatchUnit(T1, CallId(f"ended-{n}")))
        scene.given(*status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
        scene.at += timedelta(minutes=10 + n)
        scene.given(*status(T1, UnitStatus.AVAILABLE))
    scene.given(receive())
    sent = scene.at
    scene.given(c.DispatchUnit(T1, CALL))
    expected = of_team(scene, published=PUBLISHED).next_free
    assert expected == sent + timedelta(minutes=12, seconds=3)


def test_given_a_programme_by_phone_then_its_clinicians_are_counted_and_the_longest_engaged_is_next() -> None:
    phone = replace(PHONE, published=PUBLISHED)
    scene = floor().given(receive(), receive(CallId("other")))
    found = availability(scene.state, phone, scene.call(), scene.at)
    assert (found.staff, found.free, found.next_free) == (2, 2, None)
    scene.given(offer(REYES, "h1"))
    scene.given(c.AcceptHandOff(CALL, HandOffId("h1")), by=UserId(REYES))
    accepted = scene.at - timedelta(seconds=1)
    scene.given(offer(LIN, "h2", CallId("other")))
    scene.given(c.AcceptHandOff(CallId("other"), HandOffId("h2")), by=UserId(LIN))
    found = availability(scene.state, phone, scene.call(), scene.at)
    assert (found.staff, found.free, found.next_free) == (2, 0, accepted + timedelta(minutes=40))
