"""Referring from every workspace by keys: the referral is in the log, what is needed is sealed and is not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import Need
from console.domain.follow_ups import Referral
from console.domain.ids import CallId, DeskId
from console.domain.state import Role, SealedKind
from console.link.link_state import LinkState, LinkStatus
from console.ui.desk import Desk
from console.wire.messages import Session
from tests.support.agency import AGENCY, PHONE
from tests.support.scenes import CALL, OKAFOR, REYES, floor, receive
from tests.ui.live import Live
from tests.ui.sealed_hub import SealedHub

TWO = CallId("two")
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
NEEDS = (Need("CARE", "Behavioral healthcare"), Need("HOUSING", "Housing"), Need("FOOD", "Food security"))


@pytest.fixture
def live() -> Live:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, needs=NEEDS)))
    made = Live(scene.given(receive(callback="919 555 0100"), receive(TWO, callback="919 555 0177")), me=REYES)
    made.store.take_link(LinkStatus(LinkState.LIVE, made.now, 12.0))
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def hub(live: Live) -> SealedHub:
    return SealedHub(live)


def desk_of(live: Live, qtbot: QtBot, workspace: str, role: Role) -> Desk:
    live.me = REYES if role is Role.CLINICIAN else OKAFOR
    live.store.take_me(Session("t", live.me, live.me.title(), role, DeskId("d"), programme=PHONE))
    desk = Desk(live.context, workspace=workspace)
    qtbot.addWidget(desk)
    desk.resize(1366, 768)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    live.context.selection.choose_call(CALL)
    return desk


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk, key, modifier)


def only(live: Live) -> Referral:
    (one,) = live.scene.state.referrals.values()
    return one


def test_given_a_clinician_when_needs_are_ticked_then_they_are_sealed_and_the_log_holds_none(
    live: Live, hub: SealedHub, qtbot: QtBot
) -> None:
    desk = desk_of(live, qtbot, "clinician", Role.CLINICIAN)
    before = QApplication.focusWidget()
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert desk.refer.isVisible() and desk.refer.title.text().startswith("Refer 919 555 0100, call ")
    for key in (Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_2, Qt.Key.Key_Tab):
        press(desk, key)
    QTest.keyClicks(desk.refer.words, "two children")
    press(desk, Qt.Key.Key_Return)
    (note,) = hub.sent
    assert (note.kind, note.subject) == (SealedKind.NEEDS, only(live).referral_id)
    assert note.text == '{"needs":["CARE","FOOD"],"words":"two children"}'
    assert only(live).needs_note == note.note_id and "children" not in repr(live.scene.log) + repr(live.sent)
    assert not desk.refer.isVisible() and QApplication.focusWidget() is before
    assert desk.refer.words.text() == "" and desk.refer.needs.ticked == ()
    assert any("the neighbor is referred to Care" in line for line in desk.notices.lines())


def test_given_a_telecommunicator_then_the_referral_goes_without_needs(live: Live, hub: SealedHub, qtbot: QtBot) -> None:
    desk = desk_of(live, qtbot, "dispatch", Role.TELECOMMUNICATOR)
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert not desk.refer.needs.isVisible() and not desk.refer.words.isVisible()
    press(desk, Qt.Key.Key_Return)
    assert only(live).call_id == CALL and hub.sent == [] and not desk.refer.isVisible()


def test_given_a_closed_call_on_the_board_then_its_neighbor_is_referred_too(live: Live, qtbot: QtBot) -> None:
    desk = desk_of(live, qtbot, "dispatch", Role.TELECOMMUNICATOR)
    live.tell(c.CloseCall(CALL, missed="all_busy"))
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    press(desk, Qt.Key.Key_Return)
    assert only(live).call_id == CALL


def test_given_a_call_that_is_referred_already_then_that_is_said_and_escape_leaves(live: Live, qtbot: QtBot) -> None:
    desk = desk_of(live, qtbot, "dispatch", Role.TELECOMMUNICATOR)
    for _ in range(2):
        press(desk, Qt.Key.Key_I, CTRL_SHIFT)
        press(desk, Qt.Key.Key_Return)
    assert desk.refer.said.text().endswith("was referred already, and the referral is open.")
    press(desk, Qt.Key.Key_Escape)
    assert not desk.refer.isVisible() and len(live.scene.state.referrals) == 1


def test_given_a_neighbor_who_is_owed_a_contact_for_another_call_then_that_is_said_before_they_are_referred_again(
    live: Live, qtbot: QtBot
) -> None:
    desk = desk_of(live, qtbot, "dispatch", Role.TELECOMMUNICATOR)
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert not desk.refer.running.isVisible()
    press(desk, Qt.Key.Key_Return)
    live.tell(c.ChangeCallback(TWO, "(919) 555-0100"))
    live.context.selection.choose_call(TWO)
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert desk.refer.running.text().startswith("◆ referred today 14:30 by Okafor after ")
    assert "first contact due Wed 14:30 (48 h)" in desk.refer.running.text()
    press(desk, Qt.Key.Key_Return)
    assert len(live.scene.state.referrals) == 2, "said, not forbidden"


def test_given_no_hub_to_seal_then_they_are_referred_once_and_the_needs_wait_on_the_screen_for_another_try(
    live: Live, hub: SealedHub, qtbot: QtBot
) -> None:
    desk = desk_of(live, qtbot, "clinician", Role.CLINICIAN)
    hub.away = True
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    for key in (Qt.Key.Key_2, Qt.Key.Key_Return):
        press(desk, key)
    assert "what they need is not sealed and on this screen only. Enter tries again." in desk.refer.said.text()
    assert only(live).needs_note is None
    press(desk, Qt.Key.Key_Escape)
    live.context.selection.choose_call(TWO)
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert list(desk.refer.needs.ticked) == ["HOUSING"], "what is not sealed comes before another call's"
    hub.away = False
    press(desk, Qt.Key.Key_Return)
    assert hub.sent[0] == hub.sent[1] and only(live).needs_note == hub.sent[0].note_id
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert not desk.refer.needs.ticked and live.scene.call(TWO).number in desk.refer.title.text()


def test_given_another_person_then_nothing_of_what_was_ticked_is_left(live: Live, hub: SealedHub, qtbot: QtBot) -> None:
    desk = desk_of(live, qtbot, "clinician", Role.CLINICIAN)
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    press(desk, Qt.Key.Key_2)
    live.store.take_me(None)
    assert not desk.refer.isVisible() and desk.refer.needs.count() == 0 and hub.sent == []


def test_given_no_call_is_chosen_then_that_is_said(live: Live, qtbot: QtBot) -> None:
    desk = desk_of(live, qtbot, "dispatch", Role.TELECOMMUNICATOR)
    live.context.selection.choose_call(None)
    press(desk, Qt.Key.Key_I, CTRL_SHIFT)
    assert not desk.refer.isVisible()
    assert any("Choose the call whose neighbor" in line for line in desk.notices.lines())
