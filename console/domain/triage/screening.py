"""The course of a screener: which question is next, and the level that its answers give so far. Pure.

It is a protocol's interview. Its answers are clinical: they are sealed, and never a call's facts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from console.domain.conditions import Circumstances
from console.domain.ids import HUB, CallId, FactName, NatureCode, QuestionId
from console.domain.state import Answered, Call, Place, Source
from console.domain.triage.interview import Asking, Ended, settled_by, step
from console.domain.triage.screener import Level, Screener

_NOWHERE = Call(
    CallId("screening"), "", Source.OTHER, NatureCode(""), NatureCode(""), "", Place(), datetime(2000, 1, 1, tzinfo=UTC), HUB
)  # fmt: skip
"""A call that exists only to be asked about; its times are the order of the answers."""
_NOT_ASKED = "not asked"
"""What stands for a fact at the end of an interview that had no cause to ask for it: it is no value of any fact."""


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer, by the keys of its question and of itself, and when it was given."""

    question: QuestionId
    answer: str
    at: datetime


class Outlook(Struct, frozen=True):
    """What the answers so far give: the level that is reached whatever comes, and whether it may still be a graver one."""

    level: Level
    at_least: bool


def asked(screener: Screener, said: tuple[Said, ...]) -> Asking | Ended:
    """The question to ask now, or the end."""
    return step(screener.protocol, _call(screener, said))


def applying(screener: Screener, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """The answers in the order of their questions, without those that an answer changed since no longer asks for."""
    given = {each.question: each for each in said}
    found: list[Said] = []
    while isinstance(now := asked(screener, tuple(found)), Asking) and (answer := given.pop(now.question.id, None)):
        found.append(answer)
    return tuple(found)


def with_answer(screener: Screener, said: tuple[Said, ...], answer: Said) -> tuple[Said, ...]:
    """With one answer given, or changed; raises `ValueError` where its question has none of that key."""
    question = screener.protocol.question(answer.question)
    if question is None or question.answer(answer.answer) is None:
        raise ValueError(f"{answer.question} has no answer {answer.answer!r}")
    return applying(screener, (*(each for each in said if each.question != answer.question), answer))


def facts(screener: Screener, said: tuple[Said, ...]) -> dict[FactName, str]:
    """What the answers tell."""
    return _call(screener, said).facts


def outlook(screener: Screener, said: tuple[Said, ...]) -> Outlook:
    """What the answers so far give. What was asked in vain may be anything, and is never taken for "no"."""
    lowest = len(screener.levels) - 1
    sure, may_be = 0, lowest
    for end in ends(screener, applying(screener, said)):
        met = [level.reached(end) for level in screener.levels]
        sure = max(sure, next((place for place, how in enumerate(met) if how is True), lowest))
        may_be = min(may_be, next((place for place, how in enumerate(met) if how is not False), lowest))
    return Outlook(screener.levels[sure], may_be < sure)


def ends(screener: Screener, said: tuple[Said, ...] = ()) -> Iterator[Circumstances]:
    """What is known at every end that the interview can still come to."""
    now = asked(screener, said)
    if isinstance(now, Ended):
        known = dict.fromkeys(screener.facts, _NOT_ASKED) | facts(screener, said)
        yield Circumstances(known)
        return
    for answer in now.question.answers:
        yield from ends(screener, (*said, Said(now.question.id, answer.key, _NOWHERE.received_at)))


def _call(screener: Screener, said: tuple[Said, ...]) -> Call:
    """The answers as those of a call, each after the one before it."""
    given = []
    protocol = screener.protocol
    for place, each in enumerate(said):
        question = protocol.question(each.question)
        answer = question.answer(each.answer) if question else None
        if question is None or answer is None:
            continue
        attempt, sets = settled_by(question, answer, None)
        at = _NOWHERE.received_at + timedelta(seconds=place)
        given.append(Answered(protocol.id, protocol.version, each.question, each.answer, sets, HUB, at, attempt))
    return replace(_NOWHERE, answers=tuple(given))
