"""Paints one line of the queue: clock, nature, place, tags and the bar toward its target."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QRegion
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.domain.queries import Wait
from console.domain.times import span
from console.ui.queue.arrangement import arrange
from console.ui.queue.model import NEW_ROLE, ROW_ROLE, came_back
from console.ui.queue.rows import Row, Tag, priority_words, target_words
from console.ui.store import Store
from console.ui.widgets import draw_tag, faces, ink, scaled, tag_width, write

HEIGHT: Final = 86
"""Height of every line, the same whatever it says: a clock that turns due must not push the rows below it."""

_LEFT, _MIDDLE, _RIGHT, _GAP = 14, 100, 14, 5
_LINES: Final = (9, 31, 49)
_BAR_ABOVE_BOTTOM: Final = 13
_LEVEL_TOKENS: Final = {"fine": "text", "due": "due", "past": "alarm"}


def clock_area(box: QRect) -> QRect:
    """The part of a line that says another thing every second."""
    return QRect(box.left(), box.top(), scaled(_MIDDLE), box.height())


def words_area(box: QRect) -> QRect:
    """The part of a line that the clock leaves as it is."""
    left = box.left() + scaled(_MIDDLE)
    return QRect(left, box.top(), box.right() - left + 1, box.height() - scaled(_BAR_ABOVE_BOTTOM) - 1)


def bar_area(box: QRect) -> QRect:
    """The part below the words, right of the clock, in which the bar grows."""
    words = words_area(box)
    return QRect(words.left(), words.bottom() + 1, words.width(), box.bottom() - words.bottom())


def bar_length(box: QRect, waiting: Wait) -> int:
    """Pixels of the bar toward the target that are filled; 0 where the agency sets no target."""
    if not waiting.past_s:
        return 0
    return max(scaled(3), round(_track(box).width() * min(1.0, waiting.waited_s / waiting.past_s)))


class QueueDelegate(QStyledItemDelegate):
    """Everything that ages is reckoned here, at the moment of painting."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.exposed: QRegion | None = None
        """What is to be painted now; None for everything. Words outside it, which cost most, are left out."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for all."""
        del index
        return QSize(option.rect.width(), scaled(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw the line into its rectangle."""
        line = index.data(ROW_ROLE)
        if not isinstance(line, Row):
            return
        line = line.aged(self._store.now())
        box = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        waiting = line.wait(self._store.now())
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, ink("selection" if chosen else "surface"))
        if chosen:
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.fillRect(box.left(), box.top(), scaled(3), box.height(), ink("focus" if focused else "text"))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, ink("line"))
        if line.gone:
            _draw_gone(painter, box, line)
        else:
            _draw_clock(painter, box, line, waiting, new=bool(index.data(NEW_ROLE)))
            if self.exposed is None or self.exposed.intersects(words_area(box)):
                _draw_words(painter, box, line)
            _draw_bar(painter, box, waiting)
        painter.restore()


def _draw_clock(painter: QPainter, box: QRect, line: Row, waiting: Wait, *, new: bool) -> None:
    """Left: how long, the priority, and what the target says of it; a dot while nobody has looked at the line.

    A caller who was given back to the person at this desk stands out in amber until then.
    """
    level = ink(_LEVEL_TOKENS[waiting.level])
    left, wide = box.left() + scaled(_LEFT), scaled(_MIDDLE - _LEFT - 3)
    write(painter, faces().clock_large, level, left, box.top() + scaled(_LINES[0] - 1), wide, span(waiting.waited_s))
    aside = "back" if new and came_back(line) else "new" if new else line.aside
    priority = " · ".join(part for part in (priority_words(line.call.priority), aside) if part)
    muted = ink("due" if new and came_back(line) else "text" if new else "muted")
    write(painter, faces().small, muted, left, box.top() + scaled(_LINES[1]), wide, priority)
    if words := target_words(waiting):
        write(painter, faces().small, level, left, box.top() + scaled(_LINES[2] - 1), wide, words)
    if new:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(muted)
        painter.drawEllipse(QRectF(box.left() + scaled(4), box.top() + scaled(17), scaled(6), scaled(6)))


def _draw_words(painter: QPainter, box: QRect, line: Row) -> None:
    """Middle and right: nature with what warns, the programmes, the place, and what else is worth knowing."""
    left, right = box.left() + scaled(_MIDDLE), box.right() - scaled(_RIGHT) - scaled(4)
    shown = arrange(line, right - left)
    first, second, third = (box.top() + scaled(top) for top in _LINES)
    muted = ink("muted")
    used = write(painter, faces().strong, ink("text"), left, first, shown.nature, line.nature)
    _draw_tags(painter, shown.after_nature, left + used + scaled(_GAP), first - scaled(1))
    _draw_tags_right(painter, shown.at_right, right, first - scaled(1))
    edge = _draw_tags_right(painter, shown.second_right, right, second - scaled(3))
    write(painter, faces().second, muted, left, second, edge - left, shown.second)
    edge = _draw_tags_right(painter, shown.third_right, right, third - scaled(2))
    left = _draw_tags(painter, shown.third, left, third - scaled(2))
    write(painter, faces().second, muted, left, third, edge - left, shown.third_words)


def _draw_tags(painter: QPainter, tags: tuple[Tag, ...], left: int, top: int) -> int:
    """Draw tags from the left; where the next would begin comes back."""
    for tag in tags:
        left = draw_tag(painter, left, top, tag.text, ink(tag.colour)).right() + 1 + scaled(_GAP)
    return left


def _draw_tags_right(painter: QPainter, tags: tuple[Tag, ...], right: int, top: int) -> int:
    """Draw tags up to the right; how far words before them may go comes back."""
    for tag in reversed(tags):
        right -= tag_width(tag.text)
        draw_tag(painter, right, top, tag.text, ink(tag.colour))
        right -= scaled(_GAP)
    return right


def _track(box: QRect) -> QRectF:
    top, wide = box.bottom() - scaled(_BAR_ABOVE_BOTTOM), box.width() - scaled(2 * _LEFT)
    return QRectF(box.left() + scaled(_LEFT), top, wide, scaled(3))


def _draw_bar(painter: QPainter, box: QRect, waiting: Wait) -> None:
    """The share of the target that is used up; no bar where the agency sets no target."""
    if not waiting.past_s:
        return
    track = _track(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink("line"))
    painter.drawRoundedRect(track, scaled(1.5), scaled(1.5))
    track.setWidth(bar_length(box, waiting))
    painter.setBrush(ink({"fine": "muted", "due": "due", "past": "alarm"}[waiting.level]))
    painter.drawRoundedRect(track, scaled(1.5), scaled(1.5))


def _draw_gone(painter: QPainter, box: QRect, line: Row) -> None:
    """A call that left the queue while somebody was on it: faint, its number for its clock, and what became of it.

    Not struck through, as if it were cancelled: most leave because a unit goes.
    """
    faint, left = ink("faint"), box.left() + scaled(_MIDDLE)
    wide = box.right() - scaled(_RIGHT) - left
    first, second, third = (box.top() + scaled(top) for top in _LINES)
    write(painter, faces().clock, faint, box.left() + scaled(_LEFT), first, scaled(_MIDDLE - _LEFT), line.call.number)
    write(painter, faces().strong, faint, left, first, wide, line.nature)
    write(painter, faces().second, faint, left, second, wide, line.place)
    write(painter, faces().second_strong, ink("text"), left, third, wide, line.gone)
