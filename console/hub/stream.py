"""The stream: every desk reads the log from its own place on. Cursors, not queues: a slow desk costs nothing."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from starlette.types import Receive, Send

from console.domain.ids import Seq, UserId
from console.hub.ledger import Ledger
from console.hub.positions import Positions
from console.hub.problems import Refusal
from console.hub.typing import Typings
from console.wire import codec
from console.wire.messages import Heartbeat, Typing

HEARTBEAT_S = 5.0
KEPT = 20_000
"""Entries behind the head from which on a snapshot is the shorter way."""

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class _Beat(NamedTuple):
    head: Seq
    frame: bytes


class Streams:
    """All open streams, and the heartbeat they share."""

    def __init__(
        self,
        ledger: Ledger,
        positions: Positions,
        typings: Typings,
        now: Callable[[], datetime],
        speed: Callable[[], float] = lambda: 1.0,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        """Stream what these hold; `now` is the hub's time, and `speed` how many times as fast as real it runs."""
        self.ledger, self.positions, self.typings = ledger, positions, typings
        self._now, self._speed, self._heartbeat_s = now, speed, heartbeat_s
        self.open = 0
        self.closing = False
        """Whether the hub ends: whoever waits for news waits no longer."""
        self._digester = codec.Digester()
        self._digest: tuple[Seq, str] | None = None
        self._beat = _Beat(Seq(0), b"")

    async def beat(self) -> None:
        """Send a heartbeat every `heartbeat_s` of real time, until cancelled."""
        while True:
            await asyncio.sleep(self._heartbeat_s)
            self.announce()

    def announce(self) -> None:
        """Send every stream a heartbeat now: also when the speed changes, by which desks reckon the time."""
        if self.open:
            head = self.ledger.head
            if self._digest is None or self._digest[0] != head:
                self._digest = head, self._digester.digest(self.ledger.state)
            self._beat = _Beat(head, self._heartbeat())
            self.ledger.bell.ring()

    def close(self) -> None:
        """End every stream; desks notice at once."""
        self.closing = True
        self.ledger.bell.ring()

    def start(self, log_id: str, after: str) -> Seq:
        """The place a reader asks for, or why it cannot be had: 410 means, take a snapshot and come again."""
        try:
            cursor = Seq(int(after))
        except ValueError:
            raise Refusal(400, f"after={after!r} is not a number of the log.", "after-unreadable", "after") from None
        head = self.ledger.head
        if log_id != self.ledger.log_id:
            raise Refusal(410, "This is another log than the one you followed.", "other-log", "log")
        if cursor > head:
            raise Refusal(410, f"The log ends at {head}; {cursor} is ahead of it.", "ahead-of-head", "after")
        if cursor < 0 or head - cursor > KEPT:
            raise Refusal(410, f"Entry {cursor} is further back than streams reach ({KEPT}).", "too-old", "after")
        return cursor

    async def serve(self, cursor: Seq, reader: UserId, receive: Receive, send: Send) -> None:
        """Send all after `cursor`, and what comes and concerns `reader`, until the reader or the hub goes."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        self.open += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = tasks.create_task(_gone(receive))
                listening.add_done_callback(lambda _: self.ledger.bell.ring())
                try:
                    await self._send_all(cursor, reader, send, listening)
                finally:
                    listening.cancel()
        finally:
            self.open -= 1
        await send({"type": "http.response.body", "body": b""})

    async def _send_all(self, cursor: Seq, reader: UserId, send: Send, listening: "asyncio.Task[None]") -> None:
        ledger, positions, typings = self.ledger, self.positions, self.typings
        seen, beat = 0, self._beat
        typed: tuple[Typing, ...] = ()
        parts = [self._heartbeat()]
        while not (self.closing or listening.done()):
            frames = ledger.frames(cursor)
            if frames is None:  # memory does not reach back so far
                frames = await ledger.older_frames(cursor)
            if beat is not self._beat:
                beat = self._beat
                # A digest can be compared only by a replica that stands exactly where it was taken.
                frames.insert(0 if cursor == beat.head else len(frames), beat.frame)
                cursor = Seq(cursor - 1)
            cursor = Seq(cursor + len(frames))
            parts += frames
            if seen < positions.version:
                parts.append(positions.frame(seen))
                seen = positions.version
            if typed != (now_typed := typings.seen_by(reader)):
                parts.append(typings.frame(now_typed))
                typed = now_typed
            if parts:
                await send({"type": "http.response.body", "body": b"".join(parts), "more_body": True})
                parts = []
            elif cursor == ledger.head:
                await ledger.bell.wait()

    def _heartbeat(self) -> bytes:
        """A heartbeat of now, with the digest as it was last computed."""
        if self._digest is None:
            self._digest = self.ledger.head, self._digester.digest(self.ledger.state)
        beat = Heartbeat(self.ledger.head, self._now(), *self._digest, self._speed())
        return b"event: heartbeat\ndata: %b\n\n" % codec.encode(beat)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
