"""How many commands a second the hub makes durable, against a Starlette POST route that does no work."""

import asyncio
import tempfile
from pathlib import Path

from uuid_utils import uuid7

from console.bench.bare import bare_post_server
from console.bench.figure import Figure, percentile
from console.bench.hubs import DESK_TOKEN, hub_process, signed_in, staffed_store
from console.bench.posting import post_all
from console.domain.commands import AddNarrative, AnyCommand, Order, ReceiveCall
from console.domain.ids import CallId, CommandId, EntryId, NatureCode
from console.domain.state import Place, Source
from console.wire.codec import encode
from console.wire.messages import DESK_TOKEN_HEADER

CONNECTIONS = 16
COMMANDS = 4_000
ROUNDS = 5
_CALLS = [CallId(f"bench-{n}") for n in range(200)]


def order(command: AnyCommand) -> bytes:
    """The command as a desk would post it, under a new id."""
    return encode(Order(CommandId(str(uuid7())), command))


def measure() -> list[Figure]:
    """Rounds of both in turn, so that a slow minute of the machine slows both."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = staffed_store(Path(folder))
        with bare_post_server() as bare, hub_process(store) as (url, _):
            client, session = await signed_in(url, "telecommunicator")
            headers = {"authorization": f"Bearer {session.token}", DESK_TOKEN_HEADER: DESK_TOKEN}
            calls = [
                ReceiveCall(call_id, Source.CALL_911, NatureCode("WELFARE"), Place("1 Main St")) for call_id in _CALLS
            ]
            await post_all(f"{url}/v1/commands", headers, [order(call) for call in calls], CONNECTIONS)
            durable, bare_rates = [], []
            for _ in range(ROUNDS):
                bare_rates.append(await post_all(bare, headers, _narratives(), CONNECTIONS))
                durable.append(await post_all(f"{url}/v1/commands", headers, _narratives(), CONNECTIONS))
            await client.close()
    how = (
        f"{COMMANDS} narrative entries on {len(_CALLS)} open calls over {CONNECTIONS} connections, each answered after "
        f"fsync (SQLite WAL, synchronous=FULL); {ROUNDS} rounds in turn with the bare route, medians"
    )
    return [
        Figure(
            "durable commands", percentile(durable, 50), "1/s", 0.5, how, percentile(bare_rates, 50), at_least=True
        )
    ]


def _narratives() -> list[bytes]:
    words = "Caller says he is calm now and waits outside."
    return [
        order(AddNarrative(_CALLS[n % len(_CALLS)], EntryId(str(uuid7())), words)) for n in range(COMMANDS)
    ]
