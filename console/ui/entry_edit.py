"""The field in which an entry of a narrative is written, the same wherever one is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit


def begins_a_command(event: QEvent, empty: bool) -> bool:
    """Whether this is the "/" typed first into an empty field: that is the command line's key, and no first character."""
    return empty and event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text() == "/"


class EntryEdit(QPlainTextEdit):
    """Enter ends the entry, Shift and Enter begin a new line, Tab and Escape leave the field, what is written stays.

    Escape is not taken here: the desk gives the keyboard back to where it was.
    """

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def event(self, event: QEvent) -> bool:
        """Leave the key of the command line to it while nothing is written."""
        if begins_a_command(event, self.document().isEmpty()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the end of the entry from a new line."""
        new_line = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not new_line:
            self.entered.emit()
            return
        super().keyPressEvent(event)
