"""HTTP/1.1 for httpx over asyncio's own connections: how a desk's requests travel to its hub.

httpx's own transport serves every kind of event loop, and brings what tells them apart: a tenth of a desk's start. A desk
has one loop and one hub. What is here is RFC 9112 as a client needs it: one request at a time on a connection, bodies with
a length, in chunks, or up to the end, and connections that are used again.
"""

import re
from collections.abc import AsyncIterator
from typing import NamedTuple

import httpx

from console.link.line import Line

HEAD_BYTES = 64 * 1024
"""The most that the head of an answer, or the line before a chunk, may have."""
PIECE_BYTES = 256 * 1024

_STATUS = re.compile(rb"HTTP/1\.(\d) (\d{3})(?: (.*))?")
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r\n")
_IN_CHUNKS, _UP_TO_THE_END = -1, -2


class _Head(NamedTuple):
    """The first lines of an answer. Its body has `length` bytes, or comes in chunks, or is all that comes."""

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    length: int
    keeps: bool


class Transport(httpx.AsyncBaseTransport):
    """Carries requests, and raises httpx's own exceptions; a connection whose answer was read whole is used again."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._resting: list[Line] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; return when the head of the answer is there. The body is read from the network as it is used."""
        waits: dict[str, float | None] = request.extensions.get("timeout", {})
        message = _written(request, await request.aread())
        line = await self._line(request.url, waits.get("connect"))
        try:
            await line.send(message, waits.get("write"))
            head = await _head(line, request.method, waits.get("read"))
        except BaseException:
            await line.close()
            raise
        return httpx.Response(
            head.status,
            headers=head.headers,
            stream=_Body(self._resting, line, head, waits.get("read")),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": head.reason},
        )

    async def aclose(self) -> None:
        """Close the resting connections; one in use ends with its answer."""
        while self._resting:
            await self._resting.pop().close()

    async def _line(self, url: httpx.URL, wait_s: float | None) -> Line:
        if url.scheme not in ("http", "https") or not url.host:
            raise httpx.UnsupportedProtocol(f"{url} is no address of a hub.")
        origin = (url.scheme, url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80))
        while self._resting:
            line = self._resting.pop()
            if line.origin == origin and line.usable:
                return line
            await line.close()
        return await Line.open(origin, wait_s)


class _Body(httpx.AsyncByteStream):
    """The body of one answer. Everything that has arrived is given without a turn of the loop in between."""

    def __init__(self, resting: list[Line], line: Line, head: _Head, wait_s: float | None) -> None:
        self._resting, self._line, self._head, self._wait_s = resting, line, head, wait_s
        self._whole = head.length == 0
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield it piece by piece; a body that ends too soon is an error."""
        line, wait_s, left = self._line, self._wait_s, self._head.length
        if left == _UP_TO_THE_END:
            while piece := await line.some(PIECE_BYTES, wait_s):
                yield piece
        else:
            chunked = left == _IN_CHUNKS
            if chunked:
                left = await self._chunk()
            while left:
                piece = await line.some(min(left, PIECE_BYTES), wait_s)
                if not piece:
                    raise httpx.RemoteProtocolError(f"The answer ended {left} bytes too soon.")
                left -= len(piece)
                yield piece
                if chunked and not left:
                    if await line.until(b"\r\n", 2, wait_s) != b"\r\n":
                        raise httpx.RemoteProtocolError("A chunk of the answer is longer than it said.")
                    left = await self._chunk()
            while chunked and await line.until(b"\r\n", HEAD_BYTES, wait_s) != b"\r\n":
                pass  # trailers, which nobody here asks for
        self._whole = True

    async def aclose(self) -> None:
        """Let the connection rest if the body was read whole, else close it."""
        if self._closed:
            return
        self._closed = True
        if self._whole and self._head.keeps:
            self._line.rest()
            self._resting.append(self._line)
        else:
            await self._line.close()

    async def _chunk(self) -> int:
        """How long the next chunk is; 0 after the last."""
        size = _SIZE.fullmatch(await self._line.until(b"\r\n", HEAD_BYTES, self._wait_s))
        if size is None:
            raise httpx.RemoteProtocolError("A chunk of the answer does not say how long it is.")
        return int(size[1], 16)


def _written(request: httpx.Request, body: bytes) -> bytes:
    """A request as it goes out; httpx has added its host and its length."""
    first = b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)
    lines = [first, *(b"%b: %b" % header for header in request.headers.raw)]
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise httpx.LocalProtocolError("A line of the request is broken in two.")
    return b"\r\n".join([*lines, b"", body])


async def _head(line: Line, method: str, wait_s: float | None) -> _Head:
    """The head of the answer proper: what only announces it is passed over."""
    while (head := _understood(await line.until(b"\r\n\r\n", HEAD_BYTES, wait_s), method)).status < 200:
        pass
    return head


def _understood(text: bytes, method: str) -> _Head:
    """Read the first lines of an answer; `RemoteProtocolError` for what is none (RFC 9112 4, 5 and 6.3)."""
    first, *rest = text[:-4].split(b"\r\n")
    status, fields = _STATUS.fullmatch(first), [_HEADER.fullmatch(line) for line in rest]
    headers = [(field[1], field[2]) for field in fields if field]
    if status is None or len(headers) < len(fields):
        raise httpx.RemoteProtocolError("What answers does not speak HTTP/1.1.")

    def said(name: bytes) -> bytes:
        return b",".join(value.lower() for header, value in headers if header.lower() == name)

    code, lengths, coding = int(status[2]), set(said(b"content-length").split(b",")), said(b"transfer-encoding")
    if method == "HEAD" or code < 200 or code in (204, 304):
        length = 0
    elif coding:
        length = _IN_CHUNKS if coding == b"chunked" else _UP_TO_THE_END
    elif lengths == {b""}:
        length = _UP_TO_THE_END
    elif len(lengths) == 1 and (given := lengths.pop()).isdigit():
        length = int(given)
    else:
        raise httpx.RemoteProtocolError("The answer says two lengths, or one that is no number.")
    keeps = length != _UP_TO_THE_END and status[1] != b"0" and b"close" not in said(b"connection")
    return _Head(code, status[3] or b"", headers, length, keeps)
