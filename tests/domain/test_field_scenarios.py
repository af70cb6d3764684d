"""Whole calls as the field tells them: what happens to a caller when everything does not go well."""

from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain import queries
from console.domain.acquaintance import neighbor_of
from console.domain.agency import Agency
from console.domain.alarms import AlarmKind, standing
from console.domain.availability import availability
from console.domain.hand_off import HandOffState
from console.domain.ids import CLOCK, AskId, CallId, DeskId, HandOffId, NeighborId, QuestionId, TransitionId, UserId
from console.domain.programmes import Hours
from console.domain.recommend import recommend
from console.domain.ringing import whom_to_ring
from console.domain.state import PresenceStatus, Role, UnitStatus
from console.hub.clock import due
from tests.support.agency import AGENCY, ARMED, PHONE, TEAM
from tests.support.scenes import (
    CALL,
    LIN,
    LINDQVIST,
    NOVAK,
    OKAFOR,
    REYES,
    START,
    T1,
    Scene,
    accepted,
    floor,
    offer,
    receive,
    released,
    sign_in,
    status,
    taken,
)

EVENING = START + timedelta(hours=6, minutes=28)
"""20:58 in Anytown."""
NINE = EVENING + timedelta(minutes=2)
NO_WEAPON = c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1")
A_KNIFE = c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "2")


def daytime() -> Agency:
    """A programme by phone from nine in the morning to nine in the evening."""
    hours = (Hours(date(2020, 1, 1), time(9), time(21)),)
    return replace(AGENCY, programmes=tuple(replace(p, hours=hours) if p.code == PHONE else p for p in AGENCY.programmes))


def clock(scene: Scene, at: datetime) -> Scene:
    """Time goes by to `at`, and what is due is done."""
    scene.at = at
    while orders := due(scene.state, scene.at, "log"):
        for one in orders:
            scene.given(one.command, by=CLOCK)
    return scene


def alarms(scene: Scene) -> set[AlarmKind]:
    return {alarm.kind for alarm in standing(scene.state, {}, scene.at)}


def test_scenario_1_a_caller_two_minutes_before_the_programme_closes_is_warned_of_and_never_dropped_at_nine() -> None:
    scene = floor().given(c.ConfigureAgency(daytime()))
    scene.at = EVENING
    scene.given(receive(), NO_WEAPON)
    programme = scene.state.agency.programme(PHONE)
    assert programme is not None
    how = availability(scene.state, programme, scene.call(), scene.at)
    assert how.duty.on and how.duty.until == NINE and how.free == 2, "two minutes, and everybody who looks can see it"
    assert {unit.programme for unit in recommend(scene.state, {}, scene.call(), scene.at).units} == {TEAM}, "the second way"
    scene.at = NINE - timedelta(seconds=10)
    scene.given(offer())
    clock(scene, NINE)
    rings = queries.rings(scene.call())
    assert rings is not None and rings.to_user == REYES, "closing time ends no offer"
    assert not availability(scene.state, programme, scene.call(), scene.at).duty.on
    clock(scene, NINE + timedelta(seconds=AGENCY.hand_off_s))
    rings = queries.rings(scene.call())
    assert rings is not None and rings.to_user == LIN, "and whoever is still there is rung next"
    clock(scene, scene.at + timedelta(seconds=AGENCY.hand_off_s))
    assert scene.call().seeking is not None and queries.controller(scene.call()) == OKAFOR
    clock(scene, scene.at + timedelta(seconds=AGENCY.hand_off.queue_s))
    assert AlarmKind.HAND_OFF_UNANSWERED in alarms(scene) and queries.is_pending(scene.call())


def test_scenario_2_a_knife_at_minute_four_while_a_clinician_is_on_the_line_and_a_team_on_its_way() -> None:
    scene = taken(floor().given(receive(), NO_WEAPON))
    scene.given(c.AskForResponse(CALL, AskId("a"), TEAM, "he wants somebody to come"), by=REYES)
    scene.given(c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE))
    scene.at += timedelta(minutes=4)
    scene.given(A_KNIFE, by=REYES)
    (turn,) = scene.call().transitions
    assert set(turn.programmes) == {TEAM, PHONE} and turn.instead == ARMED and turn.by == REYES
    untold = {party.key for party in turn.untold}
    assert f"unit:{T1}" in untold and f"clinician:{REYES}" not in untold, "who learned it knows"
    assert AlarmKind.VERDICT_TURNED in alarms(scene)
    assert queries.controller(scene.call()) == REYES and scene.state.people[REYES].status is PresenceStatus.ON_CALL
    assert scene.rejected(c.CloseCall(CALL, outcome="by_phone"), by=REYES) == "unit-still-assigned"
    scene.given(c.RecallUnit(T1, "a knife"))
    assert scene.rejected(c.CloseCall(CALL, outcome="by_phone"), by=REYES) == "turn-not-told"
    told = TransitionId(turn.transition_id)
    scene.given(*(c.TellOfTransition(CALL, told, party.key) for party in turn.untold))
    assert scene.rejected(c.DispatchUnit(T1, CALL)) == "programme-denied"
    scene.given(c.DispatchUnit(next(u for u, unit in scene.state.units.items() if unit.programme == ARMED), CALL))
    assert AlarmKind.VERDICT_TURNED not in alarms(scene) and queries.on_the_line(scene.call()) == REYES


def test_scenario_2_a_knife_while_the_clinician_is_still_being_connected() -> None:
    scene = accepted(floor().given(receive(), NO_WEAPON)).given(A_KNIFE)
    (turn,) = scene.call().transitions
    assert f"clinician:{REYES}" in {party.key for party in turn.untold}, "they are on the line and must hear of it"
    assert queries.controller(scene.call()) == OKAFOR and queries.on_the_line(scene.call()) == REYES


def test_scenario_4_the_first_declines_nothing_is_heard_of_the_second_and_the_queue_takes_over() -> None:
    scene = floor().given(receive(), offer()).given(c.SeeHandOff(CALL, HandOffId("h1")), by=REYES)
    scene.given(c.DeclineHandOff(CALL, HandOffId("h1"), "busy"), by=REYES)
    scene.given(c.LoseDesk(LIN, DeskId("desk-lin")))
    scene.at += timedelta(minutes=1)
    found = whom_to_ring(scene.state, scene.call(), PHONE)
    assert found.candidates == ()
    assert {one.person.user_id: one.reason for one in found.passed_over} == {
        REYES: "Reyes declined: busy.",
        LIN: "Lin is unreachable: nothing is heard of their desk.",
    }
    clock(scene, scene.at)
    seeking = scene.call().seeking
    assert seeking is not None and seeking.queued_at == scene.at - timedelta(seconds=1)
    assert [h.state for h in scene.call().hand_offs] == [HandOffState.DECLINED], "nobody absent was rung"
    clock(scene, seeking.queued_at + timedelta(seconds=AGENCY.hand_off.queue_s))
    assert AlarmKind.HAND_OFF_UNANSWERED in alarms(scene), "now the proposed other response is what to do"
    assert queries.controller(scene.call()) == OKAFOR and queries.is_pending(scene.call())
    clock(scene.given(c.FindDesk(LIN, DeskId("desk-lin"))), scene.at)
    rings = queries.rings(scene.call())
    assert rings is not None and rings.to_user == LIN, "heard of again, they are rung"


def test_scenario_10_the_fifth_call_of_a_known_neighbor_gets_its_own_triage_and_is_no_lower() -> None:
    scene, number = floor(), "919 555 0100"
    scene.given(c.KeepNeighbor(NeighborId("sam"), (number,), (), "Sam", "", "speak slowly"), by=REYES)
    earlier = [CallId(f"earlier-{n}") for n in range(4)]
    for call_id in earlier:
        scene.given(receive(call_id, callback=number), c.CloseCall(call_id, missed="all_busy"))
    scene.given(receive(callback="(919) 555-0100"))
    known = neighbor_of(scene.state, scene.call())
    assert known is not None and known.approach == "speak slowly"
    assert [one.call_id for one in queries.contacts(scene.state, scene.call())] == earlier[::-1]
    fifth, first = scene.call(), scene.call(earlier[0])
    assert (fifth.priority, fifth.open_to, fifth.nature) == (first.priority, first.open_to, first.nature)
    assert fifth.answers == () and fifth.facts == {}, "nothing is carried over: it is asked anew"
    assert queries.is_pending(fifth) and whom_to_ring(scene.state, fifth, PHONE).candidates


def test_scenario_12_a_supervisor_takes_over_from_a_desk_of_which_nothing_is_heard_and_nothing_moves_by_itself() -> None:
    scene = taken(floor().given(receive(), sign_in(LINDQVIST, Role.SUPERVISOR)))
    scene.given(c.LoseDesk(REYES, DeskId("desk-reyes")))
    clock(scene, scene.at + timedelta(minutes=10))
    assert queries.controller(scene.call()) == REYES, "ten minutes, and nobody was put in their place"
    assert AlarmKind.HOLDER_UNREACHABLE in alarms(scene)
    assert scene.rejected(c.TakeOverCall(CALL, HandOffId("over"), ""), by=LINDQVIST) == "text-missing"
    scene.given(c.TakeOverCall(CALL, HandOffId("over"), "no answer at the desk or by radio"), by=LINDQVIST)
    (over,) = scene.call().take_overs
    assert (over.by, over.from_user, over.reason) == (LINDQVIST, REYES, "no answer at the desk or by radio")
    assert queries.controller(scene.call()) == LINDQVIST and AlarmKind.HOLDER_UNREACHABLE not in alarms(scene)
    scene.given(c.FindDesk(REYES, DeskId("desk-reyes")))
    assert queries.held(scene.state, REYES) == [], "found again, they learn that it is another's now"
    assert scene.rejected(c.ReturnHandOff(CALL, HandOffId("h1"), "x"), by=REYES) == "not-in-care"


def test_scenario_13_at_the_end_of_the_shift_three_callers_in_care_each_have_a_receiver_or_are_given_back() -> None:
    moss, night = UserId("moss"), UserId("night")
    scene = floor().given(sign_in(moss), sign_in(NOVAK, Role.TELECOMMUNICATOR))
    one, two, three = (CallId(n) for n in ("one", "two", "three"))
    for call_id, who in zip((one, two, three), (REYES, LIN, moss), strict=True):
        taken(scene.given(receive(call_id)), who, f"h-{call_id}", call_id)
    for who in (REYES, LIN, moss):
        assert scene.rejected(c.SignOff(who)) == "calls-in-care"
    scene.given(sign_in(night))
    scene.given(c.OfferHandOff(one, HandOffId("on"), night, "he likes to be called Sam"), by=REYES)
    assert scene.rejected(c.SignOff(REYES)) == "calls-in-care", "offered is not received"
    scene.given(c.AcceptHandOff(one, HandOffId("on")), by=night)
    assert scene.rejected(c.SignOff(REYES)) == "calls-in-care", "accepted is not released"
    released(scene, "on", one, by=REYES).given(c.SignOff(REYES))
    scene.given(c.ReturnHandOff(two, HandOffId("h-two"), "my shift ends, nobody is free"), c.SignOff(LIN), by=LIN)
    scene.given(c.CloseCall(three, outcome="by_phone"), c.SignOff(moss), by=moss)
    assert queries.controller(scene.call(one)) == night and queries.controller(scene.call(two)) == OKAFOR
    assert queries.is_pending(scene.call(two)), "given back: dispatch sees it wait"
    assert scene.rejected(c.SignOff(night)) == "calls-in-care"
