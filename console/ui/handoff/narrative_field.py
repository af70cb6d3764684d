"""The field in which a clinician writes to the call's narrative. It says who reads it, and it is never lost."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.commands import AddNarrative, CommandOutcome, Rejected
from console.domain.ids import CallId
from console.link.fresh import new_entry_id
from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.entry_edit import EntryEdit
from console.ui.widgets import caption, scaled


class NarrativeField(QWidget):
    """An entry for the chosen call; half-typed words stay with their call, through a change of call and a crash."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call_id: CallId | None = None
        self._who = caption("narrative · everybody on the floor reads it; no clinical notes here", "muted")
        self.field = EntryEdit()
        self.field.setAccessibleName("Entry for the narrative, read by everybody on the floor")
        key = key_words(action("call.narrative").keys[0])
        self.field.setPlaceholderText(f"{key} to write here · Enter adds it · Shift Enter begins a new line")
        self.field.setMinimumHeight(scaled(64))
        self.said = caption("", "alarm", wrap=True)
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(12))
        column.setSpacing(scaled(7))
        for widget in (self._who, self.field, self.said):
            column.addWidget(widget)
        self.field.textChanged.connect(self._keep)
        self.field.entered.connect(self._add)

    def show_call(self, call_id: CallId | None, may_write: bool) -> None:
        """Write to this call from now on; the words typed for another stay with that one."""
        self.field.setReadOnly(not may_write)
        if call_id == self._call_id:
            return
        self._call_id = None
        self.field.setPlainText(self._context.drafts.text(self._context.me, call_id) if call_id else "")
        self.field.moveCursor(QTextCursor.MoveOperation.End)  # who comes back goes on where they stopped
        self._call_id = call_id
        self._say("")

    def _keep(self) -> None:
        if self._call_id is not None:
            self._context.drafts.keep(self._context.me, self._call_id, self.field.toPlainText())
            self._context.store.type_into(self._call_id, self.field.toPlainText())

    def _add(self) -> None:
        call_id, words = self._call_id, self.field.toPlainText().strip()
        if call_id is None or not words or self.field.isReadOnly():
            return
        self._say("")
        self.field.clear()
        command = AddNarrative(call_id, new_entry_id(), words)
        self._context.store.submit(command).then(lambda outcome: self._heard(outcome, call_id, words))

    def _heard(self, outcome: CommandOutcome, call_id: CallId, words: str) -> None:
        """What was not taken comes back: into the field, below what was typed since, or as a draft of its call."""
        if not isinstance(outcome, Rejected):
            return
        if call_id == self._call_id:
            self.field.appendPlainText(words)
            self._say(outcome.reason)
            return
        kept = self._context.drafts.text(self._context.me, call_id)
        self._context.drafts.keep(self._context.me, call_id, f"{words}\n{kept}".strip())
        self._context.notices.refuse(f"{outcome.reason} The entry was kept as a draft of its call.")

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
