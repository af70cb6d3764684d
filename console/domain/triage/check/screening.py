"""Proof that a screener is sound: every way through it is walked, as it is short, and each must end with a level."""

from collections.abc import Iterator
from itertools import chain

from msgspec.structs import replace

from console.domain.agency import EMPTY
from console.domain.conditions import NOT_KNOWN
from console.domain.triage.check.findings import Finding
from console.domain.triage.check.form import malformed, unknown_in, wordless
from console.domain.triage.screener import Screener
from console.domain.triage.screening import ends

MOST_QUESTIONS = 8
"""How many questions a screener may have at all: with five answers each, all ways through it are walked in a second."""


def screener_faults(screener: Screener, languages: tuple[str, ...]) -> tuple[Finding, ...]:
    """Everything that is wrong with a screener; what cannot be walked is not walked."""
    form = tuple(_form(screener, languages))
    return form or tuple(_sense(screener))


def _form(screener: Screener, languages: tuple[str, ...]) -> Iterator[Finding]:
    protocol = screener.protocol
    knows = replace(EMPTY, facts=screener.facts, languages=languages)
    yield from chain(malformed(knows, protocol), wordless(protocol))
    for question in protocol.questions:
        if question.again:
            yield Finding(f"question {question.id}, again", "a screener asks each question once", allowed="leave it out")
    if len(protocol.questions) > MOST_QUESTIONS:
        yield Finding("questions", f"{len(protocol.questions)} of them", allowed=f"{MOST_QUESTIONS} at most")
    if not screener.levels:
        yield Finding("levels", "there is none", allowed="at least one, the gravest first")
    for level in screener.levels:
        for condition in level.when:
            yield from unknown_in(knows, f"level {level.code}", condition)
        if level.advice:
            for language in protocol.languages:
                if not level.advice.get(language, "").strip():
                    yield Finding(
                        f"level {level.code}, advice, {language}", "no words", allowed="words, or no advice at all"
                    )
        if any(NOT_KNOWN in values for condition in level.when for values in condition.facts.values()):
            what = "what could not be learned gives a level of its own"
            yield Finding(f"level {level.code}", what, allowed='known values: "at least" is reckoned from them')


def _sense(screener: Screener) -> Iterator[Finding]:
    *graver, last = screener.levels
    if last.when:
        yield Finding(f"level {last.code}", "the last level has conditions", allowed="none: it is where no other is reached")
    for level in graver:
        if not level.when:
            what = "it has no condition, and none below it is ever reached"
            yield Finding(f"level {level.code}", what, allowed="conditions, or the last place")
    certain = (next((level.code for level in screener.levels if level.reached(end)), "") for end in ends(screener))
    reached = set(certain)
    for level in screener.levels:
        if level.code not in reached:
            yield Finding(
                f"level {level.code}", "no way through the questions comes to it", allowed="levels that are reached"
            )
