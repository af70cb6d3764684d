"""A tile server for tests: a small real HTTP server that gives the tiles it has, or whatever status it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from console.domain.agency import TileServer


class SmallTileServer:
    """Tiles by path, as in `/12/3/4.png`; what it was asked for, in order."""

    def __init__(self) -> None:
        self.tiles: dict[str, bytes] = {}
        self.status = 200
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.port = 0

    def settings(self, **more: object) -> TileServer:
        """How a center names it."""
        address = f"http://127.0.0.1:{self.port}/{{z}}/{{x}}/{{y}}.png"
        return TileServer(address, "© <b>Anybody</b>", **more)  # type: ignore[arg-type]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        path = lines[0].split()[1]
        self.asked.append(path)
        self.agents += [line.partition(": ")[2] for line in lines if line.lower().startswith("user-agent:")]
        body = self.tiles.get(path, b"")
        status = self.status if self.status != 200 or body else 404
        head = f"HTTP/1.1 {status} Any\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def tile_server() -> AsyncIterator[SmallTileServer]:
    """A tile server on a free port of this machine."""
    small = SmallTileServer()
    listening = await asyncio.start_server(small.answer, "127.0.0.1", 0)
    small.port = listening.sockets[0].getsockname()[1]
    try:
        yield small
    finally:
        listening.close()
        await listening.wait_closed()
