"""How long units need to a place by the roads, all of them at once: the way is looked for from the place backwards."""

from collections.abc import Mapping

import numpy as np

from console.domain.agency import Point
from console.domain.ids import UnitId
from console.domain.recommend import Road
from console.domain.travel import kilometres
from console.geography.road_graph import OFF_ROAD_KM_H, OnRoad, RoadGraph


def road_times(graph: RoadGraph, units: Mapping[UnitId, Point], to: Point) -> dict[UnitId, Road]:
    """The quickest way of each unit from where it is (latitude, longitude); left out who has no road way there.

    By the streets' own speeds: an estimate that knows nothing of the hour, the lights and the traffic. Dijkstra (1959) over
    the reversed roads, once for all units.
    """
    names = list(units)
    *starts, goals = graph.on_roads([*units.values(), to])
    ends: dict[int, Road] = {}
    for goal in goals:
        for junction, drive in _before(graph, goal):
            ends[junction] = min(ends.get(junction, drive), drive, key=_minutes)
    if not ends:
        return {}
    descent = _Descent(graph, ends)
    found: dict[UnitId, Road] = {}
    for name, start in zip(names, starts, strict=True):
        ways = [way for one in start for way in _ways(graph, descent, one, goals)]
        straight_km = kilometres(units[name], to)
        if start and straight_km * 1000 <= start[0].off_m + goals[0].off_m:  # nearer to each other than both to a street
            ways.append(Road(straight_km / OFF_ROAD_KM_H * 60, straight_km))
        if ways:
            found[name] = min(ways, key=_minutes)
    return found


def _minutes(road: Road) -> float:
    return road.minutes


def _before(graph: RoadGraph, goal: OnRoad) -> list[tuple[int, Road]]:
    """The junctions at both ends of a goal's stretch, and the way from there to the goal, where it is allowed."""
    roads, at = graph.roads, goal.stretch
    length, off_km = float(roads.metres[at]) / 1000, goal.off_m / 1000
    both = (
        (int(roads.start[at]), float(roads.forward[at]), goal.part),
        (int(roads.end[at]), float(roads.backward[at]), 1 - goal.part),
    )
    return [
        (junction, Road(goal.off_minutes + minutes * part, off_km + length * part))
        for junction, minutes, part in both
        if np.isfinite(minutes)
    ]


def _ways(graph: RoadGraph, descent: "_Descent", start: OnRoad, goals: list[OnRoad]) -> list[Road]:
    """What a unit on this stretch may do: leave it by either end, or go along it if the goal lies there."""
    roads, at = graph.roads, start.stretch
    length, off_km = float(roads.metres[at]) / 1000, start.off_m / 1000
    forward, backward = float(roads.forward[at]), float(roads.backward[at])
    ways = []
    for junction, minutes, part in (
        (int(roads.end[at]), forward, 1 - start.part),
        (int(roads.start[at]), backward, start.part),
    ):
        rest = descent.from_(junction) if np.isfinite(minutes) else None
        if rest is not None:
            ways.append(Road(start.off_minutes + minutes * part + rest.minutes, off_km + length * part + rest.kilometres))
    for goal in goals:
        along = goal.part - start.part
        minutes = forward if along >= 0 else backward
        if goal.stretch == at and np.isfinite(minutes):
            off_minutes = start.off_minutes + goal.off_minutes
            ways.append(Road(off_minutes + minutes * abs(along), off_km + goal.off_m / 1000 + length * abs(along)))
    return ways


class _Descent:
    """The way from a junction: downhill by the minutes that are left. Kilometres are added up on the way, once for all."""

    def __init__(self, graph: RoadGraph, ends: Mapping[int, Road]) -> None:
        self._ways, self._ends = graph.ways, ends
        self._minutes = graph.minutes_to({junction: drive.minutes for junction, drive in ends.items()})
        self._kilometres: dict[int, float] = {}

    def from_(self, junction: int) -> Road | None:
        if junction not in self._minutes:
            return None
        return Road(self._minutes[junction], self._kilometres_from(junction))

    def _kilometres_from(self, junction: int) -> float:
        passed: list[tuple[int, float]] = []
        while junction not in self._kilometres:
            left, after, step = float("inf"), -1, 0.0
            if junction in self._ends:
                left, step = self._ends[junction].minutes, self._ends[junction].kilometres
            for following, minutes, length in self._ways[junction]:
                rest = self._minutes[following] + minutes if following in self._minutes else float("inf")
                if rest < left:
                    left, after, step = rest, following, length
            if after < 0:
                self._kilometres[junction] = step
            else:
                passed.append((junction, step))
                junction = after
        so_far = self._kilometres[junction]
        for before, step in reversed(passed):
            so_far += step
            self._kilometres[before] = so_far
        return so_far
