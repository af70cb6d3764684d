"""How many commands a second the hub makes durable, against a Starlette POST route that does no work."""

import asyncio
import tempfile
from pathlib import Path

from uuid_utils import uuid7

from console.bench.bare import bare_server
from console.bench.figure import Figure, percentile
from console.bench.full_floor import WORDS, agency, receipt
from console.bench.hubs import TELECOMMUNICATORS, carry_out, headers, hub_process, order, signed_in, staffed_store
from console.bench.posting import post_all
from console.domain.commands import AddNarrative
from console.domain.ids import EntryId

CONNECTIONS = 16
COMMANDS = 4_000
ROUNDS = 5
CALLS = 200


def measure() -> list[Figure]:
    """Rounds of both in turn, so that a slow minute of the machine slows both."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = staffed_store(Path(folder))
        with bare_server() as bare, hub_process(store) as (url, _):
            client, session = await signed_in(url, TELECOMMUNICATORS[0])
            rules = agency()
            calls = [receipt(rules, n) for n in range(CALLS)]
            await carry_out(url, session, calls)

            def narratives() -> list[bytes]:
                ids = (calls[n % CALLS].call_id for n in range(COMMANDS))
                return [order(AddNarrative(call_id, EntryId(str(uuid7())), WORDS)) for call_id in ids]

            durable, bare_rates = [], []
            for _ in range(ROUNDS):
                bare_rates.append(await post_all(bare, headers(session), narratives(), CONNECTIONS))
                durable.append(await post_all(f"{url}/v1/commands", headers(session), narratives(), CONNECTIONS))
            await client.close()
    how = (
        f"{COMMANDS} narrative entries on {CALLS} open calls over {CONNECTIONS} connections, each answered after "
        f"fsync (SQLite WAL, synchronous=FULL); {ROUNDS} rounds in turn with the bare route, medians"
    )
    base = percentile(bare_rates, 50)
    return [Figure("durable commands", percentile(durable, 50), "1/s", 0.5, how, base, at_least=True)]
