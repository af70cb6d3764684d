"""A triage protocol as data: questions in several languages, answer keys, the facts they set, and what follows."""

from typing import Literal

from msgspec import Struct

from console.domain.conditions import NOT_KNOWN, Condition
from console.domain.ids import FactName, QuestionId


class Fact(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A typed fact: its name in words and its values in words. `not_known` belongs to every fact and is not listed."""

    name: str
    values: dict[str, str]


class Answer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer: the digit that gives it, its words by language, and the facts it sets."""

    key: str
    text: dict[str, str]
    sets: dict[FactName, str]
    instruction: dict[str, str] = {}

    @property
    def is_not_known(self) -> bool:
        """Whether this answer says that it could not be learned."""
        return bool(self.sets) and all(value == NOT_KNOWN for value in self.sets.values())


class Question(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question: its words by language, its answers, and when it is asked (no condition: always).

    Its conditions look at facts that earlier questions set, and at the nature. `again` are the other words in which it is
    asked once more when the first answer was "not known"; without them the first such answer stands.
    """

    id: QuestionId
    section: str
    text: dict[str, str]
    answers: tuple[Answer, ...]
    ask_when: Condition = Condition()
    ask_unless: Condition | None = None
    again: dict[str, str] = {}

    @property
    def facts(self) -> tuple[FactName, ...]:
        """The facts that its answers set, in their order."""
        return tuple(dict.fromkeys(fact for answer in self.answers for fact in answer.sets))

    def answer(self, key: str) -> Answer | None:
        """The answer of that key, or None."""
        return next((answer for answer in self.answers if answer.key == key), None)


class Proposal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a protocol proposes under a condition: a programme's or another service's code, who goes along, and why."""

    propose: str
    when: Condition
    because: str
    along: tuple[str, ...] = ()


class Protocol(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A versioned protocol. `proposals` are read in order: the first that holds and is not denied is proposed.

    `limit` is the most questions that one interview may take. `sources` are those whose calls it is for, whatever their
    nature (`state.Source`): an officer at the scene is not asked what a caller is.
    """

    id: str
    version: str
    title: str
    status: Literal["sample", "approved"]
    author: str
    date: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    proposals: tuple[Proposal, ...]
    limit: int = 30
    sources: tuple[str, ...] = ()

    def question(self, question: QuestionId) -> Question | None:
        """The question of that id, or None."""
        return next((each for each in self.questions if each.id == question), None)
