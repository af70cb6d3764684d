"""What is asked about a unit in the place of the table: its status since when, what it really is, and its times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.assignment import AssignmentStage
from console.domain.state import UnitStatus
from console.ui.units.detail import detail
from console.ui.units.view import UnitsPane
from tests.support.scenes import CALL, T1, T2, floor, receive, status
from tests.ui.live import Live, on_screen

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk() -> Live:
    """T1 en route to 0001 for ten minutes: it is 14:40."""
    made = Live(floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE)))
    made.scene.at += timedelta(minutes=10)
    return made


@pytest.fixture
def pane(desk: Live, qtbot: QtBot) -> UnitsPane:
    made = on_screen(qtbot, UnitsPane(desk.context), 900, 300)
    made.table.setFocus()
    desk.context.selection.choose_unit(T1)
    return made


def choose(pane: UnitsPane, words: str, note: str = "") -> None:
    """Select by its key what says these words, write the note, and press Enter."""
    option = next(o for o in pane.asking.panel.options if o.words.startswith(words))
    QTest.keyClicks(pane.asking.panel.list, option.key)
    if note:
        pane.asking.panel.note.setFocus()
        QTest.keyClicks(pane.asking.panel.note, note)
        QTest.keyClick(pane.asking.panel.note, Qt.Key.Key_Return)
    else:
        QTest.keyClick(pane.asking.panel.list, Qt.Key.Key_Return)


def words(pane: UnitsPane) -> list[str]:
    return [option.words for option in pane.asking.panel.options]


def refusal(pane: UnitsPane) -> str:
    return pane.asking.panel._refusal.text()


def test_given_a_status_by_radio_when_set_since_earlier_then_it_began_then_and_the_table_is_back(
    desk: Live, pane: UnitsPane
) -> None:
    QTest.keyClick(pane.table, Qt.Key.Key_J, CTRL)
    assert not pane.table.isVisible() and pane.asking.panel.list.hasFocus()
    assert words(pane) == ["Acknowledged", "Staging", "On scene", "With neighbor", "Transporting", "At facility"], (
        "only what may follow: who is on the way is recalled, not cleared"
    )
    choose(pane, "On scene", "14:36")
    arrived = desk.scene.call().assignments[0].arrived_at
    assert arrived is not None and desk.now - arrived > timedelta(minutes=4)
    assert pane.table.isVisible() and pane.table.hasFocus() and not pane.asking.isVisible()


def test_given_a_time_as_it_is_typed_then_what_it_comes_to_stands_above_it_and_a_wrong_one_is_a_sentence(
    desk: Live, pane: UnitsPane
) -> None:
    QTest.keyClick(pane.table, Qt.Key.Key_J, CTRL)
    pane.asking.panel.note.setFocus()
    QTest.keyClicks(pane.asking.panel.note, "-3")
    assert pane.asking.preview.text() == "since 14:37, 3 min ago"
    pane.asking.panel.note.clear()
    choose(pane, "On scene", "14:15")
    assert "cannot have begun before. Correct that first." in refusal(pane), "and it stays, to be put right"
    assert pane.asking.panel.note.text() == "14:15"
    pane.asking.panel.note.setText("25:15")
    QTest.keyClick(pane.asking.panel.note, Qt.Key.Key_Return)
    assert '"25:15" is no time of day' in refusal(pane)
    QTest.keyClick(pane.asking.panel.note, Qt.Key.Key_Escape)
    assert pane.table.isVisible() and desk.scene.unit().status is UnitStatus.EN_ROUTE


def test_given_a_transport_then_the_place_is_wanted_and_may_have_a_time_beside_it(desk: Live, pane: UnitsPane) -> None:
    desk.tell(*status(T1, UnitStatus.ON_SCENE))
    desk.later(minutes=5)
    QTest.keyClick(pane.table, Qt.Key.Key_J, CTRL)
    choose(pane, "Transporting")
    assert "wants a few words" in refusal(pane)
    choose(pane, "Transporting", "Recovery Center, -2")
    unit = desk.scene.unit()
    assert (unit.status, unit.where) == (UnitStatus.TRANSPORTING, "Recovery Center")
    assert desk.now - unit.since >= timedelta(minutes=2)


def test_given_the_key_of_a_transport_then_its_line_takes_a_time_too(desk: Live, pane: UnitsPane) -> None:
    desk.tell(*status(T1, UnitStatus.ON_SCENE))
    desk.later(minutes=5)
    QTest.keyClick(pane.table, Qt.Key.Key_T, CTRL | SHIFT)
    pane.words.setText("Recovery Center 77:00")
    QTest.keyClick(pane.words, Qt.Key.Key_Return)
    assert '"77:00" is no time of day' in pane.said.text() and pane.words.isVisible()
    pane.words.setText("Recovery Center 2 min ago")
    QTest.keyClick(pane.words, Qt.Key.Key_Return)
    assert desk.scene.unit().where == "Recovery Center"
    assert desk.now - desk.scene.unit().since >= timedelta(minutes=2)


def test_given_a_status_by_mistake_when_put_right_then_why_is_asked_and_what_stood_is_kept(
    desk: Live, pane: UnitsPane
) -> None:
    desk.tell(*status(T1, UnitStatus.ON_SCENE))
    QTest.keyClick(pane.table, Qt.Key.Key_J, CTRL | SHIFT)
    assert "Assigned" in words(pane) and "Available" not in words(pane)
    choose(pane, "En route")
    assert "wants a few words" in refusal(pane)
    choose(pane, "En route", "the wrong button")
    assert desk.scene.unit().status is UnitStatus.EN_ROUTE
    said = desk.scene.call().assignments[0].corrections
    assert (said[0].was, said[0].became, said[0].reason) == ("On scene", "En route", "the wrong button")
    assert said[1].stage is AssignmentStage.ARRIVED and said[1].was_at is not None


def test_given_an_open_request_for_backup_then_nothing_can_be_put_right_and_it_says_why(desk: Live, pane: UnitsPane) -> None:
    desk.tell(c.RequestBackup(T1, "POLICE"))
    QTest.keyClick(pane.table, Qt.Key.Key_J, CTRL | SHIFT)
    assert words(pane) == []
    assert "has asked for backup" in refusal(pane)
    QTest.keyClick(pane.asking.panel.list, Qt.Key.Key_Escape)
    assert pane.table.isVisible()


def test_given_a_unit_then_its_check_intervals_and_times_are_said_and_run_on(desk: Live, pane: UnitsPane) -> None:
    QTest.keyClick(pane.table, Qt.Key.Key_I, CTRL)
    lines = pane.asking.lines
    assert pane.asking.panel._title.text().startswith("T1 · ")
    assert lines["status"].text().startswith("En route since 14:30:") and "0001 Crisis" in lines["status"].text()
    assert lines["check"].text().startswith("Status check every 30 min, ") and ": next in 1" in lines["check"].text()
    assert lines["intervals"].text() == "turnout 0:01 · travel 10:01 · total 10:02"
    desk.later(seconds=60)
    assert lines["intervals"].text() == "turnout 0:01 · travel 11:01 · total 11:02"
    assert [w.split(" 14:")[0] for w in words(pane)] == ["Dispatched", "En route"]


def test_given_a_wrong_time_when_put_right_then_the_old_one_stands_beside_it(desk: Live, pane: UnitsPane) -> None:
    desk.tell(*status(T1, UnitStatus.ON_SCENE))
    QTest.keyClick(pane.table, Qt.Key.Key_I, CTRL)
    choose(pane, "On scene", "told by radio")
    assert "When was it?" in refusal(pane)
    pane.asking.panel.note.setText("14:36 told by radio")
    QTest.keyClick(pane.asking.panel.note, Qt.Key.Key_Return)
    sent = desk.sent[-1]
    assert isinstance(sent, c.CorrectStageTime) and (sent.stage, sent.reason) == (AssignmentStage.ARRIVED, "told by radio")
    QTest.keyClick(pane.table, Qt.Key.Key_I, CTRL)
    assert words(pane)[-1] == "On scene 14:36:00, was 14:40"


def test_given_another_unit_is_chosen_then_what_was_asked_about_the_first_is_gone(desk: Live, pane: UnitsPane) -> None:
    QTest.keyClick(pane.table, Qt.Key.Key_J, CTRL)
    desk.context.selection.choose_unit(T2)
    assert pane.table.isVisible() and not pane.asking.isVisible()


def test_given_missed_checks_then_the_unit_says_how_many_and_that_the_supervisor_was_told(desk: Live) -> None:
    due = desk.scene.unit().checked_at
    assert due is not None
    due += timedelta(minutes=30)
    desk.scene.at = due + timedelta(minutes=10)
    desk.tell(c.MissCheck(T1, due, 1))
    desk.tell(c.MissCheck(T1, due, 2))
    said = detail(desk.scene.state, desk.scene.unit(), desk.now).check
    assert "▲ escalated to the supervisor, 10:" in said and said.endswith("· missed 2")


def test_given_the_order_by_checks_when_pressed_then_whose_check_is_due_first_stands_on_top_and_again_as_usual(
    desk: Live, pane: UnitsPane
) -> None:
    usual = list(pane.model.keys)
    desk.tell(receive(call_id="x"), c.DispatchUnit(T2, "x"), *status(T2, UnitStatus.EN_ROUTE))  # type: ignore[arg-type]
    QTest.keyClick(pane.table, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert pane.model.keys[:2] == [T1, T2] and "next checks first" in pane._count.text()
    desk.tell(c.CheckUnit(T1))
    assert pane.model.keys[:2] == [T2, T1], "who answered is asked again later"
    QTest.keyClick(pane.table, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert pane.model.keys == usual
