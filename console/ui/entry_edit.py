"""The field in which an entry of a narrative is written, the same wherever one is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit


class EntryEdit(QPlainTextEdit):
    """Enter ends the entry, Shift and Enter begin a new line, Tab leaves the field."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the end of the entry from a new line."""
        new_line = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not new_line:
            self.entered.emit()
            return
        super().keyPressEvent(event)
