"""What a window in a process of its own has to do with its parent: hear its words, and not live on after a fault."""

import os
import sys
from threading import Thread
from traceback import print_exception
from types import TracebackType

import msgspec
from PySide6.QtCore import QObject, Signal


class Words(QObject):
    """Emits every JSON line of standard input, and at its end, the parent being gone, that it ended.

    A thread reads it: pipes cannot be watched by Qt on every system.
    """

    heard = Signal(object)
    ended = Signal()

    def __init__(self) -> None:
        """Begin to listen."""
        super().__init__()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while line := sys.stdin.readline():
            self.heard.emit(msgspec.json.decode(line))
        self.ended.emit()


def end_with_a_fault() -> None:
    """From now on a fault in a slot ends the process, where Qt would go on and the parent wait for ever."""
    sys.excepthook = _end


def _end(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    print_exception(kind, fault, trace)
    sys.stderr.flush()
    os._exit(1)
