"""Hub time: real time that never runs back, and exercise time that bends without a jump."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.hub.hub_time import ExerciseTime, RealTime
from tests.support.loop import runs

START = datetime(2026, 5, 4, 13, tzinfo=UTC)


def test_given_a_clock_set_back_then_real_time_stands_still_until_it_has_caught_up() -> None:
    says = [START, START + timedelta(seconds=5), START - timedelta(hours=1), START + timedelta(seconds=6)]
    hub_time = RealTime(clock=lambda: says.pop(0))
    assert [hub_time.now() - START for _ in range(3)] == [timedelta(seconds=s) for s in (5, 5, 6)]


def test_given_a_log_that_ends_later_than_now_then_real_time_begins_there() -> None:
    hub_time = RealTime(not_before=START + timedelta(minutes=1), clock=lambda: START)
    assert hub_time.now() == START + timedelta(minutes=1)


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 600)), max_size=20))
def test_whatever_speeds_follow_each_other_exercise_time_never_runs_back_and_gains_speed_times_real(
    steps: list[tuple[float, float]],
) -> None:
    real = 100.0
    hub_time = ExerciseTime(START, 1.0, monotonic=lambda: real)
    expected, speed, before = 0.0, 1.0, hub_time.now()
    for seconds, faster in steps:
        real += seconds
        expected += seconds * speed
        at_the_change = hub_time.now()
        hub_time.chosen = speed = faster
        assert hub_time.now() == at_the_change >= before
        assert abs((at_the_change - START).total_seconds() - expected) < 0.001 * (1 + len(steps))
        before = at_the_change


def test_given_an_exercise_that_is_held_then_it_runs_at_real_time_without_a_jump_and_afterwards_as_chosen() -> None:
    real = 100.0
    hub_time = ExerciseTime(START, 20.0, monotonic=lambda: real)
    real += 1
    hub_time.held = True
    assert (hub_time.now() - START, hub_time.speed, hub_time.chosen) == (timedelta(seconds=20), 1.0, 20.0)
    real += 10
    hub_time.chosen = 60.0  # chosen meanwhile: it is kept for afterwards
    assert (hub_time.now() - START, hub_time.speed, hub_time.chosen) == (timedelta(seconds=30), 1.0, 60.0)
    real += 10
    hub_time.held = False
    assert (hub_time.now() - START, hub_time.speed) == (timedelta(seconds=40), 60.0)
    real += 1
    assert hub_time.now() - START == timedelta(seconds=100)


@pytest.mark.parametrize("speed", [0.0, 0.99, 600.1, -5.0, float("nan"), float("inf")])
def test_speeds_outside_1_to_600_are_refused_in_words(speed: float) -> None:
    with pytest.raises(ValueError, match="1 to 600"):
        ExerciseTime(START, speed)


@runs
async def test_given_a_sleep_when_the_exercise_is_made_faster_then_it_ends_sooner() -> None:
    hub_time = ExerciseTime(START, 1.0)
    async with asyncio.TaskGroup() as tasks:
        sleeping = tasks.create_task(hub_time.sleep(60.0))
        await asyncio.sleep(0)
        hub_time.chosen = 600.0
        await sleeping
    assert hub_time.now() - START >= timedelta(seconds=60)
