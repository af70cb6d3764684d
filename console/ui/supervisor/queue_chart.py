"""The queue of the last twelve hours: areas stacked by programme, breaches of the target marked. Drawn by pyqtgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.ui.context import Context
from console.ui.supervisor.chart import HISTORY_HOURS, chart, in_words
from console.ui.supervisor.day import Day
from console.ui.widgets import Elided, caption, scaled

if TYPE_CHECKING:
    from console.ui.supervisor.stacked_areas import StackedAreas


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
