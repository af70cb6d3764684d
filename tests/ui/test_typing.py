"""What is half-written in a narrative is told while it is typed; a draft only looked at, and a sealed note, are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain.ids import CallId, UserId
from console.domain.state import Role
from console.ui.call.narrative_tab import NarrativeTab
from console.ui.handoff.narrative_field import NarrativeField
from console.ui.handoff.sealed_notes import SealedNotesPane
from console.ui.store import Store
from console.wire.messages import Typing
from tests.support.scenes import CALL, REYES, START, floor, receive, taken
from tests.ui.handoff.test_sealed_notes import Hub, at_once, sit_down
from tests.ui.live import Live

OTHER = CallId("other")


@pytest.fixture
def told() -> list[tuple[CallId, str]]:
    return []


@pytest.fixture
def live(told: list[tuple[CallId, str]]) -> Live:
    made = Live(taken(floor().given(receive(), receive(OTHER))), REYES)
    made.store.typist = lambda call_id, text: told.append((call_id, text))
    made.context.selection.choose_call(CALL)
    return made


def test_given_keys_in_a_clinicians_field_then_each_is_told_and_the_end_of_it_too(
    qtbot: QtBot, live: Live, told: list[tuple[CallId, str]]
) -> None:
    field = NarrativeField(live.context)
    qtbot.addWidget(field)
    field.show_call(CALL, may_write=True)
    QTest.keyClicks(field.field, "calm")
    assert told == [(CALL, "c"), (CALL, "ca"), (CALL, "cal"), (CALL, "calm")]
    field.field.entered.emit()
    assert told[4:] == [(CALL, "")]


def test_given_keys_in_the_calls_tab_then_they_are_told_and_a_draft_brought_back_is_not(
    qtbot: QtBot, live: Live, told: list[tuple[CallId, str]]
) -> None:
    tab = NarrativeTab(live.context)
    qtbot.addWidget(tab)
    tab.show_call(live.scene.call())
    QTest.keyClicks(tab.entry, "ok")
    assert told == [(CALL, "o"), (CALL, "ok")]
    tab.show_call(live.scene.call(OTHER))
    tab.show_call(live.scene.call())
    assert tab.entry.toPlainText() == "ok"
    assert told == [(CALL, "o"), (CALL, "ok")]


def test_given_keys_in_a_clinical_note_then_nobody_is_told(qtbot: QtBot, live: Live, told: list[tuple[CallId, str]]) -> None:
    sit_down(live, "reyes", Role.CLINICIAN)
    live.context.sealing.through(Hub(live), at_once)  # type: ignore[arg-type]
    pane = SealedNotesPane(live.context)
    qtbot.addWidget(pane)
    QTest.keyClicks(pane.field, "he had a plan")
    assert pane.field.toPlainText() == "he had a plan"
    assert told == []


def test_given_what_others_type_then_it_is_told_by_call_and_only_where_it_is_different(qtbot: QtBot) -> None:
    store = Store()
    mine = Typing(CALL, UserId("okafor"), "he is", START)
    other = Typing(OTHER, UserId("lin"), "she", START)
    with qtbot.waitSignal(store.typing_changed) as first:
        store.take_typing((mine, other))
    assert first.args == [frozenset({CALL, OTHER})]
    assert store.typing(CALL) == [mine]
    later = Typing(CALL, UserId("okafor"), "he is at", START + timedelta(seconds=1))
    with qtbot.waitSignal(store.typing_changed) as second:
        store.take_typing((later, other))
    assert second.args == [frozenset({CALL})]
    with qtbot.waitSignal(store.typing_changed) as third:
        store.take_typing(())
    assert third.args == [frozenset({CALL, OTHER})]
    assert store.typing(CALL) == []
    with qtbot.assertNotEmitted(store.typing_changed):
        store.take_typing(())


def test_given_no_connection_then_typing_is_nobodys_trouble() -> None:
    Store().type_into(CALL, "words")
