"""Telling a service of an imminent threat: to whom, what must be known, and why it is serious and imminent.

It leaves the clinical compartment on purpose and is an act of its own in the log (45 CFR 164.512(j)): the last key is
pressed twice.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.commands import CommandOutcome, DiscloseThreat, Rejected
from console.domain.ids import CallId
from console.domain.state import Call
from console.link.fresh import new_id
from console.ui.action_button import ActionButton
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.option import Option, key_of
from console.ui.widgets import caption, scaled


class ThreatForm(QFrame):
    """Hidden until it is asked for. A digit says to whom, Enter goes on, the last Enter is pressed twice; Escape leaves."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call_id: CallId | None = None
        self._to = ""
        self._before: QWidget | None = None
        self.setProperty("role", "card")
        self.setAccessibleName("Tell of an imminent threat")
        self.title = caption("", "heading", wrap=True)
        self.to = ChoicePanel(columns=3)
        self.text, self.basis = QLineEdit(), QLineEdit()
        self.text.setPlaceholderText("what they must know, and no more")
        self.text.setAccessibleName("What must be known")
        self.basis.setPlaceholderText("why the threat is serious and imminent")
        self.basis.setAccessibleName("Why the threat is serious and imminent")
        self.tell = ActionButton("Tell them", "Return", role="alarm")
        self.said = caption("", "alarm", wrap=True)
        self.text.returnPressed.connect(lambda: self.basis.setFocus(Qt.FocusReason.OtherFocusReason))
        self.basis.returnPressed.connect(self.tell.click)
        for field in (self.text, self.basis):
            field.textEdited.connect(lambda _: self._say(""))
        self.tell.acted.connect(self._tell)
        self.to.left.connect(self._not_chosen)
        self._fields = QWidget()
        fields = QHBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(scaled(8))
        fields.addWidget(self.text, 1)
        fields.addWidget(self.basis, 1)
        fields.addWidget(self.tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(8))
        column.setSpacing(scaled(6))
        for widget in (self.title, self.to, self._fields, self.said):
            column.addWidget(widget)
        self.hide()

    def ask(self, call: Call, before: QWidget | None = None) -> None:
        """Ask for this call; the keyboard goes back to `before` afterwards. What was typed for it stands there still."""
        if call.call_id != self._call_id:
            self.text.clear()
            self.basis.clear()
        self._call_id, self._to, self._before = call.call_id, "", before
        self.title.setText(f"Imminent threat, call {call.number}. This leaves the notes: dispatch and the service read it.")
        self._fields.hide()
        self._say("")
        self.show()
        services = self._context.store.state.agency.other_services
        options = tuple(Option(one.code, one.name, key_of(place)) for place, one in enumerate(services))
        self.to.ask("Who must know?", options, self._chosen, does="tell", note=None, at_once=True)

    def leave(self) -> None:
        """Close; nothing is told."""
        shown, self._to = self.isVisible(), "left"
        self.to.leave()
        self.hide()
        if shown and self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _chosen(self, code: str, note: str) -> None:
        del note
        self._to = code
        name = self._context.store.state.agency.name_of(code)
        self.title.setText(f"{self.title.text().partition('. ')[0]}: {name} must know. Dispatch and {name} read this.")
        self.tell.confirm = f"Again: tell {name}"
        self.tell.say(f"Tell {name}")
        self.show()
        self._fields.show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_chosen(self) -> None:
        """The list closes before the choice is told: only where none comes was it left."""
        if not self._to:
            self.hide()

    def _tell(self) -> None:
        text, basis = self.text.text().strip(), self.basis.text().strip()
        if self._call_id is None or not text or not basis:
            self._say("Write both: what they must know, and why the threat is serious and imminent.")
            (self.basis if text else self.text).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        command = DiscloseThreat(self._call_id, new_id(), self._to, text, basis)
        self._context.store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)
        else:
            self.text.clear()
            self.basis.clear()
            self.leave()

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
