"""What a center's layers say of a point: its beat, its district, whatever else was imported, as it held on a day."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

import shapely

from console.domain.agency import Point
from console.geography import layers_file
from console.geography.layers_file import OutlineLayer
from console.geography.outlines import TO_A_STEP, geojson, simplified
from console.wire.geography import Layer

DRAWN_AT_MOST = 200_000
"""Characters of one layer as a desk draws it."""
_FINEST_M = 2.0
"""Metres to which outlines are simplified before they are drawn; more where that is not enough."""


class Layers:
    """The layers of a center. Made once and then only read, from any thread."""

    def __init__(self, layers: Iterable[OutlineLayer]) -> None:
        """Take layers; what lies in none of them is nowhere."""
        self._layers = [_Searched(layer) for layer in sorted(layers, key=lambda layer: layer.name)]
        self._in_force = lru_cache(64)(self._found_in_force)
        self._light = lru_cache(2)(self._drawn)
        self._drawing = Lock()

    @classmethod
    def read(cls, path: Path) -> "Layers":
        """Those of an imported file. Raises `Unusable`."""
        return cls(layers_file.read(path))

    def at(self, point: Point, day: date) -> dict[str, str]:
        """The labels of a point by kind of layer, as on that day; of kinds that do not reach there, nothing.

        Where outlines of a kind overlap, or the point lies on their border, the first counts.
        """
        found: dict[str, str] = {}
        for kind, layers in self._in_force(day).items():
            label = next((label for layer in layers if (label := layer.label(point)) is not None), None)
            if label is not None:
                found[kind] = label
        return found

    def kinds(self, day: date) -> frozenset[str]:
        """The kinds of layer in force on a day."""
        return frozenset(self._in_force(day))

    def drawn(self, day: date) -> tuple[Layer, ...]:
        """The layers in force on a day, light enough to be sent and drawn; the first time takes a second: not on a loop."""
        with self._drawing:  # every desk asks when it starts; one of them does the work
            return self._light(day)

    def _found_in_force(self, day: date) -> "dict[str, list[_Searched]]":
        """The layers of each kind that count on a day: those of its newest date."""
        begun = [layer for layer in self._layers if layer.of.effective_from <= day]
        newest = {kind: max(layer.of.effective_from for layer in begun if layer.of.kind == kind) for kind in _kinds(begun)}
        return {
            kind: [layer for layer in begun if (layer.of.kind, layer.of.effective_from) == (kind, since)]
            for kind, since in newest.items()
        }

    def _drawn(self, day: date) -> tuple[Layer, ...]:
        return tuple(_light(layer.of) for layers in self._in_force(day).values() for layer in layers)


def _kinds(layers: "Iterable[_Searched]") -> list[str]:
    return sorted({layer.of.kind for layer in layers})


class _Searched:
    """A layer whose outlines are found by a point."""

    def __init__(self, of: OutlineLayer) -> None:
        self.of = of
        self._tree = shapely.STRtree(of.shapes)
        shapely.prepare(of.shapes)
        # What prepares an outline is made when it is first asked; no call waits for it.
        west, south, east, north = shapely.bounds(of.shapes).T
        shapely.intersects_xy(of.shapes, (west + east) / 2, (south + north) / 2)

    def label(self, point: Point) -> str | None:
        latitude, longitude = point
        near = sorted(self._tree.query(shapely.Point(longitude, latitude)))
        holds = (number for number in near if shapely.intersects_xy(self.of.shapes[number], longitude, latitude))
        number = next(holds, None)
        return None if number is None else self.of.labels[number]


def _light(layer: OutlineLayer) -> Layer:
    tolerance = _FINEST_M
    while True:
        shapes = simplified(layer.shapes, tolerance, TO_A_STEP)
        kept = ((label, shape) for label, shape in zip(layer.labels, shapes, strict=True) if not shape.is_empty)
        text = geojson((({"label": label}, shape) for label, shape in kept), TO_A_STEP)
        if len(text) <= DRAWN_AT_MOST or tolerance > 1_000:
            return Layer(layer.name, layer.kind, text)
        tolerance *= 2
