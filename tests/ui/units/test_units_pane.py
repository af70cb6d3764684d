"""The unit table against a hand-filled store, by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import UnitId
from console.domain.positions import Standing
from console.domain.state import Place, Position, UnitStatus
from console.ui.units.rows import COLUMNS, Order, row, spoken
from console.ui.units.view import UnitsPane
from tests.support.scenes import A1, CALL, T1, T2, floor, receive, status
from tests.ui.live import Live, on_screen

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk() -> Live:
    return Live(floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE)))


@pytest.fixture
def pane(desk: Live, qtbot: QtBot) -> UnitsPane:
    made = on_screen(qtbot, UnitsPane(desk.context), 900, 300)
    made.table.setFocus()
    return made


def cells(
    desk: Live,
    unit_id: UnitId,
    position: Position | None = None,
    later_s: int = 0,
    standing: Standing | None = None,
    *,
    brief: bool = False,
) -> dict[str, str]:
    state = desk.scene.state
    line = row(state, state.units[unit_id], position, standing, desk.now + timedelta(seconds=later_s), brief=brief)
    return {name: cell.words for name, cell in zip(COLUMNS, line.cells, strict=True)}


def test_given_units_then_each_says_what_it_does_where_and_until_when(desk: Live) -> None:
    near = Position(T1, 36.05, -78.9, desk.now, desk.now)
    said = cells(desk, T1, near)
    assert said["status"] == "En route" and said["call"] == "0001 Crisis"
    assert said["where"].startswith("about ") and said["where"].endswith("min away")
    assert cells(desk, T1, near, later_s=130)["where"] == "GPS 2:10 old"
    still = Position(T1, 36.05, -78.9, desk.now + timedelta(seconds=130), desk.now)
    stuck = cells(desk, T1, still, 130, Standing(still.point, desk.now))["where"]
    assert stuck == "GPS stuck 2:10", "what the map says of a receiver, the table says too"
    assert cells(desk, T2)["where"] == "no position"
    assert cells(desk, T1, later_s=29 * 60 + 30)["check"].startswith("◆ due in 0:")
    assert cells(desk, T1, later_s=31 * 60)["check"].startswith("◆ due 1:")
    assert cells(desk, T1, later_s=33 * 60)["check"].endswith("missed 1")
    assert (
        cells(desk, T1, later_s=36 * 60)["check"].startswith("▲ 6:0")
        and "escalated" in cells(desk, T1, later_s=36 * 60)["check"]
    )
    assert cells(desk, T1, near, brief=True)["call"].startswith("0001 · ")
    assert cells(desk, T1, near, brief=True)["call"].endswith(" min · Crisis")
    assert cells(desk, T1, near, later_s=130, brief=True)["call"] == "0001 · GPS 2:10 old · Crisis"
    assert cells(desk, T2, brief=True)["call"] == "no position", "where nobody is sent the place stands there"
    desk.scene.given(c.RequestBackup(T1, "POLICE"))
    assert cells(desk, T1)["status"] == "▲ Backup requested"
    assert Order(desk.scene.state).units[0] == T1
    state = desk.scene.state
    assert "check" not in spoken(row(state, state.units[A1], None, None, desk.now).cells), "empty columns are not read aloud"


def test_given_a_chosen_unit_when_keys_are_pressed_then_it_goes_through_its_statuses(desk: Live, pane: UnitsPane) -> None:
    pane._context.selection.choose_unit(T1)
    QTest.keyClick(pane.table, Qt.Key.Key_S, CTRL_SHIFT)
    assert desk.scene.unit(T1).status is UnitStatus.ON_SCENE
    QTest.keyClick(pane.table, Qt.Key.Key_T, CTRL_SHIFT)
    assert pane.words.text() == "Recovery Center", "the agency's own drop-off place is proposed"
    QTest.keyClick(pane.words, Qt.Key.Key_Return)
    assert desk.scene.unit(T1).status is UnitStatus.TRANSPORTING and desk.scene.unit(T1).where == "Recovery Center"
    QTest.keyClick(pane.table, Qt.Key.Key_A, CTRL_SHIFT)
    QTest.keyClick(pane.table, Qt.Key.Key_S, CTRL_SHIFT)
    assert desk.scene.unit(T1).status is UnitStatus.AVAILABLE
    assert "cannot follow" in pane.said.text(), "the refusal stands beside the table, and says what is possible"


def test_given_a_unit_on_its_way_when_recalled_then_a_reason_is_asked_and_escape_does_nothing(
    desk: Live, pane: UnitsPane
) -> None:
    pane._context.selection.choose_unit(T1)
    QTest.keyClick(pane.table, Qt.Key.Key_R, CTRL_SHIFT)
    QTest.keyClicks(pane.words, "needed elsewhere")
    QTest.keyClick(pane.words, Qt.Key.Key_Escape)
    assert desk.sent == []
    QTest.keyClick(pane.table, Qt.Key.Key_R, CTRL_SHIFT)
    QTest.keyClicks(pane.words, "needed elsewhere")
    QTest.keyClick(pane.words, Qt.Key.Key_Return)
    assert desk.sent == [c.RecallUnit(T1, "needed elsewhere")]


def test_given_a_request_for_backup_when_it_is_over_then_the_reason_is_asked(desk: Live, pane: UnitsPane) -> None:
    desk.tell(c.RequestBackup(T2, "POLICE"))
    pane._context.selection.choose_unit(T2)
    QTest.keyClick(pane.table, Qt.Key.Key_X, CTRL_SHIFT)
    QTest.keyClicks(pane.words, "all calm")
    QTest.keyClick(pane.words, Qt.Key.Key_Return)
    assert desk.scene.unit(T2).backup is None


def test_given_arrow_keys_then_the_desks_unit_follows_and_enter_shows_its_call(desk: Live, pane: UnitsPane) -> None:
    QTest.keyClick(pane.table, Qt.Key.Key_Down)
    first = pane._context.selection.unit_id
    QTest.keyClick(pane.table, Qt.Key.Key_Down)
    assert first is not None and pane._context.selection.unit_id != first
    pane._context.selection.choose_unit(T1)
    QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert pane._context.selection.call_id == CALL


def test_given_a_backup_request_when_rows_are_reordered_then_the_chosen_unit_stays_chosen(
    desk: Live, pane: UnitsPane
) -> None:
    pane._context.selection.choose_unit(T2)
    desk.tell(c.RequestBackup(T1, "POLICE"))
    assert pane.model.unit_at(0) == T1
    assert pane.model.unit_at(pane.table.currentIndex().row()) == T2
    desk.tell(c.SetUnitStatus(A1, UnitStatus.OFF_SHIFT))
    assert pane.model.rowCount() == 2, "off shift leaves the table and stays in the count"
    assert "1 off shift" in pane._count.text()


def test_given_a_known_place_then_a_free_unit_stands_near_it(desk: Live) -> None:
    at_center = Position(T2, 36.01, -78.91, desk.now, desk.now)
    assert cells(desk, T2, at_center)["where"] == "Recovery Center"
    away = Position(T2, 36.05, -78.91, desk.now, desk.now)
    assert cells(desk, T2, away)["where"] == "4.4 km from Recovery Center"
    desk.scene.given(c.SetUnitStatus(T2, UnitStatus.ASSIST, "bus stop on 5th"))
    assert cells(desk, T2)["where"] == "bus stop on 5th" and cells(desk, T2)["call"] == "HEART assist"
    desk.scene.given(receive(call_id="x", place=Place("1 Elm St")), c.DispatchUnit(T2, "x"))  # type: ignore[arg-type]
    assert cells(desk, T2)["where"] == "→ 1 Elm St"
