"""The call in care: what is known is told, what is not known is said, and how it is closed by keys."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.hand_off import HandOffState
from console.domain.ids import FactName, HandOffId
from console.domain.state import PresenceStatus, UnitStatus
from console.ui.handoff.care import CarePane
from console.ui.handoff.care_actions import CareActions
from console.ui.handoff.told import facts
from tests.support.agency import WEAPON
from tests.support.scenes import CALL, LIN, REYES, T1, accepted, floor, offer, receive, released, status
from tests.ui.handoff.caring import SHIFT, TWO, in_care, press
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


def test_given_the_caller_was_offered_on_in_vain_then_what_was_promised_before_stands_still(qtbot: QtBot) -> None:
    live = Live(floor().given(receive()), me=REYES)
    live.tell(c.OfferHandOff(CALL, HandOffId("h1"), REYES, "stay with him", "somebody listens"))
    live.tell(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    released(live.scene)
    live.tell(c.OfferHandOff(CALL, HandOffId("h2"), LIN, "go on"), by=REYES)
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CarePane(live.context), 1040, 900)
    assert "go on" in pane.along.words.text()
    live.tell(c.DeclineHandOff(CALL, HandOffId("h2"), "busy"), by=LIN)
    assert "somebody listens" in pane.along.words.text() and "go on" not in pane.along.words.text()


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
    assert [option.words for option in pane.actions_below.choices.options] == ["Resolved · 18"]
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.CloseCall(CALL, outcome="resolved")]


def test_given_a_unit_on_the_call_when_it_is_closed_then_the_refusal_stands_beside_the_keys(
    pane: CarePane, live: Live
) -> None:
    live.tell(c.DispatchUnit(T1, CALL, override="an officer is there"))
    press(pane, Qt.Key.Key_F4)
    press(pane, Qt.Key.Key_F4)
    assert "T1 is still on call 0001" in pane.said.text()
