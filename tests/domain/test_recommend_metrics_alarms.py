"""Whom to send, how today stands, and what somebody must do now."""

from datetime import timedelta

import pytest

from console.domain import commands as c
from console.domain import metrics, queries
from console.domain.alarms import PRIORITY, AlarmKind, standing
from console.domain.ids import AskId, CallBackId, CallId, DeskId, HandOffId, QuestionId, UnitId
from console.domain.queries import Stage
from console.domain.recommend import recommend
from console.domain.state import Place, Position, UnitStatus
from console.domain.travel import kilometres, travel_minutes
from tests.support.agency import AGENCY, ARMED, PHONE, TEAM, TRESPASS, WEAPON
from tests.support.scenes import A1, CALL, LIN, REYES, START, T1, T2, Scene, accepted, floor, receive, status, taken


def at(unit: UnitId, latitude: float, longitude: float, age_s: int = 0) -> Position:
    fix = START - timedelta(seconds=age_s)
    return Position(unit, latitude, longitude, fix, fix)


def test_given_two_cities_then_the_distance_is_the_great_circle() -> None:
    """Durham to Raleigh city halls, 34 km; a degree of latitude, 111.19 km on the mean sphere."""
    assert kilometres((35.9940, -78.8986), (35.7796, -78.6382)) == pytest.approx(33.5, abs=0.5)
    assert kilometres((0, 0), (1, 0)) == pytest.approx(111.195, abs=0.001)


def test_given_free_units_then_the_nearest_first_and_the_others_with_their_reasons() -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1"))
    positions = {T1: at(T1, 36.05, -78.9), T2: at(T2, 36.01, -78.9, age_s=120)}
    found = recommend(scene.state, positions, scene.call(), START)
    assert [u.unit_id for u in found.units] == [T2, T1]
    near = found.units[0]
    assert near.minutes == pytest.approx(travel_minutes(AGENCY.travel, near.kilometres or 0))
    assert "GPS 2:00 old (counts 5 min)" in near.against
    assert {p.unit_id: p.reason for p in found.passed_over} == {A1: "no reason for it is known"}
    scene.given(receive(call_id=CallId("b")), c.DispatchUnit(T2, CallId("b")))
    found = recommend(scene.state, positions, scene.call(), START)
    assert any(p.unit_id == T2 and p.reason == "assigned, call 0002" for p in found.passed_over)


def test_given_no_point_or_position_then_no_distance_is_invented() -> None:
    scene = floor().given(receive(place=Place("somewhere on Main")))
    found = recommend(scene.state, {T1: at(T1, 36.0, -78.9)}, scene.call(), START)
    assert all(u.minutes is None for u in found.units)
    assert "position not known" in next(u for u in found.units if u.unit_id == T2).against
    assert any("Weapon not known" in u.because for u in found.units), "an open exclusion stands beside the unit"


def serve_one(scene: Scene) -> Scene:
    scene.given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE))
    scene.at += timedelta(minutes=10)
    scene.given(*status(T1, UnitStatus.ON_SCENE))
    scene.at += timedelta(minutes=30)
    return scene.given(*status(T1, UnitStatus.CLEAR), c.CloseCall(CALL, outcome="resolved"))


def test_given_a_day_then_the_figures_are_those_of_the_calls() -> None:
    scene = serve_one(floor())
    scene.given(receive(call_id=CallId("missed")), c.CloseCall(CallId("missed"), missed="all_busy"))
    scene.given(receive(call_id=CallId("phone")))
    scene.at += timedelta(minutes=2)
    taken(scene, call_id=CallId("phone"))
    scene.given(c.CloseCall(CallId("phone"), outcome="by_phone"), by=REYES)
    scene.given(
        receive(call_id=CallId("ex")), c.CloseCall(CallId("ex"), missed="excluded"), receive(call_id=CallId("waits"))
    )
    day = metrics.today(scene.state, scene.at)
    assert (day.eligible, day.answered, day.pending, day.missed, day.excluded) == (5, 2, 1, 1, 1)
    assert day.missed_by_reason == {"all_busy": 1}
    assert sum(day.missed_by_hour) == 1 and day.missed_by_hour[15] == 1
    by_code = {p.code: p for p in day.programmes}
    assert by_code[TEAM].answered == 1 and by_code[TEAM].answered_percent == pytest.approx(100 / 3)
    assert by_code[TEAM].minutes_to_scene == pytest.approx(10, abs=0.2)
    assert by_code[PHONE].by_phone_percent == 100
    assert by_code[PHONE].minutes_to_scene == pytest.approx(2, abs=0.1), "from receipt, as the published figure"
    assert "CARE" not in by_code
    tomorrow = metrics.today(scene.state, scene.at + timedelta(days=1))
    assert tomorrow.eligible == 0 and tomorrow.programmes[0].answered_percent is None


def test_given_a_queue_that_came_and_went_then_its_history_shows_it_and_marks_breaches() -> None:
    scene = floor().given(receive(nature=TRESPASS))
    scene.at += timedelta(minutes=30)
    scene.given(c.CloseCall(CALL, missed="all_busy"))
    scene.at += timedelta(minutes=30)
    points = metrics.queue_history(scene.state, scene.at, hours=2, step_minutes=10)
    assert [p.waiting.get(TEAM, 0) for p in points] == [0] * 6 + [1, 1, 1] + [0] * 4
    assert [p.past_target for p in points] == [0] * 8 + [1] + [0] * 4


def test_given_a_call_that_waits_again_then_its_history_has_both_waits_and_no_count_disagrees() -> None:
    scene = taken(floor().given(receive()))
    scene.at += timedelta(minutes=20)
    assert metrics.today(scene.state, scene.at).answered == 1
    scene.given(c.ReturnHandOff(CALL, HandOffId("h1"), "needs a visit"), by=REYES)
    scene.at += timedelta(minutes=10)
    assert queries.pending(scene.state) == [scene.call()]
    points = metrics.queue_history(scene.state, scene.at, hours=1, step_minutes=5)
    assert [sum(p.waiting.values()) for p in points][-5:] == [0, 0, 1, 1, 1]
    day = metrics.today(scene.state, scene.at)
    assert (day.eligible, day.answered, day.pending) == (1, 0, 1)
    scene.given(c.DispatchUnit(T1, CALL))
    assert queries.pending(scene.state) == []


def test_given_a_clinician_who_asks_for_a_unit_then_the_call_waits_until_one_has_come() -> None:
    scene = taken(floor().given(receive()))
    scene.given(c.AskForResponse(CALL, AskId("1"), TEAM), by=REYES)
    assert queries.pending(scene.state) == [scene.call()], "in care, and waiting for somebody to come"
    scene.given(c.DispatchUnit(T1, CALL))
    assert queries.pending(scene.state) == []
    scene.given(c.RecallUnit(T1, "needed elsewhere"))
    assert queries.pending(scene.state) == [scene.call()], "it never came: the ask stands"
    scene.given(c.DispatchUnit(T2, CALL), *status(T2, UnitStatus.EN_ROUTE))
    assert queries.unmet(scene.call()) == []
    scene.given(*status(T2, UnitStatus.ON_SCENE, UnitStatus.CLEAR))
    assert queries.pending(scene.state) == [], "somebody has come"
    scene.given(c.AskForResponse(CALL, AskId("2"), TEAM), by=REYES)
    assert queries.pending(scene.state) == [scene.call()], "the next ask is an ask"


def test_given_an_ask_for_another_programme_when_the_unit_on_scene_goes_on_then_the_ask_stands() -> None:
    scene = taken(floor().given(receive(), c.SetFact(CALL, WEAPON, "none", "searched")))
    scene.given(c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    scene.given(c.AskForResponse(CALL, AskId("1"), ARMED), by=REYES)
    scene.given(*status(T1, UnitStatus.WITH_NEIGHBOR, UnitStatus.CLEAR))
    assert queries.pending(scene.state) == [scene.call()]


def test_given_units_and_clinicians_at_work_then_their_day_counts_only_their_spans() -> None:
    scene = serve_one(floor())
    days = metrics.unit_days(scene.state, scene.at)
    assert days[T1].calls == 1 and days[T1].busy_s == pytest.approx(40 * 60, abs=10)
    assert days[T2].calls == 0 and days[T2].spans == ()
    taken(scene.given(receive(call_id=CallId("p"))), call_id=CallId("p"))
    scene.at += timedelta(minutes=5)
    assert metrics.clinician_days(scene.state, scene.at)[REYES].busy_s == pytest.approx(300, abs=5)
    scene.given(c.ReturnHandOff(CallId("p"), HandOffId("h1"), "needs a visit"), by=REYES)
    scene.at += timedelta(hours=1)
    assert metrics.clinician_days(scene.state, scene.at)[REYES].busy_s == pytest.approx(300, abs=5)


def test_given_trouble_then_each_kind_of_alarm_stands_and_ends_with_its_cause() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    waits, cared, connecting = CallId("w"), CallId("cared"), CallId("connecting")
    scene.given(receive(call_id=waits, callback="919 555 0100"), c.QueueForClinician(waits, PHONE))
    taken(scene.given(receive(call_id=cared)), call_id=cared)
    accepted(scene.given(receive(call_id=connecting)), by=LIN, call_id=connecting)
    scene.given(c.AskForResponse(cared, AskId("a"), "EMS"), by=REYES)
    scene.given(c.DiscloseThreat(cared, "d", "POLICE", "he has a plan", "he named a time and a place"), by=REYES)
    scene.given(c.LoseDesk(REYES, DeskId("desk-reyes")))
    scene.given(c.PlanCallBack(CallBackId("b"), waits, scene.at, "asked for it"))
    scene.given(c.RequestBackup(T1, "POLICE"), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "2"))
    later = scene.at + timedelta(minutes=33)
    found = standing(scene.state, {T1: at(T1, 36, -78.9)}, later)
    assert {alarm.kind for alarm in found} == set(AlarmKind) - {AlarmKind.CHECK_ESCALATED}
    assert [alarm.priority for alarm in found] == sorted(PRIORITY[alarm.kind] for alarm in found), "the most urgent first"
    scene.given(c.AcknowledgeBackup(T1))
    assert next(a for a in standing(scene.state, {}, later) if a.kind is AlarmKind.BACKUP).acknowledged
    (turned,) = scene.call().transitions
    scene.given(*(c.TellOfTransition(CALL, turned.transition_id, party.key) for party in turned.parties))
    scene.given(c.CheckUnit(T1), c.ClearBackup(T1, "safe"), *status(T1, UnitStatus.CLEAR))
    scene.given(c.FindDesk(REYES, DeskId("desk-reyes")), c.DeclineAsk(cared, AskId("a"), "none free"))
    scene.given(c.AcknowledgeDisclosure(cared, "d"), c.TryCallBack(CallBackId("b"), reached=True))
    scene.given(c.WithdrawHandOff(connecting, HandOffId("h1"), "caller is gone"))
    scene.given(
        *(c.CloseCall(each, missed="all_busy") for each in (waits, connecting)), c.CloseCall(CALL, outcome="resolved")
    )
    assert standing(scene.state, {}, later) == ()


def test_given_a_call_on_its_way_then_its_stage_is_the_furthest_reached() -> None:
    scene = floor().given(receive())
    seen = [queries.stage(scene.call())]
    steps: tuple[c.AnyCommand, ...] = (
        c.DispatchUnit(T1, CALL),
        *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.TRANSPORTING, UnitStatus.CLEAR),
    )
    for command in steps:
        scene.given(command)
        seen.append(queries.stage(scene.call()))
    assert seen == [
        Stage.RECEIVED, Stage.ASSIGNED, Stage.EN_ROUTE, Stage.ON_SCENE, Stage.TRANSPORTING, Stage.RECEIVED,
    ]  # fmt: skip


def test_given_waits_then_targets_by_priority_with_a_default() -> None:
    scene = floor().given(receive(priority="3"), receive(call_id=CallId("p2")))
    third, second = scene.call(), scene.call(CallId("p2"))
    later = START + timedelta(seconds=601)
    assert queries.wait(AGENCY, third, later).level == "fine"
    assert queries.wait(AGENCY, second, later + timedelta(seconds=30)).level == "past"
    assert queries.wait(AGENCY, second, START + timedelta(seconds=400)).level == "due"
    assert [c.priority for c in queries.pending(scene.state)] == ["2", "3"]


def test_given_earlier_calls_from_the_same_number_or_place_then_they_are_contacts_latest_first() -> None:
    scene = floor().given(receive(callback="919 555 0100"), receive(call_id=CallId("same-place")))
    scene.given(receive(call_id=CallId("same-number"), callback="919 555 0100", place=Place("Elsewhere")))
    scene.given(receive(call_id=CallId("other"), place=Place("Nowhere")))
    assert [c.call_id for c in queries.contacts(scene.state, scene.call())] == ["same-number", "same-place"]


def test_given_a_weapon_asked_in_vain_then_no_unarmed_unit_is_proposed_and_the_reason_is_said() -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"))
    found = recommend(scene.state, {}, scene.call(), START)
    passed = {p.unit_id: p.reason for p in found.passed_over}
    assert {T1, T2} <= passed.keys() and passed[T1] == "Weapon could not be learned, and it goes unarmed"


def test_given_a_team_whose_verdict_turned_then_no_unit_in_doubt_is_proposed_besides() -> None:
    scene = floor().given(receive(), c.SetFact(CALL, WEAPON, "none", "searched"), c.DispatchUnit(T1, CALL))
    scene.given(c.TakeBackFact(CALL, WEAPON))
    found = recommend(scene.state, {}, scene.call(), START)
    assert {u.programme for u in found.units} <= {ARMED}
    assert {p.unit_id: p.reason for p in found.passed_over}[T2] == "Weapon not known, and a response turned"
    scene.given(c.SetFact(CALL, WEAPON, "none", "searched again"))
    scene.given(*(c.TellOfTransition(CALL, t.transition_id, p.key) for t in scene.call().transitions for p in t.parties))
    assert T2 in {u.unit_id for u in recommend(scene.state, {}, scene.call(), START).units}


def test_given_units_that_rest_or_write_up_then_those_that_stand_ready_come_first() -> None:
    scene = floor().given(receive(), c.SetFact(CALL, WEAPON, "none", "searched"), c.SetUnitStatus(T1, UnitStatus.BREAK))
    positions = {T1: at(T1, 36.0, -78.9), T2: at(T2, 36.05, -78.9)}
    assert [u.unit_id for u in recommend(scene.state, positions, scene.call(), START).units] == [T2, T1]


def test_given_a_call_missed_since_a_risk_was_not_known_then_it_counts_for_the_team_that_did_not_answer() -> None:
    scene = floor().given(receive(nature=TRESPASS), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"))
    scene.given(c.CloseCall(CALL, missed="all_busy"))
    team = next(day for day in metrics.today(scene.state, scene.at).programmes if day.code == TEAM)
    assert scene.call().open_to == () and (team.open_to, team.answered) == (1, 0)
