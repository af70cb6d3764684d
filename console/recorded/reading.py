"""A file of recorded calls, read through its mapping: calls one after another, findings beside them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from console.domain.agency import Agency
from console.recorded import findings
from console.recorded.findings import Finding, Kind, Note
from console.recorded.mapping import Mapping, MappingError
from console.recorded.places import PointReader
from console.recorded.recorded_call import RecordedCall
from console.recorded.row_reader import RowReader
from console.recorded.rows import Row, RowFile
from console.recorded.times import TimeReader
from console.recorded.translate import NatureTranslation

BATCH = 4096
"""Rows of one call find each other at least this far apart."""
AT_ONCE = 256
"""Rows taken apart and projected together: enough to share the work, few enough to stay near the processor."""
TRIED = 100
"""If not one of so many first rows can be used, the mapping is not for this file."""
REMEMBERED = 500_000
"""Calls behind that a later row of the same call is still known by; about 60 bytes each."""
_COMPARED = tuple(f for f in RecordedCall.__struct_fields__ if f not in ("row", "line", "units", "flags", "key"))


class Counts(Struct):
    """Where the rows went: rows = calls + merged + listed."""

    rows: int = 0
    calls: int = 0
    merged: int = 0
    listed: int = 0
    without_point: int = 0


class Reading:
    """One pass over a file: iterate it for the calls, in the file's order; `counts` and `note` tell of the rest.

    Raises MappingError at once if mapping, agency and file do not fit, and during the first rows if none can be used.
    Memory is bounded whatever the length of the file.
    """

    def __init__(self, path: Path, mapping: Mapping, agency: Agency, note: Note, mapping_path: Path) -> None:
        self.counts = Counts()
        self._note = note
        self._place = mapping_path
        try:
            times, self._points = TimeReader(mapping.time), PointReader(mapping.point)
            natures = NatureTranslation(mapping.nature, agency)
        except ValueError as error:
            raise MappingError(f"{mapping_path}: {error}") from error
        self._file = RowFile(path, mapping.file)
        try:
            self._row_reader = RowReader(mapping, self._file.names, times, natures, note)
        except ValueError as error:
            self.close()
            names = ", ".join(self._file.names)
            raise MappingError(f"{mapping_path}: {error}; the columns of {path} are {names}") from error
        self._waiting: dict[str, RecordedCall] = {}
        self._recent: set[int] = set()
        self._older: set[int] = set()
        self._reasons: dict[str, int] = {}

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.__exit__()

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._file.position

    def __iter__(self) -> Iterator[RecordedCall]:
        rows = iter(self._file)
        size = TRIED
        taken = -1
        while taken:
            done, self._waiting = self._waiting, {}
            taken = self._take_batch(rows, size, done)
            if size == TRIED == taken and not self._waiting:
                self._refuse()
            size = BATCH
            for call in done.values():
                self._leave(call)
                yield call

    def _refuse(self) -> None:
        reason, count = max(self._reasons.items(), key=lambda item: item[1])
        raise MappingError(
            f"{self._place}: does not fit {self._file.path}: none of its first {TRIED} rows can be used "
            f"({count} of them: {reason})"
        )

    def _take_batch(self, rows: Iterator[Row], size: int, before: dict[str, RecordedCall]) -> int:
        """Take so many rows, or all that are left; how many there were."""
        taken = 0
        while part := list(islice(rows, min(AT_ONCE, size - taken))):
            self._take(part, before)
            taken += len(part)
        return taken

    def _take(self, batch: list[Row], before: dict[str, RecordedCall]) -> None:
        """Turn some rows into calls, each new, or part of one of this batch or of the batch before."""
        counts, reader = self.counts, self._row_reader
        counts.rows += len(batch)
        pairs = [reader.xy(row) for row in batch if row.fault is None] if reader.has_points else []
        points = iter(self._points.read(pairs))
        for row in batch:
            if row.fault is not None:
                self._list(row, row.fault, row.detail)
                continue
            point = next(points) if reader.has_points else None
            call = reader.call(row, point)
            if isinstance(call, Kind):
                self._list(row, call, reader.time_text(row))
                continue
            known = self._waiting.get(call.key)
            where = self._waiting
            if known is None and (known := before.get(call.key)) is not None:
                where = before
            if known is not None:
                where[call.key] = self._merged(known, call)
            elif hash(call.key) in self._recent or hash(call.key) in self._older:
                self._list(row, findings.LATE_REPEAT, call.key)
            else:
                self._waiting[call.key] = call
                counts.calls += 1
                counts.without_point += call.place.latitude is None

    def _list(self, row: Row, kind: Kind, value: str) -> None:
        self.counts.listed += 1
        self._reasons[kind.reason] = self._reasons.get(kind.reason, 0) + 1
        self._note(Finding(kind, row.number, row.line, self._row_reader.column_of(kind), value))

    def _merged(self, first: RecordedCall, again: RecordedCall) -> RecordedCall:
        """The call with a further row of it: one more unit, or the same again; the first row's words count."""
        self.counts.merged += 1
        further = tuple(unit for unit in again.units if unit not in first.units)
        received_at = min(first.received_at, again.received_at) if further else first.received_at
        differing = [f for f in _COMPARED if getattr(first, f) != getattr(again, f)]
        if further and "received_at" in differing:
            differing.remove("received_at")
        if differing:
            value = f"row {first.row}: {', '.join(differing)}"
            self._note(Finding(findings.DIFFERING_ROW, again.row, again.line, "", value))
        elif not further:
            self._note(Finding(findings.REPEATED_ROW, again.row, again.line, "", f"row {first.row}"))
        return replace(first, units=first.units + further, received_at=received_at)

    def _leave(self, call: RecordedCall) -> None:
        """Remember a call that is given out, and forget the oldest."""
        if len(self._recent) >= REMEMBERED:
            self._older, self._recent = self._recent, set()
        self._recent.add(hash(call.key))
