"""What was written down wrongly of a unit is amended, never deleted; and units change calls and places with each other."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain import queries
from console.domain.assignment import Assignment, AssignmentStage, FeltSafe, intervals
from console.domain.ids import CallId, ProgrammeCode, UnitId, UserId
from console.domain.recommend import recommend
from console.domain.state import UnitStatus
from tests.support.agency import AGENCY, WEAPON
from tests.support.scenes import A1, CALL, OKAFOR, START, T1, T2, Scene, floor, receive, status

SECOND = CallId("call-2")


def on_scene() -> Scene:
    return floor().given(
        receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE)
    )


def test_given_a_status_by_mistake_when_corrected_then_later_stages_have_no_time_and_what_stood_there_is_kept() -> None:
    scene = on_scene()
    en_route, arrived = scene.call().assignments[0].en_route_at, scene.call().assignments[0].arrived_at
    scene.given(c.CorrectUnitStatus(T1, UnitStatus.EN_ROUTE, "the wrong button"))
    part = scene.call().assignments[0]
    assert (part.en_route_at, part.arrived_at) == (en_route, None)
    assert scene.unit().status is UnitStatus.EN_ROUTE
    said, gone = part.corrections
    assert (said.was, said.became, said.reason, said.by) == ("On scene", "En route", "the wrong button", OKAFOR)
    assert (gone.stage, gone.was_at, gone.became_at) == (AssignmentStage.ARRIVED, arrived, None)
    scene.given(*status(T1, UnitStatus.ON_SCENE))
    assert scene.call().assignments[0].arrived_at == scene.at - timedelta(seconds=1)


def test_given_a_unit_cleared_by_mistake_when_corrected_then_it_is_on_its_call_again() -> None:
    scene = on_scene().given(*status(T1, UnitStatus.CLEAR))
    assert scene.unit().call is None
    scene.given(c.CorrectUnitStatus(T1, UnitStatus.WITH_NEIGHBOR, "still there"))
    assert scene.unit().call == CALL
    assert scene.call().assignments[0].cleared_at is None
    assert queries.current_assignments(scene.call())


def test_given_no_open_call_of_its_own_when_corrected_to_a_status_on_a_call_then_refused() -> None:
    scene = on_scene().given(*status(T1, UnitStatus.CLEAR), c.CloseCall(CALL, outcome="resolved"))
    assert scene.rejected(c.CorrectUnitStatus(T1, UnitStatus.ON_SCENE, "still there")) == "no-call"
    assert scene.rejected(c.CorrectUnitStatus(T2, UnitStatus.EN_ROUTE, "a slip")) == "no-call"
    scene.given(c.CorrectUnitStatus(T1, UnitStatus.BREAK, "it is at lunch"))
    assert scene.unit().status is UnitStatus.BREAK


def test_given_a_unit_on_a_call_when_corrected_off_it_then_it_is_told_to_clear_instead() -> None:
    scene = on_scene()
    assert scene.rejected(c.CorrectUnitStatus(T1, UnitStatus.BREAK, "a slip")) == "status-illegal"
    scene.given(c.RequestBackup(T1, "POLICE"))
    assert scene.rejected(c.CorrectUnitStatus(T1, UnitStatus.EN_ROUTE, "a slip")) == "backup-open"


def test_given_a_time_told_late_when_corrected_then_the_stages_stay_in_their_order_and_both_times_are_kept() -> None:
    scene = on_scene()
    part = scene.call().assignments[0]
    assert part.en_route_at is not None and part.arrived_at is not None
    early = part.dispatched_at - timedelta(seconds=1)
    assert scene.rejected(wrong(early)) == "time-out-of-order"
    assert scene.rejected(wrong(scene.at + timedelta(minutes=1))) == "time-out-of-order"
    right = part.en_route_at + timedelta(milliseconds=500)
    scene.given(wrong(right))
    now = scene.call().assignments[0]
    assert now.arrived_at == right
    (said,) = now.corrections
    assert (said.stage, said.was_at, said.became_at) == (AssignmentStage.ARRIVED, part.arrived_at, right)
    assert scene.rejected(c.CorrectStageTime(CALL, T1, 1, AssignmentStage.ARRIVED, right, "x")) == "unit-not-assigned"
    not_yet = c.CorrectStageTime(CALL, T1, 0, AssignmentStage.TRANSPORTING, scene.at, "x")
    assert scene.rejected(not_yet) == "stage-not-reached"


def wrong(at: datetime) -> c.CorrectStageTime:
    return c.CorrectStageTime(CALL, T1, 0, AssignmentStage.ARRIVED, at, "told by radio, typed late")


def test_given_a_later_status_when_one_is_said_to_have_begun_before_it_then_refused_with_the_time() -> None:
    scene = on_scene()
    before = scene.at
    scene.at -= timedelta(minutes=1)
    assert scene.rejected(c.SetUnitStatus(T1, UnitStatus.WITH_NEIGHBOR)) == "status-before"
    scene.at = before
    scene.given(c.SetUnitStatus(T1, UnitStatus.WITH_NEIGHBOR))


def test_given_a_unit_on_its_way_when_it_is_pre_empted_then_it_goes_to_the_other_call_and_the_first_waits_again() -> None:
    scene = floor().given(receive(), receive(call_id=SECOND, priority="1"), c.DispatchUnit(T1, CALL))
    assert not queries.is_pending(scene.call())
    scene.given(c.PreemptUnit(T1, SECOND, "a child is there"))
    assert scene.unit().call == SECOND
    assert queries.is_pending(scene.call()) and not queries.is_pending(scene.call(SECOND))
    assert "call 0002: a child is there" in scene.call().assignments[0].recalled


def test_given_a_unit_on_scene_or_free_or_asking_for_backup_when_pre_empted_then_refused() -> None:
    scene = on_scene().given(receive(call_id=SECOND))
    assert scene.rejected(c.PreemptUnit(T1, SECOND, "nearer")) == "unit-arrived"
    assert scene.rejected(c.PreemptUnit(T2, SECOND, "nearer")) == "unit-not-assigned"
    scene.given(c.DispatchUnit(T2, CALL), c.RequestBackup(T2, "POLICE"))
    assert scene.rejected(c.PreemptUnit(T2, SECOND, "nearer")) == "backup-open"
    assert scene.rejected(c.PreemptUnit(T1, SECOND, "")) == "text-missing"


def test_given_two_units_on_their_way_when_exchanged_then_each_goes_where_the_other_went() -> None:
    scene = floor().given(receive(), receive(call_id=SECOND), c.DispatchUnit(T1, CALL), c.DispatchUnit(T2, SECOND))
    scene.given(c.ExchangeUnits(T1, T2, "each is nearer to the other"))
    assert (scene.unit(T1).call, scene.unit(T2).call) == (SECOND, CALL)
    assert not queries.is_pending(scene.call()) and not queries.is_pending(scene.call(SECOND))


def test_given_a_free_unit_when_exchanged_with_one_on_its_way_then_that_one_is_free() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL))
    scene.given(c.ExchangeUnits(T2, T1, "T2 speaks Spanish"))
    assert scene.unit(T1).status is UnitStatus.AVAILABLE
    assert scene.unit(T2).call == CALL
    assert scene.rejected(c.ExchangeUnits(T1, A1, "why not")) == "nothing-to-exchange"


def test_given_a_weapon_when_an_armed_unit_is_exchanged_for_an_unarmed_one_then_refused() -> None:
    scene = floor().given(receive(), c.DispatchUnit(A1, CALL), c.SetFact(CALL, WEAPON, "near", "seen"))
    assert scene.rejected(c.ExchangeUnits(T1, A1, "nearer")) == "programme-denied"


def test_given_another_unit_than_the_proposed_when_dispatched_then_the_reason_is_needed_and_kept() -> None:
    scene = floor().given(receive())
    assert scene.rejected(c.DispatchUnit(T2, CALL, passed=T1)) == "text-missing"
    scene.given(c.DispatchUnit(T2, CALL, passed=T1, because="Knows the neighbor"))
    part = scene.call().assignments[0]
    assert (part.passed, part.because) == (T1, "Knows the neighbor")


def test_given_a_crew_that_was_there_when_it_reports_then_its_word_stands_with_its_part_and_others_are_refused() -> None:
    scene = on_scene().given(*status(T1, UnitStatus.CLEAR))
    scene.given(c.ReportUnit(T1, CALL, FeltSafe.NO, text="a dog at the door"))
    scene.given(c.ReportUnit(T1, CALL, FeltSafe.YES, text="the dog was tied up"))
    report = scene.call().assignments[0].report
    assert report is not None and report.felt_safe is FeltSafe.YES
    assert scene.rejected(c.ReportUnit(T2, CALL, FeltSafe.YES)) == "unit-not-assigned"


def test_given_backup_that_came_when_it_is_cleared_then_the_call_keeps_all_of_it() -> None:
    scene = on_scene().given(c.RequestBackup(T1, "POLICE"), c.ArriveBackup(T1))
    asked = scene.unit().backup
    assert asked is not None and asked.acknowledged_at and asked.sent_at and asked.arrived
    scene.given(c.ClearBackup(T1, "all calm"))
    (kept,) = scene.call().backups
    assert scene.unit().backup is None
    assert (kept.unit_id, kept.reason, kept.requested_at) == (T1, "all calm", asked.requested_at)
    assert kept.cleared is not None and kept.cleared.by == OKAFOR


def part(**at: datetime) -> Assignment:
    times = {f"{stage}_at": moment for stage, moment in at.items() if stage != "dispatched"}
    return Assignment(UnitId("T1"), ProgrammeCode("TEAM"), at["dispatched"], UserId("okafor"), **times)  # type: ignore[arg-type]


def test_given_stages_across_midnight_and_a_clock_change_then_the_intervals_are_what_passed() -> None:
    night = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
    """01:50 in New York, ten minutes before 02:00 becomes 01:00 again."""
    minutes = [0, 2, 14, 44, 59, 75]
    names = ["dispatched", "en_route", "arrived", "transporting", "at_facility", "cleared"]
    whole = intervals(part(**{n: night + timedelta(minutes=m) for n, m in zip(names, minutes, strict=True)}))
    assert [s and s / 60 for s in (whole.turnout_s, whole.travel_s, whole.scene_s, whole.transport_s, whole.total_s)] == [
        2, 12, 30, 15, 75,
    ]  # fmt: skip


def test_given_a_running_part_then_only_what_runs_counts_up_and_what_nobody_said_is_not_known() -> None:
    now = START + timedelta(minutes=10)
    running = intervals(part(dispatched=START, en_route=START + timedelta(minutes=1)), now)
    assert (running.turnout_s, running.travel_s, running.scene_s) == (60, 540, None)
    straight = intervals(part(dispatched=START, arrived=START + timedelta(minutes=3)), now)
    assert (straight.turnout_s, straight.travel_s, straight.scene_s, straight.total_s) == (None, None, 420, 600)


def test_given_a_unit_that_went_on_after_arriving_when_told_en_route_then_that_is_not_written_after_its_arrival() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE, UnitStatus.EN_ROUTE))
    part = scene.call().assignments[0]
    assert part.arrived_at is not None and part.en_route_at is None
    assert intervals(part, scene.at).travel_s is None


def test_given_an_arrival_corrected_to_later_when_a_status_before_it_is_told_then_refused() -> None:
    scene = on_scene()
    scene.at += timedelta(minutes=10)
    arrived = scene.at
    scene.at += timedelta(minutes=10)
    scene.given(wrong(arrived))
    assert scene.unit().since == arrived
    now, scene.at = scene.at, arrived - timedelta(minutes=5)
    assert scene.rejected(c.SetUnitStatus(T1, UnitStatus.TRANSPORTING)) == "status-before"
    assert scene.rejected(c.CorrectUnitStatus(T1, UnitStatus.TRANSPORTING, "a slip")) == "status-before"
    scene.at = now
    scene.given(*status(T1, UnitStatus.TRANSPORTING))


def test_given_a_recall_by_mistake_when_corrected_then_why_it_was_recalled_is_kept() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), c.RecallUnit(T1, "nobody there"))
    scene.given(c.CorrectUnitStatus(T1, UnitStatus.EN_ROUTE, "the other unit was meant"))
    part = scene.call().assignments[0]
    assert part.recalled == "" and part.cleared_at is None
    assert part.corrections[0].was == "Available, recalled: nobody there"
    assert part.corrections[1].stage is AssignmentStage.CLEARED


def test_given_a_status_told_late_then_what_was_heard_since_still_counts_for_its_check() -> None:
    scene = on_scene()
    scene.at += timedelta(minutes=15)
    scene.given(c.CheckUnit(T1))
    heard = scene.unit().checked_at
    now, scene.at = scene.at, scene.at - timedelta(minutes=10)
    scene.given(*status(T1, UnitStatus.WITH_NEIGHBOR))
    scene.at = now
    assert scene.unit().checked_at == heard


def test_given_a_unit_that_asks_for_backup_on_no_call_then_it_is_sent_nowhere() -> None:
    scene = floor().given(receive(), receive(SECOND), c.RequestBackup(T1, "POLICE"), c.DispatchUnit(T2, SECOND))
    assert scene.rejected(c.DispatchUnit(T1, CALL)) == "backup-open"
    assert scene.rejected(c.ExchangeUnits(T1, T2, "nearer")) == "backup-open"
    found = recommend(scene.state, {}, scene.call(), scene.at)
    assert T1 not in [one.unit_id for one in found.units]
    assert [over.reason for over in found.passed_over if over.unit_id == T1] == ["available, asks for backup"]


def test_given_a_facility_without_a_time_of_leaving_then_the_scene_has_no_interval_instead_of_a_wrong_one() -> None:
    part = on_scene().given(*status(T1, UnitStatus.AT_FACILITY, UnitStatus.CLEAR)).call().assignments[0]
    assert part.at_facility_at is not None and part.transporting_at is None
    assert intervals(part).scene_s is None


def test_given_a_reason_as_long_as_a_book_then_preemption_and_exchange_refuse_it() -> None:
    scene = floor().given(receive(), receive(SECOND), c.DispatchUnit(T1, CALL))
    assert scene.rejected(c.PreemptUnit(T1, SECOND, "nearer", "x" * 10_001)) == "text-too-long"
    assert scene.rejected(c.ExchangeUnits(T1, T2, "nearer", "x" * 10_001)) == "text-too-long"


def test_given_its_own_call_or_itself_then_nothing_is_preempted_and_nothing_exchanged() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL))
    before = scene.state
    assert scene.when(c.PreemptUnit(T1, CALL, "again")) == () and scene.state is before
    assert scene.rejected(c.ExchangeUnits(T1, T1, "again")) == "nothing-to-exchange"


def test_given_a_unit_dropped_from_the_roster_on_a_call_then_it_ends_its_call_and_leaves_when_it_goes_off_shift() -> None:
    scene = on_scene()
    rest = replace(AGENCY, units=tuple(unit for unit in AGENCY.units if unit.unit_id not in (T1, T2)))
    scene.given(c.ConfigureAgency(rest))
    assert T2 not in scene.state.units
    scene.given(*status(T1, UnitStatus.CLEAR), c.ReportUnit(T1, CALL, FeltSafe.YES), *status(T1, UnitStatus.OFF_SHIFT))
    assert T1 not in scene.state.units
    scene.given(c.ReportUnit(T1, CALL, FeltSafe.NO, text="a dog"))
    scene.given(c.CorrectStageTime(CALL, T1, 0, AssignmentStage.CLEARED, scene.at, "read off wrongly"))
    report = scene.call().assignments[0].report
    assert report is not None and report.felt_safe is FeltSafe.NO
