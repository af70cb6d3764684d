"""What the desk's tables have in common: rows that are chosen one at a time, of which each is as high as its pane says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


def words_in_columns(table: QTableView) -> None:
    """Make it a table of words under headings; its pane gives the columns their widths."""
    _rows_to_choose(table)
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
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
