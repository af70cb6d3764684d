"""Offering a caller: to whom it rings, what they answer, and the queue where nobody is left to ring."""

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, open_call, text
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import CLOCK, HandOffId, ProgrammeCode, UserId
from console.domain.programmes import Responds
from console.domain.ringing import why_denied, why_not_rung
from console.domain.state import Call, PresenceStatus, State

NO_ANSWER = "did not answer"
"""Why somebody is away who let an offer ring out: the next caller is not rung at an empty seat."""


def offer(state: State, command: c.OfferHandOff, by: UserId) -> Decision:
    """Ring a clinician who is ready. Somebody absent, unreachable, busy or already ringing is refused with the reason."""
    call = _to_offer(state, command.call_id, command.hand_off_id)
    if not isinstance(call, Call):
        return call
    onward = call.in_care_of == by
    if call.in_care_of is not None and not onward:
        words = f"Call {call.number} is already in a clinician's care."
        return Rejected("in-care", words, {"call": call.call_id})
    if command.to_user == by:
        return Rejected("hand-off-to-oneself", "A caller is handed to somebody else.", {"user": by})
    seeks = state.agency.hand_off.next_clinician and not onward
    return _too_long(command) or _ring(
        state, call, e.HandOffOffered(
            call.call_id, command.hand_off_id, command.to_user, ProgrammeCode(""), command.asks, by, command.promised,
            seeks=seeks, onward=onward,
        ),
    )  # fmt: skip


def offer_next(state: State, command: c.OfferNext) -> Decision:
    """Ring the next, in the name of whoever looks for a clinician."""
    call = _to_offer(state, command.call_id, command.hand_off_id)
    if not isinstance(call, Call):
        return call
    seeking = call.seeking
    if seeking is None or call.in_care_of is not None:
        return Rejected("nobody-sought", f"No clinician is looked for on call {call.number} any more.")
    return _ring(
        state, call, e.HandOffOffered(
            call.call_id, command.hand_off_id, command.to_user, ProgrammeCode(""), seeking.asks, seeking.by,
            seeking.promised, seeks=True,
        ),
    )  # fmt: skip


def queue(state: State, command: c.QueueForClinician, by: UserId) -> Decision:
    """Wait for the next clinician who is ready. Queueing twice changes nothing."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    seeking = call.seeking
    if seeking is not None and seeking.queued_at is not None:
        return ()
    if call.in_care_of is not None or (call.hand_off is not None and call.hand_off.is_open):
        return Rejected("hand-off-open", f"Call {call.number} is being handed off already.", {"call": call.call_id})
    if seeking is None and by == CLOCK:
        return Rejected("nobody-sought", f"No clinician is looked for on call {call.number} any more.")
    if seeking is not None:  # nobody is left to ring: they wait from now on, whatever was learned since
        return (e.HandOffQueued(call.call_id, seeking.programme, seeking.by, seeking.asks, seeking.promised),)
    programme = state.agency.programme(command.programme)
    if programme is None or programme.responds is not Responds.BY_PHONE:
        words = f"{command.programme} takes no callers over by phone."
        return Rejected("programme-not-by-phone", words, {"programme": command.programme})
    return (
        why_denied(state, call, programme.code)
        or _too_long(command)
        or (e.HandOffQueued(call.call_id, programme.code, by, command.asks, command.promised),)
    )


def leave_queue(state: State, command: c.LeaveQueue) -> Decision:
    """Look for no clinician any more. While one is rung, that offer is withdrawn instead."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if call.seeking is None:
        return ()
    if call.hand_off is not None and call.hand_off.is_open:
        words = f"Call {call.number} is being offered. Withdraw the offer instead."
        return Rejected("hand-off-open", words, {"call": call.call_id})
    return text(command.reason, "The reason", needed=False) or (e.HandOffQueueLeft(call.call_id, command.reason),)


def take_from_queue(state: State, command: c.TakeFromQueue, by: UserId) -> Decision:
    """A clinician takes a caller who waits. Of two who press at once the first has them; the other is told who."""
    call = _to_offer(state, command.call_id, command.hand_off_id)
    if not isinstance(call, Call):
        return call
    seeking, person = call.seeking, state.people.get(by)
    if call.in_care_of is not None or seeking is None:
        words = f"Call {call.number} does not wait for a clinician any more."
        return Rejected("nobody-sought", words, {"call": call.call_id})
    if person is None or person.status is PresenceStatus.SIGNED_OFF or person.programme != seeking.programme:
        name = state.agency.name_of(seeking.programme)
        return Rejected("programme-not-yours", f"Call {call.number} waits for {name}.", {"call": call.call_id})
    held = queries.held(state, by) or ([] if (rings := queries.ringing(state, by)) is None else [rings])
    if held:
        return Rejected("calls-in-care", f"You have call {held[0].number} already.", {"call": held[0].call_id})
    offered = e.HandOffOffered(
        call.call_id, command.hand_off_id, by, person.programme, seeking.asks, seeking.by, seeking.promised, seeks=True
    )
    return why_denied(state, call, person.programme) or (
        offered,
        e.HandOffAccepted(call.call_id, command.hand_off_id, releases=False),
    )


def see(state: State, command: c.SeeHandOff, by: UserId) -> Decision:
    """It is on the screen of whom it rings at. Seen too late, or twice, it changes nothing."""
    call = state.calls.get(command.call_id)
    hand_off = queries.rings(call) if call is not None else None
    if hand_off is None or hand_off.hand_off_id != command.hand_off_id or hand_off.state is not HandOffState.OFFERED:
        return ()
    return _whose(state, by, hand_off) or (e.HandOffSeen(command.call_id, command.hand_off_id),)


def accept(state: State, command: c.AcceptHandOff, by: UserId) -> Decision:
    """The clinician it rings at says yes; whoever offered has the caller until they release them."""
    refusal = _not_theirs(state, command, by)
    return refusal or (e.HandOffAccepted(command.call_id, command.hand_off_id, releases=False),)


def decline(state: State, command: c.DeclineHandOff, by: UserId) -> Decision:
    """The clinician says no, and why; whoever offered still has the caller."""
    refusal = _not_theirs(state, command, by) or text(command.reason, "The reason")
    return refusal or (e.HandOffDeclined(command.call_id, command.hand_off_id, command.reason),)


def time_out(state: State, command: c.TimeOutHandOff) -> Decision:
    """Nobody answered in time. If somebody just did, that stands and this is refused. Who did not answer is away."""
    found = ringing_offer(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    over = e.HandOffTimedOut(command.call_id, command.hand_off_id)
    person = state.people.get(found.to_user)
    if person is None or person.status is not PresenceStatus.READY:
        return (over,)
    return (over, e.PresenceChanged(person.user_id, PresenceStatus.AWAY, NO_ANSWER))


def ringing_offer(state: State, call_id: str, hand_off_id: str) -> HandOff | Rejected:
    """The offer of that id, while it rings."""
    call = open_call(state, call_id)
    if isinstance(call, Rejected):
        return call
    hand_off = call.hand_off
    if hand_off is None or hand_off.hand_off_id != hand_off_id:
        return Rejected("hand-off-unknown", f"Call {call.number} has no such offer.", {"call": call_id})
    if not hand_off.rings:
        words = f"The offer of call {call.number} is over: {hand_off.state.value.replace('_', ' ')}."
        return Rejected("hand-off-over", words, {"call": call_id})
    return hand_off


def _to_offer(state: State, call_id: str, hand_off_id: HandOffId) -> Call | Decision:
    """The open call if it can be offered; () where that very offer was made already."""
    call = open_call(state, call_id)
    if isinstance(call, Rejected):
        return call
    latest = call.hand_off
    if any(h.hand_off_id == hand_off_id for h in call.hand_offs):
        return ()
    if latest is not None and latest.is_open:
        to = queries.person_name(state, latest.to_user)
        words = f"Call {call.number} is already being offered to {to}."
        if latest.connects:
            words = f"{to} has accepted call {call.number} already."
        return Rejected("hand-off-open", words, {"call": call_id})
    return call


def _ring(state: State, call: Call, offered: e.HandOffOffered) -> Decision:
    person = state.people.get(offered.to_user)
    refusal = why_not_rung(state, call, person)
    if refusal is not None or person is None:
        return refusal or ()
    return (
        e.HandOffOffered(
            offered.call_id, offered.hand_off_id, offered.to_user, person.programme, offered.asks, offered.from_user,
            offered.promised, seeks=offered.seeks, onward=offered.onward,
        ),
    )  # fmt: skip


def _too_long(command: c.OfferHandOff | c.QueueForClinician) -> Rejected | None:
    asks = text(command.asks, "What is asked", needed=False)
    return asks or text(command.promised, "What was promised", needed=False)


def _whose(state: State, by: UserId, hand_off: HandOff) -> Rejected | None:
    if hand_off.to_user == by:
        return None
    whose = queries.person_name(state, hand_off.to_user)
    return Rejected("not-offered-to-you", f"This caller is offered to {whose}, not to you.")


def _not_theirs(state: State, command: c.AcceptHandOff | c.DeclineHandOff, by: UserId) -> Rejected | None:
    """Why somebody may not answer an offer: it is over, or rings at somebody else."""
    found = ringing_offer(state, command.call_id, command.hand_off_id)
    return found if isinstance(found, Rejected) else _whose(state, by, found)
