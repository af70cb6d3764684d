"""The feeds of unit positions: which bring something, which do not, and what somebody must look after."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.ui.columns import Column
from console.ui.context import Context
from console.ui.question import Question
from console.ui.supervisor.feed_words import NO_FEEDS, NO_FEEDS_IN_EXERCISE, Key, Row, cells, rows, sentences, summary
from console.ui.supervisor.tables import Heading, OpeningTable
from console.ui.units.rows import Cell
from console.ui.widgets import caption, scaled
from console.ui.words_table import ROW, Index, WordsModel
from console.wire.feeds import FeedHealth

ASK_EVERY: Final = 3
"""Seconds, while the pane is looked at."""
DETAIL_AT_MOST: Final = 260
"""Characters that are shown of a row's sentences; a device may say much of itself, and hovering tells all of it."""
COLUMNS: Final = (
    Column("", ("▲",)),
    Column("feed", ("Modems: working, 000,000 taken, 000,000 refused",), gives=True),
    Column("last", ("9:59:59",), face="clock"),
)


class FeedsModel(WordsModel):
    """The rows as the hub last told them; their ages are of now."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__([column.name for column in COLUMNS], -1, 2, parent)
        self._store = context.store
        self.rows: dict[Key, Row] = {}

    def show_rows(self, told: list[Row]) -> None:
        """Show these."""
        self.rows = {row.key: row for row in told}
        self.show_keys(list(self.rows))
        self.aged.emit()

    def cells(self, key: Key) -> tuple[Cell, ...]:
        """The line of a row, now."""
        return cells(self.rows[key], self._store.now())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Hovering a row tells it in full."""
        if index.isValid() and role == Qt.ItemDataRole.ToolTipRole:
            return self.said(index.row())
        return super().data(index, role)

    def said(self, place: int) -> str:
        """A row in full sentences, now; "" where there is none."""
        return sentences(self.rows[self.keys[place]], self._store.now()) if 0 <= place < len(self.keys) else ""


class FeedsPane(QWidget):
    """The table with its heading; below it the chosen row in full, which a screen reader reads as well."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._question: Question[tuple[FeedHealth, ...]] = Question(context.store, self._hear, "the feeds")
        self._seconds = 0
        self.setAccessibleName("Position feeds")
        self.heading = Heading("Position feeds")
        self.model = FeedsModel(context, self)
        self.table = OpeningTable(context, self.model, COLUMNS, "Position feeds")
        self.table.horizontalHeader().hide()
        self.table.setMinimumHeight(scaled(ROW))
        self.setFocusProxy(self.table)
        self.none, self.detail = caption(role="muted", wrap=True), caption(role="muted", wrap=True)
        self.none.setAccessibleName("No feeds")
        self.detail.setAccessibleName("The chosen line in full")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.table, 1)
        for words, stretch in ((self.none, 1), (self.detail, 0)):
            words.setContentsMargins(scaled(14), scaled(5), scaled(14), scaled(5))
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            words.hide()
            column.addWidget(words, stretch)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._tell(now.row()))
        context.ticker.second.connect(self._second)
        context.store.link_changed.connect(self._linked)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask at once."""
        super().showEvent(event)
        self.ask()

    def ask(self) -> None:
        """Ask the hub how its feeds stand, unless an answer is on its way."""
        self._seconds = 0
        if not self._question.waits:
            self._question.ask(lambda hub: hub.feeds())

    def _linked(self) -> None:
        if self.isVisible():
            self.ask()

    def _second(self) -> None:
        if not self.isVisible():
            return
        self._seconds += 1
        if self._seconds >= ASK_EVERY:
            self.ask()
        self._tell(self.table.currentIndex().row())

    def _hear(self, told: tuple[FeedHealth, ...] | None, why: str) -> None:
        """Show what was told; where nothing was, say so and let what was told before go on ageing."""
        if told is None:
            self.heading.aside.say(f"◆ {why}", "◆ could not be asked")
            return
        self.heading.aside.say(*summary(told))
        self.model.show_rows(rows(told))
        self.table.setVisible(bool(told))
        self.none.setText(NO_FEEDS_IN_EXERCISE if self._context.store.state.exercise else NO_FEEDS)
        self.none.setVisible(not told)
        self._tell(self.table.currentIndex().row())

    def _tell(self, place: int) -> None:
        """The chosen row in full below the table, which gives way and goes on showing that row."""
        words = self.model.said(place)
        if words == self.detail.toolTip():
            return
        self.detail.setToolTip(words)
        self.detail.setText(words if len(words) <= DETAIL_AT_MOST else f"{words[:DETAIL_AT_MOST]}…")
        self.detail.setVisible(bool(words))
        column = self.layout()
        if words and column is not None:
            column.activate()
            self.table.scrollTo(self.table.currentIndex())
