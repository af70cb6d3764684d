"""Having a caller in place of whoever has them: from whom, why that can be done, and what it sends. Pure."""

from __future__ import annotations

from datetime import datetime

from console.domain import queries
from console.domain.commands import TakeOverCall
from console.domain.ids import HandOffId, UserId
from console.domain.state import Call, State
from console.link.fresh import new_hand_off_id
from console.ui.call.lists import CallList, Choices
from console.ui.call.proposal import refusal
from console.ui.option import Option


def taking_over(state: State, call: Call, me: UserId, now: datetime) -> CallList:
    """The list of one: take the call over, and say why. The reason is filled in where their desk is lost."""
    holder = queries.controller(call)
    name, person = queries.person_name(state, holder), state.people.get(holder)
    lost = person is not None and person.lost_at is not None

    def choices(_: Call) -> Choices:
        if holder == me:
            return (), f"You have the caller of call {call.number}."
        why = refusal(state, TakeOverCall(call.call_id, HandOffId("asked"), "asked"), me, now)
        return (Option("take", f"Take over from {name}", needs_note=True, why_not=why),), why

    return CallList(
        "take_over",
        f"Have the caller of {call.number} in place of {name}?",
        "take over",
        choices,
        lambda call, chosen: (TakeOverCall(call.call_id, new_hand_off_id(), chosen.note),),
        note="why",
        text=f"Nothing is heard of the desk of {name}" if lost else "",
    )
