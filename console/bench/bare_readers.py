"""In a process of its own: readers of the bare echo through the library that the desks use; one alone says when it read."""

import asyncio
import sys
import time
from functools import partial

from console.bench.child import say
from console.bench.other_desks import send_as_told
from console.link.events_stream import ServerSentEvents
from console.link.http_origin import HttpOrigin

NEVER_S = 3600.0
"""The echo sends no heartbeat."""


async def read(url: str, readers: int) -> None:
    """Read with so many; a single one reports, more of them send, until the parent is gone."""
    seen: list[tuple[int, float]] = []
    news = asyncio.Event()

    async def reader(origin: HttpOrigin, there: asyncio.Event) -> None:
        events = ServerSentEvents()
        async with origin.stream("/stream", NEVER_S) as (_, pieces):
            async for piece in pieces:
                for kind, data in events.read(piece):
                    if kind == "entry":
                        seen.append((int(data), time.monotonic()))
                        news.set()
                    else:
                        there.set()

    async with asyncio.TaskGroup() as tasks:
        origins = [HttpOrigin(url) for _ in range(readers)]
        running = []
        for origin in origins:
            there = asyncio.Event()
            running.append(tasks.create_task(reader(origin, there)))
            await there.wait()
        say("ready")
        if readers == 1:
            await _report(seen, news)
        else:
            await send_as_told([partial(_post, origin) for origin in origins])
        for task in running:
            task.cancel()
    for origin in origins:
        await origin.close()


async def _post(origin: HttpOrigin, number: int, _call: str) -> None:
    if (status := (await origin.request("POST", "/echo", b"%d" % number)).status) != 200:
        raise RuntimeError(f"the echo answered {status}")


async def _report(seen: list[tuple[int, float]], news: asyncio.Event) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        while not any(number == int(line) for number, _ in seen):
            news.clear()
            await news.wait()
        say(seen)
        seen.clear()


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1], int(sys.argv[2])))
