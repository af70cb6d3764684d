"""The table that paints its words itself: as the style would, ageing by itself, and no more of it than is new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from console.ui import theme
from console.ui.tables import words_in_columns
from console.ui.units.rows import Cell
from console.ui.words_table import WordsModel, WordsTable
from tests.ui.live import Live, on_screen

ROWS = [f"row {n}" for n in range(100)]


class Ages(WordsModel):
    """A name, an age that grows, and words that are too long for their column; it counts how often a row was made."""

    def __init__(self, live: Live, parent: QObject | None = None) -> None:
        super().__init__(("name", "about", "for"), 0, 2, parent)
        self._live, self._begun = live, live.now
        self.made: list[str] = []
        self.show_keys(ROWS)

    def cells(self, key: str) -> tuple[Cell, ...]:
        self.made.append(key)
        age = (self._live.now - self._begun).total_seconds()
        return Cell(key, "teal"), Cell("something that is far too long to be told here"), Cell(f"{age:.0f} s", "alarm")


class Painted(QObject):
    """What a table painted since `take` was last called."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._region = QRegion()
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self._region = self._region.united(event.region())
        return super().eventFilter(watched, event)

    def take(self) -> QRegion:
        QApplication.processEvents()
        taken, self._region = self._region, QRegion()
        return taken


@pytest.fixture
def live() -> Live:
    return Live()


@pytest.fixture(params=[1.0, 1.5])
def size(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    theme.apply(qapp, theme.load_theme("dark"), request.param)
    yield request.param
    theme.apply(qapp, theme.load_theme("dark"))


def words_table(qtbot: QtBot, live: Live) -> tuple[Ages, WordsTable]:
    model = Ages(live)
    table = WordsTable(live.context, model, "Ages")
    model.setParent(table)
    table.size_rows()
    return model, on_screen(qtbot, table, 420, 300)


def column(table: QTableView, place: int) -> QRect:
    return QRect(table.columnViewportPosition(place), 0, table.columnWidth(place), table.viewport().height())


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_given_any_size_then_it_looks_as_the_style_would_draw_it(qtbot: QtBot, live: Live, size: float) -> None:
    model, table = words_table(qtbot, live)
    styled = QTableView()
    styled.setModel(model)
    words_in_columns(styled)
    styled.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
    on_screen(qtbot, styled, 420, 300)
    for shown in (table, styled):
        shown.setColumnWidth(1, 130)
        shown.selectRow(1)
    assert picture(table) == picture(styled)
    table.selectRow(2)
    assert picture(table) != picture(styled), "the chosen row is told by its ground"


def test_given_a_second_passes_then_ages_run_and_nothing_else_is_painted(qtbot: QtBot, live: Live) -> None:
    model, table = words_table(qtbot, live)
    painted = Painted(table)
    before = picture(table)
    painted.take()
    live.later(seconds=1)
    region = painted.take()
    assert column(table, 2).contains(region.boundingRect()), "only the ages"
    assert model.index(0, 2).data() == "1 s" and picture(table) != before
    painted.take()
    live.context.ticker.second.emit()
    assert painted.take().isEmpty(), "no word is another"


def test_given_many_rows_then_only_those_in_view_are_made_and_one_that_comes_into_view_is_made_then(
    qtbot: QtBot, live: Live
) -> None:
    model, table = words_table(qtbot, live)
    picture(table)
    in_view = set(model.made)
    assert ROWS[0] in in_view and ROWS[-1] not in in_view
    model.made.clear()
    live.later(seconds=1)
    assert len(model.made) <= len(in_view)
    table.scrollToBottom()
    picture(table)
    assert ROWS[-1] in model.made
    assert model.index(99, 2).data() == "1 s"


def test_given_a_row_is_touched_then_it_is_made_and_painted_again_as_a_whole(qtbot: QtBot, live: Live) -> None:
    model, table = words_table(qtbot, live)
    painted = Painted(table)
    picture(table)
    painted.take()
    model.made.clear()
    model.touch([ROWS[3], "a row that is not there"])
    region = painted.take()
    assert model.made == [ROWS[3]]
    row = table.visualRect(model.index(3, 0)).united(table.visualRect(model.index(3, 2)))
    assert region.contains(row) and row.adjusted(0, 0, 1, 1).contains(region.boundingRect()), "Qt reckons with a line more"


def test_given_time_passed_out_of_sight_then_it_is_right_when_shown_again(qtbot: QtBot, live: Live) -> None:
    model, table = words_table(qtbot, live)
    picture(table)
    table.hide()
    model.made.clear()
    live.later(seconds=5)
    assert model.made == [], "nobody looks"
    table.show()
    assert model.index(0, 2).data() == "5 s"
