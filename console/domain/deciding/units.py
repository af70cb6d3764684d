"""Units: dispatch, recall, status, status checks and backup."""

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries, unit_status
from console.domain.commands import Rejected
from console.domain.deciding.care import answered_by_sending
from console.domain.deciding.refusals import Decision, known_unit, open_call, text, unknown_service
from console.domain.eligibility import Standing, Verdict, verdicts
from console.domain.state import Call, State, Unit, UnitStatus


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
    if not unit_status.dispatchable(unit):
        doing = unit_status.STATUS_WORDS[unit.status].lower()
        busy = f" on call {state.calls[unit.call].number}" if unit.call in state.calls else ""
        return Rejected("unit-busy", f"{unit.unit_id} is {doing}{busy}.", {"unit": unit.unit_id})
    return (
        _excluded(state, unit, call, command.override)
        or text(command.override, "The reason", needed=False)
        or (
            e.UnitDispatched(command.unit_id, command.call_id, command.override),
            *answered_by_sending(call, unit.programme),
        )
    )


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
        return _backup_open(unit)
    return text(command.reason, "The reason") or (e.UnitRecalled(unit.unit_id, unit.call, command.reason),)


def set_status(state: State, command: c.SetUnitStatus) -> Decision:
    """Give a unit a status that may follow the one it has."""
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
    if unit.backup is not None and command.status in {UnitStatus.CLEAR, UnitStatus.AVAILABLE, UnitStatus.OFF_SHIFT}:
        return _backup_open(unit)
    if command.status is UnitStatus.ASSIST and not command.where.strip():
        return Rejected("place-needed", f"Say where {unit.unit_id} assists.", {"unit": unit.unit_id})
    refusal = text(command.where, "The place", needed=False)
    if refusal:
        return refusal
    return (e.UnitStatusChanged(unit.unit_id, command.status, command.where),)


def check(state: State, command: c.CheckUnit) -> Decision:
    """A unit answered its status check."""
    unit = known_unit(state, command.unit_id)
    return unit if isinstance(unit, Rejected) else (e.UnitChecked(unit.unit_id),)


def request_backup(state: State, command: c.RequestBackup) -> Decision:
    """A unit asks for help. Asking twice is not refused and changes nothing: it is already on every desk."""
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    asked: Decision = () if unit.backup is not None else (e.BackupRequested(unit.unit_id, command.service),)
    return unknown_service(state, command.service) or asked


def acknowledge_backup(state: State, command: c.AcknowledgeBackup) -> Decision:
    """Somebody at a desk has seen it; the first stays on record."""
    unit = _asking_for_backup(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    return () if unit.backup and unit.backup.acknowledged_at else (e.BackupAcknowledged(unit.unit_id),)


def send_backup(state: State, command: c.SendBackup) -> Decision:
    """Help was sent; that acknowledges the request too."""
    unit = _asking_for_backup(state, command.unit_id)
    if isinstance(unit, Rejected) or unit.backup is None:
        return unit if isinstance(unit, Rejected) else ()
    if unit.backup.sent_at:
        return ()
    sent = e.BackupSent(unit.unit_id)
    return (sent,) if unit.backup.acknowledged_at else (e.BackupAcknowledged(unit.unit_id), sent)


def clear_backup(state: State, command: c.ClearBackup) -> Decision:
    """The unit is safe; says who and why, so that an alarm never ends by accident."""
    unit = _asking_for_backup(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    return text(command.reason, "The reason") or (e.BackupCleared(unit.unit_id, command.reason),)


def _asking_for_backup(state: State, unit_id: str) -> Unit | Rejected:
    unit = known_unit(state, unit_id)
    if isinstance(unit, Rejected) or unit.backup is not None:
        return unit
    return Rejected("no-backup-request", f"{unit.unit_id} has not asked for backup.", {"unit": unit.unit_id})


def _backup_open(unit: Unit) -> Rejected:
    words = f"{unit.unit_id} has asked for backup. Clear that with a reason first."
    return Rejected("backup-open", words, {"unit": unit.unit_id})
