"""The ringing banner: what it says, how long, and the two answers by key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.hand_off import HandOffState
from console.domain.ids import HandOffId
from console.ui.handoff.banner import HandOffBanner
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, floor, offer, receive, released, taken
from tests.ui.live import Live, on_screen


class Window(QWidget):
    """A banner above a field in which somebody may be typing."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.banner, self.field = HandOffBanner(live.context), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.field)


@pytest.fixture
def live() -> Live:
    return Live(floor().given(receive(language="es")), me=REYES)


@pytest.fixture
def window(qtbot: QtBot, live: Live) -> Window:
    made = on_screen(qtbot, Window(live), 1200, 200)
    made.field.setFocus()
    return made


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def test_given_nothing_offered_then_the_banner_takes_no_room(window: Window, live: Live) -> None:
    assert window.banner.isHidden()
    live.tell(offer(LIN, "to-another"))
    assert window.banner.isHidden(), "it rings at another desk"


def test_given_an_offer_then_it_says_from_whom_what_and_counts_without_taking_the_keyboard(
    window: Window, live: Live
) -> None:
    live.tell(offer())
    assert window.banner.isVisible() and window.field.hasFocus()
    assert window.banner.words.text() == "Hand-off from Okafor — 0001 Crisis — Spanish"
    live.later(seconds=7)
    assert window.banner.countdown.text() == "— ringing 0:08 of 0:30"
    live.later(minutes=5)
    assert window.banner.countdown.text() == "— ringing 0:30 of 0:30"


def test_given_an_offer_when_it_has_been_painted_then_it_is_told_as_seen_once(
    window: Window, live: Live, qtbot: QtBot
) -> None:
    live.tell(offer())
    qtbot.waitUntil(lambda: live.sent == [c.SeeHandOff(CALL, HandOffId("h1"))])
    live.later(seconds=1)
    window.banner.repaint()
    QApplication.processEvents()
    assert live.scene.call().hand_offs[-1].state is HandOffState.SEEN
    assert len(live.sent) == 1


def test_given_a_window_that_nobody_sees_when_an_offer_comes_then_it_is_not_told_as_seen(qtbot: QtBot, live: Live) -> None:
    hidden = Window(live)
    qtbot.addWidget(hidden)
    live.tell(offer())
    QApplication.processEvents()
    assert hidden.banner.offer is not None and live.sent == []


def test_given_an_offer_when_f2_is_pressed_then_the_banner_stays_until_dispatch_releases_the_caller(
    window: Window, live: Live
) -> None:
    live.tell(offer())
    press(Qt.Key.Key_F2)
    assert queries.on_the_line(live.scene.call()) == REYES and live.scene.call().in_care_of is None
    assert live.context.selection.call_id == CALL
    assert window.banner.words.text() == "Okafor has the caller until they release them — 0001 Crisis — Spanish"
    assert window.banner.countdown.text().startswith("— connecting 0:0")
    assert not window.banner.accept.isVisible() and not window.banner.decline.isVisible()
    released(live.scene)
    live.show()
    assert window.banner.isHidden()
    assert [n.words for n in live.context.notices.standing] == ["Call 0001 Crisis: you have the caller now."]


def test_given_what_is_asked_and_was_promised_then_both_stand_in_the_banner_with_who_hands_on(
    window: Window, live: Live
) -> None:
    taken(live.scene, LIN)
    live.tell(c.OfferHandOff(CALL, HandOffId("h2"), REYES, "go on listening", "somebody who speaks Spanish"), by=LIN)
    assert window.banner.words.text().startswith("Handed on from Lin — 0001 Crisis")
    assert window.banner.more.text() == "asks: go on listening · promised: somebody who speaks Spanish"
    assert window.banner.look.isVisible()
    window.banner.look.click()
    assert live.context.selection.call_id == CALL and not window.banner.look.isVisible()


def test_given_an_offer_when_f3_and_a_digit_are_pressed_then_it_is_declined_with_the_agencys_reason(
    window: Window, live: Live
) -> None:
    live.tell(offer())
    press(Qt.Key.Key_F3)
    assert window.banner.reasons.list.hasFocus()
    assert live.scene.call().hand_offs[-1].rings
    press(Qt.Key.Key_1)
    assert live.sent[-1] == c.DeclineHandOff(CALL, HandOffId("h1"), "busy")
    assert window.banner.isHidden() and window.field.hasFocus()


def test_given_reasons_are_open_when_the_offer_is_taken_back_then_they_close_and_it_is_said_why(
    window: Window, live: Live
) -> None:
    live.tell(offer())
    press(Qt.Key.Key_F3)
    live.tell(c.WithdrawHandOff(CALL, HandOffId("h1"), "the caller hung up"))
    assert window.banner.isHidden() and not window.banner.reasons.is_open
    assert [n.words for n in live.context.notices.standing] == ["Okafor took call 0001 Crisis back: the caller hung up."]


def test_given_nobody_answers_then_it_is_said_where_the_call_went(window: Window, live: Live) -> None:
    live.tell(offer())
    live.later(seconds=30)
    live.tell(c.TimeOutHandOff(CALL, HandOffId("h1")), by=OKAFOR)
    assert window.banner.isHidden()
    assert "went back to Okafor" in live.context.notices.standing[0].words


def test_given_an_answer_that_comes_too_late_then_the_refusal_is_said(window: Window, live: Live) -> None:
    live.tell(offer())
    live.scene.given(c.TimeOutHandOff(CALL, HandOffId("h1")))
    press(Qt.Key.Key_F2)
    assert "is over: timed out" in window.banner.said.text(), "the desk still showed it when the key was pressed"
    assert live.scene.call().hand_offs[-1].state is HandOffState.TIMED_OUT


def test_given_the_desk_changes_hands_then_the_banner_follows_the_person(window: Window, live: Live) -> None:
    live.tell(offer())
    live.store.take_me(None)
    assert window.banner.isHidden()
    assert live.now - live.scene.call().hand_offs[-1].offered_at < timedelta(seconds=30)
