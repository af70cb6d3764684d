"""Durations and times of day in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.times import about, span, time_of_day
from tests.support.agency import AGENCY

NOW = datetime(2026, 5, 4, 18, 30, 7, tzinfo=UTC)
"""A Monday, 14:30:07 in Anytown."""


@pytest.mark.parametrize(
    ("seconds", "shown", "short"),
    [
        (0, "0:00", "0:00"),
        (22.9, "0:22", "0:22"),
        (768, "12:48", "12:48"),
        (3725, "1:02:05", "1 h 02"),
        (36_300, "10 h 05", "10 h 05"),
        (-5, "0:00", "0:00"),
    ],
)
def test_a_span_is_read_off_a_clock(seconds: float, shown: str, short: str) -> None:
    assert (span(seconds), span(seconds, short=True)) == (shown, short)


@given(st.integers(min_value=0, max_value=10 * 3600 - 1))
def test_law_a_span_below_ten_hours_can_be_read_back(seconds: int) -> None:
    total = 0
    for part in span(seconds).split(":"):
        total = total * 60 + int(part)
    assert total == seconds


@pytest.mark.parametrize(("seconds", "shown"), [(40, "40 s"), (60, "1 min"), (7500, "2 h 05 min"), (-1, "0 s")])
def test_about_is_in_whole_minutes(seconds: float, shown: str) -> None:
    assert about(seconds) == shown


def test_a_time_of_another_day_says_which() -> None:
    assert time_of_day(AGENCY, NOW, NOW) == "14:30"
    assert time_of_day(AGENCY, NOW, NOW, seconds=True) == "14:30:07"
    assert time_of_day(AGENCY, NOW - timedelta(days=1), NOW) == "Sun 14:30"
    assert time_of_day(AGENCY, NOW + timedelta(days=6), NOW) == "Sun 14:30"
    assert time_of_day(AGENCY, NOW - timedelta(days=7), NOW) == "Apr 27 14:30"
    assert time_of_day(AGENCY, NOW - timedelta(days=7)) == "14:30"
    assert time_of_day(AGENCY, NOW + timedelta(hours=10), NOW) == "Tue 00:30", "the day of the agency, not of UTC"
