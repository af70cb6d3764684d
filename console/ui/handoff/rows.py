"""The words of the clinician's list (calls in care, those that wait, calls back) and of earlier contacts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from console.domain import queries
from console.domain.agency import Agency
from console.domain.contacts import Contact, ending, who
from console.domain.follow_ups import CallBack
from console.domain.hand_off import HandOff
from console.domain.ids import CallId, ProgrammeCode, UserId
from console.domain.queries import nature_words, person_name
from console.domain.state import Call, PresenceStatus, Role, State
from console.domain.times import local, span, time_of_day
from console.ui.handoff.mishaps import marks
from console.ui.queue.rows import Tag, place_words

Section = Literal["mine", "waiting", "call_back"]
Level = Literal["fine", "due", "past"]

_CALL_BACK_DUE = timedelta(minutes=15)
"""So long before its time a call back shows that it is due."""


class Line(Struct, frozen=True):
    """One row of the clinician's list: a call, or a call back where `call_back` is set.

    Its clock runs from `since`; a call back shows the time of day instead. Ages are reckoned when it is painted.
    """

    section: Section
    key: str
    call_id: CallId
    number: str
    agency: Agency
    standing: str
    since: datetime
    nature: str
    about: str
    tags: tuple[Tag, ...] = ()
    call_back: CallBack | None = None
    waits: bool = False
    """Whether it can be taken from the queue."""
    order: tuple[object, ...] = ()

    def level(self, now: datetime) -> Level:
        """Whether it must be seen to: a wait against the agency's limit, a call back against its time."""
        if self.section == "waiting":
            waited, limit = (now - self.since).total_seconds(), self.agency.hand_off.queue_s
            return "past" if waited >= limit else "due" if 2 * waited >= limit else "fine"
        if self.section == "call_back":
            return "past" if now >= self.since else "due" if now >= self.since - _CALL_BACK_DUE else "fine"
        return "fine"

    def clock(self, now: datetime) -> str:
        """What stands at its left: how long it has been so, or when the call back is to be made."""
        if self.call_back is not None:
            return time_of_day(self.agency, self.since)
        return span((now - self.since).total_seconds())

    def spoken(self, now: datetime) -> str:
        """The whole row as one sentence."""
        late = {"due": ", due", "past": ", past its time", "fine": ""}[self.level(now)]
        if self.call_back is not None:
            return f"call back at {self.clock(now)}{late}, {self.nature}, {self.about}"
        return f"call {self.number}, {self.nature}, {self.standing} for {self.clock(now)}{late}, {self.about}"


def line(state: State, call: Call, me: UserId, programme: ProgrammeCode) -> Line | None:
    """The row of a call in the list of a clinician of that programme; None where it does not belong there."""
    hand_off, seeking = call.hand_off, call.seeking
    if call.closing is not None:
        return None
    if call.in_care_of == me:
        taken = _began(call, me)
        onward = hand_off if hand_off is not None and hand_off.is_open else None
        standing = "in care" if onward is None else "handing on"
        return _line(state, call, me, "mine", standing, (taken.taken_at if taken else None) or call.received_at, 0)
    if hand_off is not None and hand_off.to_user == me:
        if hand_off.connects:
            return _line(state, call, me, "mine", "connecting", hand_off.accepted_at or hand_off.offered_at, 1)
        if hand_off.rings:
            return _line(state, call, me, "mine", "offered", hand_off.offered_at, 2)
    if seeking is not None and seeking.programme == programme and not (hand_off is not None and hand_off.connects):
        rings = hand_off is not None and hand_off.rings
        standing = f"rings at {person_name(state, hand_off.to_user)}" if hand_off is not None and rings else "queue"
        return _line(state, call, me, "waiting", standing, seeking.queued_at or seeking.since, int(rings))
    return None


def _began(call: Call, me: UserId) -> HandOff | None:
    """The hand-off by which the caller came into a person's care."""
    return next((h for h in reversed(call.hand_offs) if h.to_user == me and h.taken_at is not None), None)


def _line(state: State, call: Call, me: UserId, section: Section, standing: str, since: datetime, place: int) -> Line:
    agency = state.agency
    where = f"callback {call.callback}" if section == "waiting" and call.callback else place_words(call)
    passing = call.seeking.programme if section == "waiting" and call.seeking else call.hand_off and call.hand_off.programme
    programme = agency.programme(passing) if section == "mine" and passing else None
    tag = (Tag(programme.code, programme.colour),) if programme else ()
    about, nature = " · ".join((*marks(state, call, me), call.number, where)), nature_words(agency, call)
    return Line(
        section, call.call_id, call.call_id, call.number, agency, standing, since, nature, about, tag,
        waits=section == "waiting" and not place, order=(place, since, call.call_id),
    )  # fmt: skip


def call_back_line(state: State, owed: CallBack, me: UserId, now: datetime) -> Line | None:
    """The row of a call back that is due today, or was before; None for another day's, and where a colleague sees to it.

    Whoever planned it makes it. Where they are not at work, or at dispatch, which has no such list, it stands on every
    clinician's, so that none is forgotten.
    """
    agency, owner = state.agency, state.people.get(owed.owner)
    here = owner is not None and owner.role is Role.CLINICIAN and owner.status is not PresenceStatus.SIGNED_OFF
    if owed.ended is not None or (owed.owner != me and here):
        return None
    if local(agency, owed.due_at).date() > local(agency, now).date():
        return None
    standing = "" if owed.owner == me else f"of {person_name(state, owed.owner)}"
    return Line(
        "call_back", owed.call_back_id, owed.call_id, owed.number, agency, standing, owed.due_at,
        f"Check-in after {owed.number}", last_try(agency, owed, now) or owed.reason, call_back=owed,
        order=(owed.due_at, owed.call_back_id),
    )  # fmt: skip


def last_try(agency: Agency, owed: CallBack, now: datetime) -> str:
    """What came of the last try: "not reached 11:20, left a message"; "" where nobody tried yet."""
    if not owed.attempts:
        return ""
    tried = owed.attempts[-1]
    what = "reached" if tried.reached else "not reached"
    return ", ".join(filter(None, (f"{what} {time_of_day(agency, tried.made.at, now)}", tried.note)))


SECTIONS: tuple[Section, ...] = ("mine", "waiting", "call_back")


def rank(found: Line) -> tuple[object, ...]:
    """Mine, then waiting, then calls back; in each what has been so the longest first, what is on the line before all."""
    return (SECTIONS.index(found.section), 1, *found.order)


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
