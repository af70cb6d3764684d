"""`heart-console import streets`: a center's streets become the roads by which ways and coverage are reckoned."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tqdm import tqdm

from console.hub.configuration import ConfigurationFaulty, load

if TYPE_CHECKING:
    from console.domain.agency import Point
    from console.geography.noding import Network
    from console.geography.roads import Pieces, Roads
    from console.geography.street_lines import StreetLine

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes."""
TIE_M = 50.0
"""How far an end that meets nothing is tied to a street, where the lines of a file were straightened."""
_STRAIGHTENED, _LEAST_LINES = 0.95, 100
"""A file of so many lines, so large a part of which has but two points, was straightened: no city has such streets."""
_FAR_KM = 200.0
_POOR = 0.9
"""Less than this in one piece, and ways will lead round about what the drawing does not join."""


class _Nothing(Exception):
    """Nothing can be made of these streets; the message says why and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console import streets`."""
    kinds = "OpenStreetMap (.osm, .osm.bz2, .osm.gz, .pbf), GeoJSON or a Shapefile (.shp beside .dbf and .prj, or a .zip)"
    parser.add_argument("file", type=Path, metavar="FILE", help=kinds)
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="the configuration that gets them")
    tie = (
        "tie an end of a line that meets nothing to the nearest street within so many metres "
        f"(default: {TIE_M:g} for a file whose lines were straightened, else none)"
    )
    parser.add_argument("--tie", type=_metres, metavar="M", help=tie)


def main(args: argparse.Namespace) -> int:
    """Read and write: 0 all of it was taken, 1 something was left out or assumed (it is listed), 2 nothing was changed."""
    from console.geography.unusable import Unusable

    try:
        center = load(args.config).center
        found = _Findings(args.file)
        lines = _read(args.file, found)
        _belongs(lines, center)
        print("\n".join(_made(args, lines, found)))
    except Unusable as error:
        print(f"{args.file}: {error}\n{_UNCHANGED}", file=sys.stderr)
    except (ConfigurationFaulty, _Nothing, OSError) as error:
        print(f"heart-console import streets: {error}\n{_UNCHANGED}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"\nBroken off. {_UNCHANGED}", file=sys.stderr)
    else:
        return FOUND if found.said else FINE
    return USAGE


_UNCHANGED = "Nothing was changed; streets that were in force stay so."


class _Findings:
    """Says each finding in a line of its own, with the file, and counts them."""

    def __init__(self, file: Path) -> None:
        self._file, self.said = file, 0

    def __call__(self, words: str) -> None:
        self.said += 1
        tqdm.write(f"{self._file}: {words}", file=sys.stderr)


def _read(file: Path, found: _Findings) -> list[StreetLine]:
    from console.geography.street_lines import read_streets

    with _bar("reading", 100, "%") as bar:
        lines = list(read_streets(file, found, lambda share: bar.update(100 * share - bar.n)))
    if not lines:
        raise _Nothing(f"{file}: it has no street that anybody could drive on")
    return lines


def _belongs(lines: Sequence[StreetLine], center: Point) -> None:
    """Refuse streets that are not the center's ground."""
    from console.domain.travel import kilometres

    points = [point for line in lines for point in line.points]
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    nearest = (min(max(center[0], south), north), min(max(center[1], west), east))
    if kilometres(center, nearest) > _FAR_KM:
        raise _Nothing(
            f"the streets lie at latitudes {south:.3f} to {north:.3f} and longitudes {west:.3f} to {east:.3f}, more than "
            f"{_FAR_KM:g} km from the center ({center[0]:g}, {center[1]:g}); latitude and longitude may be swapped, or the "
            "file's reference system is another than it says"
        )


def _made(args: argparse.Namespace, lines: Sequence[StreetLine], found: _Findings) -> Iterator[str]:
    from console.geography import streets_file
    from console.geography.noding import network
    from console.geography.roads import core, roads_of

    tie_m: float = (TIE_M if _straightened(lines) else 0.0) if args.tie is None else args.tie
    with _bar("joining", sum(len(line.points) - 1 for line in lines), "lines") as bar:
        joined = network(lines, tie_m, lambda done: bar.update(done - bar.n))
    roads, pieces = core(roads_of(joined, lines))
    if not len(roads.start):
        raise _Nothing(f"{args.file}: its streets are all one-way and lead nowhere, so no way comes back")
    _tell(args, tie_m, joined, pieces, found)
    path = args.config / "geography" / streets_file.NAME
    streets_file.write(path, lines, roads, {"source": args.file.name, "tie_m": f"{tie_m:g}"})
    yield from _report(args.file, lines, roads, pieces)
    yield f"{path} was written. A hub that runs takes it by itself."


def _straightened(lines: Sequence[StreetLine]) -> bool:
    straight = sum(len(line.points) == 2 for line in lines)
    return len(lines) >= _LEAST_LINES and straight >= _STRAIGHTENED * len(lines)


def _tell(args: argparse.Namespace, tie_m: float, joined: Network, pieces: Pieces, found: _Findings) -> None:
    """What was assumed of the drawing, and what of it leads nowhere."""
    if joined.tied:
        why = (
            f"within {tie_m:g} m, as --tie says"
            if args.tie is not None
            else f"within {tie_m:g} m: its lines were straightened"
        )
        found(f"{joined.tied} ends of lines met nothing and were tied to the nearest street {why}")
    lost = pieces.whole_km - pieces.core_km
    if lost >= 0.05:
        found(
            f"{lost:,.1f} km left out: no way leads there and back, for they are islands or one-way streets that run off "
            "the map; who is there is taken to be on the nearest street of the rest"
        )
    if pieces.core_km < _POOR * pieces.whole_km:
        found(
            f"only {pieces.core_km / pieces.whole_km:.1%} hangs together, and {joined.loose} ends of lines meet nothing: "
            "the drawing does not join what joins on the ground; a larger --tie may, or a better file"
        )


def _report(file: Path, lines: Sequence[StreetLine], roads: Roads, pieces: Pieces) -> Iterator[str]:
    yield (
        f"{file.name}: {len(lines):,} lines of streets, {pieces.whole_km:,.0f} km; "
        f"{len(roads.start):,} stretches between {len(roads.junctions):,} junctions"
    )
    yield (
        f"{pieces.joined_km / pieces.whole_km:.1%} of it is one connected piece of {pieces.pieces:,}; "
        f"{pieces.core_km / pieces.whole_km:.1%}, {pieces.core_km:,.0f} km, hangs together in both directions, and is kept"
    )


def _bar(what: str, total: int, unit: str) -> tqdm[NoReturn]:
    return tqdm(desc=what, total=total, unit=unit, unit_scale=True, leave=False, disable=not sys.stderr.isatty())


def _metres(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 500:
        raise argparse.ArgumentTypeError(f"{text!r}: metres, 0 to 500")
    return found
