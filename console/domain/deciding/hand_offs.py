"""Passing a caller from one person to another. At every instant exactly one person has the caller (`queries.controller`)."""

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, open_call, text
from console.domain.eligibility import Standing, verdicts
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import UserId
from console.domain.state import Call, PresenceStatus, Role, State


def offer(state: State, command: c.OfferHandOff) -> Decision:
    """Ring a clinician who is ready. Somebody absent, busy or already ringing is refused with the reason."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    about: dict[str, str] = {"call": command.call_id, "user": command.to_user}
    if call.hand_off and call.hand_off.hand_off_id == command.hand_off_id:
        return ()
    if call.hand_off and call.hand_off.state is HandOffState.OFFERED:
        return Rejected("hand-off-open", f"Call {call.number} is already being offered.", about)
    if call.in_care_of is not None:
        return Rejected("in-care", f"Call {call.number} is already in a clinician's care.", about)
    person = state.people.get(command.to_user)
    if person is None or person.role is not Role.CLINICIAN:
        return Rejected("not-a-clinician", f"{command.to_user} is not a clinician at work.", about)
    if person.status is not PresenceStatus.READY:
        since = f" for {person.reason}" if person.reason else ""
        words = f"{person.name} is {queries.PRESENCE_WORDS[person.status]}{since}, not ready."
        return Rejected("clinician-not-ready", words, about)
    other = queries.ringing(state, command.to_user)
    if other is not None:
        return Rejected("clinician-ringing", f"{person.name} is being offered call {other.number}.", about)
    verdict = verdicts(state.agency, call.circumstances).get(person.programme)
    nature = state.agency.nature(call.nature)
    if verdict and verdict.standing is Standing.NOT and person.programme in nature.listed:
        words = f"Call {call.number} is excluded from {person.programme}: {'; '.join(verdict.because)}."
        return Rejected("programme-denied", words, about)
    return text(command.asks, "What is asked", needed=False) or (
        e.HandOffOffered(command.call_id, command.hand_off_id, command.to_user, person.programme, command.asks),
    )


def accept(state: State, command: c.AcceptHandOff, by: UserId) -> Decision:
    """The clinician it rings at takes the caller."""
    return _not_theirs(state, command, by) or (e.HandOffAccepted(command.call_id, command.hand_off_id),)


def decline(state: State, command: c.DeclineHandOff, by: UserId) -> Decision:
    """The clinician says no, and why; the telecommunicator still has the caller."""
    refusal = _not_theirs(state, command, by) or text(command.reason, "The reason")
    return refusal or (e.HandOffDeclined(command.call_id, command.hand_off_id, command.reason),)


def withdraw(state: State, command: c.WithdrawHandOff) -> Decision:
    """Stop ringing; the telecommunicator keeps the caller."""
    found = _open_offer(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    return text(command.reason, "The reason", needed=False) or (
        e.HandOffWithdrawn(command.call_id, command.hand_off_id, command.reason),
    )


def time_out(state: State, command: c.TimeOutHandOff) -> Decision:
    """Nobody answered in time. If somebody just did, that stands and this is refused."""
    found = _open_offer(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    return (e.HandOffTimedOut(command.call_id, command.hand_off_id),)


def give_back(state: State, command: c.ReturnHandOff, by: UserId) -> Decision:
    """The clinician gives the caller back to the telecommunicator, who has them from this instant."""
    call = open_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    hand_off = call.hand_off
    if call.in_care_of is None or hand_off is None or hand_off.hand_off_id != command.hand_off_id:
        return Rejected("not-in-care", f"Call {call.number} is not in a clinician's care.", {"call": call.call_id})
    if call.in_care_of != by:
        holder = queries.person_name(state, call.in_care_of)
        return Rejected("in-care-of-another", f"Call {call.number} is in the care of {holder}, not yours.")
    return text(command.reason, "The reason") or (e.HandOffReturned(command.call_id, command.hand_off_id, command.reason),)


def _not_theirs(state: State, command: c.AcceptHandOff | c.DeclineHandOff, by: UserId) -> Rejected | None:
    """Why somebody may not answer an offer: it is over, or rings at somebody else."""
    found = _open_offer(state, command.call_id, command.hand_off_id)
    if isinstance(found, Rejected):
        return found
    call, hand_off = found
    if hand_off.to_user == by:
        return None
    whose = queries.person_name(state, hand_off.to_user)
    return Rejected("not-offered-to-you", f"Call {call.number} is offered to {whose}, not to you.")


def _open_offer(state: State, call_id: str, hand_off_id: str) -> tuple[Call, HandOff] | Rejected:
    call = open_call(state, call_id)
    if isinstance(call, Rejected):
        return call
    hand_off = call.hand_off
    if hand_off is None or hand_off.hand_off_id != hand_off_id:
        return Rejected("hand-off-unknown", f"Call {call.number} has no such offer.", {"call": call_id})
    if hand_off.state is not HandOffState.OFFERED:
        words = f"The offer of call {call.number} is over: {hand_off.state.value.replace('_', ' ')}."
        return Rejected("hand-off-over", words, {"call": call_id})
    return call, hand_off
