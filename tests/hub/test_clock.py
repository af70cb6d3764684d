"""The clock: what time makes due is submitted once, by whichever hub sees it, and caught up after a hub was down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.domain.commands import (
    AcceptHandOff,
    AnyCommand,
    CloseCall,
    ConfigureAgency,
    FileClosedCalls,
    OfferHandOff,
    SignIn,
    TimeOutHandOff,
)
from console.domain.events import HandOffQueued, HandOffTimedOut, PresenceChanged
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, CallId, DeskId, HandOffId, Seq, UserId
from console.domain.state import PresenceStatus, Role
from console.hub import clock
from console.hub.clock import due
from console.hub.ledger import Ledger
from console.hub.store import Store
from tests.support.agency import AGENCY, BURGLARY, PHONE
from tests.support.hub import order, store_url
from tests.support.loop import runs
from tests.support.scenes import REYES, START, Scene, receive, sign_in

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
