"""What clinicians ask of dispatch and what they disclose: a line for each that waits, and the answers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from console.domain import queries
from console.domain.asks import Ask
from console.domain.commands import AnyCommand, DeclineAsk, DispatchUnit, OrderOtherService
from console.domain.ids import AskId, CallId, UnitId
from console.domain.state import Call, State
from console.domain.times import span, time_of_day
from console.ui.call.choices import is_of, unit_choices
from console.ui.call.lists import CallList, Choices, Chosen
from console.ui.call.what_goes import Floor, why_instead
from console.ui.option import Option

_SEND, _ORDER, _DECLINE = "send ", "order ", "decline "


class AskedLine(Struct, frozen=True):
    """One that waits: of which call, since when, in words, and whether it is a threat that must be passed on."""

    kind: Literal["threat", "ask"]
    call_id: CallId
    about: str
    """The id of the ask or of the disclosure."""
    since: datetime
    words: str

    def age(self, now: datetime) -> str:
        """How long it has waited."""
        return span((now - self.since).total_seconds())


def asked_lines(state: State, calls: Iterable[Call]) -> tuple[AskedLine, ...]:
    """Every threat that nobody has passed on and every ask without an answer, threats first, the oldest first."""
    found = [line for call in calls for line in _of(state, call)]
    return tuple(sorted(found, key=lambda line: (line.kind != "threat", line.since, line.about)))


def waits_for_dispatch(call: Call) -> bool:
    """Whether something of the call waits for dispatch's answer."""
    asks = call.closing is None and bool(queries.unmet(call))
    return asks or any(told.acknowledged is None for told in call.disclosures)


def _of(state: State, call: Call) -> Iterator[AskedLine]:
    agency = state.agency
    for told in call.disclosures:
        if told.acknowledged is None:
            who, at = queries.person_name(state, told.made.by), time_of_day(agency, told.made.at)
            words = f"{call.number} imminent threat, {agency.name_of(told.to)} must know: {told.text}"
            because = f"{words} — because: {told.basis} — {who}, {at}"
            yield AskedLine("threat", call.call_id, told.disclosure_id, told.made.at, because)
    if call.closing is None:
        for ask in queries.unmet(call):
            reason = f": {ask.reason}" if ask.reason else ""
            words = f"{call.number} {queries.person_name(state, ask.asked.by)} asks for {agency.name_of(ask.code)}{reason}"
            yield AskedLine("ask", call.call_id, ask.ask_id, ask.at, words)


def answering(call: Call, floor: Callable[[], Floor]) -> CallList:
    """The list that answers what is asked for a call: send a unit of it, ask the service, or say why not."""
    names = " and ".join(floor().state.agency.name_of(ask.code) for ask in queries.unmet(call))

    def choices(call: Call) -> Choices:
        return tuple(option for ask in queries.unmet(call) for option in _answers(floor(), call, ask)), ""

    def follows(call: Call, chosen: Chosen) -> CallList | None:
        """A unit that did not stand first of those asked for goes with a reason, as everywhere."""
        state = floor().state
        unit = state.units.get(UnitId(chosen.option.value.removeprefix(_SEND)))
        if unit is None or chosen.option.needs_note or queries.current_assignments(call):
            return None
        going = floor().made.dispatch.recommendation.units
        first = next((one.unit_id for one in going if one.programme == unit.programme), unit.unit_id)
        return None if first == unit.unit_id else why_instead(floor, call, unit.unit_id, first)

    title = f"{call.number}: {names} is asked for. What goes?"
    return CallList("answer", title, "answer", choices, _sends, note="a reason", follows=follows)


def _answers(floor: Floor, call: Call, ask: Ask) -> Iterator[Option]:
    state = floor.state
    name = state.agency.name_of(ask.code)
    if state.agency.programme(ask.code) is not None:
        units = [
            option
            for option in unit_choices(state, floor.made, call, floor.me, floor.now, floor.positions)
            if is_of(state, option, ask.code)
        ]
        for unit in units:
            yield Option(
                _SEND + unit.value,
                f"Send {unit.words}",
                detail=unit.detail,
                needs_note=unit.needs_note,
                why_not=unit.why_not,
            )
        if not units:
            yield Option(_SEND, f"Send {name}", why_not=f"No unit of {name} is on duty.")
    else:
        yield Option(_ORDER + ask.code, f"Ask {name}", detail=ask.reason)
    yield Option(_DECLINE + ask.ask_id, f"Not {name}", detail="the clinician is told why", needs_note=True)


def _sends(call: Call, chosen: Chosen) -> tuple[AnyCommand, ...]:
    """The sending is the answer; only a refusal is a word of its own."""
    verb, _, value = chosen.option.value.partition(" ")
    if f"{verb} " == _DECLINE:
        return (DeclineAsk(call.call_id, AskId(value), chosen.note),)
    if f"{verb} " == _ORDER:
        reason = next((ask.reason for ask in queries.unmet(call) if ask.code == value), "")
        return (OrderOtherService(call.call_id, value, chosen.note or reason),)
    return (DispatchUnit(UnitId(value), call.call_id, chosen.note if chosen.option.needs_note else ""),)
