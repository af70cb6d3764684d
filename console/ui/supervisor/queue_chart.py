"""The queue of the last twelve hours: areas stacked by programme, breaches of the target marked. Drawn by pyqtgraph."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.metrics import QueuePoint
from console.domain.state import State
from console.ui.context import Context
from console.ui.supervisor.day import HISTORY_HOURS, Day
from console.ui.widgets import Elided, caption, scaled

if TYPE_CHECKING:
    from console.ui.supervisor.stacked_areas import StackedAreas

APART_MIN: Final = 15
"""Marks of breaches are at least so many minutes apart: one that follows sooner belongs to the same breach."""


class Band(Struct, frozen=True):
    """One programme's share of the queue, from the lower to the upper edge of its area, point by point."""

    name: str
    colour: str
    lower: tuple[int, ...]
    upper: tuple[int, ...]


class Chart(Struct, frozen=True):
    """Everything that is drawn: times in seconds since 1970, the areas from bottom to top, and where breaches began."""

    times: tuple[float, ...]
    bands: tuple[Band, ...]
    breaches: tuple[tuple[float, int], ...]
    highest: int


def chart(state: State, points: list[QueuePoint]) -> Chart:
    """The queue's history as areas. A programme nobody waited for has none; the agency's first lies on top."""
    waited = {code for point in points for code in point.waiting}
    listed = [programme.code for programme in state.agency.programmes]
    codes = [*(code for code in listed if code in waited), *sorted(waited - set(listed))]
    floor = [0] * len(points)
    bands = []
    for code in reversed(codes):
        programme = state.agency.programme(code)
        upper = [low + point.waiting.get(code, 0) for low, point in zip(floor, points, strict=True)]
        bands.append(Band(code, programme.colour if programme else "slate", tuple(floor), tuple(upper)))
        floor = upper
    times = tuple(point.at.timestamp() for point in points)
    return Chart(times, tuple(bands), tuple(_breaches(times, points, floor)), max(floor, default=0))


def _breaches(times: tuple[float, ...], points: list[QueuePoint], top: list[int]) -> list[tuple[float, int]]:
    """Where one more call passed its target, with the height of the queue there."""
    found: list[tuple[float, int]] = []
    for n in range(1, len(points)):
        more = points[n].past_target > points[n - 1].past_target
        if more and (not found or times[n] - found[-1][0] >= APART_MIN * 60):
            found.append((times[n], top[n]))
    return found


def in_words(state: State, points: list[QueuePoint]) -> str:
    """The chart for those who hear it."""
    if not points:
        return "No history."
    zone = ZoneInfo(state.agency.time_zone)
    totals = [sum(point.waiting.values()) for point in points]
    most = max(totals)
    at = points[totals.index(most)].at.astimezone(zone)
    now = ", ".join(f"{code} {count}" for code, count in points[-1].waiting.items()) or "nobody"
    late = points[-1].past_target
    breaches = len(_breaches(tuple(p.at.timestamp() for p in points), points, totals))
    return (
        f"Waiting now: {now}; past target now: {late}. Most in {HISTORY_HOURS} hours: {most}, at {at:%H:%M}. "
        f"Times a target was breached: {breaches}."
    )


class QueueChartPane(QWidget):
    """The chart under its heading. pyqtgraph is loaded when the pane is first on screen, not before."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._day = Day.of(context)
        self.areas: StackedAreas | None = None
        self.setAccessibleName("Queue over time")
        self._hint = Elided("muted", "pending by programme, ▲ where a target was breached")
        top = QFrame()
        top.setProperty("role", "strip")
        line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(9), scaled(14), scaled(9))
        line.setSpacing(scaled(10))
        line.addWidget(caption(f"Queue, last {HISTORY_HOURS} hours", "heading"))
        line.addWidget(self._hint, 1)
        self._legend = caption("", "muted")
        line.addWidget(self._legend)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(top)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._day.history.watch(self, self._show)
        context.theme.changed.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """The first showing makes the chart; every one catches up."""
        super().showEvent(event)
        if self.areas is None:
            from console.ui.supervisor.stacked_areas import StackedAreas  # pyqtgraph: a third of a second

            self.areas = StackedAreas()
            self._column.addWidget(self.areas, 1)
        self._day.history.look()
        self._show()

    def _show(self) -> None:
        if self.areas is None or not self.isVisible():
            return
        state, points = self._context.store.state, self._day.history.value
        self.areas.show_chart(chart(state, points), ZoneInfo(state.agency.time_zone))
        words = in_words(state, points)
        self.areas.setAccessibleDescription(words)
        self.areas.setToolTip(words)
        now = points[-1] if points else None
        self._legend.setText(" · ".join(f"{code} {count}" for code, count in now.waiting.items()) if now else "")
        self._legend.setAccessibleName(f"Waiting now: {self._legend.text() or 'nobody'}")


def local_time(seconds: float, zone: ZoneInfo) -> str:
    """A time of the axis, as the agency's clocks show it."""
    return f"{datetime.fromtimestamp(seconds, zone):%H:%M}"
