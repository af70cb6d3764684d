"""Times as other systems write them, on the clock of their town, read as moments in UTC."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from console.recorded.findings import (
    CLOCK_WENT_BACK,
    CLOCK_WENT_FORWARD,
    HOUR_NOT_KNOWN,
    NO_TIME,
    UNREADABLE_TIME,
    Kind,
)
from console.recorded.mapping import Times

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LETTERS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "b": rf"(?P<b>{'|'.join(_MONTHS)})[a-z]*",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "f": r"(?P<f>\d{1,6})\d*",
    "p": r"(?P<p>[ap])\.?m\.?",
    "%": "%",
}
ALLOWED = "iso, or strptime's " + " ".join(f"%{letter}" for letter in _LETTERS)

Moment = tuple[datetime | None, Kind | None]
"""A moment in UTC if there is one, and what is to be said of it, if anything."""


class TimeReader:
    """Reads times by a mapping's formats, the first that fits. Raises ValueError with its place if they are wrong."""

    def __init__(self, times: Times) -> None:
        try:
            self._zone = ZoneInfo(times.zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"time.zone: {times.zone!r} is no zone; an IANA name such as America/New_York is") from error
        self._offsets: dict[tuple[int, int, int, int], timedelta] = {}
        """By local hour, where the clock was not changed in it."""
        self._iso = "iso" in times.formats
        self._patterns = tuple(
            (re.compile(_pattern(format_, number), re.IGNORECASE | re.ASCII), "%H" in format_ or "%I" in format_)
            for number, format_ in enumerate(times.formats)
            if format_ != "iso"
        )
        if times.time_of_day is None and not all(has_hour for _, has_hour in self._patterns):
            raise ValueError(
                "time.time_of_day: is missing; a format with a date only needs the local time (HH:MM) of its calls"
            )
        self.dates_only = not self._iso and not any(has_hour for _, has_hour in self._patterns)
        """Whether no format has an hour, so that every call of the file lacks it."""
        self._hour, self._minute = map(int, (times.time_of_day or "00:00").split(":"))

    def read(self, text: str) -> Moment:
        """The moment that a text means; (None, why) where it means none."""
        text = text.strip()
        if not text:
            return None, NO_TIME
        try:
            local, has_hour = self._local(text)
            if local is None:
                return None, UNREADABLE_TIME
            if local.tzinfo is not None:
                return local.astimezone(UTC), None
            moment, kind = self._on_the_clock(local)
        except (ValueError, OverflowError):
            return None, UNREADABLE_TIME
        return moment, kind if has_hour else HOUR_NOT_KNOWN

    def _local(self, text: str) -> tuple[datetime | None, bool]:
        """The time as written, and whether it has an hour."""
        for pattern, has_hour in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return self._from_parts(found, has_hour), has_hour
        if self._iso and len(text) > 10:
            return datetime.fromisoformat(text), True
        return None, False

    def _from_parts(self, found: re.Match[str], has_hour: bool) -> datetime:
        part = found.re.groupindex
        year = int(found["Y"]) if "Y" in part else 2000 + int(found["y"]) - (100 if int(found["y"]) > 68 else 0)
        month = int(found["m"]) if "m" in part else _MONTHS.index(found["b"].lower()) + 1
        if not has_hour:
            return datetime(year, month, int(found["d"]), self._hour, self._minute)  # noqa: DTZ001 (zone comes next)
        if "I" in part:
            hour = int(found["I"])
            if not 1 <= hour <= 12:
                raise ValueError(hour)
            hour = hour % 12 + (12 if found["p"] in "pP" else 0)
        else:
            hour = int(found["H"])
        minute, second = int(found["M"]) if "M" in part else 0, int(found["S"]) if "S" in part else 0
        microsecond = int(found["f"].ljust(6, "0")) if "f" in part else 0
        return datetime(  # noqa: DTZ001 (the zone is the next step's)
            year, month, int(found["d"]), hour, minute, second, microsecond
        )

    def _on_the_clock(self, local: datetime) -> Moment:
        """What the clock of the zone meant by it: the earlier of two, or the moment by the clock put forward."""
        hour = local.year, local.month, local.day, local.hour
        known = self._offsets.get(hour)
        if known is not None:
            return (local - known).replace(tzinfo=UTC), None
        offset, later = self._offsets_at(local)
        moment = (local - offset).replace(tzinfo=UTC)
        if later != offset:
            return moment, CLOCK_WENT_BACK if later < offset else CLOCK_WENT_FORWARD
        ends = (local.replace(minute=0, second=0, microsecond=0), local.replace(minute=59, second=59, microsecond=999_999))
        if {offset} == {each for end in ends for each in self._offsets_at(end)}:
            self._offsets[hour] = offset
        return moment, None

    def _offsets_at(self, local: datetime) -> tuple[timedelta, timedelta]:
        """How far the clock was from UTC; the second where it showed this twice, or never."""
        there = local.replace(tzinfo=self._zone)
        offset = there.utcoffset() or timedelta()
        return offset, there.replace(fold=1).utcoffset() or offset


def _pattern(format_: str, number: int) -> str:
    """The regular expression of a strptime format; independent of the machine's language."""
    parts, seen, at = [], "", 0
    for found in re.finditer("%(.?)|( +)", format_):
        parts.append(re.escape(format_[at : found.start()]))
        at = found.end()
        if found[2]:
            parts.append(r"\s+")
        elif found[1] not in _LETTERS or (found[1] in seen and found[1] != "%"):
            raise ValueError(
                f"time.formats.{number}: {format_!r}: {found[0]} is unknown or there twice; allowed are {ALLOWED}"
            )
        else:
            parts.append(_LETTERS[found[1]])
            seen += found[1]
    parts.append(re.escape(format_[at:]))
    has = set(seen)
    if not (has & set("Yy") and has & set("mb") and "d" in has) or ("I" in has) != ("p" in has) or has >= set("HI"):
        raise ValueError(
            f"time.formats.{number}: {format_!r} must give year, month and day, and %p with %I; allowed are {ALLOWED}"
        )
    return "".join(parts)
