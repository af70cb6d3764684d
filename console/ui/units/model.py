"""The unit table as a model by id. Words are made when they are painted, so an age is never stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.domain.changes import Changes
from console.domain.ids import UnitId
from console.ui.store import Store
from console.ui.units.rows import COLUMNS, Cell, Row, order, row, spoken
from console.ui.widgets import faces, ink

Index = QModelIndex | QPersistentModelIndex
_BOLD: Final = 0
_CLOCK: Final = COLUMNS.index("for")
PAINTING_S: Final = 0.1
"""Longer than any painting takes, and shorter than a clock stands still."""
MANY: Final = 20
"""Rows; as many do not fit on a small screen."""


class _Made(NamedTuple):
    row: Row
    of: tuple[object, ...]
    at: datetime


class UnitsModel(QAbstractTableModel):
    """Units in their shift. A change of one touches its row alone; the order is made again only when it is another."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._order = order(store.state)
        self._place = {unit_id: n for n, unit_id in enumerate(self._order)}
        self._made: dict[UnitId, _Made] = {}
        store.changed.connect(self.take)
        store.positions_changed.connect(self._moved)

    def unit_at(self, place: int) -> UnitId | None:
        """The unit of a row, or None where there is no such row."""
        return self._order[place] if 0 <= place < len(self._order) else None

    def row_of(self, unit_id: UnitId | None) -> int | None:
        """The place of a unit's row, or None."""
        return self._place.get(unit_id) if unit_id else None

    def line(self, place: int) -> Row:
        """The words of a row as they are now; made once for one painting, in which Qt asks for each several times."""
        unit_id, store, now = self._order[place], self._store, self._store.now()
        of = (store.state, store.positions.get(unit_id), store.standings.get(unit_id))
        made = self._made.get(unit_id)
        fresh = made is not None and abs((now - made.at).total_seconds()) <= PAINTING_S * max(1.0, store.rate)
        if made is not None and fresh and all(was is one for was, one in zip(made.of, of, strict=True)):
            return made.row
        line = row(of[0], of[0].units[unit_id], of[1], of[2], now)
        self._made[unit_id] = _Made(line, of, now)
        return line

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many units are in their shift."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a column of `COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names; a row is named by its unit."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return COLUMNS[section] if orientation is Qt.Orientation.Horizontal else self.unit_at(section)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, colours and fonts of one cell; the first cell's accessible text is the whole line."""
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._cell(index).words
            case Qt.ItemDataRole.ForegroundRole:
                return ink(self._cell(index).ink)
            case Qt.ItemDataRole.FontRole:
                return {_BOLD: faces().strong, _CLOCK: faces().clock}.get(index.column(), faces().second).font
            case Qt.ItemDataRole.AccessibleTextRole:
                line = self.line(index.row())
                return (
                    spoken(line) if index.column() == 0 else f"{COLUMNS[index.column()]} {line.cells[index.column()].words}"
                )
        return None

    def take(self, different: Changes) -> None:
        """Follow a batch of changes."""
        if different.agency or different.units:
            fresh = order(self._store.state)
            if fresh != self._order:
                self._reorder(fresh)
        # A row names its unit's call too, so a changed call touches the rows of its units.
        units = self._store.state.units
        touched = different.units | {u for u in self._order if (unit := units.get(u)) and unit.call in different.calls}
        self._touch(touched)

    def _moved(self, fresh: frozenset[UnitId]) -> None:
        self._touch(fresh, COLUMNS.index("where"))

    def _touch(self, unit_ids: frozenset[UnitId] | set[UnitId], column: int | None = None) -> None:
        first, last = (0, len(COLUMNS) - 1) if column is None else (column, column)
        places = [place for unit_id in unit_ids if (place := self._place.get(unit_id)) is not None]
        if len(places) > MANY:  # said once for all of them: the table paints those in view all the same
            self.dataChanged.emit(self.index(min(places), first), self.index(max(places), last))
            return
        for place in places:
            self.dataChanged.emit(self.index(place, first), self.index(place, last))

    def _reorder(self, fresh: list[UnitId]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = [self._order[index.row()] for index in self.persistentIndexList()]
        before = self.persistentIndexList()
        self._order, self._place = fresh, {unit_id: n for n, unit_id in enumerate(fresh)}
        after = [
            self.index(self._place[unit_id], index.column()) if unit_id in self._place else QModelIndex()
            for unit_id, index in zip(old, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _cell(self, index: Index) -> Cell:
        return self.line(index.row()).cells[index.column()]
