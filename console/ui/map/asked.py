"""What the map asks the hub for while it is wanted: coverage, the center's layers, and where a unit has been."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from console.domain.ids import CallId, UnitId
from console.domain.times import time_of_day
from console.ui.context import Context
from console.ui.map.picture import MapBand, MapLayer, MapTrail
from console.ui.question import Question
from console.wire.geography import Coverage, Layer, Track

MINUTES: Final = (5.0, 10.0, 15.0)
TRAIL: Final = timedelta(minutes=30)
ALL: Final = "all"
_GAP: Final = timedelta(minutes=5)
"""Between two fixes so far apart no line is drawn: nobody knows which way it went."""
_EVERY_S: Final = {"coverage": 30, "trail": 10}


class Past(Struct, frozen=True):
    """The track of a unit on a call: from being sent until it was clear."""

    unit_id: UnitId
    since: datetime
    until: datetime


class Asked(QObject):
    """What was answered, as the map shows it; `changed` when anything of it is another."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._coverage: Question[Coverage] = Question(context.store, self._covered, self.tr("coverage"))
        self._layers: Question[tuple[Layer, ...]] = Question(context.store, self._outlined, self.tr("the layers"))
        self._track: Question[Track] = Question(context.store, self._tracked, self.tr("the trail"))
        self._known: tuple[Layer, ...] | None = None
        self._seconds = 0
        self.covers = False
        self.trails_of: UnitId | Past | None = None
        self.kind = ""
        """The kind of layers that is shown; "" for none, `ALL`."""
        self.bands: tuple[MapBand, ...] = ()
        self.trails: tuple[MapTrail, ...] = ()
        self.layers: tuple[MapLayer, ...] = ()
        self.coverage_words = self.trail_words = ""
        context.ticker.second.connect(self._second)

    @property
    def legend(self) -> str:
        """What is shown besides the live board, in words; "" for nothing."""
        named = self.tr("Layers: {0}").format(self.kind) if self.layers else ""
        return " · ".join(filter(None, (self.coverage_words, self.trail_words, named)))

    def cover(self, wanted: bool) -> None:
        """Show, or no longer show, the ground that free units reach in time."""
        self.covers, self.bands, self.coverage_words = wanted, (), ""
        if wanted:
            self.coverage_words = self.tr("Coverage is being reckoned")
            self._coverage.ask(lambda hub: hub.coverage(MINUTES))
        else:
            self._coverage.cancel()
        self.changed.emit()

    def trail(self, whose: UnitId | Past | None) -> None:
        """Show where a unit has been in the last half hour, or on a call of the past; None ends it."""
        self.trails_of, self.trails, self.trail_words = whose, (), ""
        if whose is None:
            self._track.cancel()
        else:
            self._ask_trail()
        self.changed.emit()

    def next_layers(self) -> None:
        """Show the next kind of layer the center has: none, each kind, all, none."""
        if self._known is None:
            self._layers.ask(lambda hub: hub.layers())
            return
        kinds = ["", *dict.fromkeys(layer.kind for layer in self._known)]
        kinds += [ALL] if len(kinds) > 2 else []
        self.kind = kinds[(kinds.index(self.kind) + 1) % len(kinds)] if self.kind in kinds else ""
        wanted = [layer for layer in self._known if self.kind and self.kind in (ALL, layer.kind)]
        self.layers = tuple(MapLayer(layer.name, layer.kind, layer.geojson) for layer in wanted)
        self.changed.emit()

    def _ask_trail(self) -> None:
        whose, now = self.trails_of, self._context.store.now()
        if isinstance(whose, Past):
            self._track.ask(lambda hub: hub.track(whose.unit_id, whose.since, whose.until))
        elif whose is not None:
            self._track.ask(lambda hub: hub.track(whose, now - TRAIL, now))

    def _second(self) -> None:
        self._seconds += 1
        if self.covers and self._seconds % _EVERY_S["coverage"] == 0 and not self._coverage.waits:
            self._coverage.ask(lambda hub: hub.coverage(MINUTES))
        still_goes_on = self.trails_of is not None and not isinstance(self.trails_of, Past)
        if still_goes_on and self._seconds % _EVERY_S["trail"] == 0 and not self._track.waits:
            self._ask_trail()

    def _covered(self, found: Coverage | None, why: str) -> None:
        if not self.covers:
            return
        if found is None:
            self.coverage_words, self.bands = self._last(why), ()
        else:
            self.bands = tuple(MapBand(*band) for band in found.bands)
            self.coverage_words = coverage_words(found)
        self.changed.emit()

    def _outlined(self, found: tuple[Layer, ...] | None, why: str) -> None:
        if found is None:
            self._context.notices.inform(self._last(why))
        elif not found:
            self._context.notices.inform(self.tr("The center has imported no layers of its own map."))
        else:
            self._known = found
            self.next_layers()

    def _tracked(self, found: Track | None, why: str) -> None:
        whose = self.trails_of
        if whose is None:
            return
        if found is None:
            self.trails, self.trail_words = (), self._last(why)
        else:
            self.trails, self.trail_words = self._drawn(found)
        self.changed.emit()

    def _drawn(self, track: Track) -> tuple[tuple[MapTrail, ...], str]:
        state = self._context.store.state
        if not track.points:
            return (), self.tr("No track of {0} is kept for that time").format(track.unit_id)
        unit = state.units.get(track.unit_id)
        programme = state.agency.programme(unit.programme) if unit else None
        begins = time_of_day(state.agency, track.points[0].fix_at, self._context.store.now())
        name = f"{track.unit_id} {begins}"
        jumps = tuple((p.latitude, p.longitude) for p in track.points if p.jump)
        trail = MapTrail(name, programme.colour if programme else "slate", tuple(lines(track)), jumps)
        words = self.tr("Trail of {0} since {1}").format(track.unit_id, begins)
        return (trail,), f"{words}, {self.tr('thinned')}" if track.thinned else words

    @staticmethod
    def _last(why: str) -> str:
        return why[:1].upper() + why[1:]


def coverage_words(coverage: Coverage) -> str:
    """What the bands mean, with how they were reckoned."""
    if not coverage.bands:
        return "Coverage: no unit is free"
    minutes = ", ".join(f"{minutes:g}" for minutes, _ in coverage.bands)
    how = "estimate by road" if coverage.by_roads else "estimate by straight line"
    return f"Free units reach within {minutes} min ({how})"


def lines(track: Track) -> Iterator[tuple[tuple[float, float], ...]]:
    """The lines of a track: broken where it jumps or where nothing was heard for a while."""
    true = [point for point in track.points if not point.jump]
    line = [(true[0].latitude, true[0].longitude)] if true else []
    for before, after in pairwise(true):
        if after.fix_at - before.fix_at > _GAP:
            yield tuple(line)
            line = []
        line.append((after.latitude, after.longitude))
    if line:
        yield tuple(line)


def past_of(context: Context, call_id: CallId | None) -> Past | None:
    """The part of the unit that was, or is, first on a call; None where none was sent."""
    call = context.store.state.calls.get(call_id) if call_id else None
    if call is None or not call.assignments:
        return None
    part = call.assignments[0]
    return Past(part.unit_id, part.dispatched_at, part.cleared_at or context.store.now())
