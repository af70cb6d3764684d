"""What becomes of fixes: bound, taken, or counted and kept; never backwards, never by an impossible jump."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from console.domain.ids import UnitId
from console.hub.feeds.fix import DeviceFix, Heard, NoFix, Reason
from console.hub.feeds.intake import JUMPS_AT_MOST, UNKNOWN_AT_MOST, Intake
from console.hub.feeds.settings import NmeaFeed
from console.hub.feeds.track import BELIEVED_AFTER
from console.wire.feeds import FeedState
from tests.hub.feeds.saying import NOON, Fleet

U1, U2 = UnitId("U1"), UnitId("U2")
DEGREE_KM = 111.195
"""Of latitude."""


class Heads:
    """An intake with its clock in the test's hand, two units, and a device for each."""

    def __init__(self, stale_s: float = 60, clock_ahead_s: float = 0) -> None:
        self.now, self.fleet = NOON, Fleet("U1", "U2")
        units = {"a": U1, "also a": U1, "b": U2, "gone": UnitId("U9")}
        feed = NmeaFeed(name="Modems", udp=":0", units=units, stale_s=stale_s, clock_ahead_s=clock_ahead_s)
        self.intake = Intake(feed, self.fleet.take, lambda: self.now)

    def fix(self, device: str = "a", ago_s: float = 0, km_north: float = 0) -> DeviceFix:
        at = self.now - timedelta(seconds=ago_s)
        return DeviceFix(device, 36 + km_north / DEGREE_KM, -78.9, at, self.now, accuracy_m=5, attributes={"batt": 80})

    def hear(self, *heard: Heard) -> None:
        self.intake.hear(lambda _: list(heard))

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def at(self) -> tuple[datetime, float]:
        """When and how many kilometres north U1 is held to be."""
        held = self.fleet.held[U1]
        return held.fix_at, round((held.latitude - 36) * DEGREE_KM, 3)

    @property
    def refused(self) -> dict[str, int]:
        return self.intake.health().refused


def test_given_devices_that_are_bound_then_their_units_move() -> None:
    on = Heads()
    on.hear(on.fix("a", km_north=1), on.fix("b", km_north=2))
    assert set(on.fleet.held) == {U1, U2} and on.at == (NOON, 1)
    health = on.intake.health()
    assert (health.received, health.taken, health.refused, health.state) == (2, 2, {}, FeedState.WORKING)
    assert [(d.device, d.unit_id, d.heard, d.accuracy_m) for d in health.devices] == [("a", U1, 1, 5), ("b", U2, 1, 5)]


def test_given_a_device_that_nobody_bound_then_it_is_listed_with_its_count_place_and_words() -> None:
    on = Heads()
    on.hear(on.fix("stranger", ago_s=3))
    on.later(10)
    on.hear(on.fix("stranger"), NoFix(Reason.VOID, "no fix", "another", {"driver": "J. Doe"}))
    health = on.intake.health()
    another, stranger = sorted(health.unknown, key=lambda one: one.device)
    assert (stranger.heard, stranger.heard_at, stranger.unit_id) == (2, on.now, None)
    assert stranger.latitude == 36 and stranger.fix_at == on.now and stranger.attributes == {"batt": 80}
    assert (another.heard, another.latitude, another.attributes) == (1, None, {"driver": "J. Doe"})
    assert health.refused == {"unknown_device": 2, "void": 1} and not on.fleet.held


def test_given_a_stranger_then_the_hubs_log_says_once_how_to_bind_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "console.hub")
    on = Heads()
    on.hear(on.fix("stranger"), on.fix("stranger"), on.fix("a"))
    assert caplog.messages == ["feed Modems: 'stranger' is bound to no unit; bind it under the feed's units"]


def test_given_more_strangers_than_are_remembered_then_the_longest_silent_are_forgotten_and_counted() -> None:
    on = Heads()
    on.hear(*(on.fix(f"stranger {n}") for n in range(UNKNOWN_AT_MOST + 5)))
    health = on.intake.health()
    assert len(health.unknown) == UNKNOWN_AT_MOST and health.unknown_forgotten == 5
    assert "stranger 0" not in {one.device for one in health.unknown}


def test_given_a_backlog_after_a_live_fix_then_the_unit_does_not_go_backwards() -> None:
    on = Heads()
    on.hear(on.fix(km_north=5))
    on.hear(*(on.fix(ago_s=600 - n, km_north=n / 100) for n in range(500)))
    assert on.at == (NOON, 5) and on.refused == {"older_than_held": 500}


def test_given_a_later_fix_from_another_device_of_the_unit_then_an_earlier_one_does_not_move_it() -> None:
    on = Heads()
    on.hear(on.fix("a", km_north=1))
    on.hear(on.fix("also a", ago_s=30))
    assert on.at == (NOON, 1) and on.refused == {"older_than_held": 1}


def test_given_the_same_fix_again_then_it_is_taken_and_nothing_moves() -> None:
    on = Heads()
    on.hear(on.fix(), on.fix())
    assert on.intake.health().taken == 2 and on.at == (NOON, 0)


@pytest.mark.parametrize(
    ("ago_s", "reason"),
    [
        (-6, "in_the_future"),
        (-3600 * 23, "in_the_future"),
        (-3600 * 25, "clock_off"),
        (-86400 * 365 * 3, "clock_off"),
        (86400 * 31, "clock_off"),
        (86400 * 7 * 1024, "clock_off"),
    ],
)
def test_given_a_clock_that_is_wrong_then_the_fix_is_refused_with_a_count_and_the_next_right_one_is_taken(
    ago_s: float, reason: str
) -> None:
    on = Heads()
    on.hear(on.fix(ago_s=ago_s, km_north=9))
    assert on.refused == {reason: 1} and not on.fleet.held
    assert on.intake.health().last_refused
    on.hear(on.fix(km_north=1))
    assert on.at == (NOON, 1)


def test_given_a_fix_of_hours_ago_and_nothing_newer_then_it_is_taken_with_its_own_time() -> None:
    on = Heads()
    on.hear(on.fix(ago_s=7200))
    assert on.at == (NOON - timedelta(hours=2), 0)


def test_given_devices_that_tell_the_time_of_gps_then_what_they_are_ahead_is_taken_off() -> None:
    on = Heads(clock_ahead_s=18)
    on.hear(on.fix(ago_s=-18))
    assert on.at == (NOON, 0)


def test_given_an_impossible_jump_then_it_is_kept_and_flagged_and_the_unit_stays() -> None:
    on = Heads()
    on.hear(on.fix())
    on.later(60)
    on.hear(on.fix(km_north=4))
    assert on.at == (NOON, 0) and on.refused == {"jump": 1}
    (jump,) = on.intake.health().jumps
    assert (jump.device, jump.unit_id, jump.fix_at) == ("a", U1, on.now)
    assert jump.km == pytest.approx(4, abs=0.01) and jump.km_h == pytest.approx(240, abs=1)
    on.later(1)
    on.hear(on.fix(km_north=0.5))
    assert on.at == (on.now, 0.5), "what follows from where it was is believed at once"


def test_given_a_fast_and_possible_drive_then_nothing_is_flagged() -> None:
    on = Heads()
    for n in range(20):
        on.hear(on.fix(km_north=n * 190 / 3600 * 10))
        on.later(10)
    assert on.refused == {}


def test_given_scatter_of_a_receiver_within_one_second_then_nothing_is_flagged() -> None:
    on = Heads()
    for n in range(20):
        on.hear(on.fix(km_north=0.09 * (n % 2)))
        on.later(1)
    assert on.refused == {}


def test_given_fixes_that_agree_on_another_place_then_it_was_the_place_held_that_was_wrong() -> None:
    on = Heads()
    on.hear(on.fix(km_north=800))
    for n in range(BELIEVED_AFTER):
        on.later(1)
        on.hear(on.fix(km_north=n * 0.01))
    assert on.at == (on.now, round((BELIEVED_AFTER - 1) * 0.01, 3))
    assert on.refused == {"jump": BELIEVED_AFTER - 1}


def test_given_jumps_to_places_that_do_not_agree_then_none_is_believed_and_the_latest_are_kept() -> None:
    on = Heads()
    on.hear(on.fix())
    for n in range(JUMPS_AT_MOST + 10):
        on.later(0.1)
        on.hear(on.fix(km_north=500 + 900 * (n % 2)))
    assert on.at == (NOON, 0) and len(on.intake.health().jumps) == JUMPS_AT_MOST


def test_given_a_unit_that_the_agency_has_no_longer_then_that_is_the_reason() -> None:
    on = Heads()
    on.hear(on.fix("gone"))
    assert on.refused == {"unknown_unit": 1}


def test_given_a_fault_in_reading_then_it_is_logged_once_counted_and_the_feed_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    on = Heads()

    def faulty(_at: datetime) -> list[Heard]:
        raise ZeroDivisionError

    on.intake.hear(faulty)
    on.intake.hear(faulty)
    on.hear(on.fix())
    assert on.refused == {"fault": 2} and on.intake.health().taken == 1
    assert len(caplog.records) == 1


def test_given_time_goes_by_then_the_feed_is_waiting_working_silent_and_working_again() -> None:
    on = Heads(stale_s=60)
    states = [on.intake.health()]
    on.hear(on.fix("a"))
    states.append(on.intake.health())
    on.later(61)
    on.hear(NoFix(Reason.VOID, "no fix", "b"))
    states.append(on.intake.health())
    on.hear(on.fix("b"))
    states.append(on.intake.health())
    on.intake.trouble = "it answered 500"
    states.append(on.intake.health())
    on.intake.alive()
    states.append(on.intake.health())
    assert [one.state for one in states] == [
        FeedState.WAITING, FeedState.WORKING, FeedState.SILENT, FeedState.WORKING, FeedState.FAILING, FeedState.WORKING,
    ]  # fmt: skip
    assert [U1 in one.stale_units for one in states[:4]] == [True, False, True, True]
    assert [U2 in one.stale_units for one in states[:4]] == [True, True, True, False]


def test_everything_that_was_received_is_counted_once() -> None:
    on = Heads()
    on.hear(on.fix(), on.fix("x"), on.fix(ago_s=9), on.fix(km_north=700), NoFix(Reason.CHECKSUM, "x"), on.fix("b"))
    health = on.intake.health()
    assert health.received == 6 == health.taken + sum(health.refused.values())
