"""Two desks at one interview: each sees the other's answers, and no key answers a question its person has not seen."""

from __future__ import annotations

from PySide6.QtCore import Qt

from console.domain import commands as c
from console.domain.ids import QuestionId
from tests.support.agency import PROTOCOL, TRESPASS, WEAPON
from tests.support.scenes import CALL, LIN
from tests.ui.live import Live
from tests.ui.triage.window import Window, hint, moved, press, question, refusal

K = Qt.Key


def mine(question: str, answer: str, seen: tuple[str, int] = ("", 0)) -> c.AnswerQuestion:
    return c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId(question), answer, seen)


def theirs(live: Live, question: str, answer: str) -> None:
    live.tell(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId(question), answer), by=LIN)


def test_given_another_desk_answers_when_a_digit_meant_for_that_question_comes_then_it_is_refused_and_says_who_answered(
    live: Live, window: Window
) -> None:
    theirs(live, "weapon", "1")
    assert question(window) == "violence?"
    assert moved(window) == "Lin answered “Weapon?”: none."
    press(window, K.Key_2)
    assert live.sent == []
    assert refusal(window) == "Not given: Lin answered “Weapon?”: none. Press 2 again if it answers this question."
    press(window, K.Key_2)
    assert live.sent == [mine("violence", "2")], "whoever presses again has seen it, and takes over"
    assert moved(window) == ""


def test_given_another_desk_answers_when_backspace_comes_at_once_then_it_is_refused_too(live: Live, window: Window) -> None:
    theirs(live, "weapon", "1")
    press(window, K.Key_Backspace)
    assert live.sent == []
    assert refusal(window).endswith("Press Backspace again if it is meant now.")
    press(window, K.Key_Backspace)
    assert live.sent == [c.TakeBackAnswer(CALL, QuestionId("weapon"))]


def test_given_another_desk_answers_when_a_button_with_the_keyboard_is_pressed_then_it_is_refused_too(
    live: Live, window: Window
) -> None:
    window.pane.asking.buttons[1].setFocus()
    theirs(live, "weapon", "1")
    press(window, K.Key_2)
    assert live.sent == []


def test_given_another_desk_answers_when_an_answer_is_clicked_at_once_then_it_is_refused_too(
    live: Live, window: Window
) -> None:
    window.field.setFocus()
    theirs(live, "weapon", "1")
    window.pane.asking.buttons[1].click()
    assert live.sent == []
    window.pane.asking.buttons[1].click()
    assert live.sent == [mine("violence", "2")]


def test_given_the_other_desk_was_quicker_at_the_hub_then_my_answer_is_refused_there_and_theirs_stands(
    live: Live, window: Window
) -> None:
    live.hold_answers()
    press(window, K.Key_1)
    live.scene.given(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "2"), by=LIN)
    live.show()
    assert question(window) == "Proposed: Armed"
    live.answer()
    assert refusal(window) == "Lin answered this a moment ago: “near”. It stands; change it if it is wrong."
    assert [a.answer for a in live.scene.call().answers] == ["2"]
    assert hint(window) == ""


def test_given_the_keyboard_elsewhere_when_another_desk_answers_then_the_first_digit_here_counts(
    live: Live, window: Window
) -> None:
    window.field.setFocus()
    theirs(live, "weapon", "1")
    window.pane.setFocus()
    press(window, K.Key_1)
    assert [a.answer for a in live.scene.call().answers] == ["1", "1"]


def test_given_my_own_answers_then_no_digit_is_refused_and_nothing_is_said_of_them(live: Live, window: Window) -> None:
    live.hold_answers()
    press(window, K.Key_1)
    live.answer()
    assert moved(window) == ""
    press(window, K.Key_1)
    live.answer()
    assert question(window) == "Proposed: Phone"


def test_given_the_same_answer_from_two_desks_then_it_stands_once_and_the_pane_asks_on(live: Live, window: Window) -> None:
    live.hold_answers()
    press(window, K.Key_1)
    live.scene.given(c.AnswerQuestion(CALL, PROTOCOL.id, QuestionId("weapon"), "1"), by=LIN)
    live.answer()
    assert (question(window), hint(window), refusal(window)) == ("violence?", "a digit answers", "")


def test_given_what_others_tell_then_it_is_said_what_moved_the_questions(live: Live, window: Window) -> None:
    live.tell(c.SetFact(CALL, WEAPON, "none", "the officer looked"), by=LIN)
    assert moved(window) == "Lin set by hand: Weapon: none."
    live.tell(c.RecodeCall(CALL, TRESPASS))
    assert moved(window) == "The nature is Trespass now; what was answered is kept."
    theirs(live, "violence", "1")
    live.tell(c.TakeBackAnswer(CALL, QuestionId("violence")), by=LIN)
    assert moved(window) == "The answer to “Violence?” was taken back."
    live.context.selection.choose_call("other")
    assert moved(window) == "", "of another call nothing is said here"


def test_given_a_hidden_pane_when_another_desk_answers_then_it_says_so_when_it_is_shown(live: Live, window: Window) -> None:
    window.pane.hide()
    theirs(live, "weapon", "1")
    window.pane.show()
    assert (question(window), moved(window)) == ("violence?", "Lin answered “Weapon?”: none.")


def test_given_an_earlier_question_when_its_answer_is_changed_elsewhere_then_the_next_digit_is_refused(
    live: Live, window: Window
) -> None:
    press(window, K.Key_1, K.Key_Up)
    theirs(live, "weapon", "3")
    press(window, K.Key_4)
    assert live.sent == [mine("weapon", "1")]
    assert "Lin answered “Weapon?”: secured." in refusal(window)
