"""The clinician's list: whose calls, in what order, and that nothing but a person chooses one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import CallId, HandOffId
from console.domain.state import Place, PresenceStatus, State
from console.ui.handoff.lines import LINE_ROLE
from console.ui.handoff.my_calls import MyCallsPane
from console.ui.handoff.rows import Line
from tests.support.agency import BURGLARY, TRESPASS
from tests.support.scenes import CALL, LIN, REYES, T1, floor, offer, receive
from tests.ui.live import Live, on_screen

TWO, THREE = CallId("two"), CallId("three")


@pytest.fixture
def live() -> Live:
    scene = floor().given(receive(), receive(TWO, callback="919 555 0117"), receive(THREE))
    return Live(scene, me=REYES)


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> MyCallsPane:
    return on_screen(qtbot, MyCallsPane(live.context), 400, 600)


def shown(pane: MyCallsPane) -> list[str]:
    rows = [pane.model.index(n).data(LINE_ROLE) for n in range(pane.model.rowCount())]
    return [f"{row.section} {row.standing} {row.call.call_id}" if isinstance(row, Line) else row for row in rows]


def take(live: Live) -> None:
    live.tell(offer())
    live.tell(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)


def test_given_calls_then_mine_stand_above_those_that_wait_for_my_programme(pane: MyCallsPane, live: Live) -> None:
    live.tell(receive(CallId("no-phone"), nature=TRESPASS), receive(CallId("nobody"), nature=BURGLARY))
    assert shown(pane) == ["mine", "waiting", "waiting queue call-1", "waiting queue two", "waiting queue three"]
    take(live)
    assert shown(pane)[:2] == ["mine", "mine in care call-1"]
    assert pane.model.count("waiting") == 2


def test_given_an_offer_then_it_rings_in_my_list_and_stands_as_anothers_in_theirs(pane: MyCallsPane, live: Live) -> None:
    live.tell(offer(LIN, "x", TWO))
    assert "waiting offered to Lin two" in shown(pane), "still pending, and on its way to somebody"
    live.tell(offer(REYES, "y", THREE))
    assert shown(pane)[1] == "mine offered three"


def test_given_a_waiting_call_then_its_callback_number_is_shown(pane: MyCallsPane, live: Live) -> None:
    place = pane.model.row_of(TWO)
    assert place is not None
    assert pane.model.index(place).data(LINE_ROLE).about == "0002 · callback 919 555 0117"
    spoken = pane.model.index(place).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("call 0002, Crisis, queue for 0:")


def test_given_a_call_served_by_a_unit_or_in_anothers_care_then_it_waits_for_no_clinician(
    pane: MyCallsPane, live: Live
) -> None:
    live.tell(c.DispatchUnit(T1, TWO), offer(LIN, "x", THREE))
    live.tell(c.AcceptHandOff(THREE, HandOffId("x")), c.RaiseFlag(THREE, "unit_wanted"), by=LIN)
    assert shown(pane) == ["mine", "waiting", "waiting queue call-1"]


def test_given_a_caller_in_care_when_the_board_comes_after_the_person_then_that_call_is_chosen(qtbot: QtBot) -> None:
    live = Live(me=REYES)
    board, live.scene.state = live.scene.state, State()
    live.show()
    made = MyCallsPane(live.context)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    live.scene.state = board
    live.scene.given(receive(), offer(REYES)).given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    live.show()
    assert live.context.selection.call_id == CALL


def test_given_the_keyboard_when_arrows_are_pressed_then_titles_are_passed_over(pane: MyCallsPane, live: Live) -> None:
    take(live)
    pane.list.setFocus()
    assert live.context.selection.call_id is None, "taking the keyboard chooses nothing"
    chosen: list[str | None] = []
    for _ in range(3):
        QTest.keyClick(pane.list, Qt.Key.Key_Down)
        chosen.append(live.context.selection.call_id)
    assert chosen == [CALL, TWO, THREE]


def test_given_the_keys_for_next_and_previous_then_they_work_from_anywhere(pane: MyCallsPane, live: Live) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(pane, Qt.Key.Key_Down, alt)
    QTest.keyClick(pane, Qt.Key.Key_Down, alt)
    assert live.context.selection.call_id == TWO
    QTest.keyClick(pane, Qt.Key.Key_Up, alt)
    assert live.context.selection.call_id == CALL


def test_given_the_chosen_call_leaves_the_list_then_no_other_is_chosen_in_its_place(pane: MyCallsPane, live: Live) -> None:
    pane.list.setFocus()
    live.context.selection.choose_call(TWO)
    live.tell(c.CloseCall(TWO, missed="all_busy"))
    QApplication.sendPostedEvents()
    assert live.context.selection.call_id == TWO
    assert not pane.list.currentIndex().isValid()


def test_given_a_call_in_care_when_the_pane_is_shown_then_it_is_the_desks_call(qtbot: QtBot, live: Live) -> None:
    take(live)
    pane = MyCallsPane(live.context)
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    assert live.context.selection.call_id == CALL


def test_given_only_times_and_places_change_then_no_row_comes_or_goes(pane: MyCallsPane, live: Live, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pane.model.modelReset), qtbot.assertNotEmitted(pane.model.rowsInserted):
        live.tell(c.LocateCall(TWO, Place("9 Elm St")))
        live.later(minutes=3)
    with qtbot.assertNotEmitted(pane.model.modelReset):
        live.tell(c.SetPresence(PresenceStatus.AWAY), by=LIN)
