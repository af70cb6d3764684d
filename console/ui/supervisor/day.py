"""The day's figures, reckoned once for all panes: never while nobody looks, never more than once in a few seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from console.domain import alarms, metrics
from console.domain.alarms import Alarm
from console.domain.ids import UnitId, UserId
from console.domain.metrics import QueuePoint, Today, UnitDay
from console.ui.context import Context
from console.ui.store import Store
from console.ui.supervisor.chart import HISTORY_HOURS

T = TypeVar("T")

STEP_MIN: Final = 3
"""Minutes between two points of the chart: some five pixels."""
_AGES: Final = timedelta(seconds=30)
"""A figure of an unchanged state is reckoned again after so much of the hub's time: averages and spans grow."""


class Days(Struct, frozen=True):
    """The day of every unit and of every clinician."""

    units: dict[UnitId, UnitDay]
    clinicians: dict[UserId, UnitDay]


class Reckoned(QObject, Generic[T]):
    """One figure and those who show it. `fresh` says that `value` is another one."""

    fresh = Signal()

    def __init__(self, parent: QObject, store: Store, reckon: Callable[[], T], every_s: int, turn: int) -> None:
        super().__init__(parent)
        self._store, self._reckon = store, reckon
        self._every_s, self._turn = every_s, turn
        self._of: tuple[object, object] | None = None
        self._at: datetime | None = None
        self._value: T | None = None
        self._watchers: list[QWidget] = []

    def watch(self, widget: QWidget, show: Callable[[], object]) -> None:
        """Keep the figure fresh for a widget while it is on screen; `show` is called with every fresh one."""
        self._watchers.append(widget)
        self.fresh.connect(show)

    @property
    def value(self) -> T:
        """The figure, reckoned now if it never was."""
        if self._value is None:
            self._take()
        assert self._value is not None
        return self._value

    def look(self) -> None:
        """Reckon it again if something is different now: for a pane that has just come on screen."""
        if self._is_old():
            self._take()
            self.fresh.emit()

    def tick(self, second: int) -> None:
        """Its turn may have come. Each figure has another turn, so that no turn of the event loop carries them all."""
        if second % self._every_s == self._turn and any(widget.isVisible() for widget in self._watchers):
            self.look()

    def _is_old(self) -> bool:
        store = self._store
        if self._of is None or self._at is None:
            return True
        same = self._of[0] is store.state and self._of[1] is store.positions
        return not same or abs(store.now() - self._at) >= _AGES

    def _take(self) -> None:
        store = self._store
        self._of, self._at = (store.state, store.positions), store.now()
        self._value = self._reckon()


class Day(QObject):
    """The figures of a desk's supervisor panes. One for a store: `Day.of(context)`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.store)
        store = context.store
        self._second = 0
        self.today: Reckoned[Today] = Reckoned(self, store, lambda: metrics.today(store.state, store.now()), 2, 0)
        self.history: Reckoned[list[QueuePoint]] = Reckoned(self, store, lambda: _history(store), 4, 1)
        self.days: Reckoned[Days] = Reckoned(self, store, lambda: _days(store), 4, 3)
        self.alarms: Reckoned[tuple[Alarm, ...]] = Reckoned(
            self, store, lambda: alarms.standing(store.state, store.positions, store.now()), 1, 0
        )
        context.ticker.second.connect(self._count)
        context.ticker.between.connect(self._tick)

    @staticmethod
    def of(context: Context) -> Day:
        """The one of this desk, made when first asked for."""
        found = context.store.findChild(Day)
        return found if isinstance(found, Day) else Day(context)

    def _count(self) -> None:
        self._second += 1

    def _tick(self, part: int) -> None:
        """Each figure in a turn of its own, and none in that of the clocks."""
        (self.alarms, self.today, self.history, self.days)[part - 1].tick(self._second)


def _history(store: Store) -> list[QueuePoint]:
    """The queue at even minutes, so that a redrawn chart does not tremble; the last point is now."""
    now = store.now()
    even = now.replace(minute=now.minute - now.minute % STEP_MIN, second=0, microsecond=0)
    points = metrics.queue_history(store.state, even, HISTORY_HOURS, STEP_MIN)
    return [*points, metrics.queue_point(store.state, now)]


def _days(store: Store) -> Days:
    state, now = store.state, store.now()
    return Days(metrics.unit_days(state, now), metrics.clinician_days(state, now))
