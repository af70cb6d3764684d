"""The schematic base layer and the areas: drawn by hand, plausible, and near the truth where the truth is at hand."""

from __future__ import annotations

import json
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import pytest

CONFIG = Path(__file__).parents[3] / "config"
AREAS = CONFIG / "durham" / "areas"
Point = tuple[float, float]

CITY_BOX = (-79.02, 35.87, -78.76, 36.10)
KM = 111.195
KM_EAST = KM * cos(radians(36.0))
TRUE_COURSES = {
    "Interstate 85": "I 85",
    "Interstate 40": "I 40",
    "Durham Freeway": "NC 147",
    "US 15/501": "US 501",
    "NC 55": "NC 55",
    "US 70": "US 70",
}


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


def ring(path: Path) -> list[Point]:
    (feature,) = features(path)
    return [(x, y) for x, y in feature["geometry"]["coordinates"][0]]


def square_km(corners: list[Point]) -> float:
    """Area of a small ring, by the shoelace formula on a local plane."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(corners))) / 2 * KM * KM_EAST


def inside(point: Point, corners: list[Point]) -> bool:
    """Whether a ring holds a point: an odd number of edges lies east of it."""
    x, y = point
    crossed = [
        (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax) for (ax, ay), (bx, by) in pairwise(corners)
    ]
    return sum(crossed) % 2 == 1


def km_to_line(point: Point, line: list[Point]) -> float:
    """Shortest distance from a point to a line of points."""
    best = float("inf")
    for (ax, ay), (bx, by) in pairwise(line):
        px, py = (point[0] - ax) * KM_EAST, (point[1] - ay) * KM
        dx, dy = (bx - ax) * KM_EAST, (by - ay) * KM
        along = max(0.0, min(1.0, (px * dx + py * dy) / ((dx * dx + dy * dy) or 1.0)))
        best = min(best, hypot(px - along * dx, py - along * dy))
    return best


def in_box(point: Point) -> bool:
    west, south, east, north = CITY_BOX
    return west <= point[0] <= east and south <= point[1] <= north


@pytest.mark.parametrize("basemap", sorted(CONFIG.glob("*/basemap.geojson")), ids=lambda path: path.parent.name)
def test_every_feature_has_a_name_a_kind_and_few_points(basemap: Path) -> None:
    for feature in features(basemap):
        kind, points = feature["properties"]["kind"], feature["geometry"]["coordinates"]
        assert feature["properties"]["name"]
        if feature["geometry"]["type"] == "Point":
            assert kind in {"district", "landmark", "care", "town"} and feature["properties"]["rank"] in (1, 2, 3)
        else:
            assert kind in {"road", "water"} and 3 <= len(points) <= 20
            assert kind == "water" or feature["properties"]["class"] in {"freeway", "artery", "street"}


def test_the_areas_are_closed_rings_that_say_they_are_schematic() -> None:
    for name in ("city.geojson", "launch-2022.geojson"):
        (feature,) = features(AREAS / name)
        corners = ring(AREAS / name)
        assert feature["properties"]["schematic"] is True and "schematic" in feature["properties"]["about"].lower()
        assert corners[0] == corners[-1] and 9 <= len(corners) <= 18 and all(in_box(corner) for corner in corners)


def test_the_launch_area_is_about_a_third_of_the_city_and_within_it() -> None:
    city, launch = ring(AREAS / "city.geojson"), ring(AREAS / "launch-2022.geojson")
    assert all(inside(corner, city) for corner in launch)
    assert 0.2 < square_km(launch) / square_km(city) < 0.4


@pytest.mark.real_data
@pytest.mark.parametrize("name", TRUE_COURSES)
def test_given_the_true_course_of_a_main_road_then_ours_is_near_it_in_the_city(name: str, real_data: Path) -> None:
    true = [
        [(x, y) for x, y in feature["geometry"]["coordinates"]]
        for feature in features(real_data / "durham" / "durham_osm_roads.geojson")
        if TRUE_COURSES[name] in str(feature["properties"].get("ref") or "").split(";")
    ]
    (ours,) = (
        f["geometry"]["coordinates"]
        for f in features(CONFIG / "durham" / "basemap.geojson")
        if f["properties"]["name"] == name
    )
    far = {
        (x, y): distance
        for x, y in ours
        if in_box((x, y)) and (distance := min(km_to_line((x, y), line) for line in true)) > 1.0
    }
    assert not far


@pytest.mark.real_data
def test_given_the_true_city_limits_then_most_of_them_lies_in_our_outline(real_data: Path) -> None:
    ours = ring(AREAS / "city.geojson")
    parts = [
        [(x, y) for x, y in polygon[0]]
        for feature in features(real_data / "durham" / "durham_city_limits.geojson")
        for polygon in feature["geometry"]["coordinates"]
    ]
    west, south, east, north = CITY_BOX
    grid = [(west + (east - west) * i / 60, south + (north - south) * k / 60) for i in range(61) for k in range(61)]
    true = {point for point in grid if any(inside(point, part) for part in parts)}
    drawn = {point for point in grid if inside(point, ours)}
    assert len(true & drawn) / len(true) > 0.85
    assert len(true & drawn) / len(drawn) > 0.6
