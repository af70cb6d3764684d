"""What the desk's tables have in common: rows that are chosen one at a time, of which each is as high as its pane says."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from console.ui.widgets import ink


class InkDelegate(QStyledItemDelegate):
    """Keeps a cell's own colour in the chosen row too: a colour there says what it is, chosen or not."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw selected text in the colour of the cell."""
        super().initStyleOption(option, index)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        option.palette.setColor(QPalette.ColorRole.HighlightedText, ink("text") if colour is None else colour)


def words_in_columns(table: QTableView) -> None:
    """Make it a table of words under headings; its pane gives the columns their widths."""
    _rows_to_choose(table)
    table.setItemDelegate(InkDelegate(table))
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setHighlightSections(False)


def one_column(table: QTableView) -> None:
    """Make it a list of hand-painted rows, which never moves by itself."""
    _rows_to_choose(table)
    table.setAutoScroll(False)
    for header in (table.horizontalHeader(), table.verticalHeader()):
        header.hide()
    table.horizontalHeader().setStretchLastSection(True)
    table.verticalHeader().setMinimumSectionSize(1)


def _rows_to_choose(table: QTableView) -> None:
    _own_viewport(table)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


def _own_viewport(table: QTableView) -> None:
    """Give it a viewport like the one that Qt made, made here: PySide knows what it is.

    Asked for a widget that Qt made by itself, PySide first makes classes of every kind of widget there is, to find out which
    kind it has: 12 ms of the desk's start.
    """
    viewport = QWidget()
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    table.setViewport(viewport)
