"""What the board does not need to be live and painted waits until it is, so that the start brings the board first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject


class Opening(QObject):
    """Whether the desk is still opening. Without a desk around it, as for one pane in a test, it never was."""

    def __init__(self, *, over: bool = True) -> None:
        super().__init__()
        self._over = over
        self._waiting: list[Callable[[], None]] = []

    def afterwards(self, do: Callable[[], None]) -> None:
        """Do this once the opening is over: now, if it is."""
        if self._over:
            do()
        else:
            self._waiting.append(do)

    def end(self) -> None:
        """The board is live and painted, or a person has something else to do first. Again is no error."""
        self._over = True
        waiting, self._waiting = self._waiting, []
        for do in waiting:
            do()
