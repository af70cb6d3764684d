"""Columns take what their words need; what is left is shared, and what is missing is taken where it may be."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.state import UnitStatus
from console.ui.columns import AROUND, Column, widths
from console.ui.panes import WORKSPACES, Split
from console.ui.units.rows import COLUMNS
from console.ui.units.view import UnitsPane
from console.ui.widgets import faces
from tests.support.scenes import CALL, T1, floor, receive, status
from tests.ui.live import Live

RIGID = Column("for", ("9:59:59",), face="clock")
GIVES = Column("call", ("0000 Mental Health Crisis with Violence",), gives=True)
SHORT = Column("where", ("North",), gives=True)


def test_each_column_has_room_for_the_longest_of_its_words_and_for_its_heading(qtbot: QtBot) -> None:
    metrics = faces().second.metrics
    assert Column("a long heading", ("x",)).needs() == metrics.horizontalAdvance("a long heading") + AROUND
    assert Column("x", ("iiiii", "WWWWW")).needs() == metrics.horizontalAdvance("WWWWW") + AROUND
    assert Column("before the board comes", ()).needs() == metrics.horizontalAdvance("before the board comes") + AROUND


def test_what_is_left_goes_to_all(qtbot: QtBot) -> None:
    needs = [column.needs() for column in (RIGID, GIVES, SHORT)]
    made = widths((RIGID, GIVES, SHORT), sum(needs) + 120)
    assert all(wide > need for wide, need in zip(made, needs, strict=True))
    assert sum(needs) + 117 <= sum(made) <= sum(needs) + 120


@pytest.mark.parametrize("less", [1, 30, 80])
def test_what_is_missing_is_taken_from_the_widest_that_may_give_way(less: int, qtbot: QtBot) -> None:
    needs = [column.needs() for column in (RIGID, GIVES, SHORT)]
    made = widths((RIGID, GIVES, SHORT), sum(needs) - less)
    assert made == [needs[0], needs[1] - less, needs[2]]


def test_no_room_at_all_leaves_a_pixel(qtbot: QtBot) -> None:
    assert widths((GIVES, SHORT), 0) == [1, 1]


@pytest.mark.parametrize("wide", [640, 660, 970])
def test_only_calls_and_places_of_units_are_ever_cut(wide: int, qtbot: QtBot) -> None:
    live = Live(floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE)))
    live.tell(c.RequestBackup(T1, "POLICE"))
    pane = UnitsPane(live.context)
    qtbot.addWidget(pane)
    pane.resize(wide, 300)
    pane.show()
    live.later(minutes=31)
    table, cut = pane.table, []
    for place, name in enumerate(COLUMNS):
        for row in range(pane.model.rowCount()):
            words = str(pane.model.index(row, place).data())
            if not table.isColumnHidden(place):
                face = {"unit": faces().strong, "for": faces().clock}.get(name, faces().second)
                if face.metrics.horizontalAdvance(words) + AROUND > table.columnWidth(place):
                    cut.append((name, words))
    assert not cut
    hidden = {name for place, name in enumerate(COLUMNS) if table.isColumnHidden(place)}
    assert hidden == (set() if wide > 900 else {"crew", "where"})


def test_in_the_narrowest_table_places_go_before_calls_are_cut_to_a_few_letters(qtbot: QtBot) -> None:
    live = Live(floor().given(receive(), c.DispatchUnit(T1, CALL)))
    pane = UnitsPane(live.context)
    qtbot.addWidget(pane)
    pane.resize(560, 300)
    pane.show()
    table = pane.table
    assert {name for place, name in enumerate(COLUMNS) if table.isColumnHidden(place)} == {"crew", "where"}
    assert table.columnWidth(COLUMNS.index("call")) >= faces().second.metrics.horizontalAdvance("0001 Crisis") + AROUND


def test_panes_keep_their_least_width_in_a_small_window_and_their_shares_in_a_large_one() -> None:
    row = WORKSPACES["dispatch"].layout
    assert row.divide(1920, 1.0) == [430, 970, 520]
    queue, middle, call = row.divide(1366, 1.0)
    assert (queue, call) == (336, 376)
    assert queue + middle + call == 1366
    assert row.divide(1366, 2.0) == Split("row", row.parts, row.shares).divide(1366, 1.0), "no room for all of them"
