"""The clinician's list: whose calls, in what order, and that nothing but a person chooses one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.ids import CallBackId, CallId, HandOffId
from console.domain.state import Place, PresenceStatus, State
from console.ui.handoff.lines import LINE_ROLE
from console.ui.handoff.my_calls import MyCallsPane
from console.ui.handoff.rows import Line
from tests.support.agency import PHONE
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, floor, offer, receive, taken
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
    return [f"{row.section} {row.standing} {row.call_id}" if isinstance(row, Line) else row for row in rows]


def queued(live: Live, *calls: CallId) -> None:
    """These callers wait for a clinician, a second apart."""
    live.tell(*(c.QueueForClinician(call_id, PHONE) for call_id in calls))


def take(live: Live) -> None:
    taken(live.scene)
    live.show()


def test_given_calls_then_mine_stand_above_those_that_wait_for_my_programme(pane: MyCallsPane, live: Live) -> None:
    assert shown(pane) == ["mine", "waiting", "call_back"], "a call for which nobody asked a clinician is dispatch's"
    queued(live, TWO, CALL)
    assert shown(pane) == ["mine", "waiting", "waiting queue two", "waiting queue call-1", "call_back"]
    taken(live.scene, hand_off="h9", call_id=THREE)
    live.show()
    assert shown(pane)[:2] == ["mine", "mine in care three"]
    assert pane.model.count("waiting") == 2


def test_given_an_offer_then_it_rings_in_my_list_and_stands_as_anothers_in_theirs(pane: MyCallsPane, live: Live) -> None:
    live.tell(offer(LIN, "x", TWO))
    assert "waiting rings at Lin two" in shown(pane), "still sought, and on its way to somebody"
    live.tell(offer(REYES, "y", THREE))
    assert shown(pane)[1] == "mine offered three"
    live.tell(c.AcceptHandOff(THREE, HandOffId("y")), by=REYES)
    assert shown(pane)[1] == "mine connecting three", "dispatch has the caller still"
    live.tell(c.AcceptHandOff(TWO, HandOffId("x")), by=LIN)
    assert pane.model.count("waiting") == 0


def test_given_a_waiting_call_then_its_callback_number_and_the_clock_of_the_queue_are_shown(
    pane: MyCallsPane, live: Live
) -> None:
    live.later(minutes=5)
    queued(live, TWO)
    row = pane.model.of("waiting")[0]
    assert row.about == "0002 · callback 919 555 0117"
    assert row.spoken(live.now) == "call 0002, Crisis, queue for 0:01, 0002 · callback 919 555 0117"
    assert row.level(live.now) == "fine"
    live.later(seconds=100)
    assert row.level(live.now) == "due"
    live.later(seconds=100)
    assert row.level(live.now) == "past" and "past its time" in row.spoken(live.now)


def test_given_callers_who_wait_then_the_key_takes_the_longest_or_the_chosen_one(pane: MyCallsPane, live: Live) -> None:
    assert not pane.take.isVisible()
    queued(live, TWO, THREE)
    assert pane.take.text() == "Take 0002 from the queue"
    live.context.selection.choose_call(THREE)
    assert pane.take.text() == "Take 0003 from the queue"
    QTest.keyClick(pane, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    call = live.scene.call(THREE)
    assert queries.on_the_line(call) == REYES and live.context.selection.call_id == THREE
    assert not pane.take.isVisible(), "one caller at a time"


def test_given_another_was_quicker_when_a_caller_is_taken_then_who_has_them_is_said(pane: MyCallsPane, live: Live) -> None:
    queued(live, TWO)
    live.scene.given(c.TakeFromQueue(TWO, HandOffId("quicker")), by=LIN)
    pane.take.click()
    assert pane.said.text() == "Lin has accepted call 0002 already."


def test_given_a_caller_in_care_when_the_board_comes_after_the_person_then_that_call_is_chosen(qtbot: QtBot) -> None:
    live = Live(me=REYES)
    board, live.scene.state = live.scene.state, State()
    live.show()
    made = MyCallsPane(live.context)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    live.scene.state = board
    taken(live.scene.given(receive()))
    live.show()
    assert live.context.selection.call_id == CALL


def test_given_the_keyboard_when_arrows_are_pressed_then_titles_are_passed_over(pane: MyCallsPane, live: Live) -> None:
    take(live)
    queued(live, TWO, THREE)
    pane.list.setFocus()
    assert live.context.selection.call_id is None, "taking the keyboard chooses nothing"
    chosen: list[str | None] = []
    for _ in range(3):
        QTest.keyClick(pane.list, Qt.Key.Key_Down)
        chosen.append(live.context.selection.call_id)
    assert chosen == [CALL, TWO, THREE]


def test_given_the_keys_for_next_and_previous_then_they_work_from_anywhere(pane: MyCallsPane, live: Live) -> None:
    queued(live, CALL, TWO)
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(pane, Qt.Key.Key_Down, alt)
    QTest.keyClick(pane, Qt.Key.Key_Down, alt)
    assert live.context.selection.call_id == TWO
    QTest.keyClick(pane, Qt.Key.Key_Up, alt)
    assert live.context.selection.call_id == CALL


def test_given_the_chosen_call_leaves_the_list_then_no_other_is_chosen_in_its_place(pane: MyCallsPane, live: Live) -> None:
    queued(live, CALL, TWO, THREE)
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


# ---------------------------------------------------------------------------------------------- calls back

OWED, LATER = CallBackId("b1"), CallBackId("b2")


def plan(live: Live, call_back: CallBackId = OWED, **ahead: float) -> None:
    live.tell(c.PlanCallBack(call_back, TWO, live.now + timedelta(**ahead), "how the night went"), by=REYES)


def test_given_calls_back_then_todays_stand_by_their_time_and_say_what_was_tried(pane: MyCallsPane, live: Live) -> None:
    plan(live, LATER, hours=2)
    plan(live, OWED, hours=1)
    plan(live, CallBackId("b3"), days=1)
    first, second = pane.model.of("call_back")
    assert (first.key, first.nature, first.about) == (OWED, "Check-in after 0002", "how the night went")
    assert first.clock(live.now) == "15:30" and first.level(live.now) == "fine" and second.key == LATER
    live.tell(c.TryCallBack(OWED, reached=False, note="left a message"), by=REYES)
    assert pane.model.of("call_back")[0].about == "not reached 14:30, left a message"
    live.later(minutes=50)
    assert first.level(live.now) == "due"
    assert pane.model.late("call_back") == ("1 due", "due")
    live.later(minutes=20)
    assert first.level(live.now) == "past"
    title = next(n for n in range(pane.model.rowCount()) if pane.model.index(n).data(LINE_ROLE) == "call_back")
    assert pane.model.index(title).data(Qt.ItemDataRole.AccessibleTextRole) == "Call back today, 2, 1 past"


def test_given_a_new_day_then_what_is_due_on_it_comes_and_what_was_left_undone_stays(pane: MyCallsPane, live: Live) -> None:
    plan(live, OWED, hours=1)
    plan(live, LATER, hours=20)
    assert pane.model.count("call_back") == 1
    live.later(hours=12)
    assert [row.key for row in pane.model.of("call_back")] == [OWED, LATER]


def test_given_who_planned_it_went_home_then_it_stands_on_every_list_with_their_name(pane: MyCallsPane, live: Live) -> None:
    live.tell(c.PlanCallBack(OWED, TWO, live.now + timedelta(hours=1), "the bus"), by=LIN)
    assert pane.model.count("call_back") == 0, "Lin is at work and makes it"
    live.tell(c.SignOff(LIN), by=LIN)
    assert [row.standing for row in pane.model.of("call_back")] == ["of Lin"]


def test_given_a_call_back_when_it_is_chosen_then_the_desk_looks_at_it_until_another_call_is(
    pane: MyCallsPane, live: Live
) -> None:
    plan(live, hours=1)
    selection = live.context.selection
    pane.list.setFocus()
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert selection.call_back_id == OWED
    assert selection.call_id == TWO, "its call stands beside it while it is on the board"
    queued(live, TWO)
    pane.list.choose(TWO)
    assert selection.call_back_id is None and pane.list.chosen == TWO
    pane.list.choose(OWED)
    selection.choose_call(THREE)
    assert selection.call_back_id is None and pane.list.chosen == THREE


def test_given_a_caller_whom_dispatch_lost_then_the_call_back_is_on_every_clinicians_list_until_they_are_reached(
    pane: MyCallsPane, live: Live
) -> None:
    live.tell(offer(LIN, "x", TWO))
    live.tell(c.LoseCaller(TWO, OWED))
    assert live.store.state.call_backs[OWED].owner == OKAFOR, "who has no list of calls back"
    assert shown(pane)[-1] == "call_back of Okafor two"
    live.tell(c.TryCallBack(OWED, reached=True), by=REYES)
    assert shown(pane)[-1] == "call_back", "the title alone"
