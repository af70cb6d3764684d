"""Standing alarms: what somebody must do now, since when, and whether anybody has said that they heard it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.alarms import Alarm, AlarmKind
from console.domain.times import span
from console.ui.columns import Column
from console.ui.context import Context
from console.ui.supervisor.day import Day
from console.ui.supervisor.tables import Heading, OpeningTable
from console.ui.units.rows import Cell
from console.ui.words_table import WordsModel

COLUMNS: Final = (
    Column("", ("▲",)),
    Column("alarm", ("0000 Mental Health Crisis is past its target",), gives=True),
    Column("for", ("9:59:59",), face="clock"),
    Column("heard", ("heard", "open")),
)
SHAPES: Final = {1: Cell("▲", "alarm"), 2: Cell("◆", "due"), 3: Cell("●", "muted")}
"""Each priority has its own shape and colour; 1 is the most urgent."""

Key = tuple[AlarmKind, str | None, str | None, datetime]


def key(alarm: Alarm) -> Key:
    """What makes two alarms the same one: its kind, what it is about and since when, not its words.

    Two asks of one call are two alarms, and so are two callers who are to be called back.
    """
    return alarm.kind, alarm.call_id, alarm.unit_id, alarm.since


class AlarmsModel(WordsModel):
    """The alarms that stand, the most urgent first."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__([column.name for column in COLUMNS], 0, 2, parent)
        self._store = context.store
        self.alarms: dict[Key, Alarm] = {}

    def show_alarms(self, standing: tuple[Alarm, ...]) -> None:
        """Show these."""
        self.alarms = {key(alarm): alarm for alarm in standing}
        self.show_keys(list(self.alarms))
        self.aged.emit()

    def cells(self, about: Key) -> tuple[Cell, ...]:
        """The line of an alarm."""
        alarm = self.alarms[about]
        shape = SHAPES[alarm.priority]
        lasting = span((self._store.now() - alarm.since).total_seconds())
        heard = Cell("heard", "muted") if alarm.acknowledged else Cell("open")
        return shape, Cell(alarm.words), Cell(lasting, shape.ink if alarm.priority == 1 else "text"), heard


class AlarmsPane(QWidget):
    """The list with its heading. Enter shows the call, or chooses the unit, that an alarm is about."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._day = Day.of(context)
        self.setAccessibleName("Alarms")
        self._heading = Heading("Alarms, standing")
        self.model = AlarmsModel(context, self)
        self.table = OpeningTable(context, self.model, COLUMNS, "Standing alarms")
        self.table.horizontalHeader().hide()
        self.setFocusProxy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self.table, 1)
        self._day.alarms.watch(self, self._show)
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(now.row()))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._day.alarms.look()
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        standing = self._day.alarms.value
        self.model.show_alarms(standing)
        unheard = sum(1 for alarm in standing if not alarm.acknowledged)
        self._heading.aside.setText(f"{len(standing)} · {unheard} open" if standing else "none")

    def _choose(self, place: int) -> None:
        """What an alarm is about becomes the desk's call, so that the keys of a call are about it."""
        about = self.model.alarms.get(self.model.keys[place]) if 0 <= place < len(self.model.keys) else None
        if about is not None and about.call_id is not None and self.table.hasFocus():
            self._context.selection.choose_call(about.call_id)

    def _open(self, place: int) -> None:
        about = self.model.alarms[self.model.keys[place]]
        self._context.selection.choose_unit(about.unit_id or self._context.selection.unit_id)
        if about.call_id is not None:
            self._context.selection.open_call(about.call_id)
