"""A call back that is chosen: whom and why, and what came of it by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.commands import Rejected
from console.domain.ids import CallBackId
from console.ui.handoff.care import CarePane
from tests.support.scenes import CALL, REYES, floor, receive
from tests.ui.live import Live, on_screen

OWED = CallBackId("b1")
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive(callback="919 555 0117", language="es")), me=REYES)
    made.tell(c.PlanCallBack(OWED, CALL, made.now + timedelta(hours=1), "how the night went"), by=REYES)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CarePane:
    made = on_screen(qtbot, CarePane(live.context), 1040, 900)
    assert not made.call_back.isVisible()
    live.context.selection.choose_call_back(OWED)
    return made


def test_given_a_chosen_call_back_then_whom_and_why_are_shown_and_keys_record_what_came_of_it(
    pane: CarePane, live: Live
) -> None:
    card = pane.call_back
    assert card.isVisible() and card.whom.text() == "919 555 0117 · speaks Spanish · 100 Main St"
    assert card.why.text() == "how the night went · planned by Reyes · not tried yet"
    QTest.keyClicks(card.note, "left a message")
    QTest.keyClick(pane, Qt.Key.Key_N, ALT)
    assert card.why.text().endswith(" · not reached 14:30, left a message") and card.note.text() == ""
    QTest.keyClick(pane, Qt.Key.Key_N, ALT)
    assert " · 2 tries, the last not reached 14:30" in card.why.text()
    QTest.keyClick(pane, Qt.Key.Key_R, ALT)
    assert live.scene.state.call_backs[OWED].ended_because == "reached"
    assert not card.isVisible()


def test_given_no_further_call_is_made_then_its_reason_is_asked_and_ends_it(pane: CarePane, live: Live) -> None:
    card = pane.call_back
    QTest.keyClick(pane, Qt.Key.Key_X, ALT)
    assert card.said.text().startswith("Write why") and card.note.hasFocus()
    QTest.keyClicks(card.note, "moved away")
    QTest.keyClick(pane, Qt.Key.Key_X, ALT)
    assert live.scene.state.call_backs[OWED].ended_because == "moved away"


def test_given_a_refusal_then_it_is_said_and_the_note_is_kept(pane: CarePane, live: Live) -> None:
    live.refuse = Rejected("no", "Not now.")
    QTest.keyClicks(pane.call_back.note, "nobody answers")
    QTest.keyClick(pane, Qt.Key.Key_N, ALT)
    assert pane.call_back.said.text() == "Not now." and pane.call_back.note.text() == "nobody answers"
