"""From accepted to released, and every way out. At every instant exactly one person has the caller."""

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.commands import Rejected
from console.domain.deciding.follow_ups import call_back_of
from console.domain.deciding.refusals import Decision, open_call, text
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import UserId
from console.domain.instant import Instant
from console.domain.state import Call, PresenceStatus, Role, State


def tell_caller(state: State, command: c.TellCaller) -> Decision:
    """Tick that the caller was advised; they may be while it still rings. Twice changes nothing."""
    found = _open(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    if found.connection is not None and found.connection.caller_told is not None:
        return ()
    return (e.CallerTold(command.call_id, command.hand_off_id),)


def bridge(state: State, command: c.BridgeHandOff) -> Decision:
    """The switch has all on one line."""
    found = _connecting(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    return () if found.state is HandOffState.BRIDGED else (e.HandOffBridged(command.call_id, command.hand_off_id),)


def verify(state: State, command: c.VerifyConnection, by: UserId) -> Decision:
    """Somebody on the line heard both. Where no switch reported the bridge, their word is that too."""
    found = _connecting(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    if by not in (found.from_user, found.to_user):
        return Rejected("not-on-the-line", "Only those on the line can say that both hear each other.", {"user": by})
    if found.connection is not None and found.connection.verified is not None:
        return ()
    bridged = () if found.state is HandOffState.BRIDGED else (e.HandOffBridged(command.call_id, command.hand_off_id),)
    return (*bridged, e.ConnectionVerified(command.call_id, command.hand_off_id))


def release(state: State, command: c.ReleaseHandOff) -> Decision:
    """Leave the line, once the caller is told and the connection verified (09 NCAC 06C .0209)."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    released = next((h for h in call.hand_offs if h.hand_off_id == command.hand_off_id), None)
    if released is not None and released.released_at is not None:
        return ()
    found = _connecting(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    if found.missing:
        words = f"Call {call.number} is released once {' and '.join(found.missing)}."
        return Rejected("not-verified", words, {"call": call.call_id, "hand_off": found.hand_off_id})
    return (e.HandOffReleased(command.call_id, command.hand_off_id),)


def withdraw(state: State, command: c.WithdrawHandOff) -> Decision:
    """Take it back at any time before the release: whoever offered has the caller still."""
    found = _open(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    return text(command.reason, "The reason", needed=False) or (
        e.HandOffWithdrawn(command.call_id, command.hand_off_id, command.reason),
    )


def give_back(state: State, command: c.ReturnHandOff, by: UserId) -> Decision:
    """The clinician gives the caller back, who is dispatch's from this instant; or leaves the line before the release.

    Whoever was handing the caller on takes that back with the same word.
    """
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    about: dict[str, str] = {"call": call.call_id}
    latest, care = call.hand_off, queries.care(call)
    theirs = care if call.in_care_of == by else latest if latest is not None and latest.connects else care
    if latest is None or theirs is None or command.hand_off_id not in (theirs.hand_off_id, latest.hand_off_id):
        return Rejected("not-in-care", f"Call {call.number} is not in a clinician's care.", about)
    if theirs.to_user != by:
        holder = queries.person_name(state, theirs.to_user)
        return Rejected("in-care-of-another", f"Call {call.number} is in the care of {holder}, not yours.", about)
    onward = latest.is_open and latest is not theirs
    taken_back = (e.HandOffWithdrawn(call.call_id, latest.hand_off_id, command.reason),) if onward else ()
    returned = e.HandOffReturned(call.call_id, theirs.hand_off_id, command.reason)
    return text(command.reason, "The reason") or (*taken_back, returned)


def lose_caller(state: State, command: c.LoseCaller, by: UserId, at: Instant) -> Decision:
    """The caller is gone. What was on its way to a clinician ends, and who has the call owes a call back, at once."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if command.call_back_id in state.call_backs:
        return ()
    owner = queries.controller(call)
    planned = call_back_of(call, command.call_back_id, at, "The caller was lost", owner if owner in state.people else by)
    hand_off = call.hand_off
    if hand_off is not None and hand_off.is_open:
        return (e.CallerLost(call.call_id, hand_off.hand_off_id), planned)
    if call.seeking is not None:
        return (e.HandOffQueueLeft(call.call_id, "The caller was lost"), planned)
    return (planned,)


def take_over(state: State, command: c.TakeOverCall, by: UserId) -> Decision:
    """Have the caller in place of another. From somebody who is there only a supervisor takes one."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    about: dict[str, str] = {"call": call.call_id}
    me, holder = state.people.get(by), queries.controller(call)
    if me is None or me.status is PresenceStatus.SIGNED_OFF:
        return Rejected("not-signed-in", "You are not signed in.", {"user": by})
    if holder == by or any(h.hand_off_id == command.hand_off_id for h in call.hand_offs):
        return ()
    theirs = state.people.get(holder)
    there = theirs is not None and theirs.status is not PresenceStatus.SIGNED_OFF and theirs.lost_at is None
    if there and me.role is not Role.SUPERVISOR:
        words = f"{queries.person_name(state, holder)} has the caller and is at work. A supervisor may take them over."
        return Rejected("holder-at-work", words, about)
    refusal = text(command.reason, "The reason")
    if refusal:
        return refusal
    if me.role is Role.CLINICIAN:
        if queries.ringing(state, by) is not None:
            return Rejected("clinician-ringing", "Answer the caller who is offered to you first.", about)
        other = next((one for one in queries.held(state, by) if one.call_id != call.call_id), None)
        if other is not None:
            return Rejected("calls-in-care", f"You have call {other.number} already.", {"call": other.call_id})
        return (e.CallTakenOver(call.call_id, holder, command.reason, command.hand_off_id, me.programme),)
    return (e.CallTakenOver(call.call_id, holder, command.reason),)


def _open(state: State, call_id: str, hand_off_id: str) -> HandOff | Rejected:
    """The hand-off of that id, while it is on its way."""
    call = open_call(state, call_id)
    if isinstance(call, Rejected):
        return call
    hand_off = call.hand_off
    if hand_off is None or hand_off.hand_off_id != hand_off_id:
        return Rejected("hand-off-unknown", f"Call {call.number} has no such offer.", {"call": call_id})
    return hand_off if hand_off.is_open else _over(call, hand_off)


def _connecting(state: State, call_id: str, hand_off_id: str) -> HandOff | Rejected:
    """The hand-off of that id, once it was accepted and until it is released."""
    found = _open(state, call_id, hand_off_id)
    if isinstance(found, Rejected) or found.connects:
        return found
    return Rejected("not-accepted", "Nobody has accepted this caller yet.", {"call": call_id})


def _over(call: Call, hand_off: HandOff) -> Rejected:
    words = f"The offer of call {call.number} is over: {hand_off.state.value.replace('_', ' ')}."
    return Rejected("hand-off-over", words, {"call": call.call_id})
