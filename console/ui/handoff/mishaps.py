"""What befell whoever has a caller: a desk of which nothing is heard, a take-over, a caller who was lost. Pure."""

from __future__ import annotations

from console.domain import queries
from console.domain.follow_ups import CallBack
from console.domain.hand_off import HandOff, HandOffState, TakeOver
from console.domain.ids import UserId
from console.domain.queries import person_name
from console.domain.state import Call, Presence, State
from console.domain.times import time_of_day


def not_heard(state: State, call: Call) -> tuple[Presence, ...]:
    """Who has the caller, or is being connected to them, and at whose desk nothing is heard; first who has them."""
    users = dict.fromkeys((queries.controller(call), queries.on_the_line(call)))
    people = (state.people.get(user) for user in users if user is not None)
    return tuple(person for person in people if person is not None and person.lost_at is not None)


def not_reachable(state: State, person: Presence) -> str:
    """ "not reachable since 14:54"; "" while their desk is heard."""
    return f"not reachable since {time_of_day(state.agency, person.lost_at)}" if person.lost_at is not None else ""


def standing_take_over(call: Call) -> TakeOver | None:
    """The take-over by which somebody has the caller now; None where they have them otherwise."""
    over, hand_off = call.take_overs[-1] if call.take_overs else None, call.hand_off
    if over is None or over.by != queries.controller(call):
        return None
    return over if hand_off is None or hand_off.offered_at <= over.at else None


def ended_by(call: Call, hand_off: HandOff) -> TakeOver | None:
    """The take-over that ended a hand-off; None where somebody gave the caller back or took the offer back."""
    if hand_off.state not in (HandOffState.RETURNED, HandOffState.WITHDRAWN):
        return None
    overs = (over for over in call.take_overs if over.hand_off_id != hand_off.hand_off_id)
    return next((over for over in overs if (over.at, over.reason) == (hand_off.changed_at, hand_off.reason)), None)


def took_over_words(state: State, over: TakeOver) -> str:
    """ "D. Alston took the caller over from M. Reyes: their desk is gone"."""
    return f"{person_name(state, over.by)} took the caller over from {person_name(state, over.from_user)}: {over.reason}"


def marks(state: State, call: Call, me: UserId | None = None) -> tuple[str, ...]:
    """What a row of a list says of this, the gravest first; of somebody's own desk not to them."""
    passing = call.hand_offs or call.seeking is not None
    gone = not_heard(state, call) if passing else ()
    said = tuple(f"▲ {person.name} not reachable" for person in gone if person.user_id != me)
    return said if lost_call_back(state, call) is None else (*said, "◆ caller lost · call back")


def lost_call_back(state: State, call: Call) -> CallBack | None:
    """The call back that is owed since the caller was lost: planned for the moment at which it was planned."""
    return next(
        (
            one
            for one in state.call_backs.values()
            if one.call_id == call.call_id and one.ended is None and one.due_at <= one.planned.at
        ),
        None,
    )


def was_reached(state: State, call: Call) -> bool:
    """Whether somebody reached the caller again, when they called back."""
    of_it = (one for one in state.call_backs.values() if one.call_id == call.call_id)
    return any(attempt.reached for one in of_it for attempt in one.attempts)
