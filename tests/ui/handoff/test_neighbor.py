"""This neighbor: the other calls from the number or the address, with how each ended, and what the list covers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.contacts import contact
from console.domain.ids import CallId
from console.domain.state import Place, UnitStatus
from console.link.link_state import LinkState, LinkStatus
from console.ui.handoff.neighbor import NeighborPane
from tests.support.scenes import CALL, REYES, T1, floor, receive, status
from tests.ui.live import Live, on_screen
from tests.ui.told_history import Told, former

MET, MISSED, OTHER = CallId("met"), CallId("missed"), CallId("other")
NUMBER = "919 555 0101"


@pytest.fixture
def live() -> Live:
    scene = floor().given(receive(MET, callback=NUMBER, place=Place("Elsewhere")), c.DispatchUnit(T1, MET))
    scene.given(*status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE))
    scene.given(c.CloseCall(MET, outcome="resolved"), receive(MISSED), c.CloseCall(MISSED, missed="all_busy"))
    scene.given(receive(OTHER, place=Place("Far away")), receive(callback=NUMBER))
    made = Live(scene, me=REYES)
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> NeighborPane:
    return on_screen(qtbot, NeighborPane(live.context), 480, 600)


def test_given_earlier_calls_then_each_is_told_with_who_met_them_and_how_it_ended(pane: NeighborPane) -> None:
    assert [(r.nature, r.who, r.outcome, r.missed) for r in pane.model.rows] == [
        ("Crisis", "nobody", "missed, no unit free", True),
        ("Crisis", "T1", "Resolved", False),
    ]
    assert pane.count.text() == "2 on the live board"
    assert pane.covers.text() == (
        "History could not be asked: the hub is away. "
        "Only the live board is shown: open calls and those closed in the last 24 hours."
    )
    assert pane.model.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole) == "outcome missed, no unit free"


def test_given_another_call_comes_from_the_number_then_it_is_there_at_once(pane: NeighborPane, live: Live) -> None:
    live.tell(receive(CallId("again"), callback=NUMBER, place=Place("")))
    assert pane.model.rows[0].call_id == "again" and pane.model.rows[0].outcome == "open, received"
    before = pane.model.rows
    live.tell(receive(CallId("stranger"), place=Place("Nowhere")))
    assert pane.model.rows is before


def test_given_a_first_call_then_that_is_said(pane: NeighborPane, live: Live) -> None:
    live.context.selection.choose_call(OTHER)
    assert pane.none.text() == "No other call from this number or place on the live board."
    live.context.selection.choose_call(None)
    assert pane.count.text() == "" and pane.covers.text() == "", "the pane beside it says so"


def test_given_contacts_of_90_days_then_board_and_history_are_one_list_with_each_once(
    pane: NeighborPane, live: Live
) -> None:
    on_board = contact(live.scene.call(MET), NUMBER)
    told = Told(live, (on_board, former(live, "week", by_number=True, days=6), former(live, "quarter", days=80)))
    live.context.selection.choose_call(OTHER)
    live.context.selection.choose_call(CALL)
    assert [row.call_id for row in pane.model.rows] == [MISSED, MET, "week", "quarter"]
    assert [row.when for row in pane.model.rows[2:]] == ["Tue 14:30", "Feb 13 13:30"]
    assert pane.count.text() == "3 contacts in 7 days, 4 in 90"
    assert pane.covers.text() == "From the same number or place in 90 days; 2 of them from this number."
    live.later(minutes=2)
    assert pane.covers.text().endswith("from this number. Asked 2 min ago.")
    assert len(told.asked) == 2


def test_given_more_contacts_than_are_listed_then_how_many_there_are_is_said(pane: NeighborPane, live: Live) -> None:
    told = Told(live, (former(live, "week", days=6),), beyond=(0, 4, 40))
    live.context.selection.choose_call(OTHER)
    assert pane.count.text() == "1 contact in 7 days, 5 in 30, 41 in 90"
    assert "The latest 1 are listed." in pane.covers.text()
    assert told.asked


def test_given_the_hub_goes_away_then_no_list_looks_like_no_contacts(pane: NeighborPane, live: Live) -> None:
    told = Told(live)
    live.store.take_link(LinkStatus(LinkState.OFFLINE))
    live.context.selection.choose_call(OTHER)
    assert pane.none.text() == "No other call from this number or place on the live board."
    assert pane.covers.text().startswith("History could not be asked: the hub is away. Only the live board is shown")
    live.store.take_link(LinkStatus(LinkState.LIVE))
    assert pane.none.text() == "No other call from this number or place in 90 days."
    assert len(told.asked) == 1
