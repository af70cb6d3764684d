"""The plot itself. This module loads pyqtgraph: it is imported when the chart is first shown, never at start."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from console.ui.supervisor.chart import Chart
from console.ui.theme import fonts, look
from console.ui.widgets import ink, scaled

_HOUR: Final = 3600.0


class _LocalTime(pg.AxisItem):  # type: ignore[misc]
    """Whole hours of the agency's clocks."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.zone = ZoneInfo("UTC")

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Every hour that there is room for."""
        step = (
            next(s for s in (1, 2, 4, 6) if (maxVal - minVal) / (s * _HOUR) * scaled(70) <= max(size, 1) or s == 6) * _HOUR
        )
        offset = _offset(minVal, self.zone)
        first = np.ceil((minVal + offset) / step) * step - offset
        return [(step, list(np.arange(first, maxVal + 1, step)))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Hours and minutes."""
        del scale, spacing
        return [f"{datetime.fromtimestamp(value, self.zone):%H:%M}" for value in values]


class _Whole(pg.AxisItem):  # type: ignore[misc]
    """Whole calls: there is no half of one."""

    def __init__(self) -> None:
        super().__init__("left")

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """At most one line for every 40 pixels."""
        steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
        step = next((s for s in steps if (maxVal - minVal) / s * scaled(40) <= max(size, 1)), steps[-1])
        return [(step, [float(v) for v in range(0, int(maxVal) + 1, step)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Plain numbers."""
        del scale, spacing
        return [f"{value:.0f}" for value in values]


class _Areas(pg.GraphicsObject):  # type: ignore[misc]
    """The areas in one item: each filled, with a line along its upper edge.

    One, since pyqtgraph's own area between two curves makes its path anew for each of the two, and fills it smoothly.
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn: list[tuple[QPainterPath, QPainterPath, QColor]] = []
        self._bounds = QRectF()

    def show_bands(self, chart: Chart) -> None:
        """Draw these."""
        self.prepareGeometryChange()
        times = np.asarray(chart.times)
        there_and_back = np.concatenate([times, times[::-1]])
        self._drawn = []
        for band in chart.bands:
            lower, upper = np.asarray(band.lower, float), np.asarray(band.upper, float)
            around = pg.arrayToQPath(there_and_back, np.concatenate([upper, lower[::-1]]))
            self._drawn.append((around, pg.arrayToQPath(times, upper), ink(band.colour)))
        self._bounds = QRectF(times[0], 0, times[-1] - times[0], chart.highest) if chart.times else QRectF()
        self.update()

    def boundingRect(self) -> QRectF:
        """From the first time to the last, and as high as the highest."""
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        """Fill the areas as they are, and draw their edges smoothly over them."""
        for smoothly in (False, True):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, smoothly)
            for around, edge, colour in self._drawn:
                if smoothly:
                    painter.setPen(pg.mkPen(colour, width=1))
                    painter.drawPath(edge)
                else:
                    painter.fillPath(around, _faded(colour))


class StackedAreas(pg.PlotWidget):  # type: ignore[misc]
    """Shows a `Chart`."""

    def __init__(self) -> None:
        self._time, self._whole = _LocalTime(), _Whole()
        super().__init__(axisItems={"bottom": self._time, "left": self._whole}, background=None)
        self.setAccessibleName("Chart of the queue over time")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setAntialiasing(True)
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self._areas = _Areas()
        self.addItem(self._areas)
        self._breaches = pg.ScatterPlotItem(symbol="t1", pxMode=True, pen=None)
        self._breaches.setZValue(10)
        self.addItem(self._breaches)
        self._look()

    def _look(self) -> None:
        self._looks = (look.theme.name, look.scale)
        self.resetCachedContent()  # the ground is kept as it was first painted, in the other theme's colour
        plot = self.getPlotItem()
        plot.layout.setContentsMargins(scaled(14), scaled(26), scaled(20), scaled(10))
        for axis in (self._time, self._whole):
            axis.setTextPen(ink("muted"))
            axis.setPen(pg.mkPen(None))
            axis.setStyle(tickFont=fonts().small, tickLength=0, tickTextOffset=scaled(8))
        plot.showGrid(x=False, y=True, alpha=0.22)
        self._breaches.setBrush(ink("alarm"))
        self._breaches.setSize(scaled(12))

    def show_chart(self, chart: Chart, zone: ZoneInfo) -> None:
        """Draw these numbers."""
        self._time.zone = zone
        if self._looks != (look.theme.name, look.scale):
            self._look()
        self._areas.show_bands(chart)
        above = max(1.0, chart.highest * 0.05)
        self._breaches.setData([t for t, _ in chart.breaches], [high + above for _, high in chart.breaches])
        if chart.times:
            self.setXRange(chart.times[0], chart.times[-1] + (chart.times[-1] - chart.times[0]) * 0.008, padding=0)
        self.setYRange(0, max(4, (chart.highest + above) * 1.15), padding=0)  # room for a whole mark over the highest


def _faded(colour: QColor) -> QColor:
    fill = QColor(colour)
    fill.setAlphaF(0.32 if look.theme.name == "dark" else 0.26)
    return fill


def _offset(seconds: float, zone: ZoneInfo) -> float:
    """Seconds the zone is ahead of UTC at that time."""
    ahead = datetime.fromtimestamp(seconds, zone).utcoffset()
    return ahead.total_seconds() if ahead else 0.0
