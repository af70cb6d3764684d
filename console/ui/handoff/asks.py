"""What a clinician can ask dispatch for, and what became of it: one entry a programme or service. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Literal

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.agency import Agency
from console.domain.asks import Ask, AskOutcome
from console.domain.ids import UnitId, UserId
from console.domain.programmes import Responds
from console.domain.state import Call, Position, State, Unit
from console.domain.times import span, time_of_day
from console.domain.travel import way, whole_minutes

Tone = Literal["faint", "due", "fine", "alarm", "muted"]


class Askable(Struct, frozen=True):
    """One programme or service: how its button is called, its whole name, and how the asking stands."""

    code: str
    short: str
    name: str
    words: str = ""
    """How it stands: "asked 14:31 · 0:45", "sent · CRT2 4 min away", "declined: no unit free"; "" for not asked."""
    brief: str = ""
    """The same in fewer words, for a narrow pane."""
    tone: Tone = "faint"
    open_ask: Ask | None = None
    """The ask that has no answer yet, to take back."""


def askable(agency: Agency) -> tuple[tuple[str, str], ...]:
    """Code and name of what can be asked for: the programmes that come in person, then the other services."""
    programmes = ((p.code, p.name) for p in agency.programmes if p.responds is Responds.IN_PERSON)
    return (*programmes, *((service.code, service.name) for service in agency.other_services))


def asks_of(
    state: State, positions: Mapping[UnitId, Position], call: Call, me: UserId, now: datetime
) -> tuple[Askable, ...]:
    """How everything that can be asked for stands on a call."""
    return tuple(_standing(state, positions, call, me, now, code, name) for code, name in askable(state.agency))


def _standing(
    state: State, positions: Mapping[UnitId, Position], call: Call, me: UserId, now: datetime, code: str, name: str
) -> Askable:
    short = min(name, code, key=len)
    asked = next((ask for ask in reversed(call.asks) if ask.code == code), None)
    unmet = asked is not None and asked in queries.unmet(call)
    units = [unit for unit in queries.assigned_units(state, call) if unit.programme == code]
    order = next((order for order in reversed(call.services) if order.service == code), None)
    at = time_of_day(state.agency, asked.at, now) if asked else ""
    made = partial(Askable, code, short, name)
    if units:
        nearest = [_briefly(state, positions, call, unit) for unit in units]
        return made(", ".join(on_its_way(state, positions, call, unit) for unit in units), ", ".join(nearest), "fine")
    if asked is not None and unmet:
        by = "" if asked.asked.by == me else f" by {queries.person_name(state, asked.asked.by)}"
        waits = span((now - asked.at).total_seconds())
        again = "called back, " if asked.answer is not None else ""
        return made(f"◆ {waits} · {again}asked {at}{by}", f"◆ asked {waits}", "due", asked)
    if order is not None:
        ordered = f"asked {time_of_day(state.agency, order.at, now)}"
        return made(f"{ordered} by dispatch", ordered, "fine")
    if asked is not None and asked.answer is not None:
        match asked.answer.outcome:
            case AskOutcome.DECLINED:
                return made(f"▲ declined: {asked.answer.reason}", "▲ declined", "alarm")
            case AskOutcome.WITHDRAWN:
                back = time_of_day(state.agency, asked.answer.stamp.at, now)
                return made(f"taken back {back}", "taken back", "muted")
            case AskOutcome.SENT:
                return made("came, and has left", "has left", "muted")
    return Askable(code, short, name)


def _briefly(state: State, positions: Mapping[UnitId, Position], call: Call, unit: Unit) -> str:
    there = way(state.agency.travel, positions.get(unit.unit_id), call.place) if unit_status.heading(state, unit) else None
    return f"{unit.unit_id} {whole_minutes(there.minutes)} min" if there else unit.unit_id


def on_its_way(state: State, positions: Mapping[UnitId, Position], call: Call, unit: Unit) -> str:
    """What a unit of the call is doing, and how far it still is: "CRT2 en route, about 4 min away"."""
    there = way(state.agency.travel, positions.get(unit.unit_id), call.place) if unit_status.heading(state, unit) else None
    estimate = f", about {whole_minutes(there.minutes)} min away" if there else ""
    return f"{unit.unit_id} {unit_status.STATUS_WORDS[unit.status].lower()}{estimate}"
