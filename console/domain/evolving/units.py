"""What an event of a unit changes: the unit, its part in its call, and the requests for backup that the call keeps."""

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain.assignment import Assignment, AssignmentStage, Backup, Correction, UnitReport
from console.domain.evolving.changing import with_call, with_unit
from console.domain.ids import CallId, UnitId, UserId
from console.domain.instant import Instant, Stamp
from console.domain.state import State, Unit, UnitStatus
from console.domain.unit_status import STATUS_WORDS, reached_by, up_to


def evolved(state: State, event: e.UnitEvent, by: UserId, at: Instant) -> State:
    """The state after an event of a unit."""
    match event:
        case e.UnitDispatched(unit_id, call_id):
            unit, call = state.units[unit_id], state.calls[call_id]
            sent = Assignment(unit_id, unit.programme, at, by, passed=event.passed, because=event.because)
            state = with_call(state, replace(call, assignments=(*call.assignments, sent)), at)
            unit = replace(unit, status=UnitStatus.ASSIGNED, since=at, call=call_id, where="", misses=0)
            return with_unit(state, _alive(unit, at))
        case e.UnitRecalled(unit_id, call_id, reason):
            unit = state.units[unit_id]
            state = _with_stages(state, call_id, unit_id, at, (AssignmentStage.CLEARED,), reason)
            free = replace(unit, status=UnitStatus.AVAILABLE, since=max(at, unit.since), call=None, where="")
            return with_unit(state, _alive(free, at))
        case e.UnitStatusChanged(unit_id, status, where):
            return _status_changed(state, state.units[unit_id], status, where, at)
        case e.UnitStatusCorrected():
            return _status_corrected(state, event, by, at)
        case e.StageTimeCorrected():
            return _time_corrected(state, event, by, at)
        case e.UnitChecked(unit_id):
            return with_unit(state, _alive(state.units[unit_id], at))
        case e.UnitCheckMissed(unit_id, _, misses):
            return with_unit(state, replace(state.units[unit_id], misses=misses))
        case e.UnitReported():
            return _reported(state, event, by, at)
        case _:
            return _backup(state, event, by, at)


def _backup(
    state: State,
    event: e.BackupRequested | e.BackupAcknowledged | e.BackupSent | e.BackupArrived | e.BackupCleared,
    by: UserId,
    at: Instant,
) -> State:
    unit = state.units[event.unit_id]
    if isinstance(event, e.BackupRequested):
        return with_unit(state, replace(unit, backup=Backup(event.service, at, by)))
    backup = unit.backup
    assert backup is not None
    # Clocks differ, and a tablet may tell late: whatever is done about a request is done after it, in order.
    arrived_at = backup.arrived.at if backup.arrived is not None else None
    at = max(at, *filter(None, (backup.requested_at, backup.acknowledged_at, backup.sent_at, arrived_at)))
    match event:
        case e.BackupAcknowledged():
            backup = replace(backup, acknowledged_at=at, acknowledged_by=by)
        case e.BackupSent():
            backup = replace(backup, sent_at=at, sent_by=by)
        case e.BackupArrived():
            backup = replace(backup, arrived=Stamp(by, at))
        case e.BackupCleared(_, reason):
            call = state.calls.get(unit.call) if unit.call else None
            if call is not None:
                ended = replace(backup, unit_id=unit.unit_id, cleared=Stamp(by, at), reason=reason)
                state = with_call(state, replace(call, backups=(*call.backups, ended)), at)
            return with_unit(state, _alive(replace(unit, backup=None), at))
        case _:
            assert_never(event)
    return with_unit(state, replace(unit, backup=backup))


def _alive(unit: Unit, at: Instant) -> Unit:
    """The unit after a sign of life: the clock of its status check starts anew.

    Told late, as of a tablet without a link or by radio, it changes nothing of what was heard since.
    """
    late = unit.checked_at is not None and at < unit.checked_at
    return unit if late else replace(unit, checked_at=at, misses=0)


def _with_stages(
    state: State, call_id: CallId, unit_id: UnitId, at: Instant, stages: tuple[AssignmentStage, ...], recalled: str = ""
) -> State:
    """Write into the unit's running assignment that it came to stages."""
    call = state.calls[call_id]
    changed = tuple(
        replace(_reached(a, stages, at), recalled=recalled) if a.unit_id == unit_id and a.cleared_at is None else a
        for a in call.assignments
    )
    return with_call(state, replace(call, assignments=changed), at)


def _reached(part: Assignment, stages: tuple[AssignmentStage, ...], at: Instant) -> Assignment:
    """The part once it came to stages; one that it came to before, or went past unsaid, keeps what stands there.

    Clocks differ by seconds: nothing is written down as before what it followed.
    """
    past = [stage for stage in AssignmentStage if part.reached(stage) is not None]
    at = max(at, *_times(part, past))
    return replace(part, **{f"{stage.value}_at": at for stage in stages if stage not in up_to(past)})


def _times(part: Assignment, stages: Iterable[AssignmentStage]) -> list[Instant]:
    """When it came to these stages, as far as that is known."""
    return [at for stage in stages if (at := part.reached(stage)) is not None]


def _status_changed(state: State, unit: Unit, status: UnitStatus, where: str, at: Instant) -> State:
    call_id, since = unit.call, at
    if call_id is not None:
        since = max(at, unit.since)
        state = _with_stages(state, call_id, unit.unit_id, at, reached_by(status))
        if status in {UnitStatus.CLEAR, UnitStatus.AVAILABLE}:
            call_id = None
    if status is UnitStatus.OFF_SHIFT and unit.unit_id not in {planned.unit_id for planned in state.agency.units}:
        return replace(state, units={key: other for key, other in state.units.items() if key != unit.unit_id})
    return with_unit(state, _alive(replace(unit, status=status, since=since, call=call_id, where=where), at))


def _status_corrected(state: State, event: e.UnitStatusCorrected, by: UserId, at: Instant) -> State:
    """The unit is what it really is, and of its part in the call only the stages that it really came to have a time.

    What stood there is kept: the status in words, and each time that is taken away.
    """
    unit, since = state.units[event.unit_id], at
    call = state.calls.get(event.call_id) if event.call_id else None
    if call is not None:
        part = max(n for n, a in enumerate(call.assignments) if a.unit_id == event.unit_id)
        was = call.assignments[part]
        kept = reached_by(event.status)
        so_far = up_to(kept)
        since = max(at, *_times(was, so_far))
        stood = {s: time for s in AssignmentStage if s not in so_far and (time := was.reached(s)) is not None}
        times: dict[str, Instant | None] = {f"{stage.value}_at": None for stage in stood}
        times |= {f"{stage.value}_at": was.reached(stage) or since for stage in kept}
        before = STATUS_WORDS[event.was] + (f", recalled: {was.recalled}" if was.recalled else "")
        said = Correction(event.reason, by, at, before, STATUS_WORDS[event.status])
        gone = (Correction(event.reason, by, at, stage=stage, was_at=time) for stage, time in stood.items())
        now = replace(was, **times, recalled="", corrections=(*was.corrections, said, *gone))
        parts = tuple(now if n == part else a for n, a in enumerate(call.assignments))
        state = with_call(state, replace(call, assignments=parts), at)
    right = replace(unit, status=event.status, since=since, call=event.call_id, where=event.where)
    return with_unit(state, _alive(right, at))


def _time_corrected(state: State, event: e.StageTimeCorrected, by: UserId, at: Instant) -> State:
    call = state.calls[event.call_id]
    was = call.assignments[event.part]
    said = Correction(event.reason, by, at, stage=event.stage, was_at=event.was, became_at=event.became)
    now = replace(was, **{f"{event.stage.value}_at": event.became}, corrections=(*was.corrections, said))
    parts = tuple(now if n == event.part else a for n, a in enumerate(call.assignments))
    state = with_call(state, replace(call, assignments=parts), at)
    unit = state.units.get(event.unit_id)
    if unit is None:
        return state
    # What the unit is, it is since then; nothing that it does on the call began before.
    runs = unit.call == call.call_id and now.cleared_at is None
    since = event.became if unit.since == event.was else max(unit.since, event.became) if runs else unit.since
    return with_unit(state, replace(unit, since=since))


def _reported(state: State, event: e.UnitReported, by: UserId, at: Instant) -> State:
    call = state.calls[event.call_id]
    part = max(n for n, a in enumerate(call.assignments) if a.unit_id == event.unit_id)
    report = UnitReport(event.felt_safe, by, at, event.unarmed_next_time, event.text)
    parts = tuple(replace(a, report=report) if n == part else a for n, a in enumerate(call.assignments))
    return with_call(state, replace(call, assignments=parts), at)
