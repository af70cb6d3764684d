"""Choosing from a list: at once or by two keys, words that are asked for, leaving, and where the keyboard goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.ui.choice_panel import ChoicePanel
from console.ui.option import Option, key_of, reasons_to_choose


class Panel(QWidget):
    """A field that had the keyboard, and the choices below it."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.field, self.choices = QLineEdit(), ChoicePanel(columns)
        self.chosen: list[tuple[str, str]] = []
        self.column = QVBoxLayout(self)
        self.column.addWidget(self.field)
        self.column.addWidget(self.choices)

    def ask(self, options: tuple[Option, ...], *, at_once: bool = True, note: str | None = None) -> None:
        def do(value: str, words: str) -> None:
            self.chosen.append((value, words))

        self.choices.ask("Why?", options, do, does="do it", note=note, at_once=at_once)


def options(*words: str) -> tuple[Option, ...]:
    return tuple(Option(word, word, key_of(place)) for place, word in enumerate(words))


@pytest.fixture(params=[1, 3])
def panel(request: pytest.FixtureRequest, qtbot: QtBot) -> Panel:
    made = Panel(request.param)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.field.setFocus()
    return made


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def test_given_choices_when_a_digit_is_pressed_then_it_is_chosen_and_the_keyboard_goes_back(panel: Panel) -> None:
    panel.ask(options("one", "two", "three"))
    press(Qt.Key.Key_9)
    assert panel.chosen == [] and panel.choices.is_open, "there is no ninth"
    press(Qt.Key.Key_2)
    assert panel.chosen == [("two", "")]
    assert panel.choices.isHidden() and panel.field.hasFocus()


def test_given_choices_when_escape_is_pressed_then_nothing_is_chosen(panel: Panel) -> None:
    panel.ask(options("one", "two"))
    press(Qt.Key.Key_Escape)
    assert panel.chosen == [] and panel.choices.isHidden() and panel.field.hasFocus()
    press(Qt.Key.Key_1)
    assert panel.field.text() == "1", "digits are only digits again"


def test_given_somebody_who_went_elsewhere_when_the_choices_close_then_the_keyboard_stays_there(panel: Panel) -> None:
    panel.ask(options("one", "two"))
    elsewhere = QLineEdit()
    panel.column.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.setFocus()
    panel.choices.leave()
    assert elsewhere.hasFocus()


def test_given_more_than_ten_then_letters_go_on_where_the_digits_end(panel: Panel) -> None:
    panel.ask(options(*(f"reason {n}" for n in range(12))))
    press(Qt.Key.Key_B)
    assert panel.chosen == [("reason 11", "")]


def test_given_a_choice_that_asks_for_words_then_it_is_chosen_once_they_are_typed(panel: Panel) -> None:
    panel.ask(reasons_to_choose(("busy",)), note="What is the reason?")
    assert panel.choices.note.isHidden(), "asked for where it is wanted, and not before"
    press(Qt.Key.Key_2)
    assert panel.chosen == [] and panel.choices.note.hasFocus()
    press(Qt.Key.Key_Return)
    assert panel.chosen == [], "no words, no choice"
    QTest.keyClicks(panel.choices.note, "on 2 calls")
    press(Qt.Key.Key_Return)
    assert panel.chosen == [("", "on 2 calls")]


def test_given_choices_when_one_is_clicked_then_it_is_chosen(panel: Panel) -> None:
    panel.ask(options("one", "two"))
    box = panel.choices.list.visualRect(panel.choices.list.options.index(1, 0))
    QTest.mouseClick(panel.choices.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert panel.chosen == [("two", "")] and panel.choices.isHidden()


def test_given_what_cannot_be_taken_back_then_it_takes_two_keys_and_the_list_stays_until_it_is_done(panel: Panel) -> None:
    panel.ask(options("one", "two"), at_once=False)
    press(Qt.Key.Key_2)
    assert panel.chosen == []
    press(Qt.Key.Key_2)
    assert panel.chosen == [("two", "")] and panel.choices.is_open


def test_given_none_that_can_be_chosen_then_the_keys_do_not_promise_it(panel: Panel) -> None:
    panel.ask((Option("a", "one", "1", why_not="out of service"),), at_once=False)
    assert panel.choices._keys.text() == "None may be chosen now; Escape leaves"
    panel.choices.show_options((*panel.choices.options, Option("b", "two", "2")))
    assert panel.choices._keys.text() == "A key or the arrows choose, Escape leaves"


def test_given_one_that_cannot_be_chosen_then_its_key_says_why(panel: Panel) -> None:
    panel.ask((Option("a", "one", "1", why_not="asked 2 min ago"),))
    press(Qt.Key.Key_1)
    assert panel.chosen == [] and panel.choices._refusal.text() == "asked 2 min ago"
