"""The report of a reading: every finding in a file of its own, and a few lines that say how it went."""

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO

from console.recorded.findings import Finding, Kind
from console.recorded.reading import Counts
from console.recorded.replay import Fed

HEADER = ("row", "line", "column", "value", "reason", "done", "calls")
DISTINCT = 10_000
"""Distinct values that the report counts together; those after it get a line for each row."""
_NUMBERS = frozenset("-0123456789., ")


class Report:
    """Collects findings. Its file is written as they come, and only if there are any (or if `always`).

    A value that the mapping does not name is said once, with the first row it stands in and the number of its calls.
    """

    def __init__(self, path: Path, always: bool = False) -> None:
        self.path = path
        self._file: IO[str] | None = None
        self._by_kind: Counter[Kind] = Counter()
        self._first: dict[Kind, Finding] = {}
        self._by_value: dict[tuple[Kind, str], tuple[Finding, int]] = {}
        if always:
            self._open()

    def __enter__(self) -> "Report":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._by_kind.total()

    def note(self, finding: Finding) -> None:
        """Take a finding in."""
        self._by_kind[finding.kind] += 1
        self._first.setdefault(finding.kind, finding)
        if finding.kind.by_value:
            key = finding.kind, finding.value
            if key in self._by_value or len(self._by_value) < DISTINCT:
                first, count = self._by_value.get(key, (finding, 0))
                self._by_value[key] = first, count + 1
                return
        self._write(finding, 1)

    def close(self) -> None:
        """Write what was counted together, and let go of the file."""
        for finding, count in self._by_value.values():
            self._write(finding, count)
        self._by_value.clear()
        if self._file:
            self._file.close()
            self._file = None

    def lines(self) -> list[str]:
        """One line for each kind of finding, the most frequent first."""
        return [
            f"{count:,} x {kind.reason}: {kind.done} (first: row {self._first[kind].row}{_about(self._first[kind])})"
            for kind, count in self._by_kind.most_common()
        ]

    def summary(self, counts: Counts, fed: Fed | None = None) -> str:
        """The one line that accounts for every row; `fed` None where nothing was to be fed."""
        parts = [f"{counts.calls:,} calls readable" if fed is None else f"{fed.taken:,} calls fed"]
        if fed is not None:
            left = counts.calls - fed.taken - fed.there - fed.refused
            said = (fed.there, "already there"), (fed.refused, "refused by the hub"), (left, "not sent")
            parts += [f"{count:,} {words}" for count, words in said if count]
        if counts.merged:
            parts.append(f"{counts.merged:,} merged with another row of their call")
        if counts.listed:
            parts.append(f"{counts.listed:,} listed in {self.path}")
        if counts.without_point:
            parts.append(f"{counts.without_point:,} without a point")
        return f"{counts.rows:,} rows: {', '.join(parts)}"

    def _open(self) -> IO[str]:
        self._file = self.path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        csv.writer(self._file).writerow(HEADER)
        return self._file

    def _write(self, finding: Finding, count: int) -> None:
        kind = finding.kind
        words = (finding.column, harmless(finding.value), kind.reason, kind.done)
        csv.writer(self._file or self._open()).writerow((finding.row, finding.line, *words, count))


def _about(finding: Finding) -> str:
    return f", {finding.column} {finding.value!r}" if finding.column else ""


def harmless(value: str) -> str:
    """The value as text: a spreadsheet must not take what a stranger wrote for a formula; numbers stay as they are."""
    formula = value[:1] in ("=", "+", "@", "\t", "\r") or (value[:1] == "-" and not _NUMBERS.issuperset(value))
    return f"'{value}" if formula else value
