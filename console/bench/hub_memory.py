"""What the hub holds in memory after 100,000 events of a working center, two streams open."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from console.bench.figure import Figure
from console.bench.hub_rate import CONNECTIONS, order
from console.bench.hubs import DESK_TOKEN, hub_process, signed_in, staffed_store
from console.bench.memory import resident_bytes
from console.bench.posting import post_all
from console.domain import commands as c
from console.domain.ids import CallId, EntryId, NatureCode
from console.domain.state import Place, Source
from console.wire.messages import DESK_TOKEN_HEADER

EVENTS = 100_000
_EACH = 10
"""Events of one call here: receipt with its first words, eight more entries or edits, and its closing."""


def measure() -> list[Figure]:
    """Feed the events as calls that come, are worked on and close, and ask the system for the hub's resident memory."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = staffed_store(Path(folder))
        with hub_process(store) as (url, hub):
            client, session = await signed_in(url, "telecommunicator")
            headers = {"authorization": f"Bearer {session.token}", DESK_TOKEN_HEADER: DESK_TOKEN}
            empty = resident_bytes(hub.pid)
            await post_all(f"{url}/v1/commands", headers, _lives(), CONNECTIONS)
            head = (await client.health()).head
            full = resident_bytes(hub.pid)
            await client.close()
    how = (
        f"resident memory of the hub process at entry {head:,} of the log ({empty / 1e6:.0f} MB with an empty one); "
        f"{EVENTS // _EACH:,} calls received, worked on and closed, all still on the live board"
    )
    return [Figure("hub memory after 100,000 events", full / 1e6, "MB", 200, how)]


def _lives() -> Iterator[bytes]:
    """Calls in waves, so that one connection never runs ahead of the call that another is opening."""
    wave = CONNECTIONS * 4
    for first in range(0, EVENTS // _EACH, wave):
        calls = [CallId(f"bench-{n}") for n in range(first, first + wave)]
        for step in range(_EACH - 1):
            for call_id in calls:
                yield order(_step(call_id, step))


def _step(call_id: CallId, step: int) -> c.AnyCommand:
    if step == 0:
        place = Place(f"{call_id} Main St", 35.99, -78.9)
        return c.ReceiveCall(call_id, Source.CALL_911, NatureCode("WELFARE"), place, text="Caller is worried about her.")
    if step == _EACH - 2:
        return c.CloseCall(call_id, missed="ALLBUSY")
    words = "She does not open the door. A neighbor heard her this morning."
    return c.AddNarrative(call_id, EntryId(f"{call_id}-{step}"), words)
