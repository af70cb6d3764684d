"""In a process of its own: desks without a window that offer callers in turn, or those at which it rings."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from console.bench.child import say
from console.bench.hubs import DESK_TOKEN, PASSWORD, TELECOMMUNICATORS
from console.bench.other_desks import send_as_told
from console.domain import queries
from console.domain.commands import Accepted, AnyCommand, OfferHandOff, WithdrawHandOff
from console.domain.ids import CallId, HandOffId, UserId
from console.domain.state import State
from console.link.connection import Connection
from console.link.hub_client import HubClient
from console.link.outbox import open_outbox
from console.ui.folders import data_folder

RINGS_S = 0.25
"""How long an offer rings until it is taken back, so that the clinician can be rung again."""

Changed = Callable[[State, State, object], None]


async def offer(url: str, desks: int, clinicians: int) -> None:
    """Offer as the parent says, from these desks in turn to these clinicians in turn, until it is gone."""
    async with AsyncExitStack() as ends, asyncio.TaskGroup() as tasks:
        connections = [await ends.enter_async_context(_desk(url, name)) for name in TELECOMMUNICATORS[1 : 1 + desks]]
        running = [tasks.create_task(connection.run()) for connection, _ in connections]
        for _, live in connections:
            await live.wait()
        say("ready")
        await send_as_told([partial(_offer, connection, clinicians) for connection, _ in connections])
        for task in running:
            task.cancel()


async def ring(url: str, clinicians: int) -> None:
    """Follow as these clinicians and tell the parent, for each offer it names as the last, when each was there to ring."""
    rung: list[tuple[int, float]] = []
    news = asyncio.Event()

    def changed(user: UserId, _old: State, new: State, _moved: object) -> None:
        now, call = time.monotonic(), queries.ringing(new, user)
        if call is not None and call.hand_off is not None:
            rung.append((int(call.hand_off.hand_off_id.rpartition("-")[2]), now))
            news.set()

    async with AsyncExitStack() as ends, asyncio.TaskGroup() as tasks:
        people = [UserId(f"clinician-{n}") for n in range(clinicians)]
        connections = [await ends.enter_async_context(_desk(url, user, partial(changed, user))) for user in people]
        running = [tasks.create_task(connection.run()) for connection, _ in connections]
        for _, live in connections:
            await live.wait()
        say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            while not any(number == int(line) for number, _ in rung):
                news.clear()
                await news.wait()
            first: dict[int, float] = {}
            for number, at in rung:
                first.setdefault(number, at)
            say(list(first.items()))
            rung.clear()
        for task in running:
            task.cancel()


@asynccontextmanager
async def _desk(
    url: str, user: str, changed: Changed = lambda _old, _new, _moved: None
) -> AsyncIterator[tuple[Connection, asyncio.Event]]:
    """A desk at which somebody has signed in, and the event of its being live."""
    live = asyncio.Event()
    client = HubClient(url, DESK_TOKEN)
    outbox, _ = open_outbox(data_folder())
    try:
        connection = Connection(client, outbox, on_change=changed, on_link=lambda link: live.set() if link.live else None)
        await connection.sign_in(UserId(user), PASSWORD)
        yield connection, live
    finally:
        await outbox.close()
        await client.close()


async def _offer(connection: Connection, clinicians: int, number: int, call: str) -> None:
    call_id, hand_off_id = CallId(call), HandOffId(f"ring-{number}")
    await _done(connection, OfferHandOff(call_id, hand_off_id, UserId(f"clinician-{number % clinicians}")))
    await asyncio.sleep(RINGS_S)
    await _done(connection, WithdrawHandOff(call_id, hand_off_id, "measured"))


async def _done(connection: Connection, command: AnyCommand) -> None:
    outcome = await connection.submit(command)
    if not isinstance(outcome, Accepted):
        raise RuntimeError(outcome.reason)


if __name__ == "__main__":
    if sys.argv[1] == "offer":
        asyncio.run(offer(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    else:
        asyncio.run(ring(sys.argv[2], int(sys.argv[3])))
