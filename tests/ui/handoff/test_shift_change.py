"""Signing out with callers in care: each gets a receiver or a conscious return, and nobody is forgotten."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.hand_off import HandOffState
from console.domain.ids import HandOffId
from console.ui.handoff.shift_change import ShiftChange
from tests.support.scenes import CALL, LIN, REYES, accepted, floor, receive, released, taken
from tests.ui.live import Live, on_screen


@pytest.fixture
def live() -> Live:
    return Live(taken(floor().given(receive())), me=REYES)


@pytest.fixture
def asked(qtbot: QtBot, live: Live) -> ShiftChange:
    made = on_screen(qtbot, ShiftChange(live.context), 1000, 400)
    assert made.begin()
    made.activateWindow()
    return made


def press(asked: ShiftChange, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or asked, key)


def test_given_nobody_in_care_then_nothing_is_asked(qtbot: QtBot) -> None:
    live = Live(floor(), me=REYES)
    made = ShiftChange(live.context)
    qtbot.addWidget(made)
    assert not made.begin() and made.isHidden()


def test_given_a_caller_in_care_then_a_key_hands_them_on_and_they_stay_mine_until_released(
    asked: ShiftChange, live: Live
) -> None:
    assert asked.words.text() == "Before you sign out: a caller is in your care"
    assert [(o.key, o.words) for o in asked.choices.options] == [("1", "Lin"), ("2", "Back to dispatch")]
    press(asked, Qt.Key.Key_1)
    offered = live.scene.call().hand_off
    assert offered is not None and (offered.to_user, offered.onward, offered.asks) == (LIN, True, "Shift change")
    assert asked.words.text().endswith("0001 rings at Lin") and not asked.choices.is_open
    live.tell(c.AcceptHandOff(CALL, offered.hand_off_id), by=LIN)
    assert "Lin accepted; release them in the call" in asked.words.text()
    released(live.scene, offered.hand_off_id, by=REYES)
    live.show()
    assert live.scene.call().in_care_of == LIN and asked.isHidden()
    assert live.context.notices.standing[-1].words == "Nobody is in your care any more. Ctrl Shift Q signs you out."


def test_given_who_was_rung_declines_then_it_is_asked_again(asked: ShiftChange, live: Live) -> None:
    press(asked, Qt.Key.Key_1)
    offered = live.scene.call().hand_off
    assert offered is not None
    live.tell(c.DeclineHandOff(CALL, offered.hand_off_id, "busy"), by=LIN)
    assert asked.choices.is_open and live.scene.call().in_care_of == REYES


def test_given_nobody_can_take_them_then_a_key_gives_them_back_to_dispatch(asked: ShiftChange, live: Live) -> None:
    press(asked, Qt.Key.Key_2)
    call = live.scene.call()
    assert call.in_care_of is None and call.hand_offs[-1].reason == "Shift change" and asked.isHidden()


def test_given_escape_then_the_person_stays_with_their_caller(asked: ShiftChange, live: Live) -> None:
    press(asked, Qt.Key.Key_Escape)
    assert asked.isHidden() and live.sent == [] and live.scene.call().in_care_of == REYES


def test_given_a_caller_who_is_being_connected_then_only_leaving_the_line_is_offered(qtbot: QtBot) -> None:
    live = Live(accepted(floor().given(receive())), me=REYES)
    made = on_screen(qtbot, ShiftChange(live.context), 1000, 400)
    assert made.begin()
    assert [option.words for option in made.choices.options] == ["Back to dispatch"]
    made.choices.press("1")
    assert live.scene.call().hand_offs[-1].state is HandOffState.RETURNED
    assert live.sent == [c.ReturnHandOff(CALL, HandOffId("h1"), "Shift change")]
