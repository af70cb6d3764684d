"""What somebody wants of the passing of a caller."""

from console.domain.commands.command import Command
from console.domain.ids import CallBackId, CallId, HandOffId, ProgrammeCode, UserId


class OfferHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    to_user: UserId
    asks: str = ""
    promised: str = ""
    """What the caller was told would happen."""


class OfferNext(Command, frozen=True, tag=True):
    """Sent by the hub's clock: the next clinician is rung for a caller whom nobody has taken yet."""

    call_id: CallId
    hand_off_id: HandOffId
    to_user: UserId


class QueueForClinician(Command, frozen=True, tag=True):
    """Wait for the next clinician of a programme who is ready; also sent by the hub's clock where nobody is left to ring."""

    call_id: CallId
    programme: ProgrammeCode
    asks: str = ""
    promised: str = ""


class LeaveQueue(Command, frozen=True, tag=True):
    """Wait for no clinician any more."""

    call_id: CallId
    reason: str = ""


class TakeFromQueue(Command, frozen=True, tag=True):
    """A clinician takes a caller who waits, before being rung; it is offered and accepted in one."""

    call_id: CallId
    hand_off_id: HandOffId


class SeeHandOff(Command, frozen=True, tag=True):
    """Sent by the desk it rings at, once the offer is on its screen."""

    call_id: CallId
    hand_off_id: HandOffId


class TellCaller(Command, frozen=True, tag=True):
    """The caller has been told that they are handed over, and to whom."""

    call_id: CallId
    hand_off_id: HandOffId


class BridgeHandOff(Command, frozen=True, tag=True):
    """The switch has all three on one line. A person who hears that both hear each other says so by `VerifyConnection`."""

    call_id: CallId
    hand_off_id: HandOffId


class VerifyConnection(Command, frozen=True, tag=True):
    """Both hear each other, by one's own ears; where no switch reported the bridge, this is it."""

    call_id: CallId
    hand_off_id: HandOffId


class ReleaseHandOff(Command, frozen=True, tag=True):
    """Leave the line: whoever accepted has the caller from here on."""

    call_id: CallId
    hand_off_id: HandOffId


class LoseCaller(Command, frozen=True, tag=True):
    """The caller is gone from the line. A call-back becomes due at once, under `call_back_id`."""

    call_id: CallId
    call_back_id: CallBackId


class AcceptHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId


class DeclineHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class WithdrawHandOff(Command, frozen=True, tag=True):
    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class TimeOutHandOff(Command, frozen=True, tag=True):
    """Sent by the hub's clock when an offer has gone unanswered for the agency's `hand_off_s`."""

    call_id: CallId
    hand_off_id: HandOffId


class ReturnHandOff(Command, frozen=True, tag=True):
    """The clinician gives the caller back to the telecommunicator, from the moment they accepted on, and says why."""

    call_id: CallId
    hand_off_id: HandOffId
    reason: str


class TakeOverCall(Command, frozen=True, tag=True):
    """Have the caller from here on in place of whoever has them, and say why. `hand_off_id` is for a clinician's care."""

    call_id: CallId
    hand_off_id: HandOffId
    reason: str
