"""A sound protocol broken on purpose, one edit at a time: each is found, at its place, with the shortest way to see it."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from console.domain.agency import Agency, Recode
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import FactName, ProgrammeCode, QuestionId
from console.domain.programmes import Criteria
from console.domain.triage.check import Conversation, Finding, prove, prove_rules
from console.domain.triage.protocol import Answer, Fact, Proposal, Protocol, Question
from tests.support.agency import CRISIS, VIOLENCE, WEAPON
from tests.support.sound import ASKS_PARTY, ASKS_VIOLENCE, ASKS_WEAPON, PARTY, SOUND, SOUND_PROTOCOL

Edit = Callable[[Protocol], Protocol]


def asking(*questions: Question) -> Edit:
    return lambda protocol: replace(protocol, questions=questions)


def with_question(changed: Question) -> Edit:
    return lambda protocol: replace(
        protocol, questions=tuple(changed if q.id == changed.id else q for q in protocol.questions)
    )


def proposing(*proposals: Proposal) -> Edit:
    return lambda protocol: replace(protocol, proposals=proposals)


def without(number: int) -> Edit:
    kept = SOUND_PROTOCOL.proposals
    return proposing(*kept[:number], *kept[number + 1 :])


def answered(question: Question, number: int, changed: Answer) -> Edit:
    given = question.answers
    return with_question(replace(question, answers=(*given[:number], changed, *given[number + 1 :])))


def shortly(conversation: Conversation | None) -> str:
    """What is told, asked and answered, and what comes of it."""
    if conversation is None:
        return ""
    told = [f"{name} = {value}" for name, value in conversation.told]
    said = [f"{turn.question} {turn.key}" for turn in conversation.turns]
    start = [f"priority {conversation.priority}"] if conversation.priority == "P" else []
    return f"{', '.join((*start, *told, *said))} -> {' + '.join(conversation.proposed) or 'nothing'}"


NO, NEAR = ASKS_WEAPON.answers[:2]
SELF = ASKS_PARTY.answers[0]
P = SOUND_PROTOCOL.proposals
EMS = Proposal("EMS", Condition({PARTY: ("other",)}), "somebody else is ill")
WITH_EMS = replace(P[1], propose="EMS")

BROKEN: dict[str, tuple[Edit, str, str, str]] = {
    "a path without an outcome": (
        without(6), "proposals", "ends without a proposal",
        "priority P, weapon 1, violence 1, party 1 -> nothing",
    ),
    "a weapon, and an unarmed service alone": (
        proposing(replace(EMS, when=Condition({WEAPON: ("near",)})), *P), "proposal 1 (EMS)",
        "only unarmed people are sent though nobody may go unarmed: a weapon, or it is not known",
        "weapon 2, violence 2 -> EMS",
    ),
    "violence, and an unarmed service alone": (
        proposing(P[0], WITH_EMS, *P[2:]), "proposal 2 (EMS)", "nobody may go unarmed: violence, or it is not known",
        "weapon 1, violence 2 -> EMS",
    ),
    "not known after being asked twice, and an unarmed service alone": (
        proposing(replace(EMS, when=Condition({WEAPON: (NOT_KNOWN,)})), *P), "proposal 1 (EMS)",
        "nobody may go unarmed: a weapon, or it is not known", "weapon 4, weapon 4, violence 2 -> EMS",
    ),
    "Priority P, and an unarmed service alone": (
        proposing(EMS, *P), "proposal 1 (EMS)", "nobody may go unarmed: immediate threat to life",
        "priority P, weapon 1, violence 1, party 2 -> EMS",
    ),
    "no path, but a word by hand, and an unarmed service alone": (
        lambda p: replace(
            p, proposals=(replace(EMS, when=Condition({PARTY: ("self",), VIOLENCE: ("yes",)})), *p.proposals),
        ),
        "proposal 1 (EMS)", "nobody may go unarmed: violence, or it is not known",
        "Violence = yes, Who calls = the person -> EMS",
    ),
    "an exclusion that is not always asked": (
        with_question(replace(ASKS_VIOLENCE, ask_when=Condition({WEAPON: ("none",)}, nature=(FactName("CRISIS"),)))),  # type: ignore[arg-type]
        "proposal 6 (TEAM)", "before all that could exclude it has been asked",
        "weapon 1, party 1 -> Team",
    ),
    "an exclusion without other words": (
        with_question(replace(ASKS_WEAPON, again={})), "question weapon", "no other words to ask again in", "",
    ),
    "a question that is never asked": (
        with_question(replace(ASKS_PARTY, ask_when=Condition({WEAPON: ("near",), VIOLENCE: ("yes",)}))),
        "question party", "never asked", "",
    ),
    "a proposal behind another": (
        proposing(*P[:4], P[5], P[4], P[6]), "proposal 6 (PHONE)", "never proposed", "",
    ),
    "a question asked for nothing": (
        asking(ASKS_WEAPON, ASKS_VIOLENCE, ASKS_PARTY, replace(ASKS_WEAPON, id=QuestionId("once more"))),
        "question once more", "asked for nothing",
        "weapon 1, violence 2, once more 1 -> Police",
    ),
    "a text that is missing": (
        with_question(replace(ASKS_PARTY, text={"en": "Who?"})), "question party", "no words in 'es'", "",
    ),
    "the other words that are missing in a language": (
        with_question(replace(ASKS_WEAPON, again={"en": "A knife?", "es": " "})),
        "question weapon, again", "no words in 'es'", "",
    ),
    "an answer without words": (
        answered(ASKS_PARTY, 0, replace(SELF, text={"es": "Quien llama"})),
        "question party, answer 1", "no words in 'en'", "",
    ),
    "an instruction in a language of its own": (
        answered(ASKS_WEAPON, 1, replace(NEAR, instruction={"en": "Go.", "es": "Vaya.", "fr": "Allez."})),
        "question weapon, answer 2, instruction", "words in 'fr', which the protocol does not declare", "",
    ),
    "two answers with one key": (
        answered(ASKS_WEAPON, 1, replace(NEAR, key="1")), "question weapon", "2 answers have the key 1", "",
    ),
    "a key that is no digit": (answered(ASKS_WEAPON, 1, replace(NEAR, key="x")), "question weapon", "not a digit", ""),
    "two questions with one id": (
        asking(ASKS_WEAPON, ASKS_VIOLENCE, ASKS_PARTY, ASKS_PARTY), "question party", "2 questions have this id", "",
    ),
    "nothing that says not known": (
        with_question(replace(ASKS_PARTY, answers=ASKS_PARTY.answers[:2])), "question party", "no answers say", "",
    ),
    "an answer that tells nothing": (
        answered(ASKS_PARTY, 0, replace(SELF, sets={})), "question party, answer 1", "tells nothing", "",
    ),
    "an answer with a value that is none": (
        answered(ASKS_PARTY, 0, replace(SELF, sets={PARTY: "dog"})), "question party, answer 1", "'dog' is not a value", "",
    ),
    "a condition on what a later question tells": (
        asking(replace(ASKS_WEAPON, ask_unless=Condition({VIOLENCE: ("yes",)})), ASKS_VIOLENCE, ASKS_PARTY),
        "question weapon", "'violence', which no earlier question tells", "",
    ),
    "a condition on the priority": (
        with_question(replace(ASKS_PARTY, ask_unless=Condition(priority=("P",)))),
        "question party", "hangs on the priority or the source", "",
    ),
    "a proposal of nobody": (
        proposing(*P, Proposal("FIRE", Condition(), "fire")), "proposal 8 (FIRE)", "neither a programme nor a service", "",
    ),
    "more questions than the limit": (
        lambda p: replace(p, limit=2), "limit", "can take 3 questions, and its limit is 2",
        "weapon 1, violence 1, party 1 -> Phone",
    ),
}  # fmt: skip


def found_in(agency: Agency) -> tuple[Finding, ...]:
    return prove(agency, agency.protocols[0]).findings


def test_given_the_sound_protocol_then_it_is_proved_with_the_numbers_of_what_was_covered() -> None:
    proof = prove(SOUND, SOUND_PROTOCOL)
    assert proof.proved and prove_rules(SOUND) == ()
    # Three ways to a known answer about the weapon and as many at the second asking, one that is not known after two.
    calm = (3 * 2 + 1) * (1 * 2 + 1) * 3
    assert proof.paths == calm + (3 * 2 + 1) * 2, "violence that is going on ends the questions"
    assert proof.states == 1 + 4 + 4 * 2 + 4 * 2 * 3 + 4
    assert (proof.longest, proof.questions) == (3, 3)


@pytest.mark.parametrize("name", BROKEN)
def test_given_a_protocol_broken_on_purpose_then_it_is_found_with_the_shortest_conversation(name: str) -> None:
    edit, place, what, conversation = BROKEN[name]
    findings = found_in(replace(SOUND, protocols=(edit(SOUND_PROTOCOL),)))
    (found,) = [finding for finding in findings if finding.place == place and what in finding.what]
    assert shortly(found.conversation) == conversation


def rules(agency: Agency) -> list[tuple[str, str, str]]:
    return [(finding.place, finding.what, shortly(finding.conversation)) for finding in prove_rules(agency)]


def test_given_a_deny_rule_left_out_then_the_facts_that_make_an_unarmed_programme_eligible_are_shown() -> None:
    criteria = SOUND.programmes[1].criteria
    lax = replace(SOUND.programmes[1], criteria=Criteria(deny=criteria.deny[1:], needs=criteria.needs))
    programmes = (SOUND.programmes[0], lax, *SOUND.programmes[2:])
    ((place, what, conversation),) = rules(replace(SOUND, programmes=programmes))
    assert place == "criteria of TEAM"
    assert what == "Team is unarmed and eligible though nobody may go unarmed: a weapon, or it is not known"
    assert conversation == "Weapon = within reach, Violence = no -> Armed + Police"


def test_given_a_need_left_out_then_not_known_makes_it_eligible_and_that_is_shown() -> None:
    lax = replace(SOUND.programmes[0], criteria=replace(SOUND.programmes[0].criteria, needs=(WEAPON,)))
    ((place, _, conversation),) = rules(replace(SOUND, programmes=(lax, *SOUND.programmes[1:])))
    assert (place, conversation) == ("criteria of PHONE", "Weapon = none, Violence = not known -> Police")


def test_given_nothing_that_says_when_nobody_may_go_unarmed_then_that_is_a_finding() -> None:
    ((place, what, _),) = rules(replace(SOUND, never_unarmed=()))
    assert place == "never_unarmed" and "nothing to prove" in what


def test_given_facts_that_nothing_tells_or_looks_at_then_they_are_named() -> None:
    facts = SOUND.facts | {FactName("mood"): Fact("Mood", {"good": "good"})}
    assert [finding[:2] for finding in rules(replace(SOUND, facts=facts))] == [
        ("fact mood", "no rule, question or proposal looks at it, and no summary shows it"),
        ("fact mood", "no question and no flag tells it"),
    ]


def test_given_a_question_whose_facts_nothing_looks_at_then_it_is_named() -> None:
    idle = replace(SOUND_PROTOCOL, proposals=tuple(p for p in P if p.propose != "PHONE"))
    findings = found_in(replace(SOUND, protocols=(idle,)))
    assert ("question party", "nothing looks at what it tells") in [(finding.place, finding.what) for finding in findings]


def test_given_what_only_a_flag_tells_then_the_paths_that_begin_with_it_are_walked_too() -> None:
    none, _, *others = ASKS_WEAPON.answers
    near_left_out = replace(
        SOUND_PROTOCOL, questions=(replace(ASKS_WEAPON, answers=(none, *others)), ASKS_VIOLENCE, ASKS_PARTY)
    )
    secured = replace(P[0], when=Condition({WEAPON: ("secured",)}))
    police = replace(P[2], when=Condition({WEAPON: ("none", "secured", NOT_KNOWN)}))
    protocol = replace(near_left_out, proposals=(secured, P[1], *P[3:6], police))
    (finding,) = [f for f in found_in(replace(SOUND, protocols=(protocol,))) if f.place == "proposals"]
    assert shortly(finding.conversation) == "Weapon = within reach, violence 1, party 1 -> nothing"
    unflagged = replace(SOUND, protocols=(protocol,), flags={})
    assert "proposals" not in [finding.place for finding in found_in(unflagged)]


def test_given_more_questions_than_a_proof_can_go_through_then_it_is_not_proved_and_says_why() -> None:
    facts = {FactName(f"fact {number}"): SOUND.facts[PARTY] for number in range(1_000)}
    endless = tuple(
        replace(ASKS_PARTY_ALWAYS, id=QuestionId(fact), answers=tuple(replace(a, sets={fact: a.sets[PARTY]}) for a in THREE))
        for fact in facts
    )
    protocol = replace(SOUND_PROTOCOL, questions=endless, proposals=P[:4])
    (finding,) = found_in(replace(SOUND, facts=SOUND.facts | facts, protocols=(protocol,)))
    assert finding.what.startswith("1000 questions are more than a proof can go through")


def test_given_a_protocol_that_no_call_comes_to_then_that_is_said() -> None:
    second = replace(SOUND_PROTOCOL, id="second")
    (finding,) = prove(replace(SOUND, protocols=(SOUND_PROTOCOL, second)), second).findings
    assert finding.what == "no nature and no source leads to it"


def test_given_somebody_at_the_scene_who_answers_for_it_then_what_was_not_asked_may_be_proposed() -> None:
    there = Rule(Condition(source=("officer",)), "an officer is there")
    waiving = tuple(
        replace(p, criteria=replace(p.criteria, waive=(there,))) if p.code == "TEAM" else p for p in SOUND.programmes
    )
    officer = replace(
        SOUND_PROTOCOL, id="officer", sources=("officer",), limit=1,
        questions=(replace(ASKS_PARTY_ALWAYS, id=QuestionId("asked by officers")),),
        proposals=(*P[:4], *P[5:]),
    )  # fmt: skip
    agency = replace(SOUND, programmes=waiving, protocols=(SOUND_PROTOCOL, officer))
    assert prove(agency, officer).findings == ()
    unwaived = replace(agency, programmes=SOUND.programmes)
    (finding,) = prove(unwaived, officer).findings
    assert "before all that could exclude it" in finding.what
    assert shortly(finding.conversation) == "asked by officers 1 -> Team"


ASKS_PARTY_ALWAYS = replace(ASKS_PARTY, ask_unless=None)
THREE = ASKS_PARTY.answers


def test_given_natures_and_sources_then_only_those_that_lead_to_a_protocol_count() -> None:
    trespass = SOUND.natures[list(SOUND.natures)[1]]
    second = replace(SOUND_PROTOCOL, id="second", questions=(ASKS_WEAPON, ASKS_VIOLENCE, ASKS_PARTY))
    natures = SOUND.natures | {trespass.code: replace(trespass, protocol="second", programmes=(ProgrammeCode("TEAM"),))}
    agency = replace(SOUND, natures=natures, protocols=(SOUND_PROTOCOL, second))
    places = [finding.place for finding in prove(agency, second).findings]
    assert places == ["proposal 1 (ARMED)", "proposal 5 (PHONE)"], "the one nature that leads there lists neither"


def test_given_a_fact_that_only_the_nature_at_the_end_looks_at_then_it_is_used() -> None:
    mood = replace(SOUND, facts=SOUND.facts | {FactName("mood"): Fact("Mood", {"low": "low"})})
    flagged = replace(mood, flags=mood.flags | {"sad": {FactName("mood"): "low"}})
    recode = Recode(CRISIS, Condition({FactName("mood"): ("low",)}), "the mood was low")
    assert "fact mood" in {finding.place for finding in prove_rules(flagged)}
    assert "fact mood" not in {finding.place for finding in prove_rules(replace(flagged, recode_when=(recode,)))}
