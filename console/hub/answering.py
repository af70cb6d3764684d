"""The web server under the hub's routes: uvicorn, begun and ended by the hub's own composition."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from console.hub.app import Hub, app
from console.hub.beside import beside
from console.hub.one_write import OneWriteProtocol

_KEEP_ALIVE_S = 20
"""A desk's connection stays open between two heartbeats that it answers, so that no command begins with a handshake."""
_GRACE_S = 1
"""What uvicorn waits for requests under way; streams end at once by themselves."""


class Server(uvicorn.Server):
    """uvicorn without its hold on signals: the hub's own composition decides when to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering, self.ending = asyncio.Event(), asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()

    async def main_loop(self) -> None:
        """uvicorn's own, ended at once and not at its next tick."""
        async with beside() as tasks:
            ticking = tasks.create_task(super().main_loop())
            await self.ending.wait()
            ticking.cancel()


@asynccontextmanager
async def answering(hub: Hub, listening: socket.socket) -> AsyncIterator[None]:
    """The hub's routes, answered on a listening socket while the block runs; every stream ends with it."""
    config = uvicorn.Config(
        app(hub), http=OneWriteProtocol, ws="none", lifespan="off", log_config=None, access_log=False,
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=_GRACE_S, timeout_keep_alive=_KEEP_ALIVE_S,
    )  # fmt: skip
    server = Server(config)
    async with beside() as tasks:
        tasks.create_task(server.serve(sockets=[listening]))
        try:
            await server.answering.wait()
            yield
        finally:
            hub.ready.set()  # whoever still waits to come in is answered, and the end does not wait for them
            hub.streams.close()
            server.ending.set()
    for _ in range(3):  # turns of the loop that a connection takes to be known, which came in while the end began
        await asyncio.sleep(0)
    for connection in tuple(server.server_state.connections):
        connection.transport.close()
