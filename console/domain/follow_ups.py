"""What is owed after a call: calls back, and Care Navigation's way from the 911 interaction to care."""

from enum import StrEnum

from msgspec import Struct

from console.domain.ids import CallBackId, CallId, NoteId, ReferralId, UserId
from console.domain.instant import Instant, Stamp


class Reach(StrEnum):
    """How somebody tried to reach a neighbor."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    MESSAGE = "message"


class Attempt(Struct, frozen=True, omit_defaults=True):
    """One try to reach a neighbor, and whether it did."""

    made: Stamp
    how: Reach
    reached: bool
    note: str = ""
    """What everybody on the floor may read of it; what is clinical is sealed."""


class CallBack(Struct, frozen=True, omit_defaults=True):
    """A caller who is to be called back: when, why, whom it concerns, and what came of it.

    It stands for itself, with what is needed to call, so that it outlives the call's place on the board.
    """

    call_back_id: CallBackId
    call_id: CallId
    number: str
    """The call's number, as people say it."""
    callback: str
    place: str
    due_at: Instant
    reason: str
    planned: Stamp
    owner: UserId
    language: str = ""
    attempts: tuple[Attempt, ...] = ()
    ended: Stamp | None = None
    ended_because: str = ""


class Referral(Struct, frozen=True, omit_defaults=True):
    """A neighbor who was referred to Care Navigation: due from the 911 interaction on, not from the referral.

    What they need is sealed (`needs_note`); who may read it opens it.
    """

    referral_id: ReferralId
    call_id: CallId
    number: str
    callback: str
    place: str
    called_at: Instant
    due_at: Instant
    late_at: Instant
    referred: Stamp
    language: str = ""
    needs_note: NoteId | None = None
    needs_hash: str = ""
    owner: UserId | None = None
    attempts: tuple[Attempt, ...] = ()
    connected: Stamp | None = None
    """When they were connected to care."""
    ended: Stamp | None = None
    ended_because: str = ""

    @property
    def first_contact(self) -> Attempt | None:
        """The first try that reached them."""
        return next((attempt for attempt in self.attempts if attempt.reached), None)
