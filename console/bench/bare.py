"""Bare servers to hold the hub against: the same library and settings, and no work."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.hub.serve import listen, url_of


async def accept(request: Request) -> Response:
    """Read the body and say yes."""
    await request.body()
    return Response(b'{"type":"Accepted","seq":1}', media_type="application/json")


@contextmanager
def bare_post_server() -> Iterator[str]:
    """A Starlette POST route that does nothing, in a process of its own; gives its address."""
    server = subprocess.Popen([sys.executable, "-m", "console.bench.bare"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Serve on a free loopback port, and print the address once it listens."""
    listening = listen("127.0.0.1:0")
    print(f"{url_of(listening)}/", flush=True)
    app = Starlette(routes=[Route("/", accept, methods=["POST"])])
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", http="h11")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
