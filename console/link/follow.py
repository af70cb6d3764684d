"""Keep the replica equal to the hub: snapshot, then the stream. Start-up and every recovery are this one path."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Protocol

from console.domain.events import LogEntry
from console.domain.ids import LogId, Seq
from console.link.backoff import Backoff
from console.link.events_stream import Message
from console.link.link_state import LinkWatch
from console.link.problems import Gone, Refused, Unreachable, VersionSkew
from console.link.replica import Diverged, Gap, Replica
from console.wire.messages import BeingTyped, Heartbeat, Snapshot

BREATHE_EVERY = 64
"""Messages after which the loop gets a turn: some 5 ms of work, so that a long catching-up never freezes the desk."""

_log = logging.getLogger(__name__)


class Source(Protocol):
    """What is followed: a `HubClient`, or in a test a script."""

    async def snapshot(self) -> Snapshot:
        """The whole state now."""
        ...

    def stream(self, log_id: LogId, after: Seq) -> AsyncGenerator[Message, None]:
        """Everything that follows `after`, without end."""
        ...


async def follow(
    hub: Source,
    replica: Replica,
    watch: LinkWatch,
    took: Callable[[Message | Snapshot], None],
    backoff: Backoff,
    *,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Feed the replica until cancelled, and call `took` after each message it has taken.

    A gap, a 410 and a digest that differs end in a snapshot; a lost connection goes on from where it stood. Meanwhile
    the old board stays. Returns only when hub and desk are of different versions; raises `Refused` when the hub does
    not accept the session (401), which only a person can mend.
    """
    while True:
        try:
            if not replica.trusted:
                snapshot = await hub.snapshot()
                replica.reset(snapshot)
                watch.took(snapshot, replica.seq, clock())
                took(snapshot)
            await _read(hub, replica, watch, took, backoff, clock)
            raise Unreachable("The hub ended the stream.")
        except (Gap, Gone, Diverged) as why:
            told = (why, replica.seq, replica.log_id)
            _log.warning("board-taken-anew: %s At entry %s of log %s.", *told, exc_info=why.__cause__)
            replica.distrust()
            watch.asking("The board is taken anew from the hub.", clock())
        except (Unreachable, Refused) as why:
            if isinstance(why, Refused) and why.signed_out:
                raise
            _log.info("link-lost: %s At entry %s.", why, replica.seq)
            watch.lost(str(why), clock())
        except VersionSkew as skew:
            _log.error("version-skew: %s At entry %s.", skew, replica.seq)
            watch.outdated(str(skew), clock())
            return
        # Also after a 410 or a gap: a hub that is at odds with itself must not be asked for snapshots without a pause.
        await pause(backoff.failed(clock()))


async def _read(
    hub: Source,
    replica: Replica,
    watch: LinkWatch,
    took: Callable[[Message | Snapshot], None],
    backoff: Backoff,
    clock: Callable[[], float],
) -> None:
    """Take each message of one stream, until it ends."""
    assert replica.log_id is not None
    since_breath = 0
    async with aclosing(hub.stream(replica.log_id, replica.seq)) as stream:
        async for message in stream:
            await _take(replica, message)
            backoff.well(clock())
            watch.took(message, replica.seq, clock())
            took(message)
            since_breath += 1
            if since_breath % BREATHE_EVERY == 0:
                await asyncio.sleep(0)


async def _take(replica: Replica, message: Message) -> None:
    match message:
        case LogEntry():
            try:
                replica.apply(message)
            except Gap:
                raise
            except Exception as bug:
                raise Diverged(f"Entry {message.seq} ({type(message.event).__name__}) could not be applied.") from bug
        case Heartbeat(digest_at=at, digest=theirs):
            # In a thread, between two reads of the stream: the state cannot change under it, being immutable.
            if at == replica.seq and theirs and theirs != await asyncio.to_thread(replica.digest):
                raise Diverged(f"The hub's state at entry {at} is not this desk's.")
        case BeingTyped():
            pass  # no part of the board
        case positions:
            replica.place(positions)
