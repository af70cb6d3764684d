"""Whether a programme could come to a call now: its hours, its area, and who is free. Never whether it may.

Eligibility is another verdict (`eligibility`), and the two are never mixed: "eligible; nobody on duty until 09:15".
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.areas import area_of, holds
from console.domain.ids import ProgrammeCode
from console.domain.programmes import Duty, Programme, Responds, duty
from console.domain.state import Call, State

ENOUGH = 5
"""So many engagements that have ended today make a median; before that the published mean has to do."""


class Availability(Struct, frozen=True):
    """How a programme stands to a call at an instant.

    `in_area` is None where the call has no point and the programme is bound to an area. `staff` are the units in their
    shift, or the clinicians at work; `next_free` is an estimate, None where nobody is engaged or nothing says how long
    they are.
    """

    duty: Duty
    in_area: bool | None
    staff: int
    free: int
    next_free: datetime | None = None


def availability(state: State, programme: Programme, call: Call, now: datetime) -> Availability:
    """Whether the programme is on duty, serves the place of the call, and has somebody free."""
    agency = state.agency
    area = area_of(agency, programme, now)
    point = call.place.point
    if programme.responds is Responds.BY_PHONE:
        staff = sum(person.programme == programme.code for person in queries.clinicians(state))
        free = sum(person.programme == programme.code for person in queries.ready_clinicians(state))
    else:
        units = list(unit_status.units_of(state, programme.code))
        staff, free = len(units), sum(unit_status.free(unit) for unit in units)
    return Availability(
        duty(programme, now, agency.time_zone),
        True if not area else None if point is None else holds(area, point),
        staff,
        free,
        None if free or not staff else _next_free(state, programme, now),
    )


def _next_free(state: State, programme: Programme, now: datetime) -> datetime | None:
    """When the first who is engaged has been so for the usual time; now, where that is past."""
    engagements = list(_engagements(state, programme.code))
    ended = [(end - began).total_seconds() for began, end in engagements if end is not None]
    published = programme.published
    if len(ended) >= ENOUGH:
        usual = timedelta(seconds=median(ended))
    elif published is not None:
        usual = timedelta(minutes=published.minutes_total)
    else:
        return None
    expected = [began + usual for began, end in engagements if end is None]
    return max(now, min(expected)) if expected else None


def _engagements(state: State, programme: ProgrammeCode) -> Iterator[tuple[datetime, datetime | None]]:
    """From when to when (None: still) units of the programme were on calls, or its clinicians had callers."""
    for call in state.calls.values():
        for assignment in call.assignments:
            if assignment.programme == programme and not assignment.recalled:
                yield assignment.dispatched_at, assignment.cleared_at
        for hand_off in call.hand_offs:
            if hand_off.programme == programme and (span := queries.care_span(call, hand_off)) is not None:
                yield span
