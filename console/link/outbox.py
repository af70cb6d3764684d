"""Commands on their way to the hub, on the desk's own disk: first in, first out, and none lost with the power."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from console.domain.commands import RECORDINGS, AnyCommand, Order
from console.domain.ids import CommandId, DeskId, LogId, Seq, UserId
from console.domain.instant import Instant
from console.link.fresh import new_desk_id
from console.wire.codec import Unreadable, decode, encode

ORDER_EXPIRES_S = 30.0
"""An order that waited longer than this may no longer be what the floor needs; a person looks at it again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS desk (desk_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (
    place INTEGER PRIMARY KEY, command_id TEXT NOT NULL UNIQUE, row BLOB NOT NULL
);
"""


class RowState(StrEnum):
    """Where a command stands."""

    WAITING = "waiting"
    """Not sent; the next in its turn once the link is there."""
    SENDING = "sending"
    """Sent, or about to be; no answer yet."""
    ACCEPTED = "accepted"
    """Carried out. Gone from the disk; shown until the replica has it."""
    REJECTED = "rejected"
    """Refused for good, and kept until a person has seen why."""
    EXPIRED = "expired"
    """Not sent by itself any more: a person sends it now, or discards it."""


UNSETTLED = (RowState.WAITING, RowState.SENDING)


class Row(Struct, frozen=True):
    """One command in the outbox, bound to who gave it and to the log it was meant for."""

    place: int
    order: Order
    user_id: UserId
    log_id: LogId
    made_at: Instant
    """Hub time of the key press."""
    expires_at: float | None
    """Desk's wall clock, seconds since 1970; None for a recording, which does not expire."""
    state: RowState = RowState.WAITING
    maybe_taken: bool = False
    """It left the desk at least once, so the hub may have carried it out."""
    late: bool = False
    """It could not be sent when it was given: shown as "not sent", and sent with the time it was given at."""
    why: str = ""
    """One sentence: why it was rejected or came back."""
    seq: Seq | None = None

    @property
    def command_id(self) -> CommandId:
        """The id it keeps through every retry."""
        return self.order.command_id

    @property
    def command(self) -> AnyCommand:
        """What is wanted."""
        return self.order.command

    def to_send(self, now: Instant, until: Instant | None) -> Order:
        """The order as it goes out at `now`, good until then (hub time); a recording that was held up says when it occurred.

        Never later than now: without a link this desk reckons the hub's time, and an exercise that was stopped meanwhile
        goes on from where it stopped.
        """
        if self.late and self.order.occurred_at is None and self.expires_at is None:
            return replace(self.order, occurred_at=min(self.made_at, now))
        return replace(self.order, expires_at=until)


def expires(command: AnyCommand, wall: float) -> float | None:
    """When a command given at `wall` stops being sent by itself."""
    return None if type(command) in RECORDINGS else wall + ORDER_EXPIRES_S


class OutboxBusy(Exception):
    """Another desk on this machine holds this file."""


class OutboxDamaged(Exception):
    """The file is not an outbox that can be read."""


class OutboxFailed(Exception):
    """The disk did not take it; the sentence says why."""


class Outbox:
    """The file of one desk, open as long as the desk runs, and its rows in memory in the order they were given.

    One file belongs to one running desk (an exclusive lock, let go by the system when the desk is killed) and names it:
    `desk_id` is made with the file. A row is in memory once it is on disk: WAL with synchronous=FULL, so that it outlives
    the power cut too. Flushing to a disk takes from a quarter of a millisecond to tens, so one thread of its own does
    it, in order, and the desk never waits for a disk with its screen standing still.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the file; raise `OutboxBusy` or `OutboxDamaged`."""
        self.path = path
        self.rows: dict[CommandId, Row] = {}
        self.unreadable: list[str] = []
        """Rows that an earlier version of the desk wrote and this one cannot read. They stay in the file."""
        self._next = 1
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")
        try:
            self._database, self.desk_id = self._thread.submit(_open, path).result()
            self._load()
        except BaseException:
            self._thread.shutdown()
            raise

    def take_place(self) -> int:
        """The place of a new row, behind all others."""
        place, self._next = self._next, self._next + 1
        return place

    async def write(self, row: Row) -> None:
        """Put a row, new or changed, on disk and then in memory; raise `OutboxFailed` if the disk does not take it.

        It happens even if the caller is cancelled: no row is on disk without being in memory.
        """
        kept = (row.place, row.command_id, encode(row))
        await self._work("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?)", kept, lambda: self.note(row))

    async def strike(self, row: Row) -> None:
        """Take a row off the disk, its outcome being known or a person having discarded it. Memory keeps it for now."""
        await self._work("DELETE FROM outbox WHERE place = ?", (row.place,), lambda: None)

    def note(self, row: Row) -> None:
        """Put a row in memory only, for a change that need not outlive the desk."""
        self.rows[row.command_id] = row

    def forget(self, command_id: CommandId) -> None:
        """Drop a row from memory."""
        self.rows.pop(command_id, None)

    def of(self, user_id: UserId | None) -> tuple[Row, ...]:
        """The rows of a person, oldest first."""
        return tuple(row for row in self.rows.values() if row.user_id == user_id)

    def head(self, user_id: UserId, log_id: LogId) -> Row | None:
        """The next row to send for this person into this log."""
        mine = (r for r in self.rows.values() if r.user_id == user_id and r.log_id == log_id and r.state in UNSETTLED)
        return min(mine, key=lambda row: row.place, default=None)

    async def close(self) -> None:
        """Finish what is being written and let go of the file."""
        await asyncio.wrap_future(self._thread.submit(self._database.close))
        self._thread.shutdown()

    def _load(self) -> None:
        query = "SELECT place, row FROM outbox ORDER BY place"
        for place, body in self._thread.submit(lambda: self._database.execute(query).fetchall()).result():
            self._next = place + 1
            try:
                row = decode(body, Row)
            except Unreadable:
                self.unreadable.append(bytes(body).decode(errors="replace"))
            else:
                # One that was being sent when the desk was killed may have arrived; its id makes asking again harmless.
                taken = row.maybe_taken or row.state is RowState.SENDING
                self.note(replace(row, late=True, maybe_taken=taken))

    async def _work(self, statement: str, values: tuple[object, ...], then: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def finished(written: "Future[sqlite3.Cursor]") -> None:
            error = written.exception()
            if error is None:
                then()
            if done.cancelled():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(OutboxFailed(f"This desk could not write to its own disk ({error})."))

        work = self._thread.submit(self._database.execute, statement, values)
        work.add_done_callback(lambda written: loop.call_soon_threadsafe(finished, written))
        await done


def open_outbox(folder: Path) -> tuple[Outbox, str]:
    """Open the first file in `folder` that no other desk holds; return it with a sentence about damage, or "".

    A damaged file is set aside under a name that says so, never deleted: somebody may still read what was in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = folder / f"desk-{number}.sqlite"
        try:
            return Outbox(path), ""
        except OutboxBusy:
            number += 1
        except OutboxDamaged as damage:
            aside = _set_aside(path)
            told = (
                f"What this desk had not yet sent could not be read ({damage}). It was kept as {aside} and a new one begun."
            )
            return Outbox(path), told


def _set_aside(path: Path) -> Path:
    """Rename the file, and what SQLite keeps beside it, to the first name that is free."""
    number = 1
    while (aside := path.with_name(f"damaged-{number}-{path.name}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _open(path: Path) -> tuple[sqlite3.Connection, DeskId]:
    """Open the file in the thread that will use it."""
    path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=0.0, isolation_level=None)
    try:
        # Exclusive first: with it, WAL needs no shared memory, and a second desk is told at once.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA secure_delete = ON")  # what was sent names neighbors; it does not stay on a desk's disk
        database.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";"):
            database.execute(statement)
        found = database.execute("SELECT desk_id FROM desk").fetchone()
        if found is None:
            found = (new_desk_id(),)
            database.execute("INSERT INTO desk VALUES (?)", found)
        database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        database.close()
        busy = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
        raise (OutboxBusy if busy else OutboxDamaged)(str(error)) from error
    return database, DeskId(found[0])
