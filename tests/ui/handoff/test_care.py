"""The call in care: what is known is told, what is not known is said, and each way out by its key."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.agency import Recode
from console.domain.commands import Rejected
from console.domain.conditions import Condition
from console.domain.ids import CallId, EntryId, FactName, HandOffId, QuestionId
from console.domain.state import PresenceStatus, UnitStatus
from console.ui.handoff.care import CarePane
from console.ui.handoff.rows import facts, whose
from tests.support.agency import AGENCY, BURGLARY, CRISIS, WEAPON
from tests.support.scenes import CALL, LIN, REYES, T1, floor, offer, receive, status
from tests.ui.live import Live, on_screen

TWO = CallId("two")


@pytest.fixture
def live() -> Live:
    scene = floor().given(receive(text="says he cannot go on"), receive(TWO), offer())
    scene.given(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"))
    scene.given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    made = Live(scene, me=REYES)
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CarePane:
    return on_screen(qtbot, CarePane(live.context), 1040, 900)


def press(pane: CarePane, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)


def test_given_facts_then_not_known_and_not_asked_are_never_told_as_no(live: Live) -> None:
    told = {fact.name: (fact.value, fact.known) for fact in facts(live.scene.state, live.scene.call())}
    assert told == {"Weapon": ("not known", False), "Violence": ("not asked", False)}


def test_given_a_fact_by_the_clinicians_own_word_then_it_does_not_stand_as_the_word_of_dispatch(live: Live) -> None:
    live.tell(c.SetFact(CALL, FactName("violence"), "yes", "heard a blow"), by=REYES)
    told = {fact.name: (fact.value, fact.by) for fact in facts(live.scene.state, live.scene.call())}
    assert told == {"Weapon": ("not known", ""), "Violence": ("yes", "Reyes")}


def test_given_an_answer_that_rests_then_it_is_shown_as_told_and_never_as_not_asked(live: Live) -> None:
    call = live.scene.call()
    resting = replace(call, answers=tuple(replace(given, applies=False, sets={WEAPON: "none"}) for given in call.answers))
    told = {fact.name: (fact.value, fact.known) for fact in facts(live.scene.state, resting)}
    assert told["Weapon"] == ("none (told, rests)", True)


def test_given_a_turn_then_resolved_by_phone_is_not_the_button_to_take(pane: CarePane, live: Live) -> None:
    assert pane.resolve.property("role") == "primary"
    live.tell(c.SetFact(CALL, WEAPON, "near", "heard it"))
    assert pane.resolve.property("role") == "action"
    live.tell(c.RaiseFlag(CALL, "unit_wanted"), c.OrderOtherService(CALL, "POLICE", "a weapon"))
    assert pane.unit.text().endswith("No unit is on it yet; Police asked 14:30.")


def test_given_a_call_in_care_then_what_dispatch_knows_stands_there(pane: CarePane) -> None:
    assert pane.heading.number.text() == "0001" and pane.heading.nature.text() == "Crisis"
    assert pane.heading.aside.text() == "received 14:30 · handed off 14:30"
    assert "Okafor: says he cannot go on" in pane.narrative.text()
    assert "not known" in pane.facts.text()
    assert pane.whose.isHidden(), "it is mine: nothing to explain"


def test_given_another_call_then_it_says_whose_it_is_and_nothing_can_be_done(pane: CarePane, live: Live) -> None:
    live.context.selection.choose_call(TWO)
    assert pane.whose.text() == "Not in your care: Okafor has the caller until dispatch hands it off."
    for key in (Qt.Key.Key_F4, Qt.Key.Key_F6, Qt.Key.Key_F9):
        press(pane, key)
    assert live.sent == []
    live.tell(offer(LIN, "x", TWO))
    assert pane.whose.text().startswith("Offered to Lin")


def test_given_one_outcome_by_phone_when_f4_is_pressed_twice_then_the_call_closes(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F4)
    assert live.sent == [] and pane.resolve.text() == "Again: close 0001"
    press(pane, Qt.Key.Key_F4)
    assert live.sent == [c.CloseCall(CALL, outcome="by_phone")]
    closing = live.scene.call().closing
    assert closing is not None and closing.outcome == "by_phone"
    assert live.scene.state.people[REYES].status is PresenceStatus.WRAP_UP
    assert pane.whose.text() == "Closed 14:30: Resolved by phone."


def test_given_another_outcome_then_shift_f4_lists_them_and_a_digit_closes(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved")]


def test_given_a_unit_on_the_call_when_it_is_closed_then_the_refusal_stands_beside_the_keys(
    pane: CarePane, live: Live
) -> None:
    live.tell(c.DispatchUnit(T1, CALL, override="an officer is there"))
    press(pane, Qt.Key.Key_F4)
    press(pane, Qt.Key.Key_F4)
    assert "T1 is still on call 0001" in pane.said.text()


def test_given_a_unit_is_needed_when_f6_is_pressed_then_dispatch_sees_it_and_the_pane_says_who_comes(
    pane: CarePane, live: Live
) -> None:
    assert pane.ask.text() == "Ask for a unit", "which one the caller needs is not known: a weapon was asked for in vain"
    press(pane, Qt.Key.Key_F6)
    call = live.scene.call()
    assert queries.UNIT_WANTED in call.flags and call.narrative[-1].text == "Asks dispatch to send a unit."
    assert call in queries.pending(live.scene.state), "it stands in dispatch's queue"
    assert pane.unit.text() == "◆ Reyes asked dispatch for a unit at 14:30. No unit is on it yet."
    live.tell(c.DispatchUnit(T1, CALL, override="an officer is there"), *status(T1, UnitStatus.EN_ROUTE))
    assert pane.unit.text() == "T1 en route"


def test_given_a_unit_was_asked_for_when_f6_is_pressed_twice_then_the_wish_is_taken_back(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F6)
    press(pane, Qt.Key.Key_F6)
    assert queries.UNIT_WANTED in live.scene.call().flags, "the first press only asks"
    press(pane, Qt.Key.Key_F6)
    call = live.scene.call()
    assert queries.UNIT_WANTED not in call.flags
    assert [entry.text for entry in call.narrative][-1] == "No unit is needed any more."
    press(pane, Qt.Key.Key_F6)
    assert len(live.scene.call().narrative) == 4, "asked again, said again"


def test_given_a_reason_when_f9_and_its_digit_are_pressed_then_the_caller_goes_back(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F9)
    press(pane, Qt.Key.Key_2)
    QTest.keyClicks(pane.choices.note, "wants somebody to come")
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.ReturnHandOff(CALL, HandOffId("h1"), "wants somebody to come")]
    assert live.scene.call().in_care_of is None
    assert live.scene.call() in queries.pending(live.scene.state)


def test_given_reasons_are_open_when_another_call_is_chosen_then_they_close(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F9)
    live.context.selection.choose_call(TWO)
    assert not pane.choices.is_open
    assert live.sent == []


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


def test_given_a_call_nobody_has_then_whose_says_how_it_stands(live: Live) -> None:
    assert whose(live.scene.state, live.scene.call(), LIN) == "In the care of Reyes."
    assert whose(live.scene.state, live.scene.call(), REYES) == ""


@pytest.mark.parametrize("width", [600, 866, 1040])
def test_given_any_width_of_the_pane_then_no_button_cuts_its_words_nor_those_that_ask_again(
    qtbot: QtBot, live: Live, width: int
) -> None:
    pane = on_screen(qtbot, CarePane(live.context), width, 900)
    buttons = (pane.resolve, pane.ask, pane.back, pane.close_otherwise)
    qtbot.waitUntil(lambda: all(button.width() >= button.whole_width() for button in buttons))


def test_given_answers_that_speak_for_another_nature_when_a_clinician_closes_then_one_key_closes_it_as_that(
    pane: CarePane, live: Live
) -> None:
    rule = Recode(BURGLARY, Condition({WEAPON: ("near",)}, nature=(CRISIS,)), "for a test")
    live.tell(c.ConfigureAgency(replace(AGENCY, recode_when=(rule,))), c.SetFact(CALL, WEAPON, "near", "heard"))
    live.tell(*(c.TellOfTransition(CALL, t.transition_id, p.key) for t in live.scene.call().transitions for p in t.untold))
    pane.close_otherwise.click()
    assert pane.close_nature.offer.text() == "Close as Burglary: for a test"
    press(pane, Qt.Key.Key_Plus)
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved", nature=BURGLARY)]


def test_given_the_reasons_for_giving_a_caller_back_when_asked_then_no_nature_stands_there(pane: CarePane) -> None:
    pane.close_otherwise.click()
    assert pane.close_nature.isVisible()
    pane.choices.leave()
    pane.back.click()
    assert not pane.close_nature.isVisible()
