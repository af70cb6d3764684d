"""In a process of its own: many desks without a window, that follow a hub and, when told, send commands in turn."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import msgspec

from console.bench.child import say
from console.bench.hubs import DESK_TOKEN, PASSWORD, TELECOMMUNICATORS
from console.domain.commands import Accepted, LocateCall
from console.domain.ids import CallId, UserId
from console.domain.state import Place
from console.link.connection import Connection
from console.link.hub_client import HubClient
from console.link.outbox import open_outbox
from console.ui.folders import data_folder

Send = Callable[[int, str], Awaitable[None]]
"""Sends the change of that number to that call."""


async def follow(url: str, first: int, desks: int) -> None:
    """Let so many desks follow, from the first of these people on, and send as the parent says, until it is gone."""
    async with AsyncExitStack() as ends, asyncio.TaskGroup() as tasks:
        connections = []
        for name in TELECOMMUNICATORS[first : first + desks]:
            client = HubClient(url, DESK_TOKEN)
            ends.push_async_callback(client.close)
            outbox, _ = open_outbox(data_folder())
            ends.push_async_callback(outbox.close)
            live = asyncio.Event()
            connection = Connection(client, outbox, on_link=lambda link, live=live: live.set() if link.live else None)  # type: ignore[misc]
            await connection.sign_in(UserId(name), PASSWORD)
            connections.append((connection, tasks.create_task(connection.run())))
            await live.wait()
        say("ready")
        await send_as_told([partial(_locate, connection) for connection, _ in connections])
        for _, running in connections:
            running.cancel()


async def _locate(connection: Connection, number: int, call: str) -> None:
    outcome = await connection.submit(LocateCall(CallId(call), Place(f"{number} Main St")))
    if not isinstance(outcome, Accepted):
        raise RuntimeError(outcome.reason)


async def send_as_told(senders: list[Send]) -> None:
    """For each line of standard input, send so many changes at its pace, one sender after the other; say when each."""
    loop = asyncio.get_running_loop()
    while line := await asyncio.to_thread(sys.stdin.readline):
        told: dict[str, Any] = msgspec.json.decode(line)
        sent: list[tuple[int, float]] = []
        begun = loop.time()
        async with asyncio.TaskGroup() as tasks:
            for n in range(told["count"]):
                await asyncio.sleep(max(0.0, begun + n / told["a_second"] - loop.time()))
                number, calls = told["first"] + n, told["calls"] or [""]
                sent.append((number, time.monotonic()))
                tasks.create_task(_awaited(senders[n % len(senders)](number, calls[number % len(calls)])))
        say(sent)


async def _awaited(sending: Awaitable[None]) -> None:
    await sending


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
