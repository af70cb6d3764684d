"""The desk's own hub, watched from a thread of its own, so that it starts while Qt is still being read from the disk.

Nothing here knows Qt. The thread has its own event loop; what it learns is told to the desk's loop once there is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from console.link.embedded import EmbeddedHub

Tell = Callable[[str, str], None]
"""Takes the hub's address, or "" and in one sentence why there is none."""


class HubThread:
    """Starts the child process at once; `hear` may come later and is told the latest, then everything after."""

    def __init__(self, command: Sequence[str], log_path: Path) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[str, str] | None = None
        self._tell: Tell | None = None
        self._hub = EmbeddedHub(
            command, log_path, listening=lambda url: self._say(url, ""), failed=lambda w: self._say("", w)
        )
        self._loop = asyncio.new_event_loop()
        self._running: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="embedded hub", daemon=True)
        self._thread.start()

    @property
    def token(self) -> str:
        """The token that only this desk knows."""
        return self._hub.token

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._hub.pid

    def hear(self, tell: Tell) -> None:
        """Call `tell` from the thread: with what is known already, and at every change."""
        with self._lock:
            self._tell = tell
            latest = self._latest
        if latest is not None:
            tell(*latest)

    def stop(self) -> None:
        """End the child and the thread, and wait for both. Once is enough; again is no error."""
        with self._lock:
            self._tell = None
        with contextlib.suppress(RuntimeError):  # its loop is closed: it has ended already
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _say(self, url: str, why: str) -> None:
        with self._lock:
            self._latest = (url, why)
            tell = self._tell
        if tell is not None:
            tell(url, why)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _live(self) -> None:
        self._running = asyncio.current_task()
        try:
            await self._hub.run()
        except asyncio.CancelledError:
            return
