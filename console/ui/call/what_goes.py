"""The lists of units, clinicians, services and endings under a call, and what a choice from each sends. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from console.domain import queries
from console.domain.commands import (
    AnyCommand,
    DispatchUnit,
    ExchangeUnits,
    OfferHandOff,
    OrderOtherService,
    PreemptUnit,
    QueueForClinician,
)
from console.domain.ids import ProgrammeCode, UnitId, UserId
from console.domain.moving import Preemption
from console.domain.state import Call, Position, State
from console.link.fresh import new_hand_off_id
from console.ui.actions import action, key_words
from console.ui.call.choices import EXCHANGE, clinician_choices, moving_choices, service_choices, unit_choices
from console.ui.call.endings import Endings, endings
from console.ui.call.lists import CallList, Choices, Chosen
from console.ui.call.proposals import Proposals
from console.ui.call.recommended import taking_reason
from console.ui.option import Option, key_of, reasons_to_choose
from console.ui.road_times import Roads


class Floor(Struct, frozen=True):
    """What a list is made from, as it is now."""

    state: State
    made: Proposals
    me: UserId
    now: datetime
    positions: Mapping[UnitId, Position] = {}
    roads: Roads = Roads()


Look = Callable[[], Floor]
"""Looks at the floor; a list that stays open looks again."""


def units(look: Look, title: str, *, wanted: str = "", reason: str = "") -> CallList:
    """The units in the order to send them, those that could be moved, and those passed over.

    While it is open each keeps its place and its key, whatever drives meanwhile. Who is chosen before the first goes with a
    reason: `reason` where there is one already, else it is asked by one key.
    """
    places: dict[str, int] = {}

    def choices(call: Call) -> Choices:
        floor = look()
        state, made, now, positions = floor.state, floor.made, floor.now, floor.positions
        sending = unit_choices(state, made, call, floor.me, now, positions)
        moving = moving_choices(state, made, call, now, positions, floor.roads.ways)
        taken = {option.value for option in moving}
        alive = [option for option in sending if not option.why_not]
        passed = [option for option in sending if option.why_not and option.value not in taken]
        found = (*alive, *moving, *passed)
        for option in found:
            places.setdefault(option.value, len(places))
        listed = sorted(found, key=lambda option: places[option.value])
        keyed = (replace(o, key="" if o.why_not else key_of(places[o.value])) for o in listed)
        return tuple(keyed), f"By straight line: {floor.roads.why_not}." if floor.roads.why_not else ""

    def passed(call: Call, unit: str) -> UnitId:
        """The unit that stood first, where another is chosen for a call that has none; "" where that is no matter."""
        going = (candidate.unit_id for candidate in look().made.dispatch.recommendation.units)
        first = min(going, key=lambda one: places.get(one, len(places)), default=UnitId(""))
        return UnitId("") if queries.current_assignments(call) or first == unit else first

    def follows(call: Call, chosen: Chosen) -> CallList | None:
        verb, *others = chosen.option.value.split()
        if verb == EXCHANGE:
            comes, goes = map(UnitId, others)
            title = f"{comes} for {goes}: why?"
            return _why(look, title, "exchange them", lambda why: ExchangeUnits(comes, goes, why))
        first = passed(call, verb)
        if not first or reason or chosen.option.needs_note or _taken(look(), verb) is not None:
            return None
        return why_instead(look, call, UnitId(verb), first)

    def sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        unit, floor = UnitId(chosen.option.value), look()
        if (taken := _taken(floor, unit)) is not None:
            return (PreemptUnit(unit, call.call_id, taking_reason(floor.state, call, taken)),)
        override = chosen.note if chosen.option.needs_note else ""
        first, because = passed(call, unit), override or reason
        return (DispatchUnit(unit, call.call_id, override, first, because if first else ""),)

    note = "why it is to go all the same"
    taught = look().roads.words
    title = f"{title} By road, {taught}." if taught else title
    return CallList(
        "dispatch", title, "send", choices, sends, note=note, wanted=wanted, text=reason, follows=follows, first=True
    )


def _taken(floor: Floor, unit: str) -> Preemption | None:
    return next((one for one in floor.made.dispatch.taking if one.unit_id == unit), None)


def why_instead(look: Look, call: Call, unit: UnitId, first: UnitId) -> CallList:
    """Asks by one key why this unit goes to the call and not the one that stood first, and sends it."""
    call_id = call.call_id
    title = f"{unit} instead of {first}: why?"
    return _why(look, title, f"send {unit}", lambda why: DispatchUnit(unit, call_id, "", first, why))


def _why(look: Look, title: str, does: str, command: Callable[[str], AnyCommand]) -> CallList:
    """The agency's reasons, each by its key, and one of one's own."""

    def choices(_call: Call) -> Choices:
        return reasons_to_choose(look().state.agency.override_reasons), ""

    def sends(_call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
        return (command(chosen.note or chosen.option.value),)

    return CallList("dispatch", title, does, choices, sends, note="why", at_once=True)


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
