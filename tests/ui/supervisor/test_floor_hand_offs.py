"""The supervisor's board during hand-offs: who rings, who is unreachable with a caller, and taking over with a reason."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import HandOffRules
from console.domain.ids import AskId, DeskId, HandOffId, UserId
from console.domain.state import PresenceStatus, Role
from console.ui.supervisor.alarms import AlarmsPane
from console.ui.supervisor.floor import FloorPane, doing_now
from console.wire.messages import Session
from tests.support.agency import AGENCY, TEAM
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, Scene, accepted, floor, offer, receive, sign_in, taken
from tests.ui.live import Live, on_screen

BOSS = UserId("boss")


def doing(scene: Scene, user: UserId = REYES) -> tuple[str, str]:
    found = doing_now(scene.state, scene.state.people[user])
    return found.words, found.ink


def at_the_board(scene: Scene) -> Live:
    live = Live(scene.given(sign_in(BOSS, Role.SUPERVISOR)), me=BOSS)
    live.store.take_me(Session("t", BOSS, "Boss", Role.SUPERVISOR, DeskId("desk-boss")))
    return live


def test_given_each_state_of_a_clinician_then_the_floor_says_it() -> None:
    scene = floor().given(receive())
    assert doing(scene) == ("Ready", "fine")
    scene.given(offer())
    assert doing(scene) == ("Ringing, 0001", "text")
    scene.given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    assert doing(scene) == ("On a call, 0001", "text")
    scene.given(c.LoseDesk(REYES, scene.state.people[REYES].desk_id))
    assert doing(scene) == ("▲ Unreachable, has 0001", "alarm")
    scene.given(c.LoseDesk(LIN, scene.state.people[LIN].desk_id))
    assert doing(scene, LIN) == ("▲ Unreachable", "due"), "never ready"


def test_given_how_long_rings_and_since_when_unreachable_then_the_age_is_of_that() -> None:
    scene = floor()
    scene.at += timedelta(minutes=5)
    scene.given(receive(), offer())
    offered = scene.call().hand_offs[-1].offered_at
    assert doing_now(scene.state, scene.state.people[REYES]).since == offered
    lost_at = scene.at
    scene.given(c.LoseDesk(LIN, scene.state.people[LIN].desk_id))
    assert doing_now(scene.state, scene.state.people[LIN]).since == lost_at


def test_given_a_wrap_up_that_ends_by_itself_then_it_says_when() -> None:
    agency = replace(AGENCY, hand_off=HandOffRules(wrap_up_s=90))
    scene = floor().given(c.ConfigureAgency(agency)).given(c.SetPresence(PresenceStatus.WRAP_UP), by=REYES)
    ends = scene.state.people[REYES].since + timedelta(seconds=90)
    assert doing(scene)[0] == f"In wrap-up until {(ends - timedelta(hours=4)):%H:%M:%S}"


def test_given_two_asks_of_one_call_then_each_is_an_alarm_of_its_own(qtbot: QtBot) -> None:
    live = at_the_board(taken(floor().given(receive())))
    live.tell(c.AskForResponse(CALL, AskId("a1"), "EMS"), by=REYES)
    live.tell(c.AskForResponse(CALL, AskId("a2"), TEAM), by=REYES)
    pane = on_screen(qtbot, AlarmsPane(live.context), 700, 300)
    live.later(seconds=61)
    words = [pane.model.index(row, 1).data() for row in range(pane.model.rowCount())]
    assert words == [
        "0001: EMS is asked for, not answered by dispatch · Crisis",
        "0001: Team is asked for, not answered by dispatch · Crisis",
    ]


def test_given_an_alarm_that_is_selected_then_its_call_is_the_desks_call(qtbot: QtBot) -> None:
    live = at_the_board(accepted(floor().given(receive())))
    pane = on_screen(qtbot, AlarmsPane(live.context), 700, 300)
    live.later(minutes=2)
    pane.table.setFocus()
    pane.table.setCurrentIndex(pane.model.index(0, 0))
    assert live.context.selection.call_id == CALL


def test_given_an_unreachable_clinician_with_a_caller_then_the_supervisor_takes_over_from_the_board(qtbot: QtBot) -> None:
    live = at_the_board(taken(floor().given(receive())))
    live.tell(c.LoseDesk(REYES, live.scene.state.people[REYES].desk_id))
    pane = on_screen(qtbot, FloorPane(live.context), 700, 500)
    shown: list[str] = []
    live.context.selection.call_opened.connect(shown.append)
    place = pane.model.keys.index(("person", REYES))
    pane.table.setFocus()
    pane.table.setCurrentIndex(pane.model.index(place, 0))
    QTest.keyClick(pane.table, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert pane.lists.is_open and pane.lists._title.text() == "Have the caller of 0001 in place of Reyes?"
    assert pane.lists.note.text() == "Nothing is heard of the desk of Reyes"
    QTest.keyClick(pane.lists.list, Qt.Key.Key_Return)
    over = live.scene.call().take_overs[-1]
    assert (over.by, over.from_user) == (BOSS, REYES)
    assert shown == [CALL] and not pane.lists.is_open


def test_given_a_telecommunicator_who_hands_over_then_a_supervisor_takes_their_call(qtbot: QtBot) -> None:
    live = at_the_board(floor().given(receive(), offer()))
    pane = on_screen(qtbot, FloorPane(live.context), 700, 500)
    pane.table.setFocus()
    pane.table.setCurrentIndex(pane.model.index(pane.model.keys.index(("person", OKAFOR)), 0))
    pane.take_over()
    assert pane.lists._title.text() == "Have the caller of 0001 in place of Okafor?"
    pane.lists.note.setText("their shift is over")
    pane.lists.confirm()
    assert live.scene.call().take_overs[-1].by == BOSS


def test_given_nobody_chosen_then_the_key_says_what_to_choose(qtbot: QtBot) -> None:
    live = at_the_board(floor())
    pane = on_screen(qtbot, FloorPane(live.context), 700, 500)
    pane.take_over()
    said = [notice.words for notice in live.context.notices.standing]
    assert said == ["Choose who has the caller, or an alarm about the call, and press it again."]
