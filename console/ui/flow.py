"""Widgets side by side, on as many lines as they need: none is ever cut off or pushes a window wider."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.widgets import scaled

_GAP, _LINE_GAP = 8, 6


class Flow(QWidget):
    """Places its widgets itself, in the order in which they were added; a hidden one takes no room.

    Who changes one of them calls `refit`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        self._wants: list[tuple[bool, QSize]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, part: QWidget) -> None:
        """Put a widget behind those that are there."""
        part.setParent(self)
        self._parts.append(part)
        self.refit()

    def refit(self) -> None:
        """Place all of them anew, where one has other words, came or went; nothing is done where none has."""
        wants = [(part.isHidden(), part.sizeHint()) for part in self._parts]
        if wants == self._wants:
            return
        self._wants = wants
        self.updateGeometry()
        self._place()

    def sizeHint(self) -> QSize:
        """All on one line."""
        boxes = self._boxes(1 << 20)
        return QSize(max((box.right() + 1 for _, box in boxes), default=0), _bottom(boxes))

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest."""
        boxes = self._boxes(1 << 20)
        return QSize(max((box.width() for _, box in boxes), default=0), max((box.height() for _, box in boxes), default=0))

    def hasHeightForWidth(self) -> bool:
        """What does not fit beside goes below."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the lines that they take at this width."""
        return _bottom(self._boxes(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        """What came while it was hidden takes its place."""
        super().showEvent(event)
        self._place()

    def _place(self) -> None:
        for part, box in self._boxes(self.width()):
            part.setGeometry(box)

    def _boxes(self, width: int) -> list[tuple[QWidget, QRect]]:
        placed: list[tuple[QWidget, QRect]] = []
        shown = [part for part in self._parts if not part.isHidden()]
        high = max((part.sizeHint().height() for part in shown), default=0)
        left = top = 0
        for part in shown:
            wide = part.sizeHint().width()
            if left and left + wide > width:
                left, top = 0, top + high + scaled(_LINE_GAP)
            placed.append((part, QRect(left, top, wide, high)))
            left += wide + scaled(_GAP)
        return placed


def _bottom(boxes: list[tuple[QWidget, QRect]]) -> int:
    return max((box.bottom() + 1 for _, box in boxes), default=0)
