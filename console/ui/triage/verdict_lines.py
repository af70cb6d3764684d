"""The verdict of each programme on a call, why, and what would settle it; beside it, never in it, whether it could come."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.availability import Availability, availability
from console.domain.conditions import NOT_KNOWN
from console.domain.eligibility import STANDING_WORDS, Standing, Verdict, verdicts
from console.domain.ids import FactName, QuestionId
from console.domain.programmes import Programme, Responds
from console.domain.queries import fact_names
from console.domain.state import Call, State
from console.domain.times import about, time_of_day
from console.domain.triage.interview import Ended, settling, step
from console.domain.triage.protocol import Protocol, Question
from console.ui.triage.record import value_words

NOT_LEARNED = "asked, and not known"


class Reason(Struct, frozen=True):
    """A line of words; `caution` is what stands in amber after it, "" for nothing."""

    words: str
    caution: str = ""


class VerdictLine(Struct, frozen=True):
    """One programme: its verdict in words with what decided it, the question that would settle it, and who could come."""

    code: str
    name: str
    colour: str
    standing: Standing
    words: str
    because: str
    settled_by: str
    """The words of the one open question that would settle it; "" where it is settled, or no question can."""
    could_come: Reason | None
    """None where it may not come anyway."""


def verdict_lines(state: State, call: Call, protocol: Protocol, asked: QuestionId, now: datetime) -> tuple[VerdictLine, ...]:
    """The verdict of every programme that meets neighbors, in the agency's order. `asked` is the question on the screen."""
    found = verdicts(state.agency, call.circumstances)
    programmes = ((state.agency.programme(code), verdict) for code, verdict in found.items())
    return tuple(_line(state, call, protocol, asked, p, verdict, now) for p, verdict in programmes if p is not None)


def _line(
    state: State,
    call: Call,
    protocol: Protocol,
    asked: QuestionId,
    programme: Programme,
    verdict: Verdict,
    now: datetime,
) -> VerdictLine:
    agency, because, settled_by = state.agency, list(verdict.because), ""
    if verdict.standing is Standing.ELIGIBLE:
        because += _needs_words(agency, call, programme)
    elif verdict.in_vain:
        because.append(f"{fact_names(agency, verdict.in_vain).lower()}; the careful choice is not to send it")
    elif verdict.standing is Standing.NOT_KNOWN:
        question = settling(protocol, call, verdict.open)
        because.append(_still_open(agency, call, verdict.open, question, ended=asks_no_more(protocol, call)))
        settled_by = _settled_by(agency, question, asked, verdict) if question is not None else ""
    return VerdictLine(
        programme.code,
        programme.name,
        programme.colour,
        verdict.standing,
        NOT_LEARNED if verdict.in_vain and verdict.standing is Standing.NOT_KNOWN else STANDING_WORDS[verdict.standing],
        "; ".join(because),
        settled_by,
        None if verdict.standing is Standing.NOT else could_come(state, programme, call, now),
    )


def _needs_words(agency: Agency, call: Call, programme: Programme) -> list[str]:
    """The facts that had to be known, as they are known: they decided it."""
    known = call.facts
    needs = [fact for fact in programme.criteria.needs if known.get(fact, NOT_KNOWN) != NOT_KNOWN]
    told = (f"{agency.fact_name(fact).lower()} {value_words(agency, fact, known[fact])}" for fact in needs)
    return [", ".join(told)] if needs else []


def _still_open(agency: Agency, call: Call, facts: tuple[FactName, ...], question: Question | None, *, ended: bool) -> str:
    """What is open: all of it where nothing will be asked, else what the next question tells, and how much more."""
    if question is None:
        return open_words(agency, call, facts, ended=ended)
    first = tuple(fact for fact in facts if fact in question.facts)
    more = len(facts) - len(first)
    return open_words(agency, call, first) + (f", and {more} more" if more else "")


def asks_no_more(protocol: Protocol, call: Call) -> bool:
    """Whether every question that applies has been answered."""
    return isinstance(step(protocol, call), Ended)


def _settled_by(agency: Agency, question: Question, asked: QuestionId, verdict: Verdict) -> str:
    to_settle = "to settle it" if len(verdict.open) == 1 else "to settle it, first"
    if question.id == asked:
        return f"{to_settle}: the question above"
    language = next((code for code in agency.languages if code in question.text), "")
    return f"{to_settle}: “{question.text.get(language, question.id)}”"


def open_words(agency: Agency, call: Call, facts: tuple[FactName, ...], *, ended: bool = False) -> str:
    """The facts that could still turn it: those asked in vain are not known, those never asked are open.

    Once the interview has `ended`, nothing asks for those any more, and they are said to be not asked.
    """

    def names(found: list[FactName]) -> str:
        return ", ".join(agency.fact_name(fact).lower() for fact in found if fact in agency.facts)

    known = call.facts
    unknown = [fact for fact in facts if known.get(fact) == NOT_KNOWN]
    unasked = [fact for fact in facts if fact not in known]
    never = "not asked" if ended else "open"
    parts = (f"{names(unasked)} {never}" if unasked else "", f"{names(unknown)} not known" if unknown else "")
    return "; ".join(part for part in parts if part)


def could_come(state: State, programme: Programme, call: Call, now: datetime) -> Reason:
    """Hours, area and staff in words; what stands against it is the caution."""
    found = availability(state, programme, call, now)
    until = f" until {time_of_day(state.agency, found.duty.until, now)}" if found.duty.until else ""
    against = []
    if not found.duty.on:
        opens = f" until {time_of_day(state.agency, found.duty.opens, now)}" if found.duty.opens else " for days"
        against.append(f"nobody on duty{opens}")
    if found.in_area is False:
        against.append("outside its area")
    elif found.in_area is None:
        against.append("no point on the map, so not known whether it is in its area")
    staff = _staff_words(programme, found, now)
    if not found.duty.on:
        return Reason("", ", ".join(against))
    if not found.free:
        return Reason(f"on duty{until}", ", ".join((staff, *against)))
    return Reason(f"on duty{until}, {staff}", ", ".join(against))


def _staff_words(programme: Programme, found: Availability, now: datetime) -> str:
    by_phone = programme.responds is Responds.BY_PHONE
    one, how = ("clinician", "ready") if by_phone else ("unit", "free")
    if not found.staff:
        return f"no {one} {'at work' if by_phone else 'in its shift'}"
    share = f"{found.free} of {found.staff} {one if found.staff == 1 else f'{one}s'} {how}"
    if found.free or found.next_free is None:
        return share
    soon = (found.next_free - now).total_seconds()
    return f"{share}, next likely {f'in {about(soon)}' if soon >= 60 else 'any minute'}"
