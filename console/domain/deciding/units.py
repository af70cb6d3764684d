"""Units: dispatch, recall, pre-emption, exchange, status and its correction."""

from datetime import timedelta

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries, unit_status
from console.domain.assignment import AssignmentStage
from console.domain.commands import Rejected
from console.domain.deciding.care import answered_by_sending
from console.domain.deciding.crews import backup_open
from console.domain.deciding.refusals import Decision, known_unit, open_call, text
from console.domain.eligibility import Standing, Verdict, verdicts
from console.domain.instant import Instant
from console.domain.state import Call, State, Unit, UnitStatus
from console.domain.times import time_of_day


def dispatch(state: State, command: c.DispatchUnit) -> Decision:
    """Send a unit to a call. What excludes its programme always wins.

    A nature off its list wants a reason, and so does a unit that goes unarmed where what it needs was asked for in vain.
    """
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if unit.call == command.call_id:
        return ()
    return (
        _not_free(state, unit)
        or _excluded(state, unit, call, command.override)
        or text(command.override, "The reason", needed=False)
        or text(command.because, f"Why {unit.unit_id} goes and not {command.passed}", needed=bool(command.passed))
        or (
            e.UnitDispatched(command.unit_id, command.call_id, command.override, command.passed, command.because),
            *answered_by_sending(call, unit.programme),
        )
    )


def preempt(state: State, command: c.PreemptUnit) -> Decision:
    """Take a unit off the call it is on its way to, and send it to another one; both or neither."""
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if unit.call == call.call_id:
        return ()
    return (
        text(command.reason, "The reason")
        or text(command.override, "The reason for it all the same", needed=False)
        or _not_to_be_moved(state, unit)
        or _excluded(state, unit, call, command.override)
        or (
            e.UnitRecalled(unit.unit_id, unit.call or call.call_id, f"to call {call.number}: {command.reason.strip()}"),
            e.UnitDispatched(unit.unit_id, call.call_id, command.override),
            *answered_by_sending(call, unit.programme),
        )
    )


def exchange(state: State, command: c.ExchangeUnits) -> Decision:
    """Let two units change places: each goes where the other was going, and one of them may be free."""
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    other = known_unit(state, command.other_id)
    if isinstance(other, Rejected):
        return other
    if unit.call == other.call:
        same = "are on the same call" if unit.call else "are both on no call"
        return Rejected("nothing-to-exchange", f"{unit.unit_id} and {other.unit_id} {same}.", {"unit": unit.unit_id})
    refused = text(command.reason, "The reason")
    refused = refused or text(command.override, "The reason for it all the same", needed=False)
    taken: list[e.AnyEvent] = []
    sent: list[e.AnyEvent] = []
    for one, its in ((unit, other), (other, unit)):
        call = state.calls.get(its.call) if its.call else None
        going = _not_to_be_moved(state, one) if one.call else _not_free(state, one)
        refused = refused or going or (_excluded(state, one, call, command.override) if call else None)
        if one.call:
            taken.append(e.UnitRecalled(one.unit_id, one.call, f"{its.unit_id} in its place: {command.reason.strip()}"))
        if call is not None:
            sent += [
                e.UnitDispatched(one.unit_id, call.call_id, command.override),
                *answered_by_sending(call, one.programme),
            ]
    return refused or (*taken, *sent)


def _not_free(state: State, unit: Unit) -> Rejected | None:
    if unit_status.dispatchable(unit):
        return None
    if unit.call is None and unit.backup is not None:
        return backup_open(unit)
    doing = unit_status.STATUS_WORDS[unit.status].lower()
    busy = f" on call {state.calls[unit.call].number}" if unit.call in state.calls else ""
    return Rejected("unit-busy", f"{unit.unit_id} is {doing}{busy}.", {"unit": unit.unit_id})


def _not_to_be_moved(state: State, unit: Unit) -> Rejected | None:
    """Why a unit cannot be taken off what it does for another call; None where it is on its way to one."""
    if unit.call is None:
        doing = unit_status.STATUS_WORDS[unit.status].lower()
        return Rejected("unit-not-assigned", f"{unit.unit_id} is {doing}, on no call; dispatch it.", {"unit": unit.unit_id})
    if unit.status in unit_status.ARRIVED:
        number = state.calls[unit.call].number if unit.call in state.calls else unit.call
        words = f"{unit.unit_id} is already {unit_status.STATUS_WORDS[unit.status].lower()} on call {number}, and stays."
        return Rejected("unit-arrived", words, {"unit": unit.unit_id})
    return backup_open(unit) if unit.backup is not None else None


def _excluded(state: State, unit: Unit, call: Call, override: str) -> Rejected | None:
    verdict = verdicts(state.agency, call.circumstances).get(unit.programme)
    about: dict[str, str] = {"unit": unit.unit_id, "call": call.call_id}
    if verdict is None or verdict.standing is not Standing.NOT:
        return None if verdict is None or override.strip() else _in_vain(state, unit, verdict, about)
    nature = state.agency.nature(call.nature)
    why = "; ".join(verdict.because)
    if unit.programme in nature.listed:
        return Rejected("programme-denied", f"{unit.unit_id} may not go to call {call.number}: {why}.", about)
    if not override.strip():
        return Rejected("override-needed", f"{why}. Say why {unit.unit_id} is to go all the same.", about)
    # The nature is off the list, but what is known of the caller may still exclude the programme.
    listed = verdicts(state.agency, call.circumstances, as_if_listed=unit.programme)[unit.programme]
    if listed.standing is Standing.NOT:
        why = "; ".join(listed.because)
        return Rejected("programme-denied", f"{unit.unit_id} may not go to call {call.number}: {why}.", about)
    return None


def _in_vain(state: State, unit: Unit, verdict: Verdict, about: dict[str, str]) -> Rejected | None:
    if not verdict.in_vain:
        return None
    what = queries.fact_names(state.agency, verdict.in_vain)
    words = f"{what} could not be learned, and {unit.unit_id} goes unarmed. Say why it is to go all the same."
    return Rejected("override-needed", words, about)


def recall(state: State, command: c.RecallUnit) -> Decision:
    """Call a unit back before it has arrived; the call returns to the queue if nobody else is on it."""
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    if unit.call is None:
        return Rejected("unit-not-assigned", f"{unit.unit_id} is on no call.", {"unit": unit.unit_id})
    if unit.status in unit_status.ARRIVED:
        words = f"{unit.unit_id} is already {unit_status.STATUS_WORDS[unit.status].lower()}. It clears, it is not recalled."
        return Rejected("unit-arrived", words, {"unit": unit.unit_id})
    if unit.backup is not None:
        return backup_open(unit)
    return text(command.reason, "The reason") or (e.UnitRecalled(unit.unit_id, unit.call, command.reason),)


def set_status(state: State, command: c.SetUnitStatus, at: Instant) -> Decision:
    """Give a unit a status that may follow the one it has, since a moment that does not lie before that one."""
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    if unit.status is command.status and command.where in ("", unit.where):
        return ()
    allowed = unit_status.may_follow(unit)
    words = unit_status.STATUS_WORDS[command.status]
    if command.status not in allowed:
        about = {"unit": unit.unit_id, "status": command.status.value}
        if command.status is UnitStatus.ASSIGNED:
            return Rejected("status-by-dispatch", f"{unit.unit_id} becomes {words.lower()} by dispatching it.", about)
        options = "; ".join(unit_status.STATUS_WORDS[s].lower() for s in UnitStatus if s in allowed)
        now = unit_status.STATUS_WORDS[unit.status].lower()
        why = f'{unit.unit_id} is {now}; "{words.lower()}" cannot follow. It can become: {options}.'
        return Rejected("status-illegal", why, about)
    if unit.call is not None and at < unit.since - _CLOCKS_DIFFER:
        now = unit_status.STATUS_WORDS[unit.status].lower()
        since = f"{unit.unit_id} is {now} since {_clock(state, unit.since)}"
        why = f"{since}; {words.lower()} cannot have begun before. Correct that first."
        return Rejected("status-before", why, {"unit": unit.unit_id, "status": command.status.value})
    if unit.backup is not None and command.status in unit_status.DONE:
        return backup_open(unit)
    if command.status is UnitStatus.ASSIST and not command.where.strip():
        return Rejected("place-needed", f"Say where {unit.unit_id} assists.", {"unit": unit.unit_id})
    refusal = text(command.where, "The place", needed=False)
    if refusal:
        return refusal
    return (e.UnitStatusChanged(unit.unit_id, command.status, command.where),)


def correct_status(state: State, command: c.CorrectUnitStatus, at: Instant) -> Decision:
    """Put right a status that was set by mistake: what the unit really is, on the call that it really is on.

    A unit that cleared, or was recalled, by mistake is on that call again if the call is open and it was on no other since.
    """
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    if unit.backup is not None:
        return backup_open(unit)
    on_call = unit_status.of_a_call(command.status)
    call = _last_call(state, unit) if on_call else None
    words, about = unit_status.STATUS_WORDS[command.status].lower(), {"unit": unit.unit_id, "status": command.status.value}
    if on_call and call is None:
        return Rejected("no-call", f"{unit.unit_id} was on no open call last; it becomes {words} by dispatching it.", about)
    if not on_call and unit.call is not None:
        why = f"{unit.unit_id} is on a call. It leaves it by clearing or by being recalled."
        return Rejected("status-illegal", why, about)
    if unit.status is command.status and at == unit.since:
        return ()
    since = _part_since(call, unit, command.status) if call is not None else None
    if since is not None and at < since[1] - _CLOCKS_DIFFER:
        stage, when = since[0].value.replace("_", " "), _clock(state, since[1])
        why = f"{unit.unit_id} was {stage} at {when}; it cannot be {words} since before that. Correct that time first."
        return Rejected("status-before", why, about)
    return (
        text(command.reason, "The reason")
        or text(command.where, "The place", needed=False)
        or (
            e.UnitStatusCorrected(
                unit.unit_id, command.status, unit.status, call.call_id if call else None, command.reason, command.where
            ),
        )
    )


def correct_time(state: State, command: c.CorrectStageTime, at: Instant) -> Decision:
    """Put right when a unit came to a stage of its part in a call; the stages stay in their order, and none lies ahead."""
    call = state.calls.get(command.call_id)
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    about: dict[str, str] = {"call": call.call_id, "unit": command.unit_id, "stage": command.stage.value}
    if not 0 <= command.part < len(call.assignments) or call.assignments[command.part].unit_id != command.unit_id:
        return Rejected("unit-not-assigned", f"{command.unit_id} has no such part in call {call.number}.", about)
    part, stage = call.assignments[command.part], command.stage
    if part.reached(stage) == command.reached_at:
        return ()
    stages = tuple(AssignmentStage)
    place = stages.index(stage)
    before = [t for s in stages[:place] if (t := part.reached(s)) is not None]
    after = [t for s in stages[place + 1 :] if (t := part.reached(s)) is not None]
    if stage is not AssignmentStage.DISPATCHED and part.reached(stage) is None and not after:
        words = f"{command.unit_id} has not come so far on call {call.number}; give it that status, with the time it began."
        return Rejected("stage-not-reached", words, about)
    floor, ceiling = max([call.received_at, *before]), min([at, *after])
    if not floor <= command.reached_at <= ceiling:
        span = f"between {_clock(state, floor)} and {_clock(state, ceiling)}"
        return Rejected("time-out-of-order", f"What comes before and after it puts this {span}.", about)
    corrected = e.StageTimeCorrected(
        call.call_id, command.unit_id, command.part, stage, part.reached(stage), command.reached_at, command.reason
    )
    return text(command.reason, "The reason") or (corrected,)


_CLOCKS_DIFFER = timedelta(seconds=5)
"""So far the clocks of two desks, and the hub's, may lie apart: by less, nothing is before anything."""


def _clock(state: State, at: Instant) -> str:
    return time_of_day(state.agency, at, seconds=True)


def _last_call(state: State, unit: Unit) -> Call | None:
    """The open call that the unit is on, or was on last; None where there is none, or it is on another one since."""
    if unit.call is not None:
        return state.calls.get(unit.call)
    parts = [(a.dispatched_at, call) for call in state.calls.values() for a in call.assignments if a.unit_id == unit.unit_id]
    last = max(parts, key=lambda part: part[0], default=None)
    return last[1] if last is not None and last[1].closing is None else None


def _part_since(call: Call, unit: Unit, status: UnitStatus) -> tuple[AssignmentStage, Instant]:
    """The last stage that the unit came to on the call on its way to a status, and when."""
    part = [a for a in call.assignments if a.unit_id == unit.unit_id][-1]
    stages = unit_status.up_to(unit_status.reached_by(status))
    return max(((s, at) for s in stages if (at := part.reached(s)) is not None), key=lambda each: each[1])
