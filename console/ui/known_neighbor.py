"""What everybody on the floor may know of a known neighbor, in words. Pure; what is clinical is never here."""

from __future__ import annotations

from datetime import datetime

from console.domain.acquaintance import cautions_holding, profile_notes
from console.domain.agency import Agency
from console.domain.neighbors import Caution, Neighbor
from console.domain.queries import person_name
from console.domain.same_place import number_spoken
from console.domain.state import State
from console.domain.times import local, time_of_day
from console.ui.queue.rows import language


def named(neighbor: Neighbor) -> str:
    """How they like to be called; else a number or a place of theirs."""
    by = [*(number_spoken(number) for number in neighbor.numbers), *neighbor.places]
    return neighbor.name or f"neighbor of {by[0]}"


def floor_words(state: State, neighbor: Neighbor, now: datetime) -> str:
    """One line for whoever takes the call: name, language, how to speak with them, and the cautions that hold."""
    agency = state.agency
    cautions = [f"◆ {caution_words(state, one, now)}" for one in cautions_holding(state, neighbor, now)]
    spoken = neighbor.language if neighbor.language not in ("", *agency.languages[:1]) else ""
    parts = (named(neighbor), f"speaks {language(spoken)}" if spoken else "", neighbor.approach, *cautions)
    return f"known neighbor: {' · '.join(filter(None, parts))}"


def caution_words(state: State, caution: Caution, now: datetime) -> str:
    """A caution with whose it is and until when it holds."""
    return f"{caution.text.rstrip('. ')} ({caution_standing(state, caution, now)})"


def caution_standing(state: State, caution: Caution, now: datetime) -> str:
    """Whose a caution is and until when it holds, or why it holds no more."""
    whose, until = person_name(state, caution.given.by), day(state.agency, caution.expires_at, now)
    if caution.ended is not None:
        ender = person_name(state, caution.ended.by)
        return f"{whose}; ended {day(state.agency, caution.ended.at, now)} by {ender}: {caution.ended_because}"
    return f"{whose}, until {until}" if caution.holds(now) else f"{whose}; expired {until}"


def day(agency: Agency, at: datetime, now: datetime) -> str:
    """A day, for what lasts days: "Jun 3", with the year where that is another; "today 14:22" where it is this one."""
    there, here = local(agency, at), local(agency, now)
    if there.date() == here.date():
        return f"today {time_of_day(agency, at)}"
    return f"{there:%b} {there.day}{'' if there.year == here.year else f' {there.year}'}"


def notes_words(state: State, neighbor: Neighbor, now: datetime) -> str:
    """How many sealed notes there are of what helped, and whose the last is; "" for none."""
    notes = profile_notes(state, neighbor)
    if not notes:
        return ""
    last = notes[0].sealed
    many = f"{len(notes)} sealed notes, the last" if len(notes) > 1 else "1 sealed note,"
    return f"{many} {day(state.agency, last.at, now)} by {person_name(state, last.by)}"
