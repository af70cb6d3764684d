"""Faults of the program itself: logged with their stack, told with a reference number, and the board keeps running."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any
from uuid import uuid4

from console.ui.notices import Notices

log = logging.getLogger(__name__)


class Faults:
    """Where every uncaught exception ends: of Qt slots, of the event loop, of coroutines used as slots, of threads."""

    def __init__(self, notices: Notices, log_file: str = "") -> None:
        self._notices = notices
        self._log_file = log_file
        self._restore: list[Callable[[], None]] = []
        self._known: dict[str, str] = {}
        self._times: Counter[str] = Counter()

    def report(self, error: BaseException, doing: str = "") -> str:
        """Log one fault and tell the person; returns its reference.

        The same fault again (a painting that fails does so at every turn) has the same reference and notice, and is
        logged at its 10th, 100th, 1,000th time: so it neither fills the screen nor drives its own cause out of the log.
        """
        where = _where(error)
        reference = self._known.setdefault(where, f"F-{uuid4().hex[:6].upper()}")
        self._times[reference] += 1
        times = self._times[reference]
        if times == 1:
            log.error("fault %s %s", reference, doing, exc_info=(type(error), error, error.__traceback__))
        elif str(times).strip("0") == "1":
            log.error("fault %s again, %d times so far", reference, times)
        kept = f" The log is {self._log_file}." if self._log_file else ""
        what = f" while {doing}" if doing else ""
        self._notices.fault(
            f"The console made a mistake{what}; the board keeps running. Reference {reference}.{kept}", reference
        )
        return reference

    def install(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Take over from Python's own hooks; `uninstall` gives them back."""
        hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._exception
        threading.excepthook = lambda arguments: self._of_thread(arguments.exc_value)

        def back() -> None:
            sys.excepthook, threading.excepthook = hooks

        self._restore.append(back)
        if loop is not None:
            loop.set_exception_handler(self._of_loop)
            self._restore.append(lambda: loop.set_exception_handler(None))

    def uninstall(self) -> None:
        """Give the hooks back."""
        while self._restore:
            self._restore.pop()()

    def _exception(self, kind: type[BaseException], error: BaseException, stack: TracebackType | None) -> None:
        if issubclass(kind, (KeyboardInterrupt, SystemExit)):
            sys.__excepthook__(kind, error, stack)
        else:
            self.report(error)

    def _of_thread(self, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, SystemExit):
            self.report(error, "working in the background")

    def _of_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        del loop
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.report(error)
        else:
            log.error("event loop: %s", context.get("message", context))


def _where(error: BaseException) -> str:
    """What tells one fault from another: its kind and the line it came from."""
    stack = error.__traceback__
    while stack is not None and stack.tb_next is not None:
        stack = stack.tb_next
    if stack is None:
        return repr(error)
    return f"{type(error).__qualname__} {stack.tb_frame.f_code.co_filename}:{stack.tb_lineno}"
