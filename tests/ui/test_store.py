"""The store: one signal a batch, and a command whose refusal is never lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from console.domain.commands import Accepted, AddNarrative, AnyCommand, CommandOutcome, Rejected
from console.domain.ids import CallId, EntryId, Seq, UnitId
from console.domain.instant import Instant
from console.domain.state import Position
from console.link.link_state import LinkState, LinkStatus
from console.ui.store import Store
from tests.support.scenes import CALL, T1, floor, receive

NOTE = AddNarrative(CALL, EntryId("e1"), "sister on her way")
REFUSAL = Rejected("call-closed", "Call 0001 is already closed.")


def test_given_two_changes_in_one_batch_when_the_state_is_taken_then_it_is_told_once_with_both(qtbot: QtBot) -> None:
    scene = floor()
    store = Store(scene.state)
    scene.given(receive(), receive(CallId("call-2")))

    with qtbot.waitSignal(store.changed) as told:
        store.take_state(scene.state)

    assert told.args is not None
    assert told.args[0].calls == {CALL, CallId("call-2")}
    assert store.state is scene.state


def test_given_the_same_state_when_it_is_taken_then_nothing_is_told(qtbot: QtBot) -> None:
    store = Store(floor().state)
    with qtbot.assertNotEmitted(store.changed):
        store.take_state(store.state)


def test_positions_are_told_by_unit_and_the_last_one_counts(qtbot: QtBot) -> None:
    at = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
    store = Store(positions=[Position(T1, 36.0, -78.9, at, at)])

    with qtbot.waitSignal(store.positions_changed) as told:
        store.take_positions([Position(UnitId("T2"), 36.1, -78.9, at, at)])

    assert told.args == [frozenset({"T2"})]
    assert set(store.positions) == {"T1", "T2"}


def test_link_and_person_are_told_when_they_change_only(qtbot: QtBot) -> None:
    live = LinkStatus(LinkState.LIVE)
    store = Store(link=live)
    with qtbot.assertNotEmitted(store.link_changed):
        store.take_link(LinkStatus(LinkState.LIVE))
    with qtbot.waitSignal(store.link_changed):
        store.take_link(LinkStatus(LinkState.OFFLINE))


def answering(outcome: CommandOutcome | Exception) -> Store:
    def send(command: AnyCommand, occurred_at: Instant | None) -> CommandOutcome:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Store(submit=send)


def test_given_a_refusal_that_nobody_asked_for_when_the_turn_ends_then_it_is_told(qtbot: QtBot) -> None:
    store = answering(REFUSAL)
    with qtbot.waitSignal(store.rejected) as told:
        store.submit(NOTE)
    assert told.args == [REFUSAL]


def test_given_somebody_who_asked_when_it_is_refused_then_they_hear_it_and_nobody_else(qtbot: QtBot) -> None:
    store, heard = answering(REFUSAL), list[CommandOutcome]()
    with qtbot.assertNotEmitted(store.rejected, wait=1):
        store.submit(NOTE).then(heard.append)
    assert heard == [REFUSAL]


def test_given_a_way_out_that_fails_when_a_command_is_sent_then_the_fault_is_told_and_the_sender_goes_on(
    qtbot: QtBot,
) -> None:
    fault = ValueError("broken")
    store = answering(fault)
    with qtbot.waitSignal(store.failed) as told:
        submission = store.submit(NOTE).then(lambda _: None)
    assert told.args == [fault]
    assert isinstance(submission.outcome, Rejected)


def test_given_no_link_when_a_command_is_sent_then_it_says_that_nothing_was_sent(qtbot: QtBot) -> None:
    outcome = Store().submit(NOTE).then(lambda _: None).outcome
    assert isinstance(outcome, Rejected)
    assert "nothing was sent" in outcome.reason


def test_given_an_answer_that_takes_time_when_it_is_awaited_then_the_outcome_comes_and_the_group_ends(qtbot: QtBot) -> None:
    async def scenario() -> tuple[CommandOutcome, list[object]]:
        arrives = asyncio.Event()
        failures: list[object] = []

        async def send(command: AnyCommand, occurred_at: Instant | None) -> CommandOutcome:
            await arrives.wait()
            return Accepted(Seq(7))

        async def fail(command: AnyCommand, occurred_at: Instant | None) -> CommandOutcome:
            raise OSError("disk")

        store = Store(submit=send)
        store.failed.connect(failures.append)
        async with asyncio.TaskGroup() as tasks:
            store.tasks = tasks
            submission = store.submit(NOTE)
            arrives.set()
            outcome = await submission
            store.send = fail
            assert isinstance(await store.submit(NOTE), Rejected)
        return outcome, failures

    outcome, failures = asyncio.run(scenario())
    assert outcome == Accepted(Seq(7))
    assert [str(failure) for failure in failures] == ["disk"]


def test_the_time_is_given_or_that_of_the_connection() -> None:
    at = datetime(2026, 5, 4, tzinfo=UTC)
    store = Store(now=at)
    assert (store.now(), store.rate) == (at, 1.0)
    store.keep_time_by(lambda: at.replace(year=2027), lambda: 60.0)
    assert (store.now().year, store.rate) == (2027, 60.0)


@pytest.mark.parametrize("kept", ["then", "await"])
def test_given_an_outcome_that_is_there_already_when_somebody_asks_then_they_get_it(kept: str, qtbot: QtBot) -> None:
    submission = answering(Accepted(Seq(1))).submit(NOTE)
    if kept == "then":
        heard: list[CommandOutcome] = []
        submission.then(heard.append)
        assert heard == [Accepted(Seq(1))]
    else:

        async def wait() -> CommandOutcome:
            return await submission

        assert asyncio.run(wait()) == Accepted(Seq(1))
