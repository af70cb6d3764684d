"""Whom to send, from the list of units: with why, instead of the first with a reason, off another call, in exchange."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import AskId, CallId, QuestionId, UnitId
from console.domain.state import Position, UnitStatus
from console.ui.call.view import CallPane
from console.ui.call.words import times
from console.wire.geography import RoadTimes, RoadWay
from tests.support.agency import AGENCY, PROTOCOL, TRESPASS
from tests.support.scenes import A1, CALL, REYES, T1, T2, floor, receive, status, taken
from tests.ui.live import Live, on_screen
from tests.ui.told_history import Told

OTHER = CallId("other")
REASONS = ("Language", "Crew fits better")


def no_weapon(call: CallId = CALL) -> c.AnswerQuestion:
    return c.AnswerQuestion(call, PROTOCOL.id, QuestionId("weapon"), "1")


def at(live: Live, **latitudes: float) -> None:
    live.store.take_positions(
        Position(UnitId(name), latitude, -78.9, live.now, live.now) for name, latitude in latitudes.items()
    )


@pytest.fixture
def live() -> Live:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, override_reasons=REASONS)))
    made = Live(scene.given(receive(), no_weapon(), receive(OTHER, nature=TRESPASS, priority="3"), no_weapon(OTHER)))
    at(made, T1=36.02, T2=36.01, A1=36.03)
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CallPane:
    made = on_screen(qtbot, CallPane(live.context), 560, 900)
    made.ask()
    return made


def press(pane: CallPane, which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, which, modifier)


def open_list(pane: CallPane) -> dict[str, str]:
    """Ctrl+G; the options' words by their keys."""
    press(pane, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    return {option.key: option.words for option in pane.responding.panel.options}


def title(pane: CallPane) -> str:
    return pane.responding.panel._title.text()


def test_given_the_key_of_the_list_then_enter_sends_the_first_without_a_reason(live: Live, pane: CallPane) -> None:
    listed = open_list(pane)
    assert listed["1"] == "T2 · about 3 min, straight line"
    assert listed["2"] == "T1 · about 5 min, straight line"
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.DispatchUnit(T2, CALL)]


def test_given_a_unit_then_the_list_says_who_is_aboard_how_they_fit_and_how_old_their_position_is(
    live: Live, pane: CallPane
) -> None:
    live.scene.at += timedelta(seconds=30)
    open_list(pane)
    aboard, where, fits = pane.responding.panel.options[0].detail.splitlines()
    assert (aboard, where) == ("clinician · peer · English", "GPS 30 s old")
    assert fits == "eligible"


def test_given_another_unit_than_the_first_then_one_key_says_why_and_the_call_tells_it(live: Live, pane: CallPane) -> None:
    open_list(pane)
    press(pane, Qt.Key.Key_2)
    press(pane, Qt.Key.Key_Return)
    assert live.sent == []
    assert title(pane) == "T1 instead of T2: why?"
    assert [option.words for option in pane.responding.panel.options] == [*REASONS, "Another reason"]
    press(pane, Qt.Key.Key_1)
    assert live.sent == [c.DispatchUnit(T1, CALL, "", T2, "Language")]
    assert not pane.responding.panel.is_open
    told = [line.words for line in times(live.scene.state, live.scene.call(), live.now)]
    assert "T1 dispatched instead of T2: Language" in told


def test_given_escape_at_the_reason_then_nobody_is_sent(live: Live, pane: CallPane) -> None:
    open_list(pane)
    press(pane, Qt.Key.Key_2)
    press(pane, Qt.Key.Key_2)
    assert title(pane) == "T1 instead of T2: why?"
    press(pane, Qt.Key.Key_Escape)
    assert (live.sent, pane.responding.panel.is_open) == ([], False)


def test_given_a_call_that_has_a_unit_then_whichever_goes_besides_wants_no_reason(live: Live, pane: CallPane) -> None:
    live.tell(c.DispatchUnit(T2, CALL))
    listed = open_list(pane)
    assert listed["1"].startswith("T1")
    live.sent.clear()
    press(pane, Qt.Key.Key_1)
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.DispatchUnit(T1, CALL)]


def test_given_units_that_move_while_the_list_is_open_then_each_keeps_its_key_and_the_first_shown_wants_no_reason(
    live: Live, pane: CallPane
) -> None:
    open_list(pane)
    at(live, T1=36.001)
    live.tick()
    assert [option.value for option in pane.responding.panel.options][:2] == [T2, T1]
    assert pane.responding.panel.options[1].words == "T1 · about 1 min, straight line"
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.DispatchUnit(T2, CALL)]


def test_given_minutes_by_road_then_they_order_the_units_and_say_what_taught_them(live: Live, pane: CallPane) -> None:
    told = Told(live)
    ways = (RoadWay(T1, 4.0, 2.0), RoadWay(T2, 9.0, 5.0))
    told.roads = RoadTimes(36.0, -78.9, live.now + timedelta(seconds=5), ways, 1.1, 42)
    live.later(seconds=5)
    assert pane.responding.dispatch.text() == "Dispatch T1 · 4 min by road; T2 · 9 min"
    assert pane.responding.dispatch.toolTip().endswith("calibrated by 42 past trips")
    listed = open_list(pane)
    assert listed["1"] == "T1 · 4 min by road"
    assert title(pane) == "Send which unit? By road, calibrated by 42 past trips."
    live.later(seconds=12)
    assert pane.responding.panel.options[0].words == "T1 · 4 min by road"
    live.later(seconds=4)
    assert pane.responding.panel.options[0].words.startswith("T1 · about 5 min")
    assert pane.responding.panel._why_not.text() == "By straight line: road minutes are 16 s old."


def test_given_no_hub_to_ask_then_it_says_by_straight_line_and_why(live: Live, pane: CallPane) -> None:
    assert pane.responding.dispatch.text().startswith("Dispatch T2 · about 3 min, straight line")
    assert pane.responding.dispatch.toolTip() == "road minutes could not be asked: the hub is away"
    open_list(pane)
    said = pane.responding.panel._why_not.text()
    assert said == "By straight line: road minutes could not be asked: the hub is away."


def nobody_free(live: Live) -> None:
    live.tell(*status(T2, UnitStatus.OUT_OF_SERVICE), c.DispatchUnit(T1, OTHER), c.PrioritiseCall(CALL, "1"))
    live.sent.clear()
    live.tick()


def test_given_nobody_free_then_the_key_takes_a_unit_off_a_less_urgent_call_at_its_second_press(
    live: Live, pane: CallPane
) -> None:
    nobody_free(live)
    button, consequence = pane.responding.dispatch, pane.responding.sending.consequence
    assert button.text().startswith("Take T1 from 0002 · about 5 min")
    assert consequence.isVisible()
    assert "T1 from 0002 · about 5 min, straight line: 0002 Trespass, P3, would wait again, then " in consequence.text()
    assert consequence.text().endswith(" left to its target.")
    press(pane, Qt.Key.Key_F6)
    assert live.sent == []
    assert button.text() == "Again: take T1 from 0002"
    press(pane, Qt.Key.Key_F6)
    assert live.sent == [c.PreemptUnit(T1, CALL, "nobody free, P1 before P3")]
    assert live.scene.unit().call == CALL and not consequence.isVisible()


def test_given_the_other_call_is_past_its_target_then_that_is_the_price(live: Live, pane: CallPane) -> None:
    nobody_free(live)
    live.later(minutes=32)
    assert pane.responding.sending.consequence.text().endswith("would wait again, then 12 min past target.")


def test_given_the_first_press_was_for_another_unit_then_the_second_takes_nobody(live: Live, pane: CallPane) -> None:
    nobody_free(live)
    press(pane, Qt.Key.Key_F6)
    live.tell(*status(T1, UnitStatus.ON_SCENE))
    live.tell(*status(T2, UnitStatus.AVAILABLE), c.DispatchUnit(T2, OTHER))
    live.tick()
    assert pane.responding.dispatch.text().startswith("Take T2 from 0002")
    press(pane, Qt.Key.Key_F6)
    assert live.sent == []


def test_given_nobody_free_then_the_list_offers_the_same_with_its_price(live: Live, pane: CallPane) -> None:
    nobody_free(live)
    listed = open_list(pane)
    assert listed["1"] == "Take T1 from 0002 · about 5 min"
    made, price = pane.responding.panel.options[0].detail.splitlines()
    assert made == "by straight line" and price.startswith("0002 Trespass, P3, would wait again")
    assert not pane.responding.sending.consequence.isVisible(), "the list says it"
    values = [option.value for option in pane.responding.panel.options]
    assert len(values) == len(set(values)) == 3
    press(pane, Qt.Key.Key_Return)
    assert live.sent == [c.PreemptUnit(T1, CALL, "nobody free, P1 before P3")]


def test_given_a_unit_on_scene_then_it_is_offered_to_nobody(live: Live, pane: CallPane) -> None:
    nobody_free(live)
    live.tell(*status(T1, UnitStatus.ON_SCENE))
    live.tick()
    assert pane.responding.dispatch.text() == "Dispatch · no unit may go now"
    assert not pane.responding.sending.consequence.isVisible()


def test_given_two_units_that_would_be_better_exchanged_then_both_new_estimates_stand_there_and_one_key_says_why(
    live: Live, pane: CallPane
) -> None:
    live.tell(c.DispatchUnit(T1, CALL), c.DispatchUnit(T2, OTHER))
    live.sent.clear()
    open_list(pane)
    swap = next(option for option in pane.responding.panel.options if option.value == "exchange T2 T1")
    assert swap.words == "Exchange: T2 for T1"
    assert swap.detail.splitlines() == [
        "here: about 3 min in place of 5",
        "T1 to 0002: about 5 min in place of 3",
        "by straight line",
    ]
    mine = next(option for option in pane.responding.panel.options if option.value == T1)
    assert (mine.key, mine.why_not) == ("", "assigned, call 0001: on this call already")
    press(pane, Qt.Key(Qt.Key.Key_0 + int(swap.key)))
    press(pane, Qt.Key.Key_Return)
    assert title(pane) == "T2 for T1: why?"
    press(pane, Qt.Key.Key_2)
    assert live.sent == [c.ExchangeUnits(T2, T1, "Crew fits better")]
    assert (live.scene.unit(T2).call, live.scene.unit(T1).call) == (CALL, OTHER)


def test_given_no_call_then_the_key_does_nothing(live: Live, pane: CallPane) -> None:
    live.context.selection.choose_call(None)
    pane.responding.ask_unit()
    assert not pane.responding.panel.is_open
    assert A1 in live.scene.state.units


def test_given_a_clinician_who_asks_for_a_team_then_another_of_it_than_the_first_wants_a_reason_too(
    live: Live, pane: CallPane
) -> None:
    taken(live.scene)
    live.tell(c.AskForResponse(CALL, AskId("a1"), "TEAM", "in person"), by=REYES)
    live.tick()
    pane.responding.answer_ask()
    assert [option.value for option in pane.responding.panel.options][:2] == ["send T2", "send T1"]
    pane.responding.panel.list.choose(1)
    press(pane, Qt.Key.Key_Return)
    assert title(pane) == "T1 instead of T2: why?"
    press(pane, Qt.Key.Key_2)
    assert live.sent == [c.DispatchUnit(T1, CALL, "", T2, "Crew fits better")]
