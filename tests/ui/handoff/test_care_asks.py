"""Asking dispatch from the care pane, passing the caller, calling back and warning: each by its key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.asks import AskOutcome
from console.domain.ids import DeskId, HandOffId
from console.domain.state import PresenceStatus, UnitStatus
from console.ui.handoff.care import CarePane
from console.ui.handoff.care_actions import CareActions
from tests.support.agency import ARMED, TEAM
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, accepted, floor, offer, receive, status, taken
from tests.ui.handoff.caring import CTRL, SHIFT, TWO, in_care, press
from tests.ui.live import Live, on_screen


@pytest.fixture
def live() -> Live:
    return in_care()


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CarePane:
    return on_screen(qtbot, CarePane(live.context), 1040, 900)


@pytest.fixture
def keys(pane: CarePane) -> CareActions:
    return pane.actions_below


# ---------------------------------------------------------------------------------------------- asking dispatch


def standing(keys: CareActions, place: int) -> str:
    return keys.asks.columns[place].standing.text()


def test_given_somebody_is_needed_then_each_key_asks_for_its_own_and_several_stand_at_once(
    pane: CarePane, keys: CareActions, live: Live
) -> None:
    names = [column.button.text() for column in keys.asks.columns]
    assert names == ["Ask for Team", "Ask for Armed", "Ask for Police", "Ask for EMS"]
    press(pane, Qt.Key.Key_F6)
    press(pane, Qt.Key.Key_F6, CTRL)
    assert [(ask.code, ask.answer) for ask in live.scene.call().asks] == [(TEAM, None), ("EMS", None)]
    assert keys.asks.columns[0].button.text() == "Team asked"
    assert standing(keys, 0).endswith(" · asked 14:30") and standing(keys, 1) == "not asked"
    assert live.scene.call() in queries.pending(live.scene.state), "it stands in dispatch's queue"


def test_given_dispatch_sends_it_then_the_unit_and_where_it_is_stand_below_the_key_while_the_caller_is_on_the_line(
    pane: CarePane, keys: CareActions, live: Live
) -> None:
    press(pane, Qt.Key.Key_F6)
    live.tell(c.DispatchUnit(T1, CALL, override="an officer is there"), *status(T1, UnitStatus.EN_ROUTE))
    assert standing(keys, 0) == "T1 en route"
    assert live.scene.call().in_care_of == REYES and keys.resolve.isEnabled()


def test_given_dispatch_declines_then_why_stands_below_the_key(pane: CarePane, keys: CareActions, live: Live) -> None:
    press(pane, Qt.Key.Key_F7)
    ask = live.scene.call().asks[0]
    assert ask.code == ARMED
    live.tell(c.DeclineAsk(CALL, ask.ask_id, "none on duty"))
    assert standing(keys, 1) == "▲ declined: none on duty"
    assert keys.asks.columns[1].button.text() == "Ask for Armed", "it can be asked for again"


def test_given_something_is_asked_when_its_key_is_pressed_twice_then_it_is_taken_back(
    pane: CarePane, keys: CareActions, live: Live
) -> None:
    press(pane, Qt.Key.Key_F6)
    press(pane, Qt.Key.Key_F6)
    assert live.scene.call().asks[0].answer is None, "the first press only asks"
    press(pane, Qt.Key.Key_F6)
    answer = live.scene.call().asks[0].answer
    assert answer is not None and answer.outcome is AskOutcome.WITHDRAWN
    assert standing(keys, 0).startswith("taken back")
    press(pane, Qt.Key.Key_F6)
    assert len(live.scene.call().asks) == 2


# ---------------------------------------------------------------------------------------------- passing the caller


def test_given_a_reason_when_f9_and_its_digit_are_pressed_then_the_caller_goes_back(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F9)
    press(pane, Qt.Key.Key_2)
    QTest.keyClicks(pane.actions_below.choices.note, "wants somebody to come")
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.ReturnHandOff(CALL, HandOffId("h1"), "wants somebody to come")]
    assert live.scene.call().in_care_of is None
    assert live.scene.call() in queries.pending(live.scene.state)


def test_given_another_clinician_then_the_caller_is_handed_on_and_stays_mine_until_i_release_them(
    pane: CarePane, keys: CareActions, live: Live
) -> None:
    press(pane, Qt.Key.Key_F8, SHIFT)
    assert [option.words for option in keys.choices.options] == ["Lin"]
    press(pane, Qt.Key.Key_1)
    press(pane, Qt.Key.Key_Return)
    hand_off = live.scene.call().hand_off
    assert hand_off is not None and hand_off.to_user == LIN and hand_off.onward
    assert keys.hand_on.text() == "Rings at Lin" and not keys.hand_on.isEnabled()
    assert keys.back.text() == "Take the offer back"
    live.tell(c.AcceptHandOff(CALL, hand_off.hand_off_id), by=LIN)
    assert keys.hand_on.text() == "Release to Lin" and "the caller is told" in keys.hand_on.toolTip()
    press(pane, Qt.Key.Key_F6, SHIFT)
    press(pane, Qt.Key.Key_F7, SHIFT)
    assert live.scene.call().in_care_of == REYES
    press(pane, Qt.Key.Key_F8, SHIFT)
    assert live.scene.call().in_care_of == LIN
    assert live.scene.state.people[REYES].status is PresenceStatus.WRAP_UP


def test_given_a_caller_handed_on_when_f9_is_pressed_while_it_rings_then_the_offer_is_taken_back(
    pane: CarePane, live: Live
) -> None:
    live.tell(offer(LIN, "h2"), by=REYES)
    press(pane, Qt.Key.Key_F9)
    assert live.sent == [c.WithdrawHandOff(CALL, HandOffId("h2"), "")]
    assert live.scene.call().in_care_of == REYES


def test_given_nobody_else_is_ready_then_the_list_says_of_each_why_not(pane: CarePane, live: Live) -> None:
    live.tell(c.SetPresence(PresenceStatus.AWAY, "lunch"), by=LIN)
    press(pane, Qt.Key.Key_F8, SHIFT)
    assert [o.why_not for o in pane.actions_below.choices.options] == ["Lin is away for lunch, not ready."]


def test_given_dispatch_is_lost_before_the_release_then_the_clinician_on_the_line_takes_over_by_the_same_key(
    qtbot: QtBot,
) -> None:
    live = Live(accepted(floor().given(receive(callback="919 555 0142"))), me=REYES)
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CarePane(live.context), 1040, 900)
    assert not pane.actions_below.over.isVisible(), "Okafor is there, and releases them"
    live.tell(c.LoseDesk(OKAFOR, DeskId("desk-okafor")))
    assert pane.strip.warns.isVisible() and "Okafor is to release the caller" in pane.strip.warns.text()
    assert pane.actions_below.over.text() == "Take over from Okafor…"
    press(pane, Qt.Key.Key_Y, CTRL | SHIFT)
    press(pane, Qt.Key.Key_Return)
    assert live.scene.call().in_care_of == REYES
    assert live.scene.state.people[REYES].status is PresenceStatus.ON_CALL
    assert not pane.actions_below.over.isVisible() and pane.strip.warns.isHidden()
    assert pane.strip.holder.text().startswith("You have the caller, taken over from Okafor")


def test_given_a_colleague_whose_desk_is_lost_then_a_key_and_a_reason_take_their_caller_over(qtbot: QtBot) -> None:
    live = Live(taken(floor().given(receive()), LIN), me=REYES)
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CarePane(live.context), 1040, 900)
    assert not pane.actions_below.over.isVisible(), "Lin is there, and has the caller"
    live.tell(c.LoseDesk(LIN, DeskId("desk-lin")))
    assert pane.actions_below.over.text() == "Take over from Lin…"
    press(pane, Qt.Key.Key_Y, CTRL | SHIFT)
    press(pane, Qt.Key.Key_Return)
    (over,) = live.scene.call().take_overs
    assert (over.by, over.from_user, over.reason) == (REYES, LIN, "Nothing is heard of the desk of Lin")
    assert live.scene.call().in_care_of == REYES and pane.actions_below.resolve.isVisible()


def test_given_the_caller_is_gone_when_the_key_is_pressed_twice_then_a_call_back_is_due(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F9, SHIFT)
    assert live.sent == []
    press(pane, Qt.Key.Key_F9, SHIFT)
    (owed,) = live.scene.state.call_backs.values()
    assert owed.call_id == CALL and owed.owner == REYES


# ---------------------------------------------------------------------------------------------- call back, threat


def test_given_a_call_back_is_promised_then_when_and_why_plan_it_by_keys(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_P, CTRL | SHIFT)
    form = pane.actions_below.call_back
    QTest.keyClicks(form.when, "half past")
    press(pane, Qt.Key.Key_Return)
    assert form.when.hasFocus() and "says no moment" in form.said.text()
    form.when.clear()
    QTest.keyClicks(form.when, "17:30")
    assert form.said.text() == "due 17:30"
    press(pane, Qt.Key.Key_Return)
    QTest.keyClicks(form.why, "how the night went")
    press(pane, Qt.Key.Key_Return)
    (owed,) = live.scene.state.call_backs.values()
    assert (owed.reason, owed.owner, owed.due_at.hour) == ("how the night went", REYES, 21), "17:30 in Anytown, in UTC"
    assert not form.isVisible()


def test_given_an_imminent_threat_then_a_digit_two_sentences_and_two_keys_tell_it(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_M, CTRL | SHIFT)
    press(pane, Qt.Key.Key_1)
    form = pane.actions_below.threat
    QTest.keyClicks(form.text, "he has a rifle")
    press(pane, Qt.Key.Key_Return)
    press(pane, Qt.Key.Key_Return)
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [] and form.said.text().startswith("Write both"), "without its basis nothing leaves"
    QTest.keyClicks(form.basis, "names a neighbor and tonight")
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [] and form.tell.text() == "Again: tell Police"
    press(pane, Qt.Key.Key_Return)
    (told,) = live.scene.call().disclosures
    assert (told.to, told.text, told.basis) == ("POLICE", "he has a rifle", "names a neighbor and tonight")
    assert not form.isVisible()


def test_given_the_threat_form_when_escape_is_pressed_then_nothing_is_told(pane: CarePane, live: Live) -> None:
    for times in (1, 2):
        press(pane, Qt.Key.Key_M, CTRL | SHIFT)
        if times == 2:
            press(pane, Qt.Key.Key_1)
        press(pane, Qt.Key.Key_Escape)
        assert not pane.actions_below.threat.isVisible()
    assert live.sent == []


def test_given_reasons_are_open_when_another_call_is_chosen_then_they_close(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F9)
    live.context.selection.choose_call(TWO)
    assert not pane.actions_below.choices.is_open
    assert live.sent == []
