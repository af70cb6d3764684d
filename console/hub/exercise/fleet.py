"""Where the exercise's units are: journeys with a beginning and an end, and the fixes their receivers give."""

from datetime import datetime, timedelta

from msgspec import Struct

from console.domain.agency import Point
from console.domain.ids import UnitId
from console.domain.state import State, Unit, UnitStatus
from console.hub.exercise.chance import Chance
from console.hub.exercise.city import City
from console.hub.exercise.roads import Path, path
from console.hub.positions import Fix

FASTEST_KM_H = 90.0
"""No unit of an exercise drives faster."""
CRUISING_KM_H = 28.0
"""How fast a free unit goes back to where it waits for calls."""
_LINGERS = timedelta(minutes=3)
_HOUR = timedelta(hours=1)
_SILENT, _STUCK = 0.012, 0.012
"""Shares of a unit's quarters of an hour in which its receiver says nothing, or gives the same fix again and again."""
_SPELL_S, _FAULT_S = 900.0, 240.0


class Journey(Struct, frozen=True):
    """A way driven evenly from one moment to another; standing still before and after."""

    path: Path
    departs: datetime
    arrives: datetime

    def at(self, when: datetime) -> tuple[Point, float, float]:
        """Point, speed in km/h and course at a moment."""
        duration = (self.arrives - self.departs) / _HOUR
        if when <= self.departs or duration <= 0:
            point, course = self.path.at(0.0)
            return point, 0.0, course
        if when >= self.arrives:
            point, course = self.path.at(self.path.km)
            return point, 0.0, course
        point, course = self.path.at(self.path.km * ((when - self.departs) / _HOUR) / duration)
        return point, self.path.km / duration, course


class Fleet:
    """The journeys of all units. It follows the units' statuses and decides nothing itself."""

    def __init__(self, city: City, chance: Chance) -> None:
        """Begin with nobody anywhere; a unit first seen stands at its base."""
        self._city, self._chance = city, chance
        self._journeys: dict[UnitId, Journey] = {}
        self._last: dict[UnitId, Fix] = {}

    def where(self, unit: Unit, at: datetime) -> Point:
        """Where a unit really is, whatever its receiver says."""
        return self._of(unit).at(at)[0]

    def goes(self, unit: Unit, to: Point, departs: datetime, arrives: datetime) -> None:
        """Set out to a point; later than asked where that would be faster than anybody drives."""
        way = self._city.way(self.where(unit, departs), to)
        soonest = departs + timedelta(hours=way.km / FASTEST_KM_H)
        self._journeys[unit.unit_id] = Journey(way, departs, max(arrives, soonest))

    def kilometres(self, unit: Unit, to: Point, at: datetime) -> float:
        """Length of the way to a point, as one would drive it."""
        return self._city.way(self.where(unit, at), to).km

    def arrival(self, unit: Unit) -> datetime:
        """When the unit's journey ends."""
        return self._of(unit).arrives

    def stops(self, unit: Unit, at: datetime) -> None:
        """Stay where one is."""
        self._stand(unit.unit_id, self.where(unit, at), at)

    def goes_home(self, unit: Unit, since: datetime) -> None:
        """Linger, then drive slowly to the unit's base."""
        home = self._city.point(unit.base)
        if home is None:
            return self.stops(unit, since)
        departs = since + _LINGERS
        way = self._city.way(self.where(unit, since), home)
        self._journeys[unit.unit_id] = Journey(way, departs, departs + timedelta(hours=way.km / CRUISING_KM_H))
        return None

    def reports(self, state: State, at: datetime) -> list[Fix]:
        """What the receivers of all units on duty give at a moment: some are silent for a while, some are stuck."""
        found = []
        for unit in state.units.values():
            if unit.status is UnitStatus.OFF_SHIFT:
                continue
            last, fault = self._last.get(unit.unit_id), self._fault(unit, at)
            if fault == "stuck" and last is not None:
                found.append(last)
            elif fault != "silent":
                point, speed, course = self._of(unit).at(at)
                self._last[unit.unit_id] = Fix(
                    unit.unit_id, round(point[0], 6), round(point[1], 6), at, round(speed, 1), round(course, 1)
                )
                found.append(self._last[unit.unit_id])
        return found

    def _fault(self, unit: Unit, at: datetime) -> str:
        """What is wrong with a unit's receiver at a moment: "" for nothing."""
        spell, into = divmod(at.timestamp(), _SPELL_S)
        draw = self._chance.share("receiver", unit.unit_id, int(spell))
        if into > _FAULT_S or draw >= _SILENT + _STUCK:
            return ""
        return "silent" if draw < _SILENT else "stuck"

    def _of(self, unit: Unit) -> Journey:
        if unit.unit_id not in self._journeys:
            self._stand(unit.unit_id, self._city.point(unit.base) or self._city.middle, unit.since)
        return self._journeys[unit.unit_id]

    def _stand(self, unit_id: UnitId, point: Point, at: datetime) -> None:
        self._journeys[unit_id] = Journey(path([point]), at, at)
