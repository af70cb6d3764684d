"""A table of words that ages while it is painted: what the supervisor's units and alarms have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTableView

from console.ui.columns import Column, share
from console.ui.context import Context
from console.ui.tables import words_in_columns
from console.ui.units.rows import Cell
from console.ui.widgets import Elided, caption, faces, ink, scaled

Index = QModelIndex | QPersistentModelIndex
ROW = 29


class WordsModel(QAbstractTableModel):
    """Rows by key. `cells` makes a row's words when it is painted; only a row that comes, goes or moves is news."""

    def __init__(self, columns: Sequence[str], bold: int, clock: int, parent: QObject) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._bold, self._clock = bold, clock
        self.keys: list[Any] = []
        self._made: dict[Any, tuple[Cell, ...]] = {}

    def cells(self, key: Any) -> tuple[Cell, ...]:
        """The words of the row of that key, now."""
        raise NotImplementedError

    def forget(self) -> None:
        """Words are made once between two of these: a table asks for each of them several times while it paints."""
        self._made.clear()

    def _cells(self, key: Any) -> tuple[Cell, ...]:
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self.cells(key)
        return made

    def show_keys(self, keys: Sequence[Any]) -> None:
        """Show these rows in this order; the chosen row stays the chosen one wherever it goes."""
        self.forget()
        fresh = list(keys)
        if fresh == self.keys:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        chosen = [self.keys[index.row()] for index in before]
        self.keys = fresh
        places = {key: place for place, key in enumerate(fresh)}
        after = [
            self.index(places[key], index.column()) if key in places else QModelIndex()
            for key, index in zip(chosen, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a key."""
        return 0 if parent.isValid() else len(self.keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a column."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names; a row is named by its first words."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return self.columns[section] if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, colours and fonts; the first cell's accessible text is the whole row."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.FontRole:
            place = index.column()
            known = {self._bold: faces().strong, self._clock: faces().clock}
            return known.get(place, faces().second).font
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.ForegroundRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        cells = self._cells(self.keys[index.row()])
        cell = cells[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return ink(cell.ink)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == 0:
                return ", ".join(f"{name} {c.words}".strip() for name, c in zip(self.columns, cells, strict=True))
            return f"{self.columns[index.column()]} {cell.words}".strip()
        return cell.words


class WordsTable(QTableView):
    """Shows a `WordsModel`: rows of one height, columns as wide as the words they are made for."""

    opened = Signal(int)
    """The row on which Enter was pressed, or that was clicked twice."""

    def __init__(self, context: Context, model: WordsModel, columns: Sequence[Column], name: str) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._words = model
        self.setAccessibleName(name)
        self.setModel(model)
        words_in_columns(self)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        context.ticker.second.connect(self._age)
        context.theme.changed.connect(self._size_rows)
        self._size_rows()

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

    def renew(self) -> None:
        """Make every word again when it is painted next."""
        self._words.forget()
        self.viewport().update()

    def _age(self) -> None:
        if self.isVisible():
            self.renew()

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(scaled(ROW))
        share(self, self._columns)
        self.viewport().update()


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
