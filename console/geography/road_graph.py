"""The road graph: where a point lies on it, and how many minutes every junction is from there, or to there."""

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

import numpy as np
import rustworkx as rx
import shapely
from msgspec import Struct

from console.domain.agency import Point
from console.geography.flat import Flat
from console.geography.roads import NEVER, Roads, driven

REACH_M = 500.0
"""A point farther than this from every street has no road way."""
BESIDE_M = 15.0
"""So much farther than the nearest street another may be, and still be the one that is meant: receivers are off by that,
and a street with two carriageways is two lines."""
OFF_ROAD_KM_H = 15.0
"""Between a point and its street: driveways, car parks, a walk."""


class OnRoad(Struct, frozen=True):
    """A point on a stretch: what part of its length lies before it (0 to 1), and how far off the street the point is."""

    stretch: int
    part: float
    off_m: float

    @property
    def off_minutes(self) -> float:
        """What the way between point and street takes."""
        return self.off_m / 1000 / OFF_ROAD_KM_H * 60


class RoadGraph:
    """Roads ready to be asked. Everything may be called from any thread."""

    def __init__(self, roads: Roads) -> None:
        """Prepare the roads: their lines for finding what is near, their ways for finding what is quick."""
        self.roads = roads
        self.flat = Flat(float(roads.junctions[:, 0].mean()) if len(roads.junctions) else 0.0)
        ends = np.cumsum([len(points) for points in roads.points])
        metres = self.flat.metres(np.concatenate(roads.points)) if roads.points else np.empty((0, 2))
        of = np.repeat(np.arange(len(roads.points)), np.diff(ends, prepend=0))
        self.lines = np.asarray(shapely.linestrings(metres, indices=of)) if roads.points else np.empty(0, dtype=object)
        self._tree = shapely.STRtree(self.lines)
        self._to = driven(roads)
        self._from = self._to.copy()
        self._to.reverse()
        self._lock = Lock()
        self.ways: list[list[tuple[int, float, float]]] = [[] for _ in roads.junctions]
        """By junction: where one gets from there, in how many minutes and kilometres."""
        km = roads.metres / 1000
        for start, end, minutes in ((roads.start, roads.end, roads.forward), (roads.end, roads.start, roads.backward)):
            for a, b, time, length in zip(*map(np.ndarray.tolist, (start, end, minutes, km)), strict=True):
                if time < NEVER:
                    self.ways[a].append((b, time, length))

    def on_roads(self, points: Sequence[Point]) -> list[list[OnRoad]]:
        """For each point (latitude, longitude) the stretches that it may be on, the nearest first; none beyond `REACH_M`."""
        found: list[list[OnRoad]] = [[] for _ in points]
        known = [number for number, point in enumerate(points) if all(map(np.isfinite, point))]
        if not known:
            return found
        where = np.asarray(shapely.points(self.flat.metres(np.array([points[number] for number in known]))))
        (number, _), off = self._tree.query_nearest(where, max_distance=REACH_M, return_distance=True, all_matches=False)
        if not len(number):
            return found
        near, stretch = self._tree.query(where[number], predicate="dwithin", distance=off + BESIDE_M)
        points_near, lines_near = where[number[near]], self.lines[stretch]
        parts = shapely.line_locate_point(lines_near, points_near, normalized=True)
        offs = shapely.distance(lines_near, points_near)
        for one, *on_road in zip(number[near].tolist(), stretch.tolist(), parts.tolist(), offs.tolist(), strict=True):
            found[known[one]].append(OnRoad(*on_road))
        for each in found:
            each.sort(key=lambda on_road: (on_road.off_m, on_road.stretch))
        return found

    def minutes_to(self, ends: Mapping[int, float]) -> Mapping[int, float]:
        """From every junction that has a way: the least minutes to one of these, each with what comes after it."""
        return self._minutes(self._to, ends.items())

    def minutes_from(self, starts: Mapping[int, float]) -> Mapping[int, float]:
        """To every junction that can be reached: the least minutes from one of these, each with what came before it."""
        return self._minutes(self._from, starts.items())

    def _minutes(self, graph: "rx.PyDiGraph[None, float]", ends: Iterable[tuple[int, float]]) -> Mapping[int, float]:
        with self._lock:  # the graph has a point more meanwhile
            here = graph.add_node(None)
            try:
                graph.add_edges_from([(here, end, minutes) for end, minutes in ends])
                return rx.dijkstra_shortest_path_lengths(graph, here, float)
            finally:
                graph.remove_node(here)
