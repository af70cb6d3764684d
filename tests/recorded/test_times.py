"""Times as towns write them, on clocks that are put forward and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.recorded import findings as f
from console.recorded.mapping import Times
from console.recorded.times import TimeReader

EAST = "America/New_York"


def reader(*formats: str, zone: str = EAST, time_of_day: str | None = None) -> TimeReader:
    return TimeReader(Times(formats, zone, time_of_day))


@pytest.mark.parametrize(
    ("format_", "text", "expected"),
    [
        ("%m/%d/%Y %I:%M:%S%p", "1/1/2025 12:01:02AM", "2025-01-01T05:01:02"),
        ("%m/%d/%Y %I:%M:%S%p", "7/1/2025 12:01:02PM", "2025-07-01T16:01:02"),
        ("%m/%d/%Y %I:%M:%S %p", "11/04/2023 6:08:26 PM", "2023-11-04T22:08:26"),
        ("%m/%d/%Y %I:%M:%S %p", "11/04/2023  6:08:26 p.m.", "2023-11-04T22:08:26"),
        ("%Y-%m-%d %H:%M", " 2016-01-15 12:01 ", "2016-01-15T17:01:00"),
        ("%d-%b-%y %H:%M", "09-JAN-18 09:26", "2018-01-09T14:26:00"),
        ("%d %b %y %H:%M", "9 September 69 09:26", "1969-09-09T13:26:00"),
        ("%Y%%%m%%%d %H.%M.%S.%f", "2018%01%09 09.26.01.5", "2018-01-09T14:26:01.500000"),
        ("iso", "2018-01-09T09:26:00.000", "2018-01-09T14:26:00"),
        ("iso", "2018-01-09 09:26", "2018-01-09T14:26:00"),
        ("iso", "2018-01-09T09:26:00Z", "2018-01-09T09:26:00"),
        ("iso", "2018-01-09T09:26:00-08:00", "2018-01-09T17:26:00"),
    ],
)
def test_a_time_is_read_by_its_format_as_a_moment(format_: str, text: str, expected: str) -> None:
    assert reader(format_).read(text) == (datetime.fromisoformat(expected + "Z"), None)


@pytest.mark.parametrize(
    "text",
    ["13/1/2025 12:01:02AM", "2/29/2025 12:01:02AM", "1/1/2025 0:01:02AM", "1/1/2025 13:01:02PM", "1/1/2025 12:61:02AM",
     "1/1/2025", "12:01:02AM", "1/1/25 12:01:02AM", "1/1/0001 12:01:02AM x", "١/1/2025 12:01:02AM", "45658.0007"],
)  # fmt: skip
def test_a_text_that_means_no_time_is_unreadable(text: str) -> None:
    assert reader("%m/%d/%Y %I:%M:%S%p").read(text) == (None, f.UNREADABLE_TIME)


def test_iso_needs_an_hour_and_the_ends_of_the_calendar_are_no_times() -> None:
    assert reader("iso").read("2018-01-09") == (None, f.UNREADABLE_TIME)
    assert reader("iso").read("9999-12-31T23:59:59") == (None, f.UNREADABLE_TIME)
    assert reader("iso").read("0001-01-01T00:00:00+14:00") == (None, f.UNREADABLE_TIME)
    assert reader("iso").read("  ") == (None, f.NO_TIME)


def test_the_first_format_that_fits_counts() -> None:
    both = reader("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", zone="UTC")
    assert both.read("2/1/2025 10:00")[0] == datetime(2025, 2, 1, 10, tzinfo=UTC)
    assert both.read("20/1/2025 10:00") == (None, f.UNREADABLE_TIME)


def test_a_date_gets_the_time_of_day_of_the_mapping_and_says_so() -> None:
    dates = reader("%Y-%m-%d", time_of_day="12:30")
    assert dates.read("2025-07-01") == (datetime(2025, 7, 1, 16, 30, tzinfo=UTC), f.HOUR_NOT_KNOWN)
    assert dates.dates_only
    assert not reader("%Y-%m-%d", "iso", time_of_day="12:30").dates_only


def test_a_time_that_came_twice_is_the_first_of_the_two_and_says_so() -> None:
    autumn = reader("%Y-%m-%d %H:%M")
    assert autumn.read("2024-11-03 00:59") == (datetime(2024, 11, 3, 4, 59, tzinfo=UTC), None)
    assert autumn.read("2024-11-03 01:30") == (datetime(2024, 11, 3, 5, 30, tzinfo=UTC), f.CLOCK_WENT_BACK)
    assert autumn.read("2024-11-03 02:00") == (datetime(2024, 11, 3, 7, 0, tzinfo=UTC), None)


def test_a_time_that_never_came_is_the_same_moment_by_the_new_clock_and_says_so() -> None:
    spring = reader("%Y-%m-%d %H:%M")
    assert spring.read("2025-03-09 01:59") == (datetime(2025, 3, 9, 6, 59, tzinfo=UTC), None)
    assert spring.read("2025-03-09 02:30") == (datetime(2025, 3, 9, 7, 30, tzinfo=UTC), f.CLOCK_WENT_FORWARD)
    assert spring.read("2025-03-09 03:00") == (datetime(2025, 3, 9, 7, 0, tzinfo=UTC), None)


@given(st.text(max_size=40))
def test_no_text_makes_reading_raise(text: str) -> None:
    for format_ in ("iso", "%m/%d/%Y %I:%M:%S%p", "%d-%b-%y %H:%M"):
        moment, kind = reader(format_).read(text)
        assert (moment is None) == (kind in (f.NO_TIME, f.UNREADABLE_TIME))


@given(st.integers(0, 4_000_000_000))
def test_what_strftime_writes_is_read_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    for format_ in ("%m/%d/%Y %I:%M:%S%p", "%Y-%m-%d %H:%M:%S", "%d %b %Y %I.%M.%S %p"):
        assert reader(format_, zone="UTC").read(moment.strftime(format_)) == (moment, None)
