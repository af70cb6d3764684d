"""The clinician's list of calls: those in my care, the one that rings, and those that wait for my programme."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.ui.context import Context
from console.ui.handoff.call_list import CallList
from console.ui.handoff.lines import ClinicianLines
from console.ui.widgets import scaled


class MyCallsPane(QWidget):
    """Calls in my care, the one that rings, and those that wait for my programme. Choosing one shows it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("My calls")
        self.setMinimumWidth(scaled(250))
        self.model = ClinicianLines(context.store, self)
        self.list = CallList(context, self.model)
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        context.actions.bind("call.next", self, lambda: self.list.step(1))
        context.actions.bind("call.previous", self, lambda: self.list.step(-1))
        context.actions.bind("focus.queue", self, self.list.setFocus)
        context.store.me_changed.connect(self._choose_mine)
        context.store.changed.connect(self._board_came)

    def showEvent(self, event: QShowEvent) -> None:
        """Who comes to this workspace with a call in care finds that one chosen, unless another of the list already is."""
        super().showEvent(event)
        self._choose_mine()

    def _choose_mine(self) -> None:
        mine = self.model.mine()
        if self.isVisible() and mine and self._context.selection.call_id not in self.model.calls():
            self._context.selection.choose_call(mine[0])

    def _board_came(self, different: Changes) -> None:
        """The board comes after its person: only now is it known what they have in care."""
        if different.agency and self._context.selection.call_id is None:
            self._choose_mine()
