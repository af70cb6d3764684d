"""When a question is asked, in both forms: our conditions on facts, and FHIR's `enableWhen` on answers.

A list of clauses stands between the two: all of them must hold, and each holds when one of its parts does. FHIR has only
"any of these" or "all of these" for an item, so clauses with several parts go on groups around it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from console.authoring.fhir.questionnaire import Coding, EnableWhen
from console.authoring.fhir.remark import Remark
from console.domain.conditions import Condition
from console.domain.ids import FactName
from console.domain.triage.protocol import Question

Clause = tuple[EnableWhen, ...]
CodingOf = Callable[[Question, str], Coding]
"""The coding that stands for a question's answer key."""


class Reach(Struct, frozen=True):
    """For which answers of a question a condition holds, and whether it does while there is none."""

    question: str
    keys: frozenset[str]
    unanswered: bool = False


def clauses(question: Question, earlier: Sequence[Question], coding: CodingOf) -> tuple[list[Clause], list[Remark]]:
    """A question's conditions as clauses, and what `enableWhen` cannot say of them."""
    found: list[Clause] = []
    remarks: list[Remark] = []

    def cannot(what: str) -> None:
        remarks.append(Remark(question.id, f"{what}; other systems will ask it without that condition"))

    when, unless = question.ask_when, question.ask_unless
    for name in ("nature", "priority", "source"):
        if getattr(when, name):
            cannot(f"ask_when looks at the {name}, enableWhen only at answers")
    for fact, values in when.facts.items():
        tellers = [each for each in earlier if fact in each.facts]
        parts = tuple(_is(each, key, coding) for each in tellers for key in _keys(each, fact, values))
        if not parts:
            cannot(f"ask_when: no earlier answer says that {fact} is {' or '.join(values)}")
            continue
        if len(tellers) > 1:
            cannot(f"ask_when: {fact} is told by several questions, and the last word counts; enableWhen takes any of them")
        found.append(parts)
    if unless is not None:
        for name in ("nature", "priority", "source"):
            if getattr(unless, name):
                cannot(f"ask_unless looks at the {name}, enableWhen only at answers")
        lost = bool(unless.nature or unless.priority or unless.source)
        tellers_of = {fact: [each for each in earlier if fact in each.facts] for fact in unless.facts}
        for fact, tellers in tellers_of.items():
            if len(tellers) != 1:
                how_many = "no earlier question" if not tellers else "several questions"
                cannot(f"ask_unless: {fact} is told by {how_many}")
                lost = True
        if not unless.facts and not lost:
            cannot("ask_unless without a condition always holds")
        elif not lost:
            found += _not_all({fact: (tellers_of[fact][0], values) for fact, values in unless.facts.items()}, coding)
    return found, remarks


def _not_all(facts: Mapping[FactName, tuple[Question, tuple[str, ...]]], coding: CodingOf) -> list[Clause]:
    """Not every fact has one of its values: for one fact, none of these answers; for several, any other answer of any."""
    if len(facts) == 1:
        ((fact, (teller, values)),) = facts.items()
        return [(EnableWhen(teller.id, "!=", answer_coding=coding(teller, key)),) for key in _keys(teller, fact, values)]
    parts: list[EnableWhen] = []
    for fact, (teller, values) in facts.items():
        said = _keys(teller, fact, values)
        parts.append(EnableWhen(teller.id, "exists", answer_boolean=False))
        parts += [_is(teller, each.key, coding) for each in teller.answers if each.key not in said]
    return [tuple(dict.fromkeys(parts))]


def _keys(question: Question, fact: FactName, values: Collection[str]) -> list[str]:
    return [each.key for each in question.answers if each.sets.get(fact) in values]


def _is(question: Question, key: str, coding: CodingOf) -> EnableWhen:
    return EnableWhen(question.id, "=", answer_coding=coding(question, key))


def condition(
    reaches: Sequence[Sequence[Reach]], questions: Mapping[str, Question]
) -> tuple[Condition, Condition | None, list[str]]:
    """Clauses as `ask_when` and `ask_unless`, and in words what these cannot say."""
    when: dict[FactName, tuple[str, ...]] = {}
    unless: dict[FactName, tuple[str, ...]] | None = None
    cannot: list[str] = []
    single, several = _gathered(reaches)
    for reach in single:
        question = questions[reach.question]
        if not reach.unanswered or (unless is not None and _always_asked(question)):
            said = fact_of(question, reach.keys)
            if said is None or said[0] in when:
                cannot.append(f"enableWhen on {reach.question}: no one fact tells these answers from the others")
            else:
                when[said[0]] = said[1]
        elif unless is None and (said := fact_of(question, _others(question, reach))) is not None:
            unless = {said[0]: said[1]}
        elif unless is not None:
            cannot.append(f"enableWhen on {reach.question}: one exception is said already, and there can be but one")
        else:
            cannot.append(f"enableWhen on {reach.question}: no one fact tells these answers from the others")
    for clause in several:
        of = {reach.question: questions[reach.question] for reach in clause}
        facts = [fact_of(of[reach.question], _others(of[reach.question], reach)) for reach in clause]
        sure = all(reach.unanswered or _always_asked(of[reach.question]) for reach in clause)
        if unless is None and sure and all(facts) and len({fact[0] for fact in facts if fact}) == len(facts):
            unless = {fact[0]: fact[1] for fact in facts if fact}
        else:
            cannot.append(f"enableWhen on any of {', '.join(of)}: our conditions cannot say this")
    return Condition(facts=when), None if unless is None else Condition(facts=unless), cannot


def _gathered(reaches: Sequence[Sequence[Reach]]) -> tuple[list[Reach], list[list[Reach]]]:
    """Clauses on one question, one for each question; and those on several."""
    single: dict[str, Reach] = {}
    several: list[list[Reach]] = []
    for clause in reaches:
        united: dict[str, Reach] = {}
        for each in clause:
            so_far = united.get(each.question, Reach(each.question, frozenset()))
            united[each.question] = Reach(each.question, so_far.keys | each.keys, so_far.unanswered or each.unanswered)
        if len(united) > 1:
            several.append(list(united.values()))
            continue
        for each in united.values():
            known = single.get(each.question, each)
            single[each.question] = Reach(each.question, known.keys & each.keys, known.unanswered and each.unanswered)
    return list(single.values()), several


def _always_asked(question: Question) -> bool:
    return question.ask_when == Condition() and question.ask_unless is None


def _others(question: Question, reach: Reach) -> frozenset[str]:
    return frozenset(answer.key for answer in question.answers) - reach.keys


def fact_of(question: Question, keys: Collection[str]) -> tuple[FactName, tuple[str, ...]] | None:
    """A fact of the question and its values that are set by exactly these answers; None where there is none."""
    for fact in question.facts:
        values = tuple(dict.fromkeys(each.sets[fact] for each in question.answers if each.key in keys and fact in each.sets))
        if values and set(_keys(question, fact, values)) == set(keys):
            return fact, values
    return None
