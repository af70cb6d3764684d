"""What others did with one's callers is told wherever one looks, with the key that opens the call; nothing of one's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import CLOCK, CallId, EntryId, HandOffId, UserId
from console.domain.state import PresenceStatus, Role
from console.ui.handoff.banner import HandOffBanner
from console.ui.notice_bar import NoticeBar
from tests.support.scenes import CALL, LIN, LINDQVIST, NOVAK, OKAFOR, REYES, accepted, floor, offer, receive, sign_in, taken
from tests.ui.live import Live, on_screen

OTHER = CallId("call-2")
H1 = HandOffId("h1")


class Window(QWidget):
    """The notices under a field in which somebody may be typing."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.bar, self.field = NoticeBar(live.context), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.bar)


def at(qtbot: QtBot, user: UserId, *, in_care: bool = True) -> tuple[Live, Window]:
    """A desk that looks at another call than the one that a clinician has."""
    scene = floor().given(sign_in(NOVAK, Role.TELECOMMUNICATOR), by=NOVAK)
    scene.given(sign_in(LINDQVIST, Role.SUPERVISOR), by=LINDQVIST)
    scene.given(receive(), receive(OTHER))
    live = Live(taken(scene) if in_care else scene, me=user)
    live.context.selection.choose_call(OTHER)
    window = on_screen(qtbot, Window(live), 1200, 200)
    window.field.setFocus()
    return live, window


def message(text: str, name: str = "m1") -> c.SendMessage:
    return c.SendMessage(CALL, EntryId(name), text)


def test_given_a_caller_in_care_when_they_are_given_back_then_who_has_them_again_is_told_until_they_look(
    qtbot: QtBot,
) -> None:
    live, window = at(qtbot, OKAFOR)
    live.tell(c.ReturnHandOff(CALL, H1, "wants a visit"), by=REYES)
    assert window.bar.lines() == ["0001 Crisis: Reyes gave the caller back; you have them. Wants a visit."]
    assert [button.text() for button in window.bar.buttons()] == ["Open 0001", "Dismiss"]
    QTest.keyClick(window.field, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert live.context.selection.call_id == CALL and window.bar.isHidden()


def test_given_the_call_is_chosen_when_the_caller_is_given_back_then_it_is_told_all_the_same(qtbot: QtBot) -> None:
    live, window = at(qtbot, OKAFOR)
    live.context.selection.choose_call(CALL)
    live.tell(c.ReturnHandOff(CALL, H1, "wants a visit"), by=REYES)
    assert len(window.bar.lines()) == 1


@pytest.mark.parametrize("user", [NOVAK, REYES])
def test_given_a_caller_who_is_given_back_then_nobody_else_is_told_and_not_who_did_it(qtbot: QtBot, user: UserId) -> None:
    live, window = at(qtbot, user)
    live.tell(c.ReturnHandOff(CALL, H1, "wants a visit"), by=REYES)
    assert window.bar.lines() == []


@pytest.mark.parametrize(("user", "whom"), [(REYES, "you"), (OKAFOR, "Reyes"), (LINDQVIST, None)])
def test_given_a_caller_in_care_when_a_supervisor_takes_them_over_then_who_had_and_who_offered_them_are_told(
    qtbot: QtBot, user: UserId, whom: str | None
) -> None:
    live, window = at(qtbot, user)
    live.tell(c.TakeOverCall(CALL, HandOffId("h2"), "nobody is there"), by=LINDQVIST)
    told = f"Lindqvist took the caller of 0001 Crisis over from {whom}: nobody is there"
    assert window.bar.lines() == ([told] if whom else [])


def test_given_a_caller_being_connected_when_another_takes_them_over_then_who_accepted_is_told_once(qtbot: QtBot) -> None:
    live, window = at(qtbot, REYES, in_care=False)
    banner = HandOffBanner(live.context)
    qtbot.addWidget(banner)
    accepted(live.scene)
    live.show()
    live.tell(c.LoseDesk(OKAFOR, live.scene.state.people[OKAFOR].desk_id), by=CLOCK)
    live.tell(c.TakeOverCall(CALL, HandOffId("h2"), "their desk is gone"), by=LIN)
    assert window.bar.lines() == ["Lin took the caller of 0001 Crisis over from Okafor: their desk is gone"]


def test_given_a_call_that_was_taken_over_when_who_had_it_signs_in_again_then_they_are_told(qtbot: QtBot) -> None:
    live, window = at(qtbot, NOVAK)
    live.tell(c.TakeOverCall(CALL, HandOffId("h2"), "nobody is there"), by=LINDQVIST)
    assert window.bar.lines() == []
    again = Live(live.scene, me=REYES)
    bar = NoticeBar(again.context)
    qtbot.addWidget(bar)
    assert bar.lines() == ["Lindqvist took the caller of 0001 Crisis over from you: nobody is there"]
    again.store.take_me(None)
    assert bar.lines() == [], "whoever sits here next is not told what was theirs"


@pytest.mark.parametrize(("user", "hears"), [(OKAFOR, True), (NOVAK, False), (LIN, False), (REYES, False)])
def test_given_a_message_in_a_call_that_is_not_chosen_then_the_desks_concerned_are_told_and_not_who_wrote(
    qtbot: QtBot, user: UserId, hears: bool
) -> None:
    live, window = at(qtbot, user)
    live.tell(message("dog in the yard"), by=REYES)
    assert window.bar.lines() == (["Reyes, 0001: dog in the yard"] if hears else [])


def test_given_several_messages_then_each_is_told_until_the_call_is_chosen_and_then_none(qtbot: QtBot) -> None:
    live, window = at(qtbot, OKAFOR)
    live.tell(message("dog in the yard"), message("and a cat", "m2"), by=REYES)
    assert [button.text() for button in window.bar.buttons()] == ["Open 0001", "Dismiss"] * 2
    live.context.selection.choose_call(CALL)
    assert window.bar.lines() == []
    live.tell(message("it is tied up", "m3"), by=REYES)
    assert window.bar.lines() == [], "the tab of the messages says so"


def test_given_a_level_that_is_told_then_dispatch_hears_it_though_the_call_is_chosen(qtbot: QtBot) -> None:
    live, window = at(qtbot, OKAFOR)
    live.context.selection.choose_call(CALL)
    live.tell(c.ReleaseSummary(CALL, EntryId("s1"), "Sample screener asked: high."), by=REYES)
    assert window.bar.lines() == ["Reyes, 0001: Sample screener asked: high."]


def test_given_nobody_answers_then_who_did_not_is_told_that_they_are_away_until_they_are_ready(qtbot: QtBot) -> None:
    live, window = at(qtbot, REYES, in_care=False)
    live.tell(offer())
    live.later(seconds=30)
    live.tell(c.TimeOutHandOff(CALL, H1), by=CLOCK)
    assert window.bar.lines() == ["You did not answer call 0001 and are away. Ctrl Alt 1 makes you ready."]
    live.tell(c.SetPresence(PresenceStatus.READY), by=REYES)
    assert window.bar.lines() == []
