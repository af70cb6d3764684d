"""The ground that units reach in time: what they could drive to, and nothing beyond."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from console.domain.agency import Travel
from console.domain.ids import UnitId
from console.geography.coverage import CELL_M, covered_by_roads, covered_straight
from console.geography.road_graph import OFF_ROAD_KM_H, REACH_M
from console.geography.road_times import road_times
from tests.geography.towns import FLAT, grid, place, roads, street

GRID = roads(*grid(11, 400.0))
U1 = UnitId("U1")


def ground(text: str) -> shapely.geometry.base.BaseGeometry:
    """A band's ground, longitude first."""
    found = shape(json.loads(text))
    assert found.geom_type == "MultiPolygon" and found.is_valid
    return found


def holds(text: str, east_m: float, north_m: float) -> bool:
    """Whether a band's ground holds a place."""
    latitude, longitude = place(east_m, north_m)
    return bool(ground(text).intersects(shapely.Point(longitude, latitude)))


def test_given_a_unit_on_a_street_when_covered_then_what_lies_along_it_within_the_minutes() -> None:
    graph = roads(street((0, 0), (10_000, 0)))
    ((_, two), (_, five)) = covered_by_roads(graph, [place(5000, 0)], [5, 2])
    assert holds(two, 5000, 0) and holds(two, 6900, 0) and holds(two, 4000, 100) and holds(two, 5000, 400)
    assert not holds(two, 7500, 0) and not holds(two, 2500, 0) and not holds(two, 6800, 300)
    assert holds(five, 9500, 0) and holds(five, 500, 0)


def test_given_a_one_way_street_when_covered_then_not_what_lies_behind() -> None:
    back = street((4000, 0), (4000, 4000), (0, 4000), (0, 0))
    graph = roads(street((0, 0), (4000, 0), oneway=1), back)
    ((_, one),) = covered_by_roads(graph, [place(1000, 0)], [1])
    assert holds(one, 1900, 0) and not holds(one, 500, 0)


def test_given_a_river_with_one_bridge_when_covered_then_the_other_bank_only_as_far_as_the_bridge_leads() -> None:
    here, there = street((0, 0), (4000, 0)), street((0, 800), (4000, 800))
    graph = roads(here, there, street((4000, 0), (4000, 800)))
    ((_, three),) = covered_by_roads(graph, [place(1500, 0)], [3])
    assert holds(three, 0, 0) and not holds(three, 1500, 800)


def test_given_more_minutes_when_covered_then_more_ground_that_holds_the_less() -> None:
    bands = covered_by_roads(GRID, [place(2000, 2000), place(400, 400)], [1, 2, 3])
    assert [minutes for minutes, _ in bands] == [1, 2, 3]
    areas = [ground(text).area for _, text in bands]
    assert areas == sorted(areas) and areas[0] > 0
    for (_, less), (_, more) in pairwise(bands):
        assert ground(less).difference(ground(more)).area < 0.02 * ground(less).area


def test_given_nobody_or_nobody_near_a_road_when_covered_then_no_ground() -> None:
    for units in ([], [place(90_000, 90_000)]):
        ((_, text),) = covered_by_roads(GRID, units, [5])
        assert ground(text).is_empty


SPARE = 3 * CELL_M / 1000 / OFF_ROAD_KM_H * 60
"""Outlines are off by squares, and beside a road a square takes so long."""


@given(st.floats(0, 4000), st.floats(0, 4000))
def test_given_any_place_when_its_way_takes_less_then_it_is_covered_and_on_a_street_not_when_it_takes_more(
    east: float, north: float
) -> None:
    ((_, text),) = covered_by_roads(GRID, [place(2000, 2000)], [3])
    on_street = (round(east / 400) * 400.0, north)
    for where in ((east, north), on_street):
        if road_times(GRID, {U1: place(2000, 2000)}, place(*where))[U1].minutes < 3 - SPARE:
            assert holds(text, *where)
    if road_times(GRID, {U1: place(2000, 2000)}, place(*on_street))[U1].minutes > 3 + SPARE:
        assert not holds(text, *on_street)


def test_given_a_unit_far_from_streets_when_covered_then_the_ground_around_it_too_and_no_more_than_reach() -> None:
    graph = roads(street((0, 0), (4000, 0)))
    ((_, ten),) = covered_by_roads(graph, [place(2000, 400)], [10])
    assert holds(ten, 2000, 800) and holds(ten, 2000, -400)
    assert not holds(ten, 2000, 400 + REACH_M + 2 * CELL_M) and not holds(ten, 2000, -REACH_M - 2 * CELL_M)


def test_given_no_roads_when_covered_straight_then_circles_by_the_agencys_factor_and_speed() -> None:
    travel = Travel(detour_factor=1.5, speed_km_h=30)
    ((_, five), (_, ten)) = covered_straight(travel, [place(0, 0)], [5, 10])
    radius = 5 / 60 * 30 / 1.5 * 1000
    assert holds(five, radius - 20, 0) and not holds(five, radius + 20, 0)
    assert holds(ten, 2 * radius - 20, 0)
    apart = covered_straight(travel, [place(0, 0), place(50_000, 0)], [5])[0][1]
    assert shapely.get_num_geometries(ground(apart)) == 2
    assert ground(covered_straight(travel, [], [5])[0][1]).is_empty


def test_given_degrees_when_told_then_longitude_first_and_no_more_digits_than_a_metre_needs() -> None:
    ((_, text),) = covered_by_roads(GRID, [place(2000, 2000)], [2])
    west, south, east, north = ground(text).bounds
    assert -79 < west < east < -78.9 and 36 < south < north < 36.1
    assert max(len(each.partition(".")[2]) for each in text.replace("]", ",").replace("[", ",").split(",")) <= 5
    assert FLAT.latitude == pytest.approx(36)
