"""What everybody in an exercise shares: script, chance, city and fleet, and the hours they keep."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.commands import AnyCommand
from console.domain.ids import UserId
from console.domain.programmes import Duty, duty
from console.domain.state import Presence, PresenceStatus, Role, State, Unit
from console.hub.exercise.chance import Chance
from console.hub.exercise.city import City
from console.hub.exercise.fleet import Fleet
from console.hub.exercise.script import Person, Script, Spell

EXERCISE = UserId("exercise")
"""Who acts where no simulated person is at work."""
DESK_PREFIX = "exercise:"
"""The desks of people whom the exercise plays; a person at any other desk is real."""


class Move(Struct, frozen=True):
    """What somebody will do next, if nothing changes before `at`."""

    at: datetime
    by: UserId
    commands: tuple[AnyCommand, ...]


class World:
    """One exercise's surroundings."""

    def __init__(self, agency: Agency, script: Script, city: City, seed: int) -> None:
        """The same arguments make the same world."""
        self.script, self.city = script, city
        self.chance = Chance(seed)
        self.fleet = Fleet(city, self.chance)
        self.zone = ZoneInfo(agency.time_zone)
        self.people: dict[UserId, Person] = {person.user_id: person for person in script.people}

    def live(self, state: State, user: UserId) -> bool:
        """Whether a real person is signed in under this name: at a desk that is not the exercise's own."""
        return at_real_desk(state, user)

    def plays(self, state: State, user: UserId) -> bool:
        """Whether the exercise acts for this person now: one of its own, at work, and not played by somebody real."""
        present = state.people.get(user)
        return present is not None and _at_work(present) and present.desk_id.startswith(DESK_PREFIX)

    def played(self, state: State, role: Role) -> list[Presence]:
        """People of a role for whom the exercise acts now."""
        return [p for p in state.people.values() if p.role is role and self.plays(state, p.user_id)]

    def hands(self, state: State, first: UserId, *about: object) -> UserId:
        """Who sees to something: `first` if the exercise plays them, else a colleague, else the exercise itself."""
        if self.plays(state, first):
            return first
        there = self.played(state, Role.TELECOMMUNICATOR)
        return there[int(self.chance.share("hands", *about) * len(there))].user_id if there else EXERCISE

    def shift(self, agency: Agency, unit: Unit, at: datetime) -> Duty:
        """Whether a unit's shift is on: by the script, else by the hours of its programme. It ends whenever it is on.

        A crew of a programme that works round the clock, and has no spell of its own, is relieved at midnight.
        """
        spell = self.script.shifts.get(unit.unit_id)
        programme = agency.programme(unit.programme)
        if programme is None:
            return Duty(False)
        hours = duty(programme, at, agency.time_zone)
        if spell is None:
            return hours if hours.until or not hours.on else Duty(True, until=self._midnight(at))
        own = self.spell(spell, at)
        if own.on and hours.on and own.until:
            return Duty(True, until=min(own.until, hours.until or own.until))
        return Duty(False, opens=max(filter(None, (own.opens, hours.opens)), default=None))

    def _midnight(self, at: datetime) -> datetime:
        tomorrow = at.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), self.zone).astimezone(UTC)

    def spell(self, spell: Spell, at: datetime) -> Duty:
        """Whether a daily spell runs at a moment, and when it ends or begins."""
        today = at.astimezone(self.zone).date()
        for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
            start, end = self._span(spell, day)
            if start <= at < end:
                return Duty(True, until=end)
            if start > at:
                return Duty(False, opens=start)
        return Duty(False)

    def _span(self, spell: Spell, day: date) -> tuple[datetime, datetime]:
        start = datetime.combine(day, spell.since, self.zone)
        last = day if spell.until > spell.since else day + timedelta(days=1)
        return start.astimezone(UTC), datetime.combine(last, spell.until, self.zone).astimezone(UTC)

    def minutes(self, mean: float, spread: float, *about: object, series: str = "") -> timedelta:
        """A drawn duration with that mean in minutes, in whole seconds."""
        return timedelta(seconds=max(1, round(60 * self.chance.around(mean, spread, *about, series=series))))

    def seconds(self, mean: float, *about: object) -> timedelta:
        """A drawn human delay with that mean in seconds."""
        return timedelta(seconds=max(1, round(self.chance.around(mean, 0.5, *about))))


def at_real_desk(state: State, user: UserId) -> bool:
    """Whether somebody is signed in under this name at a desk that is not the exercise's own."""
    present = state.people.get(user)
    return present is not None and _at_work(present) and not present.desk_id.startswith(DESK_PREFIX)


def _at_work(present: Presence) -> bool:
    return present.status is not PresenceStatus.SIGNED_OFF
