"""The call pane, worked by keys: one key acts, a second confirms what cannot be taken back, refusals stand beside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import CallId, EntryId, UnitId
from console.domain.state import Position, UnitStatus
from console.ui.call.view import CallPane
from tests.support.agency import AGENCY, PROTOCOL, WEAPON
from tests.support.scenes import CALL, LIN, REYES, T1, T2, accepted, floor, offer, receive, status
from tests.ui.live import Live
from tests.ui.told_history import Told

OTHER = CallId("other")


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive(callback="555"), receive(OTHER, nature="TRESPASS", callback="555")))
    made.store.take_positions(
        [Position(T1, 36.02, -78.9, made.now, made.now), Position(T2, 36.01, -78.9, made.now, made.now)]
    )
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CallPane:
    made = CallPane(live.context)
    qtbot.addWidget(made)
    made.resize(620, 900)  # wide enough for all its words in whatever style an earlier test left
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.ask()
    return made


def key(pane: CallPane, which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key on whatever has the keyboard, as a person does."""
    QTest.keyClick(QApplication.focusWidget() or pane, which, modifier)


def asks(pane: CallPane) -> bool:
    return pane.responding.panel.isVisible()


def title(pane: CallPane) -> str:
    return pane.responding.panel._title.text()


def refused(pane: CallPane) -> str:
    return pane.responding.panel._refusal.text() if asks(pane) else pane.responding._refusal.text()


def test_given_a_call_then_the_heading_and_the_actions_say_all_that_matters(live: Live, pane: CallPane) -> None:
    assert (pane.heading.number.text(), pane.heading.nature.text()) == ("0001", "Crisis")
    assert pane.heading.programmes.accessibleName() == "PHONE, TEAM"
    assert pane.heading.aside.text() == "P2 · 0:02"
    assert pane.tabs[2].text() == "History · 1"
    assert pane.responding.hand_off.text().startswith("Hand off to Reyes · ready ")
    assert pane.responding.hand_off.property("role") == "primary"
    assert pane.responding.hand_off.property("programme") == "violet"
    assert pane.responding.dispatch.text() == "Dispatch T2 · about 3 min, straight line · weapon not asked yet"
    assert pane.responding.other.text() == "Police · EMS"


def test_given_a_tick_then_the_clock_runs(live: Live, pane: CallPane) -> None:
    live.later(seconds=122)
    assert pane.heading.aside.text() == "P2 · 2:04"
    live.later(minutes=10)
    assert pane.heading.aside.text() == "▲ P2 · 12:04"
    assert pane.heading.aside.property("role") == "alarm"


def test_given_f7_then_the_caller_is_offered_and_f9_twice_takes_it_back(live: Live, pane: CallPane) -> None:
    key(pane, Qt.Key.Key_F7)
    assert isinstance(live.sent[-1], c.OfferHandOff)
    assert live.sent[-1].to_user == REYES
    assert pane.responding.hand_off.text() == "Offered to Reyes"
    assert not pane.responding.hand_off.isEnabled()
    key(pane, Qt.Key.Key_F9)
    assert len(live.sent) == 1
    assert pane.responding.withdraw.text() == "Press again to take the offer back"
    key(pane, Qt.Key.Key_F9)
    assert isinstance(live.sent[-1], c.WithdrawHandOff)
    assert pane.responding.hand_off.text().startswith("Hand off to ")
    assert not pane.responding.withdraw.isVisible()


def test_given_f6_then_the_first_recommended_unit_is_sent(live: Live, pane: CallPane) -> None:
    key(pane, Qt.Key.Key_F6)
    assert live.sent == [c.DispatchUnit(T2, CALL)]
    assert pane.responding._engaged.text() == "T2 assigned 1 s"
    assert pane.responding.dispatch.text().startswith("Send also T1 · about 5 min, straight line")


def test_given_a_unit_on_the_call_then_f6_sends_another_at_its_second_press(live: Live, pane: CallPane) -> None:
    key(pane, Qt.Key.Key_F6)
    key(pane, Qt.Key.Key_F6)  # a key that bounced
    assert live.sent == [c.DispatchUnit(T2, CALL)]
    assert pane.responding.dispatch.text() == "Again: send also T1"
    key(pane, Qt.Key.Key_F6)
    assert live.sent[1:] == [c.DispatchUnit(T1, CALL)]


def test_given_the_button_was_pressed_with_the_keyboard_on_it_when_it_dies_then_no_other_button_gets_the_keyboard(
    live: Live, pane: CallPane
) -> None:
    pane.responding.hand_off.setFocus()
    key(pane, Qt.Key.Key_Space)
    assert isinstance(live.sent[-1], c.OfferHandOff)
    key(pane, Qt.Key.Key_Space)
    assert len(live.sent) == 1


def test_given_an_order_on_its_way_then_the_button_says_so_and_more_presses_send_nothing(live: Live, pane: CallPane) -> None:
    live.hold_answers()
    key(pane, Qt.Key.Key_F6)
    said = pane.responding.dispatch.text()  # how much of it fits is the font's
    assert said.startswith("Sending… Dispatch T2") and said.endswith("weapon not asked yet")
    key(pane, Qt.Key.Key_F6)
    key(pane, Qt.Key.Key_F7)
    assert len(live.sent) == 1
    live.answer()
    assert pane.responding.dispatch.text().startswith("Send also T1")


def test_given_a_refusal_then_its_sentence_stands_at_the_actions_until_the_next_try(live: Live, pane: CallPane) -> None:
    live.refuse = c.Rejected("unit-busy", "T2 is En route on call 0009.")
    key(pane, Qt.Key.Key_F6)
    assert refused(pane) == "T2 is En route on call 0009."
    live.refuse = None
    key(pane, Qt.Key.Key_F6)
    assert refused(pane) == ""


def test_given_a_refusal_for_a_call_that_was_left_meanwhile_then_a_notice_says_which(live: Live, pane: CallPane) -> None:
    live.hold_answers()
    key(pane, Qt.Key.Key_F6)
    live.context.selection.choose_call(OTHER)
    live.refuse = c.Rejected("unit-busy", "T2 is En route on call 0009.")
    live.answer()
    assert [notice.words for notice in live.context.notices.standing] == ["Call 0001: T2 is En route on call 0009."]
    assert refused(pane) == ""


def test_given_the_list_of_units_then_arrows_choose_and_enter_sends_and_the_passed_over_say_why(
    live: Live, pane: CallPane
) -> None:
    live.tell(c.SetUnitStatus(T1, UnitStatus.OUT_OF_SERVICE))
    pane.responding.ask_unit()
    found = {option.value: option for option in pane.responding.panel.options}
    assert [option.value for option in pane.responding.panel.options] == ["T2", "A1", "T1"]
    assert found["T1"].why_not == "out of service"
    assert found["T2"].detail.splitlines()[-1].startswith("not known: weapon")
    key(pane, Qt.Key.Key_Down)
    key(pane, Qt.Key.Key_Return)
    assert title(pane) == "A1 instead of T2: why?"
    QTest.keyClicks(pane.responding.panel.list, "1")
    QTest.keyClicks(pane.responding.panel.note, "an officer is wanted")
    key(pane, Qt.Key.Key_Return)
    assert live.sent == [c.DispatchUnit(UnitId("A1"), CALL, "", T2, "an officer is wanted")]
    assert not asks(pane)
    assert pane.triage.hasFocus()


def test_given_a_nature_off_a_units_list_then_it_goes_only_with_a_reason(live: Live, pane: CallPane) -> None:
    live.context.selection.choose_call(OTHER)
    pane.responding.ask_unit()
    armed = next(option for option in pane.responding.panel.options if option.value == "A1")
    assert armed.needs_note
    key(pane, Qt.Key.Key_End)
    key(pane, Qt.Key.Key_Return)
    assert live.sent == []
    assert refused(pane) == "“A1” wants a few words."
    assert pane.responding.panel.note.hasFocus()
    why = "asked for by the sergeant"
    QTest.keyClicks(pane.responding.panel.note, why)
    key(pane, Qt.Key.Key_Return)
    assert live.sent == [c.DispatchUnit(UnitId("A1"), OTHER, why, T2, why)]


def test_given_another_ready_clinician_then_the_list_offers_the_caller_to_them(live: Live, pane: CallPane) -> None:
    assert pane.responding.more_clinicians.isVisible()
    pane.responding.ask_clinician()
    key(pane, Qt.Key.Key_Down)
    key(pane, Qt.Key.Key_Return)
    assert isinstance(live.sent[-1], c.OfferHandOff)
    assert live.sent[-1].to_user == LIN


def test_given_f8_then_another_service_takes_two_keys_and_may_say_why(live: Live, pane: CallPane) -> None:
    key(pane, Qt.Key.Key_F8)
    assert asks(pane)
    key(pane, Qt.Key.Key_1)
    assert live.sent == []
    assert pane.responding.panel._keys.text() == "Enter or 1 again: ask, Police · Escape leaves"
    key(pane, Qt.Key.Key_1)
    assert live.sent == [c.OrderOtherService(CALL, "POLICE", "")]
    assert not asks(pane)
    key(pane, Qt.Key.Key_F8)
    key(pane, Qt.Key.Key_1)
    assert refused(pane) == "asked 1 s ago"
    key(pane, Qt.Key.Key_Escape)
    assert not asks(pane)
    assert pane.triage.hasFocus()


def test_given_a_service_is_proposed_with_another_when_f8_and_enter_are_pressed_then_both_are_asked(
    live: Live, pane: CallPane
) -> None:
    together = replace(PROTOCOL.proposals[0], propose="EMS", along=("POLICE",))
    protocol = replace(PROTOCOL, proposals=(together, *PROTOCOL.proposals[1:]))
    live.tell(c.ConfigureAgency(replace(AGENCY, protocols=(protocol,))), c.SetFact(CALL, WEAPON, "near", "heard it"))
    assert pane.responding.other.text().startswith("Ask ")
    key(pane, Qt.Key.Key_F8)
    option = pane.responding.panel.option
    assert option is not None and option.value == "EMS POLICE"
    key(pane, Qt.Key.Key_Return)
    assert live.sent == [c.OrderOtherService(CALL, "EMS", ""), c.OrderOtherService(CALL, "POLICE", "")]
    assert not asks(pane)


def test_given_f4_on_an_eligible_call_nobody_served_then_it_closes_by_two_keys_with_why_it_was_missed(
    live: Live, pane: CallPane
) -> None:
    key(pane, Qt.Key.Key_F4)
    assert title(pane) == "Call 0001 was eligible and nobody served it: say why it was missed."
    assert [option.words for option in pane.responding.panel.options] == ["No unit free", "Judgement", "Excluded"]
    key(pane, Qt.Key.Key_1)
    assert live.sent == []
    key(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, missed="all_busy")]
    assert not asks(pane)
    assert pane.heading.aside.text().startswith("closed ")
    assert pane.responding._engaged.text() == "Closed by Okafor: missed, no unit free"
    assert not pane.responding.hand_off.isVisible()
    assert not pane.responding.close_call.isVisible()


def test_given_a_reason_that_wants_words_then_enter_asks_for_them_and_they_survive_looking_away(
    live: Live, pane: CallPane
) -> None:
    key(pane, Qt.Key.Key_F4)
    key(pane, Qt.Key.Key_2)
    key(pane, Qt.Key.Key_Return)
    assert live.sent == []
    QTest.keyClicks(pane.responding.panel.note, "family")
    live.context.selection.choose_call(OTHER)
    assert not asks(pane)
    live.context.selection.choose_call(CALL)
    key(pane, Qt.Key.Key_F4)
    assert pane.responding.panel.note.text() == "family"
    key(pane, Qt.Key.Key_2)
    key(pane, Qt.Key.Key_Return)
    assert live.sent == [c.CloseCall(CALL, missed="judgement", note="family")]
    assert live.context.drafts.text("okafor", CALL, "close note") == ""


def test_given_a_list_left_with_a_choice_when_asked_again_then_nothing_is_chosen_and_one_key_closes_nothing(
    live: Live, pane: CallPane
) -> None:
    key(pane, Qt.Key.Key_F4)
    key(pane, Qt.Key.Key_1)
    key(pane, Qt.Key.Key_Escape)
    live.context.selection.choose_call(OTHER)
    key(pane, Qt.Key.Key_F4)
    assert pane.responding.panel.option is None
    key(pane, Qt.Key.Key_Return)
    assert refused(pane) == "Choose one first: by its key, or with the arrows."
    key(pane, Qt.Key.Key_1)
    assert live.sent == []


def test_given_a_unit_still_on_the_call_then_the_closing_says_what_stands_in_the_way(live: Live, pane: CallPane) -> None:
    live.tell(c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    key(pane, Qt.Key.Key_F4)
    assert title(pane) == "Somebody served this call: say how it ended."
    assert pane.responding.panel._why_not.text() == "T1 is still on call 0001. Clear or recall it first."
    key(pane, Qt.Key.Key_1)
    key(pane, Qt.Key.Key_1)
    assert refused(pane) == "T1 is still on call 0001. Clear or recall it first."
    live.tell(*status(T1, UnitStatus.CLEAR))
    assert not pane.responding.panel._why_not.isVisible()
    key(pane, Qt.Key.Key_Return)
    assert live.sent[-1] == c.CloseCall(CALL, outcome="resolved")
    assert live.scene.call().closing is not None


def test_given_a_clinician_leaves_then_the_proposal_follows_in_a_moment(qtbot: QtBot, live: Live, pane: CallPane) -> None:
    with qtbot.waitSignal(pane.responding._soon.timeout):
        live.tell(c.SignOff(REYES), by=REYES)
    assert pane.responding.hand_off.text().startswith("Hand off to Lin")


def test_given_alt_3_then_the_questions_have_the_keyboard_from_any_tab(live: Live, pane: CallPane) -> None:
    pane.show_tab(2)
    key(pane, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert pane.triage.hasFocus()
    key(pane, Qt.Key.Key_1)
    assert [a.answer for a in live.scene.call().answers] == ["1"]


def test_given_the_questions_had_the_keyboard_when_a_tab_is_shown_then_no_field_gets_it(live: Live, pane: CallPane) -> None:
    pane.show_tab(1)
    key(pane, Qt.Key.Key_1)
    assert pane.tabs[1].hasFocus()
    assert pane.narrative.fields.nature.line.text() == "Crisis"
    assert live.sent == []


def test_given_a_contact_in_the_history_then_enter_chooses_that_call(live: Live, pane: CallPane) -> None:
    pane.show_tab(2)
    pane.history.list.setFocus()
    pane.history.list.setCurrentIndex(pane.history.contacts.index(0, 0))
    key(pane, Qt.Key.Key_Return)
    assert live.context.selection.call_id == OTHER
    assert pane.heading.nature.text() == "Trespass"
    assert "received by Okafor" in pane.history.times.toPlainText()
    assert "24 hours" in pane.history._reach.text()


def test_given_a_call_of_many_times_when_its_history_is_first_shown_then_all_of_them_are_to_be_seen(
    live: Live, pane: CallPane
) -> None:
    through = (UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE)
    live.tell(c.DispatchUnit(T1, CALL), *status(T1, *through), c.CloseCall(CALL, outcome="resolved"))
    pane.show_tab(2)
    QApplication.sendPostedEvents()
    times = pane.history.times
    assert times.toPlainText().count("T1") >= len(through)
    assert times.verticalScrollBar().maximum() == 0
    assert times.document().size().height() < times.height() <= pane.history.height() // 2


def test_given_no_call_then_the_pane_says_how_to_choose_one_and_keys_do_nothing(live: Live, pane: CallPane) -> None:
    live.context.selection.choose_call(None)
    assert pane._empty.text().startswith("No call is chosen. Alt 1 goes to the calls")
    for which in (Qt.Key.Key_F4, Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8):
        QTest.keyClick(pane, which)
    assert live.sent == []


def test_given_the_call_is_filed_then_the_pane_says_where_it_is(live: Live, pane: CallPane) -> None:
    live.tell(c.CloseCall(CALL, missed="all_busy"), c.FileClosedCalls(live.now + timedelta(days=1)))
    assert pane._empty.text() == "This call has left the live board; the history keeps it."


def test_given_an_offer_that_rings_then_the_strip_counts_with_the_tick(live: Live, pane: CallPane) -> None:
    live.tell(offer())
    live.later(seconds=11)
    assert pane.strip.isVisible()
    assert pane.strip.holder.text() == "You have the caller while it rings."
    assert pane.strip.clock.text() == "rings 0:12 of 0:30"


def test_given_the_pane_then_everything_that_takes_the_keyboard_has_a_name(live: Live, pane: CallPane) -> None:
    for place in range(3):
        pane.show_tab(place)
        takes = [
            widget
            for widget in pane.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not isinstance(widget, QLabel)
        ]
        nameless = [widget for widget in takes if not (widget.accessibleName() or getattr(widget, "text", str)())]
        assert not nameless
        assert takes


def test_given_a_narrow_pane_then_it_does_not_force_the_desk_wider(live: Live, pane: CallPane) -> None:
    assert pane.minimumSizeHint().width() <= 366
    pane.show_tab(1)
    assert pane.minimumSizeHint().width() <= 366


def test_given_a_narrow_pane_then_an_action_says_less_and_tells_the_rest_on_hovering(
    qtbot: QtBot, live: Live, pane: CallPane
) -> None:
    Told(live)  # a center without streets: nothing is to be said of how the minutes were made
    live.later(seconds=5)
    button, yet = pane.responding.dispatch, " · weapon not asked yet"
    whole = f"Dispatch T2 · about 3 min, straight line{yet}"
    qtbot.waitUntil(lambda: button.text() == whole)
    assert button.toolTip() == ""
    pane.resize(pane.minimumSizeHint().width(), 900)
    less = (f"Dispatch T2 · about 3 min{yet}", f"Dispatch T2{yet}", "Dispatch T2 · weapon?", "Send T2 · weapon?")
    qtbot.waitUntil(lambda: button.text() in less)
    assert button.toolTip() == button.accessibleDescription() == whole
    assert button.minimumSizeHint().width() <= button.width()


def test_given_a_level_that_a_clinician_told_then_the_tab_of_the_narrative_is_marked_until_it_was_looked_at(
    pane: CallPane, live: Live
) -> None:
    accepted(live.scene)
    live.tell(c.ReleaseSummary(CALL, EntryId("s1"), "Sample screener asked: high."), by=REYES)
    assert pane.tabs[1].text() == "● Narrative"
    live.context.selection.choose_call(OTHER)
    assert pane.tabs[1].text() == "Narrative"
    live.context.selection.choose_call(CALL)
    assert pane.tabs[1].text() == "● Narrative"
    pane.show_tab(1)
    pane.show_tab(0)
    assert pane.tabs[1].text() == "Narrative"
