"""Units taken off one call for another: who could be, and what that does to the call they leave. Minutes are estimates.

Only units on their way are moved: who is with a neighbor stays (`deciding.units` refuses it too).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.ids import CallId, UnitId
from console.domain.recommend import FITS, Fit, Fitness, Road
from console.domain.state import PRIORITIES, Call, Position, State, Unit
from console.domain.travel import way


class Estimate(Struct, frozen=True):
    """How long a unit needs to a call: by the streets, or by a straight line with the agency's factor."""

    minutes: float
    by_road: bool = False


class Preemption(Struct, frozen=True):
    """A unit that could be taken off a less urgent call. `stays` are those who would still be on that call."""

    unit_id: UnitId
    leaves: CallId
    estimate: Estimate | None
    stays: tuple[UnitId, ...] = ()
    fit: Fit = "unlisted"


class Exchange(Struct, frozen=True):
    """Two units that could change places: `comes` to the call, `goes` to where the other was going, or is free again.

    `sooner` is what the call gains, in minutes.
    """

    comes: UnitId
    goes: UnitId
    there: Estimate
    before: Estimate
    other: CallId | None = None
    other_there: Estimate | None = None
    other_before: Estimate | None = None

    @property
    def sooner(self) -> float:
        """Minutes by which somebody is at the call earlier."""
        return self.before.minutes - self.there.minutes


_NO_ROADS: Mapping[UnitId, Road] = {}


def estimate(
    state: State, positions: Mapping[UnitId, Position], unit: UnitId, call: Call, roads: Mapping[UnitId, Road] = _NO_ROADS
) -> Estimate | None:
    """How long a unit needs to a call, `roads` being the ways to it; None where a point is not known."""
    if (road := roads.get(unit)) is not None:
        return Estimate(road.minutes, by_road=True)
    straight = way(state.agency.travel, positions.get(unit), call.place)
    return Estimate(straight.minutes) if straight is not None else None


def preemptions(
    state: State,
    positions: Mapping[UnitId, Position],
    call: Call,
    now: datetime,
    roads: Mapping[UnitId, Road] = _NO_ROADS,
) -> tuple[Preemption, ...]:
    """Units on their way to calls of a lower priority that fit this one: by programme, then the nearest first."""
    fitness = Fitness(state, call, now)
    found = []
    for unit, leaves in _moving(state, call):
        if _urgency(leaves) > _urgency(call) and fitness.open_to(unit):
            others = tuple(u.unit_id for u in queries.assigned_units(state, leaves) if u.unit_id != unit.unit_id)
            there = estimate(state, positions, unit.unit_id, call, roads)
            found.append(Preemption(unit.unit_id, leaves.call_id, there, others, fitness.fit(unit)))
    return tuple(sorted(found, key=_order))


def exchanges(
    state: State,
    positions: Mapping[UnitId, Position],
    call: Call,
    now: datetime,
    roads: Mapping[UnitId, Road] = _NO_ROADS,
) -> tuple[Exchange, ...]:
    """Units that would be at this call sooner than one on its way to it, each in the place of that one, the soonest first.

    Both must fit where they would go; where the other is free, the one on its way becomes free in its place.
    """
    fitness = Fitness(state, call, now)
    fit_elsewhere: dict[CallId, Fitness] = {}
    found = []
    for goes in queries.assigned_units(state, call):
        before = estimate(state, positions, goes.unit_id, call, roads)
        if unit_status.heading(state, goes) is None or goes.backup is not None or before is None:
            continue
        free = ((unit, None) for unit in state.units.values() if unit_status.free(unit))
        for comes, other in (*free, *_moving(state, call)):
            there = estimate(state, positions, comes.unit_id, call, roads)
            if there is None or there.minutes >= before.minutes or not fitness.open_to(comes):
                continue
            if other is None:
                found.append(Exchange(comes.unit_id, goes.unit_id, there, before))
                continue
            if other.call_id not in fit_elsewhere:
                fit_elsewhere[other.call_id] = Fitness(state, other, now)
            if fit_elsewhere[other.call_id].open_to(goes):
                new, old = (estimate(state, positions, unit.unit_id, other) for unit in (goes, comes))
                found.append(Exchange(comes.unit_id, goes.unit_id, there, before, other.call_id, new, old))
    return tuple(sorted(found, key=lambda one: (-one.sooner, one.comes, one.goes)))


def _moving(state: State, call: Call) -> Iterator[tuple[Unit, Call]]:
    """Units on their way to other open calls, that have not asked for backup, with these calls."""
    for unit in state.units.values():
        other = unit_status.heading(state, unit)
        if other is not None and other.call_id != call.call_id and unit.backup is None:
            yield unit, other


def _urgency(call: Call) -> int:
    return PRIORITIES.index(call.priority) if call.priority else len(PRIORITIES)


def _order(one: Preemption) -> tuple[int, bool, float, UnitId]:
    minutes = one.estimate.minutes if one.estimate is not None else 0.0
    return FITS.index(one.fit), one.estimate is None, minutes, one.unit_id
