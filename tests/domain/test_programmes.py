"""Hours with effective dates: on duty until when, or opening when, across midnight and clock changes."""

from datetime import UTC, date, datetime, time

from console.domain.ids import ProgrammeCode
from console.domain.programmes import Duty, Hours, Programme, Responds, duty, duty_spans

ZONE = "America/New_York"


def programme(*hours: Hours) -> Programme:
    return Programme(ProgrammeCode("X"), "X", Responds.IN_PERSON, True, (), "teal", "circle", hours)


def utc(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


DAY = Hours(date(2023, 10, 1), time(9, 15), time(23, 45))
WEEKDAYS = Hours(date(2022, 6, 28), time(8), time(17), ("mon", "tue", "wed", "thu", "fri"))


def test_given_daily_hours_then_on_duty_until_closing_and_opening_next_morning() -> None:
    assert duty(programme(DAY), utc(4, 13, 15), ZONE) == Duty(True, until=utc(5, 3, 45))
    assert duty(programme(DAY), utc(4, 13, 14), ZONE) == Duty(False, opens=utc(4, 13, 15))
    assert duty(programme(DAY), utc(5, 3, 45), ZONE) == Duty(False, opens=utc(5, 13, 15))


def test_given_two_effective_dates_then_each_day_has_the_hours_it_had() -> None:
    both = programme(WEEKDAYS, DAY)
    sunday_2022 = datetime(2022, 7, 3, 15, tzinfo=UTC)
    assert duty(both, sunday_2022, ZONE) == Duty(False, opens=datetime(2022, 7, 4, 12, tzinfo=UTC))
    assert duty(both, utc(3, 15), ZONE).on, "a Sunday under the later hours"
    before_launch = datetime(2021, 1, 1, tzinfo=UTC)
    assert duty(both, before_launch, ZONE) == Duty(False, opens=None)


def test_given_hours_past_midnight_or_round_the_clock_then_spans_join() -> None:
    night = programme(Hours(date(2020, 1, 1), time(20), time(4)))
    assert duty(night, utc(5, 6), ZONE) == Duty(True, until=utc(5, 8))
    always = duty(programme(Hours(date(2020, 1, 1), time(0), time(0))), utc(5, 6), ZONE)
    assert always == Duty(True, until=None), "round the clock has no end to tell"


def test_given_the_night_clocks_change_then_hours_are_local_hours() -> None:
    early = programme(Hours(date(2020, 1, 1), time(6), time(21)))
    before, after = utc(7, 12, month=3), utc(8, 12, month=3)
    assert duty(early, before, ZONE).until == utc(8, 2, month=3)
    assert duty(early, after, ZONE).until == utc(9, 1, month=3), "the clock went forward: 21:00 comes an hour sooner in UTC"


def test_given_a_day_then_its_spans_of_duty_are_cut_to_it_and_joined_where_they_touch() -> None:
    midnight, noon = utc(4, 4), utc(4, 16)
    assert duty_spans(programme(DAY), midnight, noon, ZONE) == ((utc(4, 13, 15), noon),)
    assert duty_spans(programme(DAY), midnight, utc(4, 12), ZONE) == ()
    night = programme(Hours(date(2020, 1, 1), time(20), time(4)))
    assert duty_spans(night, midnight, utc(5, 4), ZONE) == ((midnight, utc(4, 8)), (utc(5, 0), utc(5, 4)))
    always = programme(Hours(date(2020, 1, 1), time(0), time(0)))
    assert duty_spans(always, midnight, utc(6, 4), ZONE) == ((midnight, utc(6, 4)),)
