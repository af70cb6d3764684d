"""Where a list lies that belongs to a line: under it, or above it where there is no room below, within the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget


def lie_under(line: QWidget, over: QWidget, high: int, least: int, most: int) -> None:
    """Lay a widget of this height over the window, as wide as its line, within these bounds in pixels."""
    window = line.window()
    if over.parent() is not window:
        over.setParent(window)
    wide = min(max(line.width(), least), most, window.width())
    corner = line.mapTo(window, QPoint(0, line.height() + 2))
    if corner.y() + high > window.height():
        corner.setY(max(0, corner.y() - line.height() - 4 - high))
    corner.setX(max(0, min(corner.x(), window.width() - wide)))
    over.setGeometry(QRect(corner, QSize(wide, high)))
