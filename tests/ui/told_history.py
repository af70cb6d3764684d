"""A hub's history as a table: it answers at once with what the test tells it, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain.agency import Point
from console.domain.contacts import Contact, Contacts, Counts, NumbersBegun, contact
from console.domain.ids import CallId, UnitId
from console.wire.feeds import FeedHealth
from console.wire.geography import Coverage, FoundPlace, Layer, RoadTimes, Track
from tests.support.scenes import CALL, floor, receive
from tests.ui.live import Live

YEAR = timedelta(days=365)


@dataclass
class Told:
    """What the history holds; `asked` are the questions, in order."""

    live: Live
    listed: tuple[Contact, ...] = ()
    begun: NumbersBegun = field(default_factory=lambda: NumbersBegun(""))
    goes_back: timedelta | None = YEAR
    beyond: Counts = (0, 0, 0)
    health: tuple[FeedHealth, ...] = ()
    found: tuple[FoundPlace, ...] = ()
    roads: RoadTimes | None = None
    covered: Coverage | None = None
    outlines: tuple[Layer, ...] = ()
    been: Track | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.live.store.history = self

    def contacts(self, callback: str, address: str) -> Contacts:
        self.asked.append((callback, address))
        now = self.live.now
        return Contacts(now, self.listed, self.beyond, begins=None if self.goes_back is None else now - self.goes_back)

    def feeds(self) -> tuple[FeedHealth, ...]:
        self.asked.append(("feeds",))
        return self.health

    def geocode(self, words: str) -> tuple[FoundPlace, ...]:
        self.asked.append(("geocode", words))
        return self.found

    def road_times(self, point: Point) -> RoadTimes | None:
        self.asked.append(("road_times", f"{point[0]:.4f}, {point[1]:.4f}"))
        return self.roads

    def coverage(self, minutes: Sequence[float]) -> Coverage:
        self.asked.append(("coverage", *map(str, minutes)))
        return self.covered or Coverage(self.live.now, (), by_roads=False)

    def layers(self) -> tuple[Layer, ...]:
        self.asked.append(("layers",))
        return self.outlines

    def track(self, unit_id: UnitId, since: datetime, until: datetime) -> Track:
        self.asked.append(("track", unit_id, f"{(until - since).total_seconds():.0f} s"))
        return self.been or Track(unit_id, ())

    def numbers_begun(self, digits: str) -> NumbersBegun:
        self.asked.append((digits,))
        return replace(self.begun, digits=digits)


def former(live: Live, name: str, by_number: bool = False, **ago: float) -> Contact:
    """A call of that long ago for which no unit was free."""
    call = floor().given(receive(), c.CloseCall(CALL, missed="all_busy")).call()
    return replace(contact(call), call_id=CallId(name), received_at=live.now - timedelta(**ago), by_number=by_number)
