"""What the board does not need to be live and painted waits until it is, so that the start brings the board first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Opening(QObject):
    """Whether the desk is still opening. Without a desk around it, as for one pane in a test, it never was."""

    def __init__(self, *, over: bool = True) -> None:
        super().__init__()
        self.is_over = over
        self._waiting: list[Callable[[], object]] = []

    def afterwards(self, do: Callable[[], object], *, first: bool = False) -> None:
        """Do this once the opening is over, before all the rest if it is to be `first`: now, if it is over."""
        if self.is_over:
            do()
        elif first:
            self._waiting.insert(0, do)
        else:
            self._waiting.append(do)

    def end(self) -> None:
        """The board is live and painted, or a person has something else to do first. Again is no error."""
        if not self.is_over:
            self.is_over = True
            self._next()

    def _next(self) -> None:
        """One thing, then a turn of the loop for the person."""
        if self._waiting:
            self._waiting.pop(0)()
            QTimer.singleShot(0, self, self._next)
