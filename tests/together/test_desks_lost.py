"""Desks that die, are cut off, or outlive their hub: what the log says of them, and that their callers keep somebody.

The hub is a real one on HTTP, told to miss a desk after a fraction of a second instead of fifteen; dying desks are processes
that are killed with SIGKILL, and the link that goes silent is a relay that lets no byte through and says nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from console.domain import commands as c
from console.domain import queries
from console.domain.alarms import AlarmKind, standing
from console.domain.commands import Accepted, AnyCommand
from console.domain.events import AnyEvent, DeskFound, DeskLost
from console.domain.ids import Seq, UserId
from console.domain.state import Presence, PresenceStatus
from tests.support.cut import wire
from tests.support.desk import Desk, desk
from tests.support.hub import RunningHub, running_hub
from tests.support.link_process import LinkProcess
from tests.support.loop import runs
from tests.support.scenes import CALL, OKAFOR, REYES, offer, receive

BEAT_S, UNHEARD_S = 0.1, 1.0


@asynccontextmanager
async def watchful_hub(folder: Path) -> AsyncIterator[RunningHub]:
    async with running_hub(folder, heartbeat_s=BEAT_S, unheard_s=UNHEARD_S) as hub:
        yield hub


async def until(hub: RunningHub, met: Callable[[], object]) -> None:
    """Wait for what an entry of the log makes so."""
    while not met():
        await hub.hub.ledger.bell.wait()


def presence(hub: RunningHub, user: UserId = REYES) -> Presence:
    return hub.hub.ledger.state.people[user]


async def lost_and_found(hub: RunningHub) -> list[AnyEvent]:
    entries = await hub.hub.ledger.entries(Seq(0))
    return [entry.event for entry in entries if isinstance(entry.event, DeskLost | DeskFound)]


async def carried_out(at: Desk, *commands: AnyCommand) -> None:
    for command in commands:
        outcome = await at.connection.submit(command)
        assert isinstance(outcome, Accepted), outcome


async def into_care(hub: RunningHub, dispatch: Desk) -> None:
    """A caller is offered to Reyes, whose desk says yes, and released into their care."""
    await carried_out(dispatch, receive(), offer())
    await until(hub, lambda: presence(hub).status is PresenceStatus.ON_CALL)
    [hand_off] = hub.hub.ledger.state.calls[CALL].hand_offs
    about = (CALL, hand_off.hand_off_id)
    await carried_out(dispatch, c.TellCaller(*about), c.VerifyConnection(*about), c.ReleaseHandOff(*about))


@runs
async def test_given_a_desk_killed_with_a_caller_in_care_then_it_is_said_and_the_caller_stays_theirs_until_they_are_back(
    tmp_path: Path,
) -> None:
    async with watchful_hub(tmp_path) as hub, desk(hub.url, tmp_path / "dispatch") as dispatch:
        await dispatch.live()
        clinician = await asyncio.to_thread(LinkProcess, hub.url, tmp_path / "clinician", REYES)
        with clinician:
            await into_care(hub, dispatch)
            await asyncio.to_thread(clinician.kill)
        await until(hub, lambda: presence(hub).lost_at)
        await dispatch.until(lambda: dispatch.state.people[REYES].lost_at is not None)
        state, now = dispatch.state, dispatch.connection.now()
        assert AlarmKind.HOLDER_UNREACHABLE in {alarm.kind for alarm in standing(state, {}, now)}
        assert queries.controller(state.calls[CALL]) == REYES
        assert presence(hub, OKAFOR).lost_at is None

        with await asyncio.to_thread(LinkProcess, hub.url, tmp_path / "clinician", REYES):
            await until(hub, lambda: presence(hub).lost_at is None)
            assert queries.controller(hub.hub.ledger.state.calls[CALL]) == REYES
            assert presence(hub).status is PresenceStatus.ON_CALL
            assert AlarmKind.HOLDER_UNREACHABLE not in {a.kind for a in standing(hub.hub.ledger.state, {}, now)}


@runs
async def test_given_a_ready_clinicians_desk_killed_then_they_are_never_ready_and_an_offer_to_them_is_refused(
    tmp_path: Path,
) -> None:
    async with watchful_hub(tmp_path) as hub, desk(hub.url, tmp_path / "dispatch") as dispatch:
        await dispatch.live()
        with await asyncio.to_thread(LinkProcess, hub.url, tmp_path / "clinician", REYES) as clinician:
            assert [p.user_id for p in queries.ready_clinicians(hub.hub.ledger.state)] == [REYES]
            await asyncio.to_thread(clinician.kill)
        await dispatch.until(lambda: dispatch.state.people[REYES].lost_at is not None)
        assert queries.ready_clinicians(dispatch.state) == []
        await carried_out(dispatch, receive())
        refused = await dispatch.connection.submit(offer())
        assert isinstance(refused, c.Rejected) and refused.code == "clinician-unreachable"


@runs
async def test_given_a_link_that_goes_silent_then_the_desk_is_lost_and_found_when_it_speaks_again(tmp_path: Path) -> None:
    async with (
        watchful_hub(tmp_path) as hub,
        wire(hub.url) as cable,
        desk(hub.url, tmp_path / "dispatch") as dispatch,
        desk(cable.url, tmp_path / "clinician", REYES) as clinician,
    ):
        await dispatch.live()
        await clinician.live()
        cable.hold()  # no FIN, no reset: neither end is told
        await until(hub, lambda: presence(hub).lost_at)
        assert clinician.connection.link.connected  # the desk does not know yet either
        cable.mend()
        await until(hub, lambda: presence(hub).lost_at is None)
        assert await lost_and_found(hub) == [
            DeskLost(REYES, clinician.outbox.desk_id), DeskFound(REYES, clinician.outbox.desk_id),
        ]  # fmt: skip
        assert presence(hub).status is PresenceStatus.READY


@runs
async def test_given_a_hub_that_starts_again_then_living_desks_are_not_lost_and_one_that_died_meanwhile_is(
    tmp_path: Path,
) -> None:
    async with wire("") as cable:
        clinician: LinkProcess | None = None
        async with desk(cable.url, tmp_path / "dispatch", None) as dispatch:
            async with watchful_hub(tmp_path) as hub:
                cable.lead_to(hub.url)
                await dispatch.connection.sign_in(OKAFOR, "correct horse")
                await dispatch.live()
                clinician = await asyncio.to_thread(LinkProcess, cable.url, tmp_path / "clinician", REYES)
            await asyncio.to_thread(clinician.kill)
            await dispatch.until(lambda: not dispatch.connection.link.connected)
            async with watchful_hub(tmp_path) as hub:
                cable.lead_to(hub.url)
                await until(hub, lambda: presence(hub).lost_at)
                await dispatch.live()
                [lost] = await lost_and_found(hub)
                assert isinstance(lost, DeskLost) and lost.user_id == REYES
