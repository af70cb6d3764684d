"""The desk as a running program: the hub it belongs to, the person who sits at it, the loop, and a clean end.

The hub's child process is started before Qt is imported, so that both come up at the same time, and nothing is loaded
that the board does not need. The Qt loop is entered exactly once; what runs in it lives in one task group, and the end
cancels that group and closes what is left open.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.shipped import default_configuration
from console.ui.folders import city_of, log_folder
from console.ui.options import Options

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from console.ui.own_hub import OwnHub

LOG_BYTES = 2_000_000


def run(options: Options) -> int:
    """Run a desk until it is closed. Exit code 0, or 1 with one line on stderr when it cannot start."""
    try:
        own, city = (None, "") if options.hub else _own_hub(options)
    except OSError as error:
        print(f"heart-console: {error}", file=sys.stderr)
        return 1
    try:
        why = no_display()
        if why:
            print(f"heart-console: {why}", file=sys.stderr)
            return 1

        app = application()
        keep_log()
        from console.ui.seat import Seat

        return enter_loop(app, Seat(app, options, own, city).live())
    finally:
        if own is not None:
            own.stop()


def _own_hub(options: Options) -> tuple[OwnHub, str]:
    """The desk's own hub, starting, and the city that it plays; FileNotFoundError without a configuration."""
    configuration = options.configuration or default_configuration()
    if not (configuration / "agency.toml").is_file():
        raise FileNotFoundError(f"--config {configuration}: there is no agency.toml; name the folder of a configuration")
    from console.ui.own_hub import OwnHub

    return OwnHub(configuration, options.speed, options.seed), city_of(configuration)


def no_display() -> str:
    """Why no window can be shown, in words; "" when one can."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). "
        "Start it in a desktop session, or set QT_QPA_PLATFORM=offscreen to run it unseen."
    )


def application() -> QApplication:
    """The one QApplication, in which the map's web engine can be loaded later."""
    _load_qt()
    from console.ui.map.scheme import expect_web_engine

    expect_web_engine()
    from PySide6.QtWidgets import QApplication

    app = QApplication([sys.argv[0]])
    app.setApplicationName("heart-console")
    app.setQuitOnLastWindowClosed(False)
    return app


def _load_qt() -> None:
    """Load Qt, and give Python its own `import` back.

    PySide puts another in its place, which reads the source text of every module that is imported from then on, in search
    of `from __feature__`. Nothing here uses that, and reading a hundred modules a second time takes 50 ms of the start.
    """
    python_import = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = python_import


def keep_quiet() -> None:
    """Let Qt's platform say nothing about what an off-screen drawing does not have: a display, a graphics card."""
    os.environ.setdefault("QT_LOGGING_RULES", "*.debug=false;*.info=false;*.warning=false")


def enter_loop(app: QApplication, main: object) -> int:
    """Enter the Qt loop, once, for a coroutine; Ctrl-C ends it like closing the window."""
    import qasync

    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    task: list[asyncio.Task[int]] = []

    def interrupt(*_: object) -> None:
        loop.call_soon_threadsafe(lambda: task[0].cancel() if task else None)

    before, generators = signal.signal(signal.SIGINT, interrupt), sys.get_asyncgen_hooks()
    # asyncio's own loops do this themselves, qasync's does not: without it a stream that is let go of is never closed.
    sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)
    try:
        with loop:

            async def entered() -> int:
                current = asyncio.current_task()
                assert current is not None
                task.append(current)
                try:
                    code: int = await main  # type: ignore[misc]
                    return code
                except asyncio.CancelledError:
                    return 130
                finally:
                    await loop.shutdown_asyncgens()

            return int(loop.run_until_complete(entered()))
    finally:
        signal.signal(signal.SIGINT, before)
        sys.set_asyncgen_hooks(*generators)


class _LogFile(logging.Handler):
    """A file that is opened for its first line: a start that goes well has none, and needs nothing that turns files over."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write it."""
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(self._path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        super().close()


def keep_log() -> Path:
    """Write the program's log to a file of at most twice 2 MB in the user's log folder; returns its path."""
    path = log_folder() / "desk.log"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _LogFile(path)
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(file)
    logging.getLogger().setLevel(logging.INFO)
    return path
