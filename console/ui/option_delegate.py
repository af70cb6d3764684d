"""Paints a choice of a list: its key, its words, and under them what a person should know of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.ui.widgets import faces, ink, scaled, write

KEY_ROLE: Final = Qt.ItemDataRole.UserRole + 1
DETAIL_ROLE: Final = Qt.ItemDataRole.UserRole + 2

_SIDE, _KEY, _LINE, _DETAIL = 9, 22, 26, 17


class OptionDelegate(QStyledItemDelegate):
    """One line of words, and under it the quieter lines of its detail, where there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = 0
        """Pixels of an option that has others beside it; 0 where the list gives the width."""

    def needs(self, words: str) -> int:
        """Pixels for an option of these words with its key."""
        return scaled(2 * _SIDE + _KEY) + faces().text.metrics.horizontalAdvance(words) + 2

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as it has lines."""
        lines = len(str(index.data(DETAIL_ROLE) or "").splitlines())
        high = _LINE + (lines * _DETAIL + 3 if lines else 0)
        return QSize(self.wide or min(option.rect.width(), scaled(120)), scaled(high))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw it; what cannot be chosen is faint."""
        box = option.rect
        alive = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, ink("selection"))
            painter.fillRect(box.left(), box.top(), scaled(3), box.height(), ink("focus"))
        key, detail = index.data(KEY_ROLE), index.data(DETAIL_ROLE)
        left, words = box.left() + scaled(_SIDE), str(index.data(Qt.ItemDataRole.DisplayRole))
        colour = ink("text" if alive else "faint")
        if key:
            write(painter, faces().strong, colour, left, box.top() + scaled(5), scaled(_KEY), str(key).upper())
            left += scaled(_KEY)
        wide = box.right() - scaled(_SIDE) - left
        write(painter, faces().text, colour, left, box.top() + scaled(5), wide, words)
        quiet = ink("muted" if alive else "faint")
        for line, words_below in enumerate(str(detail or "").splitlines()):
            write(painter, faces().small, quiet, left, box.top() + scaled(_LINE - 2 + line * _DETAIL), wide, words_below)
