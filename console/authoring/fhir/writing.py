"""A protocol as a FHIR R4 Questionnaire.

What FHIR has no element for (the facts that an answer sets, the other words of a question, the outcome rules) goes into
extensions of our own, so that a file comes back whole; what another system would then do otherwise is said in remarks.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Literal
from urllib.parse import quote

import msgspec
from msgspec import Struct

from console.authoring.fhir.enabling import Clause, clauses
from console.authoring.fhir.questionnaire import URN, Coding, EnableWhen, Extension, Item, Option, Questionnaire, words
from console.authoring.fhir.remark import Remark
from console.domain.conditions import Condition
from console.domain.ids import FactName
from console.domain.triage.protocol import Answer, Proposal, Protocol, Question

PROTOCOL = f"{URN}protocol:"
"""What the `url` of our own questionnaires begins with; the protocol's id follows."""
SETS, AGAIN, ASKED, KEPT = f"{URN}sets", f"{URN}again", f"{URN}asked", f"{URN}kept"
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
"""FHIR's `date`, as far as a pattern can say it."""


class Asked(Struct, frozen=True, omit_defaults=True):
    """A question's conditions in our own form, beside the `enableWhen` made of them."""

    ask_when: Condition = Condition()
    ask_unless: Condition | None = None


class Kept(Struct, frozen=True, omit_defaults=True):
    """What a protocol has beside its questions."""

    languages: tuple[str, ...]
    proposals: tuple[Proposal, ...] = ()
    limit: int = 30
    sources: tuple[str, ...] = ()
    date: str = ""


def questionnaire(protocol: Protocol) -> tuple[Questionnaire, list[Remark]]:
    """The protocol as a form, and what to know of it."""
    writer = _Writer(protocol)
    kept = Kept(protocol.languages, protocol.proposals, protocol.limit, protocol.sources, protocol.date)
    dated = bool(_DATE.fullmatch(protocol.date))
    if protocol.date and not dated:
        writer.remarks.append(Remark(protocol.id, f"its date {protocol.date!r} is none of FHIR's (2025-01-31)"))
    form = Questionnaire(
        status="active" if protocol.status == "approved" else "draft",
        language=protocol.languages[0],
        url=url_of(protocol),
        version=protocol.version or None,
        title=protocol.title or None,
        date=protocol.date if dated else None,
        publisher=protocol.author or None,
        extension=(Extension(KEPT, value_string=msgspec.json.encode(kept).decode()),),
        item=tuple(writer.sections()),
    )
    return form, [*writer.remarks, *_for_this_console(protocol)]


def url_of(protocol: Protocol) -> str:
    """The canonical address of a protocol."""
    return PROTOCOL + quote(protocol.id, safe="")


def coding(protocol: Protocol, question: Question, answer: Answer) -> Coding:
    """An answer as a code of the question's own system."""
    display, beside = words(answer.text, protocol.languages)
    return Coding(f"{url_of(protocol)}:{quote(question.id, safe='')}", answer.key, display, beside)


class Codes(Struct, frozen=True):
    """Gives the coding of an answer key as `enableWhen` compares it: system and code, without words."""

    protocol: Protocol

    def __call__(self, question: Question, key: str) -> Coding:
        """The coding of one answer key."""
        return Coding(f"{url_of(self.protocol)}:{quote(question.id, safe='')}", key)


def sets(facts: Mapping[FactName, str]) -> Extension:
    """The facts that an answer sets."""
    return Extension(SETS, extension=tuple(Extension(fact, value_string=value) for fact, value in facts.items()))


class _Writer:
    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._taken: set[str] = {question.id for question in protocol.questions}
        self.remarks: list[Remark] = []

    def sections(self) -> Iterator[Item]:
        """The questions in groups, one for each run of questions of one section."""
        questions = self._protocol.questions
        for section, run in groupby(questions, key=lambda question: question.section):
            items = tuple(item for question in run for item in self._question(question, questions))
            yield Item(self._free("section"), "group", text=section or None, item=items)

    def _free(self, wanted: str) -> str:
        """A linkId that nothing else has."""
        number = 1
        while (name := f"{wanted}-{number}") in self._taken:
            number += 1
        self._taken.add(name)
        return name

    def _question(self, question: Question, all_: tuple[Question, ...]) -> Iterator[Item]:
        """The question inside the groups that its conditions need, and then what to tell the caller after an answer."""
        found, cannot = clauses(question, all_[: all_.index(question)], Codes(self._protocol))
        self.remarks += cannot
        text, beside = words(question.text, self._protocol.languages)
        plain = tuple(part for clause in found if len(clause) == 1 for part in clause)
        levels: list[Clause] = [clause for clause in found if len(clause) > 1]
        own = levels.pop() if levels and not plain else plain
        item = Item(
            question.id, "choice", text=text, text_element=beside,
            enable_when=own, enable_behavior=_behavior(own, any_=own is not plain), required=True,
            answer_option=tuple(self._option(question, answer) for answer in question.answers),
            extension=tuple(self._kept(question)),
        )  # fmt: skip
        for clause in reversed(levels):
            item = Item(
                self._free(f"{question.id}.when"), "group", enable_when=clause,
                enable_behavior=_behavior(clause, any_=True), item=(item,),
            )  # fmt: skip
        yield item
        for answer in question.answers:
            if answer.instruction:
                text, beside = words(answer.instruction, self._protocol.languages)
                given = EnableWhen(question.id, "=", answer_coding=Codes(self._protocol)(question, answer.key))
                name = self._free(f"{question.id}.{answer.key}.say")
                yield Item(name, "display", text=text, text_element=beside, enable_when=(given,))

    def _option(self, question: Question, answer: Answer) -> Option:
        extension = (sets(answer.sets),) if answer.sets else ()
        return Option(value_coding=coding(self._protocol, question, answer), extension=extension)

    def _kept(self, question: Question) -> Iterator[Extension]:
        if question.again:
            again, beside = words(question.again, self._protocol.languages)
            yield Extension(AGAIN, value_string=again, value_string_element=beside)
        asked = Asked(question.ask_when, question.ask_unless)
        if asked != Asked():
            yield Extension(ASKED, value_string=msgspec.json.encode(asked).decode())


def _behavior(clause: Clause, *, any_: bool) -> Literal["all", "any"] | None:
    return None if len(clause) < 2 else "any" if any_ else "all"


def _for_this_console(protocol: Protocol) -> Iterator[Remark]:
    """What only this console reads."""
    ours = "kept in an extension that only this console reads"
    facts = {fact for question in protocol.questions for fact in question.facts}
    yield Remark(protocol.id, f"the {len(facts)} facts that its answers set: {ours}", lost=False)
    again = sum(bool(question.again) for question in protocol.questions)
    if again:
        yield Remark(protocol.id, f"the other words of {again} questions that are asked again: {ours}", lost=False)
    if protocol.proposals:
        yield Remark(protocol.id, f"its {len(protocol.proposals)} outcome rules: {ours}", lost=False)
    if protocol.sources:
        yield Remark(protocol.id, f"the sources it is for, {', '.join(protocol.sources)}: {ours}", lost=False)
