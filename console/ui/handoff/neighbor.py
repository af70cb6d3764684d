"""This neighbor: who they are, the other calls from their number or place in the last 90 days, and what they are owed."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTableView, QVBoxLayout, QWidget

from console.domain.acquaintance import neighbor_of
from console.domain.changes import Changes
from console.domain.contacts import counts_words, over
from console.domain.queries import same_neighbor
from console.domain.state import Call
from console.ui.columns import AROUND as CELL
from console.ui.columns import Column, share
from console.ui.context import Context
from console.ui.followups.call_card import FollowUpCard
from console.ui.handoff.profile_card import ProfileCard
from console.ui.handoff.profile_editor import ProfileEditor
from console.ui.handoff.rows import ContactRow, contact_rows
from console.ui.tables import words_in_columns
from console.ui.widgets import caption, faces, ink, scaled

Index = QModelIndex | QPersistentModelIndex
COLUMNS: Final = ("when", "nature", "who", "outcome")
MADE_FOR: Final = (
    Column("when", ("May 29",)),  # the time of day goes below it
    Column("nature", ("Mental Health Crisis",), gives=True),
    Column("who", ("nobody",)),
    Column("outcome", ("missed, outside hours",), gives=True),
)
LEAST: Final = 29
"""Pixels of a row of one line."""


def cells(row: ContactRow) -> tuple[str, ...]:
    """The words of a row, in the order of `COLUMNS`."""
    return row.when, row.nature, row.who, row.outcome


class ContactsModel(QAbstractTableModel):
    """The contacts as a table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ContactRow, ...] = ()

    def show_rows(self, rows: tuple[ContactRow, ...]) -> None:
        """Show these; the same again costs nothing."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a contact."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a column of `COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return COLUMNS[section] if orientation is Qt.Orientation.Horizontal else str(section + 1)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and colours of a cell."""
        if not index.isValid():
            return None
        row, place = self.rows[index.row()], index.column()
        words = cells(row)[place]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return words
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{COLUMNS[place]} {words}"
            case Qt.ItemDataRole.ForegroundRole:
                if place == COLUMNS.index("who"):
                    return ink(row.who_colour)
                return ink("due") if place == COLUMNS.index("outcome") and row.missed else None
            case Qt.ItemDataRole.FontRole:
                return faces().second.font
        return None


class NeighborPane(QWidget):
    """The profile of the chosen call's neighbor, their earlier contacts with what that list covers, and their follow-up."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._minute = 0
        self.setAccessibleName("This neighbor")
        self.model = ContactsModel(self)
        self.count, self.covers = caption("", "muted", wrap=True), caption("", "small", wrap=True)
        self.none = caption("", "muted", wrap=True)
        self.profile, self.editor = ProfileCard(context), ProfileEditor(context)
        self.follow_up = FollowUpCard(context)
        self.table = QTableView()
        self.table.setAccessibleName("Contacts of this neighbor")
        self.table.setModel(self.model)
        words_in_columns(self.table)
        self.table.setWordWrap(True)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

        top = QFrame()
        top.setProperty("role", "strip")
        line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(11), scaled(14), scaled(12))
        line.setSpacing(scaled(10))
        line.addWidget(caption("This neighbor", "heading"))
        line.addWidget(self.count, 1)
        for label in (self.none, self.covers):
            label.setContentsMargins(scaled(14), scaled(11), scaled(14), scaled(11))
        self._inside = QWidget()
        within = QVBoxLayout(self._inside)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(0)
        for widget in (self.profile, self.editor, self.follow_up, self.none, self.table, self.covers):
            within.addWidget(widget)
        within.addStretch(1)
        self.scrolled = QScrollArea()
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled.setWidget(self._inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.scrolled, 1)
        self.profile.edit.acted.connect(self.edit)
        self.editor.opened.connect(self._make_room)
        self.table.selectionModel().currentChanged.connect(self._see_row)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self.refresh)
        context.selection.call_changed.connect(self._chose)
        context.neighbor.changed.connect(self.refresh)
        context.ticker.between.connect(self._age)
        context.theme.changed.connect(self._size)
        self._size()
        self.refresh()

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now, or what its follow-up remembers of who called."""
        return self._context.chosen_caller

    def edit(self) -> None:
        """List what can be done with the profile; begin one where nobody knows the neighbor. Pressed again it closes."""
        if self.editor.is_open:
            self.editor.leave()
            return
        call = self.call
        if call is not None:
            self.editor.ask(neighbor_of(self._context.store.state, call), call)

    def _chose(self) -> None:
        """Another call: what was begun for the neighbor of the last one is put by."""
        self.editor.leave()
        self.refresh()

    def _age(self) -> None:
        """Once a minute a caution may have expired, and a contact have fallen due."""
        minute = int(self._context.store.now().timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            self.refresh()

    def _make_room(self, editing: bool) -> None:
        """What is asked takes the place of the profile."""
        self.profile.setVisible(self.call is not None and not editing)
        if editing:
            self.scrolled.verticalScrollBar().setValue(0)

    def _follow(self, different: Changes) -> None:
        """Look again only where a touched call is this one, is in the list, or belongs into it."""
        call = self.call
        if call is None:
            return
        listed = {contact.call_id for contact in self.model.rows}
        state = self._context.store.state
        if (
            different.agency
            or different.neighbors
            or different.referrals
            or call.call_id in different.calls
            or listed & different.calls
            or any(call_id in state.calls and same_neighbor(call, state.calls[call_id]) for call_id in different.calls)
        ):
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share the width by the design's proportions."""
        super().resizeEvent(event)
        self._size()

    def refresh(self) -> None:
        """Show what is known of the neighbor of the chosen call."""
        if not self.isVisible():
            return
        store, call, neighbor = self._context.store, self.call, self._context.neighbor
        self.profile.setVisible(call is not None and not self.editor.is_open)
        self.profile.show_neighbor(neighbor_of(store.state, call) if call is not None else None)
        self.follow_up.show_call(call)
        if call is None:
            self.model.show_rows(())
            self._say("", "", "")
            return
        found, asked = neighbor.known(call), neighbor.past is not None
        self.model.show_rows(contact_rows(store.state.agency, found.listed, store.now()))
        where = over(neighbor.past) if neighbor.past else "on the live board"
        self._say(
            (counts_words(found.counts) if asked else f"{len(found.listed)} {where}") if found.listed else "",
            "" if found.listed else f"No other call from this number or place {where}.",
            neighbor.coverage(found),
        )

    def _say(self, count: str, none: str, covers: str) -> None:
        for label, words in ((self.count, count), (self.none, none), (self.covers, covers)):
            label.setText(words)
        self.none.setVisible(bool(none))
        self.table.setVisible(bool(self.model.rows))
        self._size()

    def _see_row(self) -> None:
        """The table shows all its rows; what scrolls is the pane."""
        box = self.table.visualRect(self.table.currentIndex())
        at = self.table.viewport().mapTo(self._inside, box.center())
        self.scrolled.ensureVisible(at.x(), at.y(), 0, box.height())

    def _size(self) -> None:
        """Columns by their words; each row as high as its words need: nothing is left out of them."""
        share(self.table, MADE_FOR)
        metrics, wrap = faces().second.metrics, int(Qt.TextFlag.TextWordWrap)
        rooms = [QRect(0, 0, self.table.columnWidth(place) - scaled(CELL), 10_000) for place in range(len(COLUMNS))]

        @cache
        def high(place: int, words: str) -> int:
            return metrics.boundingRect(rooms[place], wrap, words).height()

        total = self.table.horizontalHeader().sizeHint().height() + 2 * self.table.frameWidth()
        for row, shown in enumerate(self.model.rows):
            highest = max(high(place, words) for place, words in enumerate(cells(shown)))
            self.table.setRowHeight(row, max(scaled(LEAST), highest + scaled(12)))
            total += self.table.rowHeight(row)
        self.table.setFixedHeight(total)
