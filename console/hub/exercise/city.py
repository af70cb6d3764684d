"""The city of an exercise: its area, its roads, the known places, and addresses where calls come from."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from console.domain.agency import Agency, KnownPlace, Point
from console.domain.areas import Polygon, holds, polygons
from console.domain.state import Place
from console.hub.exercise.chance import Chance
from console.hub.exercise.roads import Path, Road, Roads, path
from console.hub.exercise.script import Script, ScriptError

_AT_PLACE, _AT_CROSSING = 0.05, 0.14
"""Shares of calls at a known place, and up to which share at a crossing; the others have a block of a road."""
_ASIDE = 0.004
"""Degrees that an address may lie beside its road."""


class City:
    """Where things are and how one drives between them."""

    def __init__(self, area: Iterable[Polygon], roads: Iterable[Road], places: Iterable[KnownPlace]) -> None:
        """Roads are kept only as far as they lie in the area, so that nobody drives out of it."""
        self.area = tuple(area)
        self.roads = Roads([part for road in roads for part in self._inside(road)])
        self.places = {place.name: place for place in places}

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the area; where the area is empty, everything does."""
        return not self.area or holds(self.area, point)

    def way(self, start: Point, end: Point) -> Path:
        """A plausible way between two points, corners outside the area left out."""
        way = self.roads.way(start, end)
        return path(p for p in way.points if p in (start, end) or self.holds(p))

    def point(self, name: str) -> Point | None:
        """Where a known place is."""
        place = self.places.get(name)
        return place.point if place else None

    def nearest(self, kinds: Iterable[str], to: Point) -> KnownPlace | None:
        """The nearest known place of one of these kinds."""
        wanted = set(kinds)
        found = [p for p in self.places.values() if p.kind in wanted]
        return min(found, key=lambda p: (abs(p.latitude - to[0]) + abs(p.longitude - to[1]), p.name), default=None)

    def near(self, point: Point) -> str:
        """The name of the road nearest to a point."""
        corners = [(p, road.name) for road in self.roads.roads if not road.through for p in road.points]
        if not corners:
            return "nearby"
        return min(corners, key=lambda c: (abs(c[0][0] - point[0]) + abs(c[0][1] - point[1]), c[1]))[1]

    def address(self, chance: Chance, *about: object) -> Place:
        """A place for a call to come from, in the area."""
        draw = chance.share("address", *about)
        public = [p for p in self.places.values() if p.kind in {"station", "landmark"}]
        if draw < _AT_PLACE and public:
            place = public[int(chance.share("place", *about) * len(public))]
            return Place(place.name, *place.point)
        if draw < _AT_CROSSING and self.roads.crossings:
            crossing = self.roads.crossings[int(chance.share("crossing", *about) * len(self.roads.crossings))]
            return Place(" / ".join(crossing.names), *crossing.point)
        return self._block(chance, *about)

    def beyond(self, chance: Chance, *about: object) -> Place:
        """A place outside the area, a few kilometres past its edge."""
        inside = self.address(chance, "beyond", *about)
        middle = self.middle
        point = inside.point
        assert point is not None
        for _ in range(40):
            point = (point[0] + (point[0] - middle[0] or 0.01) * 0.25, point[1] + (point[1] - middle[1] or 0.01) * 0.25)
            if not self.holds(point):
                break
        return Place(f"{inside.address}, outside the city", round(point[0], 6), round(point[1], 6))

    def _block(self, chance: Chance, *about: object) -> Place:
        streets = [road for road in self.roads.roads if not road.through]
        for attempt in range(12):
            if streets:
                road = streets[int(chance.share("road", attempt, *about) * len(streets))]
                n = int(chance.share("segment", attempt, *about) * (len(road.points) - 1))
                share = chance.share("along", attempt, *about)
                (lat_a, lon_a), (lat_b, lon_b) = road.points[n], road.points[n + 1]
                base = (lat_a + (lat_b - lat_a) * share, lon_a + (lon_b - lon_a) * share)
                words = f"{100 * (1 + 6 * n) + int(share * 600)} {road.name}"
            else:
                base, words = self.middle, f"{int(chance.between(100, 6000, 'block', *about))} block"
            point = (
                round(base[0] + chance.between(-_ASIDE, _ASIDE, "lat", attempt, *about), 6),
                round(base[1] + chance.between(-_ASIDE, _ASIDE, "lon", attempt, *about), 6),
            )
            if self.holds(point):
                return Place(words, *point)
        return Place("city", *self.middle)

    @cached_property
    def middle(self) -> Point:
        """The mean of the area's corners, else of the known places."""
        points = [p for polygon in self.area for ring in polygon.rings[:1] for p in ring]
        points = points or [place.point for place in self.places.values()]
        if not points:
            return (0.0, 0.0)
        return (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))

    def _inside(self, road: Road) -> list[Road]:
        """The stretches of a road that lie in the area."""
        stretches: list[list[Point]] = [[]]
        for point in road.points:
            if self.holds(point):
                stretches[-1].append(point)
            elif stretches[-1]:
                stretches.append([])
        return [Road(road.name, tuple(part), road.through) for part in stretches if len(part) > 1]


def build(agency: Agency, script: Script) -> City:
    """The city that the script names, its roads those of the map, or raise `ScriptError` if they cannot be read."""
    area = polygons(agency.areas[script.area])
    if not agency.basemap:
        return City(area, (), agency.places)
    try:
        return City(area, _roads(json.loads(agency.basemap)), agency.places)
    except (ValueError, KeyError, TypeError) as error:
        raise ScriptError(f"basemap.geojson: the exercise's roads cannot be read from it ({error})") from None


def _roads(found: dict[str, Any]) -> list[Road]:
    """Lines of a GeoJSON feature collection that say they are roads, or say nothing of their kind."""
    roads = []
    for feature in found["features"]:
        about = feature.get("properties") or {}
        if feature["geometry"]["type"] == "LineString" and about.get("kind", "road") == "road":
            name = about.get("label") or about.get("name") or "street"
            roads.append(Road(name, _line(feature["geometry"]["coordinates"]), about.get("class") == "freeway"))
    return roads


def _line(coordinates: Iterable[tuple[float, float]]) -> tuple[Point, ...]:
    return tuple((point[1], point[0]) for point in coordinates)
