"""The clinician's calls on the screen: a clock, what it is, whose; painted by hand, one height a row."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from console.domain import queries
from console.domain.ids import CallId
from console.domain.times import span
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
    """Paints a call's line or a section's title; everything that ages is reckoned at the moment of painting."""

    def __init__(self, store: Store, lines: ClinicianLines) -> None:
        super().__init__()
        self._store, self._lines = store, lines

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A title is lower than a call."""
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
            write(painter, faces().second, ink("muted"), left, top, box.width(), str(self._lines.count(row)))
        painter.restore()

    def _draw(self, painter: QPainter, box: QRect, row: Line) -> None:
        now = self._store.now()
        colour, shape, standing = "text", "", row.standing
        if row.section == "waiting":
            colour, shape = _LEVELS[queries.wait(row.agency, row.call, now).level]
        left, wide = box.left() + scaled(_LEFT), scaled(_MIDDLE - _LEFT - 4)
        first, second = box.top() + scaled(9), box.top() + scaled(32)
        age = span((now - row.since).total_seconds())
        write(painter, faces().clock_large, ink(colour), left, first - scaled(1), wide, age)
        muted = ink(colour if shape else "muted")
        write(painter, faces().small, muted, left, second, wide, f"{shape}{standing}")
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
    """One column. Choosing a row chooses the desk's call; arrivals choose nothing."""

    def __init__(self, context: Context, lines: ClinicianLines) -> None:
        super().__init__()
        self._context, self._lines = context, lines
        self._following = False
        self._delegate = LineDelegate(context.store, lines)
        self.setAccessibleName("My calls, and those waiting for a clinician")
        self.setItemDelegate(self._delegate)
        one_column(self)
        # Qt makes the neighboring row current when the current one goes. That is no choice of a person: told before Qt.
        lines.rowsAboutToBeRemoved.connect(self._ignore_qt)
        self.setModel(lines)
        for changed in (lines.rowsInserted, lines.rowsRemoved):
            changed.connect(self.follow_selection)
        lines.modelReset.connect(self._resized)
        context.selection.call_changed.connect(self.follow_selection)
        context.ticker.second.connect(self.viewport().update)
        context.theme.changed.connect(self._resized)
        self._resized()

    def _ignore_qt(self) -> None:
        self._following = True

    def follow_selection(self) -> None:
        """Show the desk's call as the current row."""
        place = self._lines.row_of(self._context.selection.call_id)
        self._following = True
        try:
            if place is None:
                self.selectionModel().clear()
            else:
                self.setCurrentIndex(self._lines.index(place))
        finally:
            self._following = False

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A person moved to another row: that call is the desk's from now on."""
        super().currentChanged(current, previous)
        if not self._following and current.isValid() and self.hasFocus():
            self._context.selection.choose_call(self._lines.call_at(current.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard chooses nothing: Qt would make the first row current."""
        self._following = True
        super().focusInEvent(event)
        self._following = False
        self.follow_selection()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Keys go from call to call, past the titles."""
        del modifiers
        moves, calls = QAbstractItemView.CursorAction, self._lines.calls()
        place = self._lines.row_of(self._beside({moves.MoveUp: -1, moves.MoveDown: 1}.get(action, 0)))
        if action in (moves.MoveHome, moves.MoveEnd) and calls:
            place = self._lines.row_of(calls[0 if action is moves.MoveHome else -1])
        return QModelIndex() if place is None else self._lines.index(place)

    def _beside(self, by: int) -> CallId | None:
        """The call so many rows below (or above) the chosen one, the first where none is chosen; None in an empty list."""
        calls = self._lines.calls()
        chosen = self._context.selection.call_id
        if not calls:
            return None
        return calls[min(max(0, calls.index(chosen) + by), len(calls) - 1)] if chosen in calls else calls[0]

    def step(self, by: int) -> None:
        """Choose the call so many rows below (or above) the chosen one; the first where none is chosen."""
        self._context.selection.choose_call(self._beside(by) or self._context.selection.call_id)

    def _resized(self, *_: object) -> None:
        """Titles are lower than calls; all calls are of one height."""
        self.verticalHeader().setDefaultSectionSize(scaled(HEIGHT))
        for place in range(self._lines.rowCount()):
            high = scaled(HEIGHT if self._lines.call_at(place) else TITLE_HEIGHT)
            if self.rowHeight(place) != high:
                self.setRowHeight(place, high)
        self.follow_selection()
