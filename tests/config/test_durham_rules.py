"""Durham's rules as configured: who is proposed for which call, by what is so there, and when somebody is on duty."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct

from console.domain import commands as c
from console.domain import eligibility
from console.domain.agency import Agency
from console.domain.availability import availability
from console.domain.conditions import NOT_KNOWN
from console.domain.decide import decide
from console.domain.eligibility import Response, Standing
from console.domain.events import AgencyConfigured
from console.domain.evolve import evolve
from console.domain.ids import HUB, CallId, FactName, NatureCode, ProgrammeCode, UserId
from console.domain.programmes import Responds, duty
from console.domain.state import Call, Place, Source, State
from console.domain.triage import interview
from console.domain.triage.protocol import Answer, Protocol, Question
from tests.support.exercise import exercise

NOON = datetime(2025, 6, 3, 16, 0, tzinfo=UTC)
CALM = {
    "danger_now": "none", "party": "third", "hurt_or_taken": "none", "weapon": "none", "violence": "none",
    "danger_to_others": "none", "suicide": "none", "location": "outside", "officer_wanted": "no", "willing_to_talk": "yes",
    "callback": "safe", "family": "none", "responsive": "answers", "person_age": "adult", "intoxication": "none",
    "stays_or_goes": "not_asked", "suicide_plan": "none", "suicide_means": "away", "requester": "officer_there",
    "asked_for": "help",
}  # fmt: skip
"""Nothing that speaks against a team, told by somebody who is not with the person."""
CALLER = {"party": "caller"}


@pytest.fixture
def agency() -> Agency:
    return exercise().agency


class Interview(Struct, frozen=True):
    """A call whose interview has ended, and every question as it was put: its number, and the most there could be."""

    call: Call
    asked: tuple[interview.Asking, ...]


def told(question: Question, so: Mapping[str, str]) -> Answer:
    """The answer that says most of what is so."""
    return max(question.answers, key=lambda answer: sum(1 if so.get(f) == v else -1 for f, v in answer.sets.items()))


def interviewed(
    agency: Agency,
    nature: str,
    so: Mapping[str, str],
    *,
    priority: str = "",
    source: Source = Source.CALL_911,
    most: int = 99,
) -> Interview:
    """A call after its interview, or after so many questions, where this is so."""
    state = evolve(State(), AgencyConfigured(agency, True), HUB, NOON)
    call_id = CallId("call")
    asked: list[interview.Asking] = []
    state = _done(state, c.ReceiveCall(call_id, source, NatureCode(nature), Place("200 Main St"), priority=priority))
    while True:
        call = state.calls[call_id]
        protocol = interview.protocol_for(agency, call)
        assert protocol is not None
        step = interview.step(protocol, call)
        if isinstance(step, interview.Ended) or len(asked) == most:
            return Interview(call, tuple(asked))
        asked.append(step)
        key = told(step.question, CALM | dict(so)).key
        state = _done(state, c.AnswerQuestion(call_id, protocol.id, step.question.id, key))


def _done(state: State, command: c.AnyCommand) -> State:
    outcome = decide(state, command, UserId("okafor"), NOON)
    assert isinstance(outcome, tuple), outcome
    for event in outcome:
        state = evolve(state, event, UserId("okafor"), NOON)
    return state


def response(agency: Agency, call: Call) -> Response:
    return eligibility.response(agency, call.circumstances, interview.protocol_for(agency, call))


PHONE, RADIO, LINE = ("", Source.CALL_911), ("", Source.OFFICER), ("", Source.CRISIS_LINE)
P, P_RADIO = ("P", Source.CALL_911), ("P", Source.OFFICER)
UNKNOWN = {"weapon": NOT_KNOWN}
VIOLENT = {"violence": "now", "danger_to_others": "imminent"}
THREAT = {"danger_to_others": "imminent"}
UNCLEAR = {"violence": NOT_KNOWN, "danger_to_others": NOT_KNOWN}
PLAN = {"suicide": "thoughts", "suicide_plan": "thought_of"}

RULES: list[tuple[str, str, dict[str, str], tuple[str, Source], str]] = [
    # rule, nature, what is so, priority and source, the response with who goes along
    ("E1 weapon within reach", "TRESPASS", {"weapon": "within_reach"}, PHONE, "COR+POLICE"),
    ("E1 where no COR is listed", "ASSISTPERSON", {"weapon": "within_reach"}, PHONE, "POLICE"),
    ("E1 the person on the phone", "MENTAL", CALLER | {"weapon": "within_reach"}, PHONE, "COR+POLICE"),
    ("E1 out of reach", "MENTAL", CALLER | {"weapon": "secured"}, PHONE, "COR"),
    ("E1 out of reach, no COR", "PANHANDLE", {"weapon": "secured"}, PHONE, "CRT"),
    ("E2 hitting somebody", "TRESPASS", VIOLENT, PHONE, "COR"),
    ("E2 credible threat", "WELFARE", THREAT, PHONE, "COR"),
    ("E2 credible threat, no COR", "SLEEPING", THREAT, PHONE, "POLICE"),
    ("E2 attacked right now", "WELFARE", {"danger_now": "violence"} | VIOLENT, PHONE, "POLICE+EMS"),
    ("E2 earlier, calm now", "DISTURBVERBAL", {"violence": "earlier"}, PHONE, "COR"),
    ("E2 words only", "DISTURB", {}, PHONE, "CRT"),
    ("E3 Priority P", "WELFARE", {}, P, "POLICE+EMS"),
    ("E3 Priority P, medical", "WELFARE", {"danger_now": "medical"}, P, "EMS+POLICE"),
    ("E3 Priority P, by radio", "HEARTREQ", {}, P_RADIO, "POLICE+EMS"),
    ("E4 life in medical danger", "WELFARE", {"danger_now": "medical"}, PHONE, "EMS"),
    ("E4 crew not safe", "WELFARE", {"danger_now": "medical", "weapon": "within_reach"} | THREAT, PHONE, "EMS+POLICE"),
    ("E4 crew safe? not known", "WELFARE", {"danger_now": "medical"} | UNKNOWN | UNCLEAR, PHONE, "EMS+POLICE"),
    ("E4 took too much", "INTOX", {"hurt_or_taken": "taken"}, PHONE, "EMS"),
    ("E4 badly hurt, weapon there", "TRESPASS", {"hurt_or_taken": "hurt", "weapon": "within_reach"}, PHONE, "EMS+POLICE"),
    ("E4 hard to wake", "INTOX", {"intoxication": "hard_to_wake"}, PHONE, "EMS"),
    ("E4 does not react", "WELFARE", {"responsive": "does_not"}, PHONE, "EMS"),
    ("E4 an ambulance's nature", "FALL", {}, PHONE, "EMS"),
    ("E4 a modified one of these", "FALL-TP", {"weapon": "within_reach"}, PHONE, "EMS+POLICE"),
    ("E4 by radio", "HEARTREQ", {"hurt_or_taken": "hurt"}, RADIO, "EMS"),
    ("E5 on a bridge", "MENTAL", {"danger_now": "place"}, PHONE, "FIRE+POLICE+EMS"),
    ("E6 threat, nothing begun", "SUICIDETHREAT", CALLER | {"suicide": "thoughts"}, PHONE, "CCD"),
    ("E6 does not want the phone", "SUICIDETHREAT", CALLER | {"suicide": "thoughts", "willing_to_talk": "no"}, PHONE, "CRT"),
    ("E6 settled", "SUICIDETHREAT", CALLER | {"suicide": "thoughts", "suicide_plan": "decided"}, PHONE, "CCD+CRT"),
    ("E7 begun", "SUICIDETHREAT", CALLER | {"suicide": "in_progress"}, PHONE, "EMS+POLICE"),
    (
        "E7 means within reach", "SUICIDETHREAT",
        CALLER | {"suicide": "thoughts", "suicide_plan": "thought_of", "suicide_means": "in_hand"}, PHONE, "EMS+POLICE",
    ),
    ("E7 on any protocol", "TRESPASS", {"suicide": "in_progress"}, PHONE, "EMS+POLICE"),
    ("E8 not on the list", "BURGLARY", {}, PHONE, "POLICE"),
    ("E8 on the list", "TRESPASS", {}, PHONE, "CRT"),
    ("E10 a home", "WELFARE", {"location": "home"}, PHONE, "CRT"),
    ("E11 first party", "MENTAL", CALLER, PHONE, "CCD"),
    ("E11 with them", "MENTAL", {"party": "with_them"}, PHONE, "CCD"),
    ("E11 third party", "MENTAL", {"party": "third"}, PHONE, "CRT"),
    ("E12 does not want to talk", "MENTAL", CALLER | {"willing_to_talk": "no"}, PHONE, "CRT"),
    ("E12 no safe number", "MENTAL", CALLER | {"callback": "none"}, PHONE, "CRT"),
    ("E12 not able to say", "MENTAL", CALLER | {"willing_to_talk": NOT_KNOWN}, PHONE, "CCD"),
    ("E13 an officer is wanted", "UNWANTED", {"officer_wanted": "yes"}, PHONE, "COR"),
    ("E13 an officer, no COR", "ASSISTPERSON", {"officer_wanted": "yes"}, PHONE, "POLICE"),
    ("E14 partners", "DISTURB", {"violence": "earlier", "family": "partner"}, PHONE, "COR"),
    ("E14 a child in danger", "UNWANTED", {"violence": "earlier", "family": "child"}, PHONE, "COR"),
    ("E14 a child without care", "WELFARE", {"person_age": "child"}, PHONE, "COR"),
    ("E14 a child, no COR", "ASSISTPERSON", {"person_age": "child"}, PHONE, "POLICE"),
    ("E14 partners, calm now", "DOMESTIC", {}, PHONE, "COR"),
    ("E15 from the crisis line", "MENTAL", CALLER, LINE, "CRT"),
    ("E15 tried already", "MENTAL", CALLER | {"willing_to_talk": "tried"}, PHONE, "CRT"),
    ("E16 officer on scene", "HEARTREQ", {}, RADIO, "CRT"),
    ("E16 whatever the nature", "MENTAL", {}, RADIO, "CRT"),
    ("E16 asked twice, not said", "HEARTREQ", UNKNOWN | UNCLEAR, RADIO, "COR"),
    ("E16 officer has left", "HEARTREQ", {"requester": "officer_gone"} | UNKNOWN | UNCLEAR, RADIO, "COR"),
    ("E16 and a weapon", "HEARTREQ", {"weapon": "within_reach"} | THREAT, RADIO, "COR+POLICE"),
    ("E16 commitment papers", "HEARTREQ", {"asked_for": "papers"}, RADIO, "COR"),
    ("E16 staff, not an officer", "HEARTREQ", {"requester": "staff_there"}, PHONE, "CRT"),
    ("E16 staff, not said", "HEARTREQ", {"requester": "staff_there"} | UNKNOWN | UNCLEAR, PHONE, "COR"),
    ("E17 weapon not known", "WELFARE", UNKNOWN, PHONE, "COR"),
    ("E17 weapon not known, no COR", "SLEEPING", UNKNOWN, PHONE, "POLICE"),
    ("E17 violence not known", "TRESPASS", UNCLEAR, PHONE, "COR"),
    ("E17 on the phone", "CCD", CALLER | UNKNOWN, PHONE, "POLICE"),
    ("E17 danger not known", "MENTAL", CALLER | {"danger_now": NOT_KNOWN}, PHONE, "COR"),
    ("E17 danger not known, calm", "WELFARE", {"danger_now": NOT_KNOWN}, PHONE, "COR"),
    ("E17 danger not known, no COR", "SLEEPING", {"danger_now": NOT_KNOWN}, PHONE, "POLICE"),
    ("E17 danger not known, hurt", "WELFARE", {"danger_now": NOT_KNOWN, "hurt_or_taken": "hurt"}, PHONE, "EMS+POLICE"),
    ("E17 danger not known, ambulance", "FALL", {"danger_now": NOT_KNOWN}, PHONE, "EMS+POLICE"),
    ("E17 danger not known, by radio", "HEARTREQ", {"danger_now": NOT_KNOWN}, RADIO, "COR"),
    ("E17 attempt not known", "SUICIDETHREAT", CALLER | {"suicide": NOT_KNOWN}, PHONE, "COR"),
    ("E17 attempt not known, calm", "WELFARE", {"suicide": NOT_KNOWN}, PHONE, "COR"),
    ("E17 means not known", "SUICIDETHREAT", CALLER | PLAN | {"suicide_means": NOT_KNOWN}, PHONE, "COR"),
    ("E17 everything not known", "MENTAL", dict.fromkeys(CALM, NOT_KNOWN), PHONE, "COR"),
    ("commitment", "IVC", {"requester": "not_there"}, PHONE, "COR"),
]  # fmt: skip


@pytest.mark.parametrize(("nature", "so", "how", "expected"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_given_what_is_so_when_asked_to_the_end_then_the_response_is_the_one_the_rule_says(
    agency: Agency, nature: str, so: dict[str, str], how: tuple[str, Source], expected: str
) -> None:
    priority, source = how
    found = response(agency, interviewed(agency, nature, so, priority=priority, source=source).call)
    assert "+".join((found.propose, *found.along)) == expected
    assert found.because


def test_every_shared_rule_of_alternative_response_has_its_rows() -> None:
    elsewhere = {"E9"}
    assert {row[0].split()[0] for row in RULES} >= {f"E{n}" for n in range(1, 18)} - elsewhere


def test_e9_given_a_place_outside_the_area_then_the_programme_stays_eligible_and_the_area_is_a_verdict_of_its_own(
    agency: Agency,
) -> None:
    state = evolve(State(), AgencyConfigured(agency, True), HUB, NOON)
    far = Place("Raleigh", 35.78, -78.64)
    state = _done(state, c.ReceiveCall(CallId("far"), Source.CALL_911, NatureCode("WELFARE"), far))
    call, crt = state.calls[CallId("far")], agency.programme("CRT")
    assert crt is not None
    assert availability(state, crt, call, NOON).in_area is False
    assert eligibility.verdicts(agency, call.circumstances)[crt.code].standing is Standing.NOT_KNOWN
    assert crt.code in eligibility.open_to(agency, call.circumstances)


def test_e16_given_an_officer_at_the_scene_then_the_team_is_eligible_with_nothing_else_asked(agency: Agency) -> None:
    call = interviewed(agency, "HEARTREQ", {}, source=Source.OFFICER, most=1).call
    verdict = eligibility.verdicts(agency, call.circumstances)[ProgrammeCode("CRT")]
    assert verdict.standing is Standing.ELIGIBLE
    assert verdict.because == ("an officer at the scene asks for the team and stays",)


@pytest.mark.parametrize("so", [UNKNOWN, UNCLEAR, UNKNOWN | UNCLEAR])
@pytest.mark.parametrize("nature", ["MENTAL", "WELFARE", "TRESPASS", "DISTURB"])
def test_e17_given_not_known_after_asking_twice_then_it_is_labelled_and_nobody_goes_unarmed(
    agency: Agency, nature: str, so: dict[str, str]
) -> None:
    done = interviewed(agency, nature, so)
    assert {str(fact) for step in done.asked if step.again for fact in step.question.facts} == set(so)
    assert all(done.call.facts[FactName(fact)] == NOT_KNOWN for fact in so)
    for code, verdict in eligibility.verdicts(agency, done.call.circumstances).items():
        programme = agency.programme(code)
        assert programme is not None
        if programme.unarmed and verdict.standing is not Standing.NOT:
            assert verdict.standing is Standing.NOT_KNOWN
            assert set(verdict.open) == set(so)
    proposal = response(agency, done.call)
    chosen = agency.programme(proposal.propose)
    assert chosen is None or not chosen.unarmed
    assert "not known: the careful choice" in proposal.because[0]


def test_given_a_weapon_within_reach_then_unarmed_teams_are_denied_and_co_response_is_not(agency: Agency) -> None:
    call = interviewed(agency, "MENTAL", {"party": "with_them", "weapon": "within_reach"}).call
    verdicts = eligibility.verdicts(agency, call.circumstances)
    assert {code: verdict.standing for code, verdict in verdicts.items()} == {
        "CRT": Standing.NOT, "CCD": Standing.NOT, "COR": Standing.ELIGIBLE,
    }  # fmt: skip
    assert "a weapon within reach, no unarmed team" in verdicts[ProgrammeCode("CRT")].because


def test_given_three_answers_of_a_caller_in_crisis_then_the_phone_is_proposed_with_the_weapon_still_open(
    agency: Agency,
) -> None:
    call = interviewed(agency, "MENTAL", CALLER, most=3).call
    found = response(agency, call)
    assert found.propose == "CCD"
    assert "weapon" in found.open and not found.settled
    protocol = interview.protocol_for(agency, call)
    assert protocol is not None
    step = interview.step(protocol, call)
    assert isinstance(step, interview.Asking)
    assert (step.question.id, step.number) == ("weapon", 4)
    question = interview.settling(protocol, call, found.open)
    assert question is not None and question.id == "weapon"


def _natures_of(agency: Agency, protocol: Protocol) -> list[str]:
    """A nature of each kind that leads to it."""
    kinds = {
        (nature.programmes, nature.conditional): str(code)
        for code, nature in agency.natures.items()
        if (nature.protocol or agency.protocols[0].id) == protocol.id
    }
    return list(kinds.values())


TYPICAL: list[dict[str, str]] = [
    {}, CALLER, {"party": "with_them"}, {"party": NOT_KNOWN}, {"danger_now": NOT_KNOWN}, {"danger_now": "medical"},
    {"danger_now": "violence"} | VIOLENT, {"danger_now": "place"}, CALLER | {"suicide": "thoughts", "suicide_plan": "none"},
    UNKNOWN | UNCLEAR, dict.fromkeys(CALM, NOT_KNOWN), CALLER | {"violence": "earlier", "family": NOT_KNOWN} | UNKNOWN,
    CALLER | {"violence": "earlier", "suicide": NOT_KNOWN, "suicide_plan": NOT_KNOWN},
]  # fmt: skip


@pytest.mark.parametrize("so", TYPICAL, ids=lambda so: " ".join(so.values()) or "calm")
def test_every_protocol_comes_to_its_end_within_its_limit_and_proposes_somebody(agency: Agency, so: dict[str, str]) -> None:
    for protocol in agency.protocols:
        for nature in _natures_of(agency, protocol):
            done = interviewed(agency, nature, so)
            numbers = [step.number for step in done.asked if not step.again]
            assert numbers == list(range(1, len(numbers) + 1))
            assert len(numbers) <= protocol.limit
            assert all(step.number <= step.at_most for step in done.asked)
            found = response(agency, done.call)
            assert found.propose and found.because
            services = {service.code for service in agency.other_services}
            assert {found.propose, *found.along} <= services | {str(p.code) for p in agency.programmes}


def test_e5_and_e4_by_radio_given_a_life_in_danger_then_the_services_for_it_come_first(agency: Agency) -> None:
    found = {}
    for danger in ("place", "medical", "violence"):
        so = {"danger_now": danger} | (VIOLENT if danger == "violence" else {})
        proposed = response(agency, interviewed(agency, "HEARTREQ", so, source=Source.OFFICER).call)
        found[danger] = "+".join((proposed.propose, *proposed.along))
    assert found == {"place": "FIRE+POLICE+EMS", "medical": "EMS", "violence": "POLICE+EMS"}


@pytest.mark.parametrize(
    ("question", "key", "said"),
    [
        ("crew_safety", "2", {"weapon": "within_reach"}),
        ("crew_safety", "3", {"violence": "now", "danger_to_others": "imminent"}),
        ("violence", "3", {"danger_to_others": "imminent"}),
        ("scene_safety", "4", {"weapon": "within_reach"}),
        ("scene_safety", "5", {"violence": "now", "danger_to_others": "imminent"}),
    ],
)
def test_an_answer_tells_what_was_said_and_nothing_else(
    agency: Agency, question: str, key: str, said: dict[str, str]
) -> None:
    asked = [q for protocol in agency.protocols for q in protocol.questions if q.id == question]
    answers = [answer for each in asked for answer in each.answers if answer.key == key]
    assert answers and all(answer.sets == said for answer in answers)


def test_a_life_in_danger_ends_the_questions_at_once(agency: Agency) -> None:
    for so, questions in (
        (VIOLENT | {"danger_now": "violence"}, 1),
        ({"danger_now": "place"}, 1),
        ({"danger_now": "medical"}, 2),
    ):
        for nature in ("MENTAL", "WELFARE", "TRESPASS", "DISTURB"):
            assert len(interviewed(agency, nature, so).asked) == questions


def test_every_question_stands_in_both_languages_and_can_be_answered_with_not_known(agency: Agency) -> None:
    assert [protocol.id for protocol in agency.protocols] == [
        "case_entry", "behavioral_health", "officer_request", "trespass_quality_of_life", "welfare_check",
    ]  # fmt: skip
    for protocol in agency.protocols:
        assert protocol.status == "sample" and "approved by the clinical and 911 directors" in protocol.author
        for question in protocol.questions:
            texts = [question.text, *(answer.text for answer in question.answers)]
            texts += [more for more in (question.again, *(a.instruction for a in question.answers)) if more]
            assert all(text.keys() == {"en", "es"} and all(words.strip() for words in text.values()) for text in texts)
            assert [answer.key for answer in question.answers] == [str(n + 1) for n in range(len(question.answers))]
            assert [answer.is_not_known for answer in question.answers] == [False] * (len(question.answers) - 1) + [True]


def test_every_exclusion_fact_is_asked_once_more_in_other_words(agency: Agency) -> None:
    exclusions = {fact for rule in agency.never_unarmed for fact in rule.when.facts}
    assert exclusions == {"weapon", "violence", "danger_to_others", "danger_now", "suicide", "suicide_means"}
    for protocol in agency.protocols:
        asking = [question for question in protocol.questions if exclusions & set(question.facts)]
        assert asking and all(question.again for question in asking)


def test_given_a_flag_then_it_tells_its_facts_and_an_unarmed_team_is_denied(agency: Agency) -> None:
    for flag in agency.flags:
        state = evolve(State(), AgencyConfigured(agency, True), HUB, NOON)
        received = c.ReceiveCall(CallId("k"), Source.CALL_911, NatureCode("WELFARE"), Place("Main St"), flags=(flag,))
        call = _done(state, received).calls[CallId("k")]
        judged = eligibility.verdicts(agency, call.circumstances)
        unarmed = [p.code for p in agency.programmes if p.unarmed and p.responds is not Responds.FOLLOW_UP]
        assert all(judged[code].standing is Standing.NOT for code in unarmed), flag


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
