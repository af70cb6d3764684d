"""The calls that were missed, by the hour in which they came. Painted by hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from console.ui.context import Context
from console.ui.supervisor.day import Day
from console.ui.supervisor.tables import Heading
from console.ui.supervisor.words import hours_on_duty, missed_span
from console.ui.widgets import faces, ink, scaled, write

_LEFT, _RIGHT, _AXIS = 26, 20, 26


class MissedByHour(QWidget):
    """A bar an hour; amber, with a diamond above its count, where no programme is on duty."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: tuple[int, ...] = (0,) * 24
        self._on_duty: tuple[bool, ...] = (True,) * 24
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Missed calls by hour")
        self.setMinimumHeight(scaled(120))

    def show_counts(self, counts: tuple[int, ...], on_duty_in: tuple[bool, ...]) -> None:
        """Draw these."""
        self._counts, self._on_duty = counts, on_duty_in
        said = [self._words(hour) for hour in range(24) if counts[hour]]
        self.setAccessibleDescription("; ".join(said) or "No eligible call was missed today.")
        self.update()

    def _words(self, hour: int) -> str:
        outside = "" if self._on_duty[hour] else ", no programme on duty"
        return f"{hour:02d}:00 to {hour + 1:02d}:00: {self._counts[hour]} missed{outside}"

    def _bar(self, hour: int) -> QRect:
        left, room = scaled(_LEFT), self.width() - scaled(_LEFT + _RIGHT)
        step = room / 24
        bottom = self.height() - scaled(_AXIS + 14)
        most = max(1, *self._counts)
        high = round((bottom - scaled(44)) * self._counts[hour] / most)
        return QRect(round(left + hour * step), bottom - high, max(1, round(step * 0.76)), high)

    def event(self, event: QEvent) -> bool:
        """Hovering an hour tells its count."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            hour = next((h for h in range(24) if self._column(h).contains(event.pos())), None)
            if hour is not None:
                QToolTip.showText(event.globalPos(), self._words(hour), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _column(self, hour: int) -> QRect:
        bar = self._bar(hour)
        return QRect(QPoint(bar.left(), 0), QSize(bar.width(), self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars with their counts, a base line, the hours below."""
        del event
        painter = QPainter(self)
        small = faces().small
        bottom = self.height() - scaled(_AXIS + 14)
        for hour in range(24):
            bar = self._bar(hour)
            if self._counts[hour]:
                painter.fillRect(bar, ink("muted" if self._on_duty[hour] else "due"))
                colour = ink("muted" if self._on_duty[hour] else "due")
                above = bar.top()
                for words in (str(self._counts[hour]), *(() if self._on_duty[hour] else ("◆",))):  # upwards
                    above -= small.metrics.height() + (2 if above == bar.top() else -3)
                    left = bar.center().x() + 1 - small.metrics.horizontalAdvance(words) // 2
                    write(painter, small, colour, left, above, scaled(60), words)
            if hour % 3 == 0:
                write(painter, small, ink("muted"), bar.left(), bottom + scaled(6), scaled(30), f"{hour:02d}")
        base = self._bar(0).left()
        painter.fillRect(QRect(base, bottom, self.width() - base - scaled(_RIGHT), 1), ink("line"))
        if not any(self._counts):
            write(
                painter, faces().second, ink("faint"), base, scaled(16), self.width(), "No eligible call was missed today."
            )


class MissedPane(QWidget):
    """Missed calls by hour under a heading that says which span they cover."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._day = Day.of(context)
        self.setAccessibleName("Missed by hour")
        self._heading, self.bars = Heading("Missed, by hour"), MissedByHour()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self.bars, 1)
        self._day.today.watch(self, self._show)
        context.theme.changed.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._day.today.look()
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        store, today = self._context.store, self._day.today.value
        on_duty = hours_on_duty(store.state, store.now())
        outside = any(count and not on for count, on in zip(today.missed_by_hour, on_duty, strict=True))
        span = missed_span(store.state, today, store.now())
        self._heading.aside.setText(f"{span} · ◆ nobody on duty" if outside else span)
        self.bars.show_counts(today.missed_by_hour, on_duty)
