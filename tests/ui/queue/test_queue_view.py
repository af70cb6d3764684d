"""The queue on the screen, worked by keys: nothing moves under the cursor, nothing takes the keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import CallId, EntryId
from console.domain.state import Place
from console.ui.queue import delegate
from console.ui.queue.view import SEEN_AFTER_S, QueuePane
from tests.support.scenes import T1, floor, receive
from tests.ui.live import Live, on_screen

ONE, TWO, THREE = CallId("one"), CallId("two"), CallId("three")


@pytest.fixture
def live() -> Live:
    calls = (receive(ONE, place=Place("1 Elm St")), receive(TWO, place=Place("2 Elm St")))
    return Live(floor().given(*calls, receive(THREE, place=Place("3 Elm St"))))


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> QueuePane:
    made = on_screen(qtbot, QueuePane(live.context), 430, 700)
    made.list.setFocus()
    return made


def top(pane: QueuePane, call_id: CallId) -> int:
    QApplication.sendPostedEvents()
    return pane.list.visualRect(pane.model.index_of(call_id)).top()


def hint(pane: QueuePane) -> str:
    return pane._hint.text()


def test_given_the_keyboard_when_arrows_home_and_end_are_pressed_then_the_desks_call_follows(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    chosen = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End):
        QTest.keyClick(pane.list, key)
        chosen.append(live.context.selection.call_id)
    assert chosen == [ONE, TWO, ONE, THREE]


def test_given_the_keyboard_when_a_number_is_typed_then_that_call_is_chosen(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    QTest.keyClicks(pane.list, "0003")
    assert live.context.selection.call_id == THREE
    assert hint(pane) == "number 0003…"
    QTest.keyClick(pane.list, Qt.Key.Key_Escape)
    QTest.keyClicks(pane.list, "2")
    assert live.context.selection.call_id == TWO


def test_given_another_pane_has_the_keyboard_when_alt_down_is_pressed_then_the_next_call_is_chosen(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    field = QLineEdit(pane)
    field.show()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert live.context.selection.call_id == TWO
    assert field.hasFocus()


def test_given_a_chosen_row_with_the_keyboard_when_more_urgent_calls_arrive_then_it_stays_where_it_was(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    live.context.selection.choose_call(TWO)
    before = top(pane, TWO)
    live.tell(receive(CallId("urgent"), priority="1", place=Place("9 Elm St")))
    live.tell(receive(CallId("next"), priority="1", place=Place("8 Elm St")))
    assert top(pane, TWO) == before
    assert live.context.selection.call_id == TWO
    assert pane.list.hasFocus()
    assert hint(pane) == "2 new above · Home"
    live.tell(c.DispatchUnit(T1, ONE))
    assert top(pane, TWO) == before
    QTest.keyClick(pane.list, Qt.Key.Key_Home)
    assert live.context.selection.call_id == "urgent"
    assert top(pane, CallId("urgent")) == 0


def test_given_a_row_above_leaves_when_the_chosen_one_has_the_keyboard_then_it_does_not_slip_up(
    live: Live, pane: QueuePane
) -> None:
    live.context.selection.choose_call(THREE)
    before = top(pane, THREE)
    live.tell(c.DispatchUnit(T1, ONE))
    assert top(pane, THREE) == before
    assert pane.model.rowCount() == 2


def test_given_the_pointer_on_a_row_when_calls_arrive_then_that_row_stays_and_when_it_leaves_the_list_settles(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    field = QLineEdit(pane)
    field.show()
    field.setFocus()
    at = pane.list.visualRect(pane.model.index_of(TWO)).center()
    QTest.mouseMove(pane.list.viewport(), at)
    before = top(pane, TWO)
    live.tell(receive(CallId("urgent"), priority="1", place=Place("9 Elm St")))
    assert top(pane, TWO) == before
    live.tell(c.DispatchUnit(T1, TWO))
    assert pane.list.indexAt(at).row() == pane.model.row_of(TWO)
    pane.list._point_at(None)
    pane.list._unpin()
    assert pane.model.row_of(TWO) is None
    assert top(pane, CallId("urgent")) == 0


def test_given_nobody_on_the_list_when_an_urgent_call_arrives_then_it_is_on_top_and_marked_and_focus_stays(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    field = QLineEdit(pane)
    field.show()
    field.setFocus()
    live.tell(receive(CallId("urgent"), priority="1", place=Place("9 Elm St")))
    assert top(pane, CallId("urgent")) == 0
    assert field.hasFocus()
    assert live.context.selection.call_id is None
    words = pane.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.startswith("new, call 0004, Crisis, 9 Elm St, priority 1, waiting 0:01")
    live.context.selection.choose_call("urgent")
    assert pane.model.new == set()


def test_given_a_new_row_in_view_of_the_window_in_use_when_ten_seconds_pass_then_it_is_seen(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    live.tell(receive(CallId("urgent"), priority="1", place=Place("9 Elm St")))
    with qtbot.waitActive(pane):
        pane.activateWindow()
    for _ in range(SEEN_AFTER_S - 1):
        live.later(seconds=1)
    assert pane.model.new == {"urgent"}
    live.later(seconds=1)
    assert pane.model.new == set()


def test_given_the_chosen_call_when_it_is_served_then_its_row_stays_until_the_selection_moves(
    qtbot: QtBot, live: Live, pane: QueuePane
) -> None:
    live.context.selection.choose_call(TWO)
    live.tell(c.DispatchUnit(T1, TWO))
    assert pane.model.rowCount() == 3
    assert live.context.selection.call_id == TWO
    assert pane._count.text() == "2"
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert live.context.selection.call_id == THREE
    assert pane.model.rowCount() == 2


def test_given_a_call_that_is_not_in_the_queue_when_it_is_chosen_then_no_row_is(live: Live, pane: QueuePane) -> None:
    live.context.selection.choose_call(ONE)
    live.context.selection.choose_call("elsewhere")
    assert not pane.list.currentIndex().isValid()
    assert live.context.selection.call_id == "elsewhere"


def test_given_a_whole_new_state_when_it_is_taken_then_the_chosen_row_is_chosen_still(live: Live, pane: QueuePane) -> None:
    live.context.selection.choose_call(TWO)
    live.scene.given(c.ConfigureAgency(live.scene.state.agency, exercise=True))
    live.show()
    assert pane.list.currentIndex().row() == 1


def test_given_a_tick_when_a_wait_turns_due_then_the_row_is_painted_otherwise_and_no_row_moves(
    live: Live, pane: QueuePane
) -> None:
    before, place = pane.list.viewport().grab().toImage(), top(pane, THREE)
    live.later(minutes=6)
    after = pane.list.viewport().grab().toImage()
    assert before != after
    assert top(pane, THREE) == place


def test_given_ticks_and_changes_then_what_was_painted_piece_by_piece_is_what_all_at_once_would_be(
    live: Live, pane: QueuePane
) -> None:
    changes = (None, c.RaiseFlag(ONE, "dog on site"), None, c.AddNarrative(TWO, EntryId("e"), "calm"), None, None)
    for seconds, change in zip((1, 7, 60, 200, 300, 3000), changes, strict=True):
        if change is not None:
            live.tell(change)
        live.later(seconds=seconds)
        QApplication.processEvents()
        shown = pane.screen().grabWindow(pane.winId()).toImage()
        assert shown == pane.grab().toImage().convertToFormat(shown.format())


def test_given_a_tick_then_no_words_are_painted_again(live: Live, pane: QueuePane, monkeypatch: pytest.MonkeyPatch) -> None:
    live.later(seconds=1)
    QApplication.processEvents()
    monkeypatch.setattr(delegate, "arrange", pytest.fail)
    live.later(seconds=1)
    QApplication.processEvents()


def test_given_an_empty_queue_then_it_says_so(qtbot: QtBot) -> None:
    empty = QueuePane(Live().context)
    qtbot.addWidget(empty)
    empty.resize(430, 300)
    blank = empty.list.viewport().grab().toImage()
    assert empty._count.text() == "0"
    assert empty._title.text() == "Pending, HEART-eligible"
    colours = {blank.pixelColor(QPoint(x, y)).name() for x in range(blank.width()) for y in range(30, 56)}
    assert len(colours) > 1


def test_given_a_queue_then_rows_keep_one_height_whatever_they_say(live: Live, pane: QueuePane) -> None:
    live.tell(c.RaiseFlag(ONE, "dog on site"))
    live.later(minutes=30)
    heights = {pane.list.rowHeight(row) for row in range(pane.model.rowCount())}
    assert len(heights) == 1
    assert live.now - timedelta(minutes=30) > pane.model.index(0).data(Qt.ItemDataRole.UserRole).call.received_at
