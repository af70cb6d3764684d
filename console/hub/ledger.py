"""The ledger: the one place where a command becomes events. Many wait, all are committed together, then all are answered."""

import asyncio
import logging
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypedDict

import msgspec
from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from console.domain.agency import Agency
from console.domain.commands import EXPIRED, Accepted, AnyCommand, CommandOutcome, Order, Rejected
from console.domain.decide import decide
from console.domain.events import LogEntry
from console.domain.evolve import evolve, fold
from console.domain.ids import CallId, CommandId, DeskId, LogId, Seq, UserId
from console.domain.state import Call, State
from console.hub import history
from console.hub.bell import Bell
from console.hub.store import Store, StoreUnusable, insert_rows
from console.hub.tables import command_outcome, instant_text, log, snapshot
from console.wire import codec
from console.wire.messages import FORMAT

_LOG = logging.getLogger("console.hub")

RING_BYTES = 8 << 20
"""Frames kept in memory for streams; whoever is further behind reads from the store."""
BATCH = 64
"""Most commands in one transaction, so that the loop gives way to the streams."""
GATHER_S = 0.005
"""Longest that a command waits for others, and only right after a commit that several shared: about a slow disk's sync."""
SNAPSHOT_EVERY = 5_000
SNAPSHOTS_KEPT = 2
PAGE = 1_000
"""Entries read from the store at a time."""


_TOO_LATE = Rejected(EXPIRED, "It reached the hub after its time had run out, and was not carried out.")


class NotRecorded(Exception):
    """The command was not carried out, and nothing of it was kept; the same command may be sent again."""


class _Row(TypedDict):
    seq: Seq
    entry: str
    recorded_at: str
    command_id: CommandId


class _Waiting(NamedTuple):
    order: Order
    by: UserId
    desk_id: DeskId | None
    answer: "asyncio.Future[CommandOutcome]"
    beside: Callable[[Connection], object] | None = None


class _Work:
    """What one transaction is to write, and the state and head that stand once it has."""

    def __init__(self, state: State, head: Seq) -> None:
        self.state, self.head = state, head
        self.rows: list[_Row] = []
        self.outcomes: dict[CommandId, CommandOutcome] = {}
        self.closed: dict[CallId, Call] = {}
        self.beside: list[Callable[[Connection], object]] = []

    def write(self, connection: Connection) -> None:
        """Append it all. A number or a command id that is taken already refuses the whole."""
        if self.rows:
            insert_rows(connection, log, self.rows)
        outcomes = [
            {"command_id": command_id, "outcome": codec.encode(outcome).decode(), "seq": self.head}
            for command_id, outcome in self.outcomes.items()
        ]
        insert_rows(connection, command_outcome, outcomes)
        history.keep(connection, self.closed)
        for write in self.beside:
            write(connection)


class Ledger:
    """The log's one writer in this process, and the state as the last commit left it."""

    def __init__(self, store: Store, now: Callable[[], datetime], bell: Bell | None = None) -> None:
        """Fold what the store holds: the latest readable snapshot, then the entries after it."""
        self.bell = bell or Bell()
        self._store, self._now = store, now
        self._located: Callable[[AnyCommand, Agency, datetime], AnyCommand] = lambda command, *_: command
        self._waiting: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._frames: deque[bytes] = deque()
        self._frame_bytes = 0
        self._certain, self._stopping = True, False
        self._together, self._settled_at, self._enough = 1, 0.0, asyncio.Event()
        self.snapshot_every = SNAPSHOT_EVERY
        self.log_id: LogId = store.log_id
        self.state, self.head = store.read_now(_latest_snapshot)
        self._snapshot_at = self.head
        try:
            while page := store.read_now(partial(_rows_after, self.head)):
                self._take(page)
        except codec.Unreadable as error:
            raise StoreUnusable(
                f"{store.path}: entry {self.head + 1} of the log cannot be read ({error}); a newer HEART console wrote it, "
                "or the file is damaged: start that version, or restore a backup"
            ) from error
        self.latest_at = store.read_now(partial(_recorded_at, self.head))
        """When the newest entry was recorded, at the start; the hub's clock never runs behind it."""

    def keep_time(self, now: Callable[[], datetime]) -> None:
        """Take the time of recording from `now` from here on."""
        self._now = now

    def know_ground(self, located: Callable[[AnyCommand, Agency, datetime], AnyCommand]) -> None:
        """Let `located` complete the place of every command from here on, as of when it occurred, before it is decided."""
        self._located = located

    async def submit(
        self,
        order: Order,
        by: UserId,
        desk_id: DeskId | None = None,
        beside: Callable[[Connection], object] | None = None,
    ) -> CommandOutcome:
        """Carry out a command once, however often it is sent; return when the outcome is on disk.

        `beside` writes, in the transaction of its events, what does not belong into the log; not called without events.
        Raises `NotRecorded` if the store could not take it.
        """
        if self._stopping:
            raise NotRecorded("the hub is ending")
        answer: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(order, by, desk_id, answer, beside))
        self._arrived.set()
        if len(self._waiting) >= self._together:
            self._enough.set()
        return await answer

    async def outcome(self, command_id: CommandId) -> CommandOutcome | None:
        """What became of a command that was carried out, or rejected, before; None of one that is new."""
        return (await self._store.read(partial(_outcomes, [command_id]))).get(command_id)

    async def run(self) -> None:
        """Commit what waits, until `stop`."""
        async with asyncio.TaskGroup() as beside:
            while not self._stopping:
                await self._arrived.wait()
                self._arrived.clear()
                while self._waiting:
                    await self._gathered()
                    batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                    await self._settle(batch)
                    self._together, self._settled_at = len(batch) + len(self._waiting), time.monotonic()
                    if self.head - self._snapshot_at >= self.snapshot_every:
                        self._snapshot_at = self.head
                        beside.create_task(self._keep_snapshot(self.head, codec.encode(self.state)))

    async def _gathered(self) -> None:
        """Under load, wait a moment for as many commands as came together last, so that they share one commit.

        A commit costs about the same for one command as for twenty, and its thread and the loop are in each other's way.
        Whoever sends alone waits for nobody.
        """
        left = self._settled_at + GATHER_S - time.monotonic()
        if left > 0 and len(self._waiting) < min(self._together, BATCH):
            self._enough.clear()
            at_the_latest = asyncio.get_running_loop().call_later(left, self._enough.set)
            await self._enough.wait()
            at_the_latest.cancel()

    def stop(self) -> None:
        """Take no further command; what waits is still committed and answered before `run` returns."""
        self._stopping = True
        self._arrived.set()

    def frames(self, after: Seq) -> list[bytes] | None:
        """Event-stream frames of all entries after `after`, or None if memory does not reach back so far."""
        missing = self.head - after
        if missing > len(self._frames):
            return None
        return [self._frames[i] for i in range(-missing, 0)] if missing else []

    async def older_frames(self, after: Seq) -> list[bytes]:
        """The next frames after `after`, at most a page, from the store."""
        page = await self._store.read(partial(_rows_after, after))
        return [_frame(seq, entry.encode()) for seq, entry in page if seq <= self.head]

    async def entries(self, after: Seq, upto: Seq | None = None) -> list[LogEntry]:
        """Log entries after `after` up to `upto` (or the head), from the store."""
        upto = self.head if upto is None else upto
        found: list[LogEntry] = []
        while after < upto:
            page = await self._store.read(partial(_rows_after, after))
            found += [codec.decode(text, LogEntry) for seq, text in page if seq <= upto]
            after = Seq(page[-1][0])
        return found

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Decide, commit and answer a batch; on a collision with what others wrote, catch up and decide again."""
        while batch:
            work: _Work | None = None
            try:
                if not self._certain:
                    await self._catch_up()
                batch = await self._in_time(batch)
                work = self._decide(batch)
                if work.outcomes:
                    await self._store.write(work.write)
            except (SQLAlchemyError, OSError) as error:
                batch = await self._after_failure(batch, error)
                continue
            except BaseException:
                _fail(batch, NotRecorded("the hub is ending"))
                raise
            self._publish(work)
            _answer(batch, work.outcomes)
            return

    async def _in_time(self, batch: list[_Waiting]) -> list[_Waiting]:
        """Answer what came too late, and give back what is left to decide.

        Lateness is said and not kept: kept, it would be the answer to a person who then sends it after all. But what was
        carried out before, and only its answer lost, gets the outcome it had.
        """
        now = self._now()
        late = [w for w in batch if w.order.expires_at is not None and w.order.expires_at < now]
        if not late:
            return batch
        ids = [waiting.order.command_id for waiting in late]
        known = await self._store.read(partial(_outcomes, ids))
        _answer(late, {command_id: known.get(command_id, _TOO_LATE) for command_id in ids})
        return [w for w in batch if w.order.expires_at is None or w.order.expires_at >= now]

    def _decide(self, batch: Sequence[_Waiting]) -> _Work:
        """Decide the batch's commands one after another, each on the state that the one before it leaves."""
        work = _Work(self.state, self.head)
        at = self._now()
        recorded = instant_text(at)
        for waiting in batch:
            if waiting.order.command_id not in work.outcomes:
                try:
                    self._decide_one(work, waiting, at, recorded)
                except Exception as error:  # a fault in one command is that command's alone
                    _fail([waiting], error)
        return work

    def _decide_one(self, work: _Work, waiting: _Waiting, at: datetime, recorded: str) -> None:
        order, by, desk_id, _, beside = waiting
        occurred = order.occurred_at or at
        command = self._located(order.command, work.state.agency, occurred)
        decision = decide(work.state, command, by, occurred)
        if isinstance(decision, Rejected):
            work.outcomes[order.command_id] = decision
            return
        state, head = work.state, work.head
        rows: list[_Row] = []
        closed: dict[CallId, Call] = {}
        for event in decision:
            call_id = history.touched(event, state)
            state, head = evolve(state, event, by, occurred), Seq(head + 1)
            if call_id is not None and (call := state.calls.get(call_id)) is not None and call.closing is not None:
                closed[call_id] = call
            entry = codec.encode(LogEntry(head, event, by, occurred, at, order.command_id, desk_id))
            rows.append({"seq": head, "entry": entry.decode(), "recorded_at": recorded, "command_id": order.command_id})
        work.state, work.head = state, head
        work.rows += rows
        work.closed |= closed
        if rows and beside is not None:
            work.beside.append(beside)
        work.outcomes[order.command_id] = Accepted(head)

    async def _after_failure(self, batch: list[_Waiting], error: Exception) -> list[_Waiting]:
        """Find out what the store holds now, answer what it has an outcome for, and say what is to be decided again."""
        head = self.head
        try:
            await self._catch_up()
            ids = [waiting.order.command_id for waiting in batch]
            known = await self._store.read(partial(_outcomes, ids))
        except (SQLAlchemyError, OSError) as worse:
            self._certain = False  # do not guess: read the log again before the next decision
            _LOG.error("the store can be neither written nor read: %s", _said(worse))
            _fail(batch, NotRecorded(_said(worse)))
            return []
        _answer(batch, known)
        left = [waiting for waiting in batch if not waiting.answer.done()]
        if isinstance(error, IntegrityError) and (known or self.head > head):
            return left
        if left:
            _LOG.error("the store refused %d commands: %s", len(left), _said(error))
        _fail(left, NotRecorded(_said(error)))
        return []

    async def _catch_up(self) -> None:
        """Fold what the store holds beyond our head: another hub's commits, or our own of unknown fate."""
        while page := await self._store.read(partial(_rows_after, self.head)):
            self._take(page)
            self.bell.ring()
        self._certain = True

    def _take(self, page: Sequence[tuple[int, str]]) -> None:
        for seq, text in page:
            entry = codec.decode(text, LogEntry)
            self.state, self.head = evolve(self.state, entry.event, entry.by, entry.at), Seq(seq)
            self._remember(_frame(seq, text.encode()))

    def _publish(self, work: _Work) -> None:
        if work.head == self.head:
            return
        self.state, self.head = work.state, work.head
        for row in work.rows:
            self._remember(_frame(row["seq"], row["entry"].encode()))
        self.bell.ring()

    def _remember(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._frame_bytes += len(frame)
        while self._frame_bytes > RING_BYTES and len(self._frames) > 1:
            self._frame_bytes -= len(self._frames.popleft())

    async def _keep_snapshot(self, head: Seq, state: bytes) -> None:
        try:
            packed = await asyncio.to_thread(zlib.compress, state, 1)
            await self._store.write(partial(_write_snapshot, head, packed))
        except (SQLAlchemyError, OSError) as error:  # the log is whole without it: the next start only folds longer
            _LOG.warning("a snapshot at %d could not be written: %s", head, _said(error))


def _answer(batch: Iterable[_Waiting], outcomes: dict[CommandId, CommandOutcome]) -> None:
    for waiting in batch:
        outcome = outcomes.get(waiting.order.command_id)
        if outcome is not None and not waiting.answer.done():
            waiting.answer.set_result(outcome)


def _fail(batch: Iterable[_Waiting], error: BaseException) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)


def _frame(seq: int, entry: bytes) -> bytes:
    return b"event: entry\nid: %d\ndata: %b\n\n" % (seq, entry)


def _said(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)


def _rows_after(after: int, connection: Connection) -> list[tuple[int, str]]:
    query = select(log.c.seq, log.c.entry).where(log.c.seq > after).order_by(log.c.seq).limit(PAGE)
    return [(row.seq, row.entry) for row in connection.execute(query)]


def _recorded_at(head: Seq, connection: Connection) -> datetime | None:
    found = connection.execute(select(log.c.recorded_at).where(log.c.seq == head)).scalar()
    return datetime.fromisoformat(found) if found else None


def _outcomes(ids: list[CommandId], connection: Connection) -> dict[CommandId, CommandOutcome]:
    query = select(command_outcome.c.command_id, command_outcome.c.outcome).where(command_outcome.c.command_id.in_(ids))
    return {row.command_id: msgspec.json.decode(row.outcome, type=Accepted | Rejected) for row in connection.execute(query)}


def _latest_snapshot(connection: Connection) -> tuple[State, Seq]:
    """The newest snapshot that we can read, or the beginning. One we cannot read costs time, never truth."""
    query = select(snapshot).where(snapshot.c.format == FORMAT).order_by(snapshot.c.seq.desc())
    head = connection.execute(select(func.max(log.c.seq))).scalar() or 0
    for row in connection.execute(query.where(snapshot.c.seq <= head)):
        with suppress(codec.Unreadable, zlib.error):
            return codec.decode(zlib.decompress(row.state), State), Seq(row.seq)
    return State(), Seq(0)


def folded(connection: Connection) -> State:
    """The state that the log tells, read beside whoever writes it. Raises `codec.Unreadable` for a newer one's entries."""
    state, head = _latest_snapshot(connection)
    while page := _rows_after(head, connection):
        state, head = fold(state, (codec.decode(text, LogEntry) for _, text in page)), Seq(page[-1][0])
    return state


def _write_snapshot(head: Seq, state: bytes, connection: Connection) -> None:
    connection.execute(delete(snapshot).where(snapshot.c.seq == head))
    connection.execute(insert(snapshot).values(seq=head, format=FORMAT, state=state))
    kept = select(snapshot.c.seq).order_by(snapshot.c.seq.desc()).limit(SNAPSHOTS_KEPT)
    connection.execute(delete(snapshot).where(snapshot.c.seq.not_in(kept)))
