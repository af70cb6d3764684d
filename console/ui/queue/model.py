"""The pending queue as a list model by id: touched rows change, arrivals slip into place, departures wait to be left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.domain.changes import Changes
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId
from console.domain.queries import is_pending, rank
from console.domain.state import Call
from console.ui.handoff.mishaps import ended_by
from console.ui.queue.contacts import ContactIndex
from console.ui.queue.rows import Row, departure, row, spoken
from console.ui.store import Store

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The `Row` of a line."""
NEW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""Whether nobody has looked at the line since it came."""
MANY: Final = 100
"""A batch that moves more rows than this is shown as a whole new list, which Qt does faster."""

Rank = tuple[int, Any, str]


def came_back(line: Row) -> bool:
    """Whether a clinician gave the caller of this line back to the person at this desk."""
    hand_off = line.call.hand_off
    returned = hand_off is not None and hand_off.state is HandOffState.RETURNED and ended_by(line.call, hand_off) is None
    return returned and bool(line.aside)


class QueueModel(QAbstractListModel):
    """Pending calls in the order of `queries.rank`. A row that left the queue stays, `gone`, as long as it is held."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._contacts = ContactIndex()
        self._ranks: list[Rank] = []
        self._rows: list[Row] = []
        self._rank_of: dict[CallId, Rank] = {}
        self._gone = 0
        self._held: frozenset[CallId] = frozenset()
        self.new: set[CallId] = set()
        """Calls that came while the queue was on screen and that nobody has looked at yet."""
        self._load()
        store.changed.connect(self.take)
        store.me_changed.connect(lambda _: self._load())

    # ---------------------------------------------------------------------------------------------- what it holds

    @property
    def pending(self) -> int:
        """How many calls are pending; rows that only wait to be left are not among them."""
        return len(self._rows) - self._gone

    @property
    def back(self) -> list[CallId]:
        """New calls whose caller was given back to the person at this desk, from the top."""
        places = sorted(place for call_id in self.new if (place := self.row_of(call_id)) is not None)
        return [self._rows[place].call.call_id for place in places if came_back(self._rows[place])]

    def row_of(self, call_id: CallId | None) -> int | None:
        """The place of a call's row, from 0, or None."""
        key = self._rank_of.get(call_id) if call_id else None
        return None if key is None else bisect_left(self._ranks, key)

    def call_at(self, place: int) -> CallId | None:
        """The call of a row, or None where there is no such row."""
        return self._rows[place].call.call_id if 0 <= place < len(self._rows) else None

    def index_of(self, call_id: CallId | None) -> QModelIndex:
        """The index of a call's row; an invalid one where it has none."""
        place = self.row_of(call_id)
        return QModelIndex() if place is None else self.index(place)

    def starting_with(self, typed: str) -> CallId | None:
        """The first call whose number begins with what was typed, leading zeros left out or not."""
        for wanted in (typed, typed.lstrip("0")):
            for line in self._rows:
                number = line.call.number if wanted == typed and typed.startswith("0") else line.call.number.lstrip("0")
                if wanted and number.startswith(wanted):
                    return line.call.call_id
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, and its words for screen readers and on hovering."""
        if not index.isValid():
            return None
        line = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return line
            case Qt.ItemDataRole.DisplayRole:
                return f"{line.call.number} {line.nature}"
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return spoken(line, self._store.now(), line.call.call_id in self.new)
        return line.call.call_id in self.new if role == NEW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A name for the column, and the call's number for the row, for screen readers."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation is Qt.Orientation.Horizontal:
            return "pending call"
        return self._rows[section].call.number if 0 <= section < len(self._rows) else None

    # ---------------------------------------------------------------------------------------------- what happens to it

    def hold(self, call_ids: Iterable[CallId | None]) -> None:
        """Keep these rows even when their calls leave the queue; rows that left and are held no more go now."""
        released, self._held = self._held, frozenset(call_id for call_id in call_ids if call_id)
        for call_id in released - self._held:
            place = self.row_of(call_id)
            if place is not None and self._rows[place].gone:
                self._remove(place)

    def see(self, call_id: CallId | None) -> None:
        """Somebody has looked at this row."""
        if call_id in self.new:
            self.new.discard(call_id)
            place = self.row_of(call_id)
            if place is not None:
                self._touched(place)

    def take(self, different: Changes) -> None:
        """Follow a batch of changes: rebuild only the rows of calls that are in it, or that share a number with one."""
        if different.agency:
            self._load()
            return
        state = self._store.state
        touched = different.calls | self._contacts.take(state, different.calls)
        if different.people:
            touched |= {line.call.call_id for line in self._rows if line.call.hand_off is not None}
        touched |= {state.call_backs[owed].call_id for owed in different.call_backs if owed in state.call_backs}
        if len(touched) > MANY and sum(self._moves(call_id) for call_id in touched) > MANY:
            self._load()
            return
        for call_id in touched:
            self._follow(call_id, state.calls.get(call_id))

    def _moves(self, call_id: CallId) -> bool:
        call = self._store.state.calls.get(call_id)
        return (call is not None and is_pending(call)) != (call_id in self._rank_of)

    def _follow(self, call_id: CallId, call: Call | None) -> None:
        place = self.row_of(call_id)
        if call is None or not is_pending(call):
            if place is not None:
                self._leave(place, call_id, call)
            return
        key = rank(call)
        if place is not None and self._rank_of[call_id] != key:
            self._move(place, key)
            place = self.row_of(call_id)
        if place is None:
            self.new.add(call_id)
            self._insert(key, self._line(call))
            return
        self._gone -= bool(self._rows[place].gone)
        self._rows[place] = self._line(call)
        self._touched(place)

    def _leave(self, place: int, call_id: CallId, call: Call | None) -> None:
        self.new.discard(call_id)
        if call_id not in self._held:
            self._remove(place)
            return
        old = self._rows[place]
        self._gone += not old.gone
        line = self._line(call or old.call)
        self._rows[place] = replace(line, gone=departure(self._store.state, call_id))
        self._touched(place)

    def _line(self, call: Call) -> Row:
        state, me = self._store.state, self._store.me
        return row(state, call, self._contacts.others(state, call), me.user_id if me else None)

    def _insert(self, key: Rank, line: Row) -> None:
        place = bisect_left(self._ranks, key)
        self.beginInsertRows(QModelIndex(), place, place)
        self._ranks.insert(place, key)
        self._rows.insert(place, line)
        self._rank_of[line.call.call_id] = key
        self.endInsertRows()

    def _remove(self, place: int) -> None:
        self.beginRemoveRows(QModelIndex(), place, place)
        self._ranks.pop(place)
        line = self._rows.pop(place)
        del self._rank_of[line.call.call_id]
        self._gone -= bool(line.gone)
        self.endRemoveRows()

    def _move(self, place: int, key: Rank) -> None:
        target = bisect_left(self._ranks, key)
        moves = target not in (place, place + 1)
        if moves:
            self.beginMoveRows(QModelIndex(), place, place, QModelIndex(), target)
        line = self._rows.pop(place)
        self._ranks.pop(place)
        into = bisect_left(self._ranks, key)
        self._ranks.insert(into, key)
        self._rows.insert(into, line)
        self._rank_of[line.call.call_id] = key
        if moves:
            self.endMoveRows()

    def _touched(self, place: int) -> None:
        index = self.index(place)
        self.dataChanged.emit(index, index)

    def _load(self) -> None:
        """Read the whole state anew; held rows that are pending no more go."""
        state = self._store.state
        self.beginResetModel()
        self._contacts = ContactIndex()
        self._contacts.take(state, state.calls)
        waiting = sorted((call for call in state.calls.values() if is_pending(call)), key=rank)
        known = set(self._rank_of)
        self._ranks = [rank(call) for call in waiting]
        self._rows = [self._line(call) for call in waiting]
        self._rank_of = {call.call_id: key for call, key in zip(waiting, self._ranks, strict=True)}
        self._gone = 0
        self.new = (self.new | (self._rank_of.keys() - known if known else set())) & self._rank_of.keys()
        self.endResetModel()
