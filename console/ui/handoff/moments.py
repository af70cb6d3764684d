"""When a person says a call back is to be made: "17:30", "in 2 h", "tomorrow 10:00". Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from console.domain.agency import Agency
from console.domain.times import local

EXAMPLES = "17:30, in 2 h, in 45 min, tomorrow 10:00"
_IN = re.compile(r"(?:in\s+)?(\d{1,3})\s*(m|min|minutes?|h|hours?)", re.IGNORECASE)
_AT = re.compile(r"(?:(tomorrow|today)\s+)?(?:at\s+)?([01]?\d|2[0-3])[:.]?([0-5]\d)", re.IGNORECASE)


def moment(words: str, agency: Agency, now: datetime) -> datetime | None:
    """The moment that is meant, in UTC; None where the words say none, or one that has passed.

    A time of day is the agency's own and the next one to come, unless the day is named.
    """
    said = " ".join(words.split())
    if (span := _IN.fullmatch(said)) is not None:
        length = timedelta(hours=int(span[1])) if span[2][0].lower() == "h" else timedelta(minutes=int(span[1]))
        return now + length if length else None
    if (at := _AT.fullmatch(said)) is None:
        return None
    here = local(agency, now)
    day = here.date() + timedelta(days=(at[1] or "").lower() == "tomorrow")
    meant = datetime.combine(day, time(int(at[2]), int(at[3])), here.tzinfo)
    if meant <= here and not at[1]:
        meant = datetime.combine(day + timedelta(days=1), meant.time(), here.tzinfo)
    return meant.astimezone(UTC) if meant > here else None
