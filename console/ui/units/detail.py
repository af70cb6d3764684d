"""What the desk says of one unit in full: status, its check and who wants it, its part in a call and how long that took."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.assignment import Assignment, AssignmentStage, intervals
from console.domain.ids import CallId
from console.domain.state import Call, State, Unit
from console.domain.status_check import check_minutes, status_check
from console.domain.times import about, span, time_of_day
from console.ui.call.units_part import STAGE_WORDS, was_at
from console.ui.option import Option, key_of

_INTERVALS: Final = ("turnout", "travel", "scene", "transport", "total")


class Part(NamedTuple):
    """A unit's part in a call: the call, the place among the call's assignments, and the assignment."""

    call: Call
    place: int
    assignment: Assignment


class Detail(Struct, frozen=True):
    """The lines above the stages, from the top; "" for one that there is nothing to say in."""

    status: str
    check: str
    intervals: str


def last_part(state: State, unit: Unit) -> Part | None:
    """The unit's part in the call that it is on, else in the last that is still on the board; None where there is none."""
    on: CallId | None = unit.call
    parts = (
        Part(call, place, assignment)
        for call in state.calls.values()
        if on is None or call.call_id == on
        for place, assignment in enumerate(call.assignments)
        if assignment.unit_id == unit.unit_id
    )
    return max(parts, key=lambda part: part.assignment.dispatched_at, default=None)


def title(state: State, unit: Unit) -> str:
    """Who it is: name, programme, crew."""
    return " · ".join((unit.unit_id, state.agency.name_of(unit.programme), *unit.crew))


def detail(state: State, unit: Unit, now: datetime) -> Detail:
    """Everything above the stages."""
    part = last_part(state, unit)
    since = f"{unit_status.STATUS_WORDS[unit.status]} since {time_of_day(state.agency, unit.since, now, seconds=True)}"
    where = f", {unit.where}" if unit.where else ""
    call = f" · {part.call.number} {queries.nature_words(state.agency, part.call)}" if part else ""
    ended = ", ended" if part is not None and unit.call is None else ""
    return Detail(f"{since}{where}{call}{ended}", check_words(state, unit, now), interval_words(part, now))


def check_words(state: State, unit: Unit, now: datetime) -> str:
    """How often the unit is asked whether it is safe, by whose word, and how that stands; "" where it is not asked."""
    call = state.calls.get(unit.call) if unit.call else None
    minutes = check_minutes(state.agency, unit, call.nature if call else "")
    if call is None or minutes is None:
        return ""
    nature, programme = state.agency.nature(call.nature), state.agency.programme(unit.programme)
    whose = (
        f"by the nature {nature.name}"
        if nature.check_minutes
        else f"by its programme, {programme.code}"
        if programme and programme.check_minutes
        else "as everywhere in the agency"
    )
    every = f"Status check every {minutes} min, {whose}"
    asked = status_check(state, unit)
    if asked is None:
        return f"{every}: begins once the unit has acknowledged"
    left = (asked.due_at - now).total_seconds()
    stands = {
        "fine": f"next in {span(left)}",
        "due": f"◆ due since {span(-left)}",
        "overdue": f"▲ overdue, {span(-left)} past",
        "escalated": f"▲ escalated to the supervisor, {span(-left)} past",
    }[asked.level(now)]
    return f"{every}: {stands}{f' · missed {asked.misses}' if asked.misses else ''}"


def interval_words(part: Part | None, now: datetime) -> str:
    """ "turnout 1:10 · travel 4:02 · total 5:12": those that have begun; what still runs counts up to now."""
    if part is None:
        return ""
    took = intervals(part.assignment, now)
    seconds = ((name, getattr(took, f"{name}_s")) for name in _INTERVALS)
    return " · ".join(f"{name} {span(lasted)}" for name, lasted in seconds if lasted is not None)


def stages(state: State, part: Part, now: datetime) -> tuple[Option, ...]:
    """The stages whose time is known, or could be said because the unit is past them; each can be put right."""
    reached = [stage for stage in AssignmentStage if part.assignment.reached(stage) is not None]
    order = tuple(AssignmentStage)
    past = order[: max(order.index(stage) for stage in reached) + 1]
    return tuple(
        Option(stage.value, f"{_capital(STAGE_WORDS[stage])} {_time(state, part, stage, now)}", key_of(n), needs_note=True)
        for n, stage in enumerate(past)
    )


def _time(state: State, part: Part, stage: AssignmentStage, now: datetime) -> str:
    at = part.assignment.reached(stage)
    said = time_of_day(state.agency, at, now, seconds=True) if at is not None else "not said"
    before = was_at(state, part.assignment, stage, now)
    return f"{said}, {before}" if before else said


def since_title(state: State, unit: Unit, now: datetime) -> str:
    """ "T1 is en route since 14:02, 6 min": how a question about its status begins."""
    words = unit_status.STATUS_WORDS[unit.status].lower()
    lasting = about((now - unit.since).total_seconds())
    return f"{unit.unit_id} is {words} since {time_of_day(state.agency, unit.since, now)}, {lasting}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
