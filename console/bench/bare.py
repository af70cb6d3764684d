"""Bare servers to hold the hub against: the same library and settings, and no work."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from console.hub.serve import listen, url_of

_YES = Response(b'{"type":"Accepted","seq":1}', media_type="application/json")


async def accept(request: Request) -> Response:
    """Read the body and say yes."""
    await request.body()
    return _YES


def echo() -> list[Route]:
    """Routes that send what is posted to everybody who listens, as server-sent events."""
    listeners: set[asyncio.Queue[bytes]] = set()

    async def take(request: Request) -> Response:
        body = await request.body()
        for listener in listeners:
            listener.put_nowait(b"event: entry\ndata: %b\n\n" % body)
        return _YES

    async def events() -> AsyncIterator[bytes]:
        own: asyncio.Queue[bytes] = asyncio.Queue()
        listeners.add(own)
        try:
            yield b"event: heartbeat\ndata: {}\n\n"
            while True:
                yield await own.get()
        finally:
            listeners.discard(own)

    async def stream(_request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    return [Route("/echo", take, methods=["POST"]), Route("/stream", stream, methods=["GET"])]


@contextmanager
def bare_server() -> Iterator[str]:
    """The bare routes in a process of their own; gives their address, with a slash at its end."""
    command = [sys.executable, "-m", "console.bench.bare"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()  # it has nothing to lose, and would wait for its listeners


def main() -> None:
    """Serve on a free loopback port, and print the address once it listens."""
    listening = listen("127.0.0.1:0")
    print(f"{url_of(listening)}/", flush=True)
    app = Starlette(routes=[Route("/", accept, methods=["POST"]), *echo()])
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", http="h11")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
