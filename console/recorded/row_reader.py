"""One row of another system's file as one call in this console's words."""

import hashlib
from collections.abc import Iterable
from operator import itemgetter

from console.domain.state import Place
from console.recorded import findings
from console.recorded.findings import Finding, Kind, Note
from console.recorded.mapping import Mapping, Names
from console.recorded.recorded_call import RecordedCall
from console.recorded.rows import Row
from console.recorded.times import TimeReader
from console.recorded.translate import (
    CancelledTranslation,
    NatureTranslation,
    PriorityTranslation,
    SourceTranslation,
)

_SINGLE = (
    "reference", "source", "priority", "nature", "final_nature", "beat", "unit", "disposition", "cancelled", "callback",
    "language", "text",
)  # fmt: skip
"""The parts of a mapping that name one column, in the order `call` takes their cells apart."""


class RowReader:
    """Makes a call of one row. Raises ValueError naming the first column of the mapping that the file does not have."""

    def __init__(
        self, mapping: Mapping, names: list[str], times: TimeReader, natures: NatureTranslation, note: Note
    ) -> None:
        self._columns, self._times, self._natures, self._note = mapping.columns, times, natures, note
        self._joiner, self._uncertainty_m = mapping.address_joiner, mapping.point.uncertainty_m
        where = {
            field: _places(field, getattr(mapping.columns, field), names) for field in mapping.columns.__struct_fields__
        }
        self._time, self._arrived, self._address = where["time"], where["arrived"], where["address"]
        # A column the file does not have is read from an empty cell that `call` puts behind the row's own.
        self._single = itemgetter(*(where[field][0] if where[field] else len(names) for field in _SINGLE))
        self.has_points = bool(mapping.columns.x)
        self._x, self._y = (where["x"][0], where["y"][0]) if self.has_points else (0, 0)
        self._priorities = PriorityTranslation(mapping.priority)
        self._sources = SourceTranslation(mapping.source)
        self._cancelled = CancelledTranslation(mapping.cancelled) if mapping.columns.cancelled else None

    def xy(self, row: Row) -> tuple[str, str]:
        """The texts of a row's coordinates, east first."""
        return row.cells[self._x], row.cells[self._y]

    def time_text(self, row: Row) -> str:
        """The text of a row's time."""
        return _joined(row.cells, self._time, " ")

    def column_of(self, kind: Kind) -> str:
        """The name of the column that a kind of finding is about, "" where it is the whole row."""
        if kind in (findings.NO_TIME, findings.UNREADABLE_TIME):
            return _words(self._columns.time)
        return self._columns.reference if kind is findings.LATE_REPEAT else ""

    def call(self, row: Row, point: tuple[float, float] | Kind | None) -> RecordedCall | Kind:
        """The call of a row, its findings noted; or why it is none."""
        columns = self._columns
        cells = [cell.strip() for cell in row.cells]
        cells.append("")
        (
            reference, source_text, priority_text, nature_text, final_nature_text, beat, unit, disposition,
            cancelled_text, callback, language, text,
        ) = self._single(cells)  # fmt: skip
        time_text = _joined(cells, self._time, " ")
        received_at, time_kind = self._times.read(time_text)
        if received_at is None:
            return time_kind or findings.UNREADABLE_TIME
        nature, nature_kind = self._natures.read(nature_text)
        priority, priority_kind = self._priorities.read(priority_text)
        source, source_kind = self._sources.read(source_text)
        cancelled, cancelled_kind = self._cancelled.read(cancelled_text) if self._cancelled else (False, None)
        arrived_at, arrived_kind, arrived_text = None, None, _joined(cells, self._arrived, " ")
        if arrived_text:
            arrived_at, _ = self._times.read(arrived_text)
            if arrived_at is None:
                arrived_kind = findings.UNREADABLE_ARRIVAL
            elif arrived_at < received_at:
                arrived_at, arrived_kind = None, findings.EARLY_ARRIVAL
        latitude, longitude = point if isinstance(point, tuple) else (None, None)
        point_kind = point if isinstance(point, Kind) else None
        reference_kind = findings.NO_REFERENCE if columns.reference and not reference else None
        repaired_kind = findings.REPAIRED_TEXT if row.repaired else None
        flags: tuple[str, ...] = ()
        if (
            time_kind or nature_kind or priority_kind or source_kind or cancelled_kind or arrived_kind or point_kind
            or reference_kind or repaired_kind
        ):  # fmt: skip
            flags = self._said(row, (
                (time_kind, columns.time, time_text),
                (nature_kind, columns.nature, nature_text),
                (priority_kind, columns.priority, priority_text),
                (source_kind, columns.source, source_text),
                (cancelled_kind, columns.cancelled, cancelled_text),
                (arrived_kind, columns.arrived, arrived_text),
                (point_kind, (columns.x, columns.y), ", ".join(self.xy(row))),
                (reference_kind, columns.reference, ""),
                (repaired_kind, "", ""),
            ))  # fmt: skip
        return RecordedCall(
            key=reference or _digest(cells),
            row=row.number,
            line=row.line,
            received_at=received_at,
            source=source,
            nature=nature,
            nature_text=nature_text,
            place=Place(
                _joined(cells, self._address, self._joiner),
                latitude,
                longitude,
                self._uncertainty_m if latitude is not None else None,
                beat,
            ),
            priority=priority,
            reference=reference,
            final_nature_text=final_nature_text,
            units=(unit,) if unit else (),
            arrived_at=arrived_at,
            disposition=disposition,
            cancelled=cancelled,
            callback=callback,
            language=language,
            text=text,
            flags=flags,
        )

    def _said(self, row: Row, said: Iterable[tuple[Kind | None, Names, str]]) -> tuple[str, ...]:
        """Note what is to be said of a row that is fed; the flags that this puts on its call."""
        flags: dict[str, None] = {}
        for kind, names, value in said:
            if kind is None:
                continue
            if kind.flag:
                flags[kind.flag] = None
            # That a file of dates only has no hours, its mapping has said already; it is no fault of each row.
            if not (kind is findings.HOUR_NOT_KNOWN and self._times.dates_only):
                self._note(Finding(kind, row.number, row.line, _words(names), value))
        return tuple(flags)


def _places(field: str, names: Names, columns: list[str]) -> tuple[int, ...]:
    """Where the columns that a part of the mapping names stand in a row."""
    named = [name for name in ((names,) if isinstance(names, str) else names) if name]
    for name in named:
        if columns.count(name) != 1:
            how_many = "several columns" if name in columns else "no column"
            raise ValueError(f'columns.{field}: the file has {how_many} "{name}"')
    return tuple(columns.index(name) for name in named)


def _joined(cells: list[str], places: tuple[int, ...], joiner: str) -> str:
    """The words of these columns, joined where there are any."""
    if len(places) == 1:
        return cells[places[0]].strip()
    if not places:
        return ""
    return joiner.join([words for place in places if (words := cells[place].strip())])


def _words(names: Names) -> str:
    return names if isinstance(names, str) else ", ".join(names)


def _digest(cells: list[str]) -> str:
    """A key for a row without a reference number: the same words make the same key."""
    return "row-" + hashlib.blake2b("\x1f".join(cells).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
