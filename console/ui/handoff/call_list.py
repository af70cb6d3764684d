"""The clinician's list on the screen: a clock, what it is, whose; painted by hand, one height a row."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from console.ui.context import Context
from console.ui.handoff.lines import LINE_ROLE, TITLES, ClinicianLines
from console.ui.handoff.rows import Line
from console.ui.store import Store
from console.ui.tables import one_column
from console.ui.widgets import draw_tag, faces, ink, scaled, tag_width, write

HEIGHT: Final = 60
TITLE_HEIGHT: Final = 41
_LEFT, _MIDDLE = 14, 90
_LEVELS: Final = {"fine": ("text", ""), "due": ("due", "◆ "), "past": ("alarm", "▲ ")}


class LineDelegate(QStyledItemDelegate):
    """Paints a row or a section's title; everything that ages is reckoned at the moment of painting."""

    def __init__(self, store: Store, lines: ClinicianLines) -> None:
        super().__init__()
        self._store, self._lines = store, lines

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A title is lower than a row."""
        high = HEIGHT if isinstance(index.data(LINE_ROLE), Line) else TITLE_HEIGHT
        return QSize(option.rect.width(), scaled(high))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw the row into its rectangle."""
        row = index.data(LINE_ROLE)
        box = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, ink("selection" if chosen else "surface"))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, ink("line"))
        if isinstance(row, Line):
            if chosen:
                focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
                painter.fillRect(box.left(), box.top(), scaled(3), box.height(), ink("focus" if focused else "text"))
            self._draw(painter, box, row)
        elif row in TITLES:
            top, left = box.top() + scaled(11), box.left() + scaled(_LEFT)
            used = write(painter, faces().strong, ink("text"), left, top, box.width(), TITLES[row])
            left += used + scaled(10)
            left += write(painter, faces().second, ink("muted"), left, top, box.width(), str(self._lines.count(row)))
            words, level = self._lines.late(row)
            colour, shape = _LEVELS[level]
            write(painter, faces().second, ink(colour), left + scaled(10), top, box.width(), f"{shape}{words}")
        painter.restore()

    def _draw(self, painter: QPainter, box: QRect, row: Line) -> None:
        now = self._store.now()
        level = row.level(now)
        colour, shape = _LEVELS[level]
        left, wide = box.left() + scaled(_LEFT), scaled(_MIDDLE - _LEFT - 4)
        first, second = box.top() + scaled(9), box.top() + scaled(32)
        write(painter, faces().clock_large, ink(colour), left, first - scaled(1), wide, row.clock(now))
        standing = row.standing or {"due": "due", "past": "overdue", "fine": ""}[level]
        write(painter, faces().small, ink(colour if shape else "muted"), left, second, wide, f"{shape}{standing}")
        left, right = box.left() + scaled(_MIDDLE), box.right() - scaled(14)
        tags = sum(tag_width(tag.text) + scaled(5) for tag in row.tags)
        beside = faces().strong.metrics.horizontalAdvance(row.nature) + tags <= right - left
        edge = right
        for tag in reversed(row.tags):  # in a narrow list they give the nature the whole of its line
            edge -= tag_width(tag.text)
            draw_tag(painter, edge, (first - scaled(1)) if beside else (second - scaled(3)), tag.text, ink(tag.colour))
            edge -= scaled(5)
        write(painter, faces().strong, ink("text"), left, first, (edge if beside else right) - left, row.nature)
        about = (right if beside else edge) - left
        write(painter, faces().second, ink("muted"), left, second - scaled(1), about, row.about)


class CallList(QTableView):
    """One column. Choosing a row chooses the desk's call, or a call back; arrivals choose nothing."""

    def __init__(self, context: Context, lines: ClinicianLines) -> None:
        super().__init__()
        self._context, self._lines = context, lines
        self._following = False
        self._delegate = LineDelegate(context.store, lines)
        self.setAccessibleName("My calls, those waiting for a clinician, and calls back")
        self.setItemDelegate(self._delegate)
        one_column(self)
        # Qt makes the neighboring row current when the current one goes. That is no choice of a person: told before Qt.
        lines.rowsAboutToBeRemoved.connect(self._ignore_qt)
        self.setModel(lines)
        for changed in (lines.rowsInserted, lines.rowsRemoved):
            changed.connect(self.follow_selection)
        lines.modelReset.connect(self._resized)
        context.selection.call_changed.connect(self.follow_selection)
        context.selection.call_back_changed.connect(self.follow_selection)
        context.ticker.second.connect(self.viewport().update)
        context.theme.changed.connect(self._resized)
        self._resized()

    def _ignore_qt(self) -> None:
        self._following = True

    @property
    def chosen(self) -> str:
        """The id of what is chosen: the call back, else the desk's call; "" for none."""
        return self._context.selection.call_back_id or self._context.selection.call_id or ""

    def follow_selection(self) -> None:
        """Show what is chosen as the current row."""
        place = self._lines.row_of(self.chosen)
        self._following = True
        try:
            if place is None:
                self.selectionModel().clear()
            else:
                self.setCurrentIndex(self._lines.index(place))
        finally:
            self._following = False

    def choose(self, key: str | None) -> None:
        """Choose a row by its id: its call becomes the desk's, where that is still on the board."""
        place = self._lines.row_of(key)
        row = self._lines.line_at(place) if place is not None else None
        if row is None:
            return
        selection = self._context.selection
        selection.choose_call(row.call_id if row.call_id in self._context.store.state.calls else None)
        selection.choose_call_back(row.key if row.call_back is not None else None)
        self.scrollTo(self._lines.index(place or 0))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A person moved to another row: that is chosen from now on."""
        super().currentChanged(current, previous)
        row = self._lines.line_at(current.row())
        if not self._following and row is not None and self.hasFocus():
            self.choose(row.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard chooses nothing: Qt would make the first row current."""
        self._following = True
        super().focusInEvent(event)
        self._following = False
        self.follow_selection()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Keys go from row to row, past the titles."""
        del modifiers
        moves, keys = QAbstractItemView.CursorAction, self._lines.keys()
        place = self._lines.row_of(self._beside({moves.MoveUp: -1, moves.MoveDown: 1}.get(action, 0)))
        if action in (moves.MoveHome, moves.MoveEnd) and keys:
            place = self._lines.row_of(keys[0 if action is moves.MoveHome else -1])
        return QModelIndex() if place is None else self._lines.index(place)

    def _beside(self, by: int) -> str | None:
        """What is so many rows below (or above) the chosen one, the first where none is chosen; None in an empty list."""
        keys = self._lines.keys()
        if not keys:
            return None
        return keys[min(max(0, keys.index(self.chosen) + by), len(keys) - 1)] if self.chosen in keys else keys[0]

    def step(self, by: int) -> None:
        """Choose what is so many rows below (or above) the chosen one; the first where none is chosen."""
        self.choose(self._beside(by))

    def _resized(self, *_: object) -> None:
        """Titles are lower than rows; all rows are of one height."""
        self.verticalHeader().setDefaultSectionSize(scaled(HEIGHT))
        for place in range(self._lines.rowCount()):
            high = scaled(HEIGHT if self._lines.line_at(place) else TITLE_HEIGHT)
            if self.rowHeight(place) != high:
                self.setRowHeight(place, high)
        self.follow_selection()
