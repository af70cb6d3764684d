"""The queue on the screen, worked by keys: nothing moves under the cursor, nothing takes the keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import CallId, EntryId, HandOffId
from console.domain.state import Place, Role
from console.ui.queue import delegate
from console.ui.queue.view import SEEN_AFTER_S, QueuePane
from tests.support.scenes import OKAFOR, REYES, T1, floor, receive, sign_in, taken
from tests.ui.live import Live, on_screen

ONE, TWO, THREE = CallId("one"), CallId("two"), CallId("three")


@pytest.fixture
def live() -> Live:
    calls = (receive(ONE, place=Place("1 Elm St")), receive(TWO, place=Place("2 Elm St")))
    return Live(floor().given(*calls, receive(THREE, place=Place("3 Elm St"))))


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> QueuePane:
    made = on_screen(qtbot, QueuePane(live.context), 430, 700)
    QTest.mouseMove(made, QPoint(1, 1))  # away from where another test left it: a move to there would be none
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


def test_given_a_number_that_is_not_pending_when_it_is_typed_then_no_other_call_is_left_chosen(
    live: Live, pane: QueuePane
) -> None:
    live.context.selection.choose_call(ONE)
    QTest.keyClicks(pane.list, "0002")
    assert live.context.selection.call_id == TWO
    QTest.keyClicks(pane.list, "9")
    assert live.context.selection.call_id == ONE, "what was chosen before the number was begun"
    assert hint(pane) == "no number 00029 here"


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


@pytest.fixture
def told(live: Live) -> list[str]:
    """Every call that the desk was told is chosen."""
    found: list[str] = []
    live.context.selection.call_changed.connect(found.append)
    return found


def current(pane: QueuePane) -> CallId | None:
    return pane.model.call_at(pane.list.currentIndex().row())


def serve_chosen(live: Live, call_id: CallId) -> None:
    """The chosen call is served: its row waits to be left."""
    live.context.selection.choose_call(call_id)
    live.tell(c.DispatchUnit(T1, call_id))


@pytest.mark.parametrize("asked", [ONE, THREE, TWO, "elsewhere", ""])
def test_given_the_chosen_row_waits_to_be_left_when_another_call_is_asked_for_then_that_one_is_chosen_and_no_other(
    live: Live, pane: QueuePane, told: list[str], asked: str
) -> None:
    serve_chosen(live, ONE if asked == TWO else TWO)
    told.clear()
    live.context.selection.choose_call(asked)
    assert told == [asked]
    assert (live.context.selection.call_id or "") == asked
    assert current(pane) == (asked if asked in (ONE, TWO, THREE) else None)


def test_given_the_chosen_row_waits_to_be_left_when_a_new_call_is_asked_for_before_it_is_there_then_it_is_chosen(
    live: Live, pane: QueuePane, told: list[str]
) -> None:
    serve_chosen(live, TWO)
    told.clear()
    live.context.selection.choose_call("new")
    live.tell(receive(CallId("new"), place=Place("88 Foster St")))
    assert told == ["new"]
    assert current(pane) == "new"


def chosen_rows(pane: QueuePane) -> list[CallId | None]:
    return [pane.model.call_at(index.row()) for index in pane.list.selectionModel().selectedIndexes()]


@pytest.mark.parametrize("pointed_before", [True, False])
def test_given_the_chosen_row_waits_to_be_left_when_a_row_below_is_clicked_then_that_one_is_chosen_and_painted_so(
    live: Live, pane: QueuePane, told: list[str], pointed_before: bool
) -> None:
    live.tell(receive(CallId("four"), place=Place("4 Elm St")))
    serve_chosen(live, ONE)
    told.clear()
    at = pane.list.visualRect(pane.model.index_of(THREE)).center()
    if pointed_before:
        QTest.mouseMove(pane.list.viewport(), at)
    QTest.mousePress(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    drag(pane, at + QPoint(3, 2))
    QTest.mouseRelease(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(3, 2))
    assert told == [THREE]
    assert current(pane) == THREE
    assert chosen_rows(pane) == [THREE]


def drag(pane: QueuePane, to: QPoint) -> None:
    """Move the pointer with the button held, which `QTest.mouseMove` does not say."""
    view = pane.list.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    moved = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(to), QPointF(view.mapToGlobal(to)), Qt.MouseButton.NoButton, left, none
    )
    QApplication.sendEvent(view, moved)


def test_given_a_press_that_slips_when_the_pointer_is_dragged_over_other_rows_then_the_pressed_one_stays_chosen(
    live: Live, pane: QueuePane, told: list[str]
) -> None:
    at = pane.list.visualRect(pane.model.index_of(ONE)).center()
    QTest.mousePress(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    for row in (TWO, THREE):
        drag(pane, pane.list.visualRect(pane.model.index_of(row)).center())
    QTest.mouseRelease(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told == [ONE]
    assert (current(pane), chosen_rows(pane)) == (ONE, [ONE])


def test_given_the_chosen_row_when_it_is_clicked_with_ctrl_then_it_is_painted_as_chosen_still(
    live: Live, pane: QueuePane
) -> None:
    live.context.selection.choose_call(TWO)
    at = pane.list.visualRect(pane.model.index_of(TWO)).center()
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert (live.context.selection.call_id, chosen_rows(pane)) == (TWO, [TWO])


HAPPENINGS = (
    "choose",
    "receive",
    "dispatch",
    "close",
    "prioritise",
    "anew",
    "focus",
    "leave",
    "point",
    "away",
    "hide",
    "time",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 9)), max_size=12))
def test_given_whatever_happens_to_the_list_when_nobody_chose_in_it_then_it_chose_nothing(
    qtbot: QtBot, steps: list[tuple[str, int]]
) -> None:
    calls = (receive(ONE, place=Place("1 Elm St")), receive(TWO, place=Place("2 Elm St")))
    live = Live(floor().given(*calls, receive(THREE, place=Place("3 Elm St"))))
    window = QWidget()
    pane, field = QueuePane(live.context), QLineEdit(window)
    column = QVBoxLayout(window)
    column.addWidget(pane)
    column.addWidget(field)
    window.resize(430, 420)
    window.show()
    told: list[str] = []
    asked: list[str] = []
    live.context.selection.call_changed.connect(told.append)
    for count, (what, which) in enumerate(steps):
        known = list(live.scene.state.calls)
        call_id = known[which % len(known)]
        match what:
            case "choose":
                wanted = "" if which == 9 else "elsewhere" if which == 8 else call_id
                asked += [wanted] if wanted != (live.context.selection.call_id or "") else []
                live.context.selection.choose_call(wanted)
            case "receive":
                live.tell(receive(CallId(f"more{count}"), priority=str(1 + which % 3), place=Place(f"{count} Oak St")))
            case "dispatch":
                live.store.submit(c.DispatchUnit(T1, call_id))
            case "close":
                live.store.submit(c.CloseCall(call_id, missed="all_busy"))
            case "prioritise":
                live.store.submit(c.PrioritiseCall(call_id, str(1 + which % 3)))
            case "anew":
                live.tell(c.ConfigureAgency(live.scene.state.agency, exercise=bool(which % 2)))
            case "focus":
                pane.list.setFocus(Qt.FocusReason.TabFocusReason)
            case "leave":
                field.setFocus()
            case "point":
                QTest.mouseMove(pane.list.viewport(), QPoint(60 + which, 43 + 86 * (which % 4)))
            case "away":
                QApplication.sendEvent(pane.list.viewport(), QEvent(QEvent.Type.Leave))
            case "hide":
                pane.setVisible(not pane.isVisible())
            case _:
                live.later(seconds=1 + which)
        QApplication.sendPostedEvents()
        chosen = live.context.selection.call_id
        assert told == asked
        row = chosen if pane.model.row_of(chosen) is not None else None
        assert current(pane) == row
        assert chosen_rows(pane) == ([row] if row else [])
    window.deleteLater()


@pytest.mark.parametrize("leaves", ["dispatched", "closed"])
def test_given_the_keyboard_in_the_list_when_the_row_above_leaves_then_every_row_is_painted_whole(
    live: Live, pane: QueuePane, leaves: str
) -> None:
    live.context.selection.choose_call(THREE)
    before = painted(pane, THREE)
    live.tell(c.DispatchUnit(T1, ONE) if leaves == "dispatched" else c.CloseCall(ONE, missed="all_busy"))
    assert painted(pane, THREE) == before
    live.later(seconds=1)
    QApplication.processEvents()
    shown = pane.screen().grabWindow(pane.winId()).toImage()
    assert shown == pane.grab().toImage().convertToFormat(shown.format())


def painted(pane: QueuePane, call_id: CallId) -> QImage:
    """Where the words of a row begin, as they are on the screen: a scroll bar may come that makes its tags move."""
    pane.list.executeDelayedItemsLayout()
    for _ in range(2):  # first what is there is moved, then it is painted anew
        QApplication.processEvents()
    box = delegate.words_area(pane.list.visualRect(pane.model.index_of(call_id)))
    at = pane.list.viewport().mapTo(pane, box.topLeft())
    return pane.screen().grabWindow(pane.winId()).toImage().copy(QRect(at, QSize(150, box.height())))


def test_given_a_gap_above_the_pinned_row_when_the_keyboard_leaves_the_list_then_the_gap_closes(
    live: Live, pane: QueuePane
) -> None:
    live.context.selection.choose_call(THREE)
    live.tell(c.DispatchUnit(T1, ONE))
    assert top(pane, TWO) > 0
    field = QLineEdit(pane)
    field.show()
    field.setFocus()
    assert top(pane, TWO) == 0


def test_given_the_chosen_call_when_it_is_served_then_its_row_is_not_struck_through_as_if_it_were_cancelled(
    live: Live, pane: QueuePane
) -> None:
    serve_chosen(live, TWO)
    words = painted(pane, TWO)
    for y in range(words.height()):
        line = "".join("." if words.pixel(x, y) == words.pixel(words.width() - 1, y) else "#" for x in range(words.width()))
        assert max(map(len, line.split("."))) < 20, line


def test_given_ones_own_caller_is_given_back_out_of_sight_then_the_heading_says_so_in_amber_until_it_is_looked_at(
    live: Live, pane: QueuePane
) -> None:
    taken(live.scene, call_id=ONE)
    live.show()
    QTest.keyClick(pane.list, Qt.Key.Key_Home)
    assert live.context.selection.call_id == TWO
    live.tell(c.ReturnHandOff(ONE, HandOffId("h1"), "wants a visit"), by=REYES)
    assert top(pane, TWO) == 0, "it stays under the keyboard"
    assert hint(pane) == "◆ 0001 came back to you, above · Home" and pane._hint.property("role") == "due"
    QTest.keyClick(pane.list, Qt.Key.Key_Home)
    assert live.context.selection.call_id == ONE
    assert hint(pane) == "oldest first within priority" and pane._hint.property("role") == "small"


def test_given_ones_own_caller_is_given_back_below_what_is_shown_then_the_heading_says_so(
    live: Live, pane: QueuePane
) -> None:
    taken(live.scene, call_id=THREE)
    live.show()
    pane.resize(430, 200)
    QApplication.sendPostedEvents()
    live.tell(c.ReturnHandOff(THREE, HandOffId("h1"), "wants a visit"), by=REYES)
    assert hint(pane) == "◆ 0003 came back to you, further down"


def test_given_ones_own_caller_who_was_taken_over_then_nobody_gave_them_back(live: Live, pane: QueuePane) -> None:
    taken(live.scene.given(sign_in(OKAFOR, Role.SUPERVISOR)), call_id=ONE)
    live.show()
    live.tell(c.TakeOverCall(ONE, HandOffId("h2"), "nobody is there"), by=OKAFOR)
    assert ONE in pane.model.new and pane.model.back == []
