"""What the lists under a call offer to choose from: units, clinicians and other services, each with why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from console.domain.commands import DispatchUnit, Rejected
from console.domain.decide import decide
from console.domain.ids import UnitId, UserId
from console.domain.moving import exchanges
from console.domain.recommend import Road
from console.domain.ringing import Candidate, why_not_rung
from console.domain.state import Call, Position, State
from console.domain.times import about
from console.ui.call.hand_off_proposal import HandOffProposal, speaks_words
from console.ui.call.proposals import Proposals, service_words
from console.ui.call.recommended import (
    exchange_detail,
    exchange_words,
    taking_detail,
    taking_words,
    unit_detail,
    unit_words,
)
from console.ui.option import Option

EXCHANGE: Final = "exchange"
"""The value of an option that lets two units change places: this, who comes, and who goes in its place."""
_MOST_EXCHANGES: Final = 6

_NOWHERE: Mapping[UnitId, Position] = {}


def unit_choices(
    state: State,
    made: Proposals,
    call: Call,
    me: UserId,
    now: datetime,
    positions: Mapping[UnitId, Position] = _NOWHERE,
) -> tuple[Option, ...]:
    """Those that may go in the order to send them, then those passed over: some may go if somebody says why."""
    found = made.dispatch.recommendation
    going = [
        Option(c.unit_id, unit_words(c, long=True), detail=unit_detail(state, positions, c, call, now)) for c in found.units
    ]
    passed = []
    for other in found.passed_over:
        verdict = decide(state, DispatchUnit(other.unit_id, call.call_id), me, now)
        if state.units[other.unit_id].call == call.call_id:
            passed.append(Option(other.unit_id, other.unit_id, why_not=f"{other.reason}: on this call already"))
        elif isinstance(verdict, Rejected) and verdict.code == "override-needed":
            words = f"{other.reason}; say why it is to go all the same"
            passed.append(Option(other.unit_id, other.unit_id, detail=words, needs_note=True))
        elif not isinstance(verdict, Rejected):
            passed.append(Option(other.unit_id, other.unit_id, detail=other.reason))
        else:
            passed.append(Option(other.unit_id, other.unit_id, why_not=other.reason))
    return (*going, *sorted(passed, key=lambda option: bool(option.why_not)))


def moving_choices(
    state: State,
    made: Proposals,
    call: Call,
    now: datetime,
    positions: Mapping[UnitId, Position],
    roads: Mapping[UnitId, Road],
) -> tuple[Option, ...]:
    """Units that could be taken off less urgent calls, and the soonest of those that could change places for this one."""
    taking = made.dispatch.taking
    taken = [Option(t.unit_id, f"Take {taking_words(state, t)}", detail=taking_detail(state, t, now)) for t in taking]
    swaps = exchanges(state, positions, call, now, roads)[:_MOST_EXCHANGES]
    return (
        *taken,
        *(Option(f"{EXCHANGE} {x.comes} {x.goes}", exchange_words(x), detail=exchange_detail(state, x)) for x in swaps),
    )


def clinician_choices(state: State, made: HandOffProposal, call: Call, now: datetime) -> tuple[Option, ...]:
    """Who can be rung, in order, with what speaks for each; then the queue where nobody can; then the others, and why not.

    Who only declined can be rung once more by hand.
    """

    def detail(candidate: Candidate) -> str:
        ready = f"ready {about((now - candidate.person.since).total_seconds())}"
        speaks = speaks_words(state.agency, call, candidate) or (", ".join(candidate.person.languages),)
        return " · ".join((ready, *speaks))

    listed = [Option(one.person.user_id, one.person.name, detail=detail(one)) for one in made.to]
    if made.does == "queue":
        name = state.agency.name_of(made.programme)
        listed.append(Option(made.programme, f"Wait for {name}", detail="rung as soon as somebody is ready"))
    for passed in made.ringing.passed_over:
        again = why_not_rung(state, call, passed.person) is None
        name, user = passed.person.name, passed.person.user_id
        listed.append(Option(user, name, detail=passed.reason) if again else Option(user, name, why_not=passed.reason))
    return tuple(listed)


def service_choices(state: State, call: Call, now: datetime, proposed: tuple[str, ...] = ()) -> tuple[Option, ...]:
    """The services outside the programmes by their digits; those asked already say when.

    Several that are proposed stand together as the first choice; its value is all their codes, a space between two.
    """
    asked = {order.service: order for order in call.services}
    made = []
    for place, service in enumerate(state.agency.other_services, 1):
        order = asked.get(service.code)
        ago = about((now - order.at).total_seconds()) if order else ""
        made.append(Option(service.code, service.name, str(place), why_not=f"asked {ago} ago" if order else ""))
    if len(proposed) > 1:
        made.insert(0, Option(" ".join(proposed), service_words(state, proposed), detail="as proposed, asked together"))
    return tuple(made)


def is_of(state: State, option: Option, code: str) -> bool:
    """Whether an option is a unit or a clinician of the programme of that code, or is the service of that code."""
    unit, person = state.units.get(UnitId(option.value)), state.people.get(UserId(option.value))
    return code in (*option.value.split(), unit.programme if unit else "", person.programme if person else "")
