"""The unit table as a model by id: a change of a unit touches its row alone."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QObject, Qt

from console.domain.changes import Changes
from console.domain.ids import UnitId
from console.ui.store import Store
from console.ui.units.rows import COLUMNS, Cell, Order, row, spoken
from console.ui.words_table import WordsModel

_BOLD, _CLOCK = 0, COLUMNS.index("for")
_NAMES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class UnitsModel(WordsModel):
    """Units in their shift. The order is made again only when it is another."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, _BOLD, _CLOCK, parent)
        self._store = store
        self._brief = False
        self._order = Order(store.state)
        self.show_keys(self._order.units)
        store.changed.connect(self.take)
        store.positions_changed.connect(lambda _: self.aged.emit())

    def unit_at(self, place: int) -> UnitId | None:
        """The unit of a row, or None where there is no such row."""
        return self.keys[place] if 0 <= place < len(self.keys) else None

    def cells(self, key: UnitId) -> tuple[Cell, ...]:
        """The line of a unit."""
        store = self._store
        unit, position, standing = store.state.units[key], store.positions.get(key), store.standings.get(key)
        return row(store.state, unit, position, standing, store.now(), brief=self._brief).cells

    def be_brief(self, brief: bool) -> None:
        """Whether there is no room for where the units are: then the call's cell says what matters of it."""
        if brief != self._brief:
            self._brief = brief
            self.forget()
            self.aged.emit()

    def order_by_check(self, by_check: bool) -> None:
        """Whose status check is due soonest first, or the usual order again."""
        self._order = Order(self._store.state, by_check=by_check)
        self.show_keys(self._order.units)

    def spoken(self, cells: tuple[Cell, ...]) -> str:
        """The line for a screen reader."""
        return spoken(cells)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names; a row is named by its unit."""
        if orientation is Qt.Orientation.Vertical and role in _NAMES:
            return self.unit_at(section)
        return super().headerData(section, orientation, role)

    def take(self, different: Changes) -> None:
        """Follow a batch of changes. A row names its unit's call too: a changed call touches the rows of its units."""
        state = self._store.state
        if self._order.take(state, different):
            self.show_keys(self._order.units)
        changed = (state.calls.get(call_id) for call_id in different.calls)
        sent = {assignment.unit_id for call in changed if call for assignment in call.assignments}
        self.touch(state.units if different.agency else different.units | sent)
