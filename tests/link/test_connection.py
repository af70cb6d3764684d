"""A whole link against a real hub on loopback: what the desk above it can rely on."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from console.domain.changes import changes
from console.domain.commands import (
    Accepted,
    AddNarrative,
    DispatchUnit,
    OfferHandOff,
    Rejected,
    SetUnitStatus,
    WithdrawHandOff,
)
from console.domain.ids import CallId, DeskId, EntryId, HandOffId, UnitId, UserId
from console.domain.state import PresenceStatus, Role, UnitStatus
from console.link.fresh import new_call_id, new_entry_id
from console.link.hub_client import HubClient
from console.link.link_state import LinkState
from console.link.outbox import RowState
from console.link.problems import Refused
from console.wire.codec import digest
from console.wire.messages import Session
from tests.support.cut import wire
from tests.support.desk import desk
from tests.support.hub import PASSWORD, running_hub
from tests.support.loop import runs
from tests.support.scenes import T1, receive

LIVE, CATCHING_UP, STALE, OFFLINE = LinkState


def note(call_id: CallId, text: str = "a note") -> AddNarrative:
    return AddNarrative(call_id, new_entry_id(), text)


@runs
async def test_given_a_hub_when_signed_in_then_live_with_its_board_and_its_time(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        assert mine.links == [CATCHING_UP, LIVE]
        assert digest(mine.state) == digest(hub.hub.ledger.state)
        assert mine.connection.seq == hub.hub.ledger.head
        assert abs(mine.connection.now() - hub.hub.time.now()) < timedelta(seconds=5)
        assert mine.connection.rate == 1.0
        assert mine.state.people[UserId("okafor")].desk_id == mine.outbox.desk_id


@runs
async def test_given_a_command_when_submit_returns_then_the_board_has_it_and_the_outbox_is_empty(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        call_id = new_call_id()
        outcome = await mine.connection.submit(receive(call_id))
        assert isinstance(outcome, Accepted)
        assert mine.state.calls[call_id].number
        assert mine.connection.seq >= outcome.seq
        assert mine.batches[-1][1] is mine.state
        assert mine.connection.unsent == ()
        await mine.until(lambda: mine.connection.link.delay_ms is not None and not mine.outbox.rows)


@runs
async def test_given_a_rejection_then_it_is_the_outcome_and_nothing_is_kept(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        outcome = await mine.connection.submit(note(CallId("no such call")))
        assert isinstance(outcome, Rejected)
        assert outcome.reason
        await mine.until(lambda: not mine.outbox.rows)
        assert mine.connection.unsent == ()


@runs
async def test_given_many_changes_then_each_batch_begins_where_the_last_one_ended_and_is_told_after(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        mine.batches.clear()
        start = mine.state
        calls = [new_call_id() for _ in range(40)]
        for call_id in calls:
            await hub.submit(receive(call_id))
        await mine.until(lambda: calls[-1] in mine.state.calls)
        assert mine.batches[0][0] is start
        assert all(later[0] is earlier[1] for earlier, later in pairwise(mine.batches))
        assert set().union(*(changes(old, new).calls for old, new, _ in mine.batches)) == set(calls)
        assert digest(mine.state) == digest(hub.hub.ledger.state)


@runs
async def test_given_positions_then_they_are_told_and_the_state_is_the_same(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        await mine.connection.submit(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        await hub.sign_in(Role.ACTOR)
        mine.batches.clear()
        fix = {"unit_id": "T1", "latitude": 36.0, "longitude": -78.9, "fix_at": hub.hub.time.now().isoformat()}
        answer = await hub.client.post("/v1/positions", json=[fix], headers=await hub.bearer(Role.ACTOR))
        assert answer.is_success, answer.text
        await mine.until(lambda: T1 in mine.connection.positions)
        old, new, moved = mine.batches[-1]
        assert (moved, old is new) == (frozenset({UnitId("T1")}), True)


@runs
async def test_given_the_link_is_cut_then_recordings_show_as_done_and_go_by_themselves_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(cable.url, tmp_path / "desk") as mine:
        await mine.live()
        call_id = new_call_id()
        await mine.connection.submit(receive(call_id))
        await mine.connection.submit(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        cable.cut()
        await mine.until(lambda: mine.connection.link.state is OFFLINE)
        async with asyncio.TaskGroup() as tasks:
            noted = tasks.create_task(mine.connection.submit(note(call_id, "written offline")))
            sent = tasks.create_task(mine.connection.submit(DispatchUnit(T1, call_id)))
            await mine.until(lambda: len(mine.connection.unsent) == 2)
            await mine.until(lambda: mine.state is not mine.connection.confirmed)
            assert mine.state.calls[call_id].narrative[-1].text == "written offline"
            assert mine.state.units[T1].call == call_id
            assert changes(mine.connection.confirmed, mine.state).calls == {call_id}
            given_at = mine.connection.unsent[0].made_at
            others = new_call_id()
            await hub.submit(receive(others))  # the floor goes on meanwhile
            cable.mend()
            assert isinstance(await noted, Accepted)
            assert isinstance(await sent, Accepted)
        await mine.live()
        written = mine.state.calls[call_id].narrative[-1]
        assert (written.text, written.at) == ("written offline", given_at)
        assert others in mine.state.calls
        await mine.until(lambda: mine.connection.unsent == () and mine.state is mine.connection.confirmed)
        assert digest(mine.state) == digest(hub.hub.ledger.state)


@runs
async def test_given_answers_that_are_lost_then_a_command_is_carried_out_once(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(cable.url, tmp_path / "desk") as mine:
        await mine.live()
        call_id = new_call_id()
        await mine.connection.submit(receive(call_id))
        cable.lose_answers()
        async with asyncio.TaskGroup() as tasks:
            submitting = tasks.create_task(mine.connection.submit(note(call_id, "once")))
            while not hub.hub.ledger.state.calls[call_id].narrative:
                await hub.hub.ledger.bell.wait()
            await mine.until(lambda: mine.connection.link.state is OFFLINE)
            cable.mend()
            assert isinstance(await submitting, Accepted)
        await mine.live()
        assert [entry.text for entry in mine.state.calls[call_id].narrative] == ["once"]


@runs
async def test_given_a_wire_that_says_nothing_then_stale_and_the_board_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.link.link_state.STALE_AFTER_S", 0.05)
    monkeypatch.setattr("console.link.connection.LOOK_EVERY_S", 0.01)
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(cable.url, tmp_path / "desk") as mine:
        await mine.until(lambda: bool(mine.state.units))
        cable.hold()
        await mine.until(lambda: mine.connection.link.state is STALE)
        assert mine.state.units
        assert mine.connection.link.since is not None
        cable.cut()


@runs
async def test_given_unsent_work_when_somebody_else_signs_in_then_it_waits_for_the_one_who_gave_it(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(cable.url, tmp_path / "desk") as mine:
        await mine.live()
        call_id = new_call_id()
        await mine.connection.submit(receive(call_id))
        cable.cut()
        await mine.until(lambda: mine.connection.link.state is OFFLINE)
        async with asyncio.TaskGroup() as tasks:
            submitting = tasks.create_task(mine.connection.submit(note(call_id, "hers alone")))
            await mine.until(lambda: len(mine.connection.unsent) == 1)
            await mine.connection.sign_out()
            cable.mend()
            await mine.connection.sign_in(UserId("reyes"), PASSWORD)
            await mine.live()
            assert mine.connection.unsent == ()
            assert mine.connection.unsent_of_others == 1
            assert isinstance(await mine.connection.submit(note(call_id, "mine")), Accepted)
            await mine.connection.sign_out()
            await mine.connection.sign_in(UserId("okafor"), PASSWORD)
            assert isinstance(await submitting, Accepted)
        told = [(entry.text, entry.by) for entry in mine.state.calls[call_id].narrative]
        assert told == [("mine", "reyes"), ("hers alone", "okafor")]


@runs
async def test_given_another_person_at_the_same_desk_then_the_one_before_is_signed_off_and_the_board_stays(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        call_id = new_call_id()
        await mine.connection.submit(receive(call_id))
        await mine.connection.sign_in(UserId("reyes"), PASSWORD)
        await mine.until(lambda: "reyes" in mine.state.people)
        await mine.live()
        await mine.until(lambda: mine.state.people[UserId("okafor")].status is PresenceStatus.SIGNED_OFF)
        assert OFFLINE not in mine.links
        await mine.connection.sign_in(UserId("reyes"), PASSWORD)
        assert isinstance(await mine.connection.submit(note(call_id)), Accepted)
        assert mine.state.calls[call_id].narrative[-1].by == "reyes"
        assert mine.state.people[UserId("reyes")].status is PresenceStatus.READY


@runs
async def test_given_a_session_that_the_hub_ended_then_it_is_said_and_signing_in_goes_on(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(cable.url, tmp_path / "desk") as mine:
        await mine.live()
        hub.hub.sign_ins._signed.clear()
        cable.cut()
        cable.mend()
        await mine.until(lambda: mine.connection.session is None)
        assert mine.sessions[-1][1]
        outcome = await mine.connection.submit(note(CallId("c")))
        assert isinstance(outcome, Rejected)
        assert outcome.code == "signed-out"
        await mine.connection.sign_in(UserId("okafor"), PASSWORD)
        await mine.live()


@pytest.mark.expects_log("sign-in was refused")
@runs
async def test_given_a_wrong_password_then_refused_and_nobody_is_signed_in(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk", user=None) as mine:
        with pytest.raises(Refused):
            await mine.connection.sign_in(UserId("okafor"), "wrong")
        assert mine.connection.session is None


@runs
async def test_given_no_board_yet_then_a_command_is_answered_and_not_kept(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(hub.url, tmp_path / "desk", user=None) as mine:
        cable.cut()
        mine.client.move_to(cable.url)
        mine.connection._become(Session("t", UserId("okafor"), "T. Okafor", Role.TELECOMMUNICATOR, DeskId("d")), "")
        outcome = await mine.connection.submit(note(CallId("c")))
        assert isinstance(outcome, Rejected)
        assert outcome.code == "no-board"
        assert mine.outbox.rows == {}


@runs
async def test_given_an_order_that_came_back_then_the_person_sends_it_or_discards_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.link.outbox.ORDER_EXPIRES_S", 0.0)
    monkeypatch.setattr("console.link.connection.LOOK_EVERY_S", 0.01)
    async with running_hub(tmp_path) as hub, wire(hub.url) as cable, desk(cable.url, tmp_path / "desk") as mine:
        await mine.live()
        call_id = new_call_id()
        await mine.connection.submit(receive(call_id))
        await mine.connection.submit(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        cable.cut()
        await mine.until(lambda: mine.connection.link.state is OFFLINE)
        outcome = await mine.connection.submit(DispatchUnit(T1, call_id))
        assert isinstance(outcome, Rejected)
        assert outcome.code == "not-sent"
        (came_back,) = mine.connection.unsent
        assert came_back.state is RowState.EXPIRED
        monkeypatch.setattr("console.link.outbox.ORDER_EXPIRES_S", 30.0)
        cable.mend()
        await mine.live()
        assert mine.state.units[T1].call is None  # it did not go by itself
        await mine.connection.send_now(came_back.command_id)
        await mine.until(lambda: mine.state.units[T1].call == call_id)
        await mine.until(lambda: mine.connection.unsent == ())


@runs
async def test_given_two_desks_then_what_one_does_the_other_sees_and_both_have_one_digest(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path) as hub,
        desk(hub.url, tmp_path / "one") as one,
        desk(hub.url, tmp_path / "two", "reyes") as two,
    ):
        await one.live()
        await two.live()
        call_id = new_call_id()
        await one.connection.submit(receive(call_id))
        await two.until(lambda: call_id in two.state.calls)
        await two.connection.submit(AddNarrative(call_id, EntryId("e"), "seen"))
        await one.until(lambda: bool(one.state.calls[call_id].narrative))
        assert digest(one.state) == digest(two.state) == digest(hub.hub.ledger.state)


@runs
async def test_given_a_desk_that_closes_while_reading_then_nothing_complains_afterwards(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        for _ in range(3):
            async with desk(hub.url, tmp_path / "desk") as mine:
                await mine.live()
        async with HubClient(hub.url) as client:
            assert (await client.health()).head == hub.hub.ledger.head


@runs
async def test_given_a_caller_half_handed_over_when_signing_out_then_the_hubs_refusal_is_heard_and_nobody_leaves(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub, desk(hub.url, tmp_path / "desk") as mine:
        await mine.live()
        await hub.sign_in(Role.CLINICIAN)
        call_id = new_call_id()
        await mine.connection.submit(receive(call_id))
        await mine.connection.submit(OfferHandOff(call_id, HandOffId("h1"), UserId("reyes")))
        assert "Release the caller, or take them back first" in await mine.connection.sign_out()
        assert isinstance(await mine.connection.submit(WithdrawHandOff(call_id, HandOffId("h1"), "")), Accepted)
        assert await mine.connection.sign_out() == ""
        assert isinstance(await mine.connection.submit(receive(new_call_id())), Rejected)
