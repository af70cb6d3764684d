"""What others did with callers of the person at a desk, as sentences for whoever looks elsewhere. Pure, from two states."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from console.domain import queries
from console.domain.changes import Changes
from console.domain.deciding.offers import NO_ANSWER
from console.domain.hand_off import HandOff, HandOffState, TakeOver
from console.domain.ids import CallId, UserId
from console.domain.queries import nature_words, person_name
from console.domain.state import Call, Entry, PresenceStatus, State
from console.ui.actions import action, key_words


class News(Struct, frozen=True):
    """One sentence, the call it is about, and whether whoever has that call before them reads it there anyhow."""

    words: str
    call_id: CallId
    shown_there: bool = False


def news(old: State, new: State, different: Changes, me: UserId) -> Iterator[News]:
    """What happened between two states that this person must hear wherever they look; nothing that they did themselves."""
    for call_id in sorted(different.calls & old.calls.keys() & new.calls.keys()):
        before, call = old.calls[call_id], new.calls[call_id]
        if call.closing is None:
            yield from _taken_over(new, before, call, me)
            yield from _given_back(new, before, call, me)
        yield from _written(new, before, call, me)


def at_sign_in(state: State, me: UserId) -> Iterator[News]:
    """What stands when a person sits down: open calls that were taken over from them, and callers given back to them."""
    for call in queries.open_calls(state):
        over = call.take_overs[-1] if call.take_overs else None
        if over is not None and over.from_user == me and queries.controller(call) != me:
            yield News(_over_words(state, call, over, me), call.call_id)
        hand_off = call.hand_off
        if hand_off is not None and over is None and queries.is_pending(call) and _is_back(call, hand_off, me):
            yield News(_back_words(state, call, hand_off), call.call_id)


def put_away(old: State, new: State, me: UserId) -> str:
    """That this person did not answer and is away for it, with the key that ends it; "" where that did not happen now."""
    before, person = old.people.get(me), new.people.get(me)
    if before is None or person is None or before is person or not _away_for_it(new, me) or _away_for_it(old, me):
        return ""
    rang = max(
        ((h.changed_at, call) for call in new.calls.values() for h in call.hand_offs
         if h.to_user == me and h.state is HandOffState.TIMED_OUT and h.changed_at is not None),
        key=lambda each: each[0], default=None,
    )  # fmt: skip
    about = f" call {rang[1].number}" if rang is not None else ""
    return f"You did not answer{about} and are away. {key_words(action('presence.ready').keys[0])} makes you ready."


def _away_for_it(state: State, me: UserId) -> bool:
    person = state.people.get(me)
    return person is not None and person.status is PresenceStatus.AWAY and person.reason == NO_ANSWER


def concerned(call: Call) -> frozenset[UserId]:
    """Who has the caller, who speaks with them, and who offered or is offered them."""
    users = {queries.controller(call), queries.on_the_line(call)}
    hand_off = call.hand_off
    if hand_off is not None and (hand_off.is_open or hand_off.taken_at is not None):
        users |= {hand_off.from_user, hand_off.to_user}
    return frozenset(user for user in users if user)


def _taken_over(state: State, before: Call, call: Call, me: UserId) -> Iterator[News]:
    for over in call.take_overs[len(before.take_overs) :]:
        if over.by != me and me in concerned(before) | {over.from_user}:
            yield News(_over_words(state, call, over, me), call.call_id)


def _over_words(state: State, call: Call, over: TakeOver, me: UserId) -> str:
    whom = "you" if over.from_user == me else person_name(state, over.from_user)
    because = f": {over.reason}" if over.reason else "."
    return f"{person_name(state, over.by)} took the caller of {_about(state, call)} over from {whom}{because}"


def _given_back(state: State, before: Call, call: Call, me: UserId) -> Iterator[News]:
    """A take-over also ends a hand-off as returned; that is told by its own sentence."""
    hand_off = call.hand_off
    if hand_off is None or not _is_back(call, hand_off, me) or len(call.take_overs) > len(before.take_overs):
        return
    was = next((h for h in before.hand_offs if h.hand_off_id == hand_off.hand_off_id), None)
    if was is None or was.state is not HandOffState.RETURNED:
        yield News(_back_words(state, call, hand_off), call.call_id)


def _is_back(call: Call, hand_off: HandOff, me: UserId) -> bool:
    return hand_off.state is HandOffState.RETURNED and hand_off.to_user != me and queries.controller(call) == me


def _back_words(state: State, call: Call, hand_off: HandOff) -> str:
    because = f" {hand_off.reason[:1].upper()}{hand_off.reason[1:]}." if hand_off.reason else ""
    return f"{_about(state, call)}: {person_name(state, hand_off.to_user)} gave the caller back; you have them.{because}"


def _written(state: State, before: Call, call: Call, me: UserId) -> Iterator[News]:
    """Messages, and what a clinician released for everybody to read, as the level of a screener."""
    messages = call.messages[len(before.messages) :]
    summaries = [entry for entry in call.narrative[len(before.narrative) :] if entry.summary]
    if (messages or summaries) and me in concerned(call) | concerned(before):
        for entry in messages:
            if entry.by != me:
                yield News(_said(state, call, entry), call.call_id, shown_there=True)
        for entry in summaries:
            if entry.by != me:
                yield News(_said(state, call, entry), call.call_id)


def _said(state: State, call: Call, entry: Entry) -> str:
    return f"{person_name(state, entry.by)}, {call.number}: {entry.text}"


def _about(state: State, call: Call) -> str:
    return f"{call.number} {nature_words(state.agency, call)}"
