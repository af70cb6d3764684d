"""The hub's clock, reckoned at the desk."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.link.hub_time import HubTime

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_given_a_heartbeat_when_time_passes_then_the_hubs_clock_goes_on() -> None:
    time = HubTime()
    time.heard(NOON, 1.0, 100.0)
    assert time.now(102.5) == NOON + timedelta(seconds=2.5)


def test_given_an_exercise_at_600_times_when_a_second_passes_then_ten_minutes_have() -> None:
    time = HubTime()
    time.heard(NOON, 600.0, 100.0)
    assert time.now(101.0) == NOON + timedelta(minutes=10)


def test_given_a_heartbeat_that_was_held_up_when_heard_then_its_delay_is_told_and_the_clock_stays_right() -> None:
    time = HubTime()
    time.heard(NOON, 1.0, 100.0)
    late_ms = time.heard(NOON + timedelta(seconds=5), 1.0, 105.08)
    assert round(late_ms) == 80
    assert time.now(106.0) == NOON + timedelta(seconds=6)


def test_given_a_change_of_speed_when_heard_then_the_clock_goes_on_from_there_at_the_new_one() -> None:
    time = HubTime()
    time.heard(NOON, 600.0, 100.0)
    time.heard(NOON + timedelta(minutes=10), 1.0, 101.0)
    assert time.now(103.0) == NOON + timedelta(minutes=10, seconds=2)


def test_given_a_hub_that_was_started_again_when_heard_then_the_old_reckoning_is_forgotten() -> None:
    time = HubTime()
    time.heard(NOON, 1.0, 100.0)
    time.afresh()
    assert time.now(101.0) == NOON + timedelta(seconds=1)  # until it is heard, the old reckoning holds
    time.heard(NOON - timedelta(seconds=8), 1.0, 101.0)
    assert time.now(101.0) == NOON - timedelta(seconds=8)


def test_given_a_hub_whose_clock_was_set_an_hour_on_or_back_when_heard_then_it_is_believed() -> None:
    time = HubTime()
    for hours in (1, -1):
        time.heard(NOON, 1.0, 100.0)
        time.heard(NOON + timedelta(hours=hours), 1.0, 105.0)
        assert time.now(105.0) == NOON + timedelta(hours=hours)


def test_given_no_hub_yet_then_the_time_is_the_desks_own_and_has_its_zone() -> None:
    before = datetime.now(UTC)
    assert before <= HubTime().now(5.0) <= datetime.now(UTC)


@given(st.lists(st.floats(0.0, 2.0), min_size=1, max_size=100), st.sampled_from([1.0, 60.0, 600.0]))
def test_the_reckoned_clock_is_never_ahead_of_the_hub_and_behind_by_the_quickest_delay(
    delays: list[float], rate: float
) -> None:
    time = HubTime()
    for n, delay in enumerate(delays):
        sent = 5.0 * n
        time.heard(NOON + timedelta(seconds=rate * sent), rate, 1000.0 + sent + delay)
    at = 1000.0 + 5.0 * len(delays)
    true = NOON + timedelta(seconds=rate * 5.0 * len(delays))
    behind = (true - time.now(at)).total_seconds() / rate
    assert abs(behind - min(delays[-60:])) < 1e-4
