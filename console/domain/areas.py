"""Areas on the map as configuration gives them, GeoJSON (RFC 7946), and whether a point lies in one."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from console.domain.agency import Agency, Point
from console.domain.instant import Instant
from console.domain.programmes import Programme
from console.domain.times import local

Ring = tuple[Point, ...]
"""A closed line of latitudes and longitudes; whether its first corner stands again at the end does not matter."""
Polygon = tuple[Ring, ...]
"""The outer ring first, then its holes."""


@lru_cache(64)
def polygons(text: str) -> tuple[Polygon, ...]:
    """Every polygon of a GeoJSON feature collection, feature or geometry; what is no polygon is left out."""
    return tuple(_polygons(msgspec.json.decode(text)))


def holds(area: Iterable[Polygon], point: Point) -> bool:
    """Whether a point lies in one of the polygons and in none of its holes."""
    return any(sum(_in_ring(ring, point) for ring in polygon) % 2 == 1 for polygon in area)


def area_of(agency: Agency, programme: Programme, at: Instant) -> tuple[Polygon, ...]:
    """The area that a programme serves on the local day of an instant; empty where it is bound to none."""
    today = local(agency, at).date()
    in_force = [area for area in programme.areas if area.effective_from <= today]
    text = agency.areas.get(max(in_force, key=lambda area: area.effective_from).file) if in_force else None
    return polygons(text) if text else ()


def _polygons(found: dict[str, Any]) -> list[Polygon]:
    match found.get("type"):
        case "FeatureCollection":
            return [polygon for feature in found["features"] for polygon in _polygons(feature)]
        case "Feature":
            return _polygons(found["geometry"] or {})
        case "Polygon":
            return [_polygon(found["coordinates"])]
        case "MultiPolygon":
            return [_polygon(coordinates) for coordinates in found["coordinates"]]
        case _:
            return []


def _polygon(coordinates: Iterable[Iterable[tuple[float, float]]]) -> Polygon:
    """GeoJSON writes longitude before latitude."""
    return tuple(tuple((corner[1], corner[0]) for corner in ring) for ring in coordinates)


def _in_ring(ring: Ring, point: Point) -> bool:
    """Even-odd rule: how often a line from the point to one side crosses the ring."""
    inside = False
    previous = ring[-1] if ring else point
    for corner in ring:
        if (corner[0] > point[0]) != (previous[0] > point[0]):
            cross = previous[1] + (point[0] - previous[0]) / (corner[0] - previous[0]) * (corner[1] - previous[1])
            inside ^= point[1] < cross
        previous = corner
    return inside
