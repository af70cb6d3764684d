"""Names of things: who, what and where, as distinct types, so that a unit's id never stands where a call's should."""

from typing import NewType
from uuid import UUID, uuid5

CallId = NewType("CallId", str)
"""A call's own id: a UUIDv7 made at the desk that took it, or derived from the feed it came from."""
UnitId = NewType("UnitId", str)
"""The radio name of a unit, as the agency's roster writes it."""
UserId = NewType("UserId", str)
"""The sign-in name of a person, or of an actor of the hub itself (the clock, the exercise, a feed)."""
DeskId = NewType("DeskId", str)
"""One running desk; a person who signs in at two desks has two."""
HandOffId = NewType("HandOffId", str)
TransitionId = NewType("TransitionId", str)
"""One turn of the verdict on a call that somebody was already sent to."""
CommandId = NewType("CommandId", str)
EntryId = NewType("EntryId", str)
"""One entry of a call's narrative."""
NoteId = NewType("NoteId", str)
"""One sealed note of a call. The log knows that it is there; its words lie beside, encrypted."""
AskId = NewType("AskId", str)
"""One wish of a clinician that dispatch send something to a call in their care."""
NeighborId = NewType("NeighborId", str)
"""A neighbor whom the center knows by more than a number."""
CautionId = NewType("CautionId", str)
CallBackId = NewType("CallBackId", str)
ReferralId = NewType("ReferralId", str)
"""One referral to Care Navigation."""
ProgrammeCode = NewType("ProgrammeCode", str)
NatureCode = NewType("NatureCode", str)
FactName = NewType("FactName", str)
QuestionId = NewType("QuestionId", str)
LogId = NewType("LogId", str)
Seq = NewType("Seq", int)
"""Place in the log, counted from 1 without a gap; 0 stands before the first entry."""

CLOCK = UserId("hub-clock")
"""The hub's own timer, which acts by commands like everybody else (architecture, rule 8)."""
HUB = UserId("hub")
"""The hub itself: configuration at start."""

_CREW = "crew:"


def crew_user(unit: UnitId) -> UserId:
    """By which name a unit's own tablet stands in the log."""
    return UserId(_CREW + unit)


def crew_unit(user: UserId) -> UnitId | None:
    """The unit whose tablet acts under this name; None for everybody else."""
    return UnitId(user.removeprefix(_CREW)) if user.startswith(_CREW) else None


_NAMESPACE = UUID("5d1c0c2e-7d0a-5f0e-9a54-3b6c2a1f8e77")


def derived_id(*about: str) -> str:
    """The id that follows from what it is about: the same words always give the same UUIDv5.

    Two hubs that both see a hand-off run out, or a file of calls fed twice, so name one thing once.
    """
    return str(uuid5(_NAMESPACE, "\x1f".join(about)))
