"""Signing in and off, and what a person says they are doing."""

from console.domain import queries
from console.domain.commands import Rejected, SetPresence, SignIn, SignOff
from console.domain.deciding.refusals import Decision
from console.domain.events import PresenceChanged, SignedIn, SignedOff
from console.domain.ids import UserId
from console.domain.state import PresenceStatus, State


def sign_in(command: SignIn) -> Decision:
    """Whoever the hub has let in is at work; signing in again at another desk moves them there."""
    return (
        SignedIn(
            command.user_id, command.name, command.role, command.desk_id, title=command.title,
            position=command.position, programme=command.programme, languages=command.languages,
        ),
    )  # fmt: skip


def sign_off(state: State, command: SignOff) -> Decision:
    """Nobody signs off with a caller in their care."""
    person = state.people.get(command.user_id)
    if person is None or person.status is PresenceStatus.SIGNED_OFF:
        return ()
    held = queries.in_care(state, command.user_id)
    if held:
        numbers = ", ".join(call.number for call in held)
        reason = f"{person.name} has {numbers} in care. Return or close it first, so that the caller keeps somebody."
        return Rejected("calls-in-care", reason, {"user": command.user_id})
    return (SignedOff(command.user_id),)


def set_presence(state: State, command: SetPresence, by: UserId) -> Decision:
    """Ready, wrap-up or away by one's own word; on a call only by having one, signed off only by signing off."""
    person = state.people.get(by)
    if person is None or person.status is PresenceStatus.SIGNED_OFF:
        return Rejected("not-signed-in", "You are not signed in.", {"user": by})
    if command.status in {PresenceStatus.ON_CALL, PresenceStatus.SIGNED_OFF}:
        return Rejected("presence-not-yours", "That status follows from what you do; it cannot be set by hand.")
    held = queries.in_care(state, by)
    if command.status is PresenceStatus.READY and held:
        numbers = ", ".join(call.number for call in held)
        return Rejected("calls-in-care", f"{numbers} is still in your care; you are ready once it is closed or returned.")
    if command.status is person.status and command.reason == person.reason:
        return ()
    return (PresenceChanged(by, command.status, command.reason),)
