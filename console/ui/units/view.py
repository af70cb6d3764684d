"""The units on the screen, and under the table a line in which a person says what a status needs: a place, a reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
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
from console.domain.state import UnitStatus
from console.ui.columns import Column, widths
from console.ui.context import Context
from console.ui.units.model import UnitsModel
from console.ui.units.rows import COLUMNS
from console.ui.widgets import Elided, caption, scaled
from console.ui.words_table import WordsTable

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "status": ("▲ Backup requested", *unit_status.STATUS_WORDS.values()),
    "for": ("59:59", "9 h 59"),
    "check": ("▲ 59:59 past",),
}
_GOES: Final = (("crew", 150), ("where", 100))
"""What goes, in this order, where a call or a place had fewer pixels than this: the row still tells it to a screen reader,
and the map shows it."""

_STEPS: Final = {
    "unit.acknowledged": UnitStatus.ACKNOWLEDGED,
    "unit.en_route": UnitStatus.EN_ROUTE,
    "unit.on_scene": UnitStatus.ON_SCENE,
    "unit.transporting": UnitStatus.TRANSPORTING,
    "unit.available": UnitStatus.AVAILABLE,
}


class UnitsTable(WordsTable):
    """One line a unit. What is chosen here is the desk's unit; choosing never moves a row."""

    def __init__(self, context: Context, model: UnitsModel) -> None:
        self._context, self._units = context, model
        self._following = False
        super().__init__(context, model, "Units")
        self.size_rows()
        context.selection.unit_changed.connect(lambda _: self.follow_selection())
        context.store.changed.connect(lambda different: self.fit_columns() if different.agency else None)
        self.follow_selection()

    def follow_selection(self) -> None:
        """Show the desk's unit as the chosen row."""
        place = self._units.row_of(self._context.selection.unit_id)
        self._following = True
        if place is None:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self._units.index(place, 0))
        self._following = False

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A person moved to another row: that unit is the desk's from now on, and its call with Enter."""
        super().currentChanged(current, previous)
        if not self._following and current.isValid():
            self._context.selection.choose_unit(self._units.unit_at(current.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard chooses nothing: Qt would make the first row current."""
        self._following = True
        super().focusInEvent(event)
        self._following = False
        self.follow_selection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the unit's call."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            unit = self._context.store.state.units.get(UnitId(self._context.selection.unit_id or ""))
            if unit is not None and unit.call is not None:
                self._context.selection.choose_call(unit.call)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow the table."""
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Columns as wide as what they are made to say; where it is narrow crews and places go, calls give."""
        columns, room = self._columns(), self.viewport().width()
        for name, least in _GOES:
            made = zip(columns, widths(columns, room), strict=True)
            if any(column.gives and wide < min(column.needs(), scaled(least)) for column, wide in made):
                columns = [column for column in columns if column.name != name]
        given = {column.name: wide for column, wide in zip(columns, widths(columns, room), strict=True)}
        for place, name in enumerate(COLUMNS):
            self.setColumnHidden(place, name not in given)
            self.setColumnWidth(place, given.get(name, 0))

    def _columns(self) -> list[Column]:
        """For what each column is made, by the agency's own units, crews, natures and places."""
        state = self._context.store.state
        agency, units = state.agency, state.units.values()
        words = _WORDS | {
            "unit": tuple(unit.unit_id for unit in units),
            "crew": tuple({" · ".join(unit.crew) for unit in units}),
            "call": tuple(f"0000 {nature.name}" for nature in agency.natures.values() if nature.listed and not nature.base),
            "where": tuple(f"9.9 km from {place.name}" for place in agency.places),
        }
        faces: dict[str, Literal["strong", "clock"]] = {"unit": "strong", "for": "clock"}
        return [Column(name, words[name], name in ("call", "where"), faces.get(name, "second")) for name in COLUMNS]

    def size_rows(self) -> None:
        """Rows and columns as the desk's size wants them."""
        super().size_rows()
        self.fit_columns()


class UnitsPane(QWidget):
    """The units with their heading, and the line that asks for a place or a reason where a key needs one."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ask: Callable[[str], c.AnyCommand] | None = None
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.words)

        keys = context.actions
        keys.bind("focus.units", self, self.table.setFocus)
        for action_id, status in _STEPS.items():
            keys.bind(action_id, self, partial(self._set, status))
        keys.bind("unit.checked", self, lambda: self._for_unit(c.CheckUnit))
        keys.bind("unit.recall", self, self._recall)
        keys.bind("unit.assist", self, self._assist)
        keys.bind("unit.clear_backup", self, self._clear_backup)
        context.store.changed.connect(self._follow)
        context.selection.unit_changed.connect(lambda _: self.said.setText(""))
        self._say()

    # ---------------------------------------------------------------------------------------------- what it says

    def _follow(self, different: Changes) -> None:
        if different.units or different.agency:
            self._say()

    def _say(self) -> None:
        units = self._context.store.state.units.values()
        there = sum(1 for unit in units if unit_status.on_duty(unit))
        off = len(units) - there
        self._count.setText(f"{there} on duty" + (f" · {off} off shift" if off else ""))

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

    def _send(self, command: c.AnyCommand) -> None:
        self.said.setText("")
        self._context.store.submit(command).then(self._told)

    def _told(self, outcome: c.CommandOutcome) -> None:
        if isinstance(outcome, c.Rejected):
            self.said.setText(outcome.reason)

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
            self._open_line(
                f"Where does {unit_id} take the neighbor?",
                lambda where: c.SetUnitStatus(unit_id, UnitStatus.TRANSPORTING, where),
                places[0] if places else "",
            )

    def _recall(self) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._open_line(f"Why is {unit_id} recalled?", lambda why: c.RecallUnit(unit_id, why))

    def _assist(self) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._open_line(
                f"Where does {unit_id} assist?", lambda where: c.SetUnitStatus(unit_id, UnitStatus.ASSIST, where)
            )

    def _clear_backup(self) -> None:
        unit_id = self._unit()
        if unit_id is not None:
            self._open_line(f"How is {unit_id} safe again?", lambda why: c.ClearBackup(unit_id, why))

    # ---------------------------------------------------------------------------------------------- the line that asks

    def _open_line(self, question: str, make: Callable[[str], c.AnyCommand], proposed: str = "") -> None:
        self._ask = make
        self.words.setPlaceholderText(f"{question}  Enter sends, Escape leaves")
        self.words.setAccessibleName(question)
        self.words.setText(proposed)
        self.words.selectAll()
        self.words.show()
        self.words.setFocus()

    def _answer(self) -> None:
        ask, words = self._ask, self.words.text().strip()
        if ask is not None and words:
            self._close_line()
            self._send(ask(words))

    def _close_line(self) -> None:
        self._ask = None
        self.words.clear()
        self.words.hide()
        self.table.setFocus()
