"""The natures that what is typed may mean, listed under the line: code, words, programmes, priority."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.domain.agency import Agency, Nature
from console.domain.state import PRIORITIES
from console.ui.queue.rows import Tag, priority_words
from console.ui.under_line import lie_under
from console.ui.widgets import caption, draw_tag, faces, ink, scaled, tag_width, write

Index = QModelIndex | QPersistentModelIndex

_LINE, _SIDE, _GAP, _LEAST_WIDE = 27, 10, 6, 560
_MOST_WIDE: Final = 860
"""However wide the line is: programmes and priority stand so near the words that the eye finds their row."""
_CODE_AT_MOST: Final = 0.36
"""Of the width; a longer code is elided, its words stand beside it."""


class NatureRows(QAbstractListModel):
    """The natures of a list, as they were found."""

    def __init__(self) -> None:
        super().__init__()
        self.natures: tuple[Nature, ...] = ()
        self.tags: tuple[tuple[Tag, ...], ...] = ()

    def show_natures(self, agency: Agency, natures: tuple[Nature, ...]) -> None:
        """These, and no others, from now on."""
        self.beginResetModel()
        self.natures = natures
        self.tags = tuple(programme_tags(agency, nature) for nature in natures)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a nature."""
        return 0 if parent.isValid() else len(self.natures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words; for screen readers everything that is painted."""
        if not index.isValid():
            return None
        nature = self.natures[index.row()]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            spoken = (
                nature.code,
                nature.name,
                priority_words(nature.priority),
                *(tag.text for tag in self.tags[index.row()]),
            )
            return ", ".join(part for part in spoken if part)
        return nature.name if role == Qt.ItemDataRole.DisplayRole else None


def programme_tags(agency: Agency, nature: Nature) -> tuple[Tag, ...]:
    """The programmes whose list the nature is on, in the agency's order; those that want a reason besides say so."""
    return tuple(
        Tag(f"{programme.code} if" if programme.code in nature.conditional else programme.code, programme.colour)
        for programme in agency.programmes
        if programme.code in nature.listed
    )


class _Painter(QStyledItemDelegate):
    """One line a nature: its code, its words, and at the right its programmes and its priority."""

    def __init__(self, rows: NatureRows) -> None:
        super().__init__()
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One height for all."""
        del index
        return QSize(option.rect.width(), scaled(_LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line into its rectangle."""
        place, box = index.row(), option.rect
        nature, tags = self._rows.natures[place], self._rows.tags[place]
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, ink("selection"))
            painter.fillRect(box.left(), box.top(), scaled(3), box.height(), ink("focus"))
        top, right = box.top() + scaled(5), box.right() - scaled(_SIDE)
        urgent = nature.priority in PRIORITIES[:2]
        wide = faces().second_strong.metrics.horizontalAdvance("P9")
        if nature.priority:
            words = priority_words(nature.priority)
            face = faces().second_strong if urgent else faces().second
            write(painter, face, ink("text" if urgent else "muted"), right - wide, top + scaled(1), wide, words)
        right -= wide + scaled(_GAP)
        for tag in reversed(tags):
            right -= tag_width(tag.text)
            draw_tag(painter, right, box.top() + scaled(3), tag.text, ink(tag.colour))
            right -= scaled(_GAP)
        left, code_wide = box.left() + scaled(_SIDE), self.code_width(box)
        write(painter, faces().second, ink("muted"), left, top + scaled(1), code_wide, nature.code)
        left += code_wide + scaled(_GAP)
        write(painter, faces().text, ink("text"), left, top, right - left, nature.name)

    def code_width(self, box: QRect) -> int:
        """As wide as the longest code that is listed, within its share."""
        widest = max(faces().second.metrics.horizontalAdvance(nature.code) for nature in self._rows.natures)
        return min(widest, round(box.width() * _CODE_AT_MOST))


class NatureList(QListView):
    """Lies over the window, beside the line it belongs to, and never takes the keyboard from it."""

    pointed = Signal()
    """Another nature is selected, or none any more."""

    def __init__(self, line: QWidget) -> None:
        super().__init__(line)
        self._line = line
        self.rows = NatureRows()
        self._painter = _Painter(self.rows)
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setUniformItemSizes(True)
        self.setProperty("role", "card")
        self.setAccessibleName("Natures")
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.more = caption("More natures fit: type on", "small")
        self.more.setParent(self)
        self.more.setContentsMargins(scaled(_SIDE), 0, 0, 0)
        self.more.hide()
        line.destroyed.connect(self.deleteLater)  # it lies in the window once it was shown, and must not outlive its line
        self.hide()

    @property
    def chosen(self) -> Nature | None:
        """The nature that is selected, or None."""
        place = self.currentIndex().row()
        return self.rows.natures[place] if 0 <= place < len(self.rows.natures) else None

    def show_natures(
        self, agency: Agency, natures: tuple[Nature, ...], chosen: Nature | None, *, more: bool = False
    ) -> None:
        """List these with one of them, or none, selected; no natures hide the list. `more`: others fit as well."""
        self.rows.show_natures(agency, natures)
        self.more.setVisible(more)
        self.setViewportMargins(0, 0, 0, scaled(_LINE) if more else 0)
        if not natures:
            self.hide()
            return
        self.choose(natures.index(chosen) if chosen in natures else -1)
        self._take_place()
        self.show()
        self.raise_()

    def choose(self, place: int) -> None:
        """Select the nature at that place; -1 none."""
        if place < 0:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self.rows.index(place, 0))
        self.pointed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is pointed at in a list that is not there."""
        super().hideEvent(event)
        self.pointed.emit()

    def move_by(self, step: int) -> None:
        """Select the next one, or the one before; after the last comes the first."""
        here, count = self.currentIndex().row(), len(self.rows.natures)
        self.choose((max(here, -1 if step > 0 else 0) + step) % count)

    def _take_place(self) -> None:
        """Under the line, or above it where there is no room below; never past the window's edge."""
        lines = len(self.rows.natures) + (not self.more.isHidden())
        high = lines * scaled(_LINE) + 2 * self.frameWidth()
        lie_under(self._line, self, high, scaled(_LEAST_WIDE), scaled(_MOST_WIDE))
        inside = self.frameWidth()
        self.more.setGeometry(inside, high - inside - scaled(_LINE), self.width() - 2 * inside, scaled(_LINE))
