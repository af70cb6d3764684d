"""Which calls come, and when: an hour's calls are drawn together, so any hour can be played without the ones before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from console.domain.commands import ReceiveCall
from console.domain.ids import CallId, NatureCode, derived_id
from console.domain.state import Place, Source
from console.hub.exercise.chance import Chance
from console.hub.exercise.city import City
from console.hub.exercise.script import Script


class Coming(Struct, frozen=True):
    """A call that will come."""

    at: datetime
    call_id: CallId
    nature: NatureCode


class Demand:
    """The calls of an exercise, hour by hour."""

    def __init__(self, script: Script, chance: Chance, city: City, zone: str, whole_from: datetime | None = None) -> None:
        """`zone` is the agency's time zone: the shapes of a day are local.

        Before `whole_from` only those call whose neighbor is to be referred: the days whose referrals are still worked.
        """
        self._script, self._chance, self._city, self._zone = script, chance, city, ZoneInfo(zone)
        self._whole_from = whole_from
        self._a_day = {name: sum(shape) for name, shape in script.hours.items()}

    def hour(self, start: datetime) -> list[Coming]:
        """The calls of the hour that begins at `start` (UTC, on the hour), in order."""
        local = start.astimezone(self._zone).hour
        coming = []
        for nature, kind in self._script.calls.items():
            shape = self._script.hours[kind.hours]
            mean = kind.a_day * shape[local] / self._a_day[kind.hours]
            for n in range(self._chance.count(mean, "calls", nature, start.isoformat())):
                about = (nature, start.isoformat(), n)
                at = start + timedelta(seconds=self._chance.between(0, 3600, "second", *about))
                call_id = CallId(derived_id("exercise-call", self._chance.name, *map(str, about)))
                coming.append(Coming(at.replace(microsecond=0), call_id, nature))
        return sorted(coming, key=lambda c: (c.at, c.call_id))

    def after(self, at: datetime) -> Iterator[Coming]:
        """All calls from `at` on, without end."""
        start = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        while True:
            yield from (coming for coming in self.hour(start) if coming.at >= at and self._comes(coming))
            start += timedelta(hours=1)

    def _comes(self, coming: Coming) -> bool:
        if self._whole_from is None or coming.at >= self._whole_from:
            return True
        served = bool(self._script.calls[coming.nature].truth)
        return served and self._chance.happens(self._script.navigation.refers, "refers", coming.call_id)

    def call(self, coming: Coming) -> ReceiveCall:
        """What the telecommunicator writes down as it is taken."""
        script, chance, call_id = self._script, self._chance, coming.call_id
        kind = script.calls[coming.nature]
        regular = bool(kind.truth) and chance.happens(script.regular_share, "regular", call_id)
        who = f"regular {int(chance.share('which', call_id) * script.regular_callers)}" if regular else str(call_id)
        source = chance.pick(kind.sources or script.sources, "source", call_id)
        return ReceiveCall(
            call_id, source, coming.nature, self._place(call_id, who), callback=self._callback(source, who),
            language=chance.pick(script.languages, "language", who),
            text=kind.texts[int(chance.share("text", call_id) * len(kind.texts))] if kind.texts else "",
        )  # fmt: skip

    def _place(self, call_id: CallId, who: str) -> Place:
        if self._chance.happens(self._script.outside_share, "outside", call_id):
            return self._city.beyond(self._chance, call_id)
        return self._city.address(self._chance, who)

    def _callback(self, source: Source, who: str) -> str:
        """A number under one of the script's prefixes, the same for the same person."""
        if source in {Source.OFFICER, Source.SELF_INITIATED, Source.ALARM} or not self._script.callbacks:
            return ""
        prefix = self._script.callbacks[int(self._chance.share("area", who) * len(self._script.callbacks))]
        return f"{prefix} {int(self._chance.share('number', who) * 10_000):04d}"
