"""Ways through the city: along the roads of a GeoJSON file where there are any, else by right-angled streets."""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import combinations, pairwise
from math import atan2, cos, degrees, hypot, radians
from typing import NamedTuple

from console.domain.agency import Point
from console.domain.travel import kilometres

SHORT_KM = 1.2
"""Below this straight distance nobody looks for an artery: two streets around the corner do."""


class Road(NamedTuple):
    """A named line; `through` roads carry traffic and have no addresses."""

    name: str
    points: tuple[Point, ...]
    through: bool


class Crossing(NamedTuple):
    """Where two roads meet."""

    point: Point
    names: tuple[str, str]


class Path(NamedTuple):
    """A way and, for each of its points, the kilometres driven up to it."""

    points: tuple[Point, ...]
    driven: tuple[float, ...]

    @property
    def km(self) -> float:
        """The whole length."""
        return self.driven[-1]

    def at(self, km: float) -> tuple[Point, float]:
        """The point after so many kilometres, and the course there in degrees from north."""
        km = min(max(km, 0.0), self.km)
        for n, (start, end) in enumerate(pairwise(self.points)):
            length = self.driven[n + 1] - self.driven[n]
            if length and (km <= self.driven[n + 1] or n == len(self.points) - 2):
                share = (km - self.driven[n]) / length
                point = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
                return point, course(start, end)
        return self.points[-1], 0.0


def path(points: Iterable[Point]) -> Path:
    """The path through points, repeated ones taken once."""
    kept: list[Point] = []
    driven: list[float] = []
    for point in points:
        if not kept:
            driven.append(0.0)
        elif point == kept[-1]:
            continue
        else:
            driven.append(driven[-1] + kilometres(kept[-1], point))
        kept.append(point)
    return Path(tuple(kept), tuple(driven))


def course(start: Point, end: Point) -> float:
    """Degrees from north of the short line between two points."""
    east = (end[1] - start[1]) * cos(radians(start[0]))
    return degrees(atan2(east, end[0] - start[0])) % 360


class Roads:
    """A net of roads: where lines share a point or cross, one can turn."""

    def __init__(self, roads: Sequence[Road]) -> None:
        """Cut the lines where they cross, and join them there."""
        self.roads = tuple(roads)
        cut, self.crossings = _cut(self.roads)
        self._next: dict[Point, list[tuple[Point, float]]] = {}
        for line in cut:
            for start, end in pairwise(line):
                if start != end:
                    length = kilometres(start, end)
                    self._next.setdefault(start, []).append((end, length))
                    self._next.setdefault(end, []).append((start, length))

    def way(self, start: Point, end: Point) -> Path:
        """A plausible way between two points."""
        if start == end:
            return path([start])
        if kilometres(start, end) <= SHORT_KM or not self._next:
            return path([start, _corner(start, end), end])
        enter, leave = self._nearest(start), self._nearest(end)
        between = self._shortest(enter, leave)
        if between is None:
            return path([start, _corner(start, end), end])
        by_road = path([start, _corner(start, enter), *between, _corner(leave, end), end])
        by_corner = path([start, _corner(start, end), end])
        return by_road if by_road.km < 1.6 * by_corner.km else by_corner

    def _nearest(self, point: Point) -> Point:
        return min(self._next, key=lambda node: (hypot(node[0] - point[0], 0.81 * (node[1] - point[1])), node))

    def _shortest(self, start: Point, end: Point) -> list[Point] | None:
        """Dijkstra's shortest way over the net, or None if the net has two parts."""
        came: dict[Point, Point] = {}
        best = {start: 0.0}
        heap = [(0.0, start)]
        while heap:
            driven, here = heappop(heap)
            if here == end:
                found = [end]
                while found[-1] != start:
                    found.append(came[found[-1]])
                return found[::-1]
            if driven > best[here]:
                continue
            for there, length in self._next[here]:
                if driven + length < best.get(there, float("inf")):
                    best[there], came[there] = driven + length, here
                    heappush(heap, (driven + length, there))
        return None


def _corner(start: Point, end: Point) -> Point:
    """Around one corner: first north or south, then east or west."""
    return (end[0], start[1])


def _cut(roads: Sequence[Road]) -> tuple[list[list[Point]], tuple[Crossing, ...]]:
    """The roads' lines with a point wherever two of them cross, and those crossings between addressed roads."""
    on: list[list[list[tuple[float, Point]]]] = [[[] for _ in pairwise(road.points)] for road in roads]
    crossings: list[Crossing] = []
    for (a, one), (b, other) in combinations(enumerate(roads), 2):
        for i, first in enumerate(pairwise(one.points)):
            for j, second in enumerate(pairwise(other.points)):
                met = _meet(*first, *second)
                if met is None:
                    continue
                point, along_first, along_second = met
                on[a][i].append((along_first, point))
                on[b][j].append((along_second, point))
                if not one.through and not other.through:
                    crossings.append(Crossing(point, (one.name, other.name)))
    lines = []
    for road, cuts in zip(roads, on, strict=True):
        line = [road.points[0]]
        for (_, end), inner in zip(pairwise(road.points), cuts, strict=True):
            line += [point for _, point in sorted(inner)]
            line.append(end)
        lines.append(line)
    return lines, tuple(crossings)


def _meet(a: Point, b: Point, c: Point, d: Point) -> tuple[Point, float, float] | None:
    """Where two segments cross, with the shares along each; None if they do not. Coordinates are rounded to 0.1 m."""
    across = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
    if across == 0:
        return None
    first = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / across
    second = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / across
    if not (0 <= first <= 1 and 0 <= second <= 1):
        return None
    point = (round(a[0] + (b[0] - a[0]) * first, 6), round(a[1] + (b[1] - a[1]) * first, 6))
    return point, first, second
