"""A clinician's desk without its screen, as a process of its own: the whole link, and somebody who takes every caller."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from console.domain import queries
from console.domain.commands import AcceptHandOff, SeeHandOff
from console.domain.ids import UserId
from tests.support.desk import Desk, desk


class LinkProcess:
    """The process, seen from the test."""

    def __init__(self, url: str, folder: Path, user: str) -> None:
        """Start it and wait until it is live; `folder` has its outbox, also when it is started there again."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.link_process", url, str(folder), user],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert self._process.stdout
        said = self._process.stdout.readline()
        assert said == b"live\n", said

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()

    def __enter__(self) -> LinkProcess:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave nothing running."""
        if self._process.poll() is None:
            self.kill()


async def clinician(url: str, folder: Path, user: UserId) -> None:
    """Sit there until the test is gone."""
    async with desk(url, folder, user) as mine, asyncio.TaskGroup() as tasks:
        await mine.live()
        print("live", flush=True)
        answering = tasks.create_task(_answer(mine, user))
        await asyncio.to_thread(sys.stdin.read)
        answering.cancel()


async def _answer(mine: Desk, user: UserId) -> None:
    while True:
        await mine.until(lambda: queries.ringing(mine.state, user) is not None)
        call = queries.ringing(mine.state, user)
        if call is not None and call.hand_off is not None:
            about = (call.call_id, call.hand_off.hand_off_id)
            await mine.connection.submit(SeeHandOff(*about))
            await mine.connection.submit(AcceptHandOff(*about))


if __name__ == "__main__":
    asyncio.run(clinician(sys.argv[1], Path(sys.argv[2]), UserId(sys.argv[3])))
