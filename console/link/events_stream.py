"""Server-sent events of the hub into records: log entries, frames of positions, what is being typed, heartbeats."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec
from httpx_sse import EventSource, ServerSentEvent

from console.domain.events import LogEntry
from console.domain.state import Position
from console.link.problems import Unreachable, VersionSkew
from console.wire.codec import Unreadable, decode
from console.wire.messages import BeingTyped, Heartbeat

Message = LogEntry | tuple[Position, ...] | BeingTyped | Heartbeat


async def messages(source: EventSource) -> AsyncGenerator[Message, None]:
    """Yield each message of an open stream, as it comes.

    Everything that one read brought is yielded without giving way to the loop in between: that is how `Connection` can
    tell the desk once about a whole batch. To be closed (`aclosing`) before the response is, because httpx-sse's own
    generators otherwise outlive their connection and complain when the program ends.
    """
    async with aclosing(source.aiter_sse()) as events:
        async for event in events:
            if event.data:  # an event without data is none (WHATWG HTML 9.2.6); httpx-sse hands it on all the same
                yield message(event)


def message(event: ServerSentEvent) -> Message:
    """Read one event; one that this desk does not know is `VersionSkew`, never skipped."""
    try:
        match event.event:
            case "entry":
                return decode(event.data, LogEntry)
            case "positions":
                return decode(event.data, tuple[Position, ...])
            case "typing":
                return decode(event.data, BeingTyped)
            case "heartbeat":
                return decode(event.data, Heartbeat)
            case unknown:
                raise VersionSkew(
                    f"The hub sends “{unknown}”, which this desk does not know. This desk is older than the hub."
                )
    except Unreadable as error:
        if isinstance(error.__cause__, msgspec.ValidationError):
            raise VersionSkew(f"This desk is older than the hub: it cannot read “{event.event}” ({error}).") from error
        raise Unreachable(f"The hub's stream was garbled ({error}).") from error
