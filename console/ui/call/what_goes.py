"""The lists of units, clinicians, services and endings under a call, and what a choice from each sends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from console.domain.commands import AnyCommand, DispatchUnit, OfferHandOff, OrderOtherService, QueueForClinician
from console.domain.ids import ProgrammeCode, UnitId, UserId
from console.domain.state import Call, State
from console.link.fresh import new_hand_off_id
from console.ui.actions import action, key_words
from console.ui.call.choices import clinician_choices, service_choices, unit_choices
from console.ui.call.endings import Endings, endings
from console.ui.call.lists import CallList, Choices, Chosen
from console.ui.call.proposals import Proposals
from console.ui.option import Option


class Floor(Struct, frozen=True):
    """What a list is made from, as it is now."""

    state: State
    made: Proposals
    me: UserId
    now: datetime


Look = Callable[[], Floor]
"""Looks at the floor; a list that stays open looks again."""


def units(look: Look, title: str, *, wanted: str = "", reason: str = "") -> CallList:
    """The units in the order to send them, and those passed over."""

    def choices(call: Call) -> Choices:
        floor = look()
        return unit_choices(floor.state, floor.made, call, floor.me, floor.now), ""

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        override = chosen.note if chosen.option.needs_note else ""
        return (DispatchUnit(UnitId(chosen.option.value), call.call_id, override),)

    note = "why it is to go all the same"
    return CallList("dispatch", title, "send", choices, sends, note=note, wanted=wanted, text=reason)


def clinicians(look: Look, title: str, *, wanted: str = "") -> CallList:
    """Those who can be rung, in order, or the queue; with what is asked of them and what the caller was promised."""

    def choices(call: Call) -> Choices:
        floor = look()
        found = clinician_choices(floor.state, floor.made.hand_off, call, floor.now)
        nobody = all(option.why_not for option in found)
        return found, floor.made.hand_off.proposal.why_not if nobody else ""

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        whom = chosen.option.value
        if UserId(whom) in look().state.people:
            return (OfferHandOff(call.call_id, new_hand_off_id(), UserId(whom), chosen.note, chosen.promised),)
        return (QueueForClinician(call.call_id, ProgrammeCode(whom), chosen.note, chosen.promised),)

    note = "what you ask of the clinician"
    return CallList("hand_off", title, "offer", choices, sends, note=note, wanted=wanted, promises=True)


def services(look: Look, title: str, *, wanted: str = "", reason: str = "") -> CallList:
    """The services outside the programmes; those asked already say when."""

    def choices(call: Call) -> Choices:
        floor = look()
        return service_choices(floor.state, call, floor.now, floor.made.services), floor.made.other.why_not

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        return tuple(OrderOtherService(call.call_id, code, chosen.note) for code in chosen.option.value.split())

    return CallList("other", title, "ask", choices, sends, note="the reason", wanted=wanted, text=reason)


def closing(look: Look, call: Call) -> CallList:
    """The ways to close the call: how it ended, or why it was missed."""

    def found(call: Call) -> Endings:
        floor = look()
        return endings(floor.state, call, floor.me, floor.now)

    def choices(call: Call) -> Choices:
        untold = any(transition.untold for transition in call.transitions)
        how = f" {key_words(action('turn.tell').keys[0])} ticks the next." if untold else ""
        listed = found(call)
        options = tuple(Option(e.code, e.words, e.key, needs_note=e.needs_note) for e in listed.choices)
        return options, f"{listed.why_not}{how}" if listed.why_not else ""

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        ending = next((ending for ending in found(call).choices if ending.code == chosen.option.value), None)
        return (ending.command(call, chosen.note, chosen.nature),) if ending is not None else ()

    return CallList("close", found(call).why, "close the call", choices, sends, note="note", closes=True)
