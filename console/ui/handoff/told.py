"""What is known of a call, in words: its facts, its narrative, when it came, and who has the caller. Pure."""

from __future__ import annotations

from datetime import datetime
from html import escape

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import EntryId, FactName, UnitId, UserId
from console.domain.queries import controller, ending_words, on_the_line, person_name, rings
from console.domain.state import Call, Role, State
from console.domain.times import time_of_day
from console.ui.command_words import NOT_SENT
from console.ui.queue.rows import language
from console.ui.widgets import ink


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
    """The narrative, oldest first: time, who, words; a released summary says so, what waits for the link in amber."""
    waits = f' <span style="color:{ink("due").name()}">· {NOT_SENT}</span>'
    lines = (
        f"{time_of_day(state.agency, entry.at)} {escape(person_name(state, entry.by))}"
        f"{', released' if entry.summary else ''}: {escape(entry.text)}{waits if entry.entry_id in unsent else ''}"
        for entry in call.narrative
    )
    return "<br>".join(lines).replace("\n", "<br>")


def times(agency: Agency, call: Call, now: datetime) -> str:
    """When it was received, and handed off: "received 14:22 · handed off 14:25"."""
    parts = [f"received {time_of_day(agency, call.received_at, now)}"]
    if call.hand_off is not None and call.hand_off.taken_at:
        parts.append(f"handed off {time_of_day(agency, call.hand_off.taken_at, now)}")
    return " · ".join(parts)


def whose(state: State, call: Call, me: UserId | None) -> str:
    """Who has the caller, where that is not the person at this desk alone; "" where it is."""
    if call.closing is not None:
        return f"Closed {time_of_day(state.agency, call.closing.at)}: {ending_words(state.agency, call)}."
    has = controller(call)
    hand_off, offered, speaks = call.hand_off, rings(call), on_the_line(call)
    holder = "You have" if has == me else f"{person_name(state, has)} has"
    if hand_off is not None and hand_off.connects:
        to = "you" if speaks == me else person_name(state, hand_off.to_user)
        until = "you" if has == me else "they"
        return f"{holder} the caller until {until} release them to {to}."
    if offered is not None:
        to = "you" if offered.to_user == me else person_name(state, offered.to_user)
        has_it = "you have" if has == me else holder
        return f"Offered to {to}; {has_it} the caller until they are released."
    if call.in_care_of is not None:
        return "" if has == me else f"In the care of {person_name(state, call.in_care_of)}."
    if call.seeking is not None:
        return f"Waits for a clinician; {person_name(state, has)} has the caller until one takes them."
    return f"Not in your care: {person_name(state, has)} has the caller until dispatch hands it off."
