"""The clock: what time makes due is submitted once, by whichever hub sees it, and caught up after a hub was down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.domain import queries
from console.domain.agency import HandOffRules
from console.domain.commands import (
    AcceptHandOff,
    AnyCommand,
    CloseCall,
    ConfigureAgency,
    DeclineHandOff,
    EndCallBack,
    EndWrapUp,
    FileClosedCalls,
    FileFollowUps,
    FindDesk,
    LeaveQueue,
    LoseDesk,
    OfferHandOff,
    OfferNext,
    PlanCallBack,
    QueueForClinician,
    SetFact,
    SetPresence,
    SignIn,
    SignOff,
    TimeOutHandOff,
)
from console.domain.events import HandOffQueued, HandOffTimedOut, PresenceChanged
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, CallBackId, CallId, DeskId, HandOffId, Seq, UserId
from console.domain.state import PresenceStatus, Role
from console.hub import clock
from console.hub.clock import due
from console.hub.ledger import Ledger
from console.hub.store import Store
from tests.support.agency import AGENCY, BURGLARY, PHONE, WEAPON
from tests.support.hub import order, store_url
from tests.support.loop import runs
from tests.support.scenes import LIN, OKAFOR, REYES, START, Scene, floor, offer, receive, sign_in, taken

CALL, HAND_OFF = CallId("call-1"), HandOffId("h1")
RUNS_OUT = timedelta(seconds=AGENCY.hand_off_s)


def offered() -> Scene:
    scene = Scene().given(ConfigureAgency(AGENCY), sign_in(REYES), receive(CALL))
    return scene.given(OfferHandOff(CALL, HAND_OFF, REYES))


def offered_at(scene: Scene) -> datetime:
    hand_off = scene.call().hand_off
    assert hand_off is not None
    return hand_off.offered_at


def test_given_an_offer_then_it_is_due_from_its_last_second_on_and_always_under_the_same_id() -> None:
    scene = offered()
    at = offered_at(scene) + RUNS_OUT
    assert due(scene.state, at - timedelta(seconds=1), "log") == []
    [first] = due(scene.state, at, "log")
    assert first.command == TimeOutHandOff(CALL, HAND_OFF)
    assert due(scene.state, at + timedelta(hours=1), "log") == [first]


def test_given_an_answered_offer_then_nothing_is_due() -> None:
    scene = offered().given(AcceptHandOff(CALL, HAND_OFF), by=REYES)
    assert due(scene.state, offered_at(scene) + RUNS_OUT, "log") == []


def test_given_calls_closed_long_ago_then_filing_is_due_once_an_hour_under_that_hours_id() -> None:
    scene = Scene().given(ConfigureAgency(AGENCY), receive(CALL, BURGLARY), CloseCall(CALL, outcome="resolved"))
    keep = timedelta(hours=AGENCY.keep_closed_h)
    later = START + keep + timedelta(hours=2)
    assert due(scene.state, START + keep - timedelta(hours=1), "log") == []
    [first] = due(scene.state, later, "log")
    assert isinstance(first.command, FileClosedCalls)
    assert first.command.closed_before <= later - keep
    [same] = due(scene.state, later + timedelta(minutes=1), "log")
    [next_hour] = due(scene.state, later + timedelta(hours=1), "log")
    [other_log] = due(scene.state, later, "another log")
    assert same == first
    assert len({first.command_id, next_hour.command_id, other_log.command_id}) == 3


class Time:
    """A clock that tests turn: `sleep` waits until `turn` says how far time went."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.slept: list[float] = []
        self._turned = asyncio.Event()
        self.asleep = asyncio.Event()

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.asleep.set()
        await self._turned.wait()
        self._turned.clear()

    async def turn(self, by: timedelta) -> None:
        """Let time go by, and return when the clock has looked and sleeps again."""
        await self.asleep.wait()
        self.at += by
        self.asleep.clear()
        self._turned.set()
        await self.asleep.wait()


@asynccontextmanager
async def clock_on(folder: Path, time: Time, speed: float = 1.0, *before: AnyCommand) -> AsyncIterator[Ledger]:
    store = Store(store_url(folder))
    try:
        ledger = Ledger(store, time.now)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ledger.run())
            for command in before:
                await ledger.submit(order(command), UserId("okafor"))
            ticking = tasks.create_task(clock.run(ledger, time.now, time.sleep, lambda: speed))
            try:
                yield ledger
            finally:
                ticking.cancel()
                with suppress(asyncio.CancelledError):
                    await ticking
                ledger.stop()
    finally:
        store.close()


BEFORE: tuple[AnyCommand, ...] = (
    ConfigureAgency(AGENCY),
    SignIn(REYES, "M. Reyes", Role.CLINICIAN, DeskId("d"), programme=PHONE),
    receive(CALL),
    OfferHandOff(CALL, HAND_OFF, REYES),
)


def state_of(ledger: Ledger) -> HandOffState:
    hand_off = ledger.state.calls[CALL].hand_off
    assert hand_off is not None
    return hand_off.state


@runs
async def test_given_nobody_answers_then_the_hand_off_times_out_once_by_the_clock(tmp_path: Path) -> None:
    time = Time(START)
    async with clock_on(tmp_path, time, 1.0, *BEFORE) as ledger:
        await time.turn(RUNS_OUT - timedelta(seconds=1))
        assert state_of(ledger) is HandOffState.OFFERED
        await time.turn(timedelta(seconds=1))
        assert state_of(ledger) is HandOffState.TIMED_OUT
        assert ledger.state.people[REYES].status is PresenceStatus.AWAY, "nobody is rung at an empty seat"
        over = ledger.head
        await time.turn(timedelta(seconds=1))
        seeking = ledger.state.calls[CALL].seeking
        assert seeking is not None and seeking.queued_at == time.at, "nobody is left to ring: the caller waits"
        head = ledger.head
        await time.turn(timedelta(seconds=5))
        assert ledger.head == head
        told = await ledger.entries(Seq(over - 2))
        assert [type(entry.event) for entry in told] == [HandOffTimedOut, PresenceChanged, HandOffQueued]
        assert {entry.by for entry in told} == {CLOCK} and told[0].at == START + RUNS_OUT


@runs
async def test_given_a_hub_that_was_down_meanwhile_then_it_catches_up_at_its_start(tmp_path: Path) -> None:
    async with clock_on(tmp_path, Time(START), 1.0, *BEFORE) as ledger:
        assert state_of(ledger) is HandOffState.OFFERED
    late = Time(START + timedelta(minutes=10))
    async with clock_on(tmp_path, late) as ledger:
        await late.asleep.wait()
        assert state_of(ledger) is HandOffState.TIMED_OUT


@runs
async def test_given_another_hub_timed_it_out_first_then_this_one_adds_nothing(tmp_path: Path) -> None:
    time = Time(START)
    async with clock_on(tmp_path, time, 1.0, *BEFORE) as ledger:
        [theirs] = due(ledger.state, START + RUNS_OUT, ledger.log_id)
        await ledger.submit(theirs, CLOCK)
        head = ledger.head
        [mine] = due(offered().state, START + timedelta(minutes=9), ledger.log_id)
        assert mine.command_id == theirs.command_id
        await ledger.submit(mine, CLOCK)
        assert ledger.head == head


@pytest.mark.parametrize(("speed", "tick"), [(1.0, 1.0), (10.0, 1.0), (60.0, 3.0), (600.0, 30.0)])
def test_however_fast_an_exercise_runs_the_clock_looks_at_most_20_times_a_real_second(
    tmp_path: Path, speed: float, tick: float
) -> None:
    @runs
    async def case() -> None:
        time = Time(START)
        async with clock_on(tmp_path, time, speed):
            await time.turn(timedelta(seconds=1))
            assert set(time.slept) == {tick}

    case()


# ------------------------------------------------------------------------------------------------- who is rung next

SECOND = CallId("call-2")
LATER = timedelta(minutes=5)
"""So long that whatever rings has rung out, and what was refused is tried anew."""


def made(scene: Scene, after: timedelta = timedelta()) -> list[AnyCommand]:
    """What the clock would have done now, or a while later."""
    return [one.command for one in due(scene.state, scene.at + after, "log")]


def carried_out(scene: Scene) -> Scene:
    """What is due is done, until nothing is."""
    while orders := due(scene.state, scene.at, "log"):
        for one in orders:
            scene.given(one.command, by=CLOCK)
    return scene


def rung(scene: Scene, call_id: CallId = CALL) -> UserId | None:
    hand_off = queries.rings(scene.call(call_id))
    return hand_off.to_user if hand_off is not None else None


def queued(scene: Scene, call_id: CallId = CALL) -> bool:
    seeking = scene.call(call_id).seeking
    return seeking is not None and seeking.queued_at is not None


def declined(scene: Scene, by: UserId) -> Scene:
    hand_off = scene.call().hand_off
    assert hand_off is not None
    return scene.given(DeclineHandOff(CALL, hand_off.hand_off_id, "busy"), by=by)


def test_given_a_decline_then_the_next_is_rung_and_after_the_last_the_caller_waits() -> None:
    scene = declined(floor().given(receive(CALL), offer(REYES)), REYES)
    [next_one] = made(scene)
    assert isinstance(next_one, OfferNext) and next_one.to_user == LIN
    carried_out(scene)
    assert rung(scene) == LIN and not queued(scene)
    carried_out(declined(scene, LIN))
    assert queued(scene) and made(scene) == [], "they wait, and nothing more is to do"
    assert queries.controller(scene.call()) == OKAFOR


def test_given_a_caller_who_waits_when_somebody_becomes_ready_then_they_are_rung_at_the_next_look() -> None:
    scene = floor().given(receive(CALL)).given(SetPresence(PresenceStatus.AWAY), by=REYES)
    scene.given(SetPresence(PresenceStatus.AWAY), by=LIN).given(QueueForClinician(CALL, PHONE))
    assert made(scene) == []
    carried_out(scene.given(SetPresence(PresenceStatus.READY), by=LIN))
    assert rung(scene) == LIN


def test_given_two_callers_who_wait_and_one_clinician_then_the_first_in_the_queue_is_rung_for_and_the_other_after() -> None:
    scene = floor().given(receive(CALL), receive(SECOND, priority="1"), SignOff(LIN))
    scene.given(QueueForClinician(CALL, PHONE), QueueForClinician(SECOND, PHONE))
    carried_out(scene)
    assert (rung(scene, SECOND), rung(scene)) == (REYES, None), "priority 1 stands first"
    taken = queries.rings(scene.call(SECOND))
    assert taken is not None
    scene.given(AcceptHandOff(SECOND, taken.hand_off_id), by=REYES)
    carried_out(scene)
    assert queued(scene) and made(scene, LATER) == []


def test_given_two_callers_who_are_sought_at_once_then_nobody_is_rung_twice_at_one_look() -> None:
    scene = floor().given(receive(CALL), receive(SECOND))
    scene.given(QueueForClinician(CALL, PHONE), QueueForClinician(SECOND, PHONE))
    both = [one for one in made(scene) if isinstance(one, OfferNext)]
    assert {(one.call_id, one.to_user) for one in both} == {(CALL, REYES), (SECOND, LIN)}


def test_given_a_desk_that_is_lost_while_it_rings_then_the_offer_is_over_at_once_and_the_next_is_rung() -> None:
    scene = floor().given(receive(CALL), offer(REYES), LoseDesk(REYES, DeskId("desk-reyes")))
    assert made(scene) == [TimeOutHandOff(CALL, HAND_OFF)]
    carried_out(scene)
    assert rung(scene) == LIN


def test_given_a_clinician_who_was_busy_when_the_clock_rang_then_the_same_is_tried_under_another_id_once_they_are_idle() -> (
    None
):
    scene = floor().given(receive(CALL), receive(SECOND), SignOff(LIN), QueueForClinician(CALL, PHONE))
    [first] = due(scene.state, scene.at, "log")
    scene.given(offer(REYES, "other", SECOND))
    assert scene.rejected(first.command, by=CLOCK) == "clinician-ringing"
    scene.given(DeclineHandOff(SECOND, HandOffId("other"), "knows them"), by=REYES)
    scene.given(LeaveQueue(SECOND))
    [anew] = due(scene.state, scene.at, "log")
    assert isinstance(anew.command, OfferNext) and anew.command.to_user == REYES and anew.command_id != first.command_id


def test_given_a_desk_that_was_lost_for_a_moment_then_the_refusal_of_that_moment_does_not_stick() -> None:
    scene = floor().given(receive(CALL), SignOff(LIN), QueueForClinician(CALL, PHONE))
    [first] = due(scene.state, scene.at, "log")
    scene.given(LoseDesk(REYES, DeskId("desk-reyes")))
    assert scene.rejected(first.command, by=CLOCK) == "clinician-unreachable"
    scene.given(FindDesk(REYES, DeskId("desk-reyes")))
    [anew] = due(scene.state, scene.at + RUNS_OUT, "log")
    assert anew.command_id != first.command_id and isinstance(anew.command, OfferNext)


def test_given_the_queue_that_was_refused_since_somebody_offered_meanwhile_then_it_is_due_anew_under_another_id() -> None:
    scene = declined(floor().given(receive(CALL), SignOff(LIN), offer(REYES)), REYES)
    [first] = due(scene.state, scene.at, "log")
    assert isinstance(first.command, QueueForClinician)
    scene.given(sign_in(LIN), offer(LIN, "h2"))
    assert scene.rejected(first.command, by=CLOCK) == "hand-off-open"
    scene.given(TimeOutHandOff(CALL, HandOffId("h2")), by=CLOCK)
    [anew] = due(scene.state, scene.at, "log")
    assert isinstance(anew.command, QueueForClinician) and anew.command_id != first.command_id


def test_given_a_weapon_learned_while_a_clinician_is_sought_then_the_caller_is_queued_and_an_alarm_will_stand() -> None:
    scene = declined(floor().given(receive(CALL), offer(REYES)), REYES).given(SetFact(CALL, WEAPON, "near", "seen"))
    carried_out(scene)
    assert queued(scene) and rung(scene) is None


def test_given_a_clinician_who_hands_on_when_that_rings_out_then_nobody_is_rung_by_itself() -> None:
    scene = taken(floor().given(receive(CALL))).given(offer(LIN, "h2"), by=REYES)
    [out] = made(scene, LATER)
    assert out == TimeOutHandOff(CALL, HandOffId("h2"))
    scene.given(out, by=CLOCK)
    assert made(scene, LATER) == [] and queries.controller(scene.call()) == REYES


def test_given_an_agency_that_rings_no_next_then_nothing_but_the_time_out_is_due() -> None:
    rules = HandOffRules(next_clinician=False)
    scene = floor().given(ConfigureAgency(replace(AGENCY, hand_off=rules)), receive(CALL), offer(REYES))
    scene.given(*made(scene, LATER), by=CLOCK)
    assert made(scene, LATER) == [] and scene.call().seeking is None


@pytest.mark.parametrize("wrap_up_s", [0, 40])
def test_given_a_wrap_up_then_the_clock_ends_it_when_it_is_over_or_leaves_it_to_the_clinician(wrap_up_s: int) -> None:
    rules = HandOffRules(wrap_up_s=wrap_up_s)
    scene = taken(floor().given(ConfigureAgency(replace(AGENCY, hand_off=rules)), receive(CALL)))
    scene.given(CloseCall(CALL, outcome="by_phone"), by=REYES)
    since = scene.state.people[REYES].since
    assert due(scene.state, since + timedelta(seconds=39), "log") == []
    found = due(scene.state, since + timedelta(seconds=40), "log")
    assert [one.command for one in found] == ([EndWrapUp(REYES, since)] if wrap_up_s else [])
    assert found == due(scene.state, since + timedelta(hours=1), "log"), "always under the same id"


def test_given_what_was_owed_and_is_done_for_a_quarter_of_a_year_then_it_is_filed() -> None:
    scene = floor().given(receive(CALL, callback="919 555 0100"))
    scene.given(PlanCallBack(CallBackId("b"), CALL, scene.at, "asked for it"), EndCallBack(CallBackId("b"), "settled"))
    assert made(scene, clock.KEEP_FOLLOW_UPS) == []
    [filing] = made(scene, clock.KEEP_FOLLOW_UPS + timedelta(hours=2))
    assert isinstance(filing, FileFollowUps)
    scene.given(filing, by=CLOCK)
    assert scene.state.call_backs == {}
