"""Areas on the map as configuration gives them, GeoJSON (RFC 7946), and whether a point lies in one."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec

from console.domain.agency import Agency, Point
from console.domain.instant import Instant
from console.domain.programmes import Programme
from console.domain.times import local

Ring = tuple[Point, ...]
"""A closed line of latitudes and longitudes; whether its first corner stands again at the end does not matter."""

_Side = tuple[Point, Point]


class Polygon:
    """The outer ring first, then its holes; made once, and asked of every call again and again.

    Its sides lie sorted into bands of latitude, so that of a city's thousands only the few beside a point are looked at.
    """

    __slots__ = ("_bands", "_east", "_north", "_south", "_to_band", "_west", "rings")

    def __init__(self, rings: Iterable[Ring]) -> None:
        """Take closed rings; one without corners encloses nothing."""
        self.rings = tuple(rings)
        corners = list(chain.from_iterable(self.rings)) or [(0.0, 0.0)]
        self._south, self._north = min(corner[0] for corner in corners), max(corner[0] for corner in corners)
        self._west, self._east = min(corner[1] for corner in corners), max(corner[1] for corner in corners)
        sides = [side for ring in self.rings for side in _sides(ring)]
        up_and_down = sum(abs(end[0] - start[0]) for start, end in sides)
        # With so many, the bands hold each side about twice altogether, however long or short the sides are.
        count = max(1, int(len(sides) * (self._north - self._south) / up_and_down)) if up_and_down else 1
        self._to_band = (count - 1) / (self._north - self._south) if count > 1 else 0.0
        self._bands: list[list[_Side]] = [[] for _ in range(count)]
        for start, end in sides:
            ends = sorted((self._band(start[0]), self._band(end[0])))
            for band in range(ends[0], ends[1] + 1):
                self._bands[band].append((start, end))

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the outer ring and in no hole, by how often a line eastward crosses a side."""
        latitude, longitude = point
        if not (self._south <= latitude <= self._north and self._west <= longitude <= self._east):
            return False
        inside = False
        for start, end in self._bands[self._band(latitude)]:
            if (end[0] > latitude) != (start[0] > latitude):
                cross = start[1] + (latitude - start[0]) / (end[0] - start[0]) * (end[1] - start[1])
                inside ^= longitude < cross
        return inside

    def _band(self, latitude: float) -> int:
        return int((latitude - self._south) * self._to_band)


@lru_cache(64)
def polygons(text: str) -> tuple[Polygon, ...]:
    """Every polygon of a GeoJSON feature collection, feature or geometry; what is no polygon is left out."""
    return tuple(_polygons(msgspec.json.decode(text)))


def holds(area: Iterable[Polygon], point: Point) -> bool:
    """Whether a point lies in one of the polygons and in none of its holes."""
    return any(polygon.holds(point) for polygon in area)


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
        case "GeometryCollection":
            return [polygon for geometry in found["geometries"] for polygon in _polygons(geometry)]
        case "Polygon":
            return [_polygon(found["coordinates"])]
        case "MultiPolygon":
            return [_polygon(coordinates) for coordinates in found["coordinates"]]
        case _:
            return []


def _polygon(coordinates: Iterable[Iterable[tuple[float, float]]]) -> Polygon:
    """GeoJSON writes longitude before latitude."""
    return Polygon(tuple((corner[1], corner[0]) for corner in ring) for ring in coordinates)


def _sides(ring: Ring) -> Iterator[_Side]:
    """From each corner to the next, and from the last to the first; those along a latitude cross no line eastward."""
    previous = ring[-1] if ring else None
    for corner in ring:
        if previous is not None and previous[0] != corner[0]:
            yield previous, corner
        previous = corner
