"""The units on the screen, and under the table a line in which a person says what a status needs: a place, a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.domain import commands as c
from console.domain import unit_status
from console.domain.changes import Changes
from console.domain.ids import UnitId
from console.domain.state import Unit, UnitStatus
from console.ui.context import Context
from console.ui.since import EXAMPLES, NoTime, split
from console.ui.units.model import UnitsModel
from console.ui.units.table import UnitsTable
from console.ui.widgets import Elided, caption, scaled

if TYPE_CHECKING:
    from console.ui.units.asking import UnitAsking

_STEPS: Final = {
    "unit.acknowledged": UnitStatus.ACKNOWLEDGED,
    "unit.en_route": UnitStatus.EN_ROUTE,
    "unit.on_scene": UnitStatus.ON_SCENE,
    "unit.transporting": UnitStatus.TRANSPORTING,
    "unit.available": UnitStatus.AVAILABLE,
}

Sent = tuple[c.AnyCommand, datetime | None]
"""A command, and since when it is so where a person said that."""


class UnitsPane(QWidget):
    """The units with their heading, and the line that asks for a place or a reason where a key needs one."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ask: Callable[[str], Sent] | None = None
        self._by_check = False
        self.setAccessibleName("Units")
        self.model = UnitsModel(context.store, self)
        self.table = UnitsTable(context, self.model)
        self.setFocusProxy(self.table)
        self._count = caption("", "muted")
        self.said = Elided("alarm")
        self.words = QLineEdit()
        self.words.hide()
        self.words.returnPressed.connect(self._answer)

        top = QFrame()
        top.setProperty("role", "strip")
        line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(9), scaled(14), scaled(9))
        line.setSpacing(scaled(10))
        line.addWidget(caption("Units", "heading"))
        line.addWidget(self._count)
        line.addWidget(self.said, 1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.words)

        keys = context.actions
        keys.bind("focus.units", self, self.table.setFocus)
        for action_id, status in _STEPS.items():
            keys.bind(action_id, self, partial(self._set, status))
        for action_id, ask in (
            ("unit.status", lambda unit: self.asking.status(unit)),
            ("unit.correct", lambda unit: self.asking.correct(unit)),
            ("unit.history", lambda unit: self.asking.history(unit)),
        ):
            keys.bind(action_id, self, partial(self._ask_about, ask))
        keys.bind("units.by_check", self.table, self._order_by_check)
        keys.bind("unit.checked", self, lambda: self._for_unit(c.CheckUnit))
        keys.bind("unit.recall", self, self._recall)
        keys.bind("unit.assist", self, self._assist)
        keys.bind("unit.clear_backup", self, self._clear_backup)
        context.store.changed.connect(self._follow)
        context.selection.unit_changed.connect(lambda _: self.said.setText(""))
        self._say()
        context.opening.afterwards(lambda: self.asking)

    @cached_property
    def asking(self) -> UnitAsking:
        """What asks about the chosen unit in the table's place."""
        from console.ui.units.asking import UnitAsking

        made = UnitAsking(self._context)
        made.left.connect(self.table.show)
        self._column.insertWidget(self._column.indexOf(self.words), made, 1)
        return made

    # ---------------------------------------------------------------------------------------------- what it says

    def _follow(self, different: Changes) -> None:
        if different.units or different.agency:
            self._say()

    def _say(self) -> None:
        units = self._context.store.state.units.values()
        there = sum(1 for unit in units if unit_status.on_duty(unit))
        off = len(units) - there
        order = " · next checks first" if self._by_check else ""
        self._count.setText(f"{there} on duty{f' · {off} off shift' if off else ''}{order}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the line that asks; nothing is done."""
        if event.key() == Qt.Key.Key_Escape and not self.words.isHidden():
            self._close_line()
            return
        super().keyPressEvent(event)

    # ---------------------------------------------------------------------------------------------- what it does

    def _unit(self) -> UnitId | None:
        """The chosen unit; without one, a sentence says how to choose it."""
        unit_id = self._context.selection.unit_id
        if unit_id is None or unit_id not in self._context.store.state.units:
            self.said.setText("Choose a unit first (Alt+2, then up and down).")
            return None
        return unit_id

    def _send(self, command: c.AnyCommand, occurred_at: datetime | None = None) -> None:
        self.said.setText("")
        self._context.store.submit(command, occurred_at).then(self._told)

    def _told(self, outcome: c.CommandOutcome) -> None:
        if isinstance(outcome, c.Rejected):
            self.said.setText(outcome.reason)

    def _ask_about(self, ask: Callable[[Unit], None]) -> None:
        """Ask about the chosen unit in the place of the table."""
        unit_id = self._unit()
        if unit_id is not None:
            self.said.setText("")
            self.asking.leave()
            self._close_line()
            ask(self._context.store.state.units[unit_id])
            self.table.hide()

    def _order_by_check(self) -> None:
        self._by_check = not self._by_check
        self.model.order_by_check(self._by_check)
        self._say()

    def _for_unit(self, make: Callable[[UnitId], c.AnyCommand]) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._send(make(unit_id))

    def _set(self, status: UnitStatus) -> None:
        if status is not UnitStatus.TRANSPORTING:
            self._for_unit(lambda unit_id: c.SetUnitStatus(unit_id, status))
            return
        places = [place.name for place in self._context.store.state.agency.places if place.kind == "drop_off"]
        unit_id = self._unit()
        if unit_id is not None:
            question = f"Where does {unit_id} take the neighbor?"
            self._open_line(question, self._since(unit_id, status), places[0] if places else "", timed=True)

    def _since(self, unit_id: UnitId, status: UnitStatus) -> Callable[[str], Sent]:
        """What the line makes of a place, with a time beside it where it was not now."""

        def make(words: str) -> Sent:
            store = self._context.store
            where, at = split(store.state.agency, words, store.now())
            return c.SetUnitStatus(unit_id, status, where), at

        return make

    def _recall(self) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._open_line(f"Why is {unit_id} recalled?", lambda why: (c.RecallUnit(unit_id, why), None))

    def _assist(self) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._open_line(f"Where does {unit_id} assist?", self._since(unit_id, UnitStatus.ASSIST), timed=True)

    def _clear_backup(self) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._open_line(f"How is {unit_id} safe again?", lambda why: (c.ClearBackup(unit_id, why), None))

    # ---------------------------------------------------------------------------------------------- the line that asks

    def _open_line(self, question: str, make: Callable[[str], Sent], proposed: str = "", *, timed: bool = False) -> None:
        self.asking.leave()
        self._ask = make
        since = f"  {EXAMPLES} after it, where it was not now." if timed else ""
        self.words.setPlaceholderText(f"{question}{since}  Enter sends, Escape leaves")
        self.words.setToolTip(self.words.placeholderText())
        self.words.setAccessibleName(question)
        self.words.setText(proposed)
        self.words.selectAll()
        self.words.show()
        self.words.setFocus()

    def _answer(self) -> None:
        ask, words = self._ask, self.words.text().strip()
        if ask is None or not words:
            return
        try:
            command, occurred_at = ask(words)
        except NoTime as wrong:
            self.said.setText(str(wrong))
            return
        self._close_line()
        self._send(command, occurred_at)

    def _close_line(self) -> None:
        if self.words.isHidden():
            return
        self._ask = None
        self.words.clear()
        self.words.hide()
        self.table.setFocus()
