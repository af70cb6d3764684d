"""Signing in and off, and what a person says they are doing."""

from console.domain import queries
from console.domain.commands import EndWrapUp, FindDesk, LoseDesk, Rejected, SetPresence, SignIn, SignOff
from console.domain.deciding.refusals import Decision
from console.domain.events import DeskFound, DeskLost, HandOffDeclined, PresenceChanged, SignedIn, SignedOff
from console.domain.ids import DeskId, UserId
from console.domain.state import Call, Presence, PresenceStatus, State


def sign_in(command: SignIn) -> Decision:
    """Whoever the hub has let in is at work; signing in again at another desk moves them there."""
    return (
        SignedIn(
            command.user_id, command.name, command.role, command.desk_id, title=command.title,
            position=command.position, programme=command.programme, languages=command.languages, skills=command.skills,
            extension=command.extension,
        ),
    )  # fmt: skip


def sign_off(state: State, command: SignOff) -> Decision:
    """Nobody signs off with a caller in their care, or in the middle of handing one over. What rings at them rings on."""
    person = state.people.get(command.user_id)
    if person is None or person.status is PresenceStatus.SIGNED_OFF:
        return ()
    held = queries.held(state, command.user_id)
    if held:
        numbers = ", ".join(call.number for call in held)
        reason = f"{person.name} has {numbers} in care. Hand over, return or close it first: the caller keeps somebody."
        return Rejected("calls-in-care", reason, {"user": command.user_id})
    handing = next((call for call in queries.open_calls(state) if _hands_over(call, command.user_id)), None)
    if handing is not None:
        reason = f"{person.name} is handing call {handing.number} over. Release the caller, or take them back first."
        return Rejected("handing-over", reason, {"user": command.user_id, "call": handing.call_id})
    return (*_rings_on(state, command.user_id, "signed off"), SignedOff(command.user_id))


def _hands_over(call: Call, user: UserId) -> bool:
    """Whether they have a caller who is offered, or waits for a clinician."""
    offered = call.hand_off is not None and call.hand_off.is_open and call.hand_off.from_user == user
    return offered or (call.seeking is not None and call.seeking.by == user)


def _rings_on(state: State, user: UserId, reason: str) -> tuple[HandOffDeclined, ...]:
    """Who leaves while a caller rings at them declines that caller: the next is rung at once."""
    call = queries.ringing(state, user)
    hand_off = call.hand_off if call is not None else None
    return () if call is None or hand_off is None else (HandOffDeclined(call.call_id, hand_off.hand_off_id, reason),)


def set_presence(state: State, command: SetPresence, by: UserId) -> Decision:
    """Ready, wrap-up or away by one's own word, while one has no caller; on a call follows from having one."""
    person = state.people.get(by)
    if person is None or person.status is PresenceStatus.SIGNED_OFF:
        return Rejected("not-signed-in", "You are not signed in.", {"user": by})
    if command.status in {PresenceStatus.ON_CALL, PresenceStatus.SIGNED_OFF}:
        return Rejected("presence-not-yours", "That status follows from what you do; it cannot be set by hand.")
    held = queries.held(state, by)
    if held:
        numbers = ", ".join(call.number for call in held)
        return Rejected(
            "calls-in-care", f"{numbers} is still in your care; say it once that is closed, handed on or returned."
        )
    if command.status is person.status and command.reason == person.reason:
        return ()
    leaves = command.status is not PresenceStatus.READY
    reason = f"{queries.PRESENCE_WORDS[command.status]} {command.reason}".strip()
    rings_on = _rings_on(state, by, reason) if leaves else ()
    return (*rings_on, PresenceChanged(by, command.status, command.reason))


def end_wrap_up(state: State, command: EndWrapUp) -> Decision:
    """Ready again by the clock; not where they have said something else since."""
    person = state.people.get(command.user_id)
    if person is None or person.status is not PresenceStatus.WRAP_UP or person.since != command.since:
        return ()
    return (PresenceChanged(command.user_id, PresenceStatus.READY),)


def lose_desk(state: State, command: LoseDesk) -> Decision:
    """Nothing is heard of the desk: who is at it cannot be reached. Their callers stay theirs until a person acts."""
    person = _at(state, command.user_id, command.desk_id)
    return () if person is None or person.lost_at is not None else (DeskLost(command.user_id, command.desk_id),)


def find_desk(state: State, command: FindDesk) -> Decision:
    """The desk is heard of again."""
    person = _at(state, command.user_id, command.desk_id)
    return () if person is None or person.lost_at is None else (DeskFound(command.user_id, command.desk_id),)


def _at(state: State, user: UserId, desk: DeskId) -> Presence | None:
    """The person, if they are at work at that desk."""
    person = state.people.get(user)
    here = person is not None and person.desk_id == desk and person.status is not PresenceStatus.SIGNED_OFF
    return person if here else None
