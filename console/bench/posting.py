"""A load of POST requests over a fixed number of connections, each waiting for its answer; the same for every server."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit


async def post_all(url: str, headers: dict[str, str], bodies: Iterable[bytes], connections: int) -> float:
    """Post every body over `connections` connections at once; the rate in answers per second comes back.

    Speaks the little HTTP/1.1 that is needed by hand: a library client would cost more than the server it measures.
    Raises RuntimeError for any answer that is not 200.
    """
    parts = urlsplit(url)
    head = f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    waiting = iter(bodies)
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(_connection(parts.hostname or "", parts.port or 80, head, waiting)) for _ in range(connections)
        ]
    return sum(task.result() for task in running) / (time.perf_counter() - begun)


async def _connection(host: str, port: int, head: str, bodies: Iterator[bytes]) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    sent = 0
    try:
        for body in bodies:
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"the server answered {answer.splitlines()[0].decode()}")
            length = next(line for line in answer.lower().splitlines() if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            sent += 1
    finally:
        writer.close()
        await writer.wait_closed()
    return sent
