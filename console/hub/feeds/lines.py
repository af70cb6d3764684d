"""Feeds that listen for lines of bytes, over TCP and UDP. Whatever arrives, the next is read."""

import asyncio
import socket
from collections.abc import AsyncIterator
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
_PIECE = 8192
"""Bytes read at one turn of the loop: a backlog takes turns with whatever else there is to do."""
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


class _Connection(asyncio.BufferedProtocol):
    """One TCP connection."""

    def __init__(self, feed: LineFeed, intake: Intake, others: "dict[_Connection, None]") -> None:
        self._feed, self._intake, self._others = feed, intake, others
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
        self._intake.hear(partial(self._reader.read, bytes(self._buffer[:nbytes])))

    def connection_lost(self, _exc: Exception | None) -> None:
        self._others.pop(self, None)
        self._intake.hear(self._reader.end)

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
    loop, connections = asyncio.get_running_loop(), dict[_Connection, None]()
    async with AsyncExitStack() as stack:
        for kind, address in listening(feed):
            host, port = place(address)
            if kind == "tcp":
                server = await loop.create_server(lambda: _Connection(feed, intake, connections), host, port)
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
