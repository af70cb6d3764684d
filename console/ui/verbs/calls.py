"""What the verbs about a call make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from console.domain import commands as c
from console.domain import queries
from console.domain.agency import Nature
from console.domain.commands import AnyCommand
from console.domain.conditions import NOT_KNOWN
from console.domain.ids import EntryId, FactName
from console.domain.nature_search import search_in
from console.domain.state import PRIORITIES, Call
from console.ui.queue.rows import priority_words
from console.ui.verbs.reading import Fields, Grounds, Refused, Stop, Wanting, called, exact, leading, pick

_AT_MOST: Final = 5


def narrative(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Add words to a call's narrative."""
    assert f.call
    if not f.rest:
        raise Stop(Wanting(f"add to {called(grounds, f.call)}: what?"))
    return c.AddNarrative(f.call.call_id, EntryId(grounds.new_id()), f.rest), f'add to {f.call.number}: "{f.rest}"'


def close(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Close a call with its outcome, or with why it was missed; a note after the first comma."""
    assert f.call
    agency = grounds.state.agency
    missed = f.call.eligible_since is not None and not queries.served(f.call)
    named = agency.missed_reasons if missed else agency.outcomes
    how, _, note = f.rest.partition(",")
    asked = "missed because" if missed else "how did it end"
    code = pick(how.strip(), {option.code: option.name for option in named}, f"close {f.call.number}: {asked}")
    name = next(option.name for option in named if option.code == code)
    words = f"close {called(grounds, f.call)} · {'missed: ' if missed else ''}{name}"
    if missed:
        return c.CloseCall(f.call.call_id, missed=code, note=note.strip()), words
    return c.CloseCall(f.call.call_id, outcome=code, note=note.strip()), words


def recode(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Give a call another nature, by words that mean one and no other."""
    assert f.call
    if not f.rest:
        raise Stop(Wanting(f"nature of {f.call.number}: which?"))
    meant = search_in(grounds.state.agency).meant(f.rest)
    if len(meant) == 1:
        words = f"{called(grounds, f.call)}: nature {meant[0].name}"
        return c.RecodeCall(f.call.call_id, meant[0].code), words + _priority_stays(f.call, meant[0])
    some = ", ".join(nature.name for nature in meant[:_AT_MOST]) + (" ..." if len(meant) > _AT_MOST else "")
    raise Stop(Refused(f'"{f.rest}" may be: {some}' if meant else f'"{f.rest}" is no nature of the catalogue'))


def _priority_stays(call: Call, nature: Nature) -> str:
    """That recoding leaves the priority as it is, with the line that changes it, where the nature comes with another."""
    if nature.priority in ("", call.priority):
        return ""
    now, other = priority_words(call.priority), priority_words(nature.priority)
    return f" · {now} stays; p {call.number} {nature.priority} makes it {other}"


def other_service(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Ask another service to a call."""
    assert f.call and f.service
    name = grounds.state.agency.name_of(f.service)
    return c.OrderOtherService(f.call.call_id, f.service, f.rest), f"ask {name} to {called(grounds, f.call)}"


def priority(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Give a call another priority."""
    assert f.call
    priority = f.rest.upper()
    if not priority:
        raise Stop(Wanting(f"priority of {f.call.number}: P or 1 to 9?"))
    if priority not in PRIORITIES:
        raise Stop(Refused(f'"{f.rest}" is not P or 1 to 9'))
    return c.PrioritiseCall(f.call.call_id, priority), f"{called(grounds, f.call)}: priority {priority}"


def fact(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Set a fact by hand, "weapon=secured", with the reason after it; "-weapon" takes back what was set."""
    assert f.call
    agency, call = grounds.state.agency, f.call
    typed = f.rest.split(maxsplit=1)
    said = typed[0] if typed else ""
    name = said.removeprefix("-").partition("=")[0]
    names: dict[str, str] = {code: known.name for code, known in agency.facts.items()}
    code = FactName(pick(_word(name, names), names, f"fact of {call.number}"))
    what = agency.facts[code].name
    if said.startswith("-"):
        if all(told.fact != code for told in call.told):
            raise Stop(Refused(f"{what} of {call.number} was not set by hand"))
        return c.TakeBackFact(call.call_id, code), f"{called(grounds, call)}: take back {what}, set by hand"
    values = {**agency.facts[code].values, NOT_KNOWN: "not known"}
    value, why = leading(f.rest.partition("=")[2] if "=" in said else "", values)
    chosen = pick(value.replace("_", " ") if value not in values else value, values, f"{what} of {call.number}, as {name}=")
    if not why:
        raise Stop(Wanting(f"{what} = {values[chosen]}: why? A few words after it"))
    words = f'{called(grounds, call)}: {what} = {values[chosen]}, by hand · why: "{why}"'
    return c.SetFact(call.call_id, code, chosen, why), words


def told(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Tick somebody who has been told that the response turned, of the latest turn that they do not know of."""
    assert f.call
    latest_first = reversed(f.call.transitions)
    untold = [(t.transition_id, party) for t in latest_first for party in t.untold]
    if not untold:
        turned = f"everybody has been told that {f.call.number} turned" if f.call.transitions else ""
        raise Stop(Refused(turned or f"the response to {f.call.number} has not turned"))
    names = {party.key: queries.party_words(grounds.state, party) for _, party in untold}
    key = pick(f.rest, names, f"{f.call.number} turned: who has been told")
    about = next(transition for transition, party in untold if party.key == key)
    words = f"{called(grounds, f.call)}: {names[key]} has been told that the response turned"
    return c.TellOfTransition(f.call.call_id, about, key), words


def _word(typed: str, options: Mapping[str, str]) -> str:
    """One word that stands for several: where it is no code, "within_reach" is "within reach"."""
    return typed if exact(typed, options) else typed.replace("_", " ")
