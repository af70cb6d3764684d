"""Reads one sealed record on purpose: asks the hub, says why not, and lets the words go when it is left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.domain.commands import Rejected
from console.domain.ids import NoteId, UserId
from console.domain.state import Role
from console.ui.context import Context
from console.ui.widgets import caption
from console.wire.messages import NoteOpened


def may_read(context: Context) -> bool:
    """Whether who sits here writes and opens sealed records. The table of rights is the hub's; this keeps a refusal away."""
    me = context.store.me
    return me is not None and me.role is Role.CLINICIAN


class SealedReader(QWidget):
    """Hidden until a record is opened; its words are in this process's memory alone, and only as long as they are shown."""

    changed = Signal()
    """A record was opened, refused or closed."""

    def __init__(self, context: Context, what: str, shown: Callable[[str], str] = str) -> None:
        """`what` is read out as the name of the words; `shown` makes what is shown of what was sealed."""
        super().__init__()
        self._context, self._shown = context, shown
        self._asked: NoteId | None = None
        self.opened: NoteId | None = None
        """The record whose words are on the screen; None where none is."""
        self.words = caption("", "sealed", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName(what)
        self.why = QLineEdit()
        self.why.setAccessibleName(f"Reason for opening: {what}")
        self.why.setPlaceholderText("why do you open it? Enter opens; the reason is kept")
        self.why.returnPressed.connect(self._for_a_reason)
        self.said = caption("", "alarm", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.why, self.words, self.said):
            column.addWidget(widget)
        context.store.me_changed.connect(self.close_record)
        self.close_record()

    def read(self, note_id: NoteId, reason: str = "") -> None:
        """Have the hub open a record, which is written down there; a reason is asked for where it wants one."""
        if note_id != self._asked:
            self.close_record()
        self._asked = note_id
        self._say("")
        self._context.sealing.open(note_id, reason, partial(self._heard, note_id, self._context.me))

    def close_record(self) -> None:
        """Let the words go, and what was typed as a reason for them."""
        self._asked = self.opened = None
        self.words.clear()
        self.why.clear()
        self.why.hide()
        self._say("")

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaving closes what was opened."""
        super().hideEvent(event)
        if self.opened is not None and not self.isVisible():
            self.close_record()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up the reason."""
        if event.key() == Qt.Key.Key_Escape and not self.why.isHidden():
            self.close_record()
            return
        super().keyPressEvent(event)

    def _for_a_reason(self) -> None:
        if self._asked is not None and self.why.text().strip():
            self.read(self._asked, self.why.text())

    def _heard(self, note_id: NoteId, me: UserId, outcome: NoteOpened | Rejected) -> None:
        """Show the words, unless who asked has gone on meanwhile: then they are let go unseen."""
        if me != self._context.me or note_id != self._asked:
            return
        if isinstance(outcome, NoteOpened):
            self.opened = note_id
            self.why.clear()
            self.why.hide()
            self.words.setText(self._shown(outcome.text))
            self._say("")
            return
        self._say(outcome.reason)
        if outcome.code == "reason-needed":
            self.why.show()
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.words.setVisible(self.opened is not None)
        self.setVisible(self._asked is not None)
        self.changed.emit()
