"""What people write for the time of a call back, and the moment that is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.ui.handoff.moments import moment
from tests.support.agency import AGENCY

NOW = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
"""14:30 in Anytown."""


@pytest.mark.parametrize(
    ("words", "ahead"),
    [
        ("in 2 h", timedelta(hours=2)),
        ("45 min", timedelta(minutes=45)),
        ("in  1 hour", timedelta(hours=1)),
        ("17:30", timedelta(hours=3)),
        ("at 17.30", timedelta(hours=3)),
        ("1730", timedelta(hours=3)),
        ("9:00", timedelta(hours=18, minutes=30)),
        ("tomorrow 10:00", timedelta(hours=19, minutes=30)),
        ("today 15:00", timedelta(minutes=30)),
    ],
)
def test_given_words_that_say_a_moment_then_it_is_that_one_and_still_to_come(words: str, ahead: timedelta) -> None:
    assert moment(words, AGENCY, NOW) == NOW + ahead


@pytest.mark.parametrize("words", ["", "soon", "25:00", "in 0 min", "today 9:00", "17", "in 2 days or so"])
def test_given_words_that_say_none_or_one_that_has_passed_then_there_is_none(words: str) -> None:
    assert moment(words, AGENCY, NOW) is None


def test_given_the_night_the_clocks_change_then_a_time_of_day_is_that_of_the_agency() -> None:
    before = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
    """23:30 of October 31 in Anytown, still summer time there."""
    assert moment("10:00", AGENCY, before) == datetime(2026, 11, 1, 15, 0, tzinfo=UTC)
