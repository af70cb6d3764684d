"""What was told of a call, each answer and each fact set by hand with its stamp, and how far the interview is. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.commands import AnswerQuestion, AnyCommand, SetFact, TakeBackAnswer, TakeBackFact
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import FactName, QuestionId
from console.domain.queries import nature_words, person_name
from console.domain.state import Answered, Call, FactTold, State
from console.domain.times import time_of_day
from console.domain.triage.interview import Asking, asked_in_vain, protocol_for, step
from console.domain.triage.protocol import Answer, Protocol, Question

How = Literal["stands", "again", "rests", "carried", "by_hand", "overruled"]
"""An answer stands, is to be asked again, rests, or was carried over from another protocol; a fact is by hand, or was
told otherwise since."""


class Told(Struct, frozen=True):
    """One thing that was told: what about, the answer, a remark ("" for none), and on demand by whom, when and by what."""

    about: str
    answer: str
    remark: str
    stamp: str
    how: How
    question: QuestionId = QuestionId("")
    """The question that it answers; "" for a fact set by hand."""
    weighs: bool = False
    """Whether it stays in view when earlier ones are folded: it is not known, or it was told otherwise since."""


def told(state: State, call: Call, protocol: Protocol, now: datetime) -> tuple[Told, ...]:
    """Every answer in the order in which they were given, then the facts set by hand."""
    answers = (_answer(state, call, protocol, given, now) for given in call.answers)
    facts = call.facts
    return (*answers, *(_by_hand(state, each, facts.get(each.fact) == each.value, now) for each in call.told))


def history(state: State, call: Call) -> list[tuple[datetime, str]]:
    """What was told, in the words of the call's history: whose word, and by which version of which protocol."""
    agency = state.agency
    lines = []
    for given in call.answers:
        question, answer = _looked_up(agency, None, given)
        rests = "" if given.applies else ", rests now"
        words = f"{about_words(agency, question, given.question)} {answer_words(agency, answer, given.answer)}{rests}"
        lines.append((given.at, f"{words} · {_whose(state, given)}"))
    for each in call.told:
        words = f"{agency.fact_name(each.fact)}: {value_words(agency, each.fact, each.value)}, {_by(each)}"
        lines.append((each.at, f"{words} · {person_name(state, each.by)}: {each.reason}"))
    return lines


def progress_words(agency: Agency, call: Call) -> str:
    """ "triage 4 of at most 12" of an interview that was begun and has not ended; "" otherwise."""
    protocol = protocol_for(agency, call) if call.answers and call.closing is None else None
    asking = step(protocol, call) if protocol is not None else None
    return f"triage {asking.number} of at most {asking.at_most}" if isinstance(asking, Asking) else ""


def moved_words(state: State, before: Call, after: Call, mine: AnyCommand | None) -> str:
    """What somebody else told since, or what else moved the questions; "" where it was all by my own command."""
    agency = state.agency
    was = {given.question: given for given in before.answers}
    own_question = mine.question if isinstance(mine, AnswerQuestion | TakeBackAnswer) else None
    for given in after.answers:
        old = was.pop(given.question, None)
        same = old is not None and (old.answer, old.attempt, old.at) == (given.answer, given.attempt, given.at)
        by_me = isinstance(mine, AnswerQuestion) and (mine.question, mine.answer) == (given.question, given.answer)
        if not same and not by_me:
            question, answer = _looked_up(agency, None, given)
            about = about_words(agency, question, given.question)
            return f"{person_name(state, given.by)} answered “{about}”: {answer_words(agency, answer, given.answer)}."
    for gone in was.values():
        if gone.question != own_question:
            question, _ = _looked_up(agency, None, gone)
            return f"The answer to “{about_words(agency, question, gone.question)}” was taken back."
    own_fact = mine.fact if isinstance(mine, SetFact | TakeBackFact) else None
    for each in after.told:
        if each not in before.told and each.fact != own_fact:
            words = f"{agency.fact_name(each.fact)}: {value_words(agency, each.fact, each.value)}"
            return f"{person_name(state, each.by)} set by hand: {words}."
    if after.nature != before.nature:
        return f"The nature is {nature_words(agency, after)} now; what was answered is kept."
    return ""


def value_words(agency: Agency, fact: FactName, value: str) -> str:
    """A value of a fact in words; not known is said as that, never as "no"."""
    if value == NOT_KNOWN:
        return "not known"
    return agency.facts[fact].values.get(value, value) if fact in agency.facts else value


def about_words(agency: Agency, question: Question | None, otherwise: str) -> str:
    """A question in short: the name of the first fact that it asks for, else the question itself."""
    if question is None:
        return otherwise
    fact = next((agency.facts[name] for name in question.facts if name in agency.facts), None)
    return f"{fact.name}?" if fact else _first(agency, question.text) or otherwise


def answer_words(agency: Agency, answer: Answer | None, otherwise: str) -> str:
    """An answer in the agency's first language; its key where the protocol has it no more."""
    return (_first(agency, answer.text) if answer else "") or otherwise


def by_hand_stamp(state: State, each: FactTold, now: datetime) -> str:
    """Who set a fact, when and why."""
    at = time_of_day(state.agency, each.at, now, seconds=True)
    return f"{person_name(state, each.by)} at {at}: {each.reason}"


def _answer(state: State, call: Call, protocol: Protocol, given: Answered, now: datetime) -> Told:
    agency = state.agency
    question, answer = _looked_up(agency, protocol, given)
    own = protocol.question(given.question)
    how: How = "stands"
    remark = ""
    if not given.applies:
        how, remark = "rests", "rests: not asked for now"
    elif own is None:
        how, remark = "carried", f"from {_title(agency, given.protocol)}"
    elif asked_in_vain(own, given):
        how, remark = "again", "asked once"
    return Told(
        about_words(agency, question, given.question),
        answer_words(agency, answer, given.answer),
        remark,
        f"{time_of_day(agency, given.at, now, seconds=True)} · {_whose(state, given)}",
        how,
        given.question,
        given.applies and any(value == NOT_KNOWN or call.facts.get(fact) != value for fact, value in given.sets.items()),
    )


def _by_hand(state: State, each: FactTold, holds: bool, now: datetime) -> Told:
    agency = state.agency
    remark = f"{_by(each)}, {by_hand_stamp(state, each, now)}"
    return Told(
        agency.fact_name(each.fact),
        value_words(agency, each.fact, each.value),
        remark if holds else f"{remark} · told otherwise since",
        remark,
        "by_hand" if holds else "overruled",
        weighs=True,
    )


def _by(each: FactTold) -> str:
    """Whether a person set a fact, or a flag that was raised."""
    return "by a flag" if each.flag else "by hand"


def _whose(state: State, given: Answered) -> str:
    twice = ", asked twice" if given.attempt > 1 else ""
    title = _title(state.agency, given.protocol)
    return f"{person_name(state, given.by)}, {title} version {given.version}{twice}"


def _title(agency: Agency, protocol: str) -> str:
    return next((each.title for each in agency.protocols if each.id == protocol), protocol)


def _looked_up(agency: Agency, protocol: Protocol | None, given: Answered) -> tuple[Question | None, Answer | None]:
    """The question and answer as the protocol in use words them, else the one by which it was given, else any."""
    by_id = [each for each in agency.protocols if each.id == given.protocol]
    for source in (protocol, *by_id, *agency.protocols):
        question = source.question(given.question) if source else None
        if question is not None:
            return question, question.answer(given.answer)
    return None, None


def _first(agency: Agency, words: dict[str, str]) -> str:
    return next((words[code] for code in agency.languages if code in words), next(iter(words.values()), ""))
