"""A table of words that age: painted by hand, and from one second to the next only where it says something else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QTableView

from console.ui.context import Context
from console.ui.tables import words_in_columns
from console.ui.units.rows import Cell
from console.ui.widgets import Face, faces, ink, scaled, write

Index = QModelIndex | QPersistentModelIndex
ROW: Final = 29
_PADDING, _MARGIN = 8, 3
"""Pixels left and right of a cell's words, as in other tables: the style sheet's, and what the style leaves besides."""


class WordsModel(QAbstractTableModel):
    """Rows by key. A row's words are made when it is first painted, and again when they are forgotten or renewed."""

    aged = Signal()
    """Some rows may say something else now, though nothing happened to them."""

    def __init__(self, columns: Sequence[str], bold: int, clock: int, parent: QObject | None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._bold, self._clock = bold, clock
        self.keys: list[Any] = []
        self._places: dict[Any, int] = {}
        self._made: dict[Any, tuple[Cell, ...]] = {}

    def cells(self, key: Any) -> tuple[Cell, ...]:
        """The words of the row of that key, now."""
        raise NotImplementedError

    def line(self, place: int) -> tuple[Cell, ...]:
        """The words of a row as they were last made."""
        key = self.keys[place]
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self.cells(key)
        return made

    def row_of(self, key: Any) -> int | None:
        """The place of a key's row, or None."""
        return self._places.get(key)

    def forget(self) -> None:
        """Make every row's words again when it is looked at next."""
        self._made.clear()

    def renew(self, places: Iterable[int]) -> list[tuple[int, int]]:
        """Make the words of these rows again now, of others when they come into view; row and column of each other word."""
        before, self._made = self._made, {}
        return [
            (place, column)
            for place in places
            for column, (was, now) in enumerate(zip(before.get(self.keys[place]) or (None,) * len(self.columns),
                                                    self.line(place), strict=True))
            if was != now
        ]  # fmt: skip

    def touch(self, keys: Iterable[Any]) -> None:
        """Something happened to these rows."""
        for key in keys:
            self._made.pop(key, None)
            if (place := self._places.get(key)) is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def show_keys(self, keys: Sequence[Any]) -> None:
        """Show these rows in this order; the chosen row stays the chosen one wherever it goes."""
        fresh = list(keys)
        if fresh == self.keys:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        chosen = [self.keys[index.row()] for index in before]
        self.keys, self._places = fresh, {key: place for place, key in enumerate(fresh)}
        self._made = {key: made for key, made in self._made.items() if key in self._places}
        after = [
            self.index(self._places[key], index.column()) if key in self._places else QModelIndex()
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
        """The columns' names; a row is named by its place."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return self.columns[section] if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def face(self, column: int) -> Face:
        """The font of a column."""
        known = {self._bold: faces().strong, self._clock: faces().clock}
        return known.get(column, faces().second)

    def spoken(self, cells: tuple[Cell, ...]) -> str:
        """A whole row for a screen reader: each column by its name."""
        return ", ".join(f"{name} {cell.words}".strip() for name, cell in zip(self.columns, cells, strict=True))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, colour and font of one cell; the first cell's accessible text is the whole row."""
        if not index.isValid():
            return None
        place, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self.line(place)[column].words
            case Qt.ItemDataRole.ForegroundRole:
                return ink(self.line(place)[column].ink)
            case Qt.ItemDataRole.FontRole:
                return self.face(column).font
            case Qt.ItemDataRole.AccessibleTextRole:
                cells = self.line(place)
                return self.spoken(cells) if column == 0 else f"{self.columns[column]} {cells[column].words}".strip()
        return None


class WordsTable(QTableView):
    """Shows a `WordsModel`, in rows of one height. It paints its cells itself, as the style would.

    Measured: Qt's way takes 110 µs a cell, most of it for the style sheet, this one 20; and once a second it paints only
    the cells whose words are others.
    """

    def __init__(self, context: Context, model: WordsModel, name: str) -> None:
        super().__init__()
        self._words = model
        self.setAccessibleName(name)
        self.setModel(model)
        words_in_columns(self)
        model.aged.connect(self.renew)
        context.ticker.second.connect(self.renew)
        context.theme.changed.connect(self.size_rows)

    def renew(self) -> None:
        """Say everything as it is now; only words that are others are painted."""
        if not self.isVisible():
            return
        for place, column in self._words.renew(self._in_view()):
            self.update(self._words.index(place, column))

    def showEvent(self, event: QShowEvent) -> None:
        """What aged while it was out of sight is said anew."""
        self._words.forget()
        super().showEvent(event)

    def size_rows(self) -> None:
        """Rows as high as the desk's size wants them."""
        self.verticalHeader().setDefaultSectionSize(scaled(ROW))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that are exposed."""
        painter, selection, root = QPainter(self.viewport()), self.selectionModel(), QModelIndex()
        columns = [
            (place, self.columnViewportPosition(place), self.columnWidth(place), self._words.face(place))
            for place in range(len(self._words.columns))
            if not self.isColumnHidden(place)
        ]
        exposed = {
            (place, column)
            for box in event.region()  # type: ignore[attr-defined]  # a region is a sequence of rectangles
            for place in self._rows(box.top(), box.bottom())
            for column in columns
            if column[1] <= box.right() and box.left() < column[1] + column[2]
        }
        high, beside, line = self.verticalHeader().defaultSectionSize(), scaled(_PADDING) + _MARGIN, scaled(1)
        for place, (column, left, wide, face) in exposed:
            top = self.rowViewportPosition(place)
            if selection.isRowSelected(place, root):
                painter.fillRect(left, top, wide, high, ink("selection"))
            painter.fillRect(left, top + high - line, wide, line, ink("line"))
            cell = self._words.line(place)[column]
            down = (high - line - face.metrics.height()) // 2
            write(painter, face, ink(cell.ink), left + beside, top + down, wide - 2 * beside, cell.words)
        painter.end()

    def _in_view(self) -> range:
        return self._rows(0, self.viewport().height() - 1)

    def _rows(self, top: int, bottom: int) -> range:
        """The rows that lie between these pixels."""
        first, last = self.rowAt(top), self.rowAt(bottom)
        count = len(self._words.keys)
        return range(0) if first < 0 else range(first, (count - 1 if last < 0 else last) + 1)
