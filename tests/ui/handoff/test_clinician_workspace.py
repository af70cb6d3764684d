"""The clinician's whole workspace in a desk: a caller taken, helped and let go by keys, and one truth in every pane."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.ids import CallId, DeskId, HandOffId
from console.domain.state import PresenceStatus, Role
from console.link.link_state import LinkState, LinkStatus
from console.ui import theme as themes
from console.ui.desk import Desk
from console.ui.handoff.care import CarePane
from console.ui.handoff.my_calls import MyCallsPane
from console.ui.queue.view import QueuePane
from console.ui.supervisor.figures import FiguresPane
from console.wire.messages import Session
from tests.support.agency import PHONE
from tests.support.scenes import CALL, REYES, floor, offer, receive, released, taken
from tests.ui.live import Live

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def live(qapp: QApplication) -> Live:
    themes.apply(qapp, themes.load_theme("dark"))
    made = Live(floor().given(receive(), receive(CallId("two"))), me=REYES)
    made.store.take_me(Session("t", REYES, "Reyes", Role.CLINICIAN, DeskId("desk-reyes"), programme=PHONE))
    made.store.take_link(LinkStatus(LinkState.LIVE, made.now, 12.0))
    return made


@pytest.fixture
def desk(qtbot: QtBot, live: Live) -> Desk:
    made = Desk(live.context, workspace="clinician")
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk, key, modifier)


def presence(live: Live) -> PresenceStatus:
    return live.scene.state.people[REYES].status


def test_given_a_caller_offered_then_keys_alone_take_help_and_let_go(desk: Desk, live: Live) -> None:
    live.tell(offer())
    press(desk, Qt.Key.Key_F2)
    assert presence(live) is PresenceStatus.ON_CALL
    care = desk.view().pane("care")
    assert isinstance(care, CarePane) and care.call is not None and care.call.call_id == CALL
    press(desk, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    live.tell(c.TellCaller(CALL, HandOffId("h1")), c.ReleaseHandOff(CALL, HandOffId("h1")))
    press(desk, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    press(desk, Qt.Key.Key_1)
    assert live.scene.call().answers, "a digit answered the question"
    press(desk, Qt.Key.Key_F4)
    press(desk, Qt.Key.Key_F4)
    assert live.scene.call().closing is not None and presence(live) is PresenceStatus.WRAP_UP
    press(desk, Qt.Key.Key_1, CTRL_ALT)
    assert presence(live) is PresenceStatus.READY
    press(desk, Qt.Key.Key_3, CTRL_ALT)
    press(desk, Qt.Key.Key_1)
    QTest.keyClicks(desk.strip.reasons.note, "lunch")
    press(desk, Qt.Key.Key_Return)
    assert presence(live) is PresenceStatus.AWAY and live.scene.state.people[REYES].reason == "lunch"
    press(desk, Qt.Key.Key_2, CTRL_ALT)
    assert presence(live) is PresenceStatus.WRAP_UP


def test_given_a_caller_in_care_when_sign_out_is_pressed_then_they_get_a_receiver_before_it_is_done(
    desk: Desk, live: Live, qtbot: QtBot
) -> None:
    taken(live.scene)
    live.show()
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.assertNotEmitted(desk.sign_out_asked):
        press(desk, Qt.Key.Key_Q, control_shift)
    assert desk.strip.shift.choices.list.hasFocus()
    press(desk, Qt.Key.Key_2)
    assert live.scene.call().in_care_of is None, "back to dispatch, with the reason"
    with qtbot.waitSignal(desk.sign_out_asked):
        press(desk, Qt.Key.Key_Q, control_shift)


def test_given_every_pane_that_counts_the_queue_then_they_agree_at_every_step(desk: Desk, live: Live, qtbot: QtBot) -> None:
    queue, figures = QueuePane(live.context), FiguresPane(live.context)
    for pane in (queue, figures):
        qtbot.addWidget(pane)
        with qtbot.waitExposed(pane):
            pane.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    mine = desk.view().pane("my_calls")
    assert isinstance(mine, MyCallsPane)

    def agree() -> int:
        live.later(seconds=1)
        live.later(seconds=1)
        count = len(queries.pending(live.store.state))
        assert queue.model.pending == count
        assert f"pending {count} " in figures._cells[0].below.text()
        sought = [call for call in live.store.state.calls.values() if call.seeking and not queries.on_the_line(call)]
        mine_rings = queries.ringing(live.store.state, REYES) is not None
        assert mine.model.count("waiting") == len(sought) - mine_rings
        return count

    assert agree() == 2
    live.tell(c.QueueForClinician(CallId("two"), PHONE), offer())
    assert agree() == 2
    press(desk, Qt.Key.Key_F2)
    released(live.scene)
    live.show()
    assert agree() == 1
    press(desk, Qt.Key.Key_F6)
    assert agree() == 2, "a unit is wanted: dispatch has it in the queue again"
    press(desk, Qt.Key.Key_F9)
    press(desk, Qt.Key.Key_1)
    assert agree() == 2, "and so it has once the caller is given back"
    live.tell(c.CloseCall(CALL, outcome="resolved"))
    assert agree() == 1


@pytest.mark.parametrize(("wide", "high"), [(1600, 900), (1366, 768)])
def test_given_a_caller_in_care_when_tab_is_pressed_then_it_goes_once_round_every_time(
    desk: Desk, live: Live, wide: int, high: int
) -> None:
    taken(live.scene)
    live.tell()
    live.context.selection.choose_call(CALL)
    desk.resize(wide, high)
    QApplication.sendPostedEvents()
    rounds: list[list[str]] = []
    for _ in range(2):
        desk.commands.line.setFocus()
        went: list[str] = []
        while not (went and QApplication.focusWidget() is desk.commands.line):
            press(desk, Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            assert focused is not None and len(went) < 100
            went.append(focused.accessibleName() or type(focused).__name__)
        rounds.append(went)
    once, again = rounds
    assert once == again and len(set(once)) == len(once)
    stops = ("Clinician, key", "My calls", "What goes along", "Triage questions", "Clinical note", "Command line")
    assert [next(place for place, name in enumerate(once) if name.startswith(stop)) for stop in stops] == sorted(
        next(place for place, name in enumerate(once) if name.startswith(stop)) for stop in stops
    )
