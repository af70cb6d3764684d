"""The unit table as a model by id. Words are made when they are painted, so an age is never stored."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.domain.changes import Changes
from console.domain.ids import UnitId
from console.ui.store import Store
from console.ui.units.rows import COLUMNS, Cell, Row, order, row, spoken
from console.ui.widgets import faces, ink

Index = QModelIndex | QPersistentModelIndex
_BOLD: Final = 0
_CLOCK: Final = COLUMNS.index("for")


class UnitsModel(QAbstractTableModel):
    """Units in their shift. A change of one touches its row alone; the order is made again only when it is another."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._order = order(store.state)
        self._place = {unit_id: n for n, unit_id in enumerate(self._order)}
        store.changed.connect(self.take)
        store.positions_changed.connect(self._moved)

    def unit_at(self, place: int) -> UnitId | None:
        """The unit of a row, or None where there is no such row."""
        return self._order[place] if 0 <= place < len(self._order) else None

    def row_of(self, unit_id: UnitId | None) -> int | None:
        """The place of a unit's row, or None."""
        return self._place.get(unit_id) if unit_id else None

    def line(self, place: int) -> Row:
        """The words of a row as they are now."""
        unit_id = self._order[place]
        store = self._store
        state = store.state
        return row(state, state.units[unit_id], store.positions.get(unit_id), store.standings.get(unit_id), store.now())

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
                    spoken(line)
                    if index.column() == 0
                    else f"{COLUMNS[index.column()]} {line.cells[index.column()].words}"
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
        for unit_id in unit_ids:
            place = self._place.get(unit_id)
            if place is not None:
                first, last = (0, len(COLUMNS) - 1) if column is None else (column, column)
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
