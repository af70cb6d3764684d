"""Laws of units that hold for every history, also where people tell late, correct, and change their minds."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import queries, unit_status
from console.domain.assignment import Assignment, AssignmentStage, Backup, FeltSafe, intervals
from console.domain.ids import CallId
from console.domain.state import State, Unit, UnitStatus
from console.domain.status_check import status_check
from tests.support.agency import AGENCY
from tests.support.scenes import A1, T1, T2, Scene, floor, receive

CALLS = st.sampled_from([CallId("a"), CallId("b")])
UNITS = st.sampled_from([T1, T1, T2, A1])
WHY = st.sampled_from(["because", "because", ""])
SMALLER = replace(AGENCY, units=tuple(unit for unit in AGENCY.units if unit.unit_id != T1))
ON_THE_WAY = st.sampled_from([UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.TRANSPORTING, UnitStatus.CLEAR])

COMMANDS: st.SearchStrategy[c.AnyCommand] = st.one_of(
    st.builds(c.DispatchUnit, UNITS, CALLS),
    st.builds(c.DispatchUnit, UNITS, CALLS),
    st.builds(c.SetUnitStatus, UNITS, ON_THE_WAY),
    st.builds(c.SetUnitStatus, UNITS, st.sampled_from(UnitStatus), st.sampled_from(["", "somewhere"])),
    st.builds(c.RecallUnit, UNITS, WHY),
    st.builds(c.PreemptUnit, UNITS, CALLS, WHY),
    st.builds(c.ExchangeUnits, UNITS, UNITS, WHY),
    st.builds(c.CorrectUnitStatus, UNITS, st.sampled_from(UnitStatus), WHY),
    st.builds(c.CheckUnit, UNITS),
    st.builds(c.ReportUnit, UNITS, CALLS, st.sampled_from(FeltSafe)),
    st.builds(c.RequestBackup, UNITS, st.just("POLICE")),
    st.builds(c.AcknowledgeBackup, UNITS),
    st.builds(c.SendBackup, UNITS),
    st.builds(c.ArriveBackup, UNITS),
    st.builds(c.ClearBackup, UNITS, WHY),
    st.builds(c.CloseCall, CALLS, st.just("resolved")),
    st.builds(c.ConfigureAgency, st.sampled_from([AGENCY, SMALLER])),
)  # fmt: skip
SECONDS = st.sampled_from([0, 0, 0, -1, 4, -4, -20, -300])
"""How long before, or after, the hub's clock something is said to have happened."""
CORRECTED = st.tuples(CALLS, st.integers(0, 2), st.sampled_from(AssignmentStage), SECONDS)
STEPS = st.lists(st.tuples(COMMANDS | CORRECTED, SECONDS), max_size=40)


def tell(scene: Scene, told: c.AnyCommand | tuple[CallId, int, AssignmentStage, int], seconds: int) -> None:
    """Carry out what is said to have happened so many seconds from now; time goes on whatever came of it."""
    now = scene.at + timedelta(seconds=3)
    if isinstance(told, tuple):
        call_id, part, stage, off = told
        parts = scene.call(call_id).assignments
        whose = parts[part].unit_id if part < len(parts) else T1
        told = c.CorrectStageTime(call_id, whose, part, stage, now + timedelta(seconds=off), "told late")
        seconds = 0
    scene.at = now + timedelta(seconds=seconds)
    scene.when(told)
    scene.at = now


def begun() -> Scene:
    scene = floor().given(receive(CallId("a")), receive(CallId("b")))
    return scene.given(c.DispatchUnit(T1, CallId("a")), c.DispatchUnit(A1, CallId("b")))


@settings(max_examples=300)
@given(STEPS)
def test_whatever_is_told_of_units_and_when_then_nothing_of_it_is_a_lie(
    steps: list[tuple[c.AnyCommand | tuple[CallId, int, AssignmentStage, int], int]],
) -> None:
    scene = begun()
    for told, seconds in steps:
        before = scene.state
        tell(scene, told, seconds)
        units_hold(scene.state)
        grown(before, scene.state)


def units_hold(state: State) -> None:
    """Of every unit and every part in a call: what stands there can be true."""
    for call in state.calls.values():
        for part in call.assignments:
            times = reached(part)
            assert times == sorted(times), part
            spans = intervals(part, max(times) + timedelta(minutes=1))
            assert all(span is None or span >= 0 for span in (spans.turnout_s, spans.travel_s, spans.scene_s))
        on_it = [part.unit_id for part in queries.current_assignments(call)]
        assert len(on_it) == len(set(on_it))
        for backup in call.backups:
            assert backup.cleared is not None and backup.reason.strip() and backup.unit_id
            backup_in_order(backup)
    for unit in state.units.values():
        assert (unit.call is not None) == unit_status.of_a_call(unit.status)
        if unit.call is not None:
            part = next(a for a in queries.current_assignments(state.calls[unit.call]) if a.unit_id == unit.unit_id)
            assert unit.since >= max(reached(part)), (unit, part)
            fits(unit, part)
        if unit.backup is not None:
            backup_in_order(unit.backup)
            assert not unit_status.dispatchable(unit)
        if (asked := status_check(state, unit)) is not None:
            assert asked.due_at <= asked.overdue_at <= asked.escalated_at


def fits(unit: Unit, part: Assignment) -> None:
    """A part says of no stage that it was reached where the unit's status says that it was not, after a correction too."""
    assert part.cleared_at is None and not part.recalled
    for stage in unit_status.reached_by(unit.status):
        assert part.reached(stage) is not None or any(part.reached(s) for s in after(stage)), (unit, part)


def after(stage: AssignmentStage) -> tuple[AssignmentStage, ...]:
    stages = tuple(AssignmentStage)
    return stages[stages.index(stage) + 1 :]


def reached(part: Assignment) -> list[datetime]:
    return [at for stage in AssignmentStage if (at := part.reached(stage)) is not None]


def backup_in_order(backup: Backup) -> None:
    stamps = (stamp.at if stamp is not None else None for stamp in (backup.arrived, backup.cleared))
    times = [at for at in (backup.requested_at, backup.acknowledged_at, backup.sent_at, *stamps) if at is not None]
    assert times == sorted(times), backup


def grown(before: State, now: State) -> None:
    """Parts, corrections and requests for backup only grow; a time that changes or goes is kept in a correction."""
    for call_id, was in before.calls.items():
        call = now.calls[call_id]
        assert call.backups[: len(was.backups)] == was.backups
        assert len(call.assignments) >= len(was.assignments)
        for old, new in zip(was.assignments, call.assignments, strict=False):
            assert (old.unit_id, old.by, old.programme) == (new.unit_id, new.by, new.programme)
            assert new.corrections[: len(old.corrections)] == old.corrections
            said = {(one.stage, one.was_at) for one in new.corrections[len(old.corrections) :]}
            changed = {(s, old.reached(s)) for s in AssignmentStage if old.reached(s) not in (None, new.reached(s))}
            assert changed <= said, (old, new)
            assert not old.recalled or new.recalled or any(old.recalled in one.was for one in new.corrections)
    for unit_id, unit in before.units.items():
        is_now = now.units.get(unit_id)
        if unit.backup is not None:
            assert is_now is not None
            if is_now.backup is None and unit.call is not None:
                assert len(now.calls[unit.call].backups) == len(before.calls[unit.call].backups) + 1
        if is_now is not None and unit.checked_at is not None:
            assert is_now.checked_at is not None and is_now.checked_at >= unit.checked_at
