"""Contacts: the calls of one number or place over 7, 30 and 90 days, those on the board and those long closed together.

A contact names nobody: when, what for, which unit or programme met the neighbor, and how it ended. How often somebody calls
decides nothing: no rule, priority or order looks at it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.ids import CallId, NatureCode, ProgrammeCode, UnitId
from console.domain.instant import Instant
from console.domain.queries import Stage, contacts, current_assignments, ended_words, nature_named, stage
from console.domain.same_place import number_key
from console.domain.state import Call, State

DAYS = (7, 30, 90)
"""The spans that contacts are counted over; nothing older than the last is looked at."""
LISTED = 100
"""The most contacts that are listed; how many there are beyond them is counted."""
DIGITS_ASKED = 4
"""The fewest first digits of a number that it is looked for by."""

Counts = tuple[int, int, int]
"""How many in each of `DAYS`."""


class Contact(Struct, frozen=True, omit_defaults=True):
    """One call, as another call of the same neighbor shows it."""

    call_id: CallId
    number: str
    received_at: Instant
    nature: NatureCode
    stage: Stage
    nature_text: str = ""
    by_number: bool = False
    """Whether it is of the same callback number; else it is of the same place."""
    units: tuple[UnitId, ...] = ()
    programme: ProgrammeCode = ProgrammeCode("")
    """Whose unit, or whose clinician, met the neighbor; "" for nobody's."""
    by_phone: bool = False
    """Whether a clinician took the caller, and no unit came."""
    closed_as: NatureCode = NatureCode("")
    outcome: str = ""
    missed: str = ""


class Contacts(Struct, frozen=True):
    """What the hub's history knows of a number or place: the latest contacts, and how many there are beyond those."""

    asked_at: Instant
    listed: tuple[Contact, ...] = ()
    beyond: Counts = (0, 0, 0)
    beyond_by_number: int = 0
    begins: Instant | None = None
    """When the first call of the history was closed; None where it has none: a new hub cannot tell of 90 days."""


class NumberContacts(Struct, frozen=True):
    """A number that begins with the digits asked for: its contacts, and the latest."""

    number: str
    counts: Counts
    latest: Contact


class NumbersBegun(Struct, frozen=True):
    """The first numbers that begin with some digits, and whether there are more."""

    digits: str
    numbers: tuple[NumberContacts, ...] = ()
    more: bool = False


class Known(Struct, frozen=True):
    """All that is known of a neighbor's other calls, the latest first."""

    listed: tuple[Contact, ...]
    counts: Counts
    by_number: int
    """How many of those in the last of `DAYS` are of the same number."""


def contact(call: Call, callback: str = "") -> Contact:
    """A call as a contact of somebody who calls from `callback`."""
    met = [a for a in call.assignments if a.arrived_at] or current_assignments(call)
    by_phone = [h.programme for h in call.hand_offs if h.taken_at]
    closing, key = call.closing, number_key(callback)
    return Contact(
        call.call_id,
        call.number,
        call.received_at,
        call.nature,
        stage(call),
        nature_text=call.nature_text,
        by_number=bool(key) and number_key(call.callback) == key,
        units=tuple(dict.fromkeys(a.unit_id for a in met)),
        programme=met[0].programme if met else by_phone[-1] if by_phone else ProgrammeCode(""),
        by_phone=bool(by_phone) and not met,
        closed_as=closing.nature if closing else NatureCode(""),
        outcome=closing.outcome if closing else "",
        missed=closing.missed if closing else "",
    )


def since(now: datetime, days: int = DAYS[-1]) -> datetime:
    """The beginning of the span of so many days that ends now."""
    return now - timedelta(days=days)


def counts(received: Iterable[datetime], now: datetime) -> Counts:
    """How many of these moments lie in each of `DAYS`."""
    moments = list(received)
    week, month, quarter = (sum(at >= since(now, days) for at in moments) for days in DAYS)
    return week, month, quarter


def latest_first(found: Iterable[Contact]) -> list[Contact]:
    """In the order in which they are shown."""
    return sorted(found, key=lambda one: (one.received_at, one.call_id), reverse=True)


def known(state: State, call: Call, past: Contacts | None, now: datetime) -> Known:
    """The other calls of this call's neighbor, each once: as the board has it, or else as the history does."""
    found = {one.call_id: one for one in past.listed} if past else {}
    found |= {other.call_id: contact(other, call.callback) for other in contacts(state, call)}
    found.pop(call.call_id, None)
    listed = latest_first(one for one in found.values() if one.received_at >= since(now))
    here = counts((one.received_at for one in listed), now)
    beyond, by_number = (past.beyond, past.beyond_by_number) if past else ((0, 0, 0), 0)
    week, month, quarter = (mine + theirs for mine, theirs in zip(here, beyond, strict=True))
    return Known(tuple(listed), (week, month, quarter), by_number + sum(one.by_number for one in listed))


def ending(agency: Agency, one: Contact) -> str:
    """How a contact ended, or how far it has come."""
    if one.stage is not Stage.CLOSED:
        return f"open, {one.stage.value.replace('_', ' ')}"
    return ended_words(agency, one.nature, one.closed_as, one.outcome, one.missed)


def who(one: Contact) -> str:
    """Who met the neighbor: the units, else the programme by phone; no person is named."""
    nobody = "a clinician" if one.by_phone else "nobody" if one.stage is Stage.CLOSED else "nobody yet"
    return ", ".join(one.units) or one.programme or nobody


def ago(at: datetime, now: datetime) -> str:
    """How long ago, as people say it: "5 min ago", "6 h ago", "3 days ago"."""
    minutes = max(0, int((now - at).total_seconds())) // 60
    if minutes < 60:
        return f"{minutes} min ago"
    days = minutes // 1440
    return f"{minutes // 60} h ago" if days < 1 else f"{days} day{'s' * (days > 1)} ago"


def over(past: Contacts) -> str:
    """The span that the history really covers: "in 90 days", or since when."""
    if past.begins is None:
        return "on the board; the history is empty as yet"
    if past.begins <= since(past.asked_at):
        return f"in {DAYS[-1]} days"
    return f"since the history begins, {ago(past.begins, past.asked_at)}"


def counts_words(found: Counts) -> str:
    """The counts: "9 contacts in 7 days, 12 in 30, 14 in 90"; a longer span that brings no more is left out."""
    first = next((n for n, count in enumerate(found) if count), None)
    if first is None:
        return f"no contact in {DAYS[-1]} days"
    words = [f"{found[first]} contact{'s' * (found[first] > 1)} in {DAYS[first]} days"]
    longer: Sequence[int] = [n for n in range(first + 1, len(DAYS)) if found[n] > found[n - 1]]
    return ", ".join([*words, *(f"{found[n]} in {DAYS[n]}" for n in longer)])


def latest_words(agency: Agency, one: Contact, now: datetime) -> str:
    """The latest contact in one run of words: "last: 3 days ago, Trespass, T2, ride given"."""
    parts = (ago(one.received_at, now), nature_named(agency, one.nature, one.nature_text), who(one))
    return f"last: {', '.join(parts)}, {ending(agency, one)}"
