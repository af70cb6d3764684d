"""Planning a call back: when, why, and Enter; beside the call, and never in its way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.commands import CommandOutcome, PlanCallBack, Rejected
from console.domain.ids import CallBackId
from console.domain.state import Call
from console.domain.times import time_of_day
from console.link.fresh import new_id
from console.ui.context import Context
from console.ui.handoff.moments import EXAMPLES, moment
from console.ui.widgets import caption, scaled


class CallBackForm(QFrame):
    """Hidden until it is asked for. Enter goes from when to why, and then plans; Escape leaves."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call: Call | None = None
        self._before: QWidget | None = None
        self.setProperty("role", "card")
        self.setAccessibleName("Plan a call back")
        self.title, self.said = caption("", "heading"), caption("", "small", wrap=True)
        self.when, self.why = QLineEdit(), QLineEdit()
        self.when.setPlaceholderText(f"when: {EXAMPLES}")
        self.when.setAccessibleName("When to call back")
        self.why.setPlaceholderText("why; Enter plans it")
        self.why.setAccessibleName("Why to call back")
        self.when.textEdited.connect(lambda _: self._preview())
        self.when.returnPressed.connect(self._go_on)
        self.why.returnPressed.connect(self._plan)
        fields = QHBoxLayout()
        fields.setSpacing(scaled(8))
        fields.addWidget(self.when, 2)
        fields.addWidget(self.why, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(8))
        column.setSpacing(scaled(6))
        column.addWidget(self.title)
        column.addLayout(fields)
        column.addWidget(self.said)
        self.hide()

    def ask(self, call: Call, before: QWidget | None = None) -> None:
        """Ask when and why for this call; the keyboard goes back to `before` afterwards."""
        self._call, self._before = call, before
        self.title.setText(f"Call back {call.callback or 'the caller'}, after {call.number}")
        self.when.clear()
        self.why.clear()
        self._preview()
        self.show()
        self.when.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Close without planning."""
        if self.isVisible():
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _preview(self) -> None:
        """Say what the words mean before anything is done."""
        store = self._context.store
        typed, due = self.when.text().strip(), moment(self.when.text(), store.state.agency, store.now())
        if due is not None:
            self.said.setText(f"due {time_of_day(store.state.agency, due, store.now())}")
        else:
            self.said.setText(f"That says no moment to come. Write {EXAMPLES}." if typed else "Escape leaves it")

    def _go_on(self) -> None:
        store = self._context.store
        if moment(self.when.text(), store.state.agency, store.now()) is not None:
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _plan(self) -> None:
        store = self._context.store
        due = moment(self.when.text(), store.state.agency, store.now())
        if self._call is None or due is None:
            self.when.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        command = PlanCallBack(CallBackId(new_id()), self._call.call_id, due, self.why.text().strip())
        store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self.said.setText(outcome.reason)
        else:
            self.leave()
