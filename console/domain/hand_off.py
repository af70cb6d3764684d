"""The passing of a caller from one person to another: its states, its ticks, and who has the caller meanwhile."""

from enum import StrEnum

from msgspec import Struct

from console.domain.ids import HandOffId, ProgrammeCode, UserId
from console.domain.instant import Instant, Stamp


class HandOffState(StrEnum):
    """Where a hand-off stands: the strip from offered to released, and the side exits."""

    OFFERED = "offered"
    SEEN = "seen"
    """It is on the screen of whom it is offered to."""
    ACCEPTED = "accepted"
    BRIDGED = "bridged"
    """All three are on one line: the caller, who offered, and who accepted."""
    RELEASED = "released"
    """Who offered has left the line: from here on the clinician has the caller, and nobody else."""
    DECLINED = "declined"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    CALLER_LOST = "caller_lost"


STRIP = (
    HandOffState.OFFERED, HandOffState.SEEN, HandOffState.ACCEPTED, HandOffState.BRIDGED, HandOffState.RELEASED,
)  # fmt: skip
"""The way of a hand-off that goes well, in order."""

RINGING = frozenset({HandOffState.OFFERED, HandOffState.SEEN})
CONNECTING = frozenset({HandOffState.ACCEPTED, HandOffState.BRIDGED})
"""Somebody said yes, and whoever offered still has the caller."""


ENDED = frozenset(HandOffState) - frozenset(STRIP)
"""The side exits: whoever offered has the caller, still or again."""


class Connection(Struct, frozen=True, omit_defaults=True):
    """The line between three people, as far as somebody said or the switch reported; the ticks are 09 NCAC 06C .0209's."""

    caller_told: Stamp | None = None
    bridged: Stamp | None = None
    verified: Stamp | None = None
    """Both hear both: a person's word, never the switch's."""


class HandOff(Struct, frozen=True, omit_defaults=True):
    """One offer of a caller, and what became of it; `controller` of the call follows from it (`queries.controller`)."""

    hand_off_id: HandOffId
    from_user: UserId
    to_user: UserId
    programme: ProgrammeCode
    state: HandOffState
    offered_at: Instant
    asks: str = ""
    """What the other is asked to do."""
    changed_at: Instant | None = None
    accepted_at: Instant | None = None
    reason: str = ""
    promised: str = ""
    """What the caller was told would happen."""
    onward: bool = False
    """From one clinician to another: on a side exit the first still has the caller."""
    seen_at: Instant | None = None
    connection: Connection | None = None
    """None where the caller was in care at once: in logs from before there was a strip, and after a take-over."""
    released_at: Instant | None = None

    @property
    def rings(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in RINGING

    @property
    def connects(self) -> bool:
        """Whether it was accepted and whoever offered still has the caller."""
        return self.state in CONNECTING and self.taken_at is None

    @property
    def is_open(self) -> bool:
        """Whether it is on its way: offered, and neither released nor ended."""
        return self.rings or self.connects

    @property
    def taken_at(self) -> Instant | None:
        """Since when the one it was offered to has had the caller; None if that never came to be."""
        return self.accepted_at if self.connection is None else self.released_at

    @property
    def missing(self) -> tuple[str, ...]:
        """What still stands between an accepted hand-off and its release, in words."""
        line = self.connection or Connection()
        ticks = (("the caller is told", line.caller_told), ("both hear each other", line.verified))
        return tuple(words for words, tick in ticks if tick is None)


class Seeking(Struct, frozen=True, omit_defaults=True):
    """A caller wants a clinician, and nobody has accepted yet: who is rung next follows from it, until somebody takes them.

    It begins with the first offer, or with the queue where nobody is ready; it ends when a clinician has the caller, when
    whoever offered takes it back, and when the call ends or the caller is lost.
    """

    programme: ProgrammeCode
    by: UserId
    since: Instant
    asks: str = ""
    promised: str = ""
    queued_at: Instant | None = None
    """Since when nobody was left to ring: the clock of the queue."""


class TakeOver(Struct, frozen=True, omit_defaults=True):
    """Somebody took a call over from a person who had it, and said why."""

    by: UserId
    at: Instant
    from_user: UserId
    reason: str
    hand_off_id: HandOffId | None = None
    """The care it began, where a clinician took over; None where a desk of dispatch did."""
    offers: int = 0
    """How many offers the call had had by then: a later one is of whoever makes it."""
