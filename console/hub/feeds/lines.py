"""Feeds that listen for lines of bytes, over TCP and UDP. Whatever arrives, the next is read."""

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from console.hub.feeds.fix import Heard, NoFix, Reason
from console.hub.feeds.intake import Intake
from console.hub.feeds.nmea import NmeaReader
from console.hub.feeds.settings import LineFeed, NmeaFeed, listening, place
from console.hub.feeds.taip import TaipReader

CONNECTIONS_AT_MOST = 4096
"""Of one feed. Beyond it the one that was silent longest is closed: modems that lost the network leave theirs behind."""
_SENDERS_AT_MOST = 4096
_PIECE = 4096
_SLACK_S = 0.002
"""How far reading may run ahead of its half of the time: a system's shortest wait is about so long."""
_RECEIVE_BUFFER = 4 << 20
"""Datagrams wait here while the hub does something else."""


class Reader(Protocol):
    """Reads one line of bytes."""

    def read(self, piece: bytes, at: datetime) -> list[Heard]:
        """What these further bytes tell."""

    def end(self, at: datetime) -> list[Heard]:
        """What is left when nothing more comes."""


def reader(feed: LineFeed, address: str) -> Reader:
    """A reader for one sender."""
    device = feed.device_at(address)
    return NmeaReader(device) if isinstance(feed, NmeaFeed) else TaipReader(device)


class _Turns:
    """Lets connections be read one piece after the other, in half of the time at most: a backlog leaves the other half.

    Measured: without it 50,000 fixes at once over TCP let live datagrams overflow, since a loop reads one at a turn.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Callable[[], object]] = deque()
        self._due: asyncio.TimerHandle | None = None
        self._free_at = 0.0

    def ask(self, read: Callable[[], object]) -> None:
        """Have a piece read, at once or when it is its turn."""
        self._waiting.append(read)
        if self._due is None:
            self._go()

    def close(self) -> None:
        """Read no more."""
        self._waiting.clear()
        if self._due is not None:
            self._due.cancel()

    def _go(self) -> None:
        self._due = None
        while self._waiting:
            began = self._loop.time()
            if self._free_at - began > _SLACK_S:
                self._due = self._loop.call_at(self._free_at, self._go)
                return
            self._waiting.popleft()()
            self._free_at = max(self._free_at, began) + 2 * (self._loop.time() - began)


class _Connection(asyncio.BufferedProtocol):
    """One TCP connection."""

    def __init__(self, feed: LineFeed, intake: Intake, turns: _Turns, others: "dict[_Connection, None]") -> None:
        self._feed, self._intake, self._turns, self._others = feed, intake, turns, others
        self._buffer = bytearray(_PIECE)
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._reader = reader(self._feed, _host(transport.get_extra_info("peername")))
        if (sock := transport.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._others[self] = None
        if len(self._others) > CONNECTIONS_AT_MOST:
            silent = next(iter(self._others))
            what = f"more than {CONNECTIONS_AT_MOST} connections: the one that was silent longest was closed"
            self._intake.hear(lambda _: [NoFix(Reason.TOO_MANY_CONNECTIONS, what)])
            silent.close()

    def get_buffer(self, _sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._others.pop(self, None)
        self._others[self] = None  # the last heard stands last
        self.transport.pause_reading()
        self._turns.ask(partial(self._take, bytes(self._buffer[:nbytes])))

    def connection_lost(self, _exc: Exception | None) -> None:
        self._others.pop(self, None)
        self._turns.ask(partial(self._intake.hear, self._reader.end))

    def _take(self, piece: bytes) -> None:
        self._intake.hear(partial(self._reader.read, piece))
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def close(self) -> None:
        """Let the other end go."""
        self._others.pop(self, None)
        self.transport.abort()


class _Datagrams(asyncio.DatagramProtocol):
    """All that comes to one UDP port."""

    def __init__(self, feed: LineFeed, intake: Intake) -> None:
        self._feed, self._intake = feed, intake
        self._readers: dict[Any, Reader] = {}

    def datagram_received(self, data: bytes, addr: Any) -> None:
        read = self._readers.pop(addr, None) or reader(self._feed, _host(addr))
        self._readers[addr] = read
        if len(self._readers) > _SENDERS_AT_MOST:
            del self._readers[next(iter(self._readers))]
        self._intake.hear(lambda at: [*read.read(data, at), *read.end(at)])

    def error_received(self, exc: Exception) -> None:
        """A sender that is gone again; this port only listens."""


@asynccontextmanager
async def listened(feed: LineFeed, intake: Intake) -> AsyncIterator[None]:
    """Listen while the block runs; OSError where the address cannot be had."""
    loop, connections, turns = asyncio.get_running_loop(), dict[_Connection, None](), _Turns()
    async with AsyncExitStack() as stack:
        stack.callback(turns.close)
        for kind, address in listening(feed):
            host, port = place(address)
            if kind == "tcp":
                server = await loop.create_server(lambda: _Connection(feed, intake, turns, connections), host, port)
                stack.callback(_close, server, connections)
                intake.listens += [_told(kind, sock.getsockname()) for sock in server.sockets]
            else:
                transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(feed, intake), (host, port))
                stack.callback(transport.close)
                sock = transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
                intake.listens.append(_told(kind, sock.getsockname()))
        yield
    await asyncio.sleep(0)  # transports say at the loop's next turn that they are closed


def _close(server: asyncio.Server, connections: dict[_Connection, None]) -> None:
    server.close()
    for connection in list(connections):
        connection.close()


def _host(address: Any) -> str:
    """The host of a socket's address, IPv4 as such also where it came over IPv6."""
    return str(address[0]).removeprefix("::ffff:") if address else ""


def _told(kind: str, address: Any) -> str:
    host, port = address[:2]
    return f"{kind} [{host}]:{port}" if ":" in host else f"{kind} {host}:{port}"
