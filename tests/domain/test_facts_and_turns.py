"""Facts that change in the course of a call, and what follows when a response is already on its way."""

import pytest
from msgspec.structs import replace

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.commands import Rejected
from console.domain.conditions import NOT_KNOWN
from console.domain.eligibility import Standing, response, verdicts
from console.domain.ids import FactName, HandOffId, QuestionId
from console.domain.state import Source, UnitStatus
from console.domain.triage import interview
from tests.support.agency import AGENCY, ARMED, BURGLARY, PHONE, PROTOCOL, TEAM, TRESPASS, VIOLENCE, WEAPON, question
from tests.support.scenes import CALL, LIN, REYES, T1, T2, Scene, floor, offer, receive, status

ASK, THEN = QuestionId("weapon"), QuestionId("violence")


def answer(key: str, of: QuestionId = ASK, protocol: str = "crisis") -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, protocol, of, key)


def by_hand(fact: FactName, value: str) -> c.SetFact:
    return c.SetFact(CALL, fact, value, "said by somebody there")


def twice() -> Scene:
    """A floor whose question about the weapon is put a second time in other words."""
    first, *rest = PROTOCOL.questions
    asking = replace(PROTOCOL, questions=(replace(first, again={"en": "Anything in their hands?", "es": "?"}), *rest))
    return floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(asking,))), receive())


# ------------------------------------------------------------------------------------------------------ asked once more


def test_given_not_known_to_a_question_with_other_words_then_nothing_is_settled_and_it_is_asked_again() -> None:
    scene = twice().given(answer("4"))
    step = interview.step(scene.state.agency.protocols[0], scene.call())
    assert isinstance(step, interview.Asking) and (step.question.id, step.again) == (ASK, True)
    assert WEAPON not in scene.call().facts, "asked once in vain is not yet asked"


def test_given_not_known_twice_then_it_is_not_known_and_never_no_and_nobody_unarmed_is_proposed() -> None:
    scene = twice().given(answer("4"), answer("4"), answer("1", THEN))
    call = scene.call()
    assert call.facts[WEAPON] == NOT_KNOWN and call.answers[0].attempt == 2
    found = response(scene.state.agency, call.circumstances, scene.state.agency.protocols[0])
    programme = scene.state.agency.programme(found.propose)
    assert (
        programme is None
        or not programme.unarmed
        or verdicts(scene.state.agency, call.circumstances)[programme.code].open == ()
    )
    assert scene.when(answer("4")) == (), "a third time is nothing new"


def test_given_not_known_twice_when_it_is_learned_after_all_then_the_answer_stands() -> None:
    scene = twice().given(answer("4"), answer("4"), answer("1"))
    assert scene.call().facts[WEAPON] == "none" and scene.call().answers[0].attempt == 1


# ------------------------------------------------------------------------------------------------------- answers that rest


def test_given_an_earlier_answer_changed_then_later_ones_that_no_longer_apply_rest_and_come_back_with_it() -> None:
    scene = floor().given(receive(), answer("1"), answer("2", THEN))
    assert scene.call().facts == {WEAPON: "none", VIOLENCE: "yes"}
    scene.given(answer("3"))
    assert scene.call().facts == {WEAPON: "secured"}, "violence is asked only where there is no weapon"
    assert [a.applies for a in scene.call().answers] == [False, True], "it is kept, and rests"
    scene.given(answer("1"))
    assert scene.call().facts == {WEAPON: "none", VIOLENCE: "yes"}


def test_given_another_nature_with_its_own_protocol_then_facts_are_carried_over_and_not_asked_again() -> None:
    other = replace(
        PROTOCOL,
        id="other",
        questions=(question("armed", WEAPON, "none", "near"), question("calm", FactName("calm"), "yes")),
    )
    facts = AGENCY.facts | {FactName("calm"): AGENCY.facts[VIOLENCE]}
    natures = AGENCY.natures | {TRESPASS: replace(AGENCY.natures[TRESPASS], protocol="other")}
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(PROTOCOL, other), natures=natures, facts=facts)))
    scene.given(receive(), answer("1"), c.RecodeCall(CALL, TRESPASS))
    step = interview.step(other, scene.call())
    assert isinstance(step, interview.Asking) and step.question.id == "calm", "whether there is a weapon is known already"
    assert scene.call().facts == {WEAPON: "none"}


def test_given_the_source_has_a_protocol_of_its_own_then_it_goes_before_the_natures() -> None:
    short = replace(PROTOCOL, id="officer", sources=("officer",), questions=PROTOCOL.questions[:1])
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(PROTOCOL, short))))
    scene.given(replace(receive(), source=Source.OFFICER))
    assert interview.protocol_for(scene.state.agency, scene.call()) == short


# ------------------------------------------------------------------------------------------------------- facts by hand


def test_given_a_fact_set_by_hand_then_it_counts_with_its_reason_until_a_later_answer_or_its_taking_back() -> None:
    scene = floor().given(receive(), c.SetFact(CALL, WEAPON, "none", "officer searched him"))
    assert scene.call().facts == {WEAPON: "none"} and scene.call().told[0].reason == "officer searched him"
    step = interview.step(PROTOCOL, scene.call())
    assert isinstance(step, interview.Asking) and step.question.id == THEN, "what is known is not asked"
    scene.given(answer("2"))
    assert scene.call().facts[WEAPON] == "near", "the later word wins"
    scene.given(c.TakeBackFact(CALL, WEAPON))
    assert scene.call().facts[WEAPON] == "near" and not scene.call().told


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.SetFact(CALL, FactName("mood"), "none", "x"), "fact-unknown"),
        (c.SetFact(CALL, WEAPON, "purple", "x"), "value-unknown"),
        (c.SetFact(CALL, WEAPON, "none", " "), "text-missing"),
    ],
)
def test_given_a_fact_that_is_none_then_it_is_refused(command: c.SetFact, code: str) -> None:
    verdict = floor().given(receive()).when(command)
    assert isinstance(verdict, Rejected) and verdict.code == code


def test_given_a_flag_that_tells_a_fact_then_it_is_told_with_the_flag_and_goes_with_it() -> None:
    scene = floor().given(receive(), c.RaiseFlag(CALL, "armed"))
    assert scene.call().facts == {WEAPON: "near"}
    scene.given(c.LowerFlag(CALL, "armed"))
    assert scene.call().facts == {} and scene.call().flags == ()
    flagged = floor().given(receive(flags=("armed",)))
    assert flagged.call().facts == {WEAPON: "near"}, "a flag that comes with the call counts too"


# ------------------------------------------------------------------------------------------------------------ the turn


def test_given_a_team_on_the_way_when_a_weapon_is_told_then_one_event_says_who_to_tell_and_what_goes_instead() -> None:
    scene = floor().given(receive(), answer("1"), c.DispatchUnit(T1, CALL), c.DispatchUnit(T2, CALL))
    happened = scene.when(answer("2"))
    assert isinstance(happened, tuple)
    (turned,) = [event for event in happened if isinstance(event, e.VerdictTurned)]
    assert turned.programmes == (TEAM,) and turned.because == ("a weapon is there",)
    assert turned.facts == {WEAPON: "near"} and turned.instead == ARMED
    assert turned.to_tell == ("caller", "unit:T1", "unit:T2", "service:POLICE"), "the clinician has nothing to do with it"
    (record,) = scene.call().transitions
    assert record.by == "okafor" and record.at == scene.log[-1].at and len(record.untold) == 4


def test_given_a_clinician_on_the_line_when_a_weapon_is_told_then_the_clinician_is_told_too() -> None:
    scene = floor().given(receive(), offer()).given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    scene.given(answer("2"))
    (record,) = scene.call().transitions
    assert record.programmes == (PHONE,) and "clinician:reyes" in [party.key for party in record.parties]


def test_given_a_clinician_by_whose_own_word_it_turned_then_they_know() -> None:
    scene = floor().given(receive(), offer()).given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    scene.given(answer("2"), by=REYES)
    (record,) = scene.call().transitions
    assert [party.key for party in record.untold] == ["caller", "service:POLICE"]
    assert {party.key: party.told_by for party in record.parties}["clinician:reyes"] == REYES


@pytest.mark.parametrize(
    "learned",
    [
        c.SetFact(CALL, WEAPON, "near", "officer saw it"),
        c.RaiseFlag(CALL, "armed"),
        c.PrioritiseCall(CALL, "P"),
        c.RecodeCall(CALL, "BURGLARY"),  # type: ignore[arg-type]
    ],
    ids=lambda command: type(command).__name__,
)
def test_given_a_team_on_scene_when_anything_learned_excludes_it_then_it_turns(learned: c.AnyCommand) -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    scene.given(learned)
    assert [t.programmes for t in scene.call().transitions] == [(TEAM,)]


def test_given_known_to_fit_when_it_becomes_not_known_then_that_is_a_turn_too() -> None:
    scene = floor().given(receive(), answer("1"), c.DispatchUnit(T1, CALL))
    assert verdicts(AGENCY, scene.call().circumstances)[TEAM].standing is Standing.ELIGIBLE
    scene.given(answer("4"))
    (record,) = scene.call().transitions
    assert record.because == ("Weapon not known",)


def test_given_nobody_on_the_way_or_nothing_new_then_no_turn() -> None:
    scene = floor().given(receive(), answer("2"))
    assert scene.call().transitions == ()
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), answer("1"), c.SetFact(CALL, VIOLENCE, "yes", "heard it"))
    assert scene.call().transitions == ()
    scene.given(answer("2"), c.SetFact(CALL, WEAPON, "secured", "officer has it"))
    assert len(scene.call().transitions) == 1, "it was excluded already"


def test_given_a_turn_then_each_party_is_ticked_once_with_time_and_person_and_the_call_closes_only_then() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), answer("2"), c.RecallUnit(T1, "a weapon"))
    (record,) = scene.call().transitions
    tell = [c.TellOfTransition(CALL, record.transition_id, party.key) for party in record.parties]
    assert scene.rejected(c.CloseCall(CALL, missed="excluded")) == "turn-not-told"
    scene.given(*tell, by=LIN)
    assert {party.told_by for party in scene.call().transitions[0].parties} == {LIN}
    assert scene.when(tell[0]) == (), "told once is told"
    assert scene.rejected(c.TellOfTransition(CALL, record.transition_id, "unit:X9")) == "party-unknown"
    scene.given(c.CloseCall(CALL, missed="excluded"))


# ------------------------------------------------------------------------------------- asked in vain: the careful choice


def test_given_a_weapon_asked_in_vain_when_an_unarmed_team_is_sent_then_a_person_says_why() -> None:
    scene = floor().given(receive(), answer("4"))
    refused = scene.when(c.DispatchUnit(T1, CALL))
    assert isinstance(refused, Rejected) and refused.code == "override-needed"
    assert refused.reason == "Weapon could not be learned, and T1 goes unarmed. Say why it is to go all the same."
    scene.given(c.DispatchUnit(T1, CALL, override="an officer stands beside them"))
    assert scene.call().open_to == (PHONE,)


def test_given_every_programme_in_doubt_in_vain_then_the_call_stays_eligible_and_is_not_lost() -> None:
    scene = floor().given(receive(nature=BURGLARY), by_hand(WEAPON, NOT_KNOWN), c.RecodeCall(CALL, TRESPASS))
    call = scene.call()
    assert call.open_to == () and call.eligible_since is not None and queries.is_pending(call)


def test_given_a_unit_sent_before_anything_was_asked_when_the_weapon_is_asked_in_vain_then_its_verdict_turned() -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL)).given(answer("4"))
    (transition,) = scene.call().transitions
    assert transition.programmes == (TEAM,) and transition.because == ("Weapon not known",)


def test_given_a_unit_sent_over_what_could_not_be_learned_when_it_goes_then_nothing_turned_until_it_is_excluded() -> None:
    scene = floor().given(receive(), answer("4"), c.DispatchUnit(T1, CALL, override="asked for by an officer there"))
    assert scene.call().transitions == ()
    scene.given(by_hand(WEAPON, "near"))
    assert [t.programmes for t in scene.call().transitions] == [(TEAM,)]


def test_given_a_unit_sent_off_the_list_when_a_weapon_is_told_then_that_is_a_turn_too() -> None:
    scene = floor().given(receive(nature=BURGLARY), c.DispatchUnit(T1, CALL, "the neighbor asks for them"))
    scene.given(c.SetFact(CALL, WEAPON, "near", "officer saw it"))
    (record,) = scene.call().transitions
    assert record.programmes == (TEAM,) and record.because == ("a weapon is there",)


def test_given_a_flag_lowered_then_what_a_person_or_another_flag_told_of_the_fact_stands() -> None:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, flags={"armed": {WEAPON: "near"}, "knife": {WEAPON: "near"}})))
    scene.given(receive(), c.RaiseFlag(CALL, "armed"), c.RaiseFlag(CALL, "knife"), c.LowerFlag(CALL, "knife"))
    assert scene.call().facts == {WEAPON: "near"}, "the other flag is still up"
    scene.given(c.SetFact(CALL, WEAPON, "secured", "officer has it"), c.LowerFlag(CALL, "armed"))
    assert scene.call().facts == {WEAPON: "secured"}, "a person said so, not the flag"
