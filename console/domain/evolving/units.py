"""What an event of a unit changes: the unit, its part in its call, and the requests for backup that the call keeps."""

from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain.assignment import Assignment, AssignmentStage, Backup, Correction, UnitReport
from console.domain.evolving.changing import with_call, with_unit
from console.domain.ids import CallId, UnitId, UserId
from console.domain.instant import Instant, Stamp
from console.domain.state import State, Unit, UnitStatus
from console.domain.unit_status import STATUS_WORDS, reached_by


def evolved(state: State, event: e.UnitEvent, by: UserId, at: Instant) -> State:
    """The state after an event of a unit."""
    match event:
        case e.UnitDispatched(unit_id, call_id):
            unit, call = state.units[unit_id], state.calls[call_id]
            sent = Assignment(unit_id, unit.programme, at, by, passed=event.passed, because=event.because)
            state = with_call(state, replace(call, assignments=(*call.assignments, sent)), at)
            unit = replace(unit, status=UnitStatus.ASSIGNED, since=at, call=call_id, where="")
            return with_unit(state, _alive(unit, at))
        case e.UnitRecalled(unit_id, call_id, reason):
            state = _with_times(state, call_id, unit_id, at, cleared_at=at, recalled=reason)
            free = replace(state.units[unit_id], status=UnitStatus.AVAILABLE, since=at, call=None, where="")
            return with_unit(state, _alive(free, at))
        case e.UnitStatusChanged(unit_id, status, where):
            return _status_changed(state, state.units[unit_id], status, where, at)
        case e.UnitStatusCorrected():
            return _status_corrected(state, event, by, at)
        case e.StageTimeCorrected():
            return _time_corrected(state, event, by, at)
        case e.UnitChecked(unit_id):
            unit = state.units[unit_id]
            # Said on a tablet without a link it may come late: what was heard since stands.
            late = unit.checked_at is not None and at < unit.checked_at
            return state if late else with_unit(state, _alive(unit, at))
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
    """The unit after a sign of life: the clock of its status check starts anew."""
    return replace(unit, checked_at=at, misses=0)


def _with_times(state: State, call_id: CallId, unit_id: UnitId, at: Instant, **times: Instant | str | None) -> State:
    """Write times into the unit's running assignment; a time that is already there stays."""
    call = state.calls.get(call_id)
    if call is None:
        return state
    changed = tuple(
        replace(a, **{name: value for name, value in times.items() if not getattr(a, name)})
        if a.unit_id == unit_id and a.cleared_at is None
        else a
        for a in call.assignments
    )
    return with_call(state, replace(call, assignments=changed), at)


def _status_changed(state: State, unit: Unit, status: UnitStatus, where: str, at: Instant) -> State:
    call_id = unit.call
    if call_id is not None:
        times: dict[str, Instant | str | None] = {f"{stage.value}_at": at for stage in reached_by(status)}
        if status in {UnitStatus.CLEAR, UnitStatus.AVAILABLE}:
            call_id = None
        if times:
            state = _with_times(state, unit.call or CallId(""), unit.unit_id, at, **times)
    return with_unit(state, _alive(replace(unit, status=status, since=at, call=call_id, where=where), at))


def _status_corrected(state: State, event: e.UnitStatusCorrected, by: UserId, at: Instant) -> State:
    """The unit is what it really is, and of its part in the call only the stages that it really came to have a time."""
    unit = state.units[event.unit_id]
    call = state.calls.get(event.call_id) if event.call_id else None
    if call is not None:
        part = max(n for n, a in enumerate(call.assignments) if a.unit_id == event.unit_id)
        was = call.assignments[part]
        kept = reached_by(event.status)
        later = [s for s in AssignmentStage if s not in (AssignmentStage.DISPATCHED, *_up_to(kept))]
        times: dict[str, Instant | None] = {f"{stage.value}_at": None for stage in later}
        times |= {f"{stage.value}_at": was.reached(stage) or at for stage in kept}
        said = Correction(event.reason, by, at, STATUS_WORDS[event.was], STATUS_WORDS[event.status])
        now = replace(was, **times, recalled="", corrections=(*was.corrections, said))
        parts = tuple(now if n == part else a for n, a in enumerate(call.assignments))
        state = with_call(state, replace(call, assignments=parts), at)
    right = replace(unit, status=event.status, since=at, call=event.call_id, where=event.where)
    return with_unit(state, _alive(right, at))


def _up_to(kept: tuple[AssignmentStage, ...]) -> tuple[AssignmentStage, ...]:
    """The stages before and up to the furthest of some."""
    order = tuple(AssignmentStage)
    return order[: max((order.index(stage) for stage in kept), default=0) + 1]


def _time_corrected(state: State, event: e.StageTimeCorrected, by: UserId, at: Instant) -> State:
    call = state.calls[event.call_id]
    was = call.assignments[event.part]
    said = Correction(event.reason, by, at, stage=event.stage, was_at=event.was, became_at=event.became)
    now = replace(was, **{f"{event.stage.value}_at": event.became}, corrections=(*was.corrections, said))
    parts = tuple(now if n == event.part else a for n, a in enumerate(call.assignments))
    return with_call(state, replace(call, assignments=parts), at)


def _reported(state: State, event: e.UnitReported, by: UserId, at: Instant) -> State:
    call = state.calls[event.call_id]
    part = max(n for n, a in enumerate(call.assignments) if a.unit_id == event.unit_id)
    report = UnitReport(event.felt_safe, by, at, event.unarmed_next_time, event.text)
    parts = tuple(replace(a, report=report) if n == part else a for n, a in enumerate(call.assignments))
    return with_call(state, replace(call, assignments=parts), at)
