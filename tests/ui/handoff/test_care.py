"""The call in care: what is known is told, what is not known is said, and each way out by its key."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.agency import Recode
from console.domain.asks import AskOutcome
from console.domain.commands import Rejected
from console.domain.conditions import Condition
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, EntryId, FactName, HandOffId, QuestionId
from console.domain.state import PresenceStatus, UnitStatus
from console.ui.handoff.care import CarePane
from console.ui.handoff.care_actions import CareActions
from console.ui.handoff.told import facts, whose
from console.wire.messages import Typing
from tests.support.agency import AGENCY, ARMED, BURGLARY, CRISIS, TEAM, WEAPON
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, accepted, floor, offer, receive, status, taken
from tests.ui.live import Live, on_screen

TWO = CallId("two")
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def live() -> Live:
    scene = floor().given(receive(text="says he cannot go on", callback="919 555 0142"), receive(TWO))
    scene.given(c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "4"))
    made = Live(taken(scene), me=REYES)
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CarePane:
    return on_screen(qtbot, CarePane(live.context), 1040, 900)


@pytest.fixture
def keys(pane: CarePane) -> CareActions:
    return pane.actions_below


def press(pane: CarePane, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)


def test_given_facts_then_not_known_and_not_asked_are_never_told_as_no(live: Live) -> None:
    told = {fact.name: (fact.value, fact.known) for fact in facts(live.scene.state, live.scene.call())}
    assert told == {"Weapon": ("not known", False), "Violence": ("not asked", False)}


def test_given_a_fact_by_the_clinicians_own_word_then_it_does_not_stand_as_the_word_of_dispatch(live: Live) -> None:
    live.tell(c.SetFact(CALL, FactName("violence"), "yes", "heard a blow"), by=REYES)
    told = {fact.name: (fact.value, fact.by) for fact in facts(live.scene.state, live.scene.call())}
    assert told == {"Weapon": ("not known", ""), "Violence": ("yes", "Reyes")}


def test_given_an_answer_that_rests_then_it_is_shown_as_told_and_never_as_not_asked(live: Live) -> None:
    call = live.scene.call()
    resting = replace(call, answers=tuple(replace(given, applies=False, sets={WEAPON: "none"}) for given in call.answers))
    told = {fact.name: (fact.value, fact.known) for fact in facts(live.scene.state, resting)}
    assert told["Weapon"] == ("none (told, rests)", True)


def test_given_a_turn_then_resolved_by_phone_is_not_the_button_to_take(keys: CareActions, live: Live) -> None:
    assert keys.resolve.property("role") == "primary"
    live.tell(c.SetFact(CALL, WEAPON, "near", "heard it"))
    assert keys.resolve.property("role") == "action"


def test_given_a_call_in_care_then_what_dispatch_knows_stands_there(pane: CarePane) -> None:
    assert pane.heading.number.text() == "0001" and pane.heading.nature.text() == "Crisis"
    assert pane.heading.aside.text() == "received 14:30 · handed off 14:30"
    assert "Okafor: says he cannot go on" in pane.along.words.text()
    assert "not known" in pane.along.words.text()
    assert pane.along.whose.isHidden(), "the strip says who has the caller"


def test_given_another_call_then_it_says_whose_it_is_and_nothing_can_be_done(pane: CarePane, live: Live) -> None:
    live.context.selection.choose_call(TWO)
    assert pane.along.whose.text() == "Not in your care: Okafor has the caller until dispatch hands it off."
    for key in (Qt.Key.Key_F4, Qt.Key.Key_F6, Qt.Key.Key_F9):
        press(pane, key)
    assert live.sent == []
    assert not pane.actions_below.resolve.isVisible() and not pane.actions_below.disclose.isVisible()


# ---------------------------------------------------------------------------------------------- before it is accepted


def test_given_an_offer_when_it_is_looked_at_then_all_that_goes_along_is_read_before_accepting(qtbot: QtBot) -> None:
    scene = floor().given(receive(text="cannot go on", callback="919 555 0142", language="es"))
    scene.given(c.DispatchUnit(T1, CALL, override="an officer is there"), *status(T1, UnitStatus.EN_ROUTE))
    scene.given(c.OrderOtherService(CALL, "EMS", "hurt"))
    scene.given(c.OfferHandOff(CALL, HandOffId("h1"), REYES, "stay with him", "somebody listens"))
    live = Live(scene, me=REYES)
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CarePane(live.context), 1040, 900)
    words = pane.along.words.text()
    for told in ("stay with him", "somebody listens", "cannot go on", "919 555 0142", "speaks Spanish", "100 Main St",
                 "T1 en route", "EMS asked 14:30", "Weapon:&nbsp;", "not asked"):  # fmt: skip
        assert told in words, told
    assert not pane.actions_below.isVisible(), "nothing can be done with it yet: its room is the page's"


def test_given_nothing_was_written_down_then_that_is_said_and_never_that_nothing_was_promised(qtbot: QtBot) -> None:
    live = Live(floor().given(receive(), offer()), me=REYES)
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CarePane(live.context), 1040, 900)
    assert pane.along.words.text().count("not written down") == 3, "what is asked, what was promised, and why now"


def test_given_an_accepted_caller_when_both_hear_each_other_then_the_key_ticks_and_f9_leaves_the_line(qtbot: QtBot) -> None:
    live = Live(accepted(floor().given(receive())), me=REYES)
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CarePane(live.context), 1040, 900)
    keys = pane.actions_below
    assert not keys.resolve.isEnabled() and "until they release them" in keys.resolve.toolTip()
    assert keys.back.text() == "Leave the line…"
    press(pane, Qt.Key.Key_F7, SHIFT)
    assert live.sent == [c.VerifyConnection(CALL, HandOffId("h1"))]
    press(pane, Qt.Key.Key_F9)
    press(pane, Qt.Key.Key_1)
    assert live.scene.call().hand_offs[-1].state is HandOffState.RETURNED


# ---------------------------------------------------------------------------------------------- closing


def test_given_one_outcome_by_phone_when_f4_is_pressed_twice_then_the_call_closes(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_F4)
    assert live.sent == [] and pane.actions_below.resolve.text() == "Again: close 0001"
    press(pane, Qt.Key.Key_F4)
    assert live.sent == [c.CloseCall(CALL, outcome="by_phone")]
    closing = live.scene.call().closing
    assert closing is not None and closing.outcome == "by_phone"
    assert live.scene.state.people[REYES].status is PresenceStatus.WRAP_UP
    assert pane.along.whose.text() == "Closed 14:30: Resolved by phone."
    assert pane.actions_below.plan.isVisible(), "they may still be called back"


def test_given_another_outcome_then_shift_f4_lists_them_with_their_code_and_a_digit_closes(
    pane: CarePane, live: Live
) -> None:
    press(pane, Qt.Key.Key_F4, SHIFT)
    assert [option.detail for option in pane.actions_below.choices.options] == ["APCO 18"]
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved")]


def test_given_a_unit_on_the_call_when_it_is_closed_then_the_refusal_stands_beside_the_keys(
    pane: CarePane, live: Live
) -> None:
    live.tell(c.DispatchUnit(T1, CALL, override="an officer is there"))
    press(pane, Qt.Key.Key_F4)
    press(pane, Qt.Key.Key_F4)
    assert "T1 is still on call 0001" in pane.said.text()


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


# ---------------------------------------------------------------------------------------------- the narrative


def test_given_words_when_enter_is_pressed_then_they_are_in_the_narrative_that_all_read(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert pane.field.field.hasFocus()
    assert "everybody on the floor" in pane.field.field.accessibleName()
    QTest.keyClicks(pane.field.field, "Sister arrives")
    QTest.keyClick(pane.field.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(pane.field.field, "at three")
    press(pane, Qt.Key.Key_Return)
    assert live.scene.call().narrative[-1].text == "Sister arrives\nat three"
    assert pane.field.field.toPlainText() == ""


def test_given_half_typed_words_when_calls_change_then_each_call_keeps_its_own(pane: CarePane, live: Live) -> None:
    pane.field.field.setFocus()
    QTest.keyClicks(pane.field.field, "half a sen")
    live.context.selection.choose_call(TWO)
    assert pane.field.field.toPlainText() == ""
    live.context.selection.choose_call(CALL)
    assert pane.field.field.toPlainText() == "half a sen"
    live.tell(c.AddNarrative(CALL, EntryId("e9"), "from dispatch"))
    assert pane.field.field.toPlainText() == "half a sen", "an arrival never replaces a field that is being edited"


def test_given_an_entry_is_refused_then_its_words_come_back(pane: CarePane, live: Live) -> None:
    live.refuse = Rejected("no", "Not now.")
    pane.field.field.setFocus()
    QTest.keyClicks(pane.field.field, "kept")
    press(pane, Qt.Key.Key_Return)
    assert pane.field.field.toPlainText().strip() == "kept" and pane.field.said.text() == "Not now."


def test_given_the_questions_then_they_go_on_for_the_clinician(pane: CarePane, live: Live) -> None:
    press(pane, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    press(pane, Qt.Key.Key_Backspace)
    press(pane, Qt.Key.Key_1)
    assert live.scene.call().facts["weapon"] == "none"  # type: ignore[index]


def test_given_somebody_types_elsewhere_then_their_unfinished_words_are_seen(pane: CarePane, live: Live) -> None:
    live.store.take_typing([Typing(CALL, OKAFOR, "his sister is on", live.now)])
    assert "Okafor writes: his sister is on" in pane.along.words.text()
    live.store.take_typing([])
    assert "writes" not in pane.along.words.text()


def test_given_a_low_window_then_narrative_and_messages_stand_beside_the_questions_and_keys_go_there(
    qtbot: QtBot, live: Live
) -> None:
    pane = on_screen(qtbot, CarePane(live.context), 694, 560)
    assert not pane.writing.isVisible() and pane.height() <= 560, "nothing pushes it higher"
    press(pane, Qt.Key.Key_N, CTRL)
    assert pane.field.field.hasFocus() and not pane.triage.isVisible()
    press(pane, Qt.Key.Key_M, CTRL)
    assert pane.messages.line.hasFocus()
    press(pane, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert pane.triage.hasFocus() and pane.triage.isVisible()
    pane.resize(694, 950)
    qtbot.waitUntil(lambda: pane.writing.isVisible() and pane.triage.isVisible())
    assert pane.field.isVisible()


def test_given_a_message_from_dispatch_then_its_tab_says_so(pane: CarePane, live: Live) -> None:
    live.tell(c.SendMessage(CALL, EntryId("m1"), "his sister is on the other line"))
    assert pane.writing.tabText(1) == "● Messages · 1"
    press(pane, Qt.Key.Key_M, CTRL)
    QTest.keyClicks(pane.messages.line, "put her through later")
    press(pane, Qt.Key.Key_Return)
    assert [entry.text for entry in live.scene.call().messages][-1] == "put her through later"
    assert pane.writing.tabText(1) == "Messages · 2"


def test_given_a_call_nobody_has_then_whose_says_how_it_stands(live: Live) -> None:
    assert whose(live.scene.state, live.scene.call(), LIN) == "In the care of Reyes."
    assert whose(live.scene.state, live.scene.call(), REYES) == ""


@pytest.mark.parametrize("width", [600, 866, 1040])
def test_given_any_width_of_the_pane_then_no_button_cuts_its_words_nor_those_that_ask_again(
    qtbot: QtBot, live: Live, width: int
) -> None:
    pane = on_screen(qtbot, CarePane(live.context), width, 900)
    keys = pane.actions_below
    buttons = (keys.resolve, keys.back, keys.close_otherwise, keys.hand_on, keys.plan, keys.disclose)
    qtbot.waitUntil(lambda: all(button.width() >= button.whole_width() for button in buttons))
    qtbot.waitUntil(lambda: all(column.button.width() >= column.whole_width() for column in keys.asks.columns))


def test_given_answers_that_speak_for_another_nature_when_a_clinician_closes_then_one_key_closes_it_as_that(
    pane: CarePane, live: Live
) -> None:
    rule = Recode(BURGLARY, Condition({WEAPON: ("near",)}, nature=(CRISIS,)), "for a test")
    live.tell(c.ConfigureAgency(replace(AGENCY, recode_when=(rule,))), c.SetFact(CALL, WEAPON, "near", "heard"))
    live.tell(*(c.TellOfTransition(CALL, t.transition_id, p.key) for t in live.scene.call().transitions for p in t.untold))
    pane.actions_below.close_otherwise.click()
    assert pane.actions_below.close_nature.offer.text() == "Close as Burglary: for a test"
    press(pane, Qt.Key.Key_Plus)
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved", nature=BURGLARY)]


def test_given_the_reasons_for_giving_a_caller_back_when_asked_then_no_nature_stands_there(pane: CarePane) -> None:
    pane.actions_below.close_otherwise.click()
    assert pane.actions_below.close_nature.isVisible()
    pane.actions_below.choices.leave()
    pane.actions_below.back.click()
    assert not pane.actions_below.close_nature.isVisible()
