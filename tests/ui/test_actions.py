"""The table of actions: no key means two things at once, every row can be shown, and keys count only where they should."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.ui.action_button import ActionButton
from console.ui.actions import ACTIONS, SCOPES, Keys, action, action_button, key_words


def around(scope: str) -> set[str]:
    """A scope and everything it lies in."""
    return {scope}.union(*(around(outer) for outer in SCOPES[scope].within))


def together(one: str, other: str) -> bool:
    """Whether keys of both scopes can count at one moment."""
    if one == other or one in around(other) or other in around(one):
        return True
    if SCOPES[one].focus and SCOPES[other].focus:
        return False  # only one pane has the keyboard
    workspaces = {"dispatch", "clinician", "supervisor"}
    return bool(around(one) & around(other) & workspaces)


def test_given_two_rows_whose_scopes_meet_then_they_share_no_key() -> None:
    clashes = [
        (a.id, b.id, key)
        for a, b in combinations(ACTIONS, 2)
        if together(a.scope, b.scope)
        for key in set(a.keys) & set(b.keys)
    ]
    assert not clashes


def test_every_row_has_an_id_of_its_own_words_keys_and_a_scope() -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    for row in ACTIONS:
        assert row.keys, row.id
        assert row.scope in SCOPES, row.id
        assert row.text[0].isupper(), row.id
        assert row.help.endswith("."), row.id
        assert all(not QKeySequence(key).isEmpty() for key in row.keys), row.id


def test_an_unknown_action_is_named() -> None:
    with pytest.raises(KeyError, match=r"unit\.fly"):
        action("unit.fly")


@pytest.mark.parametrize(
    ("key", "shown"), [("Ctrl+1", "Ctrl 1"), ("F12", "F12"), ("Ctrl++", "Ctrl +"), ("/", "/"), ("Ctrl+Alt+1", "Ctrl Alt 1")]
)
def test_a_key_is_shown_as_a_cap(key: str, shown: str) -> None:
    assert key_words(key) == shown


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


def add(window: QWidget, *widgets: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)


def shown(qtbot: QtBot, window: QWidget) -> None:
    window.show()
    window.activateWindow()
    qtbot.waitActive(window).__enter__()
    qtbot.waitUntil(window.isActiveWindow)


def test_given_a_bound_action_when_its_key_is_pressed_then_it_is_done(qtbot: QtBot, window: QWidget) -> None:
    done: list[str] = []
    Keys().bind("unit.dispatch", window, lambda: done.append("dispatch"))
    shown(qtbot, window)

    QTest.keyClick(window, Qt.Key.Key_F6)

    assert done == ["dispatch"]


def test_given_an_action_of_each_key_when_one_is_pressed_then_its_place_is_told(qtbot: QtBot, window: QWidget) -> None:
    told: list[int] = []
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    Keys().bind_each("triage.answer", window, told.append)
    shown(qtbot, window)
    window.setFocus()

    QTest.keyClick(window, Qt.Key.Key_3)

    assert told == [2]


def test_given_digits_that_answer_when_somebody_types_elsewhere_then_they_are_typed(qtbot: QtBot, window: QWidget) -> None:
    told: list[int] = []
    pane, line = QWidget(), QLineEdit()
    pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    add(window, pane, line)
    Keys().bind_each("triage.answer", pane, told.append)
    shown(qtbot, window)
    line.setFocus()

    QTest.keyClicks(line, "1420")

    assert (line.text(), told) == ("1420", [])


def test_given_a_slash_that_opens_the_command_line_when_it_is_typed_in_a_field_then_it_stays_there(
    qtbot: QtBot, window: QWidget
) -> None:
    opened: list[int] = []
    line = QLineEdit()
    add(window, line)
    Keys().bind("command_line", window, lambda: opened.append(1))
    shown(qtbot, window)
    line.setFocus()

    QTest.keyClicks(line, "4/5")

    assert (line.text(), opened) == ("4/5", [])


def test_given_a_button_that_is_disabled_or_hidden_when_its_key_is_pressed_then_nothing_happens(
    qtbot: QtBot, window: QWidget
) -> None:
    done: list[str] = []
    button = Keys().button("unit.dispatch", window, lambda: done.append("dispatch"))
    add(window, button)
    shown(qtbot, window)

    button.say("Dispatch", why_not="No unit is free.")
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert (done, button.toolTip(), button.accessibleDescription()) == ([], "No unit is free.", "No unit is free.")

    button.say("Dispatch")
    button.hide()
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert done == []

    button.show()
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert done == ["dispatch"]


def test_given_a_button_that_confirms_when_its_key_is_pressed_once_then_it_asks_and_twice_then_it_acts(
    qtbot: QtBot, window: QWidget
) -> None:
    done: list[str] = []
    button = Keys().button("unit.backup", window, lambda: done.append("backup"), confirm="Press again to ask")
    add(window, button)
    shown(qtbot, window)

    button.click()
    assert (done, button.text(), button.waits_for_second_press) == ([], "Press again to ask", True)

    button.click()
    assert (done, button.text(), button.waits_for_second_press) == (["backup"], "Request backup", False)


def test_a_button_says_its_key_to_those_who_do_not_see_it_and_is_a_target_one_can_hit(qtbot: QtBot) -> None:
    button = action_button("call.hand_off", "Hand off to M. Reyes & wait")
    qtbot.addWidget(button)

    assert button.accessibleName() == "Hand off to M. Reyes & wait, key F7"
    assert button.sizeHint().height() >= 24
    assert button.sizeHint().width() > ActionButton("Hand off to M. Reyes & wait").sizeHint().width()
