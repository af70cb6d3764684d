"""A hub's core in a process of its own, at a time that the test says: the real ledger on a real store, the real clock, the
real watch over desks. The test gives it turns over a pipe, and may kill it in the middle of one.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType

import msgspec

from console.domain.commands import CommandOutcome, Order
from console.domain.events import LogEntry
from console.domain.ids import HUB, DeskId, Seq, UserId
from console.domain.instant import Instant
from console.hub import clock
from console.hub.desks import Desks
from console.hub.ledger import Ledger
from console.hub.store import Store
from console.wire import codec
from tests.support.hub import store_url


class Sent(msgspec.Struct, frozen=True):
    """A command, by whom, and from which desk."""

    order: Order
    by: UserId
    desk_id: DeskId


class Turn(msgspec.Struct, frozen=True):
    """It is `now`; these desks were heard, and these commands came at the same moment. The reader stands at `after`."""

    now: Instant
    after: Seq
    heard: tuple[tuple[UserId, DeskId], ...]
    sent: tuple[Sent, ...]


class Answer(msgspec.Struct, frozen=True, tag=True):
    """The outcome of one command of a turn, written the moment it was there."""

    place: int
    outcome: CommandOutcome


class Turned(msgspec.Struct, frozen=True, tag=True):
    """The turn is over; this is what stands in the log beyond where the reader stood."""

    entries: tuple[LogEntry, ...]


class LedgerProcess:
    """The process, seen from the test."""

    def __init__(self, folder: Path) -> None:
        """Start it on the store in `folder`, as it is."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.ledger_process", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip

    def take(self, turn: Turn, hear: Callable[[Answer], bool]) -> tuple[LogEntry, ...] | None:
        """Give it a turn and hear each answer; once `hear` returns False it is killed, and what it was at stays unknown.

        Returns the entries that are new to the reader, or None where it was killed.
        """
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(codec.encode(turn) + b"\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            match codec.decode(line, Answer | Turned):  # type: ignore[arg-type]
                case Turned(entries):
                    return entries
                case Answer() as answer:
                    if not hear(answer):
                        self.kill()
                        return None
        raise AssertionError(f"the ledger's process ended with {self._process.wait()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._close()

    def __enter__(self) -> LedgerProcess:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave nothing running."""
        self.kill()

    def _close(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()


class _Core:
    """The ledger, its clock and its watch over desks, moved on turn by turn."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._now = now
        self.ledger = Ledger(store, lambda: self._now)
        self._desks = Desks(self.ledger, clock=lambda: self._now.timestamp())
        self._begun, self._looked, self._in_turn = asyncio.Event(), asyncio.Event(), False

    async def clock(self) -> None:
        """The hub's clock; it sleeps from turn to turn, and looks once in each."""
        await self._until_next_turn(0.0)
        await clock.run(self.ledger, lambda: self._now, self._until_next_turn, lambda: 1.0)

    async def turn(self, turn: Turn) -> None:
        """Let the people, the clock and the watch act at one moment; say every outcome, then what is new in the log."""
        self._now = turn.now
        for user_id, desk_id in turn.heard:
            self._desks.heard(user_id, desk_id)
        self._begun.set()
        async with asyncio.TaskGroup() as tasks:
            for place, sent in enumerate(turn.sent):
                tasks.create_task(self._submit(place, sent))
            for order in self._desks.due():
                tasks.create_task(self.ledger.submit(order, HUB))
            tasks.create_task(self._looked.wait())
        self._looked.clear()
        _say(Turned(tuple(await self._entries(turn.after))))

    async def _submit(self, place: int, sent: Sent) -> None:
        _say(Answer(place, await self.ledger.submit(sent.order, sent.by, sent.desk_id)))

    async def _until_next_turn(self, _seconds: float) -> None:
        if self._in_turn:
            self._looked.set()
        await self._begun.wait()
        self._begun.clear()
        self._in_turn = True

    async def _entries(self, after: Seq) -> Iterable[LogEntry]:
        frames = self.ledger.frames(after)
        if frames is None:
            return await self.ledger.entries(after)
        return [codec.decode(frame.partition(b"data: ")[2].strip(), LogEntry) for frame in frames]


def _say(message: Answer | Turned) -> None:
    sys.stdout.buffer.write(codec.encode(message) + b"\n")
    sys.stdout.buffer.flush()


async def main(folder: Path) -> None:
    """Take turns until the test is gone."""
    store, core = Store(store_url(folder)), None
    async with asyncio.TaskGroup() as tasks:
        running: list[asyncio.Task[None]] = []
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            turn = codec.decode(line, Turn)
            if core is None:
                core = _Core(store, turn.now)
                running = [tasks.create_task(core.ledger.run()), tasks.create_task(core.clock())]
            await core.turn(turn)
        for task in running:
            task.cancel()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
