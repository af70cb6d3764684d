"""The pages before the board: what can be opened, what is a hub's address, and a sign-in that says plainly what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.ui.sign_in import SignInPage, StartPage, wrong_address
from tests.ui.live import on_screen


def test_given_the_start_page_then_exercise_and_hub_are_offered_in_the_citys_words(qtbot: QtBot) -> None:
    page = StartPage("Anytown")
    qtbot.addWidget(page)
    assert page.exercise.text() == "Exercise: a simulated Anytown"
    with qtbot.waitSignal(page.exercise_asked):
        page.exercise.click()


def test_given_an_address_when_it_is_one_then_the_hub_is_asked_for(qtbot: QtBot) -> None:
    page = StartPage("Anytown", "https://hub.example.org")
    qtbot.addWidget(page)
    assert page.address.text() == "https://hub.example.org"
    with qtbot.waitSignal(page.hub_asked) as asked:
        page.connect_button.click()
    assert asked.args == ["https://hub.example.org"]


def test_given_no_address_then_it_says_what_one_looks_like(qtbot: QtBot) -> None:
    page = StartPage("Anytown", "exercise")
    qtbot.addWidget(page)
    with qtbot.assertNotEmitted(page.hub_asked):
        page.connect_button.click()
    assert "https://hub.example.org" in page.trouble.text()


@pytest.mark.parametrize("address", ["http://10.0.0.7:8911", "https://hub.example.org", "http://[::1]:8911"])
def test_an_address_of_a_hub_is_taken(address: str) -> None:
    assert wrong_address(address) == ""


@pytest.mark.parametrize("address", ["", "hub", "ftp://hub", "http://", "http://hub:notaport", "https://[::1", "//hub"])
def test_what_is_no_address_is_not(address: str) -> None:
    assert wrong_address(address)


@given(st.text())
def test_law_no_text_breaks_the_reading_of_an_address(text: str) -> None:
    wrong_address(text)


def test_given_name_and_password_when_sent_then_the_password_is_forgotten_and_the_button_waits(qtbot: QtBot) -> None:
    page = SignInPage()
    qtbot.addWidget(page)
    page.user.setText(" okafor ")
    page.password.setText("correct horse")
    with qtbot.waitSignal(page.sign_in_asked) as asked:
        page.button.click()
    assert asked.args == ["okafor", "correct horse"]
    assert page.password.text() == ""
    assert not page.button.isEnabled()

    page.say("This name and password do not belong together.")
    assert page.trouble.text() == "◆ This name and password do not belong together."
    assert page.button.isEnabled()


def test_given_a_name_when_enter_is_pressed_then_the_keyboard_is_on_the_password_and_enter_there_asks(qtbot: QtBot) -> None:
    page = SignInPage()
    on_screen(qtbot, page, 800, 600)
    page.user.setFocus()
    QTest.keyClicks(page.user, "okafor")
    with qtbot.assertNotEmitted(page.sign_in_asked):
        QTest.keyClick(page.user, Qt.Key.Key_Return)
    assert page.password.hasFocus() and page.trouble.text() == ""
    QTest.keyClicks(page.password, "correct horse")
    with qtbot.waitSignal(page.sign_in_asked):
        QTest.keyClick(page.password, Qt.Key.Key_Return)


def test_given_an_empty_field_then_nothing_is_sent(qtbot: QtBot) -> None:
    page = SignInPage("okafor")
    qtbot.addWidget(page)
    with qtbot.assertNotEmitted(page.sign_in_asked):
        page.button.click()
    assert "name and a password" in page.trouble.text()
