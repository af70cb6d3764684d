"""Drains the outbox: one command at a time, in the order given, each with the id it was given."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from console.domain.commands import EXPIRED, Accepted, CommandOutcome, Order, Rejected
from console.domain.events import LogEntry
from console.domain.ids import CommandId, LogId, Seq, UserId
from console.domain.instant import Instant
from console.link.backoff import Backoff
from console.link.outbox import UNSETTLED, Outbox, OutboxFailed, Row, RowState, expires
from console.link.problems import HubFault, Refused, Unreachable

FAULTS_AT_MOST = 5
"""Times the hub may fail (500) on one command before it is set aside, so that it does not hold up all behind it."""

OTHER_LOG = "It was meant for a log that the hub no longer keeps. Look at the board before you send it again."
TOO_LATE = "It could not be sent for 30 s. Look at the board before you send it now."
MAYBE_TAKEN = "The hub did not answer for 30 s and may have carried it out. Look at the board before you send it again."
FAULTY = "The hub failed on it {times} times. It was set aside so that the others go on."

_log = logging.getLogger(__name__)


class Post(Protocol):
    """Where commands go: a `HubClient`, or in a test a script."""

    async def submit(self, order: Order) -> CommandOutcome:
        """Have a command carried out."""
        ...


class Bound(NamedTuple):
    """For whom, and into which log, commands can be sent now."""

    user_id: UserId
    log_id: LogId


class Sender:
    """Sends a person's rows while they are signed in and the link is up.

    What it promises: rows go out first in, first out, one at a time; a retry has the same id; a recording is sent however
    late, an order only within 30 s, and what the network holds up longer the hub does not carry out; a row is never sent
    for another person or into another log; a refusal does not hold up the next; and every row ends as an answer, or as a
    row that a person sees.
    """

    def __init__(
        self,
        post: Post,
        outbox: Outbox,
        bound: Callable[[], Bound | None],
        backoff: Backoff,
        *,
        answered: Callable[[CommandId, CommandOutcome], bool],
        changed: Callable[[], None],
        signed_out: Callable[[Refused], None],
        echoed: Callable[[float], None],
        hub_time: Callable[[float], Instant],
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Take what it needs to know, and whom it tells.

        `bound` is None while nothing can be sent. `answered` gives an outcome to whoever waits for it and returns
        whether somebody did; `changed` follows each change of a row, `signed_out` a 401, and `echoed` an own command
        seen on the stream, with the milliseconds since it was sent. `hub_time` is the hub's so many real seconds from now.
        """
        self._post = post
        self._outbox = outbox
        self._bound = bound
        self._backoff = backoff
        self._answered = answered
        self._changed = changed
        self._signed_out = signed_out
        self._echoed = echoed
        self._hub_time = hub_time
        self._clock = clock
        self._wall = wall
        self._woken = asyncio.Event()
        self._looking = asyncio.Lock()
        self._in_flight: CommandId | None = None
        self._sent_at: dict[CommandId, float] = {}
        self._seen: dict[CommandId, Seq] = {}
        self._faults = 0

    def wake(self) -> None:
        """There is something to do, or it can be done now."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self.look()
            bound = self._bound()
            row = self._outbox.head(*bound) if bound else None
            if row is None:
                await self._woken.wait()
                self._woken.clear()
                continue
            self._in_flight = row.command_id  # before the first await: `look` now leaves it alone
            try:
                wait_s = await self._send(row)
            finally:
                self._in_flight = None
            if wait_s:
                await self._pause(wait_s)

    async def look(self) -> None:
        """Settle rows that the stream has shown to be done, and give back those that no longer go by themselves.

        To be called about once a second too: an order runs out while another command is on its way.
        """
        async with self._looking:
            bound = self._bound()
            for command_id in tuple(self._outbox.rows):
                row = self._outbox.rows.get(command_id)
                if row is None or row.state is RowState.ACCEPTED or command_id == self._in_flight:
                    continue
                if command_id in self._seen:
                    await self._settle(row, Accepted(self._seen[command_id]))
                elif row.state in UNSETTLED:
                    if bound is not None and row.user_id == bound.user_id and row.log_id != bound.log_id:
                        await self._give_back(row, OTHER_LOG)
                    elif row.expires_at is not None and self._wall() >= row.expires_at:
                        await self._give_back(row, MAYBE_TAKEN if row.maybe_taken else TOO_LATE)

    def held_up(self) -> None:
        """The link is down: what was about to go is late, and the person sees it as "not sent"."""
        for row in tuple(self._outbox.rows.values()):
            if row.state in UNSETTLED and not row.late and row.command_id != self._in_flight:
                self._outbox.note(replace(row, late=True))
        self._changed()

    def saw(self, entry: LogEntry) -> None:
        """Look at an entry of the stream: an own command in it was carried out, whatever became of the answer."""
        if entry.command_id in self._outbox.rows:
            if entry.command_id in self._sent_at:
                self._echoed((self._clock() - self._sent_at.pop(entry.command_id)) * 1000.0)
            self._seen[entry.command_id] = entry.seq
            self.wake()

    def reached(self, seq: Seq) -> None:
        """Forget the accepted rows that the replica now shows itself."""
        done = [r for r in self._outbox.rows.values() if r.state is RowState.ACCEPTED and (r.seq or 0) <= seq]
        for row in done:
            self._outbox.forget(row.command_id)
            self._sent_at.pop(row.command_id, None)
            self._seen.pop(row.command_id, None)
        if done:
            self._changed()

    async def send_now(self, command_id: CommandId) -> None:
        """Send a row that came back, by a person's word, into the log of now. Only the person who gave it can."""
        row, bound = self._outbox.rows.get(command_id), self._bound()
        if row is None or bound is None or row.user_id != bound.user_id or row.state is not RowState.EXPIRED:
            return
        until = expires(row.command, self._wall())
        await self._write(replace(row, state=RowState.WAITING, log_id=bound.log_id, expires_at=until, why=""))
        self.wake()

    async def discard(self, command_id: CommandId) -> None:
        """Drop a row that came back or was rejected, by a person's word."""
        row = self._outbox.rows.get(command_id)
        if row is not None and row.state in (RowState.EXPIRED, RowState.REJECTED):
            await self._outbox.strike(row)
            self._outbox.forget(command_id)
            self._changed()

    async def _send(self, row: Row) -> float:
        """Send one row and settle it, or keep it; return the seconds to wait before the next try."""
        if row.state is RowState.WAITING:
            row = replace(row, state=RowState.SENDING)
            await self._write(row)
        left_s = None if row.expires_at is None else max(0.0, row.expires_at - self._wall())
        order = row.to_send(self._hub_time(0.0), None if left_s is None else self._hub_time(left_s))
        self._sent_at[row.command_id] = self._clock()
        try:
            async with asyncio.timeout(left_s):
                outcome = await self._post.submit(order)
        except Refused as refused:
            if refused.signed_out:
                self._hold(row, taken=False)
                self._signed_out(refused)
                return 0.0
            outcome = refused.rejected()
        except (Unreachable, TimeoutError) as error:
            taken = error.maybe_taken if isinstance(error, Unreachable) else True
            row = self._hold(row, taken=taken)
            self._faults = self._faults + 1 if isinstance(error, HubFault) else 0
            if self._faults >= FAULTS_AT_MOST:
                self._faults = 0
                await self._give_back(row, FAULTY.format(times=FAULTS_AT_MOST))
            return self._backoff.failed(self._clock())
        self._faults = 0
        self._backoff.well(self._clock())
        if isinstance(outcome, Rejected) and outcome.code == EXPIRED:
            await self._give_back(row, TOO_LATE)
        else:
            await self._settle(row, outcome)
        return 0.0

    def _hold(self, row: Row, *, taken: bool) -> Row:
        """Keep a row for the next try. On disk it stays "sending", which is read as "may have been taken"."""
        row = replace(row, state=RowState.WAITING, late=True, maybe_taken=row.maybe_taken or taken)
        self._sent_at.pop(row.command_id, None)
        self._outbox.note(row)
        self._changed()
        return row

    async def _settle(self, row: Row, outcome: CommandOutcome) -> None:
        """Give the outcome to whoever waits; a refusal that nobody waits for stays until a person has seen it."""
        if isinstance(outcome, Accepted):
            self._outbox.note(replace(row, state=RowState.ACCEPTED, seq=outcome.seq, why=""))
            self._answered(row.command_id, outcome)
            self._changed()
            await self._strike(row)
        else:
            self._sent_at.pop(row.command_id, None)
            if self._answered(row.command_id, outcome) and not row.late:
                self._outbox.forget(row.command_id)
                self._changed()
                await self._strike(row)
            else:
                await self._write(replace(row, state=RowState.REJECTED, why=outcome.reason))

    async def _give_back(self, row: Row, why: str) -> None:
        await self._write(replace(row, state=RowState.EXPIRED, late=True, why=why))
        self._answered(row.command_id, Rejected("not-sent", why, {"command_id": row.command_id}))

    async def _write(self, row: Row) -> None:
        """Write a change of a row; a disk that fails now does not undo what is known, so memory takes it all the same."""
        try:
            await self._outbox.write(row)
        except OutboxFailed as failed:
            _log.error("outbox-write-failed: %s Command %s.", failed, row.command_id)
            self._outbox.note(row)
        self._changed()

    async def _strike(self, row: Row) -> None:
        try:
            await self._outbox.strike(row)
        except OutboxFailed as failed:  # it will be sent again at the next start, and get the same answer
            _log.error("outbox-write-failed: %s Command %s.", failed, row.command_id)

    async def _pause(self, seconds: float) -> None:
        """Wait before the next try, unless the link comes back before."""
        self._woken.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()
