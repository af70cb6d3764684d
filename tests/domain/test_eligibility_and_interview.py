"""Three-valued verdicts, the response they lead to, and the course of the questions."""

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Circumstances, Condition, Rule, holds
from console.domain.eligibility import Standing, Verdict, response, verdicts
from console.domain.ids import QuestionId
from console.domain.state import Call
from console.domain.triage import interview
from tests.support.agency import AGENCY, ARMED, BURGLARY, CRISIS, PHONE, PROTOCOL, TEAM, VIOLENCE, WEAPON
from tests.support.scenes import CALL, Scene, floor, receive


def answered(*answers: tuple[str, str]) -> Scene:
    scene = floor().given(receive())
    return scene.given(*(c.AnswerQuestion(CALL, "crisis", QuestionId(q), a) for q, a in answers))


def standings(agency: Agency, call: Call) -> dict[str, Standing]:
    return {code: verdict.standing for code, verdict in verdicts(agency, call.circumstances).items()}


def test_given_nothing_known_then_not_known_is_neither_yes_nor_no() -> None:
    found = verdicts(AGENCY, answered().call().circumstances)
    assert found[TEAM].standing is Standing.NOT_KNOWN and found[TEAM].open == (WEAPON,)
    assert found[ARMED].standing is Standing.NOT_KNOWN, "conditional, and the condition is open"
    assert "CARE" not in found, "a follow-up programme is sent to nobody"


def test_given_no_weapon_then_the_team_is_eligible_and_the_conditional_one_is_not() -> None:
    found = standings(AGENCY, answered(("weapon", "1")).call())
    assert found == {PHONE: Standing.ELIGIBLE, TEAM: Standing.ELIGIBLE, ARMED: Standing.NOT}


def test_given_a_weapon_then_it_moves_to_the_armed_programme_with_the_reason() -> None:
    found = verdicts(AGENCY, answered(("weapon", "2")).call().circumstances)
    assert found[TEAM].because == ("a weapon is there",)
    assert found[ARMED].standing is Standing.ELIGIBLE and found[ARMED].because == ("it covers calls with a weapon",)


def test_given_the_weapon_could_not_be_learned_then_it_stays_open_and_is_never_no() -> None:
    found = verdicts(AGENCY, answered(("weapon", "4")).call().circumstances)
    assert found[TEAM].standing is Standing.NOT_KNOWN and found[TEAM].open == (WEAPON,)


def test_given_somebody_at_the_scene_then_what_was_not_asked_is_waived_and_what_was_asked_in_vain_is_not() -> None:
    team = AGENCY.programmes[1]
    criteria = replace(team.criteria, waive=(Rule(Condition(source=("officer",)), "an officer is there"),))
    waiving = replace(AGENCY, programmes=(AGENCY.programmes[0], replace(team, criteria=criteria), *AGENCY.programmes[2:]))
    unasked = verdicts(waiving, Circumstances({}, CRISIS, "2", "officer"))[TEAM]
    assert unasked.standing is Standing.ELIGIBLE and unasked.because == ("an officer is there",)
    in_vain = verdicts(waiving, Circumstances({WEAPON: NOT_KNOWN}, CRISIS, "2", "officer"))[TEAM]
    assert in_vain.standing is Standing.NOT_KNOWN and in_vain.open == (WEAPON,)


def test_given_priority_p_then_deny_wins_over_every_answer() -> None:
    scene = answered(("weapon", "1")).given(c.PrioritiseCall(CALL, "P"))
    assert standings(AGENCY, scene.call())[TEAM] is Standing.NOT


def test_given_a_nature_off_the_list_then_not_and_it_says_so() -> None:
    scene = floor().given(receive(nature=BURGLARY))
    assert verdicts(AGENCY, scene.call().circumstances)[TEAM].because == ("Burglary is not on the list of Team",)
    assert response(AGENCY, scene.call().circumstances, PROTOCOL).propose == ""


def test_given_conditions_then_three_values() -> None:
    condition = Condition(facts={WEAPON: ("near",), VIOLENCE: ("yes",)}, priority=("1", "2"))
    assert holds(condition, Circumstances({WEAPON: "near", VIOLENCE: "yes"}, priority="2")) is True
    assert holds(condition, Circumstances({WEAPON: "near", VIOLENCE: "yes"}, priority="3")) is False
    assert holds(condition, Circumstances({WEAPON: "near"}, priority="2")) is None
    assert holds(condition, Circumstances({WEAPON: "not_known", VIOLENCE: "no"}, priority="2")) is False
    assert holds(Condition(facts={WEAPON: ("not_known",)}), Circumstances({WEAPON: "not_known"}, priority="")) is True


def test_given_answers_then_the_response_names_what_could_still_change_it() -> None:
    first = response(AGENCY, answered().call().circumstances, PROTOCOL)
    assert first.propose == PHONE and not first.settled and WEAPON in first.open
    settled = response(AGENCY, answered(("weapon", "1"), ("violence", "1")).call().circumstances, PROTOCOL)
    assert settled.propose == PHONE and settled.because[0] == "calm, and the caller can talk" and settled.settled
    armed = response(AGENCY, answered(("weapon", "2")).call().circumstances, PROTOCOL)
    assert armed.propose == ARMED and "a weapon is there" in armed.because


def test_given_a_proposal_that_is_denied_then_it_is_passed_over() -> None:
    insisting = replace(PROTOCOL, proposals=(replace(PROTOCOL.proposals[0], propose="TEAM"), *PROTOCOL.proposals))
    assert response(AGENCY, answered(("weapon", "2")).call().circumstances, insisting).propose == ARMED


def test_given_an_interview_then_one_question_at_a_time_and_those_that_do_not_apply_are_skipped() -> None:
    asking = interview.step(PROTOCOL, answered().call())
    assert isinstance(asking, interview.Asking)
    assert (asking.question.id, asking.number, asking.at_most) == ("weapon", 1, 2)
    asking = interview.step(PROTOCOL, answered(("weapon", "1")).call())
    assert isinstance(asking, interview.Asking) and (asking.question.id, asking.number, asking.at_most) == (
        "violence",
        2,
        2,
    )
    assert interview.step(PROTOCOL, answered(("weapon", "2")).call()) == interview.Ended(1)
    told = interview.answered(PROTOCOL, answered(("weapon", "1"), ("violence", "2")).call())
    assert [(q.id, a.key) for q, a in told] == [("weapon", "1"), ("violence", "2")]


def test_given_questions_that_never_come_together_then_at_most_is_no_more_than_the_limit_of_the_protocol() -> None:
    asking = interview.step(replace(PROTOCOL, limit=1), answered().call())
    assert isinstance(asking, interview.Asking) and (asking.number, asking.at_most) == (1, 1)
    asking = interview.step(replace(PROTOCOL, limit=1), answered(("weapon", "1")).call())
    assert isinstance(asking, interview.Asking) and (asking.number, asking.at_most) == (2, 2)


def test_given_a_nature_with_and_without_a_protocol_then_its_own_or_the_first() -> None:
    scene = floor().given(receive(nature=BURGLARY))
    assert interview.protocol_for(AGENCY, scene.call()) is PROTOCOL
    assert interview.protocol_for(replace(AGENCY, protocols=()), scene.call()) is None


def test_given_an_officer_at_the_scene_then_needs_need_not_be_asked_but_what_was_asked_in_vain_stays_in_doubt() -> None:
    (team,) = (programme for programme in AGENCY.programmes if programme.code == TEAM)
    waived = replace(team.criteria, waive=(Rule(Condition(source=("officer",)), "an officer is there"),))
    programmes = tuple(replace(p, criteria=waived) if p.code == TEAM else p for p in AGENCY.programmes)
    agency = replace(AGENCY, programmes=programmes)
    known = Circumstances({}, CRISIS, "2", "officer")
    assert verdicts(agency, known)[TEAM] == Verdict(TEAM, Standing.ELIGIBLE, ("an officer is there",))
    assert verdicts(agency, replace(known, source="phone"))[TEAM].standing is Standing.NOT_KNOWN
    assert verdicts(agency, replace(known, facts={WEAPON: NOT_KNOWN}))[TEAM].open == (WEAPON,)
