"""A hub that is killed in the middle of a burst: nothing that it acknowledged is lost, and a retry has one effect."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from console.domain.commands import Accepted, AddNarrative, Order
from console.domain.events import AgencyConfigured, NarrativeAdded
from console.domain.evolve import fold
from console.domain.ids import CallId, DeskId, EntryId, Seq
from console.domain.state import Role, State
from console.hub import people
from console.hub.hub_time import RealTime
from console.hub.ledger import Ledger
from console.hub.store import Store, write_once
from console.wire import codec
from console.wire.messages import SignInRequest, Snapshot
from tests.support.agency import AGENCY
from tests.support.hub import PASSWORD, PEOPLE, order, running_hub, store_url
from tests.support.hub_process import HubProcess
from tests.support.loop import runs
from tests.support.scenes import receive

CALL = CallId("call-1")
BEFORE_THE_KILL = 200
"""Acknowledged commands after which the hub is killed, with more under way."""
DESKS = 8


async def burst(hub: HubProcess, headers: dict[str, str]) -> tuple[dict[Order, Accepted], set[Order]]:
    """Write from several desks at once and kill the hub in the middle: what was acknowledged, and what was not."""
    acknowledged: dict[Order, Accepted] = {}
    unanswered: set[Order] = set()
    async with httpx.AsyncClient(base_url=hub.url, headers=headers, timeout=20) as client:

        async def desk(number: int) -> None:
            for n in range(10_000):
                sent = order(AddNarrative(CALL, EntryId(f"{number}-{n}"), "still calm"))
                unanswered.add(sent)
                try:
                    answer = await client.post("/v1/commands", content=codec.encode(sent))
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                acknowledged[sent] = codec.decode(answer.content, Accepted)
                unanswered.discard(sent)
                if len(acknowledged) == BEFORE_THE_KILL:
                    await asyncio.to_thread(hub.kill)

        await asyncio.gather(*(desk(number) for number in range(DESKS)))
    return acknowledged, unanswered


async def signed_in(hub: HubProcess) -> dict[str, str]:
    request = SignInRequest(PEOPLE[Role.TELECOMMUNICATOR].user_id, PASSWORD, DeskId("desk"))
    async with httpx.AsyncClient(base_url=hub.url, headers=hub.headers, timeout=20) as client:
        answer = await client.post("/v1/sign-in", content=codec.encode(request))
        assert answer.status_code == 200, answer.text
    return {**hub.headers, "authorization": f"Bearer {answer.json()['token']}"}


@runs
async def test_given_a_burst_when_the_hub_is_killed_then_no_acknowledged_command_is_lost(tmp_path: Path) -> None:
    async with running_hub(tmp_path, agency=AGENCY) as first:
        await first.submit(receive(CALL))
    write_once(store_url(tmp_path), lambda c: people.keep(PEOPLE[Role.TELECOMMUNICATOR], c))

    with await asyncio.to_thread(HubProcess, "--store", store_url(tmp_path)) as hub:
        headers = await signed_in(hub)
        acknowledged, unanswered = await burst(hub, headers)
    assert len(acknowledged) >= BEFORE_THE_KILL

    with await asyncio.to_thread(HubProcess, "--store", store_url(tmp_path)) as again:
        async with httpx.AsyncClient(base_url=again.url, headers=headers, timeout=20) as client:
            assert (await client.get("/v1/health")).json()["log_id"] == hub.log_id
            for sent, outcome in list(acknowledged.items())[-20:]:  # the same answer as before the kill
                answer = await client.post("/v1/commands", content=codec.encode(sent))
                assert codec.decode(answer.content, Accepted) == outcome
            for sent in unanswered:  # a retry is harmless, whether it had been committed or not
                assert (await client.post("/v1/commands", content=codec.encode(sent))).status_code == 200
            snapshot = codec.decode((await client.get("/v1/snapshot")).content, Snapshot)
        assert await asyncio.to_thread(again.desk_is_gone) == 0

    store = Store(store_url(tmp_path))
    try:
        ledger = Ledger(store, RealTime().now)
        entries = await ledger.entries(Seq(0))
    finally:
        store.close()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert isinstance(entries[0].event, AgencyConfigured)
    by_command = {entry.command_id: entry for entry in entries if isinstance(entry.event, NarrativeAdded)}
    assert len(by_command) == sum(isinstance(entry.event, NarrativeAdded) for entry in entries)
    for sent, outcome in acknowledged.items():
        assert by_command[sent.command_id].seq == outcome.seq
    assert set(by_command) == {sent.command_id for sent in (*acknowledged, *unanswered)}
    assert fold(State(), entries) == ledger.state == snapshot.state
