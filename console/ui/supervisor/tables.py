"""What the supervisor's panes have in common: their heading, and tables of which a row can be opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from console.ui.columns import Column, share
from console.ui.context import Context
from console.ui.widgets import Elided, caption, scaled
from console.ui.words_table import WordsModel, WordsTable


class OpeningTable(WordsTable):
    """A table whose columns are as wide as the words they are made for, and whose rows can be opened."""

    opened = Signal(int)
    """The row on which Enter was pressed, or that was clicked twice."""

    def __init__(self, context: Context, model: WordsModel, columns: Sequence[Column], name: str) -> None:
        self._columns = tuple(columns)
        super().__init__(context, model, name)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.size_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow."""
        super().resizeEvent(event)
        share(self, self._columns)

    def made_for(self, columns: Sequence[Column]) -> None:
        """Give the columns other longest words."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            share(self, self._columns)

    def size_rows(self) -> None:
        """Rows and columns as the desk's size wants them."""
        super().size_rows()
        share(self, self._columns)


class Heading(QFrame):
    """A pane's heading: its name, and beside it a few words that change."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        line = QHBoxLayout(self)
        line.setContentsMargins(scaled(14), scaled(9), scaled(14), scaled(9))
        line.setSpacing(scaled(10))
        self.aside = Elided("muted")
        line.addWidget(caption(title, "heading"))
        line.addWidget(self.aside, 1)
