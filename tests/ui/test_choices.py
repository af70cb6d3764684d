"""Choosing by a digit: pages, words that are asked for, leaving, and where the keyboard is before and after."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.ui.choices import Choice, Choices, with_another
from tests.ui.live import Live


class Panel(QWidget):
    """A field that had the keyboard, and the choices below it."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.field, self.choices = QLineEdit(), Choices(live.context)
        self.chosen: list[tuple[int, str]] = []
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.choices)

    def offer(self, *words: str) -> None:
        self.choices.offer("Why?", [Choice(word) for word in words], lambda place, typed: self.chosen.append((place, typed)))


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    made = Panel(Live())
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
    panel.offer("one", "two", "three")
    press(Qt.Key.Key_9)
    assert panel.chosen == [] and panel.choices.is_open, "there is no ninth"
    press(Qt.Key.Key_2)
    assert panel.chosen == [(1, "")]
    assert panel.choices.isHidden() and panel.field.hasFocus()


def test_given_choices_when_escape_is_pressed_then_nothing_is_chosen(panel: Panel) -> None:
    panel.offer("one", "two")
    press(Qt.Key.Key_Escape)
    assert panel.chosen == [] and panel.choices.isHidden() and panel.field.hasFocus()
    press(Qt.Key.Key_1)
    assert panel.field.text() == "1", "digits are only digits again"


def test_given_more_than_nine_when_zero_is_pressed_then_the_next_page_counts_from_one(panel: Panel) -> None:
    panel.offer(*(f"reason {n}" for n in range(12)))
    press(Qt.Key.Key_0)
    press(Qt.Key.Key_3)
    assert panel.chosen == [(11, "")]


def test_given_a_choice_that_asks_for_words_then_it_is_chosen_once_they_are_typed(panel: Panel) -> None:
    reasons = with_another(("busy",))
    panel.choices.offer("Why?", reasons, lambda place, typed: panel.chosen.append((place, typed)))
    press(Qt.Key.Key_2)
    assert panel.chosen == [] and panel.choices.typed.hasFocus()
    press(Qt.Key.Key_Return)
    assert panel.chosen == [], "no words, no choice"
    QTest.keyClicks(panel.choices.typed, "on 2 calls")
    press(Qt.Key.Key_Return)
    assert panel.chosen == [(1, "on 2 calls")]
