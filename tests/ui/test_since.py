"""Since when something is so, as it is typed: beside other words, on the center's clock, never ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.ui.since import NoTime, local_time, since_words, split
from tests.support.agency import AGENCY
from tests.support.scenes import START


@pytest.mark.parametrize(
    ("typed", "hour", "days_ago"), [("14:20", 14, 0), ("14:20:30", 14, 0), ("23:50", 23, 1), (" 9:05 ", 9, 0)]
)
def test_given_a_time_of_day_then_it_is_the_latest_that_is_not_in_the_future(typed: str, hour: int, days_ago: int) -> None:
    found = local_time(AGENCY, typed, START)
    assert isinstance(found, datetime)
    assert found <= START
    assert START - found < timedelta(days=1)
    assert (found - timedelta(hours=4)).hour == hour
    assert START.day - (found - timedelta(hours=4)).day == days_ago


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "14.20"])
def test_given_no_time_of_day_then_none_is_guessed(typed: str) -> None:
    assert local_time(AGENCY, typed, START) is None


@pytest.mark.parametrize(
    ("typed", "rest", "minutes"),
    [
        ("14:20", "", 10),
        ("since 14:20", "", 10),
        ("at 14:20", "", 10),
        ("-3", "", 3),
        ("-3 min", "", 3),
        ("3 min ago", "", 3),
        ("since 3 minutes ago", "", 3),
        ("Recovery Center 14:20", "Recovery Center", 10),
        ("Recovery Center, since 14:20", "Recovery Center", 10),
        ("14:20 the wrong button", "the wrong button", 10),
        ("-3, the wrong button", "the wrong button", 3),
        ("400 Main St 5 min ago", "400 Main St", 5),
    ],
)
def test_given_a_time_at_an_end_of_words_then_it_is_taken_out_and_the_rest_stays(
    typed: str, rest: str, minutes: int
) -> None:
    assert split(AGENCY, typed, START) == (rest, START - timedelta(minutes=minutes))


@pytest.mark.parametrize("typed", ["", "Recovery Center", "400 Main St", "unit 3-4", "saw 14:20 on the clock there"])
def test_given_words_without_a_time_at_an_end_then_they_stay_as_they_are(typed: str) -> None:
    assert split(AGENCY, typed, START) == (typed, None)


def test_given_a_time_that_no_clock_shows_then_it_is_refused_in_a_sentence() -> None:
    with pytest.raises(NoTime, match='"25:00" is no time of day; type 14:02 or 3 min ago'):
        split(AGENCY, "since 25:00", START)


def test_given_an_hour_that_comes_twice_then_the_nearer_one_is_meant() -> None:
    second = datetime(2026, 11, 1, 6, 45, tzinfo=UTC)  # 1:45 for the second time in New York
    assert local_time(AGENCY, "1:40", second) == second - timedelta(minutes=5)
    assert local_time(AGENCY, "1:50", second) == second - timedelta(minutes=55)


def test_given_a_moment_then_it_is_said_with_how_long_ago_and_its_day_where_it_is_another() -> None:
    assert since_words(AGENCY, START - timedelta(minutes=3), START) == "since 14:27, 3 min ago"
    assert since_words(AGENCY, START - timedelta(hours=23), START) == "since Sun 15:30, 23 h 00 min ago"
    assert since_words(AGENCY, None, START) == ""
