"""Real people among the simulated ones: whoever they are is not played, and what they touch is left to them."""

from datetime import datetime, timedelta

import pytest

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand, Rejected
from console.domain.events import HandOffAccepted, HandOffOffered, HandOffTimedOut
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, DeskId, EntryId, HandOffId, NatureCode, UserId
from console.domain.state import Place, PresenceStatus, Source, State, Unit, UnitStatus
from console.domain.triage import interview
from console.hub.exercise.rehearsal import Happened, Rehearsal
from console.hub.exercise.world import EXERCISE
from tests.support.exercise import at, exercise, rehearsal, without_routine

OKAFOR, REYES = UserId("okafor"), UserId("reyes")
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


def test_given_a_real_clinician_who_accepts_when_they_ask_nothing_then_the_call_stays_with_them(played: Rehearsal) -> None:
    comes_in(played, REYES, AFTERNOON)
    call_id = receives(played, "CCD", AFTERNOON)
    offer = c.OfferHandOff(call_id, HandOffId("h1"), REYES)
    played.do(offer, EXERCISE, AFTERNOON)
    played.do(c.AcceptHandOff(call_id, HandOffId("h1")), REYES, AFTERNOON)
    until(played, AFTERNOON + timedelta(hours=3))
    call = played.state.calls[call_id]
    assert (call.in_care_of, call.closing) == (REYES, None)
    assert call.hand_off is not None and call.hand_off.state is HandOffState.ACCEPTED


def test_given_a_real_clinician_who_asks_for_a_unit_then_dispatch_sends_one_and_the_caller_stays_with_them(
    played: Rehearsal,
) -> None:
    comes_in(played, REYES, AFTERNOON)
    call_id = receives(played, "WELFARE", AFTERNOON)
    played.do(c.OfferHandOff(call_id, HandOffId("h1"), REYES), EXERCISE, AFTERNOON)
    played.do(c.AcceptHandOff(call_id, HandOffId("h1")), REYES, AFTERNOON)
    played.do(c.AddNarrative(call_id, EntryId("e1"), "He wants somebody to come."), REYES, AFTERNOON)
    until(played, AFTERNOON + timedelta(minutes=30))
    assert not played.state.calls[call_id].assignments, "nobody asked"
    played.do(c.RaiseFlag(call_id, queries.UNIT_WANTED), REYES, AFTERNOON + timedelta(minutes=30))
    until(played, AFTERNOON + timedelta(hours=3))
    call = played.state.calls[call_id]
    assert call.assignments and call.assignments[0].arrived_at is not None
    assert queries.UNIT_WANTED not in call.flags and call.in_care_of == REYES


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
