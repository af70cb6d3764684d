"""An answer as a button: its digit, its words over as many lines as they need."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from console.ui.triage.model import Choice
from console.ui.widgets import ink, scaled

_SIDE: Final = 15
_ABOVE: Final = 13
_ABOVE_IF_NARROW: Final = 8
_NARROW: Final = 200
"""Pixels above and below the words, and the width from which on there is room for more of them."""
_AFTER_DIGIT: Final = 20
_WRAP: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.AlignmentFlag.AlignLeft)


class AnswerButton(QPushButton):
    """Shows a `Choice`; pressing it gives that answer."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice("", "")
        self.setProperty("role", "answer")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_choice(self, choice: Choice) -> None:
        """Offer this answer from now on."""
        self.choice = choice
        self.setAccessibleName(f"Answer {choice.key}: {choice.words}{', the answer that stands' if choice.stands else ''}")
        self.setToolTip("\n".join(choice.others))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Long answers take a second line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the words at this width."""
        room = width - 2 * scaled(_SIDE) - scaled(_AFTER_DIGIT)
        wrapped = QFontMetrics(self._font()).boundingRect(QRect(0, 0, max(1, room), 1000), _WRAP, self.choice.words)
        above = _ABOVE if width >= scaled(_NARROW) else _ABOVE_IF_NARROW
        return max(scaled(24), wrapped.height() + 2 * scaled(above))

    def sizeHint(self) -> QSize:
        """Two beside one another at the usual width of the pane."""
        return QSize(scaled(200), self.heightForWidth(scaled(200)))

    def minimumSizeHint(self) -> QSize:
        """Narrow, with more lines, where the pane is narrow."""
        return QSize(scaled(90), scaled(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style draws the button, digit and words are drawn in it."""
        del event
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        if self.choice.stands:
            painter.fillRect(QRect(scaled(3), scaled(3), scaled(4), self.height() - 2 * scaled(3)), ink("focus"))
        self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        colour = ink("text" if self.isEnabled() else "faint")
        left, bold = scaled(_SIDE), self._font()
        bold.setBold(True)
        painter.setPen(colour)
        painter.setFont(bold)
        painter.drawText(QRect(left, 0, scaled(_AFTER_DIGIT), self.height()), _WRAP, self.choice.key)
        painter.setFont(self._font())
        left += scaled(_AFTER_DIGIT)
        painter.drawText(QRect(left, 0, self.width() - left - scaled(_SIDE), self.height()), _WRAP, self.choice.words)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(scaled(15))
        return font
