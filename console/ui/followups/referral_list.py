"""The list of who is owed a first contact: a clock, whom it is about, whose it is; painted by hand."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from console.domain.changes import Changes
from console.domain.ids import ReferralId
from console.ui.context import Context
from console.ui.followups.rows import SHAPES, ReferralRow, rows
from console.ui.store import Store
from console.ui.tables import one_column
from console.ui.widgets import faces, ink, scaled, write

Index = QModelIndex | QPersistentModelIndex
ROW: Final = Qt.ItemDataRole.UserRole
HEIGHT: Final = 52
_LEFT, _MIDDLE = 14, 106
_TOKENS: Final = {"fine": "text", "due": "due", "past": "alarm"}


class ReferralRows(QAbstractListModel):
    """The referrals that go on, in the order in which they are due."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.rows: tuple[ReferralRow, ...] = rows(store.state)
        store.changed.connect(self._follow)

    def _follow(self, different: Changes) -> None:
        if different.referrals or different.neighbors or different.people or different.agency:
            self.load()

    def load(self) -> None:
        """Look again; the same list costs nothing."""
        found = rows(self._store.state)
        if found != self.rows:
            self.beginResetModel()
            self.rows = found
            self.endResetModel()

    def place_of(self, referral_id: ReferralId | None) -> int:
        """The row of a referral, or -1."""
        return next((place for place, row in enumerate(self.rows) if row.referral_id == referral_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a referral."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, or its words."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.spoken(self._store.now())
        return None


class ReferralDelegate(QStyledItemDelegate):
    """Paints a row; its clock is reckoned at the moment of painting."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All of one height."""
        del index
        return QSize(option.rect.width(), scaled(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row into its rectangle."""
        row, box, now = index.data(ROW), option.rect, self._store.now()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        level = row.level(now)
        colour = ink(_TOKENS[level])
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, ink("selection" if chosen else "surface"))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, ink("line"))
        if chosen:
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.fillRect(box.left(), box.top(), scaled(3), box.height(), ink("focus" if focused else "text"))
        first, second = box.top() + scaled(8), box.top() + scaled(29)
        left, wide = box.left() + scaled(_LEFT), scaled(_MIDDLE - _LEFT - 6)
        write(painter, faces().clock_strong, colour, left, first, wide, row.clock(now))
        standing = f"{SHAPES[level]}{row.standing(now)}"
        write(painter, faces().small, colour if level != "fine" else ink("muted"), left, second, wide, standing)
        left = box.left() + scaled(_MIDDLE)
        room = box.right() - scaled(12) - left
        write(painter, faces().strong, ink("text"), left, first, room, row.name)
        write(painter, faces().small, ink("muted"), left, second, room, row.about)
        painter.restore()


class ReferralList(QTableView):
    """One column. What is chosen stays chosen by its id, however the list changes; arrivals choose nothing."""

    chosen_changed = Signal(str)
    """The id of the referral that a person chose; "" once it is gone."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.chosen: ReferralId | None = None
        self._following = False
        self.referrals = ReferralRows(context.store, self)
        self._delegate = ReferralDelegate(context.store)
        self.setAccessibleName("Neighbors who are owed a first contact")
        self.setItemDelegate(self._delegate)
        one_column(self)
        self.referrals.modelAboutToBeReset.connect(self._ignore_qt)
        self.setModel(self.referrals)
        self.referrals.modelReset.connect(self._follow)
        context.ticker.second.connect(self.viewport().update)
        context.theme.changed.connect(self._size)
        self._size()

    def choose(self, referral_id: ReferralId | None) -> None:
        """Choose a referral; None for none."""
        known = referral_id if self.referrals.place_of(referral_id) >= 0 else None
        told, self.chosen = known != self.chosen, known
        self._follow()
        if told:
            self.chosen_changed.emit(known or "")

    def currentChanged(self, current: Index, previous: Index) -> None:
        """A person moved to another row."""
        super().currentChanged(current, previous)
        if not self._following and current.isValid() and self.hasFocus():
            self.choose(self.referrals.rows[current.row()].referral_id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard chooses nothing: Qt would make the first row current."""
        self._following = True
        super().focusInEvent(event)
        self._follow()

    def _ignore_qt(self) -> None:
        self._following = True

    def _follow(self) -> None:
        """Show what is chosen as the current row; what left the list is chosen no more."""
        self._following = True
        place = self.referrals.place_of(self.chosen)
        if place < 0:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self.referrals.index(place))
        self._following = False
        if place < 0 and self.chosen is not None:
            self.chosen = None
            self.chosen_changed.emit("")

    def _size(self) -> None:
        self.verticalHeader().setDefaultSectionSize(scaled(HEIGHT))
