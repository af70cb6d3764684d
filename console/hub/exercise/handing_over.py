"""Both sides of a hand-off as the exercise's people play them, from seen to released. Never a real person's part."""

from datetime import timedelta

from console.domain import commands as c
from console.domain.commands import AnyCommand
from console.domain.hand_off import Connection, HandOff, HandOffState
from console.domain.ids import UserId
from console.domain.state import Call, State
from console.hub.exercise.world import Move, World

_SEEN = timedelta(seconds=1)
"""How long an offer takes to stand on the screen of the desk it rings at."""
_ANSWERS_BY = 26
"""Seconds within which whoever answers at all has answered."""
_LEFT_TO_A_PERSON = timedelta(seconds=10)
"""How long a clinician waits for a real telecommunicator to say that both hear each other, before they say it."""


def gives(world: World, state: State, call: Call) -> Move | None:
    """What whoever offered the caller does next: tell them, hear that both hear each other, leave the line."""
    hand_off = call.hand_off
    if hand_off is None or not hand_off.is_open or world.live(state, hand_off.from_user):
        return None
    floor, about, line = world.script.floor, hand_off.hand_off_id, hand_off.connection or Connection()
    if line.caller_told is None:
        at = hand_off.offered_at + world.seconds(floor.seconds_to_tell, "tells", about)
        return Move(at, hand_off.from_user, (c.TellCaller(call.call_id, about),))
    if hand_off.accepted_at is None:
        return None
    if line.verified is None:
        at = hand_off.accepted_at + world.seconds(floor.seconds_to_bridge, "bridges", about)
        return Move(at, hand_off.from_user, (c.VerifyConnection(call.call_id, about),))
    ready = max(line.verified.at, line.caller_told.at)
    at = ready + world.seconds(floor.seconds_to_release, "releases", about)
    return Move(at, hand_off.from_user, (c.ReleaseHandOff(call.call_id, about),))


def takes(world: World, state: State, call: Call) -> Move | None:
    """What the clinician whom a caller is offered to does next, until they have the caller."""
    hand_off = call.hand_off
    if hand_off is None or not hand_off.is_open or not world.plays(state, hand_off.to_user):
        return None
    if hand_off.state is HandOffState.OFFERED:
        seen = c.SeeHandOff(call.call_id, hand_off.hand_off_id)
        return Move(hand_off.offered_at + _SEEN, hand_off.to_user, (seen,))
    if hand_off.rings:
        return _answers(world, state, call, hand_off)
    return _hears(world, state, call, hand_off)


def _answers(world: World, state: State, call: Call, hand_off: HandOff) -> Move | None:
    """Accept, decline with a reason, or let it ring."""
    phone, about = world.script.phone, hand_off.hand_off_id
    draw = world.chance.share("pick up", about)
    if draw < phone.let_ring:
        return None
    after = min(world.seconds(phone.seconds_to_answer, "answers", about).total_seconds(), _ANSWERS_BY)
    command: AnyCommand = c.AcceptHandOff(call.call_id, about)
    if draw < phone.let_ring + phone.decline:
        reasons = state.agency.decline_reasons or ("Not now",)
        why = reasons[int(world.chance.share("why declined", about) * len(reasons))]
        command = c.DeclineHandOff(call.call_id, about, why)
    return Move(hand_off.offered_at + timedelta(seconds=after), hand_off.to_user, (command,))


def _hears(world: World, state: State, call: Call, hand_off: HandOff) -> Move | None:
    """Say that both hear each other where a real person on the other end has not; told and released is their part."""
    heard = hand_off.connection is not None and hand_off.connection.verified is not None
    if heard or hand_off.accepted_at is None or not world.live(state, hand_off.from_user):
        return None
    verified = c.VerifyConnection(call.call_id, hand_off.hand_off_id)
    return Move(hand_off.accepted_at + _LEFT_TO_A_PERSON, hand_off.to_user, (verified,))


def busy(call: Call, user: UserId) -> bool:
    """Whether a person is in the middle of handing this caller over."""
    hand_off = call.hand_off
    return call.closing is None and hand_off is not None and hand_off.is_open and hand_off.from_user == user
