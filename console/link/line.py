"""One connection to a hub: bytes go out, bytes are waited for, and each way it can fail is one of httpx's exceptions."""

import asyncio
import time
from typing import Self, cast

import httpx

KEPT_S = 4.0
"""How long a connection may rest and be used again; the hub closes it after five seconds."""
ENOUGH_BYTES = 1 << 20
"""More than this is not taken from the network before it has been used."""

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class Line(asyncio.Protocol):
    """Keeps what has arrived until it is asked for; only who asks for more than that waits."""

    def __init__(self, origin: Origin) -> None:
        """Belong to an origin; `open` connects."""
        self.origin = origin
        self._loop = asyncio.get_running_loop()
        self._arrived = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._news: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._lost = asyncio.Event()
        self._rested_at = 0.0

    @classmethod
    async def open(cls, origin: Origin, wait_s: float | None) -> Self:
        """Connect; `ConnectError` or `ConnectTimeout` when nobody is there."""
        scheme, host, port = origin
        line = cls(origin)
        try:
            async with asyncio.timeout(wait_s):
                tls = True if scheme == "https" else None  # True: the machine's own trust store
                await line._loop.create_connection(lambda: line, host, port, ssl=tls, happy_eyeballs_delay=0.25)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("Nobody answered.") from error
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(str(error)) from error
        return line

    # --------------------------------------------------------------------------------------------- what the loop says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Keep it, and tell who waits."""
        self._arrived += data
        if len(self._arrived) > ENOUGH_BYTES:
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        """Nothing more comes."""
        self._ended = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over, by either side or by the network."""
        self._ended, self._error = True, exc
        self._writable.set()
        self._lost.set()
        self._tell()

    def pause_writing(self) -> None:
        """The network takes no more now."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The network takes more."""
        self._writable.set()

    # --------------------------------------------------------------------------------------------- what it is used for

    async def send(self, message: bytes, wait_s: float | None) -> None:
        """Hand a message to the network."""
        self._transport.write(message)
        try:
            async with asyncio.timeout(wait_s):
                await self._writable.wait()
        except TimeoutError as error:
            raise httpx.WriteTimeout("The request could not be sent.") from error
        if self._error is not None:
            raise httpx.WriteError(str(self._error)) from self._error

    async def until(self, end: bytes, most: int, wait_s: float | None) -> bytes:
        """What arrives up to and with `end`, which must come within `most` bytes."""
        seen = 0
        while (at := self._arrived.find(end, max(0, seen - len(end)))) < 0:
            if (seen := len(self._arrived)) > most:
                raise httpx.RemoteProtocolError("The answer has a line without end.")
            if not await self._more(wait_s):
                raise httpx.RemoteProtocolError("The connection ended in the middle of the answer.")
        return self._take(at + len(end))

    async def some(self, most: int, wait_s: float | None) -> bytes:
        """What has arrived, at least one byte and at most so many; b"" when nothing more comes."""
        while not self._arrived:
            if not await self._more(wait_s):
                return b""
        return self._take(most)

    def rest(self) -> None:
        """Its answer has been read; it may be used again for a while."""
        self._rested_at = time.monotonic()

    @property
    def usable(self) -> bool:
        """Whether another request may go out on it."""
        fresh = time.monotonic() - self._rested_at < KEPT_S
        return fresh and not self._ended and not self._arrived and not self._transport.is_closing()

    async def close(self) -> None:
        """End it, whatever is on its way."""
        self._transport.abort()
        await self._lost.wait()

    def _take(self, most: int) -> bytes:
        taken = bytes(self._arrived[:most])
        del self._arrived[:most]
        if not self._ended and len(self._arrived) <= ENOUGH_BYTES:
            self._transport.resume_reading()
        return taken

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    async def _more(self, wait_s: float | None) -> bool:
        """Wait until something more has arrived; False when nothing will."""
        if self._ended:
            if self._error is not None:
                raise httpx.ReadError(str(self._error)) from self._error
            return False
        self._news = self._loop.create_future()
        try:
            async with asyncio.timeout(wait_s):
                await self._news
        except TimeoutError as error:
            raise httpx.ReadTimeout("Nothing more came.") from error
        finally:
            self._news = None
        return True
