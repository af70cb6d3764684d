"""What a ringing hand-off says, and what it says once it is over: pure, from the state."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from console.domain import queries
from console.domain.hand_off import HandOff, HandOffState
from console.domain.ids import CallId, HandOffId, UserId
from console.domain.queries import nature_words, person_name
from console.domain.state import State
from console.domain.times import span
from console.ui.queue.rows import language


class Offer(Struct, frozen=True):
    """A caller who is being handed to the person at this desk. The time it rings is reckoned when it is shown."""

    call_id: CallId
    hand_off_id: HandOffId
    number: str
    words: str
    asks: str
    offered_at: datetime
    rings_s: int
    colour: str
    reasons: tuple[str, ...]

    def ringing(self, now: datetime) -> str:
        """The countdown: "ringing 0:08 of 0:30"."""
        rung = min(self.rings_s, max(0.0, (now - self.offered_at).total_seconds()))
        return f"ringing {span(rung)} of {span(self.rings_s)}"


def offer_to(state: State, me: UserId | None) -> Offer | None:
    """The hand-off that rings at a person now, or None."""
    call = queries.ringing(state, me) if me else None
    hand_off = call.hand_off if call else None
    if call is None or hand_off is None:
        return None
    agency = state.agency
    giver = state.people.get(hand_off.from_user)
    whence = ", ".join(filter(None, (person_name(state, hand_off.from_user), giver.position if giver else "")))
    about = f"{call.number} {nature_words(agency, call)}"
    spoken = queries.other_language(agency, call)
    programme = agency.programme(hand_off.programme)
    return Offer(
        call.call_id,
        hand_off.hand_off_id,
        call.number,
        " — ".join(part for part in (f"Hand-off from {whence}", about, language(spoken) if spoken else "") if part),
        hand_off.asks,
        hand_off.offered_at,
        agency.hand_off_s,
        programme.colour if programme else "slate",
        agency.decline_reasons,
    )


def ending(state: State, call_id: CallId, hand_off_id: HandOffId) -> str:
    """Why an offer rings no more, as a sentence for the person who did not end it; "" where they did."""
    call = state.calls.get(call_id)
    found = next((h for h in call.hand_offs if h.hand_off_id == hand_off_id), None) if call else None
    if call is None or found is None:
        return ""
    about = f"call {call.number} {nature_words(state.agency, call)}"
    if found.state is HandOffState.TIMED_OUT:
        back_to = person_name(state, found.from_user)
        return f"Nobody answered for {state.agency.hand_off_s} s: {about} went back to {back_to}."
    if found.state is HandOffState.WITHDRAWN:
        return f"{person_name(state, found.from_user)} took {about} back{_because(found)}."
    return ""


def _because(hand_off: HandOff) -> str:
    return f": {hand_off.reason}" if hand_off.reason else ""
