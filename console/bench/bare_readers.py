"""In a process of its own: readers of the bare echo through the library that the desks use; one alone says when it read."""

import asyncio
import sys
import time
from functools import partial

import httpx
from httpx_sse import aconnect_sse

from console.bench.child import say
from console.bench.other_desks import send_as_told


async def read(url: str, readers: int) -> None:
    """Read with so many; a single one reports, more of them send, until the parent is gone."""
    seen: list[tuple[int, float]] = []
    news = asyncio.Event()

    async def reader(client: httpx.AsyncClient, there: asyncio.Event) -> None:
        async with aconnect_sse(client, "GET", f"{url}stream", timeout=None) as source:
            async for event in source.aiter_sse():
                if event.event == "entry":
                    seen.append((int(event.data), time.monotonic()))
                    news.set()
                else:
                    there.set()

    async with asyncio.TaskGroup() as tasks:
        clients = [httpx.AsyncClient(trust_env=False, verify=False) for _ in range(readers)]
        running = []
        for client in clients:
            there = asyncio.Event()
            running.append(tasks.create_task(reader(client, there)))
            await there.wait()
        say("ready")
        if readers == 1:
            await _report(seen, news)
        else:
            await send_as_told([partial(_post, client, url) for client in clients])
        for task in running:
            task.cancel()
    for client in clients:
        await client.aclose()


async def _post(client: httpx.AsyncClient, url: str, number: int, _call: str) -> None:
    (await client.post(f"{url}echo", content=str(number))).raise_for_status()


async def _report(seen: list[tuple[int, float]], news: asyncio.Event) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        while not any(number == int(line) for number, _ in seen):
            news.clear()
            await news.wait()
        say(seen)
        seen.clear()


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1], int(sys.argv[2])))
