"""One heartbeat for every clock on the screen, so that they all change in the same paint."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_MARGIN_MS = 8
"""A timer may fire a little early; the tick aims this far behind the second so that no second is shown twice."""


class Ticker(QObject):
    """Emits `second` once a second, just after the machine's clock turns. Stands still until `start`."""

    second = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start(until_next_second(time.time()))

    def stop(self) -> None:
        """Stand still."""
        self._timer.stop()

    def _tick(self) -> None:
        self.start()
        self.second.emit()


def until_next_second(clock_s: float) -> int:
    """Milliseconds from `clock_s` (seconds) until just after the next whole second; never less than half a second."""
    into = clock_s % 1.0 * 1000
    wait = 1000 - into + _MARGIN_MS
    return round(wait if wait >= 500 else wait + 1000)
