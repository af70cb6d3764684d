"""A call in care: messages, what is asked of dispatch, and what is told outside the clinical compartment."""

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.asks import Ask, AskOutcome
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, open_call, text, unknown_service
from console.domain.ids import CallId, UserId
from console.domain.programmes import Responds
from console.domain.state import Call, State


def send_message(state: State, command: c.SendMessage) -> Decision:
    """Part of the call, also after it has closed."""
    call = state.calls.get(command.call_id)
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    if any(entry.entry_id == command.entry_id for entry in call.messages):
        return ()
    sent = e.MessageSent(command.call_id, command.entry_id, command.text)
    return text(command.text, "The message") or (sent,)


def release_summary(state: State, command: c.ReleaseSummary, by: UserId) -> Decision:
    """A clinician who spoke with the caller tells the floor what it may know; also after the call has closed."""
    call = state.calls.get(command.call_id)
    if call is None:
        return Rejected("call-unknown", "There is no such call on the board.", {"call": command.call_id})
    if any(entry.entry_id == command.entry_id for entry in call.narrative):
        return ()
    if not any(hand_off.to_user == by and hand_off.accepted_at is not None for hand_off in call.hand_offs):
        words = f"You have not had the caller of call {call.number}; those who had release what the floor may know."
        return Rejected("not-your-call", words, {"call": call.call_id})
    released = e.SummaryReleased(command.call_id, command.entry_id, command.text)
    return text(command.text, "The summary") or (released,)


def ask(state: State, command: c.AskForResponse, by: UserId) -> Decision:
    """Ask for a programme that comes in person, or for a service. What is on its way already is not asked for again."""
    call = _in_care(state, command.call_id, by)
    if isinstance(call, Rejected):
        return call
    if any(one.ask_id == command.ask_id for one in call.asks):
        return ()
    programme = state.agency.programme(command.code)
    if programme is not None and programme.responds is not Responds.IN_PERSON:
        return Rejected("programme-not-in-person", f"{programme.name} meets nobody in person.", {"code": command.code})
    refusal = None if programme is not None else unknown_service(state, command.code)
    name = state.agency.name_of(command.code)
    if any(one.code == command.code for one in queries.unmet(call)):
        refusal = refusal or Rejected("asked-already", f"{name} is asked for already; dispatch has yet to answer.")
    if any(a.programme == command.code for a in queries.current_assignments(call)):
        refusal = refusal or Rejected("sent-already", f"{name} is on the way to call {call.number}, or there.")
    if any(order.service == command.code for order in call.services):
        refusal = refusal or Rejected("sent-already", f"{name} was asked to call {call.number} already.")
    asked = e.ResponseAsked(call.call_id, command.ask_id, command.code, command.reason, is_for_a_unit=programme is not None)
    return refusal or text(command.reason, "The reason", needed=False) or (asked,)


def decline_ask(state: State, command: c.DeclineAsk) -> Decision:
    """Dispatch does not send it, and says why."""
    found = _open_ask(state, command.call_id, command.ask_id)
    if isinstance(found, Rejected):
        return found
    declined = e.AskAnswered(command.call_id, command.ask_id, AskOutcome.DECLINED, command.reason)
    return text(command.reason, "The reason") or (declined,)


def withdraw_ask(state: State, command: c.WithdrawAsk, by: UserId) -> Decision:
    """It is not needed any more, by the word of whoever has the caller in care."""
    call = _in_care(state, command.call_id, by)
    found = call if isinstance(call, Rejected) else _open_ask(state, command.call_id, command.ask_id)
    if isinstance(found, Rejected):
        return found
    withdrawn = e.AskAnswered(command.call_id, command.ask_id, AskOutcome.WITHDRAWN, command.reason)
    return text(command.reason, "The reason", needed=False) or (withdrawn,)


def answered_by_sending(call: Call, code: str) -> tuple[e.AskAnswered, ...]:
    """The answer to what was asked for, where that is what somebody sends now."""
    return tuple(e.AskAnswered(call.call_id, one.ask_id, AskOutcome.SENT) for one in queries.unmet(call) if one.code == code)


def disclose(state: State, command: c.DiscloseThreat, by: UserId) -> Decision:
    """Tell a service of an imminent threat, with the basis for it: an act of its own in the log."""
    call = _in_care(state, command.call_id, by)
    if isinstance(call, Rejected):
        return call
    if any(d.disclosure_id == command.disclosure_id for d in call.disclosures):
        return ()
    return (
        unknown_service(state, command.to)
        or text(command.text, "What must be known")
        or text(command.basis, "Why the threat is serious and imminent")
        or (e.ThreatDisclosed(call.call_id, command.disclosure_id, command.to, command.text, command.basis),)
    )


def acknowledge_disclosure(state: State, command: c.AcknowledgeDisclosure) -> Decision:
    """Dispatch has read it and passes it on; the first who says so is kept."""
    call = state.calls.get(command.call_id)
    found = next((d for d in call.disclosures if d.disclosure_id == command.disclosure_id), None) if call else None
    if found is None:
        return Rejected("disclosure-unknown", "There is no such disclosure.", {"disclosure": command.disclosure_id})
    if found.acknowledged is not None:
        return ()
    return (e.DisclosureAcknowledged(command.call_id, command.disclosure_id),)


def _in_care(state: State, call_id: CallId, by: UserId) -> Call | Rejected:
    """The open call whose caller the clinician speaks with."""
    call = open_call(state, call_id)
    if isinstance(call, Rejected) or queries.on_the_line(call) == by:
        return call
    return Rejected("not-in-care", f"Call {call.number} is not in your care.", {"call": call_id})


def _open_ask(state: State, call_id: CallId, ask_id: str) -> Ask | Rejected:
    call = open_call(state, call_id)
    if isinstance(call, Rejected):
        return call
    found = next((one for one in call.asks if one.ask_id == ask_id), None)
    if found is None:
        return Rejected("ask-unknown", f"Nothing of that id was asked for call {call.number}.", {"ask": ask_id})
    if found not in queries.unmet(call):
        return Rejected("ask-answered", "That was answered already.", {"ask": ask_id})
    return found
