"""Writing beside the caller: the narrative, messages, the questions, and the room they have."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import Recode
from console.domain.commands import Rejected
from console.domain.conditions import Condition
from console.domain.ids import EntryId
from console.ui.handoff.care import CarePane
from console.ui.handoff.told import whose
from console.wire.messages import Typing
from tests.support.agency import AGENCY, BURGLARY, CRISIS, WEAPON
from tests.support.scenes import CALL, LIN, OKAFOR, REYES
from tests.ui.handoff.caring import CTRL, TWO, in_care, press
from tests.ui.live import Live, on_screen


@pytest.fixture
def live() -> Live:
    return in_care()


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CarePane:
    return on_screen(qtbot, CarePane(live.context), 1040, 900)


# ---------------------------------------------------------------------------------------------- the narrative


def test_given_words_when_enter_is_pressed_then_they_are_in_the_narrative_that_all_read(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert pane.field.field.hasFocus()
    assert "everybody on the floor" in pane.field.field.accessibleName()
    QTest.keyClicks(pane.field.field, "Sister arrives")
    QTest.keyClick(pane.field.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(pane.field.field, "at three")
    press(pane, Qt.Key.Key_Return)
    assert live.scene.call().narrative[-1].text == "Sister arrives\nat three"
    assert pane.field.field.toPlainText() == ""


def test_given_half_typed_words_when_calls_change_then_each_call_keeps_its_own(pane: CarePane, live: Live) -> None:
    pane.field.field.setFocus()
    QTest.keyClicks(pane.field.field, "half a sen")
    live.context.selection.choose_call(TWO)
    assert pane.field.field.toPlainText() == ""
    live.context.selection.choose_call(CALL)
    assert pane.field.field.toPlainText() == "half a sen"
    live.tell(c.AddNarrative(CALL, EntryId("e9"), "from dispatch"))
    assert pane.field.field.toPlainText() == "half a sen", "an arrival never replaces a field that is being edited"


def test_given_an_entry_is_refused_then_its_words_come_back(pane: CarePane, live: Live) -> None:
    live.refuse = Rejected("no", "Not now.")
    pane.field.field.setFocus()
    QTest.keyClicks(pane.field.field, "kept")
    press(pane, Qt.Key.Key_Return)
    assert pane.field.field.toPlainText().strip() == "kept" and pane.field.said.text() == "Not now."


def test_given_the_questions_then_they_go_on_for_the_clinician(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    press(pane, Qt.Key.Key_Backspace)
    press(pane, Qt.Key.Key_1)
    assert live.scene.call().facts["weapon"] == "none"  # type: ignore[index]


def test_given_somebody_types_elsewhere_then_their_unfinished_words_are_seen(pane: CarePane, live: Live) -> None:
    live.store.take_typing([Typing(CALL, OKAFOR, "his sister is on", live.now)])
    assert "Okafor writes: his sister is on" in pane.along.words.text()
    live.store.take_typing([])
    assert "writes" not in pane.along.words.text()


def test_given_a_low_window_then_narrative_and_messages_stand_beside_the_questions_and_keys_go_there(
    qtbot: QtBot, live: Live
) -> None:
    pane = on_screen(qtbot, CarePane(live.context), 694, 560)
    assert not pane.writing.isVisible() and pane.height() <= 560, "nothing pushes it higher"
    press(pane, Qt.Key.Key_N, CTRL)
    assert pane.field.field.hasFocus() and not pane.triage.isVisible()
    press(pane, Qt.Key.Key_M, CTRL)
    assert pane.messages.line.hasFocus()
    press(pane, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert pane.triage.hasFocus() and pane.triage.isVisible()
    pane.resize(694, 950)
    qtbot.waitUntil(lambda: pane.writing.isVisible() and pane.triage.isVisible())
    assert pane.field.isVisible()


def test_given_a_message_from_dispatch_then_its_tab_says_so(pane: CarePane, live: Live) -> None:
    live.tell(c.SendMessage(CALL, EntryId("m1"), "his sister is on the other line"))
    assert pane.writing.tabText(1) == "● Messages · 1"
    press(pane, Qt.Key.Key_M, CTRL)
    QTest.keyClicks(pane.messages.line, "put her through later")
    press(pane, Qt.Key.Key_Return)
    assert [entry.text for entry in live.scene.call().messages][-1] == "put her through later"
    assert pane.writing.tabText(1) == "Messages · 2"


def test_given_a_call_nobody_has_then_whose_says_how_it_stands(live: Live) -> None:
    assert whose(live.scene.state, live.scene.call(), LIN) == "In the care of Reyes."
    assert whose(live.scene.state, live.scene.call(), REYES) == ""


@pytest.mark.parametrize("width", [600, 866, 1040])
def test_given_any_width_of_the_pane_then_no_button_cuts_its_words_nor_those_that_ask_again(
    qtbot: QtBot, live: Live, width: int
) -> None:
    pane = on_screen(qtbot, CarePane(live.context), width, 900)
    keys = pane.actions_below
    buttons = (keys.resolve, keys.back, keys.close_otherwise, keys.hand_on, keys.plan, keys.disclose)
    qtbot.waitUntil(lambda: all(button.width() >= button.whole_width() for button in buttons))
    qtbot.waitUntil(lambda: all(column.button.width() >= column.whole_width() for column in keys.asks.columns))


def test_given_answers_that_speak_for_another_nature_when_a_clinician_closes_then_one_key_closes_it_as_that(
    pane: CarePane, live: Live
) -> None:
    rule = Recode(BURGLARY, Condition({WEAPON: ("near",)}, nature=(CRISIS,)), "for a test")
    live.tell(c.ConfigureAgency(replace(AGENCY, recode_when=(rule,))), c.SetFact(CALL, WEAPON, "near", "heard"))
    live.tell(*(c.TellOfTransition(CALL, t.transition_id, p.key) for t in live.scene.call().transitions for p in t.untold))
    pane.actions_below.close_otherwise.click()
    assert pane.actions_below.close_nature.offer.text() == "Close as Burglary: for a test"
    press(pane, Qt.Key.Key_Plus)
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved", nature=BURGLARY)]


def test_given_the_reasons_for_giving_a_caller_back_when_asked_then_no_nature_stands_there(pane: CarePane) -> None:
    pane.actions_below.close_otherwise.click()
    assert pane.actions_below.close_nature.isVisible()
    pane.actions_below.choices.leave()
    pane.actions_below.back.click()
    assert not pane.actions_below.close_nature.isVisible()
