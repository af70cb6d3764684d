"""A caller in care at a clinician's desk, and keys pressed there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain import commands as c
from console.domain.ids import CallId, QuestionId
from console.ui.handoff.care import CarePane
from tests.support.scenes import CALL, REYES, floor, receive, taken
from tests.ui.live import Live

TWO = CallId("two")
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def in_care() -> Live:
    """Reyes has the caller of the chosen call, of whom a weapon was asked in vain; another call is on the board."""
    scene = floor().given(receive(text="says he cannot go on", callback="919 555 0142"), receive(TWO))
    scene.given(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"))
    made = Live(taken(scene), me=REYES)
    made.context.selection.choose_call(CALL)
    return made


def press(pane: CarePane, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)
