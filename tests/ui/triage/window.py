"""The triage pane beside a field, as in the desk, and what stands on it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.ui.triage.view import TriagePane
from tests.ui.live import Live


class Window(QWidget):
    """The pane beside a field."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.pane, self.field = TriagePane(live.context), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.pane)
        column.addWidget(self.field)
        self.resize(520, 640)


def opened(qtbot: QtBot, live: Live) -> Window:
    """A window that is in use, the keyboard on the pane."""
    made = Window(live)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.pane.setFocus()
    return made


def question(window: Window) -> str:
    return window.pane.asking.question.text()


def refusal(window: Window) -> str:
    return window.pane.asking.refusal.text()


def told(window: Window) -> str:
    return window.pane.told.lines.accessibleName().strip()


def hint(window: Window) -> str:
    return window.pane.hint.text()


def moved(window: Window) -> str:
    return window.pane.asking.moved.text()


def press(window: Window, *keys: Qt.Key) -> None:
    """Press keys on the pane."""
    for key in keys:
        QTest.keyClick(window.pane, key)


def press_there(*keys: Qt.Key) -> None:
    """Press keys where the keyboard is."""
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key)


def by_hand(window: Window) -> None:
    """The chord that sets a fact by hand."""
    QTest.keyClick(window.pane, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
