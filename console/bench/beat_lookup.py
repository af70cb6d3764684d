"""How long a hub takes to find the beat and the district of a call's point, beside one look into one prepared outline."""

import math
import random
from collections.abc import Callable
from datetime import date
from time import perf_counter

import numpy as np
import shapely

from console.bench.figure import Figure, percentile
from console.domain.agency import Point
from console.domain.areas import holds, polygons
from console.geography.layers import Layers
from console.geography.layers_file import ALWAYS, OutlineLayer
from console.geography.outlines import geojson

ACROSS = 20
"""Beats a side of the city: 400 in all, where a large one has a hundred or two."""
CORNERS = 400
"""Corners of each side that two beats share."""
LOOKUPS = 5_000
LIMIT_MS = 1.0
_DAY = date(2026, 5, 4)
_SIDE = 0.01
"""Degrees of a beat's side."""


def measure() -> list[Figure]:
    """The lookup in two layers and in a programme's area, and the baseline, in turn over the same points."""
    beats = np.array([_beat(x, y) for y in range(ACROSS) for x in range(ACROSS)], dtype=object)
    districts = np.array(
        [shapely.union_all(beats[n : n + ACROSS * 4]) for n in range(0, len(beats), ACROSS * 4)], dtype=object
    )
    layers = Layers([_layer("beat", beats), _layer("district", districts)])
    area = polygons(geojson([({}, shapely.union_all(beats))]))
    chance = random.Random(5)
    points = [(36 + chance.uniform(-0.01, 0.21), -79 + chance.uniform(-0.01, 0.21)) for _ in range(LOOKUPS)]
    shapely.prepare(beats[0])
    found, inside, raw = [], [], []
    for point in points:
        found.append(_ms(lambda p=point: layers.at(p, _DAY)))  # type: ignore[misc]
        inside.append(_ms(lambda p=point: holds(area, p)))  # type: ignore[misc]
        raw.append(_ms(lambda p=point: shapely.intersects_xy(beats[0], p[1], p[0])))  # type: ignore[misc]
    corners = int(shapely.get_num_coordinates(beats).sum())
    how = (
        f"99th percentile of {LOOKUPS:,} points, {len(beats)} beats of {corners:,} corners and {len(districts)} districts; "
        "the area of a programme is their common outline, in plain Python; baseline: one prepared outline asked by shapely"
    )
    baseline = percentile(raw, 99)
    return [
        Figure("beat and district of a point", percentile(found, 99), "ms", LIMIT_MS, how, baseline, of_value=True),
        Figure("point in a programme's area", percentile(inside, 99), "ms", LIMIT_MS, how, baseline, of_value=True),
    ]


def _layer(kind: str, shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> OutlineLayer:
    return OutlineLayer(kind, kind, ALWAYS, "made-up", tuple(str(n) for n in range(len(shapes))), shapes)


def _beat(x: int, y: int) -> shapely.Polygon:
    """One beat of a grid whose lines are wavy, the same for both neighbors."""
    south, west = 36 + y * _SIDE, -79 + x * _SIDE
    steps = [n / CORNERS for n in range(CORNERS)]
    up = [(south + step * _SIDE, _wave(step)) for step in steps]
    along = [(west + step * _SIDE, _wave(step)) for step in steps]
    ring = [
        *((east, south + wave) for east, wave in along),
        *((west + _SIDE + wave, north) for north, wave in up),
        *((east + _SIDE / CORNERS, south + _SIDE + wave) for east, wave in _back(along)),
        *((west + wave, north + _SIDE / CORNERS) for north, wave in _back(up)),
    ]
    return shapely.Polygon(ring)


def _back(line: list[Point]) -> list[Point]:
    """The same line from its far end, each corner's wave that of the next step."""
    waves = [*(wave for _, wave in line[1:]), 0.0]
    return [(at, wave) for (at, _), wave in zip(line, waves, strict=True)][::-1]


def _wave(step: float) -> float:
    return 0.05 * _SIDE * math.sin(6 * math.pi * step)


def _ms(look: Callable[[], object]) -> float:
    begun = perf_counter()
    look()
    return (perf_counter() - begun) * 1000
