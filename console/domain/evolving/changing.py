"""A state with one record in it changed: what every kind of event shares."""

from msgspec.structs import replace

from console.domain import queries
from console.domain.eligibility import open_to
from console.domain.ids import UserId
from console.domain.instant import Instant
from console.domain.state import Call, Presence, PresenceStatus, State, Unit
from console.domain.triage.interview import with_applying_answers


def settled(state: State, call: Call, at: Instant) -> Call:
    """The call with the answers that apply and the programmes it is open to now.

    Once eligible, `eligible_since` stays (architecture: none is lost).
    """
    if call.closing is not None:
        return call
    call = with_applying_answers(state.agency, call)
    now_open = open_to(state.agency, call.circumstances)
    since = call.eligible_since or (at if now_open or open_to(state.agency, call.circumstances, in_doubt=True) else None)
    if now_open == call.open_to and since == call.eligible_since:
        return call
    return replace(call, open_to=now_open, eligible_since=since)


def with_call(state: State, call: Call, at: Instant) -> State:
    """With a call as it is now; what follows from its answers follows at once."""
    before = state.calls.get(call.call_id)
    # Words, times and units change nothing of what decides who it is open to, and are most of what happens to a call.
    if before is None or _decides(before) != _decides(call):
        call = settled(state, call, at)
    return replace(state, calls={**state.calls, call.call_id: call})


def _decides(call: Call) -> tuple[object, ...]:
    return call.nature, call.priority, call.answers, call.told


def with_unit(state: State, unit: Unit) -> State:
    """With a unit as it is now."""
    return replace(state, units={**state.units, unit.unit_id: unit})


def with_person(state: State, person: Presence) -> State:
    """With a person's presence as it is now."""
    return replace(state, people={**state.people, person.user_id: person})


def let_go(state: State, user: UserId | None, at: Instant) -> State:
    """A clinician whose last call left their care is in wrap-up until they say otherwise."""
    person = state.people.get(user) if user else None
    if person is None or person.status is not PresenceStatus.ON_CALL:
        return state
    if queries.held(state, person.user_id):
        return state
    return with_person(state, replace(person, status=PresenceStatus.WRAP_UP, since=at))
