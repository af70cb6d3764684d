"""This neighbor: the other calls from the same number or place, of the live board and of the last 90 days."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.contacts import counts_words, over
from console.domain.queries import same_neighbor
from console.domain.state import Call
from console.ui.columns import AROUND as CELL
from console.ui.columns import Column, share
from console.ui.context import Context
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
    """Earlier contacts of the chosen call's number and place, and what that list covers."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("This neighbor")
        self.model = ContactsModel(self)
        self.count, self.covers = caption("", "muted", wrap=True), caption("", "small", wrap=True)
        self.none = caption("", "muted", wrap=True)
        self.table = QTableView()
        self.table.setAccessibleName("Contacts of this neighbor")
        self.table.setModel(self.model)
        words_in_columns(self.table)
        self.table.setWordWrap(True)

        top = QFrame()
        top.setProperty("role", "strip")
        line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(11), scaled(14), scaled(12))
        line.setSpacing(scaled(10))
        line.addWidget(caption("This neighbor", "heading"))
        line.addWidget(self.count, 1)
        for label in (self.none, self.covers):
            label.setContentsMargins(scaled(14), scaled(11), scaled(14), scaled(11))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.none)
        column.addWidget(self.table, 100)
        column.addStretch(1)
        column.addWidget(self.covers)
        context.store.changed.connect(self._follow)
        context.selection.call_changed.connect(self.refresh)
        context.neighbor.changed.connect(self.refresh)
        context.theme.changed.connect(self._size)
        self._size()
        self.refresh()

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _follow(self, different: Changes) -> None:
        """Look again only where a touched call is this one, is in the list, or belongs into it."""
        call = self.call
        if call is None:
            return
        listed = {contact.call_id for contact in self.model.rows}
        state = self._context.store.state
        if (
            different.agency
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
        """Show the contacts of the chosen call."""
        if not self.isVisible():
            return
        store, call, neighbor = self._context.store, self.call, self._context.neighbor
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

    def _size(self) -> None:
        """Columns by their words; each row as high as its words need: nothing is left out of them."""
        share(self.table, MADE_FOR)
        metrics, wrap = faces().second.metrics, int(Qt.TextFlag.TextWordWrap)
        rooms = [QRect(0, 0, self.table.columnWidth(place) - scaled(CELL), 10_000) for place in range(len(COLUMNS))]

        @cache
        def high(place: int, words: str) -> int:
            return metrics.boundingRect(rooms[place], wrap, words).height()

        for row, shown in enumerate(self.model.rows):
            highest = max(high(place, words) for place, words in enumerate(cells(shown)))
            self.table.setRowHeight(row, max(scaled(LEAST), highest + scaled(12)))
