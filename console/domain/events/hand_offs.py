"""What happened to the passing of a caller."""

from console.domain.events.event import Event
from console.domain.ids import CallId, HandOffId, ProgrammeCode, UserId


class HandOffOffered(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    to_user: UserId
    programme: ProgrammeCode
    asks: str = ""
    from_user: UserId = UserId("")
    """Who has the caller meanwhile; "" is who caused the event, as the clock is not where it rings the next."""
    promised: str = ""
    seeks: bool = False
    """Whether the next is rung where this one does not take them."""
    onward: bool = False


class HandOffSeen(Event, frozen=True, tag=True):
    """It is on the screen of whom it is offered to."""

    call_id: CallId
    hand_off_id: HandOffId


class HandOffAccepted(Event, frozen=True, tag=True):
    """Somebody said yes. `releases`: the caller was in care at once, as in logs from before there was a strip."""

    call_id: CallId
    hand_off_id: HandOffId
    releases: bool = True


class CallerTold(Event, frozen=True, tag=True):
    """The caller was advised of the transfer (09 NCAC 06C .0209)."""

    call_id: CallId
    hand_off_id: HandOffId


class HandOffBridged(Event, frozen=True, tag=True):
    """All three are on one line, by the switch's word or a person's."""

    call_id: CallId
    hand_off_id: HandOffId


class ConnectionVerified(Event, frozen=True, tag=True):
    """A person heard that both hear each other (09 NCAC 06C .0209)."""

    call_id: CallId
    hand_off_id: HandOffId


class HandOffReleased(Event, frozen=True, tag=True):
    """Who offered left the line: whoever accepted has the caller from here on."""

    call_id: CallId
    hand_off_id: HandOffId


class CallerLost(Event, frozen=True, tag=True):
    """The caller was gone from the line before the release; who offered has the call, and calls back."""

    call_id: CallId
    hand_off_id: HandOffId


class HandOffQueued(Event, frozen=True, tag=True):
    """Nobody is left to ring: the caller waits for the next who is ready."""

    call_id: CallId
    programme: ProgrammeCode
    from_user: UserId
    asks: str = ""
    promised: str = ""


class HandOffQueueLeft(Event, frozen=True, tag=True):
    """The caller waits for no clinician any more."""

    call_id: CallId
    reason: str


class HandOffDeclined(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class HandOffWithdrawn(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class HandOffTimedOut(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId


class HandOffReturned(Event, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class CallTakenOver(Event, frozen=True, tag=True):
    """Somebody has the caller from here on in place of another. A clinician has them in care, under `hand_off_id`."""

    call_id: CallId
    from_user: UserId
    reason: str
    hand_off_id: HandOffId | None = None
    programme: ProgrammeCode = ProgrammeCode("")


HandOffEvent = (
    HandOffOffered
    | HandOffSeen
    | HandOffAccepted
    | CallerTold
    | HandOffBridged
    | ConnectionVerified
    | HandOffReleased
    | CallerLost
    | HandOffQueued
    | HandOffQueueLeft
    | HandOffDeclined
    | HandOffWithdrawn
    | HandOffTimedOut
    | HandOffReturned
    | CallTakenOver
)
