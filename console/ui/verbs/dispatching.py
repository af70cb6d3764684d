"""What the verb that sends a unit makes: the dispatch, why this unit and not the first, or a unit taken off another call."""

from __future__ import annotations

import re

from console.domain import queries, unit_status
from console.domain.commands import AnyCommand, DispatchUnit, PreemptUnit
from console.domain.ids import UnitId
from console.domain.moving import preemptions
from console.domain.recommend import Recommendation, recommend
from console.domain.state import Call, Unit
from console.ui.call.proposals import nobody_open
from console.ui.call.recommended import minutes_words, taking_consequence, taking_words
from console.ui.option import key_of
from console.ui.verbs.reading import Fields, Grounds, Refused, Stop, Wanting, called


def dispatch(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Send a unit to a call.

    A reason after because, or the number of one of the agency's, sends it off its list, in the place of the one proposed
    first, or off the less urgent call it is on its way to where nobody free is open to it.
    """
    assert f.unit and f.call
    unit, call = f.unit, f.call
    reason = _reason(grounds, f.rest)
    found = recommend(grounds.state, grounds.positions, call, grounds.now, grounds.roads(call).ways, grounds.standings)
    moves = unit_status.heading(grounds.state, unit) is not None and unit.call != call.call_id and nobody_open(found)
    if moves and (taking := _taking(grounds, unit, call, reason)) is not None:
        return taking
    one = next((candidate for candidate in found.units if candidate.unit_id == unit.unit_id), None)
    away = f" · {minutes_words(one.minutes, one.by_road, long=True)}" if one is not None and one.minutes is not None else ""
    words = f"dispatch {unit.unit_id} to {called(grounds, call)}{away}"
    passed = _passed(found, unit, call)
    if passed and not reason and one is not None:
        raise Stop(Wanting(f"{passed} is proposed; why {unit.unit_id}? {_reasons(grounds)}"))
    because = reason if passed else ""
    instead = f" instead of {passed}: {reason}" if because else ""
    override = reason if one is None else ""
    return DispatchUnit(unit.unit_id, call.call_id, override, passed if because else UnitId(""), because), words + instead


def _taking(grounds: Grounds, unit: Unit, call: Call, reason: str) -> tuple[AnyCommand, str] | None:
    """Taking the unit off the less urgent call that it is on its way to; None where that call is none."""
    state, now = grounds.state, grounds.now
    could = preemptions(state, grounds.positions, call, now, grounds.roads(call).ways)
    one = next((taken for taken in could if taken.unit_id == unit.unit_id), None)
    if one is None:
        return None
    words = f"take {taking_words(state, one, long=True)}, for {called(grounds, call)}; {taking_consequence(state, one, now)}"
    if not reason:
        raise Stop(Wanting(f"{words}: why? {_reasons(grounds)}"))
    return PreemptUnit(unit.unit_id, call.call_id, reason), f"{words}: {reason}"


def _passed(found: Recommendation, unit: Unit, call: Call) -> UnitId:
    """The unit that is proposed first for a call that has none yet, where that is another; else ""."""
    if not found.units or queries.current_assignments(call) or found.units[0].unit_id == unit.unit_id:
        return UnitId("")
    return found.units[0].unit_id


def _reason(grounds: Grounds, rest: str) -> str:
    """The reason that the rest of the line gives: in words after because, or by the number of one of the agency's."""
    reasons = grounds.state.agency.override_reasons
    by_key = {key_of(place): reason for place, reason in enumerate(reasons)}
    if rest.strip() in by_key:
        return by_key[rest.strip()]
    reason = re.sub(r"(?i)^because(\s+|$)", "", rest)
    if rest and reason == rest:
        raise Stop(Refused(f'"{rest}": a reason begins with because'))
    return reason.strip()


def _reasons(grounds: Grounds) -> str:
    listed = (f"{key_of(place)} {reason}" for place, reason in enumerate(grounds.state.agency.override_reasons))
    return ", ".join((*listed, "or because ..."))
