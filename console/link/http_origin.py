"""HTTP/1.1 to one hub: connections that are kept while they rest, and an answer or `Unreachable`.

The answers are read by httptools, which is the parser of Node.js; what is here is the connection under it. Why no client
library: DECISIONS 46.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import httptools

from console.link.problems import Unreachable

CONNECT_S = 2.0
"""For each of at most two tries: time enough for a first packet that is lost and sent again after a second."""
SILENCE_S = 10.0
"""A hub that is silent for this long in the middle of an answer has gone, even if no packet says so."""
REST_S = 15.0
"""How long a connection is kept for the next request: through three heartbeats, and not until the hub would end it."""
_READ_BYTES = 1 << 16
_BUFFERED_BYTES = 1 << 20
_PORTS = {"http": 80, "https": 443}
_NONE: Mapping[str, str] = {}


class Response(NamedTuple):
    """An answer; the names of its headers are in lower case."""

    status: int
    reason: str
    headers: dict[str, str]
    content: bytes = b""


class _Address(NamedTuple):
    """Where a hub is: its host as asked for in requests, and the path before every target."""

    tls: bool
    host: str
    port: int
    authority: str
    path: str


class HttpOrigin:
    """One hub's address, and the connections to it.

    A request that cannot be answered raises `Unreachable`, whose `maybe_taken` says whether it may have arrived. One that
    is cancelled takes its connection with it. Nothing is sent twice, and no proxy is asked.
    """

    def __init__(self, url: str, headers: Mapping[str, str] = _NONE) -> None:
        """Take an `http:` or `https:` address, and the headers that go with every request; open nothing yet."""
        self.headers = dict(headers)
        self._url = url
        self._moves = 0
        """How often what had been opened until then was given up."""
        self._resting: list[_Connection] = []
        self._trust: ssl.SSLContext | None = None

    def move_to(self, url: str) -> None:
        """Ask at this address from now on."""
        self._url = url
        self._end_resting()

    async def close(self) -> None:
        """End the connections that rest, and give the loop the turn in which it closes them."""
        self._end_resting()
        await asyncio.sleep(0)

    async def request(
        self, method: str, target: str, content: bytes | None = None, headers: Mapping[str, str] = _NONE
    ) -> Response:
        """The answer, whatever its status. The headers are those of now, whoever signs in until there is a connection."""
        sent = {**self.headers, **headers}
        async with self._connected() as connection:
            connection.send(method, target, sent, content)
            response = await connection.response(SILENCE_S)
            async with aclosing(connection.body(SILENCE_S)) as body:
                return response._replace(content=b"".join([piece async for piece in body]))

    @asynccontextmanager
    async def stream(self, target: str, silence_s: float) -> AsyncIterator[tuple[Response, AsyncGenerator[bytes, None]]]:
        """Get an answer without its content, and its content piece by piece; to be left as soon as no more is read."""
        sent = dict(self.headers)
        async with self._connected() as connection:
            connection.send("GET", target, sent, None)
            response = await connection.response(silence_s)
            async with aclosing(connection.body(silence_s)) as body:
                yield response, body

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[_Connection]:
        """A connection for one request, which rests afterwards if it can be used again."""
        moves = self._moves
        connection = self._rested() or await self._connect(_address(self._url))
        try:
            yield connection
        except BaseException:
            connection.end()
            raise
        if moves == self._moves and connection.again():
            self._resting.append(connection)
        else:
            connection.end()

    def _rested(self) -> _Connection | None:
        """The connection that was used last, if it still stands; those that rested too long are ended."""
        now = time.monotonic()
        fresh = [each for each in self._resting if each.stands and now - each.rests_since < REST_S]
        for each in self._resting:
            if each not in fresh:
                each.end()
        self._resting = fresh
        return fresh.pop() if fresh else None

    def _end_resting(self) -> None:
        """End the connections that rest, and later those in use."""
        self._moves += 1
        for connection in self._resting:
            connection.end()
        self._resting = []

    async def _connect(self, address: _Address) -> _Connection:
        try:
            if address.tls and self._trust is None:
                self._trust = ssl.create_default_context()  # the machine's own trust store
            reader, writer = await self._open(address)
        except ssl.SSLCertVerificationError as error:
            raise Unreachable(f"This machine does not trust the hub's certificate ({error.verify_message}).") from error
        except ssl.SSLError as error:
            raise Unreachable(f"The hub does not speak TLS at its address ({error.reason}).") from error
        except (OSError, ValueError) as error:  # a host's name that cannot be one is a ValueError
            raise Unreachable("No hub listens at its address.") from error
        return _Connection(address, reader, writer)

    async def _open(self, address: _Address) -> tuple[_Reader, asyncio.StreamWriter]:
        """Whichever of the name's addresses answers; a machine with a dead way to IPv6 tries IPv4 alone (RFC 8305)."""
        loop = asyncio.get_running_loop()
        for family in (socket.AF_UNSPEC, socket.AF_INET):
            reader = _Reader(limit=_BUFFERED_BYTES)
            protocol = asyncio.StreamReaderProtocol(reader)
            with suppress(TimeoutError):
                async with asyncio.timeout(CONNECT_S):
                    transport, _ = await loop.create_connection(
                        lambda protocol=protocol: protocol, address.host, address.port, family=family,
                        ssl=self._trust if address.tls else None,
                    )  # fmt: skip
                    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
        raise Unreachable("The hub's address does not answer.")


class _Reader(asyncio.StreamReader):
    """Knows what has come and was not read: over a connection that rests, nothing may."""

    unread = 0
    ended = False

    def feed_data(self, data: bytes) -> None:  # type: ignore[override]
        self.unread += len(data)
        super().feed_data(data)

    def feed_eof(self) -> None:
        self.ended = True
        super().feed_eof()

    async def read(self, n: int = -1) -> bytes:
        piece = await super().read(n)
        self.unread -= len(piece)
        return piece


class _Connection:
    """One connection and the answer that comes over it."""

    def __init__(self, address: _Address, reader: _Reader, writer: asyncio.StreamWriter) -> None:
        self._address, self._reader, self._writer = address, reader, writer
        self._answer = _Answer()
        self.rests_since = 0.0

    @property
    def stands(self) -> bool:
        """Whether the hub has neither ended it nor said what nobody asked for: that would be taken for the next answer."""
        return not (self._writer.is_closing() or self._reader.ended or self._reader.unread)

    def send(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> None:
        """Send a request; ValueError for a header that would become two."""
        sent = {"host": self._address.authority, **headers}
        if content is not None or method != "GET":
            content = content or b""
            sent["content-length"] = str(len(content))
        lines = [f"{method} {self._address.path}{target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        if not all(line.isprintable() for line in lines):
            raise ValueError("a header of a request is one printable line")
        self._writer.write("\r\n".join((*lines, "", "")).encode("ascii") + (content or b""))

    async def response(self, silence_s: float) -> Response:
        """The head of the answer, once it is there."""
        while (head := self._answer.head) is None:
            await self._read(silence_s)
        return head

    async def body(self, silence_s: float) -> AsyncGenerator[bytes, None]:
        """The pieces of the content; without giving way to the loop while one read has more of them."""
        answer = self._answer
        while True:
            while answer.pieces:
                yield answer.pieces.popleft()
            if answer.complete:
                return
            await self._read(silence_s)

    def again(self) -> bool:
        """Whether another request may follow, for which it is made ready."""
        if not (self.stands and self._answer.complete and self._answer.keeps_alive):
            return False
        self._answer = _Answer()
        self.rests_since = time.monotonic()
        return True

    def end(self) -> None:
        """Close it at once; what the hub still sends is of no use to anybody."""
        self._writer.transport.abort()

    async def _read(self, silence_s: float) -> None:
        """Take in the next that the hub says."""
        try:
            async with asyncio.timeout(silence_s):
                piece = await self._reader.read(_READ_BYTES)
            if piece:
                self._answer.read(piece)
            elif not self._answer.ended():
                raise _broke()
        except TimeoutError:
            raise Unreachable("The hub was silent for too long.", maybe_taken=True) from None
        except (OSError, httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            raise _broke() from error


class _Answer:
    """What the parser tells of one answer; the methods named `on_` are its own."""

    def __init__(self) -> None:
        self.head: Response | None = None
        self.pieces: deque[bytes] = deque()
        self.complete = self.keeps_alive = False
        self._reason = b""
        self._headers: dict[str, str] = {}
        self._parser = httptools.HttpResponseParser(self)

    def read(self, piece: bytes) -> None:
        """Raises `httptools.HttpParserError` where this is no HTTP."""
        self._parser.feed_data(piece)

    def ended(self) -> bool:
        """The connection has: whether that was the end of the answer too (RFC 9112 6.3)."""
        told = self.head is not None and not {"content-length", "transfer-encoding"} & self.head.headers.keys()
        self.complete = self.complete or told
        return told

    def on_message_begin(self) -> None:
        """More than one answer to one request is none; what came before a final one counts for nothing (RFC 9110 15.2)."""
        self.keeps_alive = False
        self._reason, self._headers = b"", {}

    def on_status(self, part: bytes) -> None:
        self._reason += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("ascii").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200 and self.head is None:
            self.head = Response(status, self._reason.decode("latin-1"), self._headers)

    def on_body(self, piece: bytes) -> None:
        if not self.complete:
            self.pieces.append(piece)

    def on_message_complete(self) -> None:
        if self.head is not None and not self.complete:
            self.complete, self.keeps_alive = True, self._parser.should_keep_alive()


def _broke() -> Unreachable:
    return Unreachable("The connection to the hub broke.", maybe_taken=True)


def _address(url: str) -> _Address:
    """Read an address; `Unreachable` where it is none."""
    with suppress(ValueError):  # a port that is no number, a bracket that is not closed, a host that cannot be one
        parts = urlsplit(url)
        if parts.scheme in _PORTS and parts.hostname:
            host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode("ascii")
            bracketed = f"[{host}]" if ":" in host else host
            authority = bracketed if parts.port is None else f"{bracketed}:{parts.port}"
            port = parts.port or _PORTS[parts.scheme]
            return _Address(parts.scheme == "https", host, port, authority, quote(parts.path.rstrip("/"), safe="/%"))
    raise Unreachable(f"“{url}” is no address of a hub.")
