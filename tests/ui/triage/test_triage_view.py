"""The triage pane, worked by keys: digits answer while it has the keyboard, and never otherwise."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.conditions import Condition
from console.domain.ids import DeskId, QuestionId
from console.domain.state import Role
from console.wire.messages import Session
from tests.support.agency import PROTOCOL
from tests.support.scenes import CALL, LIN, REYES
from tests.ui.live import Live
from tests.ui.triage.window import Window, hint, press, question, refusal, told


def test_given_the_keyboard_when_a_digit_is_pressed_then_it_answers_and_the_next_question_stands(
    live: Live, window: Window
) -> None:
    assert question(window) == "weapon?"
    assert hint(window) == "a digit answers"
    press(window, Qt.Key.Key_1)
    assert live.sent == [c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "1", ("", 0))]
    assert question(window) == "violence?"
    assert told(window) == "Weapon? none"
    assert window.pane.hasFocus()
    press(window, Qt.Key.Key_1)
    assert question(window) == "Proposed: Phone"
    assert not any(button.isVisible() for button in window.pane.asking.buttons)


def test_given_a_field_with_the_keyboard_when_digits_are_typed_then_nothing_is_answered(live: Live, window: Window) -> None:
    window.field.setFocus()
    QTest.keyClicks(window.field, "1219")
    QTest.keyClick(window.field, Qt.Key.Key_Backspace)
    assert window.field.text() == "121"
    assert live.sent == []
    assert hint(window) == "Alt 3 to answer"


def test_given_an_answer_button_with_the_keyboard_when_another_digit_is_pressed_then_that_one_counts(
    live: Live, window: Window
) -> None:
    button = window.pane.asking.buttons[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_2)
    assert live.sent == [c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "2", ("", 0))]
    assert button.accessibleName().startswith("Answer 1:")


def test_given_a_button_when_space_presses_it_then_it_answers(live: Live, window: Window) -> None:
    window.pane.asking.buttons[2].setFocus()
    QTest.keyClick(window.pane.asking.buttons[2], Qt.Key.Key_Space)
    assert [a.answer for a in live.scene.call().answers] == ["3"]


def test_given_a_digit_that_is_no_answer_when_it_is_pressed_then_it_is_said_and_nothing_is_sent(
    live: Live, window: Window
) -> None:
    press(window, Qt.Key.Key_9)
    assert live.sent == []
    assert refusal(window) == "9 is no answer to this question; the answers are 1, 2, 3, 4."


def test_given_answers_when_backspace_is_pressed_then_the_last_one_is_asked_again(live: Live, window: Window) -> None:
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_Backspace)
    assert live.sent[-1] == c.TakeBackAnswer(CALL, QuestionId("violence"))
    assert question(window) == "violence?"


def test_given_an_answer_on_its_way_when_more_digits_come_then_they_are_not_given_to_a_question_nobody_has_seen(
    live: Live, window: Window
) -> None:
    live.hold_answers()
    press(window, Qt.Key.Key_1)
    assert hint(window) == "sending…"
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_Backspace)
    assert len(live.sent) == 1
    live.answer()
    assert question(window) == "violence?"
    assert hint(window) == "a digit answers"


def test_given_a_refused_answer_then_the_reason_stands_at_the_question_until_the_next_try(
    live: Live, window: Window
) -> None:
    live.refuse = c.Rejected("call-closed", "Call 0001 is already closed.")
    press(window, Qt.Key.Key_1)
    assert refusal(window) == "Call 0001 is already closed."
    assert question(window) == "weapon?"
    live.refuse = None
    press(window, Qt.Key.Key_1)
    assert refusal(window) == ""


def test_given_half_a_triage_when_another_call_is_looked_at_then_it_goes_on_where_it_was(live: Live, window: Window) -> None:
    press(window, Qt.Key.Key_1)
    live.context.selection.choose_call("other")
    assert question(window) == "weapon?"
    assert told(window) == ""
    live.context.selection.choose_call(CALL)
    assert question(window) == "violence?"


def test_given_somebody_else_answers_then_the_pane_shows_it(live: Live, window: Window) -> None:
    live.tell(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "2"))
    assert "Armed" in window.pane.response.name.text()
    assert question(window) == "Proposed: Armed"


def test_given_a_hidden_pane_when_the_call_changes_then_it_is_caught_up_when_shown(live: Live, window: Window) -> None:
    window.pane.hide()
    live.tell(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "1"))
    window.pane.show()
    assert question(window) == "violence?"


def test_given_a_clinician_leaves_then_the_duty_line_counts_again(live: Live, window: Window) -> None:
    assert "2 of 2 clinicians ready" in window.pane.response.reasons.text()
    live.tell(c.SignOff(LIN), by=LIN)
    live.later(seconds=1)
    assert "1 of 1 clinician ready" in window.pane.response.reasons.text()


def test_given_no_call_or_a_closed_one_then_the_pane_asks_nothing(live: Live, window: Window) -> None:
    live.context.selection.choose_call(None)
    assert window.pane.place.text() == "No call is chosen."
    press(window, Qt.Key.Key_1)
    live.tell(c.CloseCall(CALL, missed="all_busy"))
    live.context.selection.choose_call(CALL)
    assert window.pane.place.text() == "Call 0001 is closed."
    assert live.sent == []


def test_given_words_of_the_configuration_then_they_are_shown_as_words_never_as_markup(live: Live, window: Window) -> None:
    agency = live.scene.state.agency
    odd = replace(agency.protocols[0].questions[0], text={"en": "<b>a & b?", "es": "<i>¿a & b?"}, ask_when=Condition())
    protocol = replace(agency.protocols[0], questions=(odd,))
    live.tell(c.ConfigureAgency(replace(agency, protocols=(protocol,))))
    assert question(window) == "<b>a & b?"
    assert window.pane.asking.others.text() == "<i>&lt;i&gt;¿a &amp; b?</i>"


def test_given_an_answer_that_is_scrolled_out_of_view_when_its_digit_is_pressed_then_it_comes_into_view_and_is_not_given(
    qtbot: QtBot, live: Live, window: Window
) -> None:
    window.pane.setFixedHeight(60)
    qtbot.waitUntil(lambda: window.pane.viewport().height() <= 60)
    press(window, Qt.Key.Key_4)
    assert live.sent == [] and refusal(window) == "Not given: answer 4 was not in view. Press 4 again if it is meant."
    press(window, Qt.Key.Key_4)
    assert [a.answer for a in live.scene.call().answers] == ["4"]


def test_given_a_clinician_who_has_not_the_caller_then_the_questions_are_read_only_and_say_who_answers(
    live: Live, window: Window
) -> None:
    live.store.take_me(Session("t", REYES, "Reyes", Role.CLINICIAN, DeskId("d")))
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_Backspace)
    assert live.sent == [] and refusal(window) == "Okafor has the caller of call 0001, and answers the questions."
