"""Widgets side by side as far as their words go, and in even columns below one another in a narrower pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from console.ui.widgets import scaled

GAP = 8
"""Pixels between two widgets at 100 %."""


class Wide(Protocol):
    """Says how many pixels its words need, whatever it shows now."""

    def whole_width(self) -> int:
        """Pixels for the longest of what it may say."""


class SideBySide(QWidget):
    """Keeps its widgets in order; those that are hidden take no place. No words are ever cut off."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        super().__init__()
        self._widgets = tuple(widgets)
        self._placed: tuple[int, tuple[QWidget, ...]] = (0, ())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(GAP))
        self._grid.setVerticalSpacing(scaled(6))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for widget in self._widgets:
            self._grid.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other columns."""
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Give each its place at the width there is; done again after a widget came, went or got other words."""
        shown = tuple(widget for widget in self._widgets if not widget.isHidden())
        needs = [_needs(widget) for widget in shown]
        columns = _columns(needs, self.width())
        for place in range(len(self._widgets)):  # each as its words need: equal shares would cut the longest
            self._grid.setColumnStretch(place, max(needs[place::columns]) if place < min(columns, len(needs)) else 0)
        if (columns, shown) == self._placed:
            return
        self._placed = (columns, shown)
        for widget in self._widgets:
            self._grid.removeWidget(widget)
        for place, widget in enumerate(shown):
            widget.setMinimumWidth(scaled(60))
            self._grid.addWidget(widget, place // columns, place % columns)


def _needs(widget: QWidget) -> int:
    wide: Wide = widget  # type: ignore[assignment]
    return wide.whole_width()


def _columns(needs: list[int], width: int) -> int:
    """The most columns in which every widget has its room; at least one."""
    for columns in range(len(needs), 1, -1):
        room = sum(max(needs[place::columns]) for place in range(columns)) + (columns - 1) * scaled(GAP)
        if room <= width:
            return columns
    return 1
