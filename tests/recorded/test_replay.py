"""Feeding: order, pace, ids, refusals, and a hub that goes away. Time is a clock of the test's own."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.commands import Accepted, CommandOutcome, Order, ReceiveCall, Rejected
from console.domain.ids import Seq
from console.domain.state import Place, Source
from console.recorded.order import TimeOrder
from console.recorded.pace import Pace
from console.recorded.recorded_call import RecordedCall
from console.recorded.replay import BEGINNING, TRIES_S, Fed, HubLost, Replayed, replay
from tests.support.agency import TRESPASS

START = datetime(2025, 1, 15, 5, 1, 2, tzinfo=UTC)
AS_RECORDED = Replayed("anytown", ZoneInfo("America/New_York"), True)


def call(number: int, after_s: float = 0.0, units: tuple[str, ...] = ()) -> RecordedCall:
    at = START + timedelta(seconds=after_s)
    return RecordedCall(
        str(number), number, number, at, Source.PHONE, TRESPASS, "TRESPASS", Place("ELM ST"), units=units, text="Loud."
    )


class TestClock:
    """A clock that moves only when somebody waits for it."""

    __test__ = False

    def __init__(self) -> None:
        self.now = 100.0

    async def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds
        await asyncio.sleep(0)


class Hub:
    """Takes orders and remembers them with the time of the test's clock."""

    def __init__(self, clock: TestClock, answer: Callable[[Order], CommandOutcome] | None = None) -> None:
        self.clock, self.answer = clock, answer
        self.taken: list[tuple[float, Order]] = []

    async def send(self, order: Order) -> CommandOutcome:
        at = self.clock.now
        await asyncio.sleep(0)
        outcome = self.answer(order) if self.answer else Accepted(Seq(len(self.taken) + 1))
        self.taken.append((at, order))
        return outcome


def feed(calls: list[RecordedCall], speed: float | None, hub: Hub, head: Seq = BEGINNING) -> Fed:
    fed, steps = Fed(head), list[int]()

    def refused(_: RecordedCall, outcome: Rejected) -> None:
        assert outcome.code == "bad"

    pace = Pace(speed, lambda: hub.clock.now, hub.clock.wait)
    asyncio.run(replay(calls, AS_RECORDED, pace, hub.send, fed, refused, lambda: steps.append(1)))
    assert len(steps) == fed.taken + fed.there + fed.refused == len(calls)
    return fed


@pytest.mark.parametrize(("speed", "times"), [(1.0, [100, 110, 110, 160]), (10.0, [100, 101, 101, 106]), (None, [100] * 4)])
def test_calls_come_at_their_own_pace_or_faster(speed: float | None, times: list[float]) -> None:
    hub = Hub(TestClock())
    fed = feed([call(1), call(2, 10), call(3, 10), call(4, 60)], speed, hub)
    assert [at for at, _ in hub.taken] == times
    assert (fed.taken, fed.refused, fed.last) == (4, 0, call(4, 60))


def test_many_calls_all_come_once_and_are_sent_in_their_order() -> None:
    hub = Hub(TestClock())
    calls = [call(n, n) for n in range(500)]
    feed(calls, None, hub)
    assert [order.occurred_at for _, order in hub.taken] == [c.received_at for c in calls]


def test_the_same_call_always_makes_the_same_ids_and_another_mapping_other_ones() -> None:
    first, again = AS_RECORDED.order(call(1)), AS_RECORDED.order(call(1))
    assert first == again
    assert first.command_id != AS_RECORDED.order(call(2)).command_id
    other = Replayed("othertown", AS_RECORDED.zone, True).order(call(1))
    assert isinstance(first.command, ReceiveCall) and isinstance(other.command, ReceiveCall)
    assert first.command.call_id != other.command.call_id


def test_recorded_times_stay_or_else_the_narrative_tells_them() -> None:
    kept = AS_RECORDED.order(call(1, units=("A1", "A2")))
    assert isinstance(kept.command, ReceiveCall)
    assert (kept.occurred_at, kept.command.text) == (START, "Loud. Units: A1, A2.")
    now = Replayed("anytown", AS_RECORDED.zone, False).order(call(1))
    assert isinstance(now.command, ReceiveCall)
    assert (now.occurred_at, now.command.text) == (None, "Loud. Recorded 2025-01-15 00:01:02 EST.")


def test_given_a_call_the_hub_refuses_then_the_others_follow_and_those_it_has_are_told_apart() -> None:
    codes = {"2": "bad", "3": "call-known"}
    ids = {AS_RECORDED.order(call(int(n))).command_id: code for n, code in codes.items()}

    def answer(order: Order) -> CommandOutcome:
        code = ids.get(order.command_id)
        if code:
            return Rejected(code, "No.")
        return Accepted(Seq(7 if order == AS_RECORDED.order(call(4)) else 8))

    fed = feed([call(n) for n in range(1, 6)], None, Hub(TestClock(), answer), head=Seq(7))
    assert (fed.taken, fed.there, fed.refused) == (2, 2, 1)


def test_given_a_hub_that_comes_back_then_its_call_is_sent_again() -> None:
    lost = iter([True, True, False])

    def answer(_: Order) -> CommandOutcome:
        if next(lost, False):
            raise HubLost("starting")
        return Accepted(Seq(1))

    hub = Hub(TestClock(), answer)
    fed = feed([call(1)], None, hub)
    assert (fed.taken, hub.clock.now) == (1, 100 + TRIES_S[0] + TRIES_S[1])


def test_given_a_hub_that_stays_away_then_feeding_ends_and_knows_where_it_stood() -> None:
    clock = TestClock()
    sent = iter(range(100))

    def answer(_: Order) -> CommandOutcome:
        if next(sent) < 3:
            return Accepted(Seq(1))
        raise HubLost("nobody answers")

    hub, fed = Hub(clock, answer), Fed()
    pace = Pace(1, lambda: clock.now, clock.wait)
    with pytest.raises(HubLost, match="nobody answers"):
        asyncio.run(replay([call(n, n) for n in range(50)], AS_RECORDED, pace, hub.send, fed, lambda *_: None, lambda: None))
    assert fed.taken == 3
    assert fed.last is not None and fed.last.row <= 3


@given(st.lists(st.integers(-(10**9), 10**9), max_size=30))
def test_calls_come_out_in_the_order_of_their_receipt(seconds: list[int]) -> None:
    calls = [call(number, after) for number, after in enumerate(seconds)]
    with TimeOrder() as order:
        for each in calls:
            order.add(each)
        assert list(order) == sorted(calls, key=lambda each: each.received_at)
        assert len(order) == len(calls)
        assert order.span == timedelta(seconds=max(seconds, default=0) - min(seconds, default=0))
