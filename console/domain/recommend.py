"""Which unit to send, why, and why not the others. An estimate by straight line, and labelled as one."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.agency import Agency
from console.domain.eligibility import Standing, Verdict, response, verdicts
from console.domain.ids import ProgrammeCode, UnitId
from console.domain.positions import doubt
from console.domain.state import Call, Position, State, Unit, UnitStatus
from console.domain.travel import way
from console.domain.triage.interview import protocol_for
from console.domain.turned import open_turns

_READY = {UnitStatus.AVAILABLE: 0, UnitStatus.ASSIST: 1}


class Candidate(Struct, frozen=True):
    """A unit that may go. `minutes` is an estimate (None where a position or the call's point is missing)."""

    unit_id: UnitId
    programme: ProgrammeCode
    minutes: float | None
    kilometres: float | None
    because: tuple[str, ...] = ()


class PassedOver(Struct, frozen=True):
    """A unit that is not proposed, and the reason."""

    unit_id: UnitId
    reason: str


class Recommendation(Struct, frozen=True):
    """Units in the order to send them, and those passed over. Units off shift are in neither list."""

    units: tuple[Candidate, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def recommend(state: State, positions: Mapping[UnitId, Position], call: Call, now: datetime) -> Recommendation:
    """Order the units that may be sent to a call: of the proposed programme, then of eligible ones, then of those open.

    Within each those that stand ready first, then an assist, then break and writing up; of these the nearest first, unknown
    distance last. A conditional programme that nothing admits yet comes last. Once a response to the call has turned, only
    units of which nothing is in doubt are proposed: the same mistake is not made twice.
    """
    verdict_of = verdicts(state.agency, call.circumstances)
    proposed = response(state.agency, call.circumstances, protocol_for(state.agency, call)).propose
    not_known = {
        code: tuple(f"{state.agency.facts[f].name} not known" for f in verdict.open if f in state.agency.facts)
        for code, verdict in verdict_of.items()
    }
    candidates: list[tuple[int, int, float, UnitId, Candidate]] = []
    turned = _has_turned(state.agency, call, verdict_of)
    passed: list[PassedOver] = []
    for unit in state.units.values():
        if not unit_status.on_duty(unit):
            continue
        verdict = verdict_of.get(unit.programme)
        reason = _why_not(state, unit, verdict, turned=turned)
        if reason:
            passed.append(PassedOver(unit.unit_id, reason))
            continue
        position = positions.get(unit.unit_id)
        there = way(state.agency.travel, position, call.place)
        minutes, straight_km = (there.minutes, there.kilometres) if there else (None, None)
        known = verdict is not None and verdict.standing is Standing.ELIGIBLE
        listed = unit.programme in call.open_to
        why = _why(state, unit, not_known.get(unit.programme, ()), position, now)
        candidate = Candidate(unit.unit_id, unit.programme, minutes, straight_km, why)
        fits = 0 if unit.programme == proposed else 1 if known else 2 if listed else 3
        ready = _READY.get(unit.status, len(_READY))
        candidates.append((fits, ready, float("inf") if minutes is None else minutes, unit.unit_id, candidate))
    candidates.sort()
    return Recommendation(tuple(candidate for *_, candidate in candidates), tuple(passed))


def _has_turned(agency: Agency, call: Call, verdict_of: Mapping[ProgrammeCode, Verdict]) -> bool:
    """Whether a response to the call turned out wrong and that still stands, or who turned out wrong is still on it."""
    if open_turns(agency, call):
        return True
    gone_wrong = {code for transition in call.transitions for code in transition.programmes}
    engaged = {assignment.programme for assignment in queries.current_assignments(call)}
    return any((verdict := verdict_of.get(code)) is None or verdict.doubt for code in gone_wrong & engaged)


def _why_not(state: State, unit: Unit, verdict: Verdict | None, *, turned: bool) -> str:
    if not unit_status.dispatchable(unit):
        call = state.calls.get(unit.call) if unit.call else None
        doing = unit_status.STATUS_WORDS[unit.status].lower()
        return f"{doing}, call {call.number}" if call else doing
    if verdict is None or verdict.standing is Standing.NOT:
        return "; ".join(verdict.because) if verdict else "its programme meets nobody in person"
    if verdict.in_vain:
        return f"{queries.fact_names(state.agency, verdict.in_vain)} could not be learned, and it goes unarmed"
    if turned and verdict.doubt:
        return f"{queries.fact_names(state.agency, verdict.open)} not known, and a response turned"
    return ""


def _why(state: State, unit: Unit, not_known: tuple[str, ...], position: Position | None, now: datetime) -> tuple[str, ...]:
    """What a person should know of a proposed unit: conditions, open facts, and how old its position is."""
    words = [" · ".join(unit.crew)]
    if unit.status is UnitStatus.ASSIST:
        words.append(f"on an assist at {unit.where}" if unit.where else "on an assist")
    elif unit.status is not UnitStatus.AVAILABLE:
        words.append(unit_status.STATUS_WORDS[unit.status].lower())
    words += not_known
    if position is None:
        words.append("position not known")
    elif doubted := doubt(state.agency, unit, position, None, now):
        words.append(doubted)
    return tuple(words)
