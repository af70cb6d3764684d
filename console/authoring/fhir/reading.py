"""A FHIR R4 Questionnaire as a protocol, with a remark for everything that our form has no place for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from console.authoring.fhir.enabling import Clause, Reach, clauses, condition
from console.authoring.fhir.options import Choice, answers, choices, reach
from console.authoring.fhir.questionnaire import EnableWhen, Item, Questionnaire, beyond, texts
from console.authoring.fhir.remark import Remark
from console.authoring.fhir.writing import AGAIN, ASKED, KEPT, PROTOCOL, Asked, Codes, Kept
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import FactName, QuestionId
from console.domain.triage.protocol import Answer, Fact, Protocol, Question

LONGEST = 30
"""Questions of one interview, where the file does not say how many there may be."""


class NotReadable(Exception):
    """The file is no FHIR R4 Questionnaire; the words say what is wrong, and where."""


class Read(Struct, frozen=True):
    """What became of a questionnaire: the protocol, facts that it needs and the center does not have, and remarks."""

    protocol: Protocol
    facts: dict[FactName, Fact]
    remarks: list[Remark]


class _Placed(Struct, frozen=True):
    """An item with what its groups say of it: the section, and clauses that must hold."""

    item: Item
    section: str
    clauses: tuple[Clause, ...]


def protocol(
    raw: Any, languages: Sequence[str] = (), facts: Mapping[FactName, Fact] | None = None, *, id_: str = "imported"
) -> Read:
    """Read a questionnaire (JSON as plain values), or raise `NotReadable`.

    `languages` and `facts` are those of the center: its first language is taken for a file that names none, and a fact's
    name that it uses otherwise is not used again. `id_` is the protocol's where the file has no name.
    """
    if not isinstance(raw, dict) or raw.get("resourceType") != "Questionnaire":
        kind = raw.get("resourceType") if isinstance(raw, dict) else None
        raise NotReadable(f"this is {kind or 'something else'}; expected a FHIR R4 Questionnaire (resourceType)")
    try:
        form = msgspec.convert(raw, Questionnaire)
    except msgspec.ValidationError as error:
        what, _, at = str(error).partition(" - at ")
        place = at.strip("`").removeprefix("$.") or "the questionnaire"
        raise NotReadable(f"{place}: {what[:1].lower()}{what[1:]}; FHIR R4 wants it otherwise") from error
    return _Reader(form, tuple(languages), facts or {}, id_).read(list(beyond(raw, Questionnaire, "the questionnaire")))


class _Reader:
    def __init__(self, form: Questionnaire, languages: tuple[str, ...], facts: Mapping[FactName, Fact], id_: str) -> None:
        self._form, self._known, self._id = form, facts, id_
        self._ours = (form.url or "").startswith(PROTOCOL)
        self._language = form.language or next(iter(languages), "en")
        self._center_speaks = languages
        self._remarks: list[Remark] = []
        self._facts: dict[FactName, Fact] = {}
        self._choices: dict[str, list[Choice]] = {}
        self._questions: dict[str, Question] = {}

    def read(self, unread: list[tuple[str, str]]) -> Read:
        self._remarks += [Remark(where, f"{what}: our form has no place for it") for where, what in unread]
        form, kept = self._form, self._kept()
        placed = list(self._flat(form.item, "" if self._ours else form.title or "questions", ()))
        compared = [part for each in placed for clause in each.clauses for part in clause]
        for each in placed:
            if each.item.type != "display":
                self._question(each, [part for part in compared if part.question == each.item.link_id])
        for each in placed:
            if each.item.type == "display":
                self._instruction(each)
        made = Protocol(
            id=self._name(),
            version=form.version or ("" if self._ours else "1"),
            title=form.title or form.name or self._id,
            status="approved" if self._ours and form.status == "active" else "sample",
            author=form.publisher or "",
            date=form.date or kept.date,
            languages=kept.languages,
            questions=tuple(self._questions.values()),
            proposals=kept.proposals,
            limit=kept.limit if self._ours else max(LONGEST, len(self._questions)),
            sources=kept.sources,
        )
        made = self._in_its_languages(made)
        if not made.proposals:
            self._to_know("outcome rules (proposals): a questionnaire has none; write them, then prove the protocol")
        if not self._ours and form.status == "active":
            self._to_know("status: active elsewhere; here it is a sample until this center approves it")
        return Read(made, self._facts, self._remarks)

    def _to_know(self, what: str) -> None:
        self._remarks.append(Remark("the questionnaire", what, lost=False))

    def _kept(self) -> Kept:
        for extension in self._form.extension:
            if extension.url == KEPT:
                with suppress(msgspec.DecodeError):
                    return msgspec.json.decode(extension.value_string or "", type=Kept)
                self._remarks.append(Remark("the questionnaire", "its kept outcome rules cannot be read"))
        return Kept(())

    def _name(self) -> str:
        if self._ours:
            return unquote((self._form.url or "").removeprefix(PROTOCOL))
        return _plain(self._form.name or self._form.id or self._id)

    def _flat(self, items: Sequence[Item], section: str, above: tuple[Clause, ...]) -> Iterator[_Placed]:
        """Everything but the groups, in order, each with what its groups say."""
        for item in items:
            there = (*above, *self._clauses(item))
            if item.type != "group":
                yield _Placed(item, section, there)
            elif item.text_element is not None:
                self._remarks.append(Remark(item.link_id, "the heading in other languages: a section's name is one text"))
            yield from self._flat(item.item, item.text or section if item.type == "group" else section, there)

    def _clauses(self, item: Item) -> list[Clause]:
        if len(item.enable_when) > 1 and item.enable_behavior is None:
            self._remarks.append(Remark(item.link_id, "enableBehavior is missing: read as all", lost=False))
        if item.enable_behavior == "any":
            return [item.enable_when] if item.enable_when else []
        return [(part,) for part in item.enable_when]

    def _question(self, placed: _Placed, compared: list[EnableWhen]) -> None:
        item = placed.item
        if item.link_id in self._questions:
            self._remarks.append(Remark(item.link_id, "the question: this linkId stands twice"))
            return
        given = choices(item, self._language, compared, self._remarks.append)
        if not given:
            return
        if item.repeats:
            self._remarks.append(Remark(item.link_id, "repeats: one answer is chosen, not several"))
        if any(each.added for each in given):
            self._remarks.append(Remark(item.link_id, 'the answer "not known" was added', lost=False))
        text = texts(item.text or item.link_id, item.text_element, self._language)
        if item.prefix:
            text = {language: f"{item.prefix} {words}" for language, words in text.items()}
        made = answers(given, self._fact_name(item), keep_keys=self._ours)
        question = Question(QuestionId(item.link_id), placed.section, text, made, again=self._again(item))
        asked = self._asked(placed, question)
        self._choices[item.link_id] = given
        self._questions[item.link_id] = replace(question, ask_when=asked.ask_when, ask_unless=asked.ask_unless)
        for fact in question.facts:
            if fact not in self._known and not any(each.sets for each in given):
                values = {a.sets[fact]: a.text.get(self._language, a.sets[fact]) for a in made if fact in a.sets}
                self._facts[fact] = Fact(item.text or item.link_id, {v: w for v, w in values.items() if v != NOT_KNOWN})

    def _fact_name(self, item: Item) -> FactName:
        name = _plain(item.link_id)
        taken = name in self._known or name in self._facts
        return FactName(f"{self._name()}_{name}" if taken else name)

    def _again(self, item: Item) -> dict[str, str]:
        for extension in item.extension:
            if extension.url == AGAIN:
                return texts(extension.value_string, extension.value_string_element, self._language)
        return {}

    def _asked(self, placed: _Placed, question: Question) -> Asked:
        """When the question is asked: by its own kept conditions while `enableWhen` still says the same, else by that."""
        kept = next((each for each in placed.item.extension if each.url == ASKED), None)
        if kept is not None:
            with suppress(msgspec.DecodeError):
                ours = msgspec.json.decode(kept.value_string or "", type=Asked)
                before = replace(question, ask_when=ours.ask_when, ask_unless=ours.ask_unless)
                codes = Codes(Protocol(self._name(), "", "", "sample", "", "", (), (), ()))
                if _same(clauses(before, list(self._questions.values()), codes)[0], placed.clauses):
                    return ours
            what = "enableWhen has changed since it was exported: it counts, and the kept conditions do not"
            self._remarks.append(Remark(question.id, what, lost=False))
        when, unless, cannot = condition(self._reaches(placed), self._questions)
        self._remarks += [Remark(question.id, f"{what}; it is asked without that condition") for what in cannot]
        return Asked(when, unless)

    def _reaches(self, placed: _Placed) -> list[list[Reach]]:
        """What the clauses say of questions that were carried; a clause of which a part cannot be said, not at all."""
        found = []
        for clause in placed.clauses:
            parts = [self._reach(part) for part in clause]
            if not all(parts):
                on = ", ".join(f"{p.question} {p.operator}" for p, read in zip(clause, parts, strict=True) if not read)
                what = f"enableWhen {on}: not a question that was carried and comes earlier, or no answer of it"
                consequence = "not shown" if placed.item.type == "display" else "asked without that condition"
                self._remarks.append(Remark(placed.item.link_id, f"{what}; {consequence}"))
                continue
            found.append([part for part in parts if part])
        return found

    def _reach(self, part: EnableWhen) -> Reach | None:
        question = self._questions.get(part.question)
        if question is None:
            return None
        return reach(part, self._choices[part.question], [answer.key for answer in question.answers])

    def _instruction(self, placed: _Placed) -> None:
        """A text that is shown after certain answers of one question is what those answers have the caller told."""
        item = placed.item
        said = texts(item.text, item.text_element, self._language)
        reaches = self._reaches(placed)
        of = {part.question for clause in reaches for part in clause}
        if len(reaches) != 1 or len(placed.clauses) != 1 or len(of) != 1 or reaches[0][0].unanswered or not said:
            if len(reaches) == len(placed.clauses):
                self._remarks.append(Remark(item.link_id, "the text: shown after answers of one question, it would be told"))
            return
        keys = {key for part in reaches[0] for key in part.keys}
        question = self._questions[of.pop()]
        told = tuple(replace(a, instruction=_joined(a, said)) if a.key in keys else a for a in question.answers)
        self._questions[question.id] = replace(question, answers=told)

    def _in_its_languages(self, made: Protocol) -> Protocol:
        """The protocol in the languages that its texts have and the center speaks; where words are missing, a remark."""
        said = dict.fromkeys([self._language, *made.languages])
        for question in made.questions:
            said |= dict.fromkeys(question.text)
        spoken = [each for each in said if not self._center_speaks or each in self._center_speaks or self._ours]
        for language in said:
            if language not in spoken:
                self._remarks.append(Remark("the questionnaire", f"its words in {language!r}: the center does not speak it"))
        questions = tuple(_only(question, spoken) for question in made.questions)
        for question in questions:
            for language in spoken:
                every = (question.text, *(answer.text for answer in question.answers))
                every += tuple(text for text in (question.again, *(a.instruction for a in question.answers)) if text)
                if any(language not in text for text in every):
                    self._remarks.append(Remark(question.id, f"a text of it has no words in {language!r}: write them"))
        return replace(made, languages=tuple(spoken), questions=questions)


def _only(question: Question, languages: Sequence[str]) -> Question:
    """The question with its texts in these languages."""

    def cut(text: dict[str, str]) -> dict[str, str]:
        return {language: words for language, words in text.items() if language in languages}

    made = tuple(replace(a, text=cut(a.text), instruction=cut(a.instruction)) for a in question.answers)
    return replace(question, text=cut(question.text), again=cut(question.again), answers=made)


def _joined(answer: Answer, more: dict[str, str]) -> dict[str, str]:
    every = dict.fromkeys([*answer.instruction, *more])
    return {each: " ".join(filter(None, (answer.instruction.get(each), more.get(each)))) for each in every}


def _same(some: Sequence[Clause], others: Sequence[Clause]) -> bool:
    return {frozenset(clause) for clause in some} == {frozenset(clause) for clause in others}


def _plain(name: str) -> str:
    """A name for people who write rules: small letters, digits and underscores."""
    return re.sub(r"\W+", "_", name.casefold()).strip("_") or "unnamed"
