"""Server-sent events of the hub into records: log entries, frames of positions, what is being typed, heartbeats."""

from collections.abc import AsyncGenerator, Iterator

import msgspec

from console.domain.events import LogEntry
from console.domain.state import Position
from console.link.problems import Unreachable, VersionSkew
from console.wire.codec import Unreadable, decode
from console.wire.messages import BeingTyped, Heartbeat

Message = LogEntry | tuple[Position, ...] | BeingTyped | Heartbeat


async def messages(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[Message, None]:
    """Yield each message of an open stream, as it comes.

    Everything that one read brought is yielded without giving way to the loop in between: that is how `Connection` can
    tell the desk once about a whole batch.
    """
    events = ServerSentEvents()
    async for piece in pieces:
        for kind, data in events.read(piece):
            yield message(kind, data)


class ServerSentEvents:
    """Bytes into server-sent events (WHATWG HTML 9.2.6), of which only kind and data count: the hub's entries have their
    place in the log in themselves, and when to come again is the link's own matter.
    """

    def __init__(self) -> None:
        self._rest = b""  # of a line that has not ended
        self._returned = False  # the last line ended with \r, of which a \n that comes now is a part
        self._kind = b""
        self._data: list[bytes] = []

    def read(self, piece: bytes) -> Iterator[tuple[str, bytes]]:
        """The kind and the data of each event that these bytes end; one without data is none."""
        lines = (self._rest + (piece.removeprefix(b"\n") if self._returned else piece)).splitlines(keepends=True)
        self._returned = piece.endswith(b"\r")
        self._rest = b"" if not lines or lines[-1].endswith((b"\n", b"\r")) else lines.pop()
        for line in lines:
            field, _, value = line.rstrip(b"\r\n").partition(b":")
            match field:
                case b"data":
                    self._data.append(value.removeprefix(b" "))
                case b"event":
                    self._kind = value.removeprefix(b" ")
                case b"" if line[:1] in b"\r\n":
                    kind, data = self._kind.decode("utf-8", "replace"), b"\n".join(self._data)
                    self._kind, self._data = b"", []
                    if data:
                        yield kind, data


def message(kind: str, data: bytes) -> Message:
    """Read one event; one that this desk does not know is `VersionSkew`, never skipped."""
    try:
        match kind:
            case "entry":
                return decode(data, LogEntry)
            case "positions":
                return decode(data, tuple[Position, ...])
            case "typing":
                return decode(data, BeingTyped)
            case "heartbeat":
                return decode(data, Heartbeat)
            case unknown:
                raise VersionSkew(
                    f"The hub sends “{unknown}”, which this desk does not know. This desk is older than the hub."
                )
    except Unreadable as error:
        if isinstance(error.__cause__, msgspec.ValidationError):
            raise VersionSkew(f"This desk is older than the hub: it cannot read “{kind}” ({error}).") from error
        raise Unreachable(f"The hub's stream was garbled ({error}).") from error
