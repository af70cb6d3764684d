"""What happened to what is owed after a call: calls back and referrals."""

from console.domain.events.event import Event
from console.domain.follow_ups import Reach
from console.domain.ids import CallBackId, CallId, NoteId, ReferralId, UserId
from console.domain.instant import Instant


class CallBackPlanned(Event, frozen=True, tag=True):
    """Somebody is to be called back; what is needed to do so is copied from the call."""

    call_back_id: CallBackId
    call_id: CallId
    number: str
    callback: str
    place: str
    due_at: Instant
    reason: str
    owner: UserId
    language: str = ""


class CallBackTried(Event, frozen=True, tag=True):
    call_back_id: CallBackId
    reached: bool
    note: str = ""


class CallBackEnded(Event, frozen=True, tag=True):
    call_back_id: CallBackId
    reason: str


class NeighborReferred(Event, frozen=True, tag=True):
    """To Care Navigation; due from the call's receipt on. What they need is sealed, and tells here only that it is."""

    referral_id: ReferralId
    call_id: CallId
    number: str
    callback: str
    place: str
    called_at: Instant
    due_at: Instant
    late_at: Instant
    language: str = ""


class NeedsSealed(Event, frozen=True, tag=True):
    """The needs of a referral, sealed; a later one replaces it."""

    referral_id: ReferralId
    note_id: NoteId
    hash: str


class ReferralTaken(Event, frozen=True, tag=True):
    """Somebody looks after a referral from here on."""

    referral_id: ReferralId


class OutreachTried(Event, frozen=True, tag=True):
    referral_id: ReferralId
    how: Reach
    reached: bool
    note: str = ""


class ConnectedToCare(Event, frozen=True, tag=True):
    referral_id: ReferralId
    note: str = ""


class ReferralEnded(Event, frozen=True, tag=True):
    referral_id: ReferralId
    reason: str


class FollowUpsFiled(Event, frozen=True, tag=True):
    """What ended long ago left the live lists; the log keeps it."""

    call_back_ids: tuple[CallBackId, ...] = ()
    referral_ids: tuple[ReferralId, ...] = ()


FollowUpEvent = (
    CallBackPlanned
    | CallBackTried
    | CallBackEnded
    | NeighborReferred
    | NeedsSealed
    | ReferralTaken
    | OutreachTried
    | ConnectedToCare
    | ReferralEnded
    | FollowUpsFiled
)
