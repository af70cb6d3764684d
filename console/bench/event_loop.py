"""How long the desk's event loop ever keeps a person waiting while the floor is at its fullest."""

import asyncio
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from console.bench.child import Child, child
from console.bench.figure import Figure, percentile
from console.bench.full_floor import busy, configuration_with, positions, set_up
from console.bench.hubs import TELECOMMUNICATORS, carry_out, center_hub, headers, order, signed_in, staffed_store
from console.hub.configuration import load
from console.hub.positions import Fix
from console.link.hub_client import HubClient
from console.wire.codec import encode
from console.wire.messages import Session

CALLS = 200
UNITS = 500
A_SECOND = 20
SECONDS = 60
BARE_SECONDS = 10
LONGEST_MS, NEARLY_ALL_MS = 50.0, 16.0


def measure() -> list[Figure]:
    """Each workspace in a window of its own, the bare window before, between and after."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = configuration_with(folder, UNITS)
        rules = load(config)
        with (
            center_hub(staffed_store(folder), config) as (url, _),
            child(folder / "bare", "console.bench.bare_window", "--watched") as bare,
        ):
            bare.hear()
            client, session = await signed_in(url, TELECOMMUNICATORS[-1])
            feed, feeding = await signed_in(url, "feed")
            await carry_out(url, session, set_up(rules, CALLS))
            happening = busy(rules, CALLS)
            async with asyncio.TaskGroup() as load_on:
                at_work = [
                    load_on.create_task(_events(url, session, happening)),
                    load_on.create_task(_positions(url, feeding, feed, rules)),
                ]
                for workspace, user in (("dispatch", TELECOMMUNICATORS[0]), ("supervisor", "supervisor")):
                    before = await _watch(bare, BARE_SECONDS)
                    with child(folder / workspace, "console.bench.probed_desk", url, workspace, user) as desk:
                        await asyncio.to_thread(desk.hear)
                        gaps = await _watch(desk, SECONDS)
                    figures += _figures(workspace, gaps, before + await _watch(bare, BARE_SECONDS))
                for task in at_work:
                    task.cancel()
            await client.close()
            await feed.close()
    return figures


async def _watch(window: Child, seconds: float) -> list[list[float]]:
    window.tell(seconds)
    gaps: list[list[float]] = await asyncio.to_thread(window.hear)
    return gaps


async def _events(url: str, session: Session, happening: Any) -> None:
    """Something happens on the floor, so many times a second."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with httpx.AsyncClient(base_url=url, headers=headers(session), trust_env=False, verify=False) as client:
        for n in count():
            await asyncio.sleep(max(0.0, begun + n / A_SECOND - loop.time()))
            (await client.post("/v1/commands", content=order(next(happening)))).raise_for_status()


async def _positions(url: str, session: Session, clock: HubClient, rules: Any) -> None:
    """Every unit's receiver reports once a second."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with httpx.AsyncClient(base_url=url, headers=headers(session), trust_env=False, verify=False) as client:
        for second in count():
            await asyncio.sleep(max(0.0, begun + second - loop.time()))
            at = (await clock.health()).hub_time
            fixes = [Fix(p.unit_id, p.latitude, p.longitude, at, 35.0, p.course) for p in positions(rules, second, at)]
            (await client.post("/v1/positions", content=encode(fixes))).raise_for_status()


def _figures(workspace: str, desk: list[list[float]], bare: list[list[float]]) -> list[Figure]:
    """By the clock, and by the processor: the two part where the machine has other things to do than this desk."""
    how = (
        f"{workspace} workspace of the desk at a hub, {SECONDS} s of {A_SECOND} events a second, {UNITS} units reporting "
        f"once a second, {CALLS} open calls; baseline: a bare window beside the same load, {2 * BARE_SECONDS} s; "
    )
    by_clock = "time between two beats of a 4 ms timer in the Qt loop, which every longer turn holds up; "
    by_clock += f"in the longest the UI thread had the processor for {max(desk)[1]:.0f} ms"
    by_processor = "processor time that the UI thread had between two such beats, waiting for nobody"
    figures = []
    for place, longest, nearly_all, what in (
        (0, "longest turn of the loop", "99.9 % of the turns", by_clock),
        (1, "most work in a turn", "work in 99.9 % of the turns", by_processor),
    ):
        turns, idle = [beat[place] for beat in desk], [beat[place] for beat in bare]
        for name, limit, of, idly in (
            (longest, LONGEST_MS, max(turns), max(idle)),
            (nearly_all, NEARLY_ALL_MS, percentile(turns, 99.9), percentile(idle, 99.9)),
        ):
            figures.append(Figure(f"{workspace}: {name}", of, "ms", limit, how + what, idly, of_value=True))
    return figures
