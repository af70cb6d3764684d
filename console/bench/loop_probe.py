"""Watches a Qt event loop from inside: how long it ever was until it came round."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

BEAT_MS = 4


class LoopProbe(QObject):
    """Notes the time between one beat of a short timer and the next, in milliseconds.

    A turn of the loop that takes long holds up the next beat for as long, so none is missed; each gap is longer than the
    longest turn in it, by at most a beat, less than a millisecond of waking up apart. With each gap the processor time
    that the thread had in it: what is beyond was waiting, for a disk, for a lock, or for a processor in use elsewhere.
    """

    done = Signal()

    def __init__(self) -> None:
        """Stand still."""
        super().__init__()
        self.gaps: list[tuple[float, float]] = []
        self._last = self._until = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self, seconds: float) -> None:
        """Watch for so long, then emit `done`."""
        self.gaps = []
        self._last = (time.perf_counter(), time.thread_time())
        self._until = (self._last[0] + seconds, 0.0)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.gaps.append(((now[0] - self._last[0]) * 1e3, (now[1] - self._last[1]) * 1e3))
        self._last = now
        if now[0] >= self._until[0]:
            self._timer.stop()
            self.done.emit()
