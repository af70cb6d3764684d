"""Small centers made up at random: a few facts, programmes, natures and one protocol, by the letter and nothing more."""

from collections.abc import Sequence

from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.agency import Agency, Nature, OtherService
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import FactName, NatureCode, ProgrammeCode, QuestionId
from console.domain.programmes import Criteria, Programme, Responds
from console.domain.triage.protocol import Answer, Fact, Proposal, Protocol, Question
from tests.support.agency import AGENCY

FACTS = [FactName(name) for name in ("one", "two", "three")]
VALUES = ("a", "b")
NATURES = [NatureCode(code) for code in ("N1", "N2", "N3")]
PRIORITIES = ("P", "1", "3")
"""No rule names the last one, nor the last source."""
SOURCES = ("wireless_911", "officer", "text")
PROGRAMMES = [("U", True), ("V", True), ("R", False)]
CODES = [*(code for code, _ in PROGRAMMES), "POLICE", "EMS"]


def some(values: Sequence[str], least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    """A few of them, in their order."""
    return st.sets(st.sampled_from(values), min_size=least).map(lambda chosen: tuple(v for v in values if v in chosen))


@st.composite
def conditions(draw: st.DrawFn, facts: list[FactName], *, of_facts_only: bool = False) -> Condition:
    """A condition over these facts; where it may, over the beginning too."""
    named = draw(st.sets(st.sampled_from(facts), max_size=2)) if facts else set()
    told = {fact: draw(some((*VALUES, NOT_KNOWN))) for fact in sorted(named)}
    nature = tuple(NatureCode(code) for code in draw(st.just(()) | some(NATURES)))
    if of_facts_only:
        return Condition(told, nature if draw(st.booleans()) else ())
    which = draw(st.integers(0, 5))
    return Condition(
        told,
        nature if which == 0 else (),
        draw(some(PRIORITIES[:-1])) if which == 1 else (),
        draw(some(SOURCES[:-1])) if which == 2 else (),
    )


def rules(most: int) -> st.SearchStrategy[tuple[Rule, ...]]:
    """A few rules over all facts."""
    rule = conditions(FACTS).map(lambda when: Rule(when, f"because {when}"))
    return st.lists(rule, max_size=most).map(tuple)


@st.composite
def questions(draw: st.DrawFn, number: int, before: list[FactName]) -> Question:
    """A question that tells one fact, or two; asked by what the ones before have told."""
    told = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=2, unique=True))
    sets = [{fact: draw(st.sampled_from(VALUES)) for fact in told[: draw(st.integers(1, len(told)))]}]
    sets += [{fact: value for fact in told} for value in VALUES[: draw(st.integers(1, 2))]]
    sets.append(dict.fromkeys(told, NOT_KNOWN))
    answers = tuple(Answer(str(n), {"en": f"answer {n}"}, each) for n, each in enumerate(sets, 1))
    first = number == 0
    return Question(
        QuestionId(f"q{number}"), "any", {"en": f"question {number}?"}, answers,
        Condition() if first else draw(conditions(before, of_facts_only=True)),
        None if first or draw(st.booleans()) else draw(conditions(before, of_facts_only=True)),
        {"en": f"question {number}, in other words?"} if draw(st.booleans()) else {},
    )  # fmt: skip


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """One to three questions and a few proposals."""
    asked: list[Question] = []
    for number in range(draw(st.integers(1, 3))):
        before = sorted({fact for question in asked for fact in question.facts})
        asked.append(draw(questions(number, before)))
    proposals = draw(
        st.lists(
            st.builds(
                Proposal, st.sampled_from(CODES), conditions(FACTS), st.just("so it is"),
                st.just(()) | st.sampled_from(CODES).map(lambda code: (code,)),
            ),
            max_size=3,
        )
    )  # fmt: skip
    return Protocol("any", "1", "Any", "sample", "nobody", "2026-01-01", ("en",), tuple(asked), tuple(proposals))


@st.composite
def centers(draw: st.DrawFn) -> Agency:
    """A center with one protocol, `protocols[0]`."""
    programmes = tuple(
        Programme(
            ProgrammeCode(code), code, Responds.IN_PERSON, unarmed, (), "teal", "circle", (),
            criteria=Criteria(draw(rules(2)), draw(rules(2)), tuple(draw(st.sets(st.sampled_from(FACTS)))), draw(rules(1))),
        )
        for code, unarmed in PROGRAMMES
    )  # fmt: skip
    codes = tuple(programme.code for programme in programmes)
    natures = {}
    for code in NATURES:
        listed = tuple(draw(st.sets(st.sampled_from(codes))))
        conditional = tuple(draw(st.sets(st.sampled_from(codes))))
        natures[code] = Nature(code, code, "2", listed, conditional)
    return replace(
        AGENCY, programmes=programmes, natures=natures, units=(), unmapped_nature=NATURES[0],
        facts={fact: Fact(fact, {value: value for value in VALUES}) for fact in FACTS},
        protocols=(draw(protocols()),), never_unarmed=draw(rules(2)), facts_shown=(), flags={},
        other_services=(OtherService("POLICE", "Police", armed=True), OtherService("EMS", "EMS")),
    )  # fmt: skip
