"""What the triage pane says about a call: pure, from the state. The consequences are computed, never written by hand."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from console.domain.agency import Agency
from console.domain.eligibility import Response, Verdict, response, verdicts
from console.domain.ids import ProgrammeCode, QuestionId
from console.domain.programmes import Programme
from console.domain.queries import person_name
from console.domain.state import Answered, Call, State
from console.domain.times import time_of_day
from console.domain.triage.interview import (
    Asking,
    Ended,
    answered,
    asked_in_vain,
    protocol_for,
    settled_by,
    step,
    with_applying_answers,
)
from console.domain.triage.protocol import Answer, Protocol, Question
from console.ui.triage.record import Told, told
from console.ui.triage.verdict_lines import Reason, VerdictLine, could_come, open_words, verdict_lines

ASKED_ONCE = "asked once, not known: ask once more, in other words"


class Choice(Struct, frozen=True):
    """One answer: its digit, its words, the same in the other languages, and whether it is the one that stands."""

    key: str
    words: str
    others: tuple[str, ...] = ()
    stands: bool = False


class Consequence(Struct, frozen=True):
    """What giving one of these answers would change, as a sentence."""

    keys: tuple[str, ...]
    words: str


class Proposed(Struct, frozen=True):
    """The response that the answers point to: a programme, another service, or ("" as `code`) nothing."""

    code: str
    name: str
    colour: str
    standing: str
    reasons: tuple[Reason, ...]


class Screen(Struct, frozen=True):
    """Everything the pane shows of one call. `question` is empty at the end of the interview."""

    protocol: str
    place: str
    origin: str
    question: QuestionId
    seen: tuple[str, int]
    """The answer to the question that stands, and its attempt; ("", 0) for none."""
    looking_back: bool
    """Whether it is an earlier question, which has an answer that may be changed."""
    note: str
    """What is to be known before it is asked: that it was asked once; when and by whom it was answered."""
    texts: tuple[str, ...]
    choices: tuple[Choice, ...]
    consequences: tuple[Consequence, ...]
    say: tuple[str, ...]
    """What the last answer asks the telecommunicator to tell the caller, by language."""
    told: tuple[Told, ...]
    proposed: Proposed
    verdicts: tuple[VerdictLine, ...]

    @property
    def changeable(self) -> tuple[QuestionId, ...]:
        """The questions of this protocol whose answers stand, in the order in which they were answered."""
        return tuple(each.question for each in self.told if each.how == "stands")


def screen(state: State, call: Call, now: datetime, back_at: QuestionId | None = None) -> Screen | None:
    """The pane's content for a call at an instant; None where the agency has no protocol at all.

    `back_at` is the earlier question that a person looks at; where its answer does not stand, the open one is shown.
    """
    agency = state.agency
    protocol = protocol_for(agency, call)
    if protocol is None:
        return None
    stage = step(protocol, call)
    given = answered(protocol, call)
    earlier = next((question for question, _ in given if question.id == back_at), None)
    question = earlier or (stage.question if isinstance(stage, Asking) else None)
    before = _standing(call, question)
    again = earlier is None and isinstance(stage, Asking) and stage.again
    languages = tuple(code for code in agency.languages if code in protocol.languages) or protocol.languages
    texts = (question.again if again and question.again else question.text) if question else {}
    return Screen(
        protocol=protocol.id,
        place=_place(stage, earlier),
        origin=f"{'sample, ' if protocol.status == 'sample' else ''}version {protocol.version}",
        question=question.id if question else QuestionId(""),
        seen=(before.answer, before.attempt) if before else ("", 0),
        looking_back=earlier is not None,
        note=ASKED_ONCE if again else _answered_words(state, before, now) if earlier and before else "",
        texts=_in(languages, texts),
        choices=tuple(_choice(each, languages, before if earlier else None) for each in question.answers)
        if question
        else (),
        consequences=consequences(agency, call, protocol, question, now) if question else (),
        say=_in(languages, given[-1][1].instruction) if given and earlier is None else (),
        told=told(state, call, protocol, now),
        proposed=proposed(state, call, now, ended=isinstance(stage, Ended)),
        verdicts=verdict_lines(state, call, protocol, question.id if question else QuestionId(""), now),
    )


def _standing(call: Call, question: Question | None) -> Answered | None:
    return next((each for each in call.answers if question and each.question == question.id), None)


def _place(stage: Asking | Ended, earlier: Question | None) -> str:
    if earlier is not None:
        return f"an earlier answer · {earlier.section}"
    if isinstance(stage, Asking):
        return f"{stage.number} of at most {stage.at_most} · {stage.question.section}"
    return f"all {stage.answered} questions answered"


def _answered_words(state: State, given: Answered, now: datetime) -> str:
    at = time_of_day(state.agency, given.at, now, seconds=True)
    return f"answered at {at} by {person_name(state, given.by)}, version {given.version}; another answer takes its place"


def consequences(
    agency: Agency, call: Call, protocol: Protocol, question: Question, now: datetime
) -> tuple[Consequence, ...]:
    """What each answer would change in the response, answers with the same effect together; those without are left out."""
    before, standing = response(agency, call.circumstances, protocol), verdicts(agency, call.circumstances)
    found: dict[str, list[str]] = {}
    for answer in question.answers:
        supposed = supposing(agency, call, protocol, question, answer, now)
        words = _difference(
            agency,
            standing,
            verdicts(agency, supposed.circumstances),
            before,
            response(agency, supposed.circumstances, protocol),
        )
        if words:
            found.setdefault(words, []).append(answer.key)
    return tuple(Consequence(tuple(keys), words) for words, keys in found.items())


def supposing(agency: Agency, call: Call, protocol: Protocol, question: Question, answer: Answer, now: datetime) -> Call:
    """The call as it would be with this answer; the same again changes nothing."""
    before = _standing(call, question)
    if before is not None and before.answer == answer.key and not asked_in_vain(question, before):
        return call
    attempt, sets = settled_by(question, answer, before)
    given = Answered(protocol.id, protocol.version, question.id, answer.key, sets, call.taken_by, now, attempt)
    others = tuple(a for a in call.answers if a.question != question.id)
    return with_applying_answers(agency, replace(call, answers=(*others, given)))


def _difference(
    agency: Agency,
    before: dict[ProgrammeCode, Verdict],
    after: dict[ProgrammeCode, Verdict],
    response_before: Response,
    response_after: Response,
) -> str:
    """The sentences that say what turned; "" when nothing did."""

    def unarmed(found: dict[ProgrammeCode, Verdict]) -> list[Programme]:
        return [p for p in agency.programmes if p.unarmed and p.code in found and found[p.code].fits]

    lost = [programme.name for programme in unarmed(before) if programme not in unarmed(after)]
    words = []
    if lost:
        words.append("no unarmed team." if not unarmed(after) else f"no {' and no '.join(lost)}.")
    if response_after.propose != response_before.propose:
        name = agency.name_of(response_after.propose)
        words.append(f"{name} is proposed." if name else "nothing is proposed.")
    return " ".join(words)


def proposed(state: State, call: Call, now: datetime, *, ended: bool) -> Proposed:
    """The response to propose, with why, what is open, and whether somebody is there to give it.

    Once the interview has ended nothing is open any more: what could not be learned stays not known, and so does what it had
    no cause to ask.
    """
    agency = state.agency
    found = response(agency, call.circumstances, protocol_for(agency, call))
    programme = agency.programme(found.propose)
    name = " with ".join(filter(None, (agency.name_of(found.propose), " and ".join(map(agency.name_of, found.along)))))
    verdict = verdicts(agency, call.circumstances).get(ProgrammeCode(found.propose))
    reasons = [Reason(because) for because in found.because]
    needed = verdict.open if verdict is not None else ()
    could_turn = tuple(fact for fact in found.open if fact in needed or fact in call.facts or not ended)
    caution = open_words(agency, call, needed or could_turn[:3], ended=ended)
    if verdict is not None:
        reasons.append(Reason("no exclusion found" + (" yet" if could_turn and not ended else ""), caution))
    elif caution:
        reasons.append(Reason("what could not be learned:" if ended else "still open:", caution))
    if programme is not None:
        come = could_come(state, programme, call, now)
        reasons.append(Reason(f"{programme.code} {come.words}" if come.words else f"{programme.code}:", come.caution))
    return Proposed(
        found.propose,
        name or "No response to propose",
        programme.colour if programme else "slate",
        _standing_words(call, found, ended=ended),
        tuple(reasons),
    )


def _standing_words(call: Call, found: Response, *, ended: bool) -> str:
    if not found.propose:
        return "nothing that is known fits a programme"
    if ended:
        return "the right response"
    return "so far the right response" if call.facts else "by its nature alone: nothing asked yet"


def _in(languages: tuple[str, ...], words: dict[str, str]) -> tuple[str, ...]:
    """The words in each language that has them, the agency's first language first."""
    return tuple(words[code] for code in languages if code in words)


def _choice(answer: Answer, languages: tuple[str, ...], before: Answered | None) -> Choice:
    words, *others = _in(languages, answer.text) or (answer.key,)
    return Choice(answer.key, words, tuple(others), before is not None and before.answer == answer.key)
