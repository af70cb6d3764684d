"""A question put once more in other words, earlier answers that are changed, and facts set by hand: all by keys."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from console.domain import commands as c
from console.domain.ids import CallId, QuestionId
from console.ui.triage.told_list import LATEST, UNFOLD
from tests.support.agency import AGENCY, PROTOCOL, VIOLENCE, WEAPON
from tests.support.agency import question as made_question
from tests.support.scenes import CALL, LIN
from tests.ui.live import Live
from tests.ui.triage.window import Window, by_hand, hint, press, press_there, question, told

K = Qt.Key
ASK = QuestionId("weapon")


@pytest.fixture
def again(live: Live) -> Live:
    """The question about the weapon has other words."""
    first, *rest = PROTOCOL.questions
    put_again = replace(first, again={"en": "Anything in their hands?", "es": "¿Algo en las manos?"})
    live.tell(c.ConfigureAgency(replace(AGENCY, protocols=(replace(PROTOCOL, questions=(put_again, *rest)),))))
    return live


def test_given_not_known_when_the_question_has_other_words_then_it_is_put_once_more_and_then_settled(
    again: Live, window: Window
) -> None:
    press(window, K.Key_4)
    assert question(window) == "Anything in their hands?"
    assert window.pane.asking.others.text() == "<i>¿Algo en las manos?</i>"
    assert window.pane.asking.note.text() == "asked once, not known: ask once more, in other words"
    assert told(window) == "Weapon? not_known asked once"
    press(window, K.Key_4)
    assert again.scene.call().facts == {WEAPON: "not_known"}
    assert again.sent[-1] == c.AnswerQuestion(CALL, PROTOCOL.id, ASK, "4", ("4", 1))
    assert "asked twice" in window.pane.told.lines.accessibleDescription()


def test_given_a_question_asked_once_in_vain_when_backspace_is_pressed_then_it_is_put_in_its_first_words(
    again: Live, window: Window
) -> None:
    press(window, K.Key_4, K.Key_Backspace)
    assert question(window) == "weapon?"


def test_given_a_question_with_other_words_then_not_known_changes_nothing_before_it_was_asked_twice(
    again: Live, window: Window
) -> None:
    assert "4" not in window.pane.asking.effects.text()


# ----------------------------------------------------------------------------------------------------- earlier answers


def test_given_answers_when_up_is_pressed_then_the_earlier_question_stands_with_its_stamp_and_a_digit_changes_it(
    live: Live, window: Window
) -> None:
    press(window, K.Key_1, K.Key_1, K.Key_Up)
    assert question(window) == "violence?"
    press(window, K.Key_Up)
    assert question(window) == "weapon?"
    press(window, K.Key_Up)
    assert question(window) == "weapon?", "there is none before it"
    assert window.pane.place.text() == "an earlier answer · safety"
    assert window.pane.asking.note.text().startswith("answered at 14:30:09 by Okafor, version 1;")
    assert hint(window) == "a digit changes it"
    assert window.pane.asking.buttons[0].accessibleName() == "Answer 1: none, the answer that stands"
    press(window, K.Key_2)
    assert live.sent[-1] == c.AnswerQuestion(CALL, PROTOCOL.id, ASK, "2", ("1", 1))
    assert question(window) == "Proposed: Armed"
    assert told(window) == "Violence? no rests: not asked for now; Weapon? near", "it rests, and is not gone"
    press(window, K.Key_Up, K.Key_1)
    assert told(window).startswith("Violence? no ;"), "and stands again with what it rests on"


def test_given_an_earlier_question_when_it_is_left_or_passed_then_nothing_is_changed(live: Live, window: Window) -> None:
    press(window, K.Key_1)
    for leave in (K.Key_Escape, K.Key_Down):
        press(window, K.Key_Up)
        assert question(window) == "weapon?"
        press(window, leave)
        assert question(window) == "violence?"
    assert len(live.sent) == 1


def test_given_an_earlier_question_when_backspace_is_pressed_then_that_answer_is_taken_back(
    live: Live, window: Window
) -> None:
    press(window, K.Key_1, K.Key_1, K.Key_Up, K.Key_Up, K.Key_Backspace)
    assert live.sent[-1] == c.TakeBackAnswer(CALL, ASK)
    assert (question(window), window.pane.place.text()) == ("weapon?", "1 of at most 2 · safety")


def test_given_a_line_of_what_was_told_when_it_is_hovered_or_clicked_then_its_stamp_or_its_question_is_shown(
    live: Live, window: Window
) -> None:
    press(window, K.Key_1)
    lines = window.pane.told.lines
    lines.linkHovered.emit("0")
    assert lines.toolTip() == "14:30:09 · Okafor, Crisis version 1"
    lines.linkHovered.emit("")
    assert lines.toolTip() == ""
    lines.linkActivated.emit("0")
    assert question(window) == "weapon?"


def test_given_a_long_interview_then_earlier_lines_are_folded_until_one_of_them_is_looked_at(
    live: Live, window: Window
) -> None:
    many = tuple(made_question(f"q{n}", VIOLENCE, "no", "yes") for n in range(9))
    live.tell(c.ConfigureAgency(replace(AGENCY, protocols=(replace(PROTOCOL, questions=many),))))
    press(window, *(K.Key_1 for _ in range(9)))
    lines = window.pane.told.lines
    assert f"{9 - LATEST} earlier answers" in lines.text()
    assert lines.text().count("Violence?") == LATEST
    press(window, *(K.Key_Up for _ in range(9)))
    assert lines.text().count("Violence?") == 9
    press(window, K.Key_Escape)
    lines.linkActivated.emit(UNFOLD)
    assert lines.text().count("Violence?") == 9


def test_given_an_early_answer_that_is_not_known_or_told_otherwise_since_then_it_is_not_folded_away(
    live: Live, window: Window
) -> None:
    first = made_question("first", WEAPON, "none", "near")
    many = tuple(made_question(f"q{n}", VIOLENCE, "no", "yes") for n in range(9))
    live.tell(c.ConfigureAgency(replace(AGENCY, protocols=(replace(PROTOCOL, questions=(first, *many)),))))
    press(window, *(K.Key_1 for _ in range(10)))
    lines = window.pane.told.lines
    assert "Weapon?" not in lines.text() and f"{10 - LATEST} earlier answers" in lines.text()
    live.tell(c.SetFact(CALL, WEAPON, "near", "the officer saw it"))
    assert "Weapon?" in lines.text()


# ------------------------------------------------------------------------------------------------------- facts by hand


def test_given_a_fact_learned_otherwise_when_it_is_set_by_keys_then_it_stands_with_its_reason_and_is_taken_back(
    live: Live, window: Window
) -> None:
    by_hand(window)
    assert window.pane.panel.is_open
    assert not window.pane.asking.isVisible()
    press_there(K.Key_1, K.Key_3)
    assert live.sent == [], "a digit chooses from the list, and never answers the question behind it"
    note = QApplication.focusWidget()
    assert isinstance(note, QLineEdit)
    press_there(K.Key_Return)
    assert live.sent == [], "without a reason nothing is set"
    QTest.keyClicks(note, "his sister has 2")
    press_there(K.Key_Return)
    assert live.sent == [c.SetFact(CALL, WEAPON, "secured", "his sister has 2")]
    assert window.pane.asking.isVisible()
    assert window.pane.hasFocus()
    assert told(window) == "Weapon secured by hand, Okafor at 14:30:09: his sister has 2"
    by_hand(window)
    press_there(K.Key_1, K.Key_5)
    assert live.sent[-1] == c.TakeBackFact(CALL, WEAPON)
    assert (told(window), question(window)) == ("", "weapon?")


def test_given_the_panel_when_it_is_left_then_nothing_is_set_and_the_question_has_the_keyboard_again(
    live: Live, window: Window
) -> None:
    by_hand(window)
    press_there(K.Key_2, K.Key_Escape)
    assert not window.pane.panel.is_open
    assert window.pane.hasFocus()
    by_hand(window)
    press_there(K.Key_2, K.Key_1, K.Key_Escape)
    assert not window.pane.panel.is_open, "out of the reason too"
    press(window, K.Key_1)
    assert [type(sent) for sent in live.sent] == [c.AnswerQuestion]


def test_given_a_reason_half_typed_when_the_panel_is_left_then_it_stands_there_again(live: Live, window: Window) -> None:
    by_hand(window)
    press_there(K.Key_1, K.Key_2)
    QTest.keyClicks(window.pane.panel.note, "he sho")
    press_there(K.Key_Escape)
    by_hand(window)
    press_there(K.Key_1, K.Key_2)
    assert live.sent == [], "what is kept is not given before it was seen"
    QTest.keyClicks(window.pane.panel.note, "uts it")
    press_there(K.Key_Return)
    assert live.sent == [c.SetFact(CALL, WEAPON, "near", "he shouts it")]
    by_hand(window)
    press_there(K.Key_1, K.Key_2)
    assert window.pane.panel.note.text() == ""


def test_given_the_panel_when_another_desk_answers_then_it_keeps_the_keyboard(live: Live, window: Window) -> None:
    by_hand(window)
    live.tell(c.AnswerQuestion(CALL, PROTOCOL.id, ASK, "1"), by=LIN)
    assert window.pane.panel.list.hasFocus()
    press_there(K.Key_1)
    assert live.sent == []


def test_given_the_panel_when_the_call_is_closed_or_another_is_chosen_then_it_goes(live: Live, window: Window) -> None:
    by_hand(window)
    live.context.selection.choose_call("other")
    assert not window.pane.panel.is_open
    by_hand(window)
    live.tell(c.CloseCall(CallId("other"), missed="all_busy"))
    assert not window.pane.panel.is_open
    by_hand(window)
    assert not window.pane.panel.is_open


def test_given_an_answer_later_than_the_fact_then_the_line_says_that_it_was_told_otherwise(
    live: Live, window: Window
) -> None:
    live.tell(c.SetFact(CALL, WEAPON, "near", "heard it"))
    assert "Armed" in window.pane.response.name.text()
    live.tell(c.AnswerQuestion(CALL, PROTOCOL.id, ASK, "1"))
    assert told(window).endswith("by hand, Okafor at 14:30:09: heard it · told otherwise since")
