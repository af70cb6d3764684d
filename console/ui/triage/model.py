"""What the triage pane says about a call: pure, from the state. The consequences are computed, never written by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from console.domain import queries
from console.domain.agency import Agency
from console.domain.eligibility import Response, Standing, Verdict, response, verdicts
from console.domain.ids import FactName, ProgrammeCode, QuestionId
from console.domain.programmes import Programme, Responds, duty
from console.domain.state import Answered, Call, State
from console.domain.times import time_of_day
from console.domain.triage.interview import Asking, answered, protocol_for, step, with_applying_answers
from console.domain.conditions import NOT_KNOWN
from console.domain.triage.protocol import Answer, Protocol, Question


class Choice(Struct, frozen=True):
    """One answer: its digit, its words, and the same in the other languages."""

    key: str
    words: str
    others: tuple[str, ...] = ()


class Consequence(Struct, frozen=True):
    """What giving one of these answers would change, as a sentence."""

    keys: tuple[str, ...]
    words: str


class Told(Struct, frozen=True):
    """A question that was answered, short, and the answer."""

    question: QuestionId
    about: str
    answer: str


class Reason(Struct, frozen=True):
    """A line under the proposed response; `caution` is what stands in amber after it, "" for nothing."""

    words: str
    caution: str = ""


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
    texts: tuple[str, ...]
    choices: tuple[Choice, ...]
    consequences: tuple[Consequence, ...]
    say: tuple[str, ...]
    """What the last answer asks the telecommunicator to tell the caller, by language."""
    told: tuple[Told, ...]
    proposed: Proposed


def screen(state: State, call: Call, now: datetime) -> Screen | None:
    """The pane's content for a call at an instant; None where the agency has no protocol at all."""
    agency = state.agency
    protocol = protocol_for(agency, call)
    if protocol is None:
        return None
    asking = step(protocol, call)
    given = answered(protocol, call)
    question = asking.question if isinstance(asking, Asking) else None
    languages = tuple(code for code in agency.languages if code in protocol.languages) or protocol.languages
    return Screen(
        protocol=protocol.id,
        place=f"{asking.number} of at most {asking.at_most} · {asking.question.section}"
        if isinstance(asking, Asking)
        else f"all {asking.answered} questions answered",
        origin=f"{'sample, ' if protocol.status == 'sample' else ''}version {protocol.version}",
        question=question.id if question else QuestionId(""),
        texts=_in(languages, question.text) if question else (),
        choices=tuple(_choice(answer, languages) for answer in question.answers) if question else (),
        consequences=consequences(agency, call, protocol, question, now) if question else (),
        say=_in(languages, given[-1][1].instruction) if given else (),
        told=tuple(_told(agency, *pair, languages) for pair in given),
        proposed=proposed(state, call, now, ended=question is None),
    )


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
    """The call as it would be with this answer."""
    given = Answered(protocol.id, protocol.version, question.id, answer.key, answer.sets, call.taken_by, now)
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
        return [p for p in agency.programmes if p.unarmed and p.code in found and found[p.code].standing is not Standing.NOT]

    lost = [programme.name for programme in unarmed(before) if programme not in unarmed(after)]
    words = []
    if lost:
        words.append("no unarmed team." if not unarmed(after) else f"no {' and no '.join(lost)}.")
    if response_after.propose != response_before.propose:
        name = agency.name_of(response_after.propose)
        words.append(f"{name} is proposed." if name else "nothing is proposed.")
    return " ".join(words)


def proposed(state: State, call: Call, now: datetime, *, ended: bool) -> Proposed:
    """The response to propose, with why, what is open, and whether somebody is there to give it."""
    agency = state.agency
    found = response(agency, call.circumstances, protocol_for(agency, call))
    programme = agency.programme(found.propose)
    verdict = verdicts(agency, call.circumstances).get(ProgrammeCode(found.propose))
    reasons = [Reason(because) for because in found.because]
    decisive = verdict.open if verdict is not None and verdict.open else found.open[:3]
    caution = open_words(agency, call, decisive)
    if verdict is not None:
        reasons.append(Reason("no exclusion found" + (" yet" if found.open else ""), caution))
    elif caution:
        reasons.append(Reason("still open:", caution))
    if programme is not None:
        reasons.append(duty_words(state, programme, now))
    standing = "nothing that is known fits a programme" if not found.propose else "the right response"
    if found.propose and not (found.settled and ended):
        standing = "so far the right response"
    return Proposed(
        found.propose,
        agency.name_of(found.propose) or "No response to propose",
        programme.colour if programme else "slate",
        standing,
        tuple(reasons),
    )


def open_words(agency: Agency, call: Call, facts: tuple[FactName, ...]) -> str:
    """The facts that could still turn it: those never asked are open, those asked in vain are not known."""

    def names(found: list[FactName]) -> str:
        return ", ".join(agency.facts[fact].name.lower() for fact in found if fact in agency.facts)

    unknown = [fact for fact in facts if call.facts.get(fact) == NOT_KNOWN]
    unasked = [fact for fact in facts if fact not in call.facts]
    parts = (f"{names(unasked)} open" if unasked else "", f"{names(unknown)} not known" if unknown else "")
    return "; ".join(part for part in parts if part)


def duty_words(state: State, programme: Programme, now: datetime) -> Reason:
    """Whether the programme is on duty, how long, and how many could go or answer now."""
    found = duty(programme, now, state.agency.time_zone)
    if not found.on:
        opens = f", opens {time_of_day(state.agency, found.opens, now)}" if found.opens else ""
        return Reason(f"{programme.code} is", f"off duty{opens}")
    ends = found.until if found.until and found.until - now < timedelta(days=7) else None
    until = f" until {time_of_day(state.agency, ends, now)}" if ends else ""
    words = f"{programme.code} on duty{until}"
    if programme.responds is Responds.BY_PHONE:
        ready = sum(1 for person in queries.ready_clinicians(state) if person.programme == programme.code)
        one, several = "clinician ready", "clinicians ready"
    else:
        ready = sum(1 for unit in queries.units_of(state, programme.code) if queries.dispatchable(unit))
        one, several = "unit free", "units free"
    if not ready:
        return Reason(f"{words},", f"no {one}")
    return Reason(f"{words}, {ready} {one if ready == 1 else several}")


def _in(languages: tuple[str, ...], words: dict[str, str]) -> tuple[str, ...]:
    """The words in each language that has them, the agency's first language first."""
    return tuple(words[code] for code in languages if code in words)


def _choice(answer: Answer, languages: tuple[str, ...]) -> Choice:
    words, *others = _in(languages, answer.text) or (answer.key,)
    return Choice(answer.key, words, tuple(others))


def _told(agency: Agency, question: Question, answer: Answer, languages: tuple[str, ...]) -> Told:
    fact = next((agency.facts[name] for name in answer.sets if name in agency.facts), None)
    words = f"{fact.name}?" if fact else (_in(languages, question.text) or (question.id,))[0]
    return Told(question.id, words, _choice(answer, languages).words)
