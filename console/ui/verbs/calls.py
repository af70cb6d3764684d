"""What the verbs about a call make."""

from __future__ import annotations

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand
from console.domain.ids import EntryId
from console.domain.state import PRIORITIES
from console.ui.verbs.reading import Fields, Grounds, Refused, Stop, Wanting, called, pick


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
