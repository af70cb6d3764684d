"""What an event of a hand-off changes: who has the caller, and what becomes of those between whom it passes."""

from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain import queries
from console.domain.evolving.changing import let_go, with_call, with_person
from console.domain.hand_off import Connection, HandOff, HandOffState, Seeking, TakeOver
from console.domain.ids import HandOffId, UserId
from console.domain.instant import Instant, Stamp
from console.domain.state import Call, PresenceStatus, State

_LOOKS = "Looks for a clinician"
"""Why somebody has a caller whom another took, and whom they put into the queue for a clinician."""


def evolved(state: State, event: e.HandOffEvent, by: UserId, at: Instant) -> State:
    """The state after an event of a hand-off."""
    call = state.calls[event.call_id]
    match event:
        case e.HandOffOffered():
            return with_call(state, _offered(call, event, event.from_user or by, at), at)
        case e.HandOffSeen(_, hand_off_id):
            return with_call(state, _with(call, hand_off_id, state=HandOffState.SEEN, seen_at=at), at)
        case e.HandOffAccepted(_, hand_off_id, releases):
            accepted = _with(call, hand_off_id, state=HandOffState.ACCEPTED, accepted_at=at, changed_at=at)
            accepted = replace(accepted, in_care_of=by) if releases else _with_line(accepted, hand_off_id)
            return _on_call(with_call(state, accepted, at), by, at)
        case e.CallerTold(_, hand_off_id):
            return with_call(state, _with_line(call, hand_off_id, caller_told=Stamp(by, at)), at)
        case e.HandOffBridged(_, hand_off_id):
            bridged = _with_line(call, hand_off_id, bridged=Stamp(by, at))
            return with_call(state, _with(bridged, hand_off_id, state=HandOffState.BRIDGED, changed_at=at), at)
        case e.ConnectionVerified(_, hand_off_id):
            return with_call(state, _with_line(call, hand_off_id, verified=Stamp(by, at)), at)
        case e.HandOffReleased(_, hand_off_id):
            released = _with(call, hand_off_id, state=HandOffState.RELEASED, released_at=at, changed_at=at)
            to = next(h.to_user for h in call.hand_offs if h.hand_off_id == hand_off_id)
            state = with_call(state, replace(released, in_care_of=to, seeking=None), at)
            return let_go(state, call.in_care_of, at)
        case e.HandOffDeclined(_, hand_off_id, reason):
            return _over(state, call, hand_off_id, HandOffState.DECLINED, at, reason)
        case e.HandOffTimedOut(_, hand_off_id):
            return _over(state, call, hand_off_id, HandOffState.TIMED_OUT, at)
        case e.HandOffWithdrawn(_, hand_off_id, reason):
            return _over(state, replace(call, seeking=None), hand_off_id, HandOffState.WITHDRAWN, at, reason)
        case e.HandOffReturned(_, hand_off_id, reason):
            return _over(state, replace(call, seeking=None), hand_off_id, HandOffState.RETURNED, at, reason)
        case e.CallerLost(_, hand_off_id):
            return _over(state, replace(call, seeking=None), hand_off_id, HandOffState.CALLER_LOST, at)
        case e.HandOffQueued():
            seeking = call.seeking or Seeking(event.programme, event.from_user, at, event.asks, event.promised)
            if queries.controller(call) != event.from_user:  # as by an offer, who looks for a clinician has the caller
                over = TakeOver(event.from_user, at, queries.controller(call), _LOOKS, offers=len(call.hand_offs))
                call = replace(call, take_overs=(*call.take_overs, over))
            return with_call(state, replace(call, seeking=replace(seeking, queued_at=at)), at)
        case e.HandOffQueueLeft():
            return with_call(state, replace(call, seeking=None), at)
        case e.CallTakenOver():
            return _taken_over(state, call, event, by, at)
        case _:
            assert_never(event)


def _offered(call: Call, event: e.HandOffOffered, from_user: UserId, at: Instant) -> Call:
    offer = HandOff(
        event.hand_off_id, from_user, event.to_user, event.programme, HandOffState.OFFERED, at, asks=event.asks,
        changed_at=at, promised=event.promised, onward=event.onward,
    )  # fmt: skip
    seeking = call.seeking
    if seeking is not None:  # whoever offers them now has them, and is asked what the latest offer asks
        seeking = replace(
            seeking, by=from_user, asks=event.asks or seeking.asks, promised=event.promised or seeking.promised
        )  # fmt: skip
    elif event.seeks:
        seeking = Seeking(event.programme, from_user, at, event.asks, event.promised)
    return replace(call, hand_offs=(*call.hand_offs, offer), seeking=seeking)


def _over(state: State, call: Call, hand_off_id: HandOffId, to: HandOffState, at: Instant, reason: str = "") -> State:
    """After an end that is not the release: who offered has the caller still, or again; who had accepted is let go."""
    ended = next(h for h in call.hand_offs if h.hand_off_id == hand_off_id)
    call = _with(call, hand_off_id, state=to, changed_at=at, reason=reason)
    if ended.taken_at is not None:  # in care already: only now they have no caller any more
        call = replace(call, in_care_of=None)
    state = with_call(state, call, at)
    return let_go(state, ended.to_user, at) if ended.accepted_at is not None else state


def _taken_over(state: State, call: Call, event: e.CallTakenOver, by: UserId, at: Instant) -> State:
    """Into a clinician's care, or to a desk of dispatch, where an offer on its way goes on in the new name."""
    over = TakeOver(by, at, event.from_user, event.reason, event.hand_off_id, len(call.hand_offs))
    call = replace(call, take_overs=(*call.take_overs, over))
    latest, before, care = call.hand_off, call.in_care_of, queries.care(call)
    if care is not None:
        call = _with(call, care.hand_off_id, state=HandOffState.RETURNED, changed_at=at, reason=event.reason)
    if latest is not None and latest.is_open:
        if event.hand_off_id is None:
            call = _with(call, latest.hand_off_id, from_user=by, onward=False)
        else:
            call = _with(call, latest.hand_off_id, state=HandOffState.WITHDRAWN, changed_at=at, reason=event.reason)
    if call.seeking is not None:
        call = replace(call, seeking=None if event.hand_off_id else replace(call.seeking, by=by))
    if event.hand_off_id is not None:
        mine = HandOff(
            event.hand_off_id, event.from_user, by, event.programme, HandOffState.RELEASED, at, changed_at=at,
            accepted_at=at, reason=event.reason, onward=before is not None, released_at=at,
        )  # fmt: skip
        call = replace(call, hand_offs=(*call.hand_offs, mine), in_care_of=by)
        state = _on_call(with_call(state, call, at), by, at)
    else:
        state = with_call(state, replace(call, in_care_of=None), at)
    for left in dict.fromkeys((before, latest.to_user if latest and latest.connects else None)):
        state = let_go(state, left, at)
    return state


def _on_call(state: State, user: UserId, at: Instant) -> State:
    person = state.people.get(user)
    if person is None or person.status is PresenceStatus.ON_CALL:
        return state
    return with_person(state, replace(person, status=PresenceStatus.ON_CALL, since=at, reason=""))


def _with(call: Call, hand_off_id: HandOffId, **changed: object) -> Call:
    """With fields of one of its hand-offs changed."""
    return replace(
        call, hand_offs=tuple(replace(h, **changed) if h.hand_off_id == hand_off_id else h for h in call.hand_offs)
    )


def _with_line(call: Call, hand_off_id: HandOffId, **ticks: Stamp) -> Call:
    """With ticks of a hand-off's connection set; one that is set already keeps its earlier word."""
    hand_off = next(h for h in call.hand_offs if h.hand_off_id == hand_off_id)
    line = hand_off.connection or Connection()
    new = {name: tick for name, tick in ticks.items() if getattr(line, name) is None}
    return _with(call, hand_off_id, connection=replace(line, **new))
