"""One heartbeat for every clock on the screen, so that they all change in the same paint; other work comes in between."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_MARGIN_MS = 8
"""A timer may fire a little early; the tick aims this far behind the second so that no second is shown twice."""
PARTS: Final = 4
_PART_MS: Final = 150


class Ticker(QObject):
    """Emits `second` once a second, just after the machine's clock turns. Stands still until `start`."""

    second = Signal()
    between = Signal(int)
    """1 to `PARTS`, one after another behind each second, each in a turn of the event loop of its own: for what need not
    change with the clocks and takes milliseconds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._part = 0
        self._parts = QTimer(self, interval=_PART_MS)
        self._parts.timeout.connect(self._between)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start(until_next_second(time.time()))

    def stop(self) -> None:
        """Stand still."""
        self._timer.stop()
        self._parts.stop()

    def _tick(self) -> None:
        self.start()
        self._part = 0
        self._parts.start()
        self.second.emit()

    def _between(self) -> None:
        self._part += 1
        if self._part == PARTS:
            self._parts.stop()
        self.between.emit(self._part)


def until_next_second(clock_s: float) -> int:
    """Milliseconds from `clock_s` (seconds) until just after the next whole second; never less than half a second."""
    into = clock_s % 1.0 * 1000
    wait = 1000 - into + _MARGIN_MS
    return round(wait if wait >= 500 else wait + 1000)
