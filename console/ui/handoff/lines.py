"""The clinician's calls as a list model by id: only touched calls are looked at, rows come and go one by one."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.domain.changes import Changes
from console.domain.ids import CallId, ProgrammeCode, UserId
from console.domain.times import span
from console.ui.handoff.rows import Line, Section, line, rank
from console.ui.store import Store

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = Qt.ItemDataRole.UserRole
TITLES: Final[dict[Section, str]] = {"mine": "My calls", "waiting": "Waiting for a clinician"}
MANY: Final = 50
"""A batch that moves more rows than this is shown as a whole new list."""

Rank = tuple[object, ...]


class ClinicianLines(QAbstractListModel):
    """Calls in a person's care, offered to them, and waiting for their programme; each section under its title."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._lines: dict[CallId, Line] = {}
        self._ranks: list[Any] = []
        self._rows: list[Line | Section] = []
        self._rank_of: dict[CallId, Rank] = {}
        self.load()
        store.changed.connect(self.take)
        store.me_changed.connect(self.load)

    # ---------------------------------------------------------------------------------------------- what it holds

    def count(self, section: Section) -> int:
        """How many calls a section has."""
        return sum(1 for found in self._lines.values() if found.section == section)

    def call_at(self, place: int) -> CallId | None:
        """The call of a row; None for a title and where there is no row."""
        row = self._rows[place] if 0 <= place < len(self._rows) else None
        return row.call.call_id if isinstance(row, Line) else None

    def row_of(self, call_id: CallId | None) -> int | None:
        """The place of a call's row, or None."""
        key = self._rank_of.get(call_id) if call_id else None
        return None if key is None else bisect_left(self._ranks, key)

    def mine(self) -> list[CallId]:
        """The calls in care and offered, in order."""
        return [row.call.call_id for row in self._rows if isinstance(row, Line) and row.section == "mine"]

    def calls(self) -> list[CallId]:
        """Every call of the list, in order."""
        return [row.call.call_id for row in self._rows if isinstance(row, Line)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Calls and titles."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A title cannot be chosen."""
        if isinstance(index.data(LINE_ROLE), Line):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line itself, or its words."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == LINE_ROLE:
            return row
        if isinstance(row, Line):
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{row.call.number} {row.nature}"
            if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                waited = span((self._store.now() - row.since).total_seconds())
                return f"call {row.call.number}, {row.nature}, {row.standing} for {waited}, {row.about}"
        elif role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{TITLES[row]}, {self.count(row)}"
        return None

    # ---------------------------------------------------------------------------------------------- what happens to it

    def take(self, different: Changes) -> None:
        """Follow a batch of changes: only the calls in it are looked at."""
        if different.agency or different.people:
            self.load()
            return
        found = {call_id: self._look(call_id) for call_id in different.calls}
        moved = [c for c, now in found.items() if (rank(now) if now else None) != self._rank_of.get(c)]
        if len(moved) > MANY:
            self.load()
            return
        titles = False
        for call_id, now in found.items():
            before = self._lines.get(call_id)
            if now == before:
                continue
            if call_id in moved:
                self._remove(call_id)
                if now is not None:
                    self._insert(call_id, now)
                titles = True
            elif now is not None:
                self._lines[call_id] = now
                place = self.row_of(call_id)
                if place is not None:
                    self._rows[place] = now
                    self.dataChanged.emit(self.index(place), self.index(place))
        if titles:
            for place, row in enumerate(self._rows):
                if not isinstance(row, Line):
                    self.dataChanged.emit(self.index(place), self.index(place))

    def load(self) -> None:
        """Look at every call again. Nothing is said when the list is the same."""
        found = {call_id: now for call_id in self._store.state.calls if (now := self._look(call_id)) is not None}
        if found == self._lines and self._rows:
            return
        self.beginResetModel()
        self._lines = found
        self._rank_of = {call_id: rank(now) for call_id, now in found.items()}
        pairs: list[tuple[Rank, Line | Section]] = [((0,), "mine"), ((1,), "waiting")]
        pairs += [(self._rank_of[call_id], now) for call_id, now in found.items()]
        pairs.sort(key=lambda pair: pair[0])
        self._ranks = [key for key, _ in pairs]
        self._rows = [row for _, row in pairs]
        self.endResetModel()

    def _look(self, call_id: CallId) -> Line | None:
        store = self._store
        call = store.state.calls.get(call_id)
        if call is None or store.me is None:
            return None
        return line(store.state, call, store.me.user_id, self.programme)

    @property
    def programme(self) -> ProgrammeCode:
        """The programme of the person at this desk, by what the floor knows of them."""
        me = self._store.me
        presence = self._store.state.people.get(UserId(me.user_id)) if me else None
        return presence.programme if presence else me.programme if me else ProgrammeCode("")

    def _remove(self, call_id: CallId) -> None:
        place = self.row_of(call_id)
        if place is None:
            return
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._ranks[place], self._rows[place], self._rank_of[call_id], self._lines[call_id]
        self.endRemoveRows()

    def _insert(self, call_id: CallId, now: Line) -> None:
        key = rank(now)
        place = bisect_left(self._ranks, key)
        self.beginInsertRows(QModelIndex(), place, place)
        self._ranks.insert(place, key)
        self._rows.insert(place, now)
        self._lines[call_id], self._rank_of[call_id] = now, key
        self.endInsertRows()
