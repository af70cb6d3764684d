"""The clinician's list: callers in my care, the one that rings, those that wait for my programme, and calls back today."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.changes import Changes
from console.domain.commands import CommandOutcome, Rejected, TakeFromQueue
from console.domain.ids import CallId
from console.link.fresh import new_hand_off_id
from console.ui.context import Context
from console.ui.handoff.call_list import CallList
from console.ui.handoff.lines import ClinicianLines
from console.ui.handoff.rows import Line
from console.ui.widgets import caption, scaled


class MyCallsPane(QWidget):
    """Calls in my care, the one that rings, those that wait, and calls back. Choosing one shows it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("My calls")
        self.setMinimumWidth(scaled(250))
        self.model = ClinicianLines(context.store, self)
        self.list = CallList(context, self.model)
        self.said = caption("", "alarm", wrap=True)
        self.said.setContentsMargins(scaled(14), scaled(8), scaled(14), scaled(8))
        self.said.hide()
        self.take = context.actions.button("care.take_waiting", self, self._take)
        self.setFocusProxy(self.list)
        foot = QVBoxLayout()
        foot.setContentsMargins(scaled(10), scaled(8), scaled(10), scaled(10))
        foot.addWidget(self.said)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        context.actions.bind("call.next", self, lambda: self.list.step(1))
        context.actions.bind("call.previous", self, lambda: self.list.step(-1))
        context.actions.bind("focus.queue", self, self.list.setFocus)
        for moved in (self.model.rowsInserted, self.model.rowsRemoved, self.model.dataChanged, self.model.modelReset):
            moved.connect(self._show_take)
        context.selection.call_changed.connect(self._show_take)
        context.ticker.second.connect(self.model.age)
        context.store.me_changed.connect(self._choose_mine)
        context.store.changed.connect(self._board_came)
        self._show_take()

    def showEvent(self, event: QShowEvent) -> None:
        """Who comes to this workspace with a call in care finds that one chosen, unless another of the list already is."""
        super().showEvent(event)
        self._choose_mine()

    def _choose_mine(self) -> None:
        mine = self.model.of("mine")
        if self.isVisible() and mine and self._context.selection.call_id not in self.model.calls():
            self._context.selection.choose_call(mine[0].call_id)

    def _board_came(self, different: Changes) -> None:
        """The board comes after its person: only now is it known what they have in care.

        Who looks at no call, or at one that is over, sees the one that begins to ring, to read before they answer; who
        looks at another, or writes, goes on.
        """
        if different.agency and self._context.selection.call_id is None:
            self._choose_mine()
        chosen, me = self._context.chosen_call, self._context.me
        writes = isinstance(QApplication.focusWidget(), (QLineEdit, QPlainTextEdit))
        rings = queries.ringing(self._context.store.state, me) if different.calls else None
        if rings is not None and (chosen is None or chosen.closing is not None) and not writes and self.isVisible():
            self._context.selection.choose_call(rings.call_id)

    # ---------------------------------------------------------------------------------------------- who waits

    def _next(self) -> Line | None:
        """The caller whom the key takes: the chosen one if they wait, else the one who waits the longest."""
        waiting = [row for row in self.model.of("waiting") if row.waits]
        chosen = self._context.selection.call_id
        return next((row for row in waiting if row.call_id == chosen), waiting[0] if waiting else None)

    def _show_take(self) -> None:
        found = self._next()
        self.take.setVisible(found is not None and not self.model.of("mine"))  # one caller at a time
        if found is not None:
            self.take.say(f"Take {found.number} from the queue")

    def _take(self) -> None:
        found = self._next()
        if found is not None:
            self._say("")
            command = TakeFromQueue(found.call_id, new_hand_off_id())
            self._context.store.submit(command).then(lambda outcome: self._heard(outcome, found.call_id))

    def _heard(self, outcome: CommandOutcome, taken: CallId) -> None:
        """Who was taken is the desk's call; why not is said above the key."""
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)
        else:
            self._context.selection.choose_call(taken)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
