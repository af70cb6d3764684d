"""Something turns after somebody was sent: it is said, everybody is told within a minute, and others go instead."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import unit_status
from console.domain.commands import Rejected
from console.domain.conditions import NOT_KNOWN
from console.domain.events import FactSet, VerdictTurned
from console.domain.ids import CallId, DeskId, FactName, NatureCode, UserId
from console.domain.state import Call, Place, Source
from console.hub.exercise import Exercise
from console.hub.exercise.rehearsal import Happened, Rehearsal
from console.hub.exercise.script import Turn, Turns
from console.hub.exercise.world import EXERCISE
from tests.support.exercise import at, exercise, rehearsal, without_routine

OKAFOR, REYES = UserId("okafor"), UserId("reyes")
NOW = at(11)
KNIFE = Turn(FactName("weapon"), "within_reach", "He has a knife in his hand now.")


def changed(*, minutes: float = 4.0, share: float = 1.0, **script: object) -> Exercise:
    """The shipped exercise with next to no calls of its own, in which everything turns that can."""
    whole = without_routine(exercise())
    kinds = {code: replace(kind, a_day=0.001, truth={}) for code, kind in whole.script.calls.items()}
    calm = {fact: {next(iter(values)): 1.0} for fact, values in whole.script.truth.items()}
    turns = Turns(share, minutes, (KNIFE,))
    sure = {"*": 0.0} if "not_known" not in script else script.pop("not_known")
    floor = replace(whole.script.floor, caller_declines=0, caller_cancels=0, duplicate=0, looked_over={})
    phone = replace(whole.script.phone, decline=0, let_ring=0, asks_for_unit=0)
    parts = {"calls": kinds, "truth": calm, "turns": turns, "not_known": sure, "floor": floor, "phone": phone, **script}
    return replace(whole, script=replace(whole.script, **parts))


def morning(played: Exercise) -> Rehearsal:
    """The people at work and the units in service, and no call yet."""
    found = rehearsal(played, at(9))
    list(found.play(NOW))
    return found


def receives(played: Rehearsal, nature: str, by: UserId = EXERCISE) -> CallId:
    call_id = CallId(f"a {nature}")
    place = Place("200 Main St", 35.996, -78.902)
    assert isinstance(played.do(c.ReceiveCall(call_id, Source.CALL_911, NatureCode(nature), place), by, NOW).outcome, tuple)
    return call_id


def after(played: Rehearsal, hours: float) -> list[Happened]:
    happened = list(played.play(NOW + timedelta(hours=hours)))
    assert not [h for h in happened if isinstance(h.outcome, Rejected)]
    return happened


def turned(happened: list[Happened]) -> VerdictTurned:
    events = [e for h in happened if not isinstance(h.outcome, Rejected) for e in h.outcome if isinstance(e, VerdictTurned)]
    [event] = events
    return event


def told_at(call: Call) -> list[datetime]:
    [transition] = call.transitions
    return [party.told_at for party in transition.parties if party.told_at is not None]


def test_given_a_turn_on_the_way_then_all_are_told_the_team_comes_back_and_what_is_proposed_instead_goes() -> None:
    played = morning(changed(minutes=1.0))
    call_id = receives(played, "WELFARE")
    happened = after(played, 5)
    event, call = turned(happened), played.state.calls[call_id]
    assert (event.programmes, event.instead, event.along) == (("CRT",), "COR", ("POLICE",))
    [fact_set] = [e for h in happened if isinstance(h.outcome, tuple) for e in h.outcome if isinstance(e, FactSet)]
    assert (fact_set.fact, fact_set.value, fact_set.reason) == ("weapon", "within_reach", KNIFE.words)
    told = told_at(call)
    assert [p.kind for p in call.transitions[0].parties] == ["unit", "caller", "service"]
    assert len(told) == 3 and sorted(set(told)) == told, "one after the other"
    assert told[-1] - call.transitions[0].at <= timedelta(minutes=1)
    first, second = call.assignments
    assert (first.programme, first.arrived_at, second.programme) == ("CRT", None, "COR")
    assert "a weapon within reach" in first.recalled and second.arrived_at is not None
    assert [order.service for order in call.services] == ["POLICE"]
    assert call.closing is not None and call.closing.outcome


def test_given_a_turn_at_the_scene_then_the_crew_says_it_and_withdraws_once_everybody_knows() -> None:
    played = morning(changed(minutes=30.0))
    call_id = receives(played, "ASSISTPERSON")
    happened = after(played, 5)
    event, call = turned(happened), played.state.calls[call_id]
    assert (event.programmes, event.instead) == (("CRT",), "POLICE")
    [said] = [h for h in happened if isinstance(h.command, c.SetFact)]
    [crew] = call.assignments
    assert str(said.by) == crew.unit_id and crew.arrived_at is not None and said.at > crew.arrived_at
    assert crew.cleared_at is not None
    assert told_at(call)[-1] < crew.cleared_at <= told_at(call)[-1] + timedelta(minutes=4)
    assert [order.service for order in call.services] == ["POLICE"]
    assert call.closing is not None and call.closing.outcome == exercise().script.codes.outcome_returned


def test_given_a_turn_on_the_line_then_the_clinician_says_it_stays_on_the_line_and_gives_the_caller_back() -> None:
    played = morning(changed(minutes=2.0))
    call_id = receives(played, "MENTAL")
    played.do(c.OfferHandOff(call_id, "h", REYES), EXERCISE, NOW)  # type: ignore[arg-type]
    happened = after(played, 6)
    event, call = turned(happened), played.state.calls[call_id]
    assert event.programmes == ("CCD",)
    [said] = [h for h in happened if isinstance(h.command, c.SetFact)]
    assert said.by == REYES
    assert {p.kind for p in call.transitions[0].parties} == {"caller", "clinician", "service"}
    [back] = [h for h in happened if isinstance(h.command, c.ReturnHandOff)]
    assert back.at > told_at(call)[-1] + timedelta(minutes=2), "they go on talking"
    assert any(a.programme == "COR" for a in call.assignments)
    assert call.closing is not None


def test_given_a_call_of_a_real_person_then_the_ticks_and_the_recall_are_theirs() -> None:
    played = morning(changed(minutes=30.0))
    sign_in = c.SignIn(OKAFOR, "T. Okafor", "telecommunicator", DeskId("desk-1"))  # type: ignore[arg-type]
    played.do(sign_in, OKAFOR, NOW)
    call_id = receives(played, "WELFARE", OKAFOR)
    unit = next(u for u in played.state.units.values() if u.programme == "CRT" and unit_status.on_duty(u))
    played.do(c.DispatchUnit(unit.unit_id, call_id), OKAFOR, NOW)
    happened = after(played, 3)
    call = played.state.calls[call_id]
    assert turned(happened).programmes == ("CRT",)
    assert not [h for h in happened if isinstance(h.command, c.TellOfTransition | c.OrderOtherService)]
    assert len(call.transitions[0].untold) == 3 and call.closing is None


def test_given_a_share_of_nothing_then_nothing_turns() -> None:
    played = morning(changed(share=0.0))
    call_id = receives(played, "WELFARE")
    assert not [h for h in after(played, 5) if isinstance(h.command, c.SetFact)]
    assert not played.state.calls[call_id].transitions


@pytest.mark.parametrize(("again", "weapon"), [(1.0, NOT_KNOWN), (0.0, "none")])
def test_given_a_caller_who_does_not_know_when_asked_in_other_words_then_some_do(again: float, weapon: str) -> None:
    played = morning(changed(share=0.0, not_known={"*": 1.0}, not_known_again=again))
    call_id = receives(played, "WELFARE")
    happened = after(played, 3)
    keys = [h.command.answer for h in happened if isinstance(h.command, c.AnswerQuestion) and h.command.question == "weapon"]
    assert len(keys) == 2 and (keys[0] == keys[1]) is (weapon == NOT_KNOWN)
    call = played.state.calls[call_id]
    assert call.facts[FactName("weapon")] == weapon
    assert not any(a.programme == "CRT" for a in call.assignments) or weapon == "none"
