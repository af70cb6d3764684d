"""The hub that a desk starts for itself: a child process that lives exactly as long as the desk."""

import asyncio
import contextlib
import logging
import random
import re
import secrets
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TypeVar

import msgspec

from console.domain.ids import LogId
from console.link.backoff import Backoff
from console.wire.codec import Unreadable, decode

START_WITHIN_S = 60.0
"""Generous: a cold disk and a virus scanner have been seen to take half a minute over a Python start."""
END_WITHIN_S = 5.0
LOG_BYTES = 1_000_000
LINE_BYTES = 8192
LAST_LINES = 20
_ORDINARY = re.compile(r"\d{4}-\d\d-\d\d \S+ (DEBUG|INFO) ")
"""A line of the hub's log that tells of its ordinary work: no reason why it ended."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Listening(msgspec.Struct, frozen=True):
    """The one line that an embedded hub writes when it listens."""

    url: str
    log_id: LogId


class HubNotStarted(Exception):
    """The child process did not come to listen; the sentence says why, as far as it said so itself."""


def hub_command(*arguments: str) -> tuple[str, ...]:
    """The command line of an embedded hub: this same program, packed or not, as `hub`."""
    program = (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", "console")
    return (*program, "hub", "--listen", "127.0.0.1:0", "--embedded", *arguments)


class EmbeddedHub:
    """Starts the hub, watches it, starts it again when it ends, and ends it with the desk.

    The child reads its desk token from the first line of its standard input and ends when that input ends: the system
    closes the pipe with the desk, however the desk ends, so no hub is left behind by a desk that was killed. What the
    child says on its standard error goes to a log file of at most two megabytes, and its last line explains a failure.
    """

    def __init__(
        self,
        command: Sequence[str],
        log_path: Path,
        *,
        listening: Callable[[str], None],
        failed: Callable[[str], None] = lambda _why: None,
        backoff: Backoff | None = None,
    ) -> None:
        """Take the command line (`hub_command`), and whom to tell the address, or in one sentence why there is none."""
        self.token = secrets.token_urlsafe(32)
        self.url: str | None = None
        self.pid: int | None = None
        self._command = tuple(command)
        self._log_path = log_path
        self._listening = listening
        self._failed = failed
        self._backoff = backoff or Backoff(random.random)
        self._last: deque[str] = deque(maxlen=LAST_LINES)

    async def run(self) -> None:
        """Keep a hub running until cancelled; then end it and wait for it."""
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                code = await self._one_life()
                why = f"The hub of this desk ended{self._last_words() or _how(code)}. It is being started again."
            except HubNotStarted as error:
                why = str(error)
            self.url = self.pid = None
            _log.warning("embedded-hub-ended: %s", why)
            self._failed(why)
            await asyncio.sleep(self._backoff.failed(time.monotonic()))

    async def _one_life(self) -> int | None:
        """Start the child, tell its address, and return its exit code when it has ended."""
        self._last.clear()
        try:
            child = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        except OSError as error:
            raise HubNotStarted(f"The hub of this desk cannot be started: {error}.") from error
        assert child.stdin and child.stdout and child.stderr
        self.pid = child.pid
        failure: HubNotStarted | None = None
        with _bounded_log(self._log_path) as log:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._keep(child.stderr, log), name="hub-stderr")
                    try:
                        listening = await self._start(child)
                    except HubNotStarted as error:
                        failure = error
                        await _end(child, child.wait)  # the group goes on reading what it still has to say
                    else:
                        tasks.create_task(self._keep(child.stdout, log), name="hub-stdout")
                        self.url = listening.url
                        self._backoff.well(time.monotonic())
                        self._listening(listening.url)
            finally:
                for said in await _end(child, child.communicate):
                    for line in said.splitlines():
                        self._note(line, log)
        if failure:
            raise HubNotStarted(f"{failure}{self._last_words()}. Its log is {self._log_path}.")
        return child.returncode

    async def _start(self, child: Process) -> Listening:
        """Give the token and wait for the line that says where it listens."""
        assert child.stdin and child.stdout
        try:
            child.stdin.write(f"{self.token}\n".encode())
            async with asyncio.timeout(START_WITHIN_S):
                await child.stdin.drain()
                line = await child.stdout.readline()
            if not line:
                raise HubNotStarted(f"The hub of this desk ended at once (exit {await child.wait()})")
            return decode(line, Listening)
        except TimeoutError:
            raise HubNotStarted(f"The hub of this desk did not start within {START_WITHIN_S:.0f} s") from None
        except OSError:
            raise HubNotStarted(f"The hub of this desk ended at once (exit {await child.wait()})") from None
        except (Unreadable, ValueError) as error:
            raise HubNotStarted(f"The hub of this desk did not say where it listens ({error})") from None

    async def _keep(self, pipe: asyncio.StreamReader, log: logging.Handler) -> None:
        """Write what the child says to the log, line by line; a line without an end is cut, not waited for."""
        rest = b""
        while chunk := await pipe.read(LINE_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LINE_BYTES:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._note(line, log)
        if rest:
            self._note(rest, log)

    def _note(self, line: bytes, log: logging.Handler) -> None:
        text = line[:LINE_BYTES].decode(errors="replace").rstrip()
        if text:
            self._last.append(text)
            log.emit(logging.LogRecord("hub", logging.INFO, "", 0, text, None, None))

    def _last_words(self) -> str:
        """The last line it said, unless that only tells of its ordinary work."""
        last = self._last[-1] if self._last else ""
        return f": {last}" if last and not _ORDINARY.match(last) else ""


def _how(code: int | None) -> str:
    """How a hub ended that said nothing of it: a negative code is the signal that ended it."""
    if code is not None and code < 0:
        return f": it was stopped from outside (signal {-code})"
    return f" (exit {code})"


@contextlib.contextmanager
def _bounded_log(path: Path) -> Iterator[logging.Handler]:
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    try:
        yield handler
    finally:
        handler.close()


async def _end(child: Process, ended: Callable[[], Coroutine[None, None, T]]) -> T:
    """Close its input, which ends it, and wait by `ended`; kill it if it does not end."""
    assert child.stdin
    child.stdin.close()
    try:
        async with asyncio.timeout(END_WITHIN_S):
            return await ended()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        return await ended()
