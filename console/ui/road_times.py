"""The minutes by road from every unit to one place: asked of the hub, and kept while they can be believed.

Who shows minutes wants them again with every look; nobody looks, nobody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from console.domain.agency import Point
from console.domain.ids import UnitId
from console.domain.recommend import Road
from console.domain.state import Place
from console.ui.question import Question
from console.ui.store import Store
from console.wire.geography import RoadTimes

AGAIN_S: Final = 5
"""While units move, or nothing was answered, they are asked for anew after so many seconds."""
AT_REST_S: Final = 10
"""And after so many where nobody moved: then only their age has changed."""
OLD_S: Final = 15
"""An answer older than this is no estimate any more: the straight line takes its place, and that is said."""


class Roads(Struct, frozen=True):
    """The ways of units to one place, how they were taught, or why there are none."""

    ways: Mapping[UnitId, Road] = {}
    words: str = ""
    """ "calibrated by 42 past trips"; "" for nothing to say."""
    why_not: str = ""
    """Why there are none now, though the center has streets or nobody could ask; "" where there are, or never will be."""


class RoadMinutes(QObject):
    """What the hub answered last, for every pane. An exercise that runs faster asks no oftener."""

    changed = Signal()
    """There is another answer, or none any more."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._question: Question[RoadTimes | None] = Question(store, self._hear, "road minutes")
        self._point: Point | None = None
        """The place that is asked about."""
        self._asked_at: datetime | None = None
        self._answer: RoadTimes | None = None
        self._why_not = ""
        self._no_streets = False
        self._moved = False
        store.positions_changed.connect(self._mark)
        self._connected = store.link is None or store.link.connected
        store.link_changed.connect(self._link)
        store.me_changed.connect(self._begin_anew)

    def to(self, place: Place) -> Roads:
        """The ways to a place as they are known now; asks nothing."""
        if place.point is None or place.point != self._point or self._no_streets:
            return Roads()
        answer = self._answer
        if answer is None:
            return Roads(why_not=self._why_not)
        if self._past(answer.at) > OLD_S:
            return Roads(why_not=self._why_not or f"road minutes are {self._past(answer.at):.0f} s old")
        return Roads({way.unit_id: Road(way.minutes, way.kilometres) for way in answer.ways}, _taught(answer))

    def want(self, place: Place) -> None:
        """Somebody shows the minutes to this place: ask, where that was not done yet or is too long ago."""
        if place.point is None:
            return
        if place.point != self._point:
            self._point, self._answer, self._why_not, self._asked_at = place.point, None, "", None
            self._question.cancel()
        if self._no_streets or self._question.waits or not self._due():
            return
        self._asked_at, self._moved = self._store.now(), False
        point = place.point
        self._question.ask(lambda hub: hub.road_times(point))

    def _due(self) -> bool:
        if self._asked_at is None:
            return True
        return self._past(self._asked_at) >= (AGAIN_S if self._moved or self._why_not else AT_REST_S)

    def _past(self, since: datetime) -> float:
        """Seconds since then on the wall, however fast an exercise runs; the hub's clock alone is looked at."""
        return (self._store.now() - since).total_seconds() / max(1.0, self._store.rate)

    def _hear(self, answer: RoadTimes | None, why: str) -> None:
        """An answer about another place is nobody's; one that failed leaves the last, which grows old by itself."""
        if answer is not None and (answer.latitude, answer.longitude) != self._point:
            return
        self._why_not, self._no_streets = why, answer is None and not why
        self._answer = answer or self._answer
        self.changed.emit()

    def _mark(self) -> None:
        self._moved = True

    def _link(self) -> None:
        before, link = self._connected, self._store.link
        self._connected = link is None or link.connected
        if self._connected and not before:
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Another link or person: it may be another hub, with streets or without."""
        self._no_streets, self._asked_at = False, None


def _taught(answer: RoadTimes) -> str:
    """By how many past trips the minutes were calibrated."""
    return f"calibrated by {answer.trips} past trips" if answer.trips else "not yet calibrated by past trips"
