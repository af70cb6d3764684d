"""What the call pane says of a call: heading, who is on it, narrative, times and earlier contacts. Pure, from the state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.agency import Agency
from console.domain.contacts import Contact as Known
from console.domain.contacts import ending, who
from console.domain.ids import CallId, EntryId
from console.domain.queries import ending_words, nature_named, nature_words, person_name
from console.domain.state import Call, Place, State
from console.domain.times import about, span, time_of_day
from console.ui.call.happenings import asked_and_told, handed_over
from console.ui.call.units_part import units_part
from console.ui.command_words import NOT_SENT
from console.ui.handoff.mishaps import not_heard
from console.ui.queue.rows import language, place_words, priority_words
from console.ui.triage.record import history, progress_words
from console.ui.turn_words import happened

WRITTEN_LATER_S = 60
"""An entry written so much later than what it tells says both times."""


class NarrativeLine(Struct, frozen=True):
    """One entry: when it happened, who wrote it, the words, and a remark: written later, or not sent yet ("" for none)."""

    entry_id: EntryId
    at: str
    by: str
    text: str
    remark: str = ""


class TimeLine(Struct, frozen=True):
    """One thing that happened to the call."""

    at: datetime
    clock: str
    words: str


class Contact(Struct, frozen=True):
    """Another call from the same number or address: when, what, and how it ended."""

    call_id: CallId
    when: str
    nature: str
    ending: str


def waited_words(agency: Agency, call: Call, now: datetime) -> tuple[str, str]:
    """ "P2 · 2:04" at the head of the pane, and its colour token: the waiting clock while it waits, else the age."""
    if call.closing is not None:
        return f"closed {time_of_day(agency, call.closing.at, now)}", "muted"
    words = f"{priority_words(call.priority)} · {span((now - call.received_at).total_seconds())}"
    if not queries.is_pending(call):
        return words, "muted"
    level = queries.wait(agency, call, now).level
    shape = {"fine": "", "due": "◆ ", "past": "▲ "}[level]
    return shape + words, {"fine": "muted", "due": "due", "past": "alarm"}[level]


def engaged_words(state: State, call: Call, now: datetime) -> str:
    """Who is on the call, and since when; how it ended, once it did; "" while nobody is. Of hand-offs tells the strip."""
    if call.closing is not None:
        return f"Closed by {person_name(state, call.closing.by)}: {ending_words(state.agency, call)}"
    parts = []
    if call.in_care_of is not None:
        since = care.taken_at if (care := queries.care(call)) else None
        held = f", {about((now - since).total_seconds())}" if since else ""
        gone = [person for person in not_heard(state, call) if person.user_id == call.in_care_of]
        name = person_name(state, call.in_care_of)
        parts.append(f"▲ in the care of {name}, not reachable" if gone else f"in the care of {name}{held}")
    for unit in queries.assigned_units(state, call):
        ago = about((now - unit.since).total_seconds())
        parts.append(f"{unit.unit_id} {unit_status.STATUS_WORDS[unit.status].lower()} {ago}")
    parts += [f"{state.agency.name_of(order.service)} asked for" for order in call.services]
    return " · ".join(parts)


def narrative(
    state: State, call: Call, now: datetime, unsent: frozenset[EntryId] = frozenset()
) -> tuple[NarrativeLine, ...]:
    """The narrative in order of writing; entries that wait for the link say so."""
    lines = []
    for entry in call.narrative:
        at = time_of_day(state.agency, entry.at, now, seconds=True)
        written = _made_at(entry.entry_id)
        remark = ""
        if entry.entry_id in unsent:
            remark = NOT_SENT
        elif written is not None and (written - entry.at).total_seconds() > WRITTEN_LATER_S:
            remark = f"written {time_of_day(state.agency, written, now, seconds=True)}"
        lines.append(NarrativeLine(entry.entry_id, at, person_name(state, entry.by), entry.text, remark))
    return tuple(lines)


def times(state: State, call: Call, now: datetime) -> tuple[TimeLine, ...]:
    """Receipt, hand-offs, asks, units, services, what was told, turns and closing, in the order in which they happened."""
    agency = state.agency
    found: list[tuple[datetime, str]] = [(call.received_at, f"received by {person_name(state, call.taken_by)}")]
    if call.eligible_since is not None and call.eligible_since != call.received_at:
        found.append((call.eligible_since, "eligible"))
    found += handed_over(state, call)
    found += units_part(state, call, now)
    found += [(order.at, f"{agency.name_of(order.service)} asked for{_why(order.reason)}") for order in call.services]
    found += asked_and_told(state, call)
    found += history(state, call)
    found += happened(state, call)
    if call.closing is not None:
        found.append((call.closing.at, f"closed by {person_name(state, call.closing.by)}: {ending_words(agency, call)}"))
    found.sort(key=lambda pair: pair[0])
    return tuple(TimeLine(at, time_of_day(agency, at, now, seconds=True), words) for at, words in found)


def contacts(agency: Agency, listed: Iterable[Known], now: datetime) -> tuple[Contact, ...]:
    """The other calls of a neighbor, in the order given."""
    return tuple(
        Contact(
            one.call_id,
            f"{time_of_day(agency, one.received_at, now)} · {one.number}",
            nature_named(agency, one.nature, one.nature_text),
            f"{who(one)} · {ending(agency, one)}",
        )
        for one in listed
    )


def about_words(call: Call, agency: Agency) -> str:
    """The line under the heading: where, beat and zones, the number to call back, language, flags, a triage half done."""
    spoken = queries.other_language(agency, call)
    parts = (
        place_words(call),
        "not on the map" if call.place.address and call.place.point is None else "",
        *zone_words(call.place),
        call.callback,
        f"¿ {language(spoken)}" if spoken else "",
        *(flag.replace("_", " ") for flag in call.flags),
        progress_words(agency, call),
    )
    return " · ".join(part for part in parts if part)


def zone_words(place: Place) -> tuple[str, ...]:
    """ "beat 121", "D1": what the center's layers say of a place, the beat first."""
    return (*((f"beat {place.beat}",) if place.beat else ()), *place.zones.values())


def spoken_heading(agency: Agency, call: Call) -> str:
    """The heading as one sentence, for a screen reader."""
    return f"Call {call.number}, {nature_words(agency, call)}, {place_words(call)}"


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def _made_at(entry_id: EntryId) -> datetime | None:
    """When a desk made an entry's id, which is when it was written; None for an id that holds no time (RFC 9562, 5.7)."""
    try:
        made = UUID(entry_id)
    except ValueError:
        return None
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC) if made.version == 7 else None
