"""What crews say, and what is asked of them: status checks, backup, and the report at the end of a call."""

from console.domain import commands as c
from console.domain import events as e
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, known_unit, text, unknown_service
from console.domain.state import State, Unit
from console.domain.status_check import status_check


def miss_check(state: State, command: c.MissCheck) -> Decision:
    """The clock's word that a check went unanswered; nothing, where it was answered meanwhile or is written down already."""
    unit = known_unit(state, command.unit_id)
    if isinstance(unit, Rejected):
        return unit
    asked = status_check(state, unit)
    if asked is None or asked.due_at != command.due_at or command.misses != asked.misses + 1:
        return ()
    return (e.UnitCheckMissed(unit.unit_id, command.due_at, command.misses),)


def report(state: State, command: c.ReportUnit) -> Decision:
    """What a crew says of a call that it is, or was, on; also where its unit was taken off the roster since."""
    call = state.calls.get(command.call_id)
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    if not any(a.unit_id == command.unit_id for a in call.assignments):
        words = f"{command.unit_id} was never on call {call.number}."
        return Rejected("unit-not-assigned", words, {"unit": command.unit_id, "call": call.call_id})
    said = e.UnitReported(command.unit_id, call.call_id, command.felt_safe, command.unarmed_next_time, command.text.strip())
    return text(command.text, "The report", needed=False) or (said,)


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


def arrive_backup(state: State, command: c.ArriveBackup) -> Decision:
    """The help is there; that says too that it was seen and sent, where nobody had written that down."""
    unit = _asking_for_backup(state, command.unit_id)
    if isinstance(unit, Rejected) or unit.backup is None:
        return unit if isinstance(unit, Rejected) else ()
    if unit.backup.arrived is not None:
        return ()
    seen = () if unit.backup.acknowledged_at else (e.BackupAcknowledged(unit.unit_id),)
    sent = () if unit.backup.sent_at else (e.BackupSent(unit.unit_id),)
    return (*seen, *sent, e.BackupArrived(unit.unit_id))


def _asking_for_backup(state: State, unit_id: str) -> Unit | Rejected:
    unit = known_unit(state, unit_id)
    if isinstance(unit, Rejected) or unit.backup is not None:
        return unit
    return Rejected("no-backup-request", f"{unit.unit_id} has not asked for backup.", {"unit": unit.unit_id})


def backup_open(unit: Unit) -> Rejected:
    """Why a unit that has asked for backup is not taken off its call."""
    words = f"{unit.unit_id} has asked for backup. Clear that with a reason first."
    return Rejected("backup-open", words, {"unit": unit.unit_id})
