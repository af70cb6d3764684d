"""What the hub holds in memory after 100,000 events of a working center."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from console.bench.figure import Figure
from console.bench.full_floor import WORDS, agency, receipt
from console.bench.hub_rate import CONNECTIONS
from console.bench.hubs import TELECOMMUNICATORS, headers, hub_process, order, signed_in, staffed_store
from console.bench.memory import resident_bytes
from console.bench.posting import post_all
from console.domain import commands as c
from console.domain.agency import Agency
from console.domain.ids import EntryId

EVENTS = 100_000
_EACH = 10
"""Events of one call here: its receipt, its first words, seven further entries, and its closing."""


def measure() -> list[Figure]:
    """Feed the events as calls that come, are worked on and close, and ask the system for the hub's resident memory."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = staffed_store(Path(folder))
        with hub_process(store) as (url, hub):
            client, session = await signed_in(url, TELECOMMUNICATORS[0])
            empty = resident_bytes(hub.pid)
            await post_all(f"{url}/v1/commands", headers(session), _lives(agency()), CONNECTIONS)
            head = (await client.health()).head
            full = resident_bytes(hub.pid)
            await client.close()
    how = (
        f"resident memory of the hub process at entry {head:,} of the log ({empty / 1e6:.0f} MB with an empty one); "
        f"{EVENTS // _EACH:,} calls received, worked on and closed, all still on the live board"
    )
    return [Figure("hub memory after 100,000 events", full / 1e6, "MB", 200, how)]


def _lives(rules: Agency) -> Iterator[bytes]:
    """Calls in waves, so that one connection never runs ahead of the call that another is opening."""
    wave = CONNECTIONS * 4
    for first in range(0, EVENTS // _EACH, wave):
        for step in range(_EACH - 1):
            for n in range(first, first + wave):
                yield order(_step(rules, n, step))


def _step(rules: Agency, n: int, step: int) -> c.AnyCommand:
    received = receipt(rules, n)
    if step == 0:
        return received
    if step == _EACH - 2:
        missed = next(reason.code for reason in rules.missed_reasons if not reason.needs_text)
        return c.CloseCall(received.call_id, missed=missed)
    return c.AddNarrative(received.call_id, EntryId(f"{n}-{step}"), WORDS)
