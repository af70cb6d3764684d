"""Backup at a whole desk: asked for from any workspace by one key twice, and then not to be missed or closed by accident."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.state import Role, UnitStatus
from console.ui.desk import Desk
from console.wire.messages import Session
from tests.support.scenes import CALL, T1, T2, receive, status
from tests.ui.live import Live

CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def live() -> Live:
    made = Live()
    made.tell(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    return made


@pytest.fixture
def desk(live: Live, qtbot: QtBot) -> Desk:
    return shown(live, qtbot)


def shown(live: Live, qtbot: QtBot, workspace: str = "dispatch") -> Desk:
    made = Desk(live.context, workspace=workspace)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(desk: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(desk, key, held)


def sit(live: Live, role: Role) -> None:
    me = live.store.me
    assert me is not None
    live.store.take_me(Session(me.token, me.user_id, me.name, role, me.desk_id))


@pytest.mark.parametrize("role", [Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR])
def test_given_any_workspace_when_the_key_is_pressed_then_it_asks_and_the_second_press_sends(
    live: Live, qtbot: QtBot, role: Role
) -> None:
    sit(live, role)
    names = {Role.TELECOMMUNICATOR: "dispatch", Role.CLINICIAN: "clinician", Role.SUPERVISOR: "supervisor"}
    desk = shown(live, qtbot, names[role])
    live.context.selection.choose_unit(T1)
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert not live.sent
    assert desk.asking_backup.words.text() == (
        "Police backup for T1, call 0001, 100 Main St? Press Ctrl Shift B again to ask for it."
    )
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert live.sent == [c.RequestBackup(T1, "POLICE")]
    assert not desk.asking_backup.isVisible() and desk.backup.isVisible()
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert len(live.sent) == 1
    assert "already" in live.context.notices.standing[-1].words


def test_given_the_first_press_when_another_unit_is_chosen_or_time_passes_then_it_is_forgotten(
    live: Live, desk: Desk
) -> None:
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert "Backup for whom?" in live.context.notices.standing[-1].words
    live.context.selection.choose_unit(T1)
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    live.context.selection.choose_unit(T2)
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert desk.asking_backup.unit_id == T2 and not live.sent
    desk.asking_backup._waits.timeout.emit()
    assert not desk.asking_backup.isVisible()
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert not live.sent, "the first press once more"


def test_given_only_a_call_is_chosen_then_the_one_unit_on_it_is_meant(live: Live, desk: Desk) -> None:
    live.context.selection.choose_call(CALL)
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    press(desk, Qt.Key.Key_B, CTRL_SHIFT)
    assert live.sent == [c.RequestBackup(T1, "POLICE")]


def test_given_a_request_then_no_escape_no_workspace_and_no_press_beside_takes_it_away(live: Live, desk: Desk) -> None:
    live.tell(c.RequestBackup(T1, "POLICE"))
    sit(live, Role.SUPERVISOR)
    for name in ("supervisor", "dispatch"):
        desk.show_workspace(name)
        press(desk, Qt.Key.Key_Escape)
        row = desk.backup.rows[0]
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(row.words, Qt.MouseButton.LeftButton)
        press(desk, Qt.Key.Key_D, CTRL)
        assert row.isVisible() and row.words.text().startswith("T1 requests police backup")
    assert not live.sent


def test_given_a_request_when_a_desk_starts_anew_then_it_stands_there_at_once(live: Live, qtbot: QtBot) -> None:
    live.tell(c.RequestBackup(T1, "POLICE"), c.SendBackup(T1))
    again = Live(live.scene)
    desk = shown(again, qtbot)
    assert desk.backup.isVisible()
    assert desk.backup.rows[0].standing.text().startswith("Police sent ")


def test_given_a_request_when_its_keys_are_pressed_one_after_the_other_then_each_step_is_said(
    live: Live, desk: Desk
) -> None:
    live.tell(c.RequestBackup(T1, "POLICE"))
    press(desk, Qt.Key.Key_K, CTRL)
    press(desk, Qt.Key.Key_F12)
    press(desk, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert live.sent == [c.AcknowledgeBackup(T1), c.SendBackup(T1), c.ArriveBackup(T1)]
    press(desk, Qt.Key.Key_F12, CTRL)
    assert desk.commands.line.text() == "safe T1 ", "it ends with a reason, or not"
    QTest.keyClick(desk.commands.line, Qt.Key.Key_Return)
    assert desk.backup.isVisible()
    QTest.keyClicks(desk.commands.line, "spoke to the crew")
    QTest.keyClick(desk.commands.line, Qt.Key.Key_Return)
    assert live.sent[-1] == c.ClearBackup(T1, "spoke to the crew")
    assert not desk.backup.isVisible()


def test_given_a_clinician_then_the_request_is_seen_with_who_heard_it_and_dispatch_answers_it(
    live: Live, qtbot: QtBot
) -> None:
    sit(live, Role.CLINICIAN)
    desk = shown(live, qtbot, "clinician")
    live.tell(c.RequestBackup(T1, "POLICE"), c.AcknowledgeBackup(T1))
    row = desk.backup.rows[0]
    assert row.isVisible() and "heard by Okafor" in row.standing.text()
    assert not any(button.isVisible() for button in row.buttons)
    press(desk, Qt.Key.Key_F12)
    assert not live.sent
