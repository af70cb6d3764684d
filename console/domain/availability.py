"""Whether a programme could come to a call now: its hours, its area, and who is free. Never whether it may.

Eligibility is another verdict (`eligibility`), and the two are never mixed: "eligible; nobody on duty until 09:15".
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.areas import area_of, holds
from console.domain.ids import ProgrammeCode
from console.domain.programmes import Duty, Programme, Responds, duty
from console.domain.state import Call, State

ENOUGH = 5
"""So many engagements that have ended today make a median; before that the published mean has to do."""


class Supply(Struct, frozen=True):
    """What a programme has at an instant: its hours, its people, and when the next of them is expected to be free.

    `staff` are the units in their shift, or the clinicians at work; `next_free` is an estimate, None where somebody is free,
    nobody is engaged, or nothing says how long they are.
    """

    duty: Duty
    staff: int
    free: int
    next_free: datetime | None = None


class Availability(Supply, frozen=True, kw_only=True):
    """How a programme stands to a call: its supply, and whether it serves the place.

    `in_area` is None where the call has no point and the programme is bound to an area.
    """

    in_area: bool | None


def availability(state: State, programme: Programme, call: Call, now: datetime) -> Availability:
    """Whether the programme is on duty, serves the place of the call, and has somebody free."""
    has = supply(state, programme, now)
    area = area_of(state.agency, programme, now)
    point = call.place.point
    in_area = True if not area else None if point is None else holds(area, point)
    return Availability(has.duty, has.staff, has.free, has.next_free, in_area=in_area)


def supply(state: State, programme: Programme, now: datetime) -> Supply:
    """The supply clock of a programme: until when it is on duty or when it opens, how many are free, when the next is."""
    if programme.responds is Responds.BY_PHONE:
        staff = sum(person.programme == programme.code for person in queries.clinicians(state))
        free = sum(person.programme == programme.code for person in queries.ready_clinicians(state))
    else:
        units = list(unit_status.units_of(state, programme.code))
        staff, free = len(units), sum(unit_status.free(unit) for unit in units)
    expected = None if free or not staff else _next_free(state, programme, now)
    return Supply(duty(programme, now, state.agency.time_zone), staff, free, expected)


def _next_free(state: State, programme: Programme, now: datetime) -> datetime | None:
    """When the first who is engaged has been so for the usual time; now, where that is past."""
    usual = usual_time(state, programme)
    if usual is None:
        return None
    expected = [began + usual for began, end in _engagements(state, programme.code) if end is None]
    return max(now, min(expected)) if expected else None


def usual_time(state: State, programme: Programme) -> timedelta | None:
    """How long somebody of the programme is engaged by a call: today's median, else the published mean, else not known."""
    ended = [(end - began).total_seconds() for began, end in _engagements(state, programme.code) if end is not None]
    if len(ended) >= ENOUGH:
        from statistics import median  # with what it loads, half a percent of a desk's start

        return timedelta(seconds=median(ended))
    return timedelta(minutes=programme.published.minutes_total) if programme.published is not None else None


def _engagements(state: State, programme: ProgrammeCode) -> Iterator[tuple[datetime, datetime | None]]:
    """From when to when (None: still) units of the programme were on calls, or its clinicians had callers."""
    for call in state.calls.values():
        for assignment in call.assignments:
            if assignment.programme == programme and not assignment.recalled:
                yield assignment.dispatched_at, assignment.cleared_at
        for hand_off in call.hand_offs:
            if hand_off.programme == programme and (span := queries.care_span(call, hand_off)) is not None:
                yield span
