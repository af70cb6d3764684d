"""Which ground units reach within so many minutes: by the roads, or, for want of them, by straight lines."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from console.domain.agency import Point, Travel
from console.geography.flat import Flat, Floats
from console.geography.road_graph import RoadGraph

CELL_M = 75.0
"""The ground is reckoned in squares of this side: outlines are off by no more, and quick to send and to draw."""
_BESIDE_CELLS = 2
"""The squares on both sides of a road that count as reached from it: 150 m, the depth of a block."""
_DIGITS = 5
"""Of a degree in GeoJSON: about a metre."""


def covered_by_roads(graph: RoadGraph, units: Sequence[Point], minutes: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """For each number of minutes, the shortest first, what any of the units reaches by then: a GeoJSON MultiPolygon."""
    roads = graph.roads
    starts: dict[int, float] = {}
    along: list[tuple[int, float, float, float]] = []
    for on_road in graph.on_roads(units):
        for one in on_road:
            at, before = one.stretch, one.off_minutes
            forward, backward = float(roads.forward[at]), float(roads.backward[at])
            along.append((at, one.part, before, forward))
            along.append((at, one.part, before, -backward))
            for junction, time in (
                (int(roads.end[at]), before + forward * (1 - one.part)),
                (int(roads.start[at]), before + backward * one.part),
            ):
                if np.isfinite(time):
                    starts[junction] = min(time, starts.get(junction, time))
    reached = np.full(len(roads.junctions), np.inf)
    for junction, time in graph.minutes_from(starts).items():
        if junction < len(reached):
            reached[junction] = time
    bands = []
    for limit in sorted(set(minutes)):
        lines = np.array([*_within(graph, reached, limit), *_along(graph, along, limit)], dtype=object)
        bands.append((limit, _geojson(graph.flat, _ground(lines))))
    return tuple(bands)


def covered_straight(travel: Travel, units: Sequence[Point], minutes: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """The same by straight lines: circles of the way that the agency's mean speed and detour factor allow."""
    flat = Flat(float(np.mean([latitude for latitude, _ in units])) if units else 0.0)
    where = np.asarray(shapely.points(flat.metres(np.array(units).reshape(-1, 2))))
    bands = []
    for limit in sorted(set(minutes)):
        radius = limit / 60 * travel.speed_km_h / travel.detour_factor * 1000
        bands.append((limit, _geojson(flat, shapely.union_all(shapely.buffer(where, radius, quad_segs=12)))))
    return tuple(bands)


def _within(graph: RoadGraph, reached: Floats, limit: float) -> Iterator[BaseGeometry]:
    """The roads, or the first part of them, that can be driven before the time is up."""
    roads = graph.roads
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead = np.clip(np.nan_to_num((limit - reached[roads.start]) / roads.forward, neginf=0.0), 0, 1)
        back = np.clip(np.nan_to_num((limit - reached[roads.end]) / roads.backward, neginf=0.0), 0, 1)
    whole = ahead + back >= 1
    yield from graph.lines[whole]
    for at in np.nonzero(~whole & (ahead > 0))[0].tolist():
        yield _piece(graph, at, 0.0, ahead[at])
    for at in np.nonzero(~whole & (back > 0))[0].tolist():
        yield _piece(graph, at, 1 - back[at], 1.0)


def _along(graph: RoadGraph, along: Sequence[tuple[int, float, float, float]], limit: float) -> Iterator[BaseGeometry]:
    """What a unit reaches of the stretch that it stands on; minutes are negative against its direction."""
    for at, part, before, minutes in along:
        if np.isfinite(minutes) and before < limit:
            far = min(1.0, max(0.0, part + (limit - before) / minutes))
            yield _piece(graph, at, min(part, far), max(part, far))


def _ground(lines: NDArray[np.object_]) -> BaseGeometry:
    """The ground beside these lines: the squares that they touch, and those around them, with corners cut.

    Outlines around the lines themselves would be finer by nothing that counts here, and take seconds where these take 50 ms.
    """
    if not len(lines):
        return shapely.MultiPolygon()
    touched = np.floor(shapely.get_coordinates(shapely.segmentize(lines, CELL_M)) / CELL_M).astype(np.int64)
    corner = touched.min(axis=0) - _BESIDE_CELLS
    at = touched - corner
    width, height = at.max(axis=0) + _BESIDE_CELLS + 1
    ground = np.zeros((height, width), dtype=bool)
    around = range(-_BESIDE_CELLS, _BESIDE_CELLS + 1)
    for dx, dy in ((dx, dy) for dx in around for dy in around if dx * dx + dy * dy <= _BESIDE_CELLS**2):
        ground[at[:, 1] + dy, at[:, 0] + dx] = True
    # Each row as oblongs, from where ground begins to where it ends.
    edges = np.diff(ground.astype(np.int8), axis=1, prepend=0, append=0)
    rows, begins = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    left, right, low = (np.array(each) * CELL_M for each in (begins + corner[0], ends + corner[0], rows + corner[1]))
    return shapely.simplify(shapely.union_all(shapely.box(left, low, right, low + CELL_M)), CELL_M)


def _piece(graph: RoadGraph, at: int, begin: float, end: float) -> BaseGeometry:
    from shapely.ops import substring

    piece: BaseGeometry = substring(graph.lines[at], begin, end, normalized=True)
    return piece


def _geojson(flat: Flat, ground: BaseGeometry) -> str:
    """Polygons in a plane as the text of a GeoJSON MultiPolygon in degrees."""
    polygons = [part for part in shapely.get_parts(ground) if isinstance(part, shapely.Polygon) and not part.is_empty]
    rings = [[_ring(flat, ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]
    return json.dumps({"type": "MultiPolygon", "coordinates": rings}, separators=(",", ":"))


def _ring(flat: Flat, ring: BaseGeometry) -> list[list[float]]:
    degrees = flat.degrees(shapely.get_coordinates(ring)).round(_DIGITS)
    return [[longitude, latitude] for latitude, longitude in degrees.tolist()]
