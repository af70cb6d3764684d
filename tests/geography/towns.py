"""Little towns made by hand: streets by metres east and north of a corner, and the roads made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from console.domain.agency import Point
from console.domain.ids import UnitId
from console.geography import streets_file
from console.geography.flat import Flat
from console.geography.noding import Network, network
from console.geography.road_graph import RoadGraph
from console.geography.road_times import road_times
from console.geography.roads import core, roads_of
from console.geography.street_classes import StreetKind
from console.geography.street_lines import StreetLine

FLAT = Flat(36.0)
_CORNER = FLAT.metres(np.array([[36.0, -79.0]]))
SPEED_KM_H = 60.0
"""A kilometre a minute."""


def place(east_m: float, north_m: float) -> Point:
    """The point so many metres from the corner."""
    (latitude, longitude), *_ = FLAT.degrees(_CORNER + np.array([[east_m, north_m]])).tolist()
    return latitude, longitude


def street(
    *metres: tuple[float, float],
    oneway: int = 0,
    kind: StreetKind = "street",
    speed_km_h: float | None = SPEED_KM_H,
    level: int = 0,
    name: str = "",
) -> StreetLine:
    """A street along these points."""
    return StreetLine(name, kind, oneway, speed_km_h, level, tuple(place(*point) for point in metres))


def noded(*lines: StreetLine, tie_m: float = 0.0) -> Network:
    """The network of these lines."""
    return network(lines, tie_m)


def roads(*lines: StreetLine, tie_m: float = 0.0) -> RoadGraph:
    """The roads of these lines that hang together."""
    return RoadGraph(core(roads_of(network(lines, tie_m), lines))[0])


def minutes(graph: RoadGraph, start: tuple[float, float], to: tuple[float, float]) -> float | None:
    """How long one unit needs; points in metres."""
    found = road_times(graph, {UnitId("U1"): place(*start)}, place(*to))
    return found[UnitId("U1")].minutes if found else None


def grid(streets: int, spacing_m: float = 200.0, *, oneway: bool = False) -> list[StreetLine]:
    """So many streets each way; with `oneway` every third of them is, in turn this way and that."""
    far = (streets - 1) * spacing_m
    return [
        street(*points, oneway=(1 if n % 2 else -1) if oneway and n % 3 == 0 else 0, speed_km_h=40 if n % 4 else 70)
        for n in range(streets)
        for points in (((0, n * spacing_m), (far, n * spacing_m)), ((n * spacing_m, 0), (n * spacing_m, far)))
    ]


def configured(folder: Path, *lines: StreetLine) -> Path:
    """A folder of configuration into which these streets were imported."""
    kept, _ = core(roads_of(network(lines), lines))
    streets_file.write(folder / "geography" / streets_file.NAME, lines, kept, {"source": "by hand"})
    return folder
