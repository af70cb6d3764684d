"""Which ground units reach within so many minutes: by the roads, or, for want of them, by straight lines."""

import json
from collections.abc import Sequence
from math import ceil, hypot

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from console.domain.agency import Point, Travel
from console.geography.flat import Flat, Floats
from console.geography.road_graph import OFF_ROAD_KM_H, REACH_M, RoadGraph
from console.geography.roads import Ints

CELL_M = 75.0
"""The ground is reckoned in squares of this side: outlines are off by no more, and quick to send and to draw."""
_OFF_ROAD_M_A_MINUTE = OFF_ROAD_KM_H / 60 * 1000
_DIGITS = 5
"""Of a degree in GeoJSON: about a metre."""


def covered_by_roads(graph: RoadGraph, units: Sequence[Point], minutes: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """For each number of minutes, the shortest first, what any of the units reaches by then: a GeoJSON MultiPolygon.

    Along the roads, and from each point of them as far beside it as the minutes that are left allow, `REACH_M` at most: what
    `road_times` reckons for a place there.
    """
    where, reached = _reached(graph, units)
    bands = ((limit, _ground(where, limit - reached)) for limit in sorted(set(minutes)))
    return tuple((limit, _geojson(graph.flat, ground)) for limit, ground in bands)


def covered_straight(travel: Travel, units: Sequence[Point], minutes: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """The same by straight lines: circles of the way that the agency's mean speed and detour factor allow."""
    flat = Flat(float(np.mean([latitude for latitude, _ in units])) if units else 0.0)
    where = np.asarray(shapely.points(flat.metres(np.array(units).reshape(-1, 2))))
    bands = []
    for limit in sorted(set(minutes)):
        radius = limit / 60 * travel.speed_km_h / travel.detour_factor * 1000
        bands.append((limit, _geojson(flat, shapely.union_all(shapely.buffer(where, radius, quad_segs=12)))))
    return tuple(bands)


def _reached(graph: RoadGraph, units: Sequence[Point]) -> tuple[Floats, Floats]:
    """Points along all roads, no more than a square apart, and where the units are; in how many minutes each is reached."""
    roads = graph.roads
    on_roads = graph.on_roads(units)
    at_unit = [one for on_road in on_roads for one in on_road]
    starts: dict[int, float] = {}
    for one in at_unit:
        for junction, minutes, rest in (
            (int(roads.end[one.stretch]), float(roads.forward[one.stretch]), 1 - one.part),
            (int(roads.start[one.stretch]), float(roads.backward[one.stretch]), one.part),
        ):
            if np.isfinite(minutes):
                time = one.off_minutes + minutes * rest
                starts[junction] = min(time, starts.get(junction, time))
    junctions = np.full(len(roads.junctions), np.inf)
    for junction, time in graph.minutes_from(starts).items():
        if junction < len(junctions):
            junctions[junction] = time
    of, part = _along(roads.metres)
    reached: Floats = np.minimum(
        junctions[roads.start[of]] + _driven(roads.forward[of], part),
        junctions[roads.end[of]] + _driven(roads.backward[of], 1 - part),
    )
    for one in at_unit:  # who stands in the middle of a stretch reaches the rest of it without any junction
        mine = of == one.stretch
        ahead = part[mine] - one.part
        minutes_there: Floats = np.where(ahead >= 0, roads.forward[one.stretch], roads.backward[one.stretch])
        reached[mine] = np.minimum(reached[mine], one.off_minutes + _driven(minutes_there, np.abs(ahead)))
    known = np.isfinite(reached)
    where = shapely.get_coordinates(shapely.line_interpolate_point(graph.lines[of[known]], part[known], normalized=True))
    near = [unit for unit, on_road in zip(units, on_roads, strict=True) if on_road]
    here = graph.flat.metres(np.array(near, dtype=np.float64).reshape(-1, 2))
    return np.concatenate((where, here)), np.concatenate((reached[known], np.zeros(len(here))))


def _along(metres: Floats) -> tuple[Ints, Floats]:
    """Evenly spaced points on stretches: which stretch each is on, and what part of its length lies before it."""
    steps = np.ceil(metres / CELL_M).astype(np.int64) + 1
    of = np.repeat(np.arange(len(metres)), steps)
    number = np.arange(len(of)) - np.repeat(np.cumsum(steps) - steps, steps)
    return of, number / np.maximum(steps[of] - 1, 1)


def _driven(minutes: Floats, part: Floats) -> Floats:
    """The minutes for a part of a stretch; for none of it none, also where nobody may drive."""
    with np.errstate(invalid="ignore"):
        driven: Floats = np.where(part > 0, minutes * part, 0.0)
    return driven


def _ground(where: Floats, left: Floats) -> BaseGeometry:
    """The squares that can be reached from these points (metres) in the minutes that are left there, with corners cut."""
    where, left = where[left >= 0], left[left >= 0]
    if not len(left):
        return shapely.MultiPolygon()
    far = ceil(REACH_M / CELL_M)
    cells = np.floor(where / CELL_M).astype(np.int64)
    corner = cells.min(axis=0) - far
    width, height = cells.max(axis=0) - corner + far + 1
    best = np.full((height, width), -1.0)
    np.maximum.at(best, (cells[:, 1] - corner[1], cells[:, 0] - corner[0]), left)
    rows, columns = np.nonzero(best >= 0)
    reach_m = np.minimum(best[rows, columns] * _OFF_ROAD_M_A_MINUTE, REACH_M)
    ground = best >= 0
    around = [(dx, dy) for dx in range(-far, far + 1) for dy in range(-far, far + 1)]
    for dx, dy in around:
        reaches = reach_m >= hypot(dx, dy) * CELL_M
        ground[rows[reaches] + dy, columns[reaches] + dx] = True
    # Each row as oblongs, from where ground begins to where it ends.
    edges = np.diff(ground.astype(np.int8), axis=1, prepend=0, append=0)
    lows, begins = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    left_m, right_m, low_m = (CELL_M * each for each in (begins + corner[0], ends + corner[0], lows + corner[1]))
    return shapely.simplify(shapely.union_all(shapely.box(left_m, low_m, right_m, low_m + CELL_M)), CELL_M)


def _geojson(flat: Flat, ground: BaseGeometry) -> str:
    """Polygons in a plane as the text of a GeoJSON MultiPolygon in degrees."""
    polygons = [part for part in shapely.get_parts(ground) if isinstance(part, shapely.Polygon) and not part.is_empty]
    rings = [[_ring(flat, ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]
    return json.dumps({"type": "MultiPolygon", "coordinates": rings}, separators=(",", ":"))


def _ring(flat: Flat, ring: BaseGeometry) -> list[list[float]]:
    degrees = flat.degrees(shapely.get_coordinates(ring)).round(_DIGITS)
    return [[longitude, latitude] for latitude, longitude in degrees.tolist()]
