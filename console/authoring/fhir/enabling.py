"""When a question is asked, in both forms: our conditions on facts, and FHIR's `enableWhen` on answers.

A list of clauses stands between the two: all of them must hold, and each holds when one of its parts does. FHIR has only
"any of these" or "all of these" for an item, so clauses with several parts go on groups around it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import product

from msgspec import Struct

from console.authoring.fhir.questionnaire import Coding, EnableWhen
from console.authoring.fhir.remark import Remark
from console.domain.conditions import Condition
from console.domain.ids import FactName
from console.domain.triage.protocol import Answer, Question

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
    cannot = [
        f"{name} looks at the {part}, enableWhen only at answers"
        for name, condition in (("ask_when", question.ask_when), ("ask_unless", question.ask_unless))
        for part in ("nature", "priority", "source")
        if condition is not None and getattr(condition, part)
    ]
    for fact, values in question.ask_when.facts.items():
        told = _Told(fact, values, earlier, coding)
        if told.said:
            found += told.among()
        else:
            cannot.append(f"ask_when: no earlier answer says that {fact} is {' or '.join(values)}")
    unless = question.ask_unless
    if unless is not None and not (unless.nature or unless.priority or unless.source):
        facts = [_Told(fact, values, earlier, coding) for fact, values in unless.facts.items()]
        cannot += [f"ask_unless: no earlier question tells {told.fact}" for told in facts if not told.tellers]
        if not facts:
            cannot.append("ask_unless without a condition always holds")
        elif len(facts) == 1:
            found += facts[0].none_of()
        elif all(told.tellers for told in facts):
            # Not all of them hold: one of them does not, whichever.
            either = product(*(told.not_among() for told in facts))
            found += [tuple(dict.fromkeys(part for clause in each for part in clause)) for each in either]
    return found, [Remark(question.id, f"{what}; other systems ask it without that condition") for what in cannot]


class _Told:
    """Whether a fact has one of these values, by the answers that tell it: of several questions the last one counts."""

    def __init__(self, fact: FactName, values: tuple[str, ...], earlier: Sequence[Question], coding: CodingOf) -> None:
        self.fact, self._values, self._coding = fact, values, coding
        self.tellers = [question for question in earlier if fact in question.facts]
        self.said = [(each, answer.key) for each in self.tellers for answer in each.answers if self._says(answer)]

    def _says(self, answer: Answer) -> bool:
        return answer.sets.get(self.fact) in self._values

    def among(self) -> list[Clause]:
        """It has one of the values: somebody told it, and whoever told it last said so."""
        if len(self.tellers) == 1:
            return [tuple(_is(*each, self._coding) for each in self.said)]
        return [
            tuple(self._telling(self.tellers)),
            *self._unless_told_later(lambda answer: not self._tells(answer) or self._says(answer)),
        ]

    def not_among(self) -> list[Clause]:
        """It has none of the values, or is not told."""
        return self._unless_told_later(lambda answer: not self._says(answer))

    def none_of(self) -> list[Clause]:
        """The same, in fewer words where one question tells it."""
        if len(self.tellers) > 1:
            return self.not_among()
        return [(EnableWhen(each.id, "!=", answer_coding=self._coding(each, key)),) for each, key in self.said]

    def _unless_told_later(self, fits: Callable[[Answer], bool]) -> list[Clause]:
        """Each teller was not asked, or gave an answer that fits, or a later one told the fact anew."""
        found: list[Clause] = []
        for place, teller in enumerate(self.tellers):
            parts = [EnableWhen(teller.id, "exists", answer_boolean=False)]
            parts += [_is(teller, answer.key, self._coding) for answer in teller.answers if fits(answer)]
            found.append((*parts, *self._telling(self.tellers[place + 1 :])))
        return found

    def _telling(self, tellers: Sequence[Question]) -> list[EnableWhen]:
        return [_is(each, answer.key, self._coding) for each in tellers for answer in each.answers if self._tells(answer)]

    def _tells(self, answer: Answer) -> bool:
        return self.fact in answer.sets


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
        if reach.unanswered and not _others(question, reach):
            continue  # it always holds
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
