"""What somebody wants done after a call: calls back and referrals."""

from console.domain.commands.command import Command
from console.domain.follow_ups import Reach
from console.domain.ids import CallBackId, CallId, NoteId, ReferralId
from console.domain.instant import Instant


class PlanCallBack(Command, frozen=True, tag=True):
    """The caller of a call is to be called back, by whoever plans it."""

    call_back_id: CallBackId
    call_id: CallId
    due_at: Instant
    reason: str


class TryCallBack(Command, frozen=True, tag=True):
    """They were called back. One who was reached needs no further call; one who was not is still to be called."""

    call_back_id: CallBackId
    reached: bool
    note: str = ""


class EndCallBack(Command, frozen=True, tag=True):
    """No further call back is made, and why."""

    call_back_id: CallBackId
    reason: str


class ReferNeighbor(Command, frozen=True, tag=True):
    """Refer the neighbor of a call to Care Navigation. What they need is sealed by a route of its own."""

    referral_id: ReferralId
    call_id: CallId


class SealNeeds(Command, frozen=True, tag=True):
    """Made by the hub beside the sealed bytes."""

    referral_id: ReferralId
    note_id: NoteId
    hash: str


class TakeReferral(Command, frozen=True, tag=True):
    """Look after a referral from here on."""

    referral_id: ReferralId


class TryOutreach(Command, frozen=True, tag=True):
    """Somebody tried to reach the neighbor."""

    referral_id: ReferralId
    how: Reach
    reached: bool
    note: str = ""


class ConnectToCare(Command, frozen=True, tag=True):
    """The neighbor is connected to care."""

    referral_id: ReferralId
    note: str = ""


class EndReferral(Command, frozen=True, tag=True):
    """It goes no further, and why."""

    referral_id: ReferralId
    reason: str


class FileFollowUps(Command, frozen=True, tag=True):
    """Sent by the hub's clock: what ended before leaves the live lists."""

    ended_before: Instant
