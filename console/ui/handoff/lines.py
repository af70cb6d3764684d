"""The clinician's list as a model by id: only what was touched is looked at, rows come and go one by one."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.domain.changes import Changes
from console.domain.follow_ups import CallBack
from console.domain.ids import CallBackId, CallId, ProgrammeCode, UserId
from console.domain.times import local
from console.ui.handoff.rows import SECTIONS, Level, Line, Section, call_back_line, line, rank
from console.ui.store import Store

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = Qt.ItemDataRole.UserRole
TITLES: Final[dict[Section, str]] = {
    "mine": "My calls",
    "waiting": "Waiting for a clinician",
    "call_back": "Call back today",
}
MANY: Final = 50
"""A batch that moves more rows than this is shown as a whole new list."""

Rank = tuple[object, ...]


class ClinicianLines(QAbstractListModel):
    """Calls in a person's care, offered to them, waiting for their programme, and calls back; each under its title."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._day: date | None = None
        self._lines: dict[str, Line] = {}
        self._ranks: list[Any] = []
        self._rows: list[Line | Section] = []
        self._rank_of: dict[str, Rank] = {}
        self.load()
        store.changed.connect(self.take)
        store.me_changed.connect(self.load)

    # ---------------------------------------------------------------------------------------------- what it holds

    def count(self, section: Section) -> int:
        """How many rows a section has."""
        return sum(1 for found in self._lines.values() if found.section == section)

    def line_at(self, place: int) -> Line | None:
        """The row at a place; None for a title and where there is no row."""
        row = self._rows[place] if 0 <= place < len(self._rows) else None
        return row if isinstance(row, Line) else None

    def row_of(self, key: str | None) -> int | None:
        """The place of the row of a call or of a call back, by its id, or None."""
        ranked = self._rank_of.get(key) if key else None
        return None if ranked is None else bisect_left(self._ranks, ranked)

    def keys(self) -> list[str]:
        """The id of every row, in order."""
        return [row.key for row in self._rows if isinstance(row, Line)]

    def of(self, section: Section) -> list[Line]:
        """The rows of a section, in order."""
        return [row for row in self._rows if isinstance(row, Line) and row.section == section]

    def late(self, section: Section) -> tuple[str, Level]:
        """How many rows of a section are past their time, else how many are due, for its title; "" where none is."""
        now = self._store.now()
        levels = [row.level(now) for row in self.of(section)]
        urgent: tuple[Level, ...] = ("past", "due")
        for level in urgent:
            if level in levels:
                return f"{levels.count(level)} {level}", level
        return "", "fine"

    def calls(self) -> list[CallId]:
        """Every call of the list that is on the line or waits, in order."""
        return [row.call_id for row in self._rows if isinstance(row, Line) and row.call_back is None]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows and titles."""
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
                return f"{row.number} {row.nature}"
            if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                return row.spoken(self._store.now())
        elif role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            late = self.late(row)[0]
            return f"{TITLES[row]}, {self.count(row)}{f', {late}' if late else ''}"
        return None

    # ---------------------------------------------------------------------------------------------- what happens to it

    def take(self, different: Changes) -> None:
        """Follow a batch of changes: only what is in it is looked at."""
        if different.agency or different.people:
            self.load()
            return
        call_backs = self._store.state.call_backs
        owed = {call_backs[each].call_id for each in different.call_backs if each in call_backs}
        found: dict[str, Line | None] = {call_id: self._look(call_id) for call_id in different.calls | owed}
        found |= {each: self._look_back(each) for each in different.call_backs}
        moved = [key for key, now in found.items() if (rank(now) if now else None) != self._rank_of.get(key)]
        if len(moved) > MANY:
            self.load()
            return
        for key, now in found.items():
            if now == self._lines.get(key):
                continue
            if key in moved:
                self._remove(key)
                if now is not None:
                    self._insert(key, now)
            elif now is not None:
                self._lines[key] = now
                place = self.row_of(key)
                if place is not None:
                    self._rows[place] = now
                    self.dataChanged.emit(self.index(place), self.index(place))
        if moved:
            for place, row in enumerate(self._rows):
                if not isinstance(row, Line):
                    self.dataChanged.emit(self.index(place), self.index(place))

    def age(self) -> None:
        """A second has gone by: with a new day other calls back are due."""
        if self._today() != self._day:
            self.load()

    def load(self) -> None:
        """Look at everything again. Nothing is said when the list is the same."""
        state, self._day = self._store.state, self._today()
        looked: dict[str, Line | None] = {call_id: self._look(call_id) for call_id in state.calls}
        looked |= {each: self._look_back(each) for each in state.call_backs}
        found = {key: now for key, now in looked.items() if now is not None}
        if found == self._lines and self._rows:
            return
        self.beginResetModel()
        self._lines = found
        self._rank_of = {key: rank(now) for key, now in found.items()}
        pairs: list[tuple[Rank, Line | Section]] = [((place,), section) for place, section in enumerate(SECTIONS)]
        pairs += [(self._rank_of[key], now) for key, now in found.items()]
        pairs.sort(key=lambda pair: pair[0])
        self._ranks = [key for key, _ in pairs]
        self._rows = [row for _, row in pairs]
        self.endResetModel()

    def _today(self) -> date:
        return local(self._store.state.agency, self._store.now()).date()

    def _look(self, call_id: CallId) -> Line | None:
        store = self._store
        call = store.state.calls.get(call_id)
        if call is None or store.me is None:
            return None
        return line(store.state, call, store.me.user_id, self.programme)

    def _look_back(self, call_back_id: CallBackId) -> Line | None:
        store = self._store
        owed: CallBack | None = store.state.call_backs.get(call_back_id)
        if owed is None or store.me is None:
            return None
        return call_back_line(store.state, owed, store.me.user_id, store.now())

    @property
    def programme(self) -> ProgrammeCode:
        """The programme of the person at this desk, by what the floor knows of them."""
        me = self._store.me
        presence = self._store.state.people.get(UserId(me.user_id)) if me else None
        return presence.programme if presence else me.programme if me else ProgrammeCode("")

    def _remove(self, key: str) -> None:
        place = self.row_of(key)
        if place is None:
            return
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._ranks[place], self._rows[place], self._rank_of[key], self._lines[key]
        self.endRemoveRows()

    def _insert(self, key: str, now: Line) -> None:
        ranked = rank(now)
        place = bisect_left(self._ranks, ranked)
        self.beginInsertRows(QModelIndex(), place, place)
        self._ranks.insert(place, ranked)
        self._rows.insert(place, now)
        self._lines[key], self._rank_of[key] = now, ranked
        self.endInsertRows()
