"""A file of recorded calls, read through its mapping: calls one after another, findings beside them."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.state import Place
from console.recorded import findings
from console.recorded.findings import Finding, Kind, Note
from console.recorded.mapping import Mapping, MappingError, Names
from console.recorded.places import PointReader
from console.recorded.recorded_call import RecordedCall
from console.recorded.rows import Row, RowFile
from console.recorded.times import TimeReader
from console.recorded.translate import (
    CancelledTranslation,
    NatureTranslation,
    PriorityTranslation,
    SourceTranslation,
)

BATCH = 4096
"""Rows taken at once: points are projected together, and rows of one call find each other at least this far apart."""
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
        while batch := list(islice(rows, size)):
            done, self._waiting = self._waiting, {}
            self._take(batch, done)
            if size == TRIED and len(batch) == TRIED and not self._waiting:
                self._refuse()
            size = BATCH
            for call in done.values():
                self._leave(call)
                yield call
        last, self._waiting = self._waiting, {}
        for call in last.values():
            self._leave(call)
            yield call

    def _refuse(self) -> None:
        reason, count = max(self._reasons.items(), key=lambda item: item[1])
        raise MappingError(
            f"{self._place}: does not fit {self._file.path}: none of its first {TRIED} rows can be used "
            f"({count} of them: {reason})"
        )

    def _take(self, batch: list[Row], before: dict[str, RecordedCall]) -> None:
        """Turn a batch of rows into calls, each new, or part of one of this batch or of the batch before."""
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


class RowReader:
    """Makes a call of one row. Raises ValueError naming the first column of the mapping that the file does not have."""

    def __init__(
        self, mapping: Mapping, names: list[str], times: TimeReader, natures: NatureTranslation, note: Note
    ) -> None:
        self._mapping, self._times, self._natures, self._note = mapping, times, natures, note
        self._index = {name: number for number, name in enumerate(names)}
        self._names = names
        columns = mapping.columns
        places = {field: self._columns(field, getattr(columns, field)) for field in columns.__struct_fields__}
        self._time = _joined(places["time"], " ")
        self._arrived = _joined(places["arrived"], " ")
        self._address = _joined(places["address"], mapping.address_joiner)
        single = {field: _joined(indexes, " ") for field, indexes in places.items()}
        self._reference, self._nature, self._source = single["reference"], single["nature"], single["source"]
        self._priority, self._final, self._beat = single["priority"], single["final_nature"], single["beat"]
        self._unit, self._disposition = single["unit"], single["disposition"]
        self._callback, self._language, self._text = single["callback"], single["language"], single["text"]
        self._cancelled_text = single["cancelled"]
        self.has_points = bool(columns.x)
        self._x, self._y = (places["x"][0], places["y"][0]) if self.has_points else (0, 0)
        self._priorities = PriorityTranslation(mapping.priority)
        self._sources = SourceTranslation(mapping.source)
        self._cancelled = CancelledTranslation(mapping.cancelled)

    def _columns(self, field: str, names: Names) -> tuple[int, ...]:
        """Where the columns that a part of the mapping names stand in a row."""
        indexes = []
        for name in (names,) if isinstance(names, str) else names:
            if name and name not in self._index:
                raise ValueError(f'columns.{field}: the file has no column "{name}"')
            if name and self._names.count(name) > 1:
                raise ValueError(f'columns.{field}: the file has several columns "{name}"')
            if name:
                indexes.append(self._index[name])
        return tuple(indexes)

    def xy(self, row: Row) -> tuple[str, str]:
        """The texts of a row's coordinates, east first."""
        return row.cells[self._x], row.cells[self._y]

    def time_text(self, row: Row) -> str:
        """The text of a row's time."""
        return self._time(row.cells)

    def column_of(self, kind: Kind) -> str:
        """The name of the column that a kind of finding is about, "" where it is the whole row."""
        if kind in (findings.NO_TIME, findings.UNREADABLE_TIME):
            return _words(self._mapping.columns.time)
        return self._mapping.columns.reference if kind is findings.LATE_REPEAT else ""

    def call(self, row: Row, point: tuple[float, float] | Kind | None) -> RecordedCall | Kind:
        """The call of a row, its findings noted; or why it is none."""
        cells, columns, said = row.cells, self._mapping.columns, list[tuple[Kind, Names, str]]()
        time_text = self._time(cells)
        received_at, kind = self._times.read(time_text)
        if received_at is None:
            return kind or findings.UNREADABLE_TIME
        if kind is not None:
            said.append((kind, columns.time, time_text))
        nature_text, priority_text, source_text = self._nature(cells), self._priority(cells), self._source(cells)
        nature, kind = self._natures.read(nature_text)
        if kind is not None:
            said.append((kind, columns.nature, nature_text))
        priority, kind = self._priorities.read(priority_text)
        if kind is not None:
            said.append((kind, columns.priority, priority_text))
        source, kind = self._sources.read(source_text)
        if kind is not None:
            said.append((kind, columns.source, source_text))
        cancelled = False
        if columns.cancelled:
            cancelled, kind = self._cancelled.read(self._cancelled_text(cells))
            if kind is not None:
                said.append((kind, columns.cancelled, self._cancelled_text(cells)))
        if isinstance(point, Kind):
            said.append((point, (columns.x, columns.y), ", ".join(self.xy(row))))
            point = None
        arrived_at = None
        if columns.arrived and (arrived_text := self._arrived(cells)):
            arrived_at, _ = self._times.read(arrived_text)
            if arrived_at is None or arrived_at < received_at:
                kind = findings.EARLY_ARRIVAL if arrived_at is not None else findings.UNREADABLE_ARRIVAL
                said.append((kind, columns.arrived, arrived_text))
                arrived_at = None
        reference = self._reference(cells)
        if columns.reference and not reference:
            said.append((findings.NO_REFERENCE, columns.reference, ""))
        if row.repaired:
            said.append((findings.REPAIRED_TEXT, "", ""))
        unit = self._unit(cells)
        flags: tuple[str, ...] = ()
        if said:
            for kind, names, value in said:
                # Every call of a file without hours lacks its hour: the mapping has said so already.
                if kind is not findings.HOUR_NOT_KNOWN:
                    self._note(Finding(kind, row.number, row.line, _words(names), value))
            flags = tuple(dict.fromkeys(kind.flag for kind, _, _ in said if kind.flag))
        return RecordedCall(
            key=reference or _digest(cells),
            row=row.number,
            line=row.line,
            received_at=received_at,
            source=source,
            nature=nature,
            nature_text=nature_text,
            place=Place(
                self._address(cells),
                point[0] if point else None,
                point[1] if point else None,
                self._mapping.point.uncertainty_m if point else None,
                self._beat(cells),
            ),
            priority=priority,
            reference=reference,
            final_nature_text=self._final(cells),
            units=(unit,) if unit else (),
            arrived_at=arrived_at,
            disposition=self._disposition(cells),
            cancelled=cancelled,
            callback=self._callback(cells),
            language=self._language(cells),
            text=self._text(cells),
            flags=flags,
        )


def _joined(indexes: tuple[int, ...], joiner: str) -> Callable[[list[str]], str]:
    """A function of a row's cells: the words of these columns, joined where both have any."""
    if not indexes:
        return lambda cells: ""  # noqa: ARG005 (the column the file does not have)
    if len(indexes) == 1:
        only = indexes[0]
        return lambda cells: cells[only].strip()
    return lambda cells: joiner.join(words for i in indexes if (words := cells[i].strip()))


def _words(names: Names) -> str:
    return names if isinstance(names, str) else ", ".join(names)


def _digest(cells: list[str]) -> str:
    """A key for a row without a reference number: the same words make the same key."""
    return "row-" + hashlib.blake2b("\x1f".join(cells).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
