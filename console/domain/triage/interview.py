"""The course of an interview: which question is next, which answers apply, how many there may be. Pure, from the call.

The questions stand in an order, and whether one is asked depends on facts that earlier ones set: so one walk through them
tells everything. Answers of another protocol, and facts set by hand, are there from the start: a change of nature, or of
the person who asks, carries on and never begins anew.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Circumstances, holds
from console.domain.ids import FactName, QuestionId
from console.domain.state import Answered, Call
from console.domain.triage.protocol import Answer, Protocol, Question


class Asking(Struct, frozen=True):
    """The question to ask now, its place counted from 1, and the most questions that this interview can still have.

    `again`: it was asked before, the answer was not known, and it is put once more in its other words.
    """

    question: Question
    number: int
    at_most: int
    again: bool = False


class Ended(Struct, frozen=True):
    """Every question that applies has been answered."""

    answered: int


class _Course(Struct, frozen=True):
    """One walk: the answers that rest, the questions that wait for an answer, and those that may come to apply."""

    resting: frozenset[QuestionId]
    next: Question | None
    done: int
    may_come: int


def protocol_for(agency: Agency, call: Call) -> Protocol | None:
    """The protocol for the call's source, else that of its nature, else the agency's first; None where it has none."""
    for protocol in agency.protocols:
        if call.source in protocol.sources:
            return protocol
    wanted = agency.nature(call.nature).protocol
    by_id = {protocol.id: protocol for protocol in agency.protocols}
    return by_id.get(wanted) or (agency.protocols[0] if agency.protocols else None)


def step(protocol: Protocol, call: Call) -> Asking | Ended:
    """The first question, in the protocol's order, that applies and has no answer that stands."""
    course = _course(protocol, call)
    if course.next is None:
        return Ended(course.done)
    again = any(answered.question == course.next.id for answered in call.answers)
    number = course.done + 1
    # Not all that may come can come in one interview; the proof holds the longest against the limit.
    at_most = max(number, min(course.done + course.may_come, protocol.limit))
    return Asking(course.next, number, at_most, again)


def answered(protocol: Protocol, call: Call) -> list[tuple[Question, Answer]]:
    """The questions of this protocol that have an answer which applies and stands, in the order of their answers."""
    pairs = []
    for given in call.answers:
        question = protocol.question(given.question)
        answer = question.answer(given.answer) if question else None
        if question and answer and given.applies and not asked_in_vain(question, given):
            pairs.append((question, answer))
    return pairs


def settling(protocol: Protocol, call: Call, open_facts: tuple[FactName, ...]) -> Question | None:
    """The first question that is still to come and could tell one of these facts; None where no question can."""
    course = _course(protocol, call)
    if course.next is None:
        return None
    upcoming = protocol.questions[protocol.questions.index(course.next) :]
    given = {each.question for each in call.answers if each.applies} - {course.next.id}
    return next((q for q in upcoming if q.id not in given and set(q.facts) & set(open_facts)), None)


def asked_in_vain(question: Question, given: Answered) -> bool:
    """Whether the answer was "not known" for the first time and the question has other words to put it in."""
    answer = question.answer(given.answer)
    return bool(question.again) and given.attempt == 1 and answer is not None and answer.is_not_known


def settled_by(question: Question, answer: Answer, before: Answered | None) -> tuple[int, dict[FactName, str]]:
    """Which attempt an answer is, after the one that stood `before`, and the facts it settles: none if it is put again."""
    if not (answer.is_not_known and question.again):
        return 1, dict(answer.sets)
    return (2, dict(answer.sets)) if before is not None and asked_in_vain(question, before) else (1, {})


def with_applying_answers(agency: Agency, call: Call) -> Call:
    """The call with its answers marked: those that an earlier answer, changed since, no longer asks for rest.

    Answers to questions that the protocol does not have stay as they were: what rested does not come alive by a recoding.
    """
    protocol = protocol_for(agency, call)
    if protocol is None or not call.answers:
        return call
    own, resting = {question.id for question in protocol.questions}, _course(protocol, call).resting
    marked = tuple(
        given if given.question not in own or given.applies is (given.question not in resting)
        else replace(given, applies=not given.applies)
        for given in call.answers
    )  # fmt: skip
    return call if marked == call.answers else replace(call, answers=marked)


def _course(protocol: Protocol, call: Call) -> _Course:
    """Walk through the questions once. What is known before the first comes from elsewhere and was not asked here."""
    own = {question.id for question in protocol.questions}
    given_of = {given.question: given for given in call.answers if given.question in own}
    elsewhere = _elsewhere(call, own)
    facts = dict(elsewhere)
    by_hand = {told.fact: told for told in call.told}
    resting: set[QuestionId] = set()
    waiting: Question | None = None
    done = may_come = 0
    for question in protocol.questions:
        given = given_of.get(question.id)
        applies = _applies(question, Circumstances(facts, call.nature, call.priority, call.source))
        if given is not None and applies is True and not asked_in_vain(question, given):
            done += 1
            facts |= {f: v for f, v in given.sets.items() if f not in by_hand or by_hand[f].at < given.at}
            continue
        if given is not None and applies is not True:
            resting.add(question.id)
        if applies is False or (given is None and _told_elsewhere(question, elsewhere)):
            continue
        may_come += 1
        if applies is True and waiting is None:
            waiting = question
    return _Course(frozenset(resting), waiting, done, may_come)


def _elsewhere(call: Call, own: set[QuestionId]) -> dict[FactName, str]:
    """Facts set by hand, or by questions that this protocol does not have; what was told later wins."""
    said = [(given.at, given.sets) for given in call.answers if given.question not in own and given.applies]
    said += [(told.at, {told.fact: told.value}) for told in call.told]
    return {fact: value for _, sets in sorted(said, key=lambda each: each[0]) for fact, value in sets.items()}


def _told_elsewhere(question: Question, elsewhere: Mapping[FactName, str]) -> bool:
    """Whether all that the question could tell is known without it."""
    return bool(question.facts) and all(elsewhere.get(fact, NOT_KNOWN) != NOT_KNOWN for fact in question.facts)


def _applies(question: Question, known: Circumstances) -> bool | None:
    """True: asked. False: not, whatever comes. None: it depends on a fact that is not known (yet)."""
    skipped = question.ask_unless is not None and holds(question.ask_unless, known) is True
    return False if skipped else holds(question.ask_when, known)
