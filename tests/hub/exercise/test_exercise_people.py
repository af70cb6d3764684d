"""Real people among the simulated ones: whoever they are is not played, and what they touch is left to them."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import queries
from console.domain.asks import AskOutcome
from console.domain.commands import AnyCommand, Rejected
from console.domain.events import HandOffAccepted, HandOffOffered, HandOffTimedOut
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import AskId, CallId, DeskId, EntryId, HandOffId, NatureCode, ProgrammeCode, UserId
from console.domain.state import Place, PresenceStatus, Source, State, Unit, UnitStatus
from console.domain.triage import interview
from console.hub.exercise.rehearsal import Happened, Rehearsal
from console.hub.exercise.world import EXERCISE
from tests.support.exercise import at, exercise, rehearsal, without_routine

BRANDT, OKAFOR, REYES = UserId("brandt"), UserId("okafor"), UserId("reyes")
CCD = ProgrammeCode("CCD")
AFTERNOON = at(14.5)


@pytest.fixture
def played() -> Rehearsal:
    """The board as it stands in the afternoon."""
    found = rehearsal(without_routine(exercise()), at(8.5))
    until(found, AFTERNOON)
    return found


def until(played: Rehearsal, when: datetime) -> list[Happened]:
    return list(played.play(when))


def comes_in(played: Rehearsal, user: UserId, when: datetime) -> None:
    """A real person signs in at a real desk."""
    person = next(p for p in exercise().script.people if p.user_id == user)
    command = c.SignIn(user, person.name, person.role, DeskId("desk-1"), programme=person.programme)
    assert not isinstance(played.do(command, user, when).outcome, Rejected)


def receives(played: Rehearsal, nature: str, when: datetime, by: UserId = EXERCISE, name: str = "call") -> CallId:
    call_id = CallId(name)
    command = c.ReceiveCall(call_id, Source.CALL_911, NatureCode(nature), Place("200 Main St", 35.996, -78.902))
    assert not isinstance(played.do(command, by, when).outcome, Rejected)
    return call_id


def about(command: AnyCommand, call_id: CallId) -> bool:
    return getattr(command, "call_id", None) == call_id


def a_free_unit(state: State) -> Unit:
    return next(u for u in state.units.values() if u.status is UnitStatus.AVAILABLE and u.programme == "CRT")


def test_given_a_real_person_when_they_sign_in_then_the_exercise_does_not_act_for_them(played: Rehearsal) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    happened = until(played, AFTERNOON + timedelta(hours=2))
    assert len(happened) > 100
    assert OKAFOR not in {h.by for h in happened}


def test_given_a_real_person_when_they_leave_then_the_exercise_plays_them_again(played: Rehearsal) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    until(played, AFTERNOON + timedelta(minutes=5))
    played.do(c.SignOff(OKAFOR), OKAFOR, AFTERNOON + timedelta(minutes=5))
    until(played, AFTERNOON + timedelta(minutes=6))
    assert played.state.people[OKAFOR].status is PresenceStatus.SIGNED_OFF
    happened = until(played, AFTERNOON + timedelta(hours=1))
    assert played.state.people[OKAFOR].status is PresenceStatus.READY
    assert sum(h.by == OKAFOR for h in happened) > 10


def test_given_a_call_a_real_person_touched_then_nobody_else_lays_a_hand_on_it_until_they_leave(played: Rehearsal) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    call_id = receives(played, "WELFARE", AFTERNOON)
    call = played.state.calls[call_id]
    protocol = interview.protocol_for(played.state.agency, call)
    assert protocol is not None
    first = protocol.questions[0]
    played.do(c.AnswerQuestion(call_id, protocol.id, first.id, first.answers[0].key), OKAFOR, AFTERNOON)
    later = AFTERNOON + timedelta(hours=2)
    assert not [h for h in until(played, later) if about(h.command, call_id)]
    played.do(c.SignOff(OKAFOR), OKAFOR, later)
    until(played, later + timedelta(hours=6))
    assert played.state.calls[call_id].closing is not None


def test_given_a_real_telecommunicator_then_some_calls_are_left_to_them_for_a_while(played: Rehearsal) -> None:
    def first_answers(done: list[Happened]) -> list[float]:
        calls = played.state.calls
        answered: dict[CallId, datetime] = {}
        for h in done:
            if isinstance(h.command, c.AnswerQuestion) and calls[h.command.call_id].received_at > AFTERNOON:
                answered.setdefault(h.command.call_id, h.at)
        return [(when - calls[call_id].received_at).total_seconds() for call_id, when in answered.items()]

    comes_in(played, OKAFOR, AFTERNOON)
    waited = first_answers(until(played, AFTERNOON + timedelta(hours=3)))
    assert 2 <= sum(seconds > 200 for seconds in waited) < len(waited) * 0.7
    assert any(seconds < 60 for seconds in waited)


def test_given_real_clinicians_then_offers_ring_and_run_out_unless_they_answer(played: Rehearsal) -> None:
    clinicians = [p.user_id for p in queries.clinicians(played.state)]
    for user in clinicians:
        comes_in(played, user, AFTERNOON)
        played.do(c.SetPresence(PresenceStatus.READY), user, AFTERNOON)
    for n in range(8):
        receives(played, "CCD", AFTERNOON + timedelta(minutes=n), name=f"talk {n}")
    events = [
        e for h in until(played, AFTERNOON + timedelta(minutes=30)) if not isinstance(h.outcome, Rejected) for e in h.outcome
    ]
    offered = [e for e in events if isinstance(e, HandOffOffered)]
    assert offered and {e.to_user for e in offered} <= set(clinicians)
    assert [e for e in events if isinstance(e, HandOffTimedOut)]
    assert not [e for e in events if isinstance(e, HandOffAccepted)]


def hands_off(played: Rehearsal, nature: str, by: UserId, to: UserId) -> CallId:
    """A call that one person offers another, who answers or not."""
    call_id = receives(played, nature, AFTERNOON, by)
    offer = c.OfferHandOff(call_id, HandOffId("h1"), to)
    assert not isinstance(played.do(offer, by, AFTERNOON).outcome, Rejected)
    return call_id


def hand_off_of(played: Rehearsal, call_id: CallId) -> HandOff:
    found = played.state.calls[call_id].hand_off
    assert found is not None
    return found


def ready(played: Rehearsal, user: UserId) -> None:
    """Somebody who can be rung at once, whatever they did a moment before."""
    for call in queries.held(played.state, user):
        played.do(c.CloseCall(call.call_id, outcome="PHONE"), user, AFTERNOON)
    played.do(c.SetPresence(PresenceStatus.READY), user, AFTERNOON)


def test_given_a_real_clinician_who_accepts_then_the_other_side_tells_verifies_and_releases_and_the_caller_is_theirs(
    played: Rehearsal,
) -> None:
    comes_in(played, REYES, AFTERNOON)
    call_id = hands_off(played, "CCD", BRANDT, REYES)
    played.do(c.AcceptHandOff(call_id, HandOffId("h1")), REYES, AFTERNOON + timedelta(seconds=8))
    happened = until(played, AFTERNOON + timedelta(minutes=1))
    strip = [(type(h.command), h.by) for h in happened if about(h.command, call_id)]
    assert strip == [(c.TellCaller, BRANDT), (c.VerifyConnection, BRANDT), (c.ReleaseHandOff, BRANDT)]
    until(played, AFTERNOON + timedelta(hours=3))
    call = played.state.calls[call_id]
    assert (call.in_care_of, call.closing) == (REYES, None)
    assert hand_off_of(played, call_id).state is HandOffState.RELEASED


def test_given_a_real_telecommunicator_then_the_clinician_sees_accepts_and_verifies_and_the_rest_is_theirs(
    played: Rehearsal,
) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    ready(played, REYES)
    call_id = hands_off(played, "CCD", OKAFOR, REYES)
    happened = until(played, AFTERNOON + timedelta(minutes=5))
    strip = [(type(h.command), h.by) for h in happened if about(h.command, call_id)]
    assert strip == [(c.SeeHandOff, REYES), (c.AcceptHandOff, REYES), (c.VerifyConnection, REYES)]
    hand_off = hand_off_of(played, call_id)
    assert hand_off.connection is not None and hand_off.connection.verified is not None and hand_off.accepted_at is not None
    assert hand_off.connection.verified.at - hand_off.accepted_at == timedelta(seconds=10)
    assert (hand_off.state, hand_off.missing) == (HandOffState.BRIDGED, ("the caller is told",))
    for command in (c.TellCaller(call_id, HandOffId("h1")), c.ReleaseHandOff(call_id, HandOffId("h1"))):
        played.do(command, OKAFOR, AFTERNOON + timedelta(minutes=5))
    until(played, AFTERNOON + timedelta(hours=3))
    call = played.state.calls[call_id]
    assert hand_off_of(played, call_id).taken_at == AFTERNOON + timedelta(minutes=5)
    assert call.in_care_of is None, "the clinician talked, and closed the call or gave it back"


def test_given_a_real_telecommunicator_who_says_it_first_then_the_clinician_says_nothing(played: Rehearsal) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    ready(played, REYES)
    call_id = hands_off(played, "CCD", OKAFOR, REYES)
    for happened in played.play(AFTERNOON + timedelta(minutes=1)):
        if isinstance(happened.command, c.AcceptHandOff) and about(happened.command, call_id):
            played.do(c.VerifyConnection(call_id, HandOffId("h1")), OKAFOR, happened.at + timedelta(seconds=4))
    line = hand_off_of(played, call_id).connection
    assert line is not None and line.verified is not None and line.verified.by == OKAFOR


def test_given_a_real_clinician_who_asks_for_a_unit_then_dispatch_sends_one_and_the_caller_stays_with_them(
    played: Rehearsal,
) -> None:
    comes_in(played, REYES, AFTERNOON)
    call_id = hands_off(played, "WELFARE", BRANDT, REYES)
    played.do(c.AcceptHandOff(call_id, HandOffId("h1")), REYES, AFTERNOON)
    played.do(c.AddNarrative(call_id, EntryId("e1"), "He wants somebody to come."), REYES, AFTERNOON)
    later = AFTERNOON + timedelta(minutes=30)
    until(played, later)
    assert not played.state.calls[call_id].assignments, "nobody asked"
    code = next(u.programme for u in played.state.units.values() if u.status is UnitStatus.AVAILABLE)
    for ask_id, wanted in (("a1", code), ("a2", "EMS")):
        played.do(c.AskForResponse(call_id, AskId(ask_id), wanted), REYES, later)
    until(played, AFTERNOON + timedelta(hours=3))
    call = played.state.calls[call_id]
    assert call.assignments and call.assignments[0].arrived_at is not None
    assert [order.service for order in call.services] == ["EMS"]
    assert not queries.unmet(call) and call.in_care_of == REYES


def test_given_a_real_clinician_who_asks_when_nobody_is_free_then_dispatch_says_so(played: Rehearsal) -> None:
    comes_in(played, REYES, AFTERNOON)
    call_id = hands_off(played, "WELFARE", BRANDT, REYES)
    played.do(c.AcceptHandOff(call_id, HandOffId("h1")), REYES, AFTERNOON)
    asked = AFTERNOON + timedelta(minutes=1)
    for _ in played.play(asked):
        pass
    for unit in played.state.units.values():
        if unit.programme == "CRT" and unit.status is UnitStatus.AVAILABLE:
            played.do(c.SetUnitStatus(unit.unit_id, UnitStatus.OUT_OF_SERVICE), UserId(unit.unit_id), asked)
    played.do(c.AskForResponse(call_id, AskId("a1"), "CRT"), REYES, asked)
    for _ in played.play(asked + timedelta(minutes=3)):
        pass
    [ask] = played.state.calls[call_id].asks
    assert ask.answer is not None
    assert (ask.answer.outcome, ask.answer.reason) == (AskOutcome.DECLINED, "Community Response Team has nobody free.")


def test_given_a_threat_that_a_real_clinician_discloses_then_dispatch_reads_it(played: Rehearsal) -> None:
    comes_in(played, REYES, AFTERNOON)
    call_id = hands_off(played, "CCD", BRANDT, REYES)
    played.do(c.AcceptHandOff(call_id, HandOffId("h1")), REYES, AFTERNOON)
    told = c.DiscloseThreat(call_id, "d1", "POLICE", "Says he is on his way to her.", "Names her, the place, and today.")
    played.do(told, REYES, AFTERNOON + timedelta(seconds=5))
    until(played, AFTERNOON + timedelta(minutes=1))
    [disclosure] = played.state.calls[call_id].disclosures
    assert disclosure.acknowledged is not None and disclosure.acknowledged.by == BRANDT


def test_given_a_caller_who_waits_past_the_limit_then_another_response_goes_and_the_queue_is_left(played: Rehearsal) -> None:
    for person in queries.clinicians(played.state):
        comes_in(played, person.user_id, AFTERNOON)
        played.do(c.SetPresence(PresenceStatus.AWAY, "meeting"), person.user_id, AFTERNOON)
    call_id = receives(played, "CCD", AFTERNOON)
    assert not isinstance(played.do(c.QueueForClinician(call_id, CCD), BRANDT, AFTERNOON).outcome, Rejected)
    limit = AFTERNOON + timedelta(seconds=played.state.agency.hand_off.queue_s)
    until(played, limit)
    assert played.state.calls[call_id].seeking is not None
    until(played, limit + timedelta(minutes=5))
    call = played.state.calls[call_id]
    assert call.seeking is None and (call.services or call.assignments)
    until(played, limit + timedelta(hours=6))
    closing = played.state.calls[call_id].closing
    assert closing is not None and (closing.missed == "TIMEDOUT" or call.assignments)


def test_given_somebody_who_let_an_offer_ring_out_then_the_next_is_rung_and_they_come_back(played: Rehearsal) -> None:
    whole = without_routine(exercise())
    deaf = replace(whole, script=replace(whole.script, phone=replace(whole.script.phone, let_ring=1.0, decline=0.0)))
    board = Rehearsal(deaf.simulation(played.state, AFTERNOON), played.state)
    ready(board, REYES)
    call_id = hands_off(board, "CCD", BRANDT, REYES)
    happened = until(board, AFTERNOON + timedelta(minutes=15))
    rung = {h.command.to_user for h in happened if isinstance(h.command, c.OfferNext) and about(h.command, call_id)}
    assert board.state.calls[call_id].hand_offs[0].state is HandOffState.TIMED_OUT
    assert rung - {REYES}
    back = [h for h in happened if isinstance(h.command, c.SetPresence) and h.by == REYES]
    assert back and isinstance(back[0].command, c.SetPresence) and back[0].command.status is PresenceStatus.READY


def test_given_a_unit_a_real_person_dispatched_then_its_crew_goes_through_its_statuses(played: Rehearsal) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    call_id, unit = receives(played, "ASSISTPERSON", AFTERNOON), a_free_unit(played.state)
    outcome = played.do(c.DispatchUnit(unit.unit_id, call_id), OKAFOR, AFTERNOON).outcome
    assert not isinstance(outcome, Rejected)
    steps = [
        h.command.status
        for h in until(played, AFTERNOON + timedelta(hours=3))
        if isinstance(h.command, c.SetUnitStatus) and str(h.by) == unit.unit_id
    ]
    assert steps[:3] == [UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE]
    assert UnitStatus.CLEAR in steps
    call = played.state.calls[call_id]
    assert queries.served(call) and call.closing is None


def test_given_a_unit_that_asks_for_backup_then_it_is_acknowledged_sent_and_cleared_with_a_reason(
    played: Rehearsal,
) -> None:
    call_id, unit = receives(played, "ASSISTPERSON", AFTERNOON), a_free_unit(played.state)
    played.do(c.DispatchUnit(unit.unit_id, call_id), EXERCISE, AFTERNOON)
    service = played.state.agency.other_services[0].code
    played.do(c.RequestBackup(unit.unit_id, service), UserId(unit.unit_id), AFTERNOON + timedelta(seconds=5))
    done = [type(h.command) for h in until(played, AFTERNOON + timedelta(minutes=40)) if _backs(h, unit)]
    assert done == [c.AcknowledgeBackup, c.SendBackup, c.ClearBackup]
    assert played.state.units[unit.unit_id].backup is None


def _backs(happened: Happened, unit: Unit) -> bool:
    kinds = c.AcknowledgeBackup | c.SendBackup | c.ClearBackup
    return isinstance(happened.command, kinds) and happened.command.unit_id == unit.unit_id


@pytest.mark.parametrize(("hour", "missed"), [(3.0, {"OFFSHIFT", "CALLERREF", "CANCELLED", "DUPLICATE"})])
def test_given_a_call_in_the_night_when_nobody_is_on_duty_then_it_is_missed_for_that(hour: float, missed: set[str]) -> None:
    played = rehearsal(without_routine(exercise()), at(hour - 1))
    until(played, at(hour))
    names = [f"night {n}" for n in range(6)]
    for name in names:
        receives(played, "SLEEPING", at(hour), name=name)
    until(played, at(hour + 5))
    closings = [played.state.calls[CallId(name)].closing for name in names]
    reasons = {closing.missed for closing in closings if closing is not None}
    assert len(closings) == 6 and "OFFSHIFT" in reasons
    assert reasons <= missed | {"EXCLUDED", "UNKNOWNRISK"}


def test_given_a_hub_that_starts_again_when_the_exercise_goes_on_then_every_call_still_ends(played: Rehearsal) -> None:
    open_now = [call.call_id for call in queries.open_calls(played.state)]
    assert open_now
    again = Rehearsal(without_routine(exercise()).simulation(played.state, AFTERNOON), played.state)
    refused = [h for h in again.play(AFTERNOON + timedelta(hours=7)) if isinstance(h.outcome, Rejected)]
    assert not refused
    assert all(again.state.calls[call_id].closing for call_id in open_now)


def test_given_a_note_by_a_real_person_when_they_are_signed_in_then_the_call_is_theirs(played: Rehearsal) -> None:
    comes_in(played, OKAFOR, AFTERNOON)
    call_id = receives(played, "TRESPASS", AFTERNOON)
    played.do(c.AddNarrative(call_id, EntryId("e1"), "I have this one."), OKAFOR, AFTERNOON)
    assert not [h for h in until(played, AFTERNOON + timedelta(hours=1)) if about(h.command, call_id)]
