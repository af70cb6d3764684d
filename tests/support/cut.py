"""The network between a desk and a hub, as a piece of wire that a test can cut, hold and mend."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """A TCP relay on a free loopback port. Connections made while it is cut are refused by being closed at once."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._whole = True
        self._open: set[asyncio.StreamWriter] = set()
        self._answers_lost = False
        self.url = ""

    def lead_to(self, url: str) -> None:
        """Lead new connections there."""
        self._to = url

    def cut(self) -> None:
        """Break every connection, and every new one, until mended."""
        self._whole = False
        for writer in self._open:
            writer.transport.abort()

    def hold(self) -> None:
        """Let no byte through, and say nothing: a cable pulled out, a switch without power."""
        self._flowing.clear()

    def lose_answers(self) -> None:
        """Let requests through, and break every connection on which an answer comes."""
        self._answers_lost = True

    def mend(self) -> None:
        """Let everything through again."""
        self._whole = True
        self._answers_lost = False
        self._flowing.set()

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one connection to the hub with one of our own."""
        self._open.add(writer)
        try:
            if not self._whole:
                return
            there = urlsplit(self._to)
            with suppress(OSError):
                hub_reader, hub_writer = await asyncio.open_connection(there.hostname, there.port)
                self._open.add(hub_writer)
                try:
                    async with asyncio.TaskGroup() as tasks:
                        ways = [
                            tasks.create_task(self._flow(reader, hub_writer, answers=False)),
                            tasks.create_task(self._flow(hub_reader, writer, answers=True)),
                        ]
                        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                        for way in ways:
                            way.cancel()
                finally:
                    self._open.discard(hub_writer)
                    hub_writer.close()
        finally:
            self._open.discard(writer)
            writer.close()

    async def _flow(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while piece := await source.read(65536):
                await self._flowing.wait()
                if answers and self._answers_lost:
                    return
                to.write(piece)
                await to.drain()


@asynccontextmanager
async def wire(to: str) -> AsyncIterator[Wire]:
    """A wire to the hub at this address, whole at first."""
    made = Wire(to)
    async with asyncio.TaskGroup() as tasks:
        relays: set[asyncio.Task[None]] = set()

        def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            relay = tasks.create_task(made.relay(reader, writer))
            relays.add(relay)
            relay.add_done_callback(relays.discard)

        server = await asyncio.start_server(joined, "127.0.0.1", 0)
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield made
        finally:
            server.close()
            for relay in tuple(relays):
                relay.cancel()
