"""What units drive on: the stretches between junctions with their minutes, and the one piece of them that hangs together."""

from collections.abc import Sequence

import numpy as np
import rustworkx as rx
from msgspec import Struct
from numpy.typing import NDArray

from console.geography.flat import Floats
from console.geography.noding import Network
from console.geography.street_classes import USUAL_SPEED_KM_H
from console.geography.street_lines import StreetLine

Ints = NDArray[np.int64]
NEVER = float("inf")
"""The minutes of a direction in which nobody may drive."""
_TIE_KM_H = USUAL_SPEED_KM_H["street"]


class Roads(Struct, frozen=True):
    """Junctions (rows of latitude, longitude) and stretches between them, each array with a row a stretch.

    `forward` and `backward` are minutes along its points and against them, `NEVER` where it is one-way; `line` is the number
    of the street line that it is part of, -1 for what ties an end to a street.
    """

    junctions: Floats
    start: Ints
    end: Ints
    forward: Floats
    backward: Floats
    metres: Floats
    line: Ints
    points: list[Floats]


class Pieces(Struct, frozen=True):
    """How well a network hangs together, in kilometres of its streets.

    `joined`: the largest piece, directions aside; `core`: of that, from where and to where one can drive everywhere in it.
    """

    whole_km: float
    joined_km: float
    core_km: float
    pieces: int


def roads_of(network: Network, lines: Sequence[StreetLine]) -> Roads:
    """The stretches of a network with the minutes that they take at their line's speed."""
    speed, oneway = [], []
    for stretch in network.stretches:
        line = lines[stretch.line] if stretch.line is not None else None
        given = line.speed_km_h or USUAL_SPEED_KM_H[line.kind] if line else _TIE_KM_H
        speed.append(given)
        oneway.append(line.oneway if line else 0)
    metres = np.array([stretch.metres for stretch in network.stretches], dtype=np.float64)
    minutes = np.maximum(metres, 0.01) / 1000 / np.array(speed, dtype=np.float64) * 60
    direction = np.array(oneway, dtype=np.int64)
    return Roads(
        junctions=network.junctions,
        start=np.array([stretch.start for stretch in network.stretches], dtype=np.int64),
        end=np.array([stretch.end for stretch in network.stretches], dtype=np.int64),
        forward=np.where(direction < 0, NEVER, minutes),
        backward=np.where(direction > 0, NEVER, minutes),
        metres=metres,
        line=np.array([-1 if stretch.line is None else stretch.line for stretch in network.stretches], dtype=np.int64),
        points=[stretch.points for stretch in network.stretches],
    )


def core(roads: Roads) -> tuple[Roads, Pieces]:
    """The largest part in which one can drive from everywhere to everywhere, and how much of the whole it is.

    What is left out leads nowhere, or nowhere leads to it: an island, or a one-way street that runs off the map. A unit or
    call there is on the nearest street of the rest.
    """
    whole = float(roads.metres.sum()) / 1000
    graph = driven(roads)
    joined, pieces = _largest(roads, rx.weakly_connected_components(graph))
    strong, _ = _largest(roads, rx.strongly_connected_components(graph))
    joined_km, core_km = (float(roads.metres[kept].sum()) / 1000 for kept in (joined, strong))
    return _only(roads, strong), Pieces(whole, joined_km, core_km, pieces)


def driven(roads: Roads) -> "rx.PyDiGraph[None, float]":
    """Junctions and the ways between them as a graph, each way with its minutes."""
    graph: rx.PyDiGraph[None, float] = rx.PyDiGraph(
        node_count_hint=len(roads.junctions), edge_count_hint=2 * len(roads.start)
    )
    graph.add_nodes_from([None] * len(roads.junctions))
    for start, end, minutes in ((roads.start, roads.end, roads.forward), (roads.end, roads.start, roads.backward)):
        open_ = np.isfinite(minutes)
        graph.add_edges_from(list(zip(start[open_].tolist(), end[open_].tolist(), minutes[open_].tolist(), strict=True)))
    return graph


def _largest(roads: Roads, components: Sequence[set[int] | list[int]]) -> tuple[NDArray[np.bool_], int]:
    """Which stretches lie within the longest of these sets of junctions, and how many sets have any length."""
    of = np.full(len(roads.junctions), -1)
    for number, junctions in enumerate(components):
        of[list(junctions)] = number
    inside = of[roads.start] == of[roads.end]
    length = np.bincount(of[roads.start[inside]], roads.metres[inside], minlength=max(1, len(components)))
    return inside & (of[roads.start] == int(length.argmax())), int((length > 0).sum())


def _only(roads: Roads, kept: NDArray[np.bool_]) -> Roads:
    """The kept stretches and their junctions, numbered anew."""
    used = np.unique(np.concatenate((roads.start[kept], roads.end[kept])))
    return Roads(
        junctions=roads.junctions[used],
        start=np.searchsorted(used, roads.start[kept]),
        end=np.searchsorted(used, roads.end[kept]),
        forward=roads.forward[kept],
        backward=roads.backward[kept],
        metres=roads.metres[kept],
        line=roads.line[kept],
        points=[points for points, keep in zip(roads.points, kept, strict=True) if keep],
    )
