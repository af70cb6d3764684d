"""A whole hand-off at dispatch, worked by keys: offer, ticks, release, taking back, asks, threats, take-over, messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.asks import AskOutcome
from console.domain.hand_off import HandOffState
from console.domain.ids import AskId, CallBackId, CallId, EntryId, HandOffId
from console.domain.state import Position, PresenceStatus
from console.ui.call.view import CallPane
from console.ui.call.words import times
from console.wire.messages import Typing
from tests.support.agency import AGENCY, PHONE, TEAM
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, T2, accepted, floor, offer, receive, released, taken
from tests.ui.live import Live, on_screen

OTHER = CallId("other")
H1 = HandOffId("h1")
F6, F7, F8, F9 = Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8, Qt.Key.Key_F9
NONE, SHIFT, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive(callback="919 555 0142"), receive(OTHER, callback="919 555 0143")))
    made.store.take_positions(
        [Position(T1, 36.02, -78.9, made.now, made.now), Position(T2, 36.01, -78.9, made.now, made.now)]
    )
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CallPane:
    return on_screen(qtbot, CallPane(live.context), 520, 900)


def press(pane: CallPane, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)


def in_care(live: Live) -> None:
    taken(live.scene)
    live.show()


def asked(live: Live, code: str, reason: str = "", ask: str = "a1", call_id: CallId = CALL) -> None:
    live.tell(c.AskForResponse(call_id, AskId(ask), code, reason), by=REYES)


# ------------------------------------------------------------------------------------------------- to the release


def test_given_keys_only_then_a_hand_off_goes_from_the_offer_to_the_release(live: Live, pane: CallPane) -> None:
    press(pane, F7)
    hand_off = live.scene.call().hand_off
    assert hand_off is not None and hand_off.to_user == REYES and pane.strip.isVisible()
    assert pane.responding.hand_off.text() == "Offered to Reyes" and not pane.responding.hand_off.isEnabled()
    press(pane, F6, SHIFT)
    assert pane.strip.told.text().startswith("✓ Caller told ")
    live.tell(c.AcceptHandOff(CALL, hand_off.hand_off_id), by=REYES)
    assert pane.responding.hand_off.toolTip() == "Release to Reyes · once both hear each other"
    assert pane.responding.hand_off.property("role") == "action"
    press(pane, F7)
    assert pane.responding._refusal.text() == "Call 0001 is released once both hear each other."
    press(pane, F7, SHIFT)
    assert pane.responding.hand_off.text() == "Release to Reyes"
    assert pane.responding.hand_off.property("role") == "primary"
    press(pane, F7)
    assert live.scene.call().in_care_of == REYES
    assert pane.strip.holder.text() == "Reyes has the caller."
    assert pane.strip.told.isHidden() and pane.strip.lost.isHidden(), "the line is theirs now"


def test_given_an_accepted_caller_when_f9_is_pressed_twice_then_they_are_taken_back(live: Live, pane: CallPane) -> None:
    accepted(live.scene)
    live.show()
    assert pane.responding.withdraw.text() == "Take the caller back"
    press(pane, F9)
    press(pane, F9)
    assert live.scene.call().hand_offs[-1].state is HandOffState.WITHDRAWN
    assert not pane.strip.isVisible()


def test_given_somebody_elses_hand_off_then_it_can_be_read_and_nothing_of_it_done(live: Live, pane: CallPane) -> None:
    live.tell(offer())
    live.me = LIN
    live.store.take_me(replace(live.store.me, user_id=LIN))  # type: ignore[type-var]
    live.tell(c.AcceptHandOff(CALL, H1), by=REYES)
    assert pane.responding.hand_off.text() == "Reyes has accepted" and not pane.responding.hand_off.isEnabled()
    assert pane.responding.withdraw.isHidden()
    press(pane, F6, SHIFT)
    press(pane, F7, SHIFT)
    assert live.sent == [] and pane.strip.told.isHidden()


def test_given_a_caller_who_is_gone_then_the_key_asks_once_more_and_a_call_back_is_due(live: Live, pane: CallPane) -> None:
    live.tell(offer())
    press(pane, F9, SHIFT)
    assert live.sent == [] and pane.strip.lost.text() == "Press again: the caller is gone"
    press(pane, F9, SHIFT)
    assert live.scene.call().hand_offs[-1].state is HandOffState.CALLER_LOST
    assert [back.number for back in live.scene.state.call_backs.values()] == ["0001"]


def test_given_a_lost_caller_when_the_call_back_key_says_that_they_were_reached_then_they_can_be_handed_off_again(
    live: Live, pane: CallPane
) -> None:
    live.tell(offer(), c.LoseCaller(CALL, CallBackId("b")))
    assert pane.strip.holder.text() == "◆ The caller was lost at 14:30. Call back: 919 555 0142, due now."
    assert pane.strip.lost.isHidden() and not pane.responding.hand_off.isEnabled()
    press(pane, F7)
    press(pane, Qt.Key.Key_P, CTRL | SHIFT)
    assert pane.responding.panel._title.text() == "What came of calling back 919 555 0142?"
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.TryCallBack(CallBackId("b"), True)]
    assert pane.strip.holder.text() == "You have the caller again."
    assert pane.responding.hand_off.isEnabled() and pane.responding.hand_off.text().startswith("Hand off to ")


def test_given_another_reached_the_lost_caller_then_the_keys_follow(live: Live, pane: CallPane, qtbot: QtBot) -> None:
    live.tell(offer(), c.LoseCaller(CALL, CallBackId("b")))
    live.tell(c.TryCallBack(CallBackId("b"), True), by=REYES)
    qtbot.waitUntil(pane.responding.hand_off.isEnabled)
    assert pane.strip.holder.text() == "You have the caller again."


def test_given_a_refused_tick_then_its_sentence_stands_in_the_strip(live: Live, pane: CallPane) -> None:
    live.tell(offer())
    live.refuse = c.Rejected("hand-off-over", "The offer of call 0001 is over: declined.")
    press(pane, F6, SHIFT)
    assert pane.strip.said.text() == "The offer of call 0001 is over: declined."
    live.context.selection.choose_call(OTHER)
    assert pane.strip.said.isHidden()


# ------------------------------------------------------------------------------------------------- whom, and the queue


def test_given_ctrl_f7_then_who_is_rung_can_be_chosen_with_what_is_asked_and_promised(live: Live, pane: CallPane) -> None:
    press(pane, F7, CTRL)
    panel = pane.responding.panel
    assert [(o.words, bool(o.why_not)) for o in panel.options] == [("Reyes", False), ("Lin", False)]
    assert panel.note.hasFocus() and panel.promised.isVisible()
    QTest.keyClicks(panel.note, "stay until her sister comes")
    press(pane, Qt.Key.Key_Down)
    panel.promised.setFocus()
    QTest.keyClicks(panel.promised, "somebody stays on the line")
    press(pane, Qt.Key.Key_Return)
    offered = live.sent[-1]
    assert isinstance(offered, c.OfferHandOff)
    assert (offered.to_user, offered.asks) == (LIN, "stay until her sister comes")
    assert offered.promised == "somebody stays on the line"
    assert not panel.is_open
    assert live.context.drafts.text(OKAFOR, CALL, "hand_off note") == ""


def test_given_half_typed_words_when_the_list_is_left_and_opened_again_then_they_stand_there(
    live: Live, pane: CallPane
) -> None:
    press(pane, F7, CTRL)
    QTest.keyClicks(pane.responding.panel.note, "stay un")
    press(pane, Qt.Key.Key_Escape)
    assert live.sent == []
    press(pane, F7, CTRL)
    assert pane.responding.panel.note.text() == "stay un"


def test_given_who_declined_and_who_is_away_then_the_list_says_why_and_only_the_first_can_be_rung_again(
    live: Live, pane: CallPane
) -> None:
    live.tell(offer())
    live.tell(c.DeclineHandOff(CALL, H1, "with another neighbor"), c.SetPresence(PresenceStatus.AWAY, "lunch"), by=REYES)
    live.tell(c.SetPresence(PresenceStatus.READY), by=REYES)
    live.tell(c.SetPresence(PresenceStatus.AWAY, "lunch"), by=LIN)
    press(pane, F7, CTRL)
    said = {option.words: (option.detail, option.why_not) for option in pane.responding.panel.options}
    assert said["Reyes"] == ("Reyes declined: with another neighbor.", "")
    assert said["Lin"] == ("", "Lin is away for lunch, not ready.")
    assert said["Wait for Phone"] == ("rung as soon as somebody is ready", "")


def test_given_nobody_ready_then_f7_queues_and_f9_leaves_the_queue(live: Live, pane: CallPane) -> None:
    live.tell(c.SetPresence(PresenceStatus.AWAY), by=REYES)
    live.tell(c.SetPresence(PresenceStatus.WRAP_UP), by=LIN)
    live.tick()
    assert pane.responding.hand_off.text() == "Queue for Phone · Reyes away, Lin in wrap-up"
    press(pane, F7)
    assert live.sent == [c.QueueForClinician(CALL, PHONE)]
    assert pane.strip.clock.text().startswith("waits 0:0")
    assert not pane.responding.hand_off.isEnabled()
    assert pane.responding.withdraw.text() == "Leave the queue"
    press(pane, F9)
    press(pane, F9)
    assert live.scene.call().seeking is None and not pane.strip.isVisible()


def test_given_a_duty_that_ends_soon_then_it_is_said_with_who_can_go_instead(live: Live, pane: CallPane) -> None:
    assert pane.responding.warning.isHidden()
    phone = AGENCY.programmes[0]
    closes = (live.now - timedelta(hours=4) + timedelta(minutes=3)).time().replace(second=0, microsecond=0)
    hours = tuple(replace(hours, closes=closes) for hours in phone.hours)
    agency = replace(AGENCY, programmes=(replace(phone, hours=hours), *AGENCY.programmes[1:]))
    live.tell(c.ConfigureAgency(agency))
    assert pane.responding.warning.text() == "◆ PHONE on duty until 14:33, 2 min; TEAM can go instead"


# ------------------------------------------------------------------------------------------------- what is asked


def test_given_a_clinician_asks_for_a_team_then_enter_sends_the_recommended_unit_and_that_answers(
    live: Live, pane: CallPane
) -> None:
    in_care(live)
    asked(live, TEAM, "he wants company")
    row = pane.asked.rows[0]
    assert row.isVisible() and row.words.text() == "0001 Reyes asks for Team: he wants company"
    press(pane, F6, CTRL)
    panel = pane.responding.panel
    assert panel.option is not None and panel.option.words.startswith("Send T2 · ")
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.DispatchUnit(T2, CALL)]
    assert queries.unmet(live.scene.call()) == []
    assert not pane.asked.isVisible() and not panel.is_open


def test_given_a_clinician_asks_for_a_service_then_its_reason_goes_along(live: Live, pane: CallPane) -> None:
    in_care(live)
    asked(live, "EMS", "took pills")
    press(pane, F6, CTRL)
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.OrderOtherService(CALL, "EMS", "took pills")]
    assert not pane.asked.isVisible()


def test_given_an_ask_that_cannot_be_met_then_it_is_declined_with_a_reason(live: Live, pane: CallPane) -> None:
    in_care(live)
    asked(live, "EMS")
    press(pane, F6, CTRL)
    panel = pane.responding.panel
    press(pane, Qt.Key.Key_Down)
    assert panel.option is not None and panel.option.words == "Not EMS"
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [], "a refusal wants its reason"
    QTest.keyClicks(panel.note, "no ambulance for 20 minutes")
    press(pane, Qt.Key.Key_Return)
    answer = live.scene.call().asks[0].answer
    assert answer is not None and (answer.outcome, answer.reason) == (AskOutcome.DECLINED, "no ambulance for 20 minutes")


def test_given_an_ask_on_another_call_then_the_key_goes_there_first(live: Live, pane: CallPane) -> None:
    taken(live.scene, call_id=OTHER)
    live.show()
    asked(live, "EMS", call_id=OTHER)
    assert pane.asked.isVisible(), "also while another call is chosen"
    press(pane, F6, CTRL)
    assert live.context.selection.call_id == OTHER
    assert pane.responding.panel._title.text() == "0002: EMS is asked for. What goes?"


def test_given_nothing_asked_then_the_key_says_so(live: Live, pane: CallPane) -> None:
    press(pane, F6, CTRL)
    press(pane, F8, CTRL)
    said = [notice.words for notice in live.context.notices.standing]
    assert said == [
        "No clinician asks for anything that waits for an answer.",
        "No threat waits to be passed on.",
    ]
    assert live.sent == []


def test_given_a_disclosed_threat_then_it_stands_on_top_until_it_is_passed_on(live: Live, pane: CallPane) -> None:
    in_care(live)
    asked(live, "EMS")
    threat = c.DiscloseThreat(CALL, "d1", "POLICE", "he will burn the house tonight", "names his victims, has fuel")
    live.tell(threat, by=REYES)
    first, second = pane.asked.rows
    assert first.words.text().startswith("0001 imminent threat, Police must know: he will burn the house tonight")
    assert "because: names his victims, has fuel" in first.words.text()
    assert first.property("tone") == "alarm" and second.words.text() == "0001 Reyes asks for EMS"
    press(pane, F8, CTRL)
    assert live.sent == [c.AcknowledgeDisclosure(CALL, "d1")]
    assert pane.asked.rows[0].words.text() == "0001 Reyes asks for EMS"
    happened = [line.words for line in times(live.scene.state, live.scene.call(), live.now)]
    assert "passed on to Police by Okafor" in happened and "Reyes asked dispatch for EMS" in happened


def test_given_three_that_wait_then_two_are_shown_and_the_rest_is_counted(live: Live, pane: CallPane) -> None:
    in_care(live)
    for place, code in enumerate(("EMS", "POLICE", TEAM)):
        asked(live, code, ask=f"a{place}")
    assert [row.isVisible() for row in pane.asked.rows] == [True, True]
    assert pane.asked.more.text() == "and 1 more"


# ------------------------------------------------------------------------------------------------- take-over, call back


def test_given_a_lost_desk_then_its_caller_is_taken_over_with_the_reason_filled_in(live: Live, pane: CallPane) -> None:
    in_care(live)
    live.tell(c.LoseDesk(REYES, live.scene.state.people[REYES].desk_id))
    press(pane, Qt.Key.Key_Y, CTRL | SHIFT)
    panel = pane.responding.panel
    assert panel._title.text() == "Have the caller of 0001 in place of Reyes?"
    assert panel.note.text() == "Nothing is heard of the desk of Reyes"
    press(pane, Qt.Key.Key_Return)
    assert live.scene.call().take_overs[-1].reason == "Nothing is heard of the desk of Reyes"
    assert pane.strip.holder.text().startswith("You have the caller, taken over from Reyes")


def test_given_a_clinician_at_work_then_only_a_supervisor_takes_over_and_that_is_said(live: Live, pane: CallPane) -> None:
    in_care(live)
    press(pane, Qt.Key.Key_Y, CTRL | SHIFT)
    assert "A supervisor may take them over" in pane.responding.panel._why_not.text()
    press(pane, Qt.Key.Key_Return)
    assert live.sent == []


def test_given_ctrl_shift_p_then_a_call_back_is_planned_with_its_reason(live: Live, pane: CallPane) -> None:
    press(pane, Qt.Key.Key_P, CTRL | SHIFT)
    panel = pane.responding.panel
    assert panel._title.text() == "When is 919 555 0142 called back?"
    press(pane, Qt.Key.Key_Down)
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [] and panel.note.hasFocus(), "it wants its reason"
    QTest.keyClicks(panel.note, "wants to hear of his sister")
    press(pane, Qt.Key.Key_Return)
    (planned,) = live.scene.state.call_backs.values()
    assert planned.reason == "wants to hear of his sister"
    assert timedelta(minutes=9) < planned.due_at - live.now <= timedelta(minutes=10)


# ------------------------------------------------------------------------------------------------- words to each other


def test_given_ctrl_m_then_a_message_is_written_and_read_in_the_call(live: Live, pane: CallPane) -> None:
    in_care(live)
    assert pane.tabs[3].text() == "Messages"
    live.tell(c.SendMessage(CALL, EntryId("m1"), "Can you keep T2 near?"), by=REYES)
    assert pane.tabs[3].text() == "● Messages · 1", "somebody wrote, and nobody looked"
    press(pane, Qt.Key.Key_M, CTRL)
    assert pane.messages.line.hasFocus()
    QTest.keyClicks(pane.messages.line, "It stands on Main St.")
    press(pane, Qt.Key.Key_Return)
    assert [entry.text for entry in live.scene.call().messages] == ["Can you keep T2 near?", "It stands on Main St."]
    words = pane.messages.text.toPlainText()
    assert "Reyes Can you keep T2 near?" in words and "you It stands on Main St." in words
    assert pane.messages.line.text() == "" and pane.tabs[3].text() == "Messages · 2"


def test_given_a_refused_message_then_its_words_come_back_to_the_line(live: Live, pane: CallPane) -> None:
    live.refuse = c.Rejected("text-too-long", "The message is too long.")
    press(pane, Qt.Key.Key_M, CTRL)
    QTest.keyClicks(pane.messages.line, "hello")
    press(pane, Qt.Key.Key_Return)
    assert (pane.messages.line.text(), pane.messages.said.text()) == ("hello", "The message is too long.")


def test_given_half_a_message_when_another_call_is_looked_at_then_each_keeps_its_own(live: Live, pane: CallPane) -> None:
    press(pane, Qt.Key.Key_M, CTRL)
    QTest.keyClicks(pane.messages.line, "half a mess")
    live.context.selection.choose_call(OTHER)
    assert pane.messages.line.text() == ""
    live.context.selection.choose_call(CALL)
    assert pane.messages.line.text() == "half a mess"


def test_given_the_other_types_into_the_narrative_then_it_shows_as_it_happens(live: Live, pane: CallPane) -> None:
    pane.show_tab(1)
    assert pane.narrative.typed.isHidden()
    live.store.take_typing([Typing(CALL, REYES, "He says he", live.now)])
    assert pane.narrative.typed.text() == "Reyes is writing: He says he"
    live.store.take_typing([])
    assert pane.narrative.typed.isHidden()


def test_given_the_smallest_pane_then_the_strip_leaves_room_for_the_answers(qtbot: QtBot, live: Live) -> None:
    low = on_screen(qtbot, CallPane(live.context), 376, 600)
    accepted(live.scene)
    live.show()
    qtbot.waitUntil(lambda: 0 < low.strip.height() < 170)
    assert low.strip.holder.text() == "You have the caller."
    assert low.strip.verified.text() == "☐ Both hear" and low.strip.comes.isVisible()
    assert low.triage.height() > 100
    released(live.scene)
