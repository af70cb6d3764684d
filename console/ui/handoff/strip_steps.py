"""The five steps of a hand-off side by side, painted: what is reached with its time, and how it ended where it did."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.handoff.strip_lines import Step
from console.ui.widgets import Face, faces, ink, scaled, write

_HIGH: Final = 46
_DOT: Final = 9
_WORDS_AT, _TIME_AT = 14, 29
_GAP: Final = 7
"""Between the words of one step and those of the next."""


class StripSteps(QWidget):
    """Takes the steps as they are; the step that holds now is bold, those ahead faint, an exit amber with a cross."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Draw these."""
        if steps != self.steps:
            self.steps = steps
            said = (f"{step.words} {step.at or 'not yet'}" for step in steps)
            self.setAccessibleName(", ".join(said))
            self.update()
        self.setVisible(bool(steps))

    def sizeHint(self) -> QSize:
        """Room for the words and times of five."""
        return QSize(scaled(340), scaled(_HIGH))

    def minimumSizeHint(self) -> QSize:
        """They stand closer in a narrow pane."""
        return QSize(scaled(200), scaled(_HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dot a step, a line from each to the next, the word and the time below."""
        del event
        if not self.steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        for place, (step, wide) in enumerate(zip(self.steps, self.widths(), strict=True)):
            self._draw(painter, step, left, wide)
            if place + 1 < len(self.steps):
                ahead = self.steps[place + 1].kind == "ahead"
                painter.setPen(QPen(ink("line" if ahead else "muted"), scaled(1.5)))
                middle = scaled(_DOT) / 2 + 1
                begin = left + scaled(_DOT + 4)
                painter.drawLine(QLineF(QPointF(begin, middle), QPointF(left + wide - scaled(4), middle)))
            left += wide

    def widths(self) -> tuple[int, ...]:
        """How wide each step is: what its words need and a gap, and an even share of the room that is left."""
        times = faces().small.metrics
        needed = [
            max(_face(step).metrics.horizontalAdvance(step.words), times.horizontalAdvance(step.at)) + scaled(_GAP)
            for step in self.steps
        ]
        spare = (self.width() + scaled(_GAP) - sum(needed)) / len(needed) if needed else 0  # no gap after the last
        return tuple(round(need + spare) for need in needed)

    def _draw(self, painter: QPainter, step: Step, left: int, wide: int) -> None:
        token = {"done": "muted", "now": "fine", "ahead": "faint", "exit": "due"}[step.kind]
        box = QRectF(left + 1, 1, scaled(_DOT), scaled(_DOT))
        painter.setPen(QPen(ink(token), scaled(1.5)))
        painter.setBrush(ink(token) if step.kind in ("done", "now") else Qt.BrushStyle.NoBrush)
        if step.kind == "exit":
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.bottomLeft(), box.topRight())
        else:
            painter.drawEllipse(box)
        words = ink({"ahead": "faint", "exit": "due", "now": "text"}.get(step.kind, "muted"))
        write(painter, _face(step), words, left, scaled(_WORDS_AT), wide - 1, step.words)
        write(painter, faces().small, ink("muted"), left, scaled(_TIME_AT), wide - 1, step.at)


def _face(step: Step) -> Face:
    """The face of a step's word: bold for the one that holds now, and for how it ended."""
    return faces().second_strong if step.kind in ("now", "exit") else faces().second
