"""Areas of thousands of corners give the answer of looking at every side; islands, holes, and the dates they hold from."""

import json
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Point
from console.domain.areas import Polygon, holds, polygons
from console.domain.availability import availability
from console.domain.programmes import Area
from console.domain.state import Place
from tests.support.agency import AGENCY, TEAM
from tests.support.scenes import CALL, floor, receive

NEAR = st.integers(-6, 6)
RINGS = st.lists(st.lists(st.tuples(NEAR, NEAR), max_size=9), max_size=4)


def by_every_side(rings: Any, point: Point) -> bool:
    """Even-odd over every side of every ring."""
    inside = False
    for ring in rings:
        for (north, east), (north_before, east_before) in zip(ring, [*ring[-1:], *ring[:-1]], strict=True):
            if (north > point[0]) != (north_before > point[0]):
                cross = east_before + (point[0] - north_before) / (north - north_before) * (east - east_before)
                inside ^= point[1] < cross
    return inside


@given(rings=RINGS, point=st.tuples(st.floats(-7, 7), st.floats(-7, 7)) | st.tuples(NEAR, NEAR))
def test_given_any_rings_then_the_bands_say_what_looking_at_every_side_says(rings: Any, point: Point) -> None:
    polygon = Polygon(tuple(ring) for ring in rings)
    outside = by_every_side(rings, point) is False
    assert polygon.holds(point) is not outside


def circle(corners: int, radius: float, north: float = 0, east: float = 0) -> list[list[float]]:
    turns = (2 * math.pi * n / corners for n in range(corners))
    return [[east + radius * math.cos(turn), north + radius * math.sin(turn)] for turn in turns]


def test_given_thousands_of_corners_then_few_sides_are_looked_at() -> None:
    islands = [[circle(5_000, 1), circle(3_000, 0.5)], [circle(5_000, 1, north=3)], [circle(8, 0.1)]]
    area = polygons(json.dumps({"type": "MultiPolygon", "coordinates": islands}))
    for point, inside in (
        ((0.7, 0.0), True), ((0.3, 0.0), False), ((0.0, 0.05), True), ((3.5, 0.5), True), ((1.5, 0.0), False),
    ):  # fmt: skip
        assert holds(area, point) is inside
    fullest = [max(len(band) for band in polygon._bands) for polygon in area]
    assert max(fullest) < 5_000 / 20, "at the top and bottom of a circle many sides lie in one band, elsewhere a few"
    assert sum(len(band) for polygon in area for band in polygon._bands) <= 2 * 13_008 + 6, "bands hold no side often"


def square(south: float, west: float, north: float, east: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


FIRST_THIRD = json.dumps({"type": "Polygon", "coordinates": [square(35.9, -79.0, 36.1, -78.9)]})
ALL_OF_IT = json.dumps({
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": [
            {"type": "MultiPolygon", "coordinates": [
                [square(35.9, -79.0, 36.1, -78.7), square(36.0, -78.8, 36.02, -78.78)],
                [square(36.2, -78.9, 36.3, -78.8)],
            ]},
        ]}},
    ],
})  # fmt: skip
WEST, EAST, ISLAND, LAKE = (35.95, -78.95), (35.95, -78.75), (36.25, -78.85), (36.01, -78.79)


@pytest.mark.parametrize(
    ("point", "served"),
    [
        (WEST, [True, True, True]),
        (EAST, [False, True, True]),
        (ISLAND, [False, True, True]),
        (LAKE, [False, False, True]),
        (None, [None, None, True]),
    ],
    ids=["west", "east", "island", "hole", "no point"],
)
def test_given_a_third_of_the_city_in_2022_and_all_of_it_later_then_a_call_is_served_by_the_day(
    point: Point | None, served: list[bool | None]
) -> None:
    areas = (Area(date(2022, 6, 28), "third"), Area(date(2023, 10, 1), "all"), Area(date(2031, 1, 1), "not there"))
    programmes = tuple(replace(each, areas=areas) if each.code == TEAM else each for each in AGENCY.programmes)
    agency = replace(AGENCY, programmes=programmes, areas={"third": FIRST_THIRD, "all": ALL_OF_IT})
    scene = floor().given(c.ConfigureAgency(agency), receive())
    scene.given(c.LocateCall(CALL, Place("somewhere", *point) if point else Place("somewhere")))
    programme = next(each for each in agency.programmes if each.code == TEAM)

    def at(local_midnight: datetime) -> list[bool | None]:
        instants = (local_midnight - timedelta(seconds=1), local_midnight)
        return [availability(scene.state, programme, scene.call(), when).in_area for when in instants]

    before, launched = at(datetime(2022, 6, 28, 4, tzinfo=UTC))
    third, widened = at(datetime(2023, 10, 1, 4, tzinfo=UTC))
    _, later = at(datetime(2031, 1, 1, 5, tzinfo=UTC))
    assert before is True, "bound to no area yet"
    assert launched == third
    assert [launched, widened, later] == served


def test_given_the_real_city_limits_then_a_point_is_found_in_them_as_fast_as_in_a_square(real_data: Path) -> None:
    area = polygons((real_data / "durham" / "durham_city_limits.geojson").read_text())
    assert holds(
        area,
        (35.9959, -78.9),
    ) and not holds(area, (35.8, -78.9))
    assert max(len(band) for polygon in area for band in polygon._bands) < 40
