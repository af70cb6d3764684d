"""What an alternative-response programme is, and when it is on duty: hours with effective dates, all configuration."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from console.domain.conditions import Rule
from console.domain.ids import FactName, ProgrammeCode

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Colour = Literal["teal", "blue", "violet", "sky", "slate"]
"""Names of the desk's palette, by which a programme is drawn; what each looks like is the theme's."""
Shape = Literal["circle", "square", "triangle", "outline", "none"]
"""How a programme's units are drawn on the map; "none" are not on it."""


class Responds(StrEnum):
    """How a programme meets a neighbor."""

    BY_PHONE = "by_phone"
    IN_PERSON = "in_person"
    FOLLOW_UP = "follow_up"


class Hours(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Hours of duty from a date on, until a later record replaces them. Equal opens and closes mean round the clock."""

    effective_from: date
    opens: time
    closes: time
    days: tuple[Day, ...] = DAYS


class Area(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The file of the area a programme serves from a date on, by its name in the configuration's areas folder."""

    effective_from: date
    file: str


class Published(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Figures an agency has published of a programme; minutes and per cent. Shown beside today's, with their source."""

    source: str
    calls: int
    minutes_to_scene: float
    minutes_on_scene: float
    minutes_total: float
    transport_percent: float
    backup_percent: float
    ems_percent: float
    answered_percent: tuple[float, float]
    by_phone_percent: float | None = None


class Criteria(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom a programme may be sent to. `deny` always wins; `needs` must be known; `admit` opens a conditional nature.

    `waive` says when `needs` need not be asked for: somebody at the scene answers for them. What was asked all the same and
    could not be learned stays not known.
    """

    deny: tuple[Rule, ...] = ()
    admit: tuple[Rule, ...] = ()
    needs: tuple[FactName, ...] = ()
    waive: tuple[Rule, ...] = ()


class Programme(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One programme: who comes, when, and how the desk draws it."""

    code: ProgrammeCode
    name: str
    responds: Responds
    unarmed: bool
    crew: tuple[str, ...]
    colour: Colour
    shape: Shape
    hours: tuple[Hours, ...]
    areas: tuple[Area, ...] = ()
    criteria: Criteria = Criteria()
    check_minutes: int | None = None
    published: Published | None = None


class Duty(Struct, frozen=True, omit_defaults=True):
    """Whether a programme is on duty at an instant; `until` its end, or `opens` the next start (None: none in a week)."""

    on: bool
    until: datetime | None = None
    opens: datetime | None = None


def duty(programme: Programme, at: datetime, zone: str) -> Duty:
    """Say whether the programme is on duty at `at`, by its hours as they stood on that local day.

    Spans that touch (round the clock, or past midnight) are one span. Local times that a clock change skips or repeats
    follow PEP 495 (the earlier of two).
    """
    until: datetime | None = None
    opens: datetime | None = None
    for start, end in sorted(_spans(programme, at, ZoneInfo(zone))):
        if start <= at < end or (until is not None and start <= until):
            until = max(until or end, end)
        elif start > at and opens is None:
            opens = start
    if until is None:
        return Duty(False, opens=opens)
    return Duty(True, until=until if until - at < timedelta(days=7) else None)


def duty_spans(programme: Programme, since: datetime, until: datetime, zone: str) -> tuple[tuple[datetime, datetime], ...]:
    """The times of duty from `since` to `until`, at most eight days later, in order; spans that touch are one."""
    found: list[tuple[datetime, datetime]] = []
    days = min(9, (until - since).days + 2)
    for start, end in sorted(_spans(programme, since, ZoneInfo(zone), days)):
        start, end = max(start, since), min(end, until)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return tuple(found)


def _spans(programme: Programme, at: datetime, zone: ZoneInfo, days: int = 9) -> Iterator[tuple[datetime, datetime]]:
    """Yield the duty spans that begin from the day before `at` and in so many days from its own on, in UTC."""
    today = at.astimezone(zone).date()
    for day in (today + timedelta(days=n) for n in range(-1, days)):
        in_force = max((h.effective_from for h in programme.hours if h.effective_from <= day), default=None)
        for hours in programme.hours:
            if hours.effective_from == in_force and DAYS[day.weekday()] in hours.days:
                last = day if hours.closes > hours.opens else day + timedelta(days=1)
                start = datetime.combine(day, hours.opens, zone)
                yield start.astimezone(UTC), datetime.combine(last, hours.closes, zone).astimezone(UTC)
