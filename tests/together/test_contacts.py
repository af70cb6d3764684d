"""A real hub and a desk's own question: a neighbor who called before is known as soon as the call is chosen."""

from __future__ import annotations

import asyncio
from pathlib import Path

from msgspec.structs import replace

from console.domain.commands import CloseCall
from console.domain.ids import CallId, DeskId, UserId
from console.domain.state import Call, Place, State
from console.link.hub_client import HubClient
from console.ui.context import Context
from console.ui.number_lookup import NumberLookup
from console.ui.store import Store
from tests.support.agency import BURGLARY
from tests.support.hub import PASSWORD, running_hub
from tests.support.loop import runs
from tests.support.scenes import receive

FORMER, NOW = CallId("former"), CallId("now")


@runs
async def test_given_a_call_of_before_when_the_neighbor_calls_again_then_the_desk_knows_it_by_number_and_by_place(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.order(receive(FORMER, nature=BURGLARY, callback="+1 (919) 555-0142", place=Place("2115 Guess Road #14")))
        assert (await hub.order(CloseCall(FORMER, outcome="resolved"))).status_code == 200
        await hub.order(receive(NOW, callback="919 555 0142", place=Place("Elsewhere")))
        async with HubClient(hub.url) as client:
            session = await client.sign_in(UserId("okafor"), PASSWORD, DeskId("desk-9"))
            snapshot = await client.snapshot()
            board = {id_: call for id_, call in snapshot.state.calls.items() if id_ == NOW}
            store = Store(_with(snapshot.state, board), now=snapshot.hub_time, me=session)
            store.history = client
            context, answered = Context(store), asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                store.tasks = tasks
                context.selection.choose_call(NOW)
                context.neighbor.changed.connect(answered.set)
                await answered.wait()
                found = context.neighbor.known(store.state.calls[NOW])
                assert [(one.call_id, one.by_number) for one in found.listed] == [(FORMER, True)]
                assert context.neighbor.words(store.state.calls[NOW]).startswith("↻ 1 contact in 7 days; last: 0 min ago")

                lookup, heard = NumberLookup(store), asyncio.Event()
                lookup.changed.connect(heard.set)
                lookup.look("9195550")
                await heard.wait()
                assert lookup.words().startswith("919 555 0142: 2 contacts in 7 days")


def _with(state: State, calls: dict[CallId, Call]) -> State:
    """The board once the former call has been filed."""
    return replace(state, calls=calls)
