"""What the call pane says while there is no call in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console.ui.actions import action, key_words
from console.ui.widgets import scaled


class NoCall(QLabel):
    """Why no call is shown, and how one is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "faint")
        self.setContentsMargins(scaled(16), scaled(16), scaled(16), scaled(16))
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.say()

    def say(self, gone: bool = False) -> None:
        """Say that none is chosen, or that the one that was is `gone` from the board."""
        queue = key_words(action("focus.queue").keys[0])
        self.setText(
            "This call has left the live board; the history keeps it."
            if gone
            else f"No call is chosen. {queue} goes to the calls; arrows or a call's number choose one."
        )
