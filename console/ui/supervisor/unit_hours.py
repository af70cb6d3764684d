"""The hours of each unit today: its duty so far, and in its colour the parts spent on calls. Painted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from console.domain import metrics
from console.domain.ids import UnitId
from console.domain.programmes import duty_spans
from console.domain.state import State
from console.domain.times import about
from console.domain.unit_status import on_duty
from console.ui.context import Context
from console.ui.supervisor.day import Day, Days
from console.ui.supervisor.tables import Heading
from console.ui.units.detail import interval_words, last_part
from console.ui.widgets import faces, ink, scaled, write

Span = tuple[datetime, datetime]
_LEFT, _RIGHT, _ROW, _MOST, _BAR, _AXIS = 82, 20, 22, 39, 18, 26


class _Line(Struct, frozen=True):
    """A unit's hours today: when it was on duty, when on calls, and both in words."""

    unit_id: UnitId
    colour: str
    duty: tuple[Span, ...]
    calls: tuple[Span, ...]
    words: str


class UnitHours(QWidget):
    """A line a unit: its hours of duty so far, and in its programme's colour the parts spent on calls."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_Line] = []
        self._since = self._until = datetime(1970, 1, 1, tzinfo=UTC)
        self._zone = ZoneInfo("UTC")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Unit hours today")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)

    def show_days(self, state: State, days: Days, now: datetime) -> None:
        """Draw these days, from the first hour of duty (or call) to now."""
        midnight = metrics.midnight(state, now)
        zone = state.agency.time_zone
        on_duty_by = {p.code: duty_spans(p, midnight, now, zone) for p in state.agency.programmes}  # once, not for each unit
        lines = []
        for unit in state.units.values():
            day, programme = days.units.get(unit.unit_id), state.agency.programme(unit.programme)
            spans = day.spans if day else ()
            if not on_duty(unit) and not spans:
                continue
            duty = on_duty_by.get(unit.programme, ())
            colour = programme.colour if programme else "slate"
            calls = day.calls if day else 0
            words = f"{unit.unit_id}: {about(day.busy_s if day else 0)} on {calls} {'call' if calls == 1 else 'calls'}"
            part = last_part(state, unit) if unit.call else None
            if part is not None:
                words += f"; now on {part.call.number}: {interval_words(part, now)}"
            lines.append(_Line(unit.unit_id, colour, duty, spans, words))
        places = {programme.code: n for n, programme in enumerate(state.agency.programmes)}
        lines.sort(key=lambda line: (places.get(state.units[line.unit_id].programme, len(places)), line.unit_id))
        starts = [start for line in lines for start, _ in (*line.duty, *line.calls)]
        first = min(starts, default=midnight)
        self._since = first - timedelta(seconds=first.timestamp() % 3600)
        self._until = max(now, self._since + timedelta(hours=1))
        self._zone = ZoneInfo(state.agency.time_zone)
        self._lines = lines
        self.setAccessibleDescription("; ".join(line.words for line in lines) or "No unit was on duty today.")
        self.setMinimumHeight(scaled(_AXIS + 14 + _ROW * len(lines)))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(scaled(400), self.minimumHeight())

    def event(self, event: QEvent) -> bool:
        """Hovering a line tells its hours."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = (event.pos().y() - scaled(14)) // max(1, self._row())
            if 0 <= place < len(self._lines):
                QToolTip.showText(event.globalPos(), self._lines[place].words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _row(self) -> int:
        room = self.height() - scaled(_AXIS + 14)
        return min(scaled(_MOST), room // len(self._lines)) if self._lines else scaled(_ROW)

    def _x(self, at: datetime) -> float:
        whole = (self._until - self._since).total_seconds()
        share = (at - self._since).total_seconds() / whole
        return scaled(_LEFT) + share * (self.width() - scaled(_LEFT + _RIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines, bars, and the hours below; of many lines only those in view."""
        shown = event.rect()
        painter = QPainter(self)
        row = self._row()
        high = min(scaled(_BAR), round(row * 0.64))
        if not self._lines:
            write(painter, faces().second, ink("faint"), scaled(14), scaled(16), self.width(), "No unit was on duty today.")
            return
        for place, line in enumerate(self._lines):
            top = scaled(14) + place * row + (row - high) // 2
            if top + row < shown.top() or top - row > shown.bottom():
                continue
            middle = top + (high - faces().second.metrics.height()) // 2
            write(painter, faces().second, ink("text"), scaled(14), middle, scaled(_LEFT - 18), line.unit_id)
            for start, end in line.duty:
                painter.fillRect(self._box(start, end, top, high), ink("line"))
            for start, end in line.calls:
                painter.fillRect(self._box(start, end, top, high), ink(line.colour))
        self._draw_hours(painter, scaled(14) + row * len(self._lines) + scaled(6))

    def _box(self, start: datetime, end: datetime, top: int, high: int) -> QRectF:
        left, right = self._x(max(start, self._since)), self._x(min(end, self._until))
        return QRectF(left, top, max(1.0, right - left), high)

    def _draw_hours(self, painter: QPainter, top: int) -> None:
        wide = scaled(44)
        hours = max(1, round((self._until - self._since).total_seconds() / 3600))
        step = next((s for s in (1, 2, 3, 4, 6) if (self.width() - scaled(_LEFT)) / hours * s > wide), 6)
        at = self._since
        while at <= self._until:
            left = round(self._x(at))
            if left + wide <= self.width() + scaled(8):
                write(painter, faces().small, ink("muted"), left, top, wide, f"{at.astimezone(self._zone):%H:%M}")
            at += timedelta(hours=step)


class UnitHoursPane(QWidget):
    """Unit hours under their heading."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._day = Day.of(context)
        self.setAccessibleName("Unit hours")
        self._heading, self.bars = Heading("Unit hours, today"), UnitHours()
        self._heading.aside.setText("on calls, of the duty so far")
        area = QScrollArea()
        area.setAccessibleName("Unit hours, a line a unit")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.bars)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(area, 1)
        self._day.days.watch(self, self._show)
        context.theme.changed.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._day.days.look()
        self._show()

    def _show(self) -> None:
        if self.isVisible():
            store = self._context.store
            self.bars.show_days(store.state, self._day.days.value, store.now())
