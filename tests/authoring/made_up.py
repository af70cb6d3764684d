"""Protocols made at random, for laws that hold for every protocol."""

from hypothesis import strategies as st

from console.domain.conditions import NOT_KNOWN, Condition
from console.domain.ids import FactName, NatureCode, QuestionId
from console.domain.triage.protocol import Answer, Proposal, Protocol, Question

FACTS = [FactName(f"fact_{n}") for n in range(4)]
VALUES = ["yes", "no", "maybe"]
LANGUAGES = ("en", "es")
_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=8).filter(
    str.strip
)
_texts = st.fixed_dictionaries({"en": _words, "es": _words})
_values = st.lists(st.sampled_from([*VALUES, NOT_KNOWN]), min_size=1, max_size=3, unique=True).map(tuple)
_facts = st.dictionaries(st.sampled_from(FACTS), _values, max_size=2)
_natures = st.sampled_from([(), (), (), (NatureCode("CRISIS"),)])


@st.composite
def questions(draw: st.DrawFn, number: int, conditions: st.SearchStrategy[Condition], *, again: bool) -> Question:
    """One question, whose last answer is "not known"."""
    facts = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=2, unique=True))
    keys = draw(st.lists(st.sampled_from("0123456789"), min_size=2, max_size=5, unique=True))
    said = [{fact: draw(st.sampled_from(VALUES)) for fact in facts} for _ in keys[1:]] + [dict.fromkeys(facts, NOT_KNOWN)]
    answers = tuple(
        Answer(key, draw(_texts), sets, draw(st.one_of(st.just({}), _texts))) for key, sets in zip(keys, said, strict=True)
    )
    return Question(
        QuestionId(f"q {number}"), draw(st.sampled_from(["safety", "who", ""])), draw(_texts), answers,
        draw(conditions), draw(st.one_of(st.none(), conditions)), draw(_texts) if again and draw(st.booleans()) else {},
    )  # fmt: skip


@st.composite
def protocols(draw: st.DrawFn, *, on_facts_only: bool = False) -> Protocol:
    """A protocol; `on_facts_only` has no condition on natures, and nothing that is asked again."""
    natures = st.just(()) if on_facts_only else _natures
    conditions = st.builds(Condition, facts=_facts, nature=natures)
    number = draw(st.integers(1, 5))
    return Protocol(
        id=draw(_words),
        version=draw(st.sampled_from(["", "1", "2.0"])),
        title=draw(_words),
        status=draw(st.sampled_from(["sample", "approved"])),
        author=draw(_words),
        date=draw(st.sampled_from(["2026-02-01", "2026", "spring", ""])),
        languages=LANGUAGES,
        questions=tuple(draw(questions(n, conditions, again=not on_facts_only)) for n in range(number)),
        proposals=tuple(draw(st.lists(st.builds(Proposal, _words, conditions, _words, st.just(("X",))), max_size=3))),
        limit=draw(st.integers(1, 90)),
        sources=draw(st.sampled_from([(), ("officer",)])),
    )
