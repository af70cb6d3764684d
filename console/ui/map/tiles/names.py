"""Where the names of streets stand: along their streets, no two over each other, the same on every tile they reach into."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from console.geography.drawn_streets import Box, DrawnStreets, Line, Words
from console.geography.tile_archive import mercator
from console.ui.map.tiles.style import STYLES, named_at

EVERY = 420
"""Pixels of a street to each name on it."""
APART = 260
"""Pixels between two names that are the same, as on the two sides of a freeway."""
_BENT_AT_MOST = 4.0
"""Pixels by which a street may leave the straight line of its name."""
_TRIED = (0.0, 0.14, -0.14, 0.28, -0.28, 0.4, -0.4)
"""Where a name is tried on its part of the street, as shifts from the middle."""


def place_names(streets: DrawnStreets, zoom: int, width: Callable[[str, int], float]) -> None:
    """Give the names of a zoom their places. `width` tells how many pixels words of a size are wide."""
    if streets.has_words(zoom):
        return
    streets.begin_words(zoom)
    scale = 256.0 * 2**zoom
    corner = origin(streets, zoom)
    standing: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for kind, text, line in streets.named(named_at(zoom)):
        size = STYLES[kind].name_size
        wide = width(text, size)
        for x, y, turn in _along(line * scale - corner, wide):
            if any(math.hypot(x - x2, y - y2) < APART for x2, y2 in standing[text]):
                continue
            boxes = list(covered(x, y, turn, wide, size))
            if streets.is_free(zoom, boxes):
                streets.put_words(zoom, Words(text, kind, x, y, turn), boxes)
                standing[text].append((x, y))
    streets.end_words(zoom)


def origin(streets: DrawnStreets, zoom: int) -> Line:
    """The corner from which pixels are counted at a zoom: near the streets, so that small numbers say exactly where."""
    west, _, _, north = streets.bounds
    corner: Line = np.floor(np.array(mercator(west, north)) * 256.0 * 2**zoom)
    return corner


def covered(x: float, y: float, turn: float, wide: float, size: int) -> Iterator[Box]:
    """The squares that words take: west, east, north, south."""
    high = size * 1.3
    count = max(1, math.ceil(wide / high))
    dx, dy = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    for number in range(count):
        away = (number + 0.5) / count * wide - wide / 2
        cx, cy = x + away * dx, y + away * dy
        yield cx - high / 2, cx + high / 2, cy - high / 2, cy + high / 2


def _along(points: Line, wide: float) -> Iterator[tuple[float, float, float]]:
    """Places on a line where words of this width may stand, in the order in which they are tried."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    far = np.concatenate(([0.0], np.cumsum(steps)))
    length = float(far[-1])
    if length < wide * 1.05:
        return
    parts = max(1, int(length // EVERY))
    for part in range(parts):
        for shift in _TRIED:
            middle = (part + 0.5 + shift) / parts * length
            if middle - wide / 2 < 0 or middle + wide / 2 > length:
                continue
            place = _straight(points, far, middle, wide)
            if place is not None:
                yield place


def _straight(points: Line, far: Line, middle: float, wide: float) -> tuple[float, float, float] | None:
    """The middle and the turn of words on a line, where it is straight enough for them."""
    at = np.linspace(middle - wide / 2, middle + wide / 2, 7)
    x, y = np.interp(at, far, points[:, 0]), np.interp(at, far, points[:, 1])
    dx, dy = x[-1] - x[0], y[-1] - y[0]
    chord = math.hypot(dx, dy)
    if chord < wide * 0.93:
        return None
    bent = np.abs((x - x[0]) * dy - (y - y[0]) * dx) / chord
    if float(bent.max()) > _BENT_AT_MOST:
        return None
    turn = math.degrees(math.atan2(dy, dx))
    turn = turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn
    return float(x.mean()), float(y.mean()), turn
