"""Calls back and referrals: what is owed after a call, planned from it and kept until somebody says what came of it."""

from datetime import timedelta

from console.domain import commands as c
from console.domain import events as e
from console.domain.commands import Rejected
from console.domain.deciding.refusals import Decision, text
from console.domain.follow_ups import CallBack, Referral
from console.domain.ids import CallBackId, CallId, ReferralId, UserId
from console.domain.instant import Instant
from console.domain.state import Call, State


def call_back_of(call: Call, call_back_id: CallBackId, due_at: Instant, reason: str, owner: UserId) -> e.CallBackPlanned:
    """The planning of a call back, with what is needed to make it."""
    return e.CallBackPlanned(
        call_back_id, call.call_id, call.number, call.callback, call.place.address, due_at, reason, owner, call.language
    )


def plan_call_back(state: State, command: c.PlanCallBack, by: UserId) -> Decision:
    """Also for a call that has closed, while it is on the board."""
    call = _known_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if command.call_back_id in state.call_backs:
        return ()
    if not call.callback.strip():
        return Rejected("no-callback", f"Call {call.number} has no callback number. Write it down first.")
    planned = call_back_of(call, command.call_back_id, command.due_at, command.reason, by)
    return text(command.reason, "The reason") or (planned,)


def try_call_back(state: State, command: c.TryCallBack) -> Decision:
    """Write down a try."""
    found = _open_call_back(state, command.call_back_id)
    if isinstance(found, Rejected):
        return found
    tried = e.CallBackTried(command.call_back_id, command.reached, command.note)
    return text(command.note, "The note", needed=False) or (tried,)


def end_call_back(state: State, command: c.EndCallBack) -> Decision:
    """No further try."""
    found = _open_call_back(state, command.call_back_id)
    if isinstance(found, Rejected):
        return found
    return text(command.reason, "The reason") or (e.CallBackEnded(command.call_back_id, command.reason),)


def refer(state: State, command: c.ReferNeighbor) -> Decision:
    """Due from the call's receipt on. A call whose referral is still open is not referred twice."""
    call = _known_call(state, command.call_id)
    if isinstance(call, Rejected):
        return call
    if command.referral_id in state.referrals:
        return ()
    running = next((r for r in state.referrals.values() if r.call_id == call.call_id and r.ended is None), None)
    if running is not None:
        words = f"Call {call.number} was referred already, and the referral is open."
        return Rejected("referral-open", words, {"referral": running.referral_id})
    rules = state.agency.follow_up
    due, late = (call.received_at + timedelta(hours=hours) for hours in (rules.due_h, rules.late_h))
    return (
        e.NeighborReferred(
            command.referral_id, call.call_id, call.number, call.callback, call.place.address, call.received_at, due,
            late, call.language,
        ),
    )  # fmt: skip


def seal_needs(state: State, command: c.SealNeeds) -> Decision:
    """What a referred neighbor needs lies sealed beside the log."""
    found = _open_referral(state, command.referral_id)
    if isinstance(found, Rejected):
        return found
    if (found.needs_note, found.needs_hash) == (command.note_id, command.hash):
        return ()
    return (e.NeedsSealed(command.referral_id, command.note_id, command.hash),)


def take_referral(state: State, command: c.TakeReferral, by: UserId) -> Decision:
    """Look after it; whoever took it before has it no more."""
    found = _open_referral(state, command.referral_id)
    if isinstance(found, Rejected):
        return found
    return () if found.owner == by else (e.ReferralTaken(command.referral_id),)


def try_outreach(state: State, command: c.TryOutreach) -> Decision:
    """Write down a try to reach the neighbor."""
    found = _open_referral(state, command.referral_id)
    if isinstance(found, Rejected):
        return found
    tried = e.OutreachTried(command.referral_id, command.how, command.reached, command.note)
    return text(command.note, "The note", needed=False) or (tried,)


def connect_to_care(state: State, command: c.ConnectToCare) -> Decision:
    """The neighbor is connected to care: that ends the referral well."""
    found = _open_referral(state, command.referral_id)
    if isinstance(found, Rejected):
        return found
    connected = e.ConnectedToCare(command.referral_id, command.note)
    return text(command.note, "The note", needed=False) or (connected,)


def end_referral(state: State, command: c.EndReferral) -> Decision:
    """It goes no further."""
    found = _open_referral(state, command.referral_id)
    if isinstance(found, Rejected):
        return found
    return text(command.reason, "The reason") or (e.ReferralEnded(command.referral_id, command.reason),)


def file_follow_ups(state: State, command: c.FileFollowUps) -> Decision:
    """Take what ended long ago off the live lists. Never one that is open."""
    before = command.ended_before
    calls = tuple(k for k, one in state.call_backs.items() if one.ended is not None and one.ended.at < before)
    referrals = tuple(k for k, one in state.referrals.items() if one.ended is not None and one.ended.at < before)
    return (e.FollowUpsFiled(calls, referrals),) if calls or referrals else ()


def _known_call(state: State, call_id: CallId) -> Call | Rejected:
    call = state.calls.get(call_id)
    return call or Rejected("call-unknown", "There is no such call on the board.", {"call": call_id})


def _open_call_back(state: State, call_back_id: CallBackId) -> CallBack | Rejected:
    found = state.call_backs.get(call_back_id)
    about: dict[str, str] = {"call_back": call_back_id}
    if found is None:
        return Rejected("call-back-unknown", "There is no such call back.", about)
    if found.ended is not None:
        return Rejected("call-back-over", f"The call back of {found.number} is done: {found.ended_because}.", about)
    return found


def _open_referral(state: State, referral_id: ReferralId) -> Referral | Rejected:
    found = state.referrals.get(referral_id)
    about: dict[str, str] = {"referral": referral_id}
    if found is None:
        return Rejected("referral-unknown", "There is no such referral.", about)
    if found.ended is not None:
        return Rejected("referral-over", f"The referral of call {found.number} has ended.", about)
    return found
