"""How long from offering a caller at one desk until it rings at the clinician's, with 20 desks at the hub."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from console.bench.bare import bare_server
from console.bench.child import Child, child
from console.bench.figure import Figure, percentile
from console.bench.full_floor import agency, set_up
from console.bench.hubs import TELECOMMUNICATORS, carry_out, hub_process, signed_in, staffed_store
from console.domain.commands import ReceiveCall
from console.domain.programmes import Responds

DESKS = 20
OFFERING = 4
CLINICIANS = 5
CALLS = 40
A_SECOND = 10
"""Offers a second over the whole center: at 200 hand-offs an hour there is one in 18 s."""
SECONDS = 10
ROUNDS = 3
P99_MS = 150.0


def measure() -> list[Figure]:
    """Rounds of both in turn. Offering and ringing are timed by one clock, the system's monotonic one."""
    taken: dict[str, list[float]] = {"desk": [], "bare": []}
    rules = agency()
    by_phone = next(programme.code for programme in rules.programmes if programme.responds is Responds.BY_PHONE)
    crowd = DESKS - OFFERING - CLINICIANS
    with tempfile.TemporaryDirectory() as made, bare_server() as bare:
        folder = Path(made)
        with (
            hub_process(staffed_store(folder, CLINICIANS, by_phone)) as (url, _),
            child(folder / "ringing", "console.bench.ring_desks", "ring", url, str(CLINICIANS)) as ringing,
            child(folder / "offering", "console.bench.ring_desks", "offer", url, str(OFFERING), str(CLINICIANS)) as offering,
            child(folder / "crowd", "console.bench.other_desks", url, str(1 + OFFERING), str(crowd)) as desks,
            child(folder / "reader", "console.bench.bare_readers", bare, "1") as reader,
            child(folder / "posting", "console.bench.bare_readers", bare, str(OFFERING)) as posting,
            child(folder / "readers", "console.bench.bare_readers", bare, str(DESKS - OFFERING - 1)) as readers,
        ):
            for process in (ringing, offering, desks, reader, posting, readers):
                process.hear()
            calls = asyncio.run(_fill(url))
            first = 0
            for _ in range(ROUNDS):
                taken["bare"] += _round(posting, reader, first, [])
                taken["desk"] += _round(offering, ringing, first, calls)
                first += A_SECOND * SECONDS
    how = (
        f"from handing the offer to a desk's link (its own disk, the hub, the hub's disk) until it rings in the state of "
        f"the clinician's desk in another process; {DESKS} desks follow, {OFFERING} of them offer in turn to {CLINICIANS} "
        f"clinicians, {A_SECOND} offers a second and as many taken back, {len(taken['desk'])} offers, {CALLS} open calls; "
        f"one monotonic clock for all processes; baseline: POST to a bare Starlette SSE echo until read through the same "
        f"client, the same number of readers"
    )
    return [
        Figure(
            f"offer at one desk to ringing at another, {name}", percentile(taken["desk"], p) * 1e3, "ms", limit, how,
            percentile(taken["bare"], p) * 1e3, of_value=True,
        )
        for name, p, limit in (("median", 50, None), ("99 %", 99, P99_MS))
    ]  # fmt: skip


async def _fill(url: str) -> list[str]:
    """Put units and calls on the floor; the calls' ids."""
    client, session = await signed_in(url, TELECOMMUNICATORS[0])
    commands = list(set_up(agency(), CALLS))
    await carry_out(url, session, commands)
    await client.close()
    return [command.call_id for command in commands if isinstance(command, ReceiveCall)]


def _round(sender: Child, receiver: Child, first: int, calls: list[Any]) -> list[float]:
    """Send numbered offers of these calls in turn; the seconds until each was there."""
    wanted = A_SECOND * SECONDS
    sender.tell({"first": first, "count": wanted, "a_second": A_SECOND, "calls": calls})
    sent = dict(sender.hear())
    receiver.tell(first + wanted - 1)
    seen = dict(receiver.hear())
    return [seen[number] - at for number, at in sent.items()]
