"""A triage protocol as data: questions in several languages, answer keys, the facts they set, and what follows."""

from typing import Literal

from msgspec import Struct

from console.domain.ids import FactName, QuestionId
from console.domain.programmes import Condition

NOT_KNOWN = "not_known"
"""The value of a fact that was asked for and could not be learned. It is never shown, or reasoned with, as "no"."""


class Fact(Struct, frozen=True, forbid_unknown_fields=True):
    """A typed fact: its name in words and its values in words. `not_known` belongs to every fact and is not listed."""

    name: str
    values: dict[str, str]


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer: the digit that gives it, its words by language, and the facts it sets."""

    key: str
    text: dict[str, str]
    sets: dict[FactName, str]
    instruction: dict[str, str] = {}


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question: its words by language, its answers, and when it is asked (no condition: always)."""

    id: QuestionId
    section: str
    text: dict[str, str]
    answers: tuple[Answer, ...]
    ask_when: Condition = Condition()
    ask_unless: Condition | None = None


class Proposal(Struct, frozen=True, forbid_unknown_fields=True):
    """What a protocol proposes under a condition: the code of a programme or of another service, and why."""

    propose: str
    when: Condition
    because: str


class Protocol(Struct, frozen=True, forbid_unknown_fields=True):
    """A versioned protocol. `proposals` are read in order: the first that holds and is not denied is proposed."""

    id: str
    version: str
    title: str
    status: Literal["sample", "approved"]
    author: str
    date: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    proposals: tuple[Proposal, ...]
