"""The exercise against a ledger: the day so far, then everything in its time, faster and slower."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from console.domain import queries
from console.domain.commands import (
    Accepted,
    CommandOutcome,
    OfferHandOff,
    Order,
    ReceiveCall,
    Rejected,
    SignIn,
    TimeOutHandOff,
)
from console.domain.decide import decide
from console.domain.events import AgencyConfigured, AnyEvent
from console.domain.evolve import evolve
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, HUB, CallId, CommandId, DeskId, HandOffId, LogId, NatureCode, Seq, UserId
from console.domain.state import Place, PresenceStatus, Source, State
from console.hub.bell import Bell
from console.hub.exercise import Exercise, play
from console.hub.hub_time import ExerciseTime
from console.hub.ledger import NotRecorded
from console.hub.positions import Fix
from tests.support.exercise import at, exercise, without_routine

START = at(14.5)


class Board:
    """A ledger in memory, which says when it holds what a test waits for."""

    def __init__(self, played: Exercise, now: Callable[[], datetime]) -> None:
        self.log_id, self.bell, self._now = LogId("log"), Bell(), now
        self.state = evolve(State(), AgencyConfigured(played.agency, True), HUB, START)
        self.orders: list[tuple[Order, UserId]] = []
        self.events: list[AnyEvent] = []
        self.fails = 0

    async def submit(self, order: Order, by: UserId, desk_id: DeskId | None = None) -> CommandOutcome:
        if self.fails:
            self.fails -= 1
            raise NotRecorded("the disk is full")
        now = self._now()
        assert order.occurred_at is not None or by == CLOCK
        at = order.occurred_at or now
        assert at <= now + timedelta(seconds=5)
        self.orders.append((order, by))
        decision = decide(self.state, order.command, by, at)
        if isinstance(decision, Rejected):
            return decision
        for event in decision:
            self.state = evolve(self.state, event, by, at)
            self.events.append(event)
        self.bell.ring()
        return Accepted(Seq(len(self.events)))

    async def holds(self, commands: int) -> None:
        """Wait until so many commands were submitted."""
        while len(self.orders) < commands:
            await self.bell.wait()


class Stage:
    """An exercise that plays on a board while the block runs."""

    def __init__(self, speed: float = 600) -> None:
        self.played = without_routine(exercise())
        self.time = ExerciseTime(START, speed)
        self.board = Board(self.played, self.time.now)
        self.fixes: list[list[Fix]] = []
        self.ready = asyncio.Event()

    async def __aenter__(self) -> "Stage":
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._task = self._tasks.create_task(play(self.played, self.board, self.fixes.append, self.time, ready=self.ready))
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        await self._tasks.__aexit__(None, None, None)


def test_given_an_empty_log_when_played_then_the_day_so_far_is_there_before_it_goes_on() -> None:
    async def case() -> None:
        async with Stage() as stage:
            await stage.ready.wait()
            day = len(stage.board.orders)
            await stage.board.holds(day + 20)
            times = [order.occurred_at for order, _ in stage.board.orders if order.occurred_at]
            assert times == sorted(times)
            assert times[0] < at(1)
            assert sum(time < START for time in times) > 500
            assert times[-1] > START
            assert {fix.unit_id for fix in stage.fixes[0]} <= set(stage.board.state.units)
            assert stage.fixes[0]
            names = [order.command_id for order, _ in stage.board.orders]
            assert len(set(names)) == len(names)

    asyncio.run(case())


def test_given_an_empty_log_then_follow_up_begins_with_the_referrals_of_the_days_before() -> None:
    async def case() -> None:
        async with Stage() as stage:
            await stage.ready.wait()
            state, days = stage.board.state, stage.played.script.navigation.days_before
            earlier = [one for one in state.referrals.values() if one.called_at < at(0)]
            assert earlier and min(one.called_at for one in earlier) >= at(-24 * days)
            assert any(one.first_contact is not None for one in earlier) and any(one.ended is None for one in earlier)
            orders = [order for order, _ in stage.board.orders if isinstance(order.command, ReceiveCall)]
            before = sum(order.occurred_at is not None and order.occurred_at < at(0) for order in orders)
            assert len(earlier) <= before < len(orders) / 2, "only calls whose neighbors were to be referred"

    asyncio.run(case())


def test_given_people_who_sign_in_while_the_day_so_far_is_made_then_they_keep_their_seats_and_take_no_break() -> None:
    async def case() -> None:
        async with Stage() as stage:
            await asyncio.sleep(0)  # it has begun, and gives way
            for person in stage.played.script.people:
                sign_in = SignIn(person.user_id, person.name, person.role, DeskId("a-real-desk"), programme=person.programme)
                await stage.board.submit(Order(CommandId(person.user_id), sign_in, occurred_at=START), person.user_id)
            assert len(stage.board.orders) == len(stage.played.script.people)
            await stage.ready.wait()
            present = [stage.board.state.people[person.user_id] for person in stage.played.script.people]
            assert stage.board.state.calls
            assert {one.desk_id for one in present} == {"a-real-desk"}
            assert not {one.status for one in present} & {PresenceStatus.AWAY, PresenceStatus.SIGNED_OFF}

    asyncio.run(case())


def test_given_a_log_with_calls_when_played_again_then_it_goes_on_without_a_second_day() -> None:
    async def case() -> None:
        async with Stage() as stage:
            await stage.ready.wait()
            state = stage.board.state
        again = Stage()
        again.board.state = state
        async with again:
            await again.ready.wait()
            assert not again.board.orders
            await again.board.holds(10)
            assert again.board.events

    asyncio.run(case())


class Jumping:
    """A time that stands still until it is told to jump."""

    speed = 1.0

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


def test_given_a_time_that_jumps_past_the_limit_then_whoever_is_rung_answers_before_the_offer_runs_out() -> None:
    async def case() -> None:
        whole, time, ready = without_routine(exercise()), Jumping(), asyncio.Event()
        sure = replace(whole, script=replace(whole.script, phone=replace(whole.script.phone, decline=0.0, let_ring=0.0)))
        board = Board(sure, time.now)
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(play(sure, board, lambda _: None, time, ready=ready))
            await ready.wait()
            call_id, place = CallId("talk"), Place("200 Main St", 35.996, -78.902)
            to = queries.ready_clinicians(board.state)[0].user_id
            received = ReceiveCall(call_id, Source.CALL_911, NatureCode("CCD"), place)
            for command in (received, OfferHandOff(call_id, HandOffId("h"), to)):
                order = Order(CommandId(type(command).__name__), command, occurred_at=START)
                assert isinstance(await board.submit(order, UserId("brandt")), Accepted)
            time.at = START + timedelta(seconds=10 * sure.agency.hand_off_s)
            board.bell.ring()
            while board.state.calls[call_id].in_care_of is None:
                await board.bell.wait()
            playing.cancel()
        [hand_off] = board.state.calls[call_id].hand_offs
        assert (hand_off.state, hand_off.to_user) == (HandOffState.RELEASED, to)
        assert not [order for order, _ in board.orders if isinstance(order.command, TimeOutHandOff)]

    asyncio.run(case())


def test_given_a_store_that_fails_for_a_while_when_playing_then_it_goes_on_afterwards() -> None:
    async def case() -> None:
        async with Stage() as stage:
            await stage.ready.wait()
            day = len(stage.board.orders)
            stage.board.fails = 5
            await stage.board.holds(day + 20)
            assert stage.board.fails == 0

    asyncio.run(case())
