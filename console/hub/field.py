"""What a unit's tablet is told: its own unit, the call it is on, and what it was last done with. Nothing of other calls."""

from datetime import datetime

from msgspec.structs import replace

from console.domain import queries
from console.domain.acquaintance import cautions_holding, neighbor_of
from console.domain.agency import Agency, OtherService
from console.domain.assignment import Assignment
from console.domain.conditions import NOT_KNOWN
from console.domain.state import Call, State, Unit, UnitStatus
from console.domain.status_check import status_check
from console.domain.turned import open_turns
from console.domain.unit_status import DONE, STATUS_WORDS, may_follow, of_a_call
from console.wire import field as w

NARRATIVE_AT_MOST = 200
"""Entries of a narrative that travel: the latest. A tablet's link may be slow, and nobody scrolls further on a doorstep."""


def told(state: State, unit: Unit, last: Call | None, now: datetime) -> w.FieldUnit:
    """All that concerns a unit at `now`; `last` is the call it was last done with (`last_done`), which it may report of."""
    agency = state.agency
    programme = agency.programme(unit.programme)
    call = state.calls.get(unit.call) if unit.call else None
    return w.FieldUnit(
        unit_id=unit.unit_id,
        programme=agency.name_of(unit.programme),
        unarmed=programme is None or programme.unarmed,
        crew=unit.crew,
        languages=unit.languages,
        status=unit.status,
        since=unit.since,
        where=unit.where,
        next=_next(unit),
        call=_call(state, unit, call, now) if call is not None else None,
        check=_check(state, unit),
        backup=_backup(state, unit),
        report=_report(agency, unit, last) if last is not None else None,
        follows={status: _next(_as_if(unit, status)) for status in UnitStatus},
        words=STATUS_WORDS,
        services=backup_services(agency),
        places=tuple(dict.fromkeys(place.name for place in agency.places)),
        center=agency.name,
        time_zone=agency.time_zone,
    )


def backup_services(agency: Agency) -> tuple[OtherService, ...]:
    """Whom backup can be asked of, the armed ones first: the first is asked where a crew names none."""
    return tuple(sorted(agency.other_services, key=lambda service: not service.armed))


def part_to_report(call: Call, unit: Unit) -> Assignment | None:
    """The unit's last part in a call, where it is done with it, had met somebody and has not said how it was."""
    part = next((a for a in reversed(call.assignments) if a.unit_id == unit.unit_id), None)
    if part is None or part.cleared_at is None or part.arrived_at is None or part.report is not None:
        return None
    return part


def last_done(state: State, unit: Unit) -> Call | None:
    """The call that the unit was last done with after it had met somebody there; None where none is on the board."""
    done = [
        (part.cleared_at, call)
        for call in state.calls.values()
        for part in call.assignments
        if part.unit_id == unit.unit_id and part.cleared_at is not None and part.arrived_at is not None
    ]
    return max(done, key=lambda one: one[0])[1] if done else None


def _as_if(unit: Unit, status: UnitStatus) -> Unit:
    """The unit with another status: one of a call only while it is on one."""
    return replace(unit, status=status, call=unit.call if of_a_call(status) else None)


def _next(unit: Unit) -> tuple[UnitStatus, ...]:
    allowed = may_follow(unit) - (DONE if unit.backup is not None else frozenset())
    return tuple(status for status in UnitStatus if status in allowed)


def _call(state: State, unit: Unit, call: Call, now: datetime) -> w.FieldCall:
    agency, place = state.agency, call.place
    clinician = queries.on_the_line(call)
    return w.FieldCall(
        call_id=call.call_id,
        number=call.number,
        nature=queries.nature_words(agency, call),
        priority=call.priority,
        address=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        uncertainty_m=place.uncertainty_m,
        zones=({"beat": place.beat} if place.beat else {}) | place.zones,
        callback=call.callback,
        language=call.language,
        received_at=call.received_at,
        turned=tuple(dict.fromkeys(why for turn in open_turns(agency, call) for why in turn.because)),
        flags=call.flags,
        facts=_facts(agency, call),
        neighbor=_neighbor(state, call, now),
        narrative=tuple(
            w.FieldEntry(entry.text, queries.person_name(state, entry.by), entry.at, entry.summary)
            for entry in call.narrative[-NARRATIVE_AT_MOST:]
        ),
        others=tuple(
            w.FieldOther(other.unit_id, agency.name_of(other.programme), other.status, other.since)
            for other in queries.assigned_units(state, call)
            if other.unit_id != unit.unit_id
        ),
        services=tuple(dict.fromkeys(agency.name_of(order.service) for order in call.services)),
        on_the_line=queries.person_name(state, clinician) if clinician is not None else "",
    )


def _facts(agency: Agency, call: Call) -> tuple[w.FieldFact, ...]:
    """The risk facts that every summary names, then what else is known; what was not learned is said to be so."""
    facts = call.facts
    found = []
    for name in dict.fromkeys((*agency.facts_shown, *facts)):
        fact, value = agency.facts.get(name), facts.get(name)
        if fact is None:
            continue
        known = value is not None and value != NOT_KNOWN
        words = "not asked" if value is None else "not known" if value == NOT_KNOWN else fact.values.get(value, value)
        found.append(w.FieldFact(fact.name, words, known))
    return tuple(found)


def _neighbor(state: State, call: Call, now: datetime) -> w.FieldNeighbor | None:
    known = neighbor_of(state, call)
    if known is None:
        return None
    cautions = tuple(w.FieldCaution(one.text, one.expires_at) for one in cautions_holding(state, known, now))
    return w.FieldNeighbor(known.name, known.language, known.approach, cautions)


def _check(state: State, unit: Unit) -> w.FieldCheck | None:
    asked = status_check(state, unit)
    return w.FieldCheck(asked.due_at, asked.overdue_at, asked.escalated_at, asked.misses) if asked is not None else None


def _backup(state: State, unit: Unit) -> w.FieldBackup | None:
    backup = unit.backup
    if backup is None:
        return None
    return w.FieldBackup(
        state.agency.name_of(backup.service),
        backup.requested_at,
        backup.acknowledged_at,
        queries.person_name(state, backup.acknowledged_by) if backup.acknowledged_by is not None else "",
        backup.sent_at,
        backup.arrived.at if backup.arrived is not None else None,
    )


def _report(agency: Agency, unit: Unit, call: Call) -> w.FieldReportAsked | None:
    part = part_to_report(call, unit)
    if part is None or part.cleared_at is None:
        return None
    programme = agency.programme(part.programme)
    armed = programme is not None and not programme.unarmed
    return w.FieldReportAsked(call.call_id, call.number, queries.nature_words(agency, call), part.cleared_at, armed)
