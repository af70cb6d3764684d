"""Durations and times of day in words, one way for every screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from console.domain.agency import Agency

_DAYS_BY_NAME = 6
"""A day so near is told by its weekday; one further away could be taken for the one a week nearer."""


def span(seconds: float, *, short: bool = False) -> str:
    """A duration as a clock shows it: "0:11", "12:48", "1:02:48", and from ten hours on "12 h 05"; never negative.

    `short` leaves the seconds out from one hour on ("1 h 02"): where there is little room, or they mean nothing.
    """
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= (1 if short else 10):
        return f"{hours} h {minutes:02d}"
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def about(seconds: float) -> str:
    """A duration in words, whole minutes from one minute on: "40 s", "6 min", "2 h 05 min"."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def local(agency: Agency, at: datetime) -> datetime:
    """A moment on the agency's own clocks."""
    return at.astimezone(ZoneInfo(agency.time_zone))


def time_of_day(agency: Agency, at: datetime, now: datetime | None = None, *, seconds: bool = False) -> str:
    """A moment as the agency's clocks show it: "14:22"; where `now` is of another day, with the weekday or the date."""
    there = local(agency, at)
    words = f"{there:%H:%M:%S}" if seconds else f"{there:%H:%M}"
    days = abs((there.date() - local(agency, now).date()).days) if now is not None else 0
    if not days:
        return words
    return f"{there:%a} {words}" if days <= _DAYS_BY_NAME else f"{there:%b} {there.day} {words}"
