"""As what nature a call is closed: as it is, as its answers say by one key, or as what is typed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import Recode
from console.domain.conditions import Condition
from console.domain.ids import EntryId
from console.ui.call.view import CallPane
from tests.support.agency import AGENCY, BURGLARY, CRISIS, TRESPASS, WEAPON
from tests.support.scenes import CALL, floor, receive
from tests.ui.live import Live, on_screen

RULES = (Recode(CRISIS, Condition({WEAPON: ("near",)}, nature=(BURGLARY,)), "a weapon was near"),)


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive(nature=BURGLARY)))
    made.tell(c.ConfigureAgency(replace(AGENCY, recode_when=RULES)))
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CallPane:
    return on_screen(qtbot, CallPane(live.context), 620, 900)


def close(pane: CallPane) -> None:
    """Open the list, and close with the first outcome."""
    QTest.keyClick(pane.responding.panel.list, Qt.Key.Key_1)
    QTest.keyClick(pane.responding.panel.list, Qt.Key.Key_1)


def test_given_nothing_said_when_closed_then_no_other_nature_is_named(live: Live, pane: CallPane) -> None:
    pane.responding.ask_ending()
    assert pane.responding.panel.close_nature.line.text() == "Burglary"
    assert pane.responding.panel.close_nature.offer.isHidden()
    close(pane)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved")]


def test_given_answers_that_speak_for_another_when_its_key_is_pressed_then_the_call_closes_as_that(
    live: Live, pane: CallPane
) -> None:
    pane.responding.ask_ending()
    live.tell(c.SetFact(CALL, WEAPON, "near", "seen"))
    asked = pane.responding.panel.close_nature
    assert asked.offer.text() == "Close as Crisis: a weapon was near"
    QTest.keyClicks(pane.responding.panel.list, "+")
    assert (asked.line.text(), asked.code) == ("Crisis", CRISIS)
    assert asked.offer.text() == "Leave it at Burglary"
    close(pane)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved", nature=CRISIS)]
    closing = live.scene.call().closing
    assert closing is not None and (closing.nature, live.scene.call().start_nature) == (CRISIS, BURGLARY)


def test_given_the_key_pressed_twice_when_closed_then_the_nature_stays(live: Live, pane: CallPane) -> None:
    live.tell(c.SetFact(CALL, WEAPON, "near", "seen"))
    pane.responding.ask_ending()
    QTest.keyClicks(pane.responding.panel.list, "++")
    close(pane)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved")]


def test_given_another_nature_typed_when_entered_then_the_keyboard_is_back_on_the_list_and_it_closes_as_that(
    live: Live, pane: CallPane
) -> None:
    pane.responding.ask_ending()
    line = pane.responding.panel.close_nature.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "tresp")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is pane.responding.panel.list
    close(pane)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved", nature=TRESPASS)]


def test_given_words_that_are_no_nature_when_closed_then_it_is_said_and_the_call_stays_open(
    live: Live, pane: CallPane
) -> None:
    pane.responding.ask_ending()
    line = pane.responding.panel.close_nature.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "zebra")
    close(pane)
    assert live.sent == [] and live.scene.call().closing is None
    words = "“zebra” is no nature of the catalogue. Choose with the arrows, or type on."
    assert pane.responding.panel.close_nature.spoken() == words


def test_given_another_list_when_it_is_asked_then_no_nature_stands_in_it(live: Live, pane: CallPane) -> None:
    pane.responding.ask_ending()
    pane.responding.panel.leave()
    pane.responding.ask_service()
    assert pane.responding.panel.close_nature.isHidden()
    QTest.keyClicks(pane.responding.panel.list, "+")
    assert pane.responding.panel.close_nature.code == "" and live.sent == []


def test_given_half_a_nature_typed_when_the_list_is_left_and_opened_again_then_the_nature_stands_there_as_it_is(
    live: Live, pane: CallPane
) -> None:
    asked = pane.responding.panel.close_nature
    pane.responding.ask_ending()
    asked.line.setFocus()
    asked.line.selectAll()
    QTest.keyClicks(asked.line, "zebra")
    asked.settle()
    pane.responding.panel.leave()
    pane.responding.ask_ending()
    assert (asked.line.text(), asked.spoken()) == ("Burglary", "")
    close(pane)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved")]


def test_given_words_that_are_no_nature_when_others_are_typed_then_it_is_no_longer_said(pane: CallPane) -> None:
    asked = pane.responding.panel.close_nature
    pane.responding.ask_ending()
    asked.line.setFocus()
    asked.line.selectAll()
    QTest.keyClicks(asked.line, "zebra")
    assert not asked.settle() and "zebra" in asked.spoken()
    QTest.keyClick(asked.line, Qt.Key.Key_Backspace)
    assert asked.spoken() == ""


def test_given_the_nature_as_it_is_when_its_line_is_clicked_then_what_is_typed_replaces_it_whatever_the_board_does(
    qtbot: QtBot, live: Live, pane: CallPane
) -> None:
    asked = pane.responding.panel.close_nature
    pane.responding.ask_ending()
    QTest.mouseClick(asked.line, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: asked.line.selectedText() == "Burglary")
    live.tell(c.AddNarrative(CALL, EntryId("e-1"), "word"))
    QTest.keyClicks(asked.line, "tresp")
    assert asked.line.text() == "tresp"
