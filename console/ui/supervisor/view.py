"""The supervisor's floor as one pane: figures on top, the queue and two small charts left, units and alarms right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from console.ui.context import Context
from console.ui.supervisor.alarms import AlarmsPane
from console.ui.supervisor.figures import FiguresPane
from console.ui.supervisor.floor import FloorPane
from console.ui.supervisor.missed import MissedPane
from console.ui.supervisor.queue_chart import QueueChartPane
from console.ui.supervisor.unit_hours import UnitHoursPane


class SupervisorPane(QWidget):
    """All panes of the supervisor, in the proportions of the design; a person may move the borders between them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setAccessibleName("The floor")
        self.figures, self.queue = FiguresPane(context), QueueChartPane(context)
        self.hours, self.missed = UnitHoursPane(context), MissedPane(context)
        self.floor, self.alarms = FloorPane(context), AlarmsPane(context)
        charts = _split(Qt.Orientation.Horizontal, (self.hours, self.missed), (680, 680))
        left = _split(Qt.Orientation.Vertical, (self.queue, charts), (432, 432))
        right = _split(Qt.Orientation.Vertical, (self.floor, self.alarms), (363, 500))
        below = _split(Qt.Orientation.Horizontal, (left, right), (1360, 560))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.figures)
        column.addWidget(below, 1)


def _split(way: Qt.Orientation, parts: tuple[QWidget, ...], shares: tuple[int, ...]) -> QSplitter:
    made = QSplitter(way)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(1)
    for place, (part, share) in enumerate(zip(parts, shares, strict=True)):
        made.addWidget(part)
        made.setStretchFactor(place, share)
    made.setSizes(list(shares))
    return made
