"""The exercise itself: who will do what next, kept in order of time. It decides; it sends nothing and waits for nothing.

`notice` is told of every new state and looks again at whoever it concerns; `next` gives what is due. All looks are pure
questions of the state, the script and the seed, so a hub that is started again goes on where it stopped.
"""

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Literal, NamedTuple

from console.domain.changes import Changes, changes, everything
from console.domain.ids import CallBackId, CallId, ReferralId, UnitId, UserId
from console.domain.state import State
from console.hub.exercise import crews, floor, follow_up, people
from console.hub.exercise.demand import Demand
from console.hub.exercise.world import Move, World
from console.hub.positions import Fix

_LOOKS_AGAIN = timedelta(seconds=45)
"""When somebody is looked at again whose step did not change anything: it was refused, or somebody else was quicker."""


class Who(NamedTuple):
    """Whose next step it is; "care" looks after a unit, "arrivals" is the telephone itself."""

    kind: Literal["arrivals", "call", "person", "unit", "care", "call back", "referral"]
    id: str


_ARRIVALS = Who("arrivals", "")


class Simulation:
    """Everybody's next step, one each."""

    def __init__(self, world: World, state: State, start: datetime, whole_from: datetime | None = None) -> None:
        """Calls come from `start` on (all of them from `whole_from`); what `state` already holds goes on from there."""
        self.world = world
        self._demand = Demand(world.script, world.chance, world.city, world.zone.key, whole_from)
        self._coming = self._demand.after(start)
        self._next_call = next(self._coming)
        self._state = State()
        self._heap: list[tuple[datetime, Who]] = []
        self._planned: dict[Who, datetime] = {}
        self._live: frozenset[UserId] = frozenset()
        self._plan(_ARRIVALS, self._next_call.at)
        self.notice(state, start)

    @property
    def next_at(self) -> datetime:
        """When the next step is due. There always is one: calls never end."""
        self._forget_outdated()
        return self._heap[0][0]

    def notice(self, state: State, now: datetime) -> None:
        """Look again at everybody whom a new state concerns."""
        old, self._state = self._state, state
        anew = old.agency is not state.agency
        if anew or old.people is not state.people:
            live = frozenset(user for user in state.people if self.world.live(state, user))
            anew, self._live = anew or live != self._live, live
        concerned = everything(state) if anew else changes(old, state)
        if not concerned:
            return
        for unit_id in sorted(concerned.units):
            unit, before = state.units.get(unit_id), old.units.get(unit_id)
            if unit is not None and (before is None or before.since != unit.since or before.status != unit.status):
                crews.follow(self.world, state, unit)
        for who in self._concerned(state, concerned, anew=anew):
            self._look(who, now)

    def next(self, now: datetime) -> Move | None:
        """The earliest step that is due by `now`, or None. After carrying it out, tell `notice` of the new state."""
        while self.next_at <= now:
            at, who = heappop(self._heap)
            del self._planned[who]
            if who == _ARRIVALS:
                return self._arrival()
            move = self._move(who, at)
            if move is None:
                continue
            if move.at > at:
                self._plan(who, move.at)
                continue
            self._plan(who, at + _LOOKS_AGAIN)
            return Move(at, move.by, move.commands)
        return None

    def fixes(self, now: datetime) -> list[Fix]:
        """What the units' receivers report now."""
        return self.world.fleet.reports(self._state, now)

    def _arrival(self) -> Move:
        coming, self._next_call = self._next_call, next(self._coming)
        self._plan(_ARRIVALS, self._next_call.at)
        call = self._demand.call(coming)
        return Move(coming.at, floor.take(self.world, self._state, call), (call,))

    def _concerned(self, state: State, concerned: Changes, *, anew: bool) -> list[Who]:
        """Those whose next step may be another now. Whoever frees a unit or a clinician concerns all calls that wait."""
        calls, units, users = concerned.calls, concerned.units, concerned.people
        found = dict.fromkeys(Who("call", call_id) for call_id in sorted(calls))
        for unit_id in sorted(units):
            found[Who("unit", unit_id)] = None
            found[Who("care", unit_id)] = None
        for user in sorted(users):
            if user in self.world.people:
                found[Who("person", user)] = None
        if units or users:
            waiting = (call for call in state.calls.values() if call.closing is None and call.eligible_since)
            found |= dict.fromkeys(Who("call", call.call_id) for call in waiting)
        if anew or users:
            found |= dict.fromkeys(Who("person", user) for user in self.world.people)
        for call_id in calls:
            call = state.calls.get(CallId(call_id))
            if call is not None and call.hand_off is not None:
                found[Who("person", call.hand_off.to_user)] = None
                found[Who("person", call.hand_off.from_user)] = None
        found |= dict.fromkeys(Who("call back", one) for one in sorted(state.call_backs if users else concerned.call_backs))
        found |= dict.fromkeys(Who("referral", one) for one in sorted(state.referrals if users else concerned.referrals))
        return list(found)

    def _look(self, who: Who, now: datetime) -> None:
        move = self._move(who, now)
        if move is None:
            self._planned.pop(who, None)
        else:
            self._plan(who, max(move.at, now))

    def _move(self, who: Who, now: datetime) -> Move | None:
        state, world = self._state, self.world
        match who.kind:
            case "call":
                call = state.calls.get(CallId(who.id))
                if call is None:
                    return None
                steps = [floor.look(world, state, call, now), people.answer(world, state, call)]
                return min((s for s in steps if s is not None), key=lambda move: move.at, default=None)
            case "unit":
                unit = state.units.get(UnitId(who.id))
                return crews.look(world, state, unit, now) if unit else None
            case "care":
                unit = state.units.get(UnitId(who.id))
                return floor.look_after(world, state, unit) if unit else None
            case "person":
                person = world.people.get(UserId(who.id))
                return people.look(world, state, person, now) if person else None
            case "call back":
                owed = state.call_backs.get(CallBackId(who.id))
                return follow_up.calls_back(world, state, owed) if owed else None
            case "referral":
                referral = state.referrals.get(ReferralId(who.id))
                return follow_up.navigates(world, state, referral, now) if referral else None
            case _:
                return None

    def _plan(self, who: Who, at: datetime) -> None:
        at = at.astimezone(UTC)
        if self._planned.get(who) != at:
            self._planned[who] = at
            heappush(self._heap, (at, who))

    def _forget_outdated(self) -> None:
        while self._planned.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
