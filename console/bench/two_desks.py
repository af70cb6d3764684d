"""How long from a command at one desk until another desk has painted it, with 20 desks and 20 commands a second."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from console.bench.bare import bare_server
from console.bench.child import Child, child
from console.bench.figure import Figure, percentile
from console.bench.full_floor import agency, set_up
from console.bench.hubs import TELECOMMUNICATORS, carry_out, hub_process, signed_in, staffed_store

CALLS = 200
DESKS = 20
SENDING = 4
"""Desks that send in turn, in a process of their own; one more paints, in another; the others look on, in a third."""
A_SECOND = 20
SECONDS = 12
ROUNDS = 3


def measure() -> list[Figure]:
    """Rounds of both in turn. Sending and painting are timed by one clock, the system's monotonic one."""
    sent: dict[str, list[float]] = {"desk": [], "bare": []}
    with tempfile.TemporaryDirectory() as made, bare_server() as bare, hub_process(staffed_store(Path(made))) as (url, _):
        folder = Path(made)
        asyncio.run(_fill(url))
        crowd = DESKS - 1 - SENDING
        with (
            child(folder / "painting", "console.bench.painting_desk", url) as painting,
            child(folder / "sending", "console.bench.other_desks", url, "1", str(SENDING)) as sending,
            child(folder / "crowd", "console.bench.other_desks", url, str(1 + SENDING), str(crowd)) as desks,
            child(folder / "reader", "console.bench.bare_readers", bare, "1") as reader,
            child(folder / "posting", "console.bench.bare_readers", bare, str(SENDING)) as posting,
            child(folder / "readers", "console.bench.bare_readers", bare, str(crowd)) as readers,
        ):
            in_view = painting.hear()
            for process in (sending, desks, reader, posting, readers):
                process.hear()
            first = 0
            for _ in range(ROUNDS):
                sent["bare"] += _round(posting, reader, first, [])
                sent["desk"] += _round(sending, painting, first, in_view)
                first += A_SECOND * SECONDS
    how = (
        f"from handing the command to a desk's link (its own disk, the hub, the hub's disk) until the row of the call is "
        f"painted in the queue of a Qt desk in another process; {DESKS} desks follow, {SENDING} of them send in turn, "
        f"{A_SECOND} commands a second, {len(sent['desk'])} commands, {CALLS} open calls; one monotonic clock for all "
        f"processes; baseline: POST to a bare Starlette SSE echo until read through the same client, the same layout"
    )
    return [
        Figure(f"command to paint at another desk, {name}", percentile(sent["desk"], p) * 1e3, "ms", limit, how, base * 1e3)
        for name, p, limit in (("median", 50, None), ("99 %", 99, 3.0))
        for base in [percentile(sent["bare"], p)]
    ]


async def _fill(url: str) -> None:
    client, session = await signed_in(url, TELECOMMUNICATORS[0])
    await carry_out(url, session, set_up(agency(), CALLS))
    await client.close()


def _round(sender: Child, receiver: Child, first: int, calls: list[Any]) -> list[float]:
    """Send numbered changes to these calls in turn; the seconds until each, or one that took its place, was seen."""
    wanted = A_SECOND * SECONDS
    sender.tell({"first": first, "count": wanted, "a_second": A_SECOND, "calls": calls})
    sent = dict(sender.hear())
    receiver.tell(first + wanted - 1)
    seen = dict(receiver.hear())
    step = len(calls) or 1
    taken = []
    for n, at in sent.items():
        shown = next(m for m in range(n, first + wanted + step, step) if m in seen)
        taken.append(seen[shown] - at)
    return taken
