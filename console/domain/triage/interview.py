"""The course of an interview: which question is next, which are answered, how many there may be. Pure, from the call."""

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.eligibility import holds
from console.domain.ids import FactName
from console.domain.state import Call
from console.domain.triage.protocol import Answer, Protocol, Question


class Asking(Struct, frozen=True):
    """The question to ask now, its place counted from 1, and the most questions that this interview can still have."""

    question: Question
    number: int
    at_most: int


class Ended(Struct, frozen=True):
    """Every question that applies has been answered."""

    answered: int


def protocol_for(agency: Agency, call: Call) -> Protocol | None:
    """The protocol of the call's nature, else the agency's first; None where the agency has none."""
    wanted = agency.nature(call.nature).protocol
    by_id = {protocol.id: protocol for protocol in agency.protocols}
    return by_id.get(wanted) or (agency.protocols[0] if agency.protocols else None)


def step(protocol: Protocol, call: Call) -> Asking | Ended:
    """The first question, in the protocol's order, that applies and has no answer."""
    facts = call.facts
    done = {answered.question for answered in call.answers if answered.protocol == protocol.id}
    waiting = [q for q in protocol.questions if q.id not in done and _may_apply(q, facts, call.priority)]
    for question in waiting:
        if _applies(question, facts, call.priority):
            return Asking(question, len(done) + 1, len(done) + len(waiting))
    return Ended(len(done))


def answered(protocol: Protocol, call: Call) -> list[tuple[Question, Answer]]:
    """The questions that were answered, in the order of their answers."""
    questions = {question.id: question for question in protocol.questions}
    pairs = []
    for given in call.answers:
        question = questions.get(given.question) if given.protocol == protocol.id else None
        answer = next((a for a in question.answers if a.key == given.answer), None) if question else None
        if question and answer:
            pairs.append((question, answer))
    return pairs


def _applies(question: Question, facts: dict[FactName, str], priority: str) -> bool:
    """Ask when the condition is known to hold, and nothing known says to skip it."""
    if question.ask_unless is not None and holds(question.ask_unless, facts, priority):
        return False
    return holds(question.ask_when, facts, priority) is True


def _may_apply(question: Question, facts: dict[FactName, str], priority: str) -> bool:
    """Whether the question applies now or could once a fact it depends on is told."""
    if question.ask_unless is not None and holds(question.ask_unless, facts, priority):
        return False
    return holds(question.ask_when, facts, priority) is not False
