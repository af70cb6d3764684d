"""What a ringing hand-off says, and one that is being connected, and what it says once it is over: pure, from the state."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from console.domain import queries
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import CallId, HandOffId, UserId
from console.domain.queries import nature_words, person_name
from console.domain.state import Call, State
from console.domain.times import span
from console.ui.handoff.mishaps import ended_by
from console.ui.queue.rows import language


class Offer(Struct, frozen=True):
    """A caller who is being handed to the person at this desk. The time it rings is reckoned when it is shown."""

    call_id: CallId
    hand_off_id: HandOffId
    number: str
    words: str
    more: str
    """What is asked and what was promised; "" where nobody wrote either down."""
    offered_at: datetime
    rings_s: int
    colour: str
    reasons: tuple[str, ...]
    rings: bool = True
    """Whether it waits for an answer; else it was accepted, and whoever offered has the caller still."""

    def ringing(self, now: datetime) -> str:
        """The countdown: "ringing 0:08 of 0:30"; of a caller who is being connected how long that takes already."""
        rung = max(0.0, (now - self.offered_at).total_seconds())
        if not self.rings:
            return f"connecting {span(rung)}"
        return f"ringing {span(min(self.rings_s, rung))} of {span(self.rings_s)}"


def offer_to(state: State, me: UserId | None) -> Offer | None:
    """The hand-off that rings at a person now, or that they accepted and are being connected by; None for neither."""
    call = (queries.ringing(state, me) or _connecting(state, me)) if me else None
    hand_off = call.hand_off if call else None
    if call is None or hand_off is None:
        return None
    agency = state.agency
    giver = state.people.get(hand_off.from_user)
    name = person_name(state, hand_off.from_user)
    about = f"{call.number} {nature_words(agency, call)}"
    spoken = queries.other_language(agency, call)
    programme = agency.programme(hand_off.programme)
    whence = ", ".join(filter(None, (name, giver.position if giver else "")))
    first = f"{'Handed on' if hand_off.onward else 'Hand-off'} from {whence}"
    if not hand_off.rings:
        first = f"{name} has the caller until they release them"
    asks = f"asks: {hand_off.asks}" if hand_off.asks else ""
    promised = f"promised: {hand_off.promised}" if hand_off.promised else ""
    return Offer(
        call.call_id,
        hand_off.hand_off_id,
        call.number,
        " — ".join(part for part in (first, about, language(spoken) if spoken else "") if part),
        " · ".join(filter(None, (asks, promised))),
        hand_off.offered_at if hand_off.rings else hand_off.accepted_at or hand_off.offered_at,
        agency.hand_off_s,
        programme.colour if programme else "slate",
        agency.decline_reasons,
        hand_off.rings,
    )


def _connecting(state: State, me: UserId) -> Call | None:
    return next((call for call in queries.held(state, me) if call.hand_off is not None and call.hand_off.connects), None)


def ending(state: State, call_id: CallId, hand_off_id: HandOffId) -> str:
    """Why a hand-off is on its way no more, as a sentence for the person who did not end it; "" where they did."""
    call = state.calls.get(call_id)
    found = next((h for h in call.hand_offs if h.hand_off_id == hand_off_id), None) if call else None
    if call is None or found is None:
        return ""
    about = f"call {call.number} {nature_words(state.agency, call)}"
    giver = person_name(state, found.from_user)
    if found.state is HandOffState.TIMED_OUT:
        return f"Nobody answered for {state.agency.hand_off_s} s: {about} went back to {giver}."
    if ended_by(call, found) is not None:
        return ""  # a take-over is news that stays (`news.py`)
    if found.state is HandOffState.WITHDRAWN:
        return f"{giver} took {about} back{_because(found)}."
    if found.state is HandOffState.CALLER_LOST:
        return f"The caller of {about} was lost."
    if found.state is HandOffState.RELEASED:
        return f"{about[:1].upper()}{about[1:]}: you have the caller now."
    return ""


def _because(hand_off: HandOff) -> str:
    return f": {hand_off.reason}" if hand_off.reason else ""
