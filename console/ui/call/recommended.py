"""What is said of a unit that may go to a call, of one that could be taken for it, and of two to be exchanged. Pure.

Minutes are estimates and stand with how they were made: on the roads, or by a straight line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from console.domain import queries
from console.domain.ids import UnitId
from console.domain.moving import Estimate, Exchange, Preemption
from console.domain.recommend import Candidate, Fit
from console.domain.state import Call, Position, State
from console.domain.times import about, time_of_day
from console.domain.travel import whole_minutes
from console.ui.queue.rows import language, priority_words

FIT_WORDS: Final[dict[Fit, str]] = {
    "proposed": "proposed programme",
    "eligible": "eligible",
    "listed": "open, not all is known",
    "unlisted": "no reason for it yet",
}
_NOT_KNOWN: Final = " not known"
"""How the recommendation says that a fact is open."""


def minutes_words(minutes: float, by_road: bool, *, long: bool = False) -> str:
    """ "6 min by road", "about 6 min, straight line"; short without how it was made, never without that it is rough."""
    whole = f"{whole_minutes(minutes)} min"
    if by_road:
        return f"{whole} by road" if long else whole
    return f"about {whole}, straight line" if long else f"about {whole}"


def unit_words(candidate: Candidate, *, long: bool = False) -> str:
    """ "CRT2 · 6 min by road": how far a unit is, and how that is known; that it is not known where it is not."""
    if candidate.minutes is None:
        return f"{candidate.unit_id} · distance not known" if long else f"{candidate.unit_id}"
    return f"{candidate.unit_id} · {minutes_words(candidate.minutes, candidate.by_road, long=long)}"


def unit_detail(state: State, positions: Mapping[UnitId, Position], candidate: Candidate, call: Call, now: datetime) -> str:
    """Lines: who is aboard and what they speak; how long still, and how old their position is; how they fit, what counts."""
    unit = state.units[candidate.unit_id]
    crew, *more = candidate.because
    doing = [words for words in more if not words.endswith(_NOT_KNOWN)]
    unknown = ", ".join(words.removesuffix(_NOT_KNOWN).lower() for words in more if words.endswith(_NOT_KNOWN))
    left = ""
    if candidate.shift_ends is not None:
        until = time_of_day(state.agency, candidate.shift_ends, now)
        left = f"until {until}, {about((candidate.shift_ends - now).total_seconds())} left"
    aboard = (crew, ", ".join(language(code) for code in unit.languages))
    position = positions.get(candidate.unit_id)
    doubted = any(words.startswith(("GPS", "position")) for words in candidate.against)
    age = f"GPS {about((now - position.fix_at).total_seconds())} old" if position is not None and not doubted else ""
    spoken = queries.other_language(state.agency, call)
    against = (words.replace(f"speak {spoken}", f"speak {language(spoken)}") for words in candidate.against)
    fits = (FIT_WORDS[candidate.fit], *doing, *against)
    open_yet = (f"not known: {unknown}",) if unknown else ()  # on its own line: it must not be what is cut off
    lines = (" · ".join(filter(None, line)) for line in (aboard, (left, age), fits, open_yet))
    return "\n".join(filter(None, lines))


def _estimate(found: Estimate | None, *, long: bool = False) -> str:
    return "distance not known" if found is None else minutes_words(found.minutes, found.by_road, long=long)


def taking_words(state: State, one: Preemption, *, long: bool = False) -> str:
    """ "CRT3 from 0142 · 4 min": a unit that could be taken off the call it is on its way to."""
    return f"{one.unit_id} from {state.calls[one.leaves].number} · {_estimate(one.estimate, long=long)}"


def taking_detail(state: State, one: Preemption, now: datetime) -> str:
    """Two lines: how its minutes were made, and what becomes of the call it leaves."""
    made = "by road" if one.estimate is not None and one.estimate.by_road else "by straight line"
    return "\n".join(filter(None, (made if one.estimate is not None else "", taking_consequence(state, one, now))))


def taking_consequence(state: State, one: Preemption, now: datetime) -> str:
    """ "0142 Welfare Check, P3, would wait again, then 12 min past target": what becomes of the call that it leaves."""
    left = state.calls[one.leaves]
    named = f"{left.number} {queries.nature_words(state.agency, left)}, {priority_words(left.priority) or 'no priority'}"
    if one.stays:
        return f"{named}, would still have {', '.join(one.stays)}"
    return f"{named}, would wait again{_past_words(state, left, now)}"


def _past_words(state: State, call: Call, now: datetime) -> str:
    wait = queries.wait(state.agency, call, now)
    if wait.past_s is None:
        return ""
    over = wait.waited_s - wait.past_s
    return f", then {about(over)} past target" if over >= 0 else f", then {about(-over)} left to its target"


def taking_reason(state: State, call: Call, one: Preemption) -> str:
    """What stands in the log as the reason: nobody is free, and which priority goes before which."""
    before, after = (priority_words(each.priority) or "no priority" for each in (call, state.calls[one.leaves]))
    return f"nobody free, {before} before {after}"


def exchange_words(one: Exchange) -> str:
    """ "Exchange: CRT2 for CRT1": who would come in whose place."""
    return f"Exchange: {one.comes} for {one.goes}"


def exchange_detail(state: State, one: Exchange) -> str:
    """Lines: who would be here when in place of when; what becomes of the other, with both too; how they were made."""
    here = f"here: {_estimate(one.there)}{_in_place_of(one.before)}"
    other, goes = f"{one.goes} is free again", ""
    if one.other is not None:
        number = state.calls[one.other].number
        other, goes = f"{one.goes} to {number}: {_estimate(one.other_there)}{_in_place_of(one.other_before)}", " there"
    roads = one.there.by_road
    made = f"by road here, by straight line{goes}" if roads and goes else "by road" if roads else "by straight line"
    return "\n".join((here, other, made))


def _in_place_of(found: Estimate | None) -> str:
    return f" in place of {whole_minutes(found.minutes)}" if found is not None else ""
