"""Since when something is so, as a person types it: "14:02", "since 14:02", "3 min ago", "-3". Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from console.domain.agency import Agency
from console.domain.times import about, time_of_day

EXAMPLES: Final = "14:02 or 3 min ago"
"""What a line that takes a time says of how it is typed."""

_CLOCK: Final = r"(?:(?:since|at)\s+)?(?P<clock>\d{1,2}:\d{1,2}(?::\d{1,2})?)"
_AGO: Final = r"(?:since\s+)?(?P<ago>\d{1,4})\s*(?:minutes|minute|min|m)\s+ago"
_MINUS: Final = r"[-−](?P<minus>\d{1,4})(?:\s*(?:minutes|minute|min|m))?"
_ENDS: Final = rf"(?i)(?:^|[\s,;]+)(?:{_CLOCK}|{_AGO}|{_MINUS})$"
_BEGINS: Final = rf"(?i)^(?:{_CLOCK}|{_AGO}|{_MINUS})(?:$|[\s,;]+)"


class NoTime(ValueError):
    """What stands where a time would stand is none; `str` says so in a sentence."""


def local_time(agency: Agency, typed: str, now: datetime) -> datetime | None:
    """The instant that "14:20" or "14:20:30" means on the center's clock: the latest such that is not in the future.

    None where it is no time of day. An hour that a change of the clocks brings twice means the later one that has been.
    """
    for pattern in ("%H:%M", "%H:%M:%S"):
        try:
            clock = datetime.strptime(typed.strip(), pattern).time()  # noqa: DTZ007  the zone is given below
        except ValueError:
            continue
        zone = ZoneInfo(agency.time_zone)
        today = now.astimezone(zone).date()
        days = (today, today - timedelta(days=1))
        meant = (datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for day in days for fold in (0, 1))
        return max(moment for moment in meant if moment <= now)
    return None


def split(agency: Agency, words: str, now: datetime) -> tuple[str, datetime | None]:
    """The words without the time at their end, or else at their beginning, and that time; None where there is none.

    Raises `NoTime` for a time of day that no clock shows.
    """
    words = words.strip()
    found = re.search(_ENDS, words) or re.search(_BEGINS, words)
    if found is None:
        return words, None
    rest = (words[: found.start()] + words[found.end() :]).strip(" ,;")
    minutes = found["ago"] or found["minus"]
    at = now - timedelta(minutes=int(minutes)) if minutes else local_time(agency, found["clock"], now)
    if at is None:
        raise NoTime(f'"{found["clock"]}" is no time of day; type {EXAMPLES}.')
    return rest, at


def since_words(agency: Agency, at: datetime | None, now: datetime) -> str:
    """ "since 14:02, 3 min ago", on another day with its name; "" for now."""
    if at is None:
        return ""
    return f"since {time_of_day(agency, at, now)}, {about((now - at).total_seconds())} ago"
