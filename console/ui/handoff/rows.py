"""What the clinician's panes say of calls: pure words and tokens from the state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Literal

from msgspec import Struct

from console.domain import queries
from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.contacts import Contact, ending, who
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, EntryId, FactName, ProgrammeCode, UnitId, UserId, derived_id
from console.domain.programmes import Responds
from console.domain.queries import controller, ending_words, nature_words, person_name
from console.domain.state import Call, Role, ServiceOrder, State
from console.domain.times import time_of_day
from console.domain.travel import way, whole_minutes
from console.ui.command_words import NOT_SENT
from console.ui.queue.rows import Tag, language, place_words
from console.ui.store import Store
from console.ui.widgets import ink

Section = Literal["mine", "waiting"]


class Line(Struct, frozen=True):
    """One call in the clinician's list. Its clock runs from `since`; ages are reckoned when it is painted."""

    section: Section
    call: Call
    agency: Agency
    standing: str
    since: datetime
    nature: str
    about: str
    tags: tuple[Tag, ...]


def line(state: State, call: Call, me: UserId, programme: ProgrammeCode) -> Line | None:
    """The line of a call in the list of a clinician of that programme; None where it does not belong there."""
    hand_off = call.hand_off
    if call.closing is not None:
        return None
    if call.in_care_of == me and hand_off is not None:
        return _line(state, call, "mine", "in care", hand_off.accepted_at or hand_off.offered_at)
    if hand_off is not None and hand_off.state is HandOffState.OFFERED and hand_off.to_user == me:
        return _line(state, call, "mine", "offered", hand_off.offered_at)
    if queries.is_pending(call) and call.in_care_of is None and programme in call.open_to:
        return _line(state, call, "waiting", "queue", call.received_at)
    return None


def rank(found: Line) -> tuple[object, ...]:
    """Mine before waiting; in care before offered, the longest first; those who wait in the order of the queue."""
    if found.section == "mine":
        return (0, found.standing != "in care", found.since, found.call.call_id)
    return (1, *queries.rank(found.call))


def _line(state: State, call: Call, section: Section, standing: str, since: datetime) -> Line:
    agency = state.agency
    where = place_words(call)
    if section == "waiting" and call.callback:
        where = f"callback {call.callback}"
    if section == "waiting" and call.hand_off and call.hand_off.state is HandOffState.OFFERED:
        standing = f"offered to {person_name(state, call.hand_off.to_user)}"
    about = f"{call.number} · {where}"
    programme = agency.programme(call.hand_off.programme) if section == "mine" and call.hand_off else None
    tag = (Tag(programme.code, programme.colour),) if programme else ()
    return Line(section, call, agency, standing, since, nature_words(agency, call), about, tag)


class FactWords(Struct, frozen=True):
    """A fact by its name, its value in words, whether it is known, and by whose word, where that was not dispatch ("")."""

    name: str
    value: str
    known: bool = True
    by: str = ""


def facts(state: State, call: Call) -> tuple[FactWords, ...]:
    """The risk facts that every summary names, then what else was told; "not known" and "not asked" are never "no".

    What an answer told that rests now is shown as told.
    """
    agency, told = state.agency, call.facts
    resting = {name: (value, given) for given in call.answers if not given.applies for name, value in given.sets.items()}
    names = dict.fromkeys((*agency.facts_shown, *told, *resting))
    found = []
    for name in names:
        fact = agency.facts.get(name)
        if fact is None:
            continue
        value, by = told.get(name), _told_by(state, call, name)
        if value is None and name in resting:
            before, given = resting[name]
            words = "not known" if before == NOT_KNOWN else fact.values.get(before, before)
            found.append(FactWords(fact.name, f"{words} (told, rests)", before != NOT_KNOWN, _other_word(state, given.by)))
        elif value is None:
            found.append(FactWords(fact.name, "not asked", known=False))
        elif value == NOT_KNOWN:
            found.append(FactWords(fact.name, "not known", known=False, by=by))
        else:
            found.append(FactWords(fact.name, fact.values.get(value, value), by=by))
    if call.language:
        found.append(FactWords("Language", language(call.language)))
    return tuple(found)


def _told_by(state: State, call: Call, name: FactName) -> str:
    """Who told the value of a fact that holds, where that was a clinician or a crew; "" for dispatch."""
    value = call.facts.get(name)
    words = [(told.at, told.by) for told in call.told if told.fact == name and told.value == value]
    words += [(given.at, given.by) for given in call.answers if given.applies and given.sets.get(name) == value]
    return _other_word(state, max(words)[1]) if words else ""


def _other_word(state: State, by: UserId) -> str:
    presence = state.people.get(by)
    dispatch = presence is not None and presence.role in (Role.TELECOMMUNICATOR, Role.SUPERVISOR)
    return "" if dispatch or (presence is None and UnitId(by) not in state.units) else person_name(state, by)


def facts_markup(state: State, call: Call) -> str:
    """The facts in one run of words, values bold, those that nobody knows in amber."""
    amber, parts = ink("due").name(), []
    for fact in facts(state, call):
        value = f"<b>{escape(fact.value)}</b>"
        if not fact.known:
            value = f'<span style="color:{amber}">{escape(fact.value)}</span>'
        by = f" ({escape(fact.by)})" if fact.by else ""
        parts.append(f"{escape(fact.name)}:&nbsp;{value}{by}")
    return "&nbsp;&nbsp; ".join(parts)


def narrative_markup(state: State, call: Call, unsent: frozenset[EntryId] = frozenset()) -> str:
    """The narrative, oldest first: time, who, words; entries that wait for the link say so in amber."""
    waits = f' <span style="color:{ink("due").name()}">· {NOT_SENT}</span>'
    lines = (
        f"{time_of_day(state.agency, entry.at)} {escape(person_name(state, entry.by))}: {escape(entry.text)}"
        f"{waits if entry.entry_id in unsent else ''}"
        for entry in call.narrative
    )
    return "<br>".join(lines).replace("\n", "<br>")


def times(agency: Agency, call: Call, now: datetime) -> str:
    """When it was received, and handed off: "received 14:22 · handed off 14:25"."""
    parts = [f"received {time_of_day(agency, call.received_at, now)}"]
    if call.hand_off is not None and call.hand_off.accepted_at:
        parts.append(f"handed off {time_of_day(agency, call.hand_off.accepted_at, now)}")
    return " · ".join(parts)


def whose(state: State, call: Call, me: UserId | None) -> str:
    """Who has the caller, where that is not the person at this desk; "" where it is."""
    if call.closing is not None:
        return f"Closed {time_of_day(state.agency, call.closing.at)}: {ending_words(state.agency, call)}."
    if call.in_care_of is not None:
        return "" if call.in_care_of == me else f"In the care of {person_name(state, call.in_care_of)}."
    hand_off = call.hand_off
    if hand_off is not None and hand_off.state is HandOffState.OFFERED:
        to = "you" if hand_off.to_user == me else person_name(state, hand_off.to_user)
        return f"Offered to {to}; {person_name(state, controller(call))} has the caller until somebody accepts."
    return f"Not in your care: {person_name(state, controller(call))} has the caller until dispatch hands it off."


# ---------------------------------------------------------------------------------------------- a unit is wanted


def wanted_programme(agency: Agency, call: Call) -> str:
    """The first programme open to the call that meets the neighbor in person; "" where none is."""
    in_person = (p.code for p in agency.programmes if p.code in call.open_to and p.responds is Responds.IN_PERSON)
    return next(in_person, "")


def request_id(call: Call, count: int) -> EntryId:
    """The id of the narrative entry with which a unit is asked for the `count`-th time, from 1."""
    return EntryId(derived_id("unit wanted", call.call_id, str(count)))


def requests(call: Call) -> int:
    """How often a unit has been asked for on this call."""
    known = {entry.entry_id for entry in call.narrative}
    count = 0
    while request_id(call, count + 1) in known:
        count += 1
    return count


def unit_words(store: Store, call: Call) -> tuple[str, str]:
    """What was asked for and who is on it, and the token of its colour: ("", "") where there is nothing to say."""
    state, now = store.state, store.now()
    on_it = queries.assigned_units(state, call)
    asked = queries.UNIT_WANTED in call.flags
    count = requests(call)

    def at(order: ServiceOrder) -> str:
        return time_of_day(state.agency, order.at, now)

    entry = next((e for e in call.narrative if e.entry_id == request_id(call, count)), None)
    said = "A unit is asked for"
    if entry is not None:
        said = f"{person_name(state, entry.by)} asked dispatch for a unit at {time_of_day(state.agency, entry.at, now)}"
    if on_it:
        words = []
        for unit in on_it:
            there = way(state.agency.travel, store.positions.get(unit.unit_id), call.place)
            still_to_come = there if queries.heading(state, unit) else None
            estimate = f", about {whole_minutes(still_to_come.minutes)} min away" if still_to_come else ""
            words.append(f"{unit.unit_id} {queries.STATUS_WORDS[unit.status].lower()}{estimate}")
        return " · ".join(words), "fine"
    if asked:
        services = ", ".join(f"{state.agency.name_of(s.service)} asked {at(s)}" for s in call.services)
        return f"◆ {said}. No unit is on it yet{f'; {services}' if services else ''}.", "due"
    if call.transitions and call.services:
        return " · ".join(f"{state.agency.name_of(s.service)} asked {at(s)}" for s in call.services), "fine"
    return "", ""


# ---------------------------------------------------------------------------------------------- earlier contacts


class ContactRow(Struct, frozen=True):
    """One other call from the same number or place."""

    call_id: CallId
    when: str
    nature: str
    who: str
    who_colour: str
    outcome: str
    missed: bool


def contact_rows(agency: Agency, listed: Iterable[Contact], now: datetime) -> tuple[ContactRow, ...]:
    """The other calls of a neighbor, in the order given."""

    def row(one: Contact) -> ContactRow:
        programme = agency.programme(one.programme)
        nature = queries.nature_named(agency, one.nature, one.nature_text)
        colour, when = programme.colour if programme else "muted", time_of_day(agency, one.received_at, now)
        return ContactRow(one.call_id, when, nature, who(one), colour, ending(agency, one), bool(one.missed))

    return tuple(row(one) for one in listed)
