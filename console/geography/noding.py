"""Street lines cut where they meet, and joined there: linework becomes a network.

Files of streets are drawings: a side street may end a metre before the one that it opens into, and crossings need not be
marked. So lines of one level are joined where they cross, where one ends at another, and ends where they come together.
Lines of different levels (a bridge, and what passes below) meet only where one ends, or at one point that both name.
Freeways are crossed by nothing.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import rustworkx as rx
import shapely
from msgspec import Struct
from numpy.typing import NDArray

from console.geography.flat import Flat, Floats
from console.geography.street_lines import StreetLine

Ints = NDArray[np.int64]
JOINED_M = 5.0
"""How far apart ends may be drawn, or an end from a line, that are one junction."""
_SAME_M = 0.2
"""Points so near are one point, named by both lines: a digit less in a file's degrees."""
_CUT_M = 1.0
"""Cuts of a line that are nearer than this are one."""
_AT_ONCE = 20_000
"""Segments whose neighbors are looked for in one go, so that memory stays bounded."""
_RANK = {"freeway": 3, "artery": 2, "street": 1, "path": 0}


class Stretch(Struct, frozen=True):
    """A piece of a line between two junctions, by their numbers; `points` (latitude, longitude) runs as the line does.

    `line` is None for what ties an end to a street that it should have reached.
    """

    start: int
    end: int
    line: int | None
    points: Floats
    metres: float


class Network(Struct, frozen=True):
    """Junctions as rows of (latitude, longitude), and the stretches between them."""

    junctions: Floats
    stretches: list[Stretch]
    loose: int
    """Ends of lines that meet nothing."""
    tied: int
    """Ends that were tied to a street farther off than `JOINED_M`."""


def network(lines: Sequence[StreetLine], tie_m: float = 0.0, progress: Callable[[int], object] = lambda _: None) -> Network:
    """Cut and join the lines.

    An end that meets nothing is tied to the nearest street of its level within `tie_m` metres: for files whose lines were
    straightened, where it ends beside the street that it opened into. `progress` is told how many segments are done.
    """
    if not lines:
        return Network(np.empty((0, 2)), [], 0, 0)
    return _Work(lines, tie_m, progress).network()


class _Work:
    """The lines as segments in a plane, and the cuts and joints found so far."""

    def __init__(self, lines: Sequence[StreetLine], tie_m: float, progress: Callable[[int], object]) -> None:
        self._tie_m, self._progress = tie_m, progress
        sizes = np.array([len(line.points) for line in lines])
        degrees = np.array([point for line in lines for point in line.points], dtype=np.float64)
        self._flat = Flat(float(degrees[:, 0].mean()))
        self._points = self._flat.metres(degrees)
        self._first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        self._last = self._first + sizes - 1
        of_point = np.repeat(np.arange(len(lines)), sizes)
        starts = np.setdiff1d(np.arange(len(degrees)), self._last, assume_unique=True)
        self._begin, self._line = starts, of_point[starts]
        self._a, self._b = self._points[starts], self._points[starts + 1]
        self._length = np.hypot(*(self._b - self._a).T)
        along = np.concatenate(([0.0], np.cumsum(self._length)))
        # Metres are counted through from line to line, so that one search finds a place on any of them.
        self._segment = np.searchsorted(self._line, np.arange(len(lines) + 1))
        self._along, self._before = along[:-1], along[self._segment]
        self._at = self._along - self._before[self._line]
        self._total = np.diff(self._before)
        self._level = np.array([line.level for line in lines])
        self._rank = np.array([_RANK[line.kind] for line in lines])
        self._segments = np.asarray(shapely.linestrings(np.stack((self._a, self._b), axis=1)))
        self._tree = shapely.STRtree(self._segments)
        # Cuts: line and metres along it. The first two of each line are its ends.
        count = len(lines)
        self._ends = self._points[np.stack((self._first, self._last), axis=1).ravel()]
        self._end_line = np.repeat(np.arange(count), 2)
        self._cut_line: list[Ints] = [self._end_line]
        self._cut_at: list[Floats] = [np.stack((np.zeros(count), self._total), axis=1).ravel()]
        self._cuts = 2 * count
        self._joints: list[Ints] = []

    def network(self) -> Network:
        for begin in range(0, len(self._segments), _AT_ONCE):
            self._cross(np.arange(begin, min(begin + _AT_ONCE, len(self._segments))))
            self._progress(min(begin + _AT_ONCE, len(self._segments)))
        for begin in range(0, len(self._ends), _AT_ONCE):
            self._meet(np.arange(begin, min(begin + _AT_ONCE, len(self._ends))))
        loose = self._loose()
        tied = self._tie(loose) if self._tie_m > JOINED_M else np.empty((0, 2), dtype=np.int64)
        return self._cut(len(loose) - len(tied), tied)

    def _cross(self, chosen: Ints) -> None:
        """Lines of one level that cross or touch."""
        i, j = self._tree.query(self._segments[chosen], predicate="dwithin", distance=_SAME_M)
        i = chosen[i]
        p, q = self._line[i], self._line[j]
        keep = (p < q) & (self._level[p] == self._level[q]) & (self._rank[p] < 3) & (self._rank[q] < 3)
        i, j = i[keep], j[keep]
        d, e, apart = self._b[i] - self._a[i], self._b[j] - self._a[j], self._a[j] - self._a[i]
        turn = d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (apart[:, 0] * e[:, 1] - apart[:, 1] * e[:, 0]) / turn
            u = (apart[:, 0] * d[:, 1] - apart[:, 1] * d[:, 0]) / turn
        spare_t, spare_u = _SAME_M / self._length[i], _SAME_M / self._length[j]
        # Nearly parallel lines "cross" anywhere; where they do come together, an end says so.
        crossing = np.abs(turn) > 1e-3 * self._length[i] * self._length[j]
        with np.errstate(invalid="ignore"):
            crossing &= (t >= -spare_t) & (t <= 1 + spare_t) & (u >= -spare_u) & (u <= 1 + spare_u)
        i, j, t, u = i[crossing], j[crossing], np.clip(t[crossing], 0, 1), np.clip(u[crossing], 0, 1)
        self._join(self._add(i, t), self._add(j, u))

    def _meet(self, chosen: Ints) -> None:
        """Ends of lines, and what they come to."""
        k, j, t, off = self._near(chosen, JOINED_M)
        p, q = self._end_line[k], self._line[j]
        # Another line's end: any level, for that is how a bridge begins. Its own other end: a ring.
        inside = p != q
        for side in (0, 1):
            at_end = np.hypot(*(self._ends[2 * q + side] - self._ends[k]).T) <= np.where(p == q, _SAME_M, JOINED_M)
            self._join(k[at_end], (2 * q + side)[at_end])
            inside &= ~at_end
        to_vertex = np.minimum(t, 1 - t) * self._length[j]
        same_point = (off <= _SAME_M) & (to_vertex <= _SAME_M)
        inside &= same_point | self._may_join(p, q)
        self._join(k[inside], self._add(j[inside], t[inside]))

    def _may_join(self, p: Ints, q: Ints) -> NDArray[np.bool_]:
        """Whether an end of `p` may open into the middle of `q`: the same level, and onto a freeway only from a ramp."""
        kept: NDArray[np.bool_] = (self._level[p] == self._level[q]) & ((self._rank[q] < 3) | (self._rank[p] >= 2))
        return kept

    def _near(self, ends: Ints, within_m: float) -> tuple[Ints, Ints, Floats, Floats]:
        """Ends and segments within reach of them; how far along (0..1) and how far off each comes nearest."""
        k, j = self._tree.query(shapely.points(self._ends[ends]), predicate="dwithin", distance=within_m)
        k = ends[k]
        d, to = self._b[j] - self._a[j], self._ends[k] - self._a[j]
        t = np.clip((d * to).sum(axis=1) / np.maximum(self._length[j] ** 2, 1e-12), 0, 1)
        off = np.hypot(*(to - d * t[:, None]).T)
        return k, j, t, off

    def _add(self, segments: Ints, t: Floats) -> Ints:
        """Cut these segments at these parts of their length; the numbers of the cuts."""
        self._cut_line.append(self._line[segments])
        self._cut_at.append(self._at[segments] + t * self._length[segments])
        self._cuts += len(segments)
        return np.arange(self._cuts - len(segments), self._cuts)

    def _join(self, some: Ints, others: Ints) -> None:
        self._joints.append(np.stack((some, others), axis=1))

    def _loose(self) -> Ints:
        """Ends that are joined to nothing."""
        joined = np.concatenate([pairs[pairs[:, 0] != pairs[:, 1]] for pairs in self._joints]).ravel()
        loose: Ints = np.setdiff1d(np.arange(len(self._ends)), joined)
        # A line that crosses another right at its end is cut there, and the cut is joined.
        lines, at = np.concatenate(self._cut_line), np.concatenate(self._cut_at)
        cut = np.arange(len(self._ends), self._cuts)
        side = np.where(at[cut] <= _CUT_M, 0, np.where(at[cut] >= self._total[lines[cut]] - _CUT_M, 1, -1))
        return np.setdiff1d(loose, (2 * lines[cut] + side)[side >= 0])

    def _tie(self, loose: Ints) -> Ints:
        """Tie loose ends to the nearest street; pairs of an end and the cut that it is tied to."""
        k, j, t, off = self._near(loose, self._tie_m)
        p, q = self._end_line[k], self._line[j]
        # A street that begins where this one's other end lies is near, and no reason to turn back to it.
        lines, count = np.concatenate(self._cut_line), len(self._rank)
        a, b = lines[np.concatenate(self._joints)].T
        met = np.isin(p * count + q, np.concatenate((a * count + b, b * count + a)))
        keep = (p != q) & ~met & self._may_join(p, q)
        k, j, t, off = k[keep], j[keep], t[keep], off[keep]
        order = np.lexsort((off, k))
        k, first = np.unique(k[order], return_index=True)
        chosen = order[first]
        return np.stack((k, self._add(j[chosen], t[chosen])), axis=1)

    def _cut(self, loose: int, tied: Ints) -> Network:
        """Junctions are cuts that are joined; stretches lie between the cuts of a line."""
        lines, at = np.concatenate(self._cut_line), np.concatenate(self._cut_at)
        order = np.lexsort((at, lines))
        beside = (np.diff(lines[order]) == 0) & (np.diff(at[order]) <= _CUT_M)
        self._join(order[:-1][beside], order[1:][beside])
        graph: rx.PyGraph[None, None] = rx.PyGraph()
        graph.add_nodes_from([None] * self._cuts)
        graph.add_edges_from_no_data([(int(a), int(b)) for a, b in np.concatenate(self._joints)])
        junction = np.empty(self._cuts, dtype=np.int64)
        components = rx.connected_components(graph)
        for number, cuts in enumerate(components):
            junction[list(cuts)] = number
        where, segment = self._where(lines, at)
        count = np.bincount(junction)
        junctions = np.stack([np.bincount(junction, where[:, axis]) / count for axis in (0, 1)], axis=1)
        corners = self._flat.degrees(self._a)
        degrees = self._flat.degrees(where)
        # A corner of the line right where it is cut is not told twice.
        first_corner, end_corner = segment + 1, segment + (self._along[segment] < self._before[lines] + at - 1e-6)
        columns = (each.tolist() for each in (order, lines[order], at[order], junction[order]))
        stretches: list[Stretch] = []
        for (a, line, begin, start), (b, other, stop, end) in pairwise(zip(*columns, strict=True)):
            if line == other and (start != end or stop - begin > _CUT_M):
                points = np.concatenate((degrees[a : a + 1], corners[first_corner[a] : end_corner[b]], degrees[b : b + 1]))
                stretches.append(Stretch(start, end, line, points, stop - begin))
        for end, cut in tied:
            metres = float(np.hypot(*(where[cut] - where[end])))
            stretches.append(Stretch(int(junction[end]), int(junction[cut]), None, degrees[[end, cut]], metres))
        return Network(self._flat.degrees(junctions), stretches, loose, len(tied))

    def _where(self, lines: Ints, at: Floats) -> tuple[Floats, Ints]:
        """The points so many metres along lines, and the segments that they are on."""
        metres = self._before[lines] + at
        segment = np.searchsorted(self._along, metres, side="right") - 1
        segment = np.clip(segment, self._segment[lines], self._segment[lines + 1] - 1)
        part = np.clip((metres - self._along[segment]) / np.maximum(self._length[segment], 1e-12), 0, 1)
        return self._a[segment] + part[:, None] * (self._b[segment] - self._a[segment]), segment
