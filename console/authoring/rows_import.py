"""What the imports of delimited lists share: how a file is written, its points in degrees, what is said of its rows."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from tqdm import tqdm

from console.domain.agency import Point
from console.domain.travel import kilometres
from console.geography.reference_system import Degrees
from console.recorded.mapping import FileShape
from console.recorded.rows import Row, RowFile

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes: everything was taken, something was not (it is listed), nothing was written."""
FAR_KM = 200.0
"""A point further than this from the center is not of its ground."""
BATCH = 500
_SHOWN = 20
"""So many rows of one reason are listed, the rest are counted."""
_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED = 1 << 16
_COLUMNS_SHOWN = 600


class Findings:
    """What is said of a file's rows: each reason with its first rows, and counts of all."""

    unit = "line"
    """What is numbered: a line, or a feature of a layer."""

    def __init__(self, path: Path) -> None:
        """Speak of `path`."""
        self._path, self.counts = path, Counter[str]()

    def left_out(self, number: int, why: str, detail: str = "") -> None:
        """A row that was left out."""
        self.counts[why] += 1
        if self.counts[why] <= _SHOWN:
            self.say(number, f"left out: {why}{f': {detail}' if detail else ''}")
        elif self.counts[why] == _SHOWN + 1:
            tqdm.write(f"{self._path}: more of these are only counted: {why}", file=sys.stderr)

    def say(self, number: int, what: str) -> None:
        """Something to know about a row."""
        tqdm.write(f"{self._path}: {self.unit} {number}: {what}", file=sys.stderr)

    @property
    def summary(self) -> str:
        """How many rows were left out, by reason."""
        return ", ".join(f"{count:,} {why}" for why, count in self.counts.most_common()) or "none"


def sniffed(path: Path) -> FileShape:
    """How a file is written by its first line: the mark between its columns. UTF-8; lines that are not are Windows-1252."""
    with path.open("rb") as file:
        start = file.read(_SNIFFED).decode("utf-8-sig", "replace")
    lines = (line for line in start.splitlines() if line.strip())
    header = next(lines, "")
    counts = {mark: len(next(csv.reader([header], delimiter=mark), [])) for mark in _DELIMITERS}
    return replace(FileShape(), delimiter=max(_DELIMITERS, key=lambda mark: counts[mark]))


def shortly(names: Sequence[str]) -> str:
    """The columns that a file has, as far as a person reads."""
    words = ", ".join(names)
    return words if len(words) <= _COLUMNS_SHOWN else f"{words[:_COLUMNS_SHOWN]}..."


def bar(path: Path) -> "tqdm[NoReturn]":
    """A bar over the bytes of a file, on a terminal only."""
    size = path.stat().st_size
    return tqdm(desc="reading", total=size, unit="B", unit_scale=True, leave=False, disable=not sys.stderr.isatty())


def batches(file: RowFile, findings: Findings, progress: "tqdm[NoReturn]") -> Iterator[list[Row]]:
    """The usable rows of a file, some thousands at a time."""
    batch: list[Row] = []
    for row in file:
        if row.fault is not None:
            findings.left_out(row.line, row.fault.reason, row.detail)
            continue
        batch.append(row)
        if len(batch) >= BATCH:
            progress.update(file.position - progress.n)
            yield batch
            batch = []
    progress.update(file.position - progress.n)
    if batch:
        yield batch


def points(
    rows: Sequence[Row], x: int, y: int, degrees: Degrees, center: Point, findings: Findings
) -> Iterator[tuple[Row, Point]]:
    """The rows whose point can be right, with it: latitude and longitude."""
    pairs = np.array([(_number(row.cells[x]), _number(row.cells[y])) for row in rows], dtype=np.float64).reshape(-1, 2)
    read: NDArray[np.bool_] = np.logical_and(np.isfinite(pairs[:, 0]), np.isfinite(pairs[:, 1]))
    found = np.full(pairs.shape, np.nan)
    if read.any():
        found[read] = degrees(pairs[read])
    for row, (east, north), (longitude, latitude), readable in zip(rows, pairs, found, read, strict=True):
        point = (float(latitude), float(longitude))
        detail = f"{row.cells[x].strip()[:20]}, {row.cells[y].strip()[:20]}"
        if not readable:
            blank = not (row.cells[x].strip() or row.cells[y].strip())
            findings.left_out(
                row.line, "without a point" if blank else "a point that is no two numbers", "" if blank else detail
            )
        elif east == 0 and north == 0:
            findings.left_out(row.line, "a point at 0, 0")
        elif not (abs(point[0]) <= 90 and abs(point[1]) <= 180):
            findings.left_out(row.line, OFF_THE_WORLD, detail)
        elif kilometres(point, center) > FAR_KM:
            findings.left_out(row.line, FAR_AWAY, f"{point[0]:.4f}, {point[1]:.4f}")
        else:
            yield row, point


OFF_THE_WORLD = "a point off the world, or off the ground of its reference system"
FAR_AWAY = f"a point more than {FAR_KM:g} km from the center"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def lost_its_way(findings: Findings, taken: int, crs: str) -> str:
    """Why nothing should be made of a file whose points mostly lie elsewhere; "" where they do not."""
    astray = findings.counts[OFF_THE_WORLD] + findings.counts[FAR_AWAY]
    if astray <= taken:
        return ""
    return (
        f"most of its points ({astray:,} of {astray + taken:,}) lie elsewhere, read as {crs}: "
        "it is in another reference system (--crs EPSG:2264, say), or x and y are swapped"
    )
