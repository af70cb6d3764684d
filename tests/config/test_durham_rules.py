"""Durham's rules as configured: who is proposed for which call, by what was answered, and when somebody is on duty."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from console.domain import commands as c
from console.domain import eligibility
from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.decide import decide
from console.domain.eligibility import Standing
from console.domain.events import AgencyConfigured
from console.domain.evolve import evolve
from console.domain.ids import HUB, CallId, NatureCode, UserId
from console.domain.programmes import duty
from console.domain.state import Call, Place, Source, State
from console.domain.triage import interview
from tests.support.exercise import exercise

NOON = datetime(2025, 6, 3, 16, 0, tzinfo=UTC)
CALM = {"danger_now": "1", "hurt_or_taken": "1", "weapon": "1", "violence": "1", "suicide": "1", "location": "1"}
"""Nobody in danger, nobody hurt, no weapon, no violence, no talk of dying, outside."""


@pytest.fixture
def agency() -> Agency:
    return exercise().agency


def asked(agency: Agency, nature: str, answers: dict[str, str], priority: str = "") -> Call:
    """A call of that nature after those answers (question to key), given in the protocol's order."""
    state = evolve(State(), AgencyConfigured(agency, True), HUB, NOON)
    call_id, by = CallId("call"), UserId("okafor")
    commands: list[c.AnyCommand] = [
        c.ReceiveCall(call_id, Source.CALL_911, NatureCode(nature), Place("200 Main St"), priority=priority)
    ]
    protocol = agency.protocols[0]
    commands += [c.AnswerQuestion(call_id, protocol.id, q.id, answers[q.id]) for q in protocol.questions if q.id in answers]
    for command in commands:
        outcome = decide(state, command, by, NOON)
        assert isinstance(outcome, tuple)
        for event in outcome:
            state = evolve(state, event, by, NOON)
    return state.calls[call_id]


def proposed(agency: Agency, call: Call) -> str:
    return eligibility.response(agency, call.circumstances, interview.protocol_for(agency, call)).propose


@pytest.mark.parametrize(
    ("nature", "answers", "priority", "response"),
    [
        ("MENTAL", CALM | {"party": "1", "willing_to_talk": "1"}, "", "CCD"),
        ("MENTAL", CALM | {"party": "1", "willing_to_talk": "2"}, "", "CRT"),
        ("MENTAL", CALM | {"party": "1", "willing_to_talk": "3"}, "", "CRT"),
        ("MENTAL", CALM | {"party": "3"}, "", "CRT"),
        ("SUICIDETHREAT", CALM | {"party": "1", "suicide": "2", "willing_to_talk": "1"}, "", "CCD"),
        ("SUICIDETHREAT", CALM | {"party": "1", "suicide": "3"}, "", "EMS"),
        ("TRESPASS", CALM | {"party": "3"}, "", "CRT"),
        ("TRESPASS", CALM | {"party": "3", "weapon": "2"}, "", "COR"),
        ("WELFARE", CALM | {"party": "3", "weapon": "2"}, "", "COR"),
        ("ASSISTPERSON", CALM | {"party": "3", "weapon": "2"}, "", "POLICE"),
        ("WELFARE", CALM | {"party": "3", "weapon": "4"}, "", "COR"),
        ("TRESPASS", CALM | {"party": "3", "violence": "3"}, "", "COR"),
        ("TRESPASS", CALM | {"party": "3", "violence": "5"}, "", "COR"),
        ("MENTAL", CALM | {"party": "3", "weapon": "3"}, "", "COR"),
        ("UNWANTED", CALM | {"party": "3", "officer_wanted": "2"}, "", "COR"),
        ("DISTURB", CALM | {"party": "3"}, "", "CRT"),
        ("DISTURB", {}, "", "COR"),
        ("DOMESTIC", CALM | {"party": "3"}, "", "COR"),
        ("IVC", {}, "", "COR"),
        ("WELFARE", {"danger_now": "3"}, "", "EMS"),
        ("WELFARE", {"danger_now": "4"}, "", "FIRE"),
        ("WELFARE", {"danger_now": "2"}, "", "POLICE"),
        ("INTOX", CALM | {"party": "3", "hurt_or_taken": "4"}, "", "EMS"),
        ("WELFARE", CALM | {"party": "3"}, "P", "POLICE"),
    ],
)
def test_given_answers_when_asked_for_the_response_then_it_is_the_one_the_rules_say(
    agency: Agency, nature: str, answers: dict[str, str], priority: str, response: str
) -> None:
    assert proposed(agency, asked(agency, nature, answers, priority)) == response


def test_given_a_weapon_within_reach_then_unarmed_teams_are_denied_and_co_response_is_not(agency: Agency) -> None:
    verdicts = eligibility.verdicts(agency, asked(agency, "MENTAL", CALM | {"party": "2", "weapon": "2"}).circumstances)
    assert {code: verdict.standing for code, verdict in verdicts.items()} == {
        "CRT": Standing.NOT, "CCD": Standing.NOT, "COR": Standing.ELIGIBLE,
    }  # fmt: skip
    assert "a weapon within reach, no unarmed team" in verdicts[agency.programmes[0].code].because


def test_given_a_weapon_nobody_knows_of_then_the_unarmed_team_is_in_doubt_not_denied(agency: Agency) -> None:
    call = asked(agency, "WELFARE", CALM | {"party": "3", "weapon": "4"})
    verdict = eligibility.verdicts(agency, call.circumstances)[agency.programmes[0].code]
    assert (verdict.standing, verdict.open) == (Standing.NOT_KNOWN, ("weapon",))


def test_given_three_answers_of_a_caller_in_crisis_then_the_phone_is_proposed_with_the_weapon_still_open(
    agency: Agency,
) -> None:
    call = asked(agency, "MENTAL", {"danger_now": "1", "party": "1", "hurt_or_taken": "1"})
    response = eligibility.response(agency, call.circumstances, interview.protocol_for(agency, call))
    assert response.propose == "CCD"
    assert "weapon" in response.open and not response.settled
    step = interview.step(agency.protocols[0], call)
    assert isinstance(step, interview.Asking)
    assert (step.question.id, step.number, step.at_most) == ("weapon", 4, 9)


def test_every_question_stands_in_both_languages_and_can_be_answered_with_not_known(agency: Agency) -> None:
    for protocol in agency.protocols:
        assert protocol.status == "sample" and "approved by the clinical and 911 directors" in protocol.author
        assert len(protocol.questions) >= 8
        for question in protocol.questions:
            assert question.text.keys() == {"en", "es"}
            assert any(NOT_KNOWN in answer.sets.values() for answer in question.answers)
            assert [answer.key for answer in question.answers] == [str(n + 1) for n in range(len(question.answers))]


@pytest.mark.parametrize(
    ("local", "on"),
    [
        ("2025-06-03T03:00", set()),
        ("2025-06-03T06:00", {"COR"}),
        ("2025-06-03T09:05", {"COR", "CCD", "CN"}),
        ("2025-06-03T09:15", {"COR", "CCD", "CN", "CRT"}),
        ("2025-06-03T20:59", {"COR", "CCD", "CN", "CRT"}),
        ("2025-06-03T21:00", {"CRT"}),
        ("2025-06-03T23:45", set()),
        ("2022-07-06T10:00", {"COR", "CCD", "CN", "CRT"}),
        ("2022-07-09T10:00", set()),
        ("2022-07-06T17:00", set()),
        ("2022-06-01T10:00", set()),
    ],
)
def test_given_a_moment_then_those_programmes_are_on_duty(agency: Agency, local: str, on: set[str]) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(agency.time_zone)).astimezone(UTC)
    assert {str(p.code) for p in agency.programmes if duty(p, moment, agency.time_zone).on} == on
