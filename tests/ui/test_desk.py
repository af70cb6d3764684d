"""The desk's window: workspaces by key, panes made when first shown, layouts kept by person, and a board greyed when old."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.ids import DeskId
from console.domain.state import Role, Source, UnitStatus
from console.link.link_state import LinkState, LinkStatus
from console.ui import theme as themes
from console.ui.actions import ACTIONS
from console.ui.call.no_call import NoCall
from console.ui.call.view import CallPane
from console.ui.context import Context
from console.ui.desk import Desk
from console.ui.entry_edit import EntryEdit
from console.ui.opening import Opening
from console.ui.panes import WORKSPACES, home_of, refusals
from console.ui.preferences import Preferences
from console.ui.queue.model import ROW_ROLE
from console.ui.queue.view import QueuePane
from console.ui.sign_in import StartPage
from console.wire.messages import Session
from tests.support.agency import TRESPASS
from tests.support.scenes import CALL, OKAFOR, T1, Scene, receive, status
from tests.ui.live import Live, on_screen

SUPERVISOR = Session("t", OKAFOR, "T. Okafor", Role.SUPERVISOR, DeskId("d"))


@pytest.fixture
def live() -> Live:
    made = Live()
    made.tell(receive())
    made.store.take_link(LinkStatus(LinkState.LIVE, made.now, 12.0))
    return made


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    themes.apply(qapp, themes.load_theme("dark"))


def desk_of(live: Live, qtbot: QtBot, preferences: Preferences | None = None, workspace: str = "dispatch") -> Desk:
    desk = Desk(live.context, preferences, workspace)
    qtbot.addWidget(desk)
    desk.resize(1920, 1080)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    return desk


def press(desk: Desk, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(QApplication.focusWidget() or desk, key, held)


def name_of_look() -> str:
    return themes.look.theme.name


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def widths(desk: Desk) -> dict[str, int]:
    return {dock.objectName(): dock.width() for dock in desk.view().findChildren(QDockWidget)}


def test_given_the_design_size_then_the_panes_stand_as_in_the_pictures(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    qtbot.waitUntil(lambda: abs(widths(desk)["queue"] - 430) < 6)
    assert abs(widths(desk)["call"] - 520) < 30
    assert widths(desk)["map"] == widths(desk)["units"]


def test_given_a_workspace_that_was_not_shown_then_its_panes_are_not_made(qtbot: QtBot, live: Live) -> None:
    live.store.take_me(SUPERVISOR)
    desk = desk_of(live, qtbot)
    assert {name for name in WORKSPACES if desk.view(name).made} == {"dispatch"}
    press(desk, Qt.Key.Key_3, CTRL)
    assert desk.workspace == "supervisor"
    assert desk.view("supervisor").made


def test_given_a_role_without_the_right_when_the_key_is_pressed_then_the_workspace_stays(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    press(desk, Qt.Key.Key_2, CTRL)
    assert desk.workspace == "dispatch"
    assert not desk.strip.tabs["clinician"].isEnabled()
    assert "for a clinician" in desk.strip.tabs["clinician"].toolTip()
    assert "for a clinician" in live.context.notices.standing[-1].words


def test_in_an_exercise_everybody_may_play_everybody_and_each_workspace_has_its_role() -> None:
    assert set(refusals(Role.TELECOMMUNICATOR, exercise=True).values()) == {""}
    assert refusals(Role.SUPERVISOR, exercise=False)["dispatch"] == ""
    assert refusals(None, exercise=True)["dispatch"] == "Sign in first."
    assert [w.played_as for w in WORKSPACES.values()] == [Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR]


def test_given_a_link_that_is_lost_then_every_pane_is_greyed_and_live_again_when_it_is_back(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.store.take_link(LinkStatus(LinkState.STALE, live.now))
    veils = desk.view().veils
    assert len(veils) == 4
    assert all(not veil.isHidden() for veil in veils)
    live.store.take_link(LinkStatus(LinkState.LIVE, live.now))
    assert all(veil.isHidden() for veil in veils)


def test_given_an_exercise_then_window_and_board_say_so(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    assert not desk.watermark.isVisible()
    live.store.take_state(replace(live.store.state, exercise=True))
    assert desk.watermark.isVisible()
    assert desk.windowTitle() == "HEART Console · EXERCISE"


def test_given_the_theme_key_when_pressed_then_the_look_changes_and_is_remembered(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    press(desk, Qt.Key.Key_T, CTRL)
    assert desk.preferences.now.theme == name_of_look() == "light"
    press(desk, Qt.Key.Key_T, CTRL)
    assert desk.preferences.now.theme == name_of_look() == "dark"


def test_given_the_size_keys_when_pressed_often_then_the_size_stays_between_one_and_two(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    for step in (+0.9, +0.1, +0.1):  # not twelve presses: each styles every widget anew
        desk.change_scale(step)
    assert themes.look.scale == 2.0
    for step in (-0.9, -0.1, -0.1):
        desk.change_scale(step)
    assert themes.look.scale == 1.0


def test_given_panes_that_were_moved_when_the_desk_is_opened_again_then_they_stand_there_until_reset(
    qtbot: QtBot, live: Live
) -> None:
    preferences = Preferences()
    desk = desk_of(live, qtbot, preferences)
    qtbot.waitUntil(lambda: abs(widths(desk)["queue"] - 430) < 6)
    press(desk, Qt.Key.Key_L, CTRL, SHIFT)
    docks = {dock.objectName(): dock for dock in desk.view().findChildren(QDockWidget)}
    desk.view().resizeDocks([docks["queue"], docks["map"]], [600, 800], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: widths(desk)["queue"] == 600)
    desk.close()
    assert list(preferences.now.panes) == ["/dispatch"]

    again = desk_of(live, qtbot, preferences)
    qtbot.waitUntil(lambda: widths(again)["queue"] == 600)
    again.view().reset()
    qtbot.waitUntil(lambda: abs(widths(again)["queue"] - 430) < 6)
    again.keep_layout()
    assert preferences.now.panes == {}


def test_given_help_when_asked_for_then_it_lists_every_action_and_narrows_and_blocks_nothing(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    press(desk, Qt.Key.Key_F1)
    help_window = desk.help
    assert help_window is not None
    assert help_window.isVisible() and not help_window.isModal()
    assert help_window.shown() >= {action.text.rstrip("…") for action in ACTIONS}
    help_window.search.setText("acknowledge")
    assert "Acknowledge" in help_window.shown()
    assert "Dispatch" not in help_window.shown()
    help_window.close()


def test_given_a_start_page_then_the_board_waits_behind_it_and_its_keys_do_nothing(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    desk.show_page(StartPage("Anytown"))
    press(desk, Qt.Key.Key_3, CTRL)
    assert (desk.shows_board, desk.workspace) == (False, "dispatch")
    desk.show_board()
    assert desk.shows_board


def test_given_the_new_call_key_when_a_call_is_typed_and_entered_then_it_is_received_and_chosen_in_the_queue(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    press(desk, Qt.Key.Key_N, CTRL, SHIFT)
    assert (desk.commands.line.hasFocus(), desk.commands.line.text()) == (True, "+ ")
    QTest.keyClicks(desk.commands.line, "trespass, 400 Main St, 919 555 0142, officer")
    press(desk, Qt.Key.Key_Return)
    made = live.sent[-1]
    assert isinstance(made, c.ReceiveCall)
    assert (made.source, made.nature, made.place.address) == (Source.OFFICER, TRESPASS, "400 Main St")
    qtbot.waitUntil(lambda: live.context.selection.call_id == made.call_id)
    queue = desk.view().pane("queue")
    assert isinstance(queue, QueuePane)
    row = queue.list.currentIndex().data(ROW_ROLE)
    assert (row.call.call_id, "officer request" in row.details) == (made.call_id, True)


def test_given_a_new_call_under_way_when_a_person_chooses_another_then_that_one_stays_chosen(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.hold_answers()
    desk.commands.begin("+ trespass, 400 Main St")
    press(desk, Qt.Key.Key_Return)
    live.context.selection.choose_call(CALL)
    live.answer()
    QApplication.processEvents()
    assert len(live.store.state.calls) == 2
    assert live.context.selection.call_id == CALL


def test_given_the_dispatch_workspace_when_it_is_shown_then_the_keyboard_is_on_the_list_of_calls(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    queue = desk.view().pane("queue")
    assert isinstance(queue, QueuePane)
    assert queue.list.hasFocus()


def test_given_a_backup_that_is_over_when_its_button_is_pressed_then_the_reason_is_asked_on_the_command_line(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    desk.backup.over_asked.emit("T1")
    assert desk.commands.line.text() == "safe T1 "
    assert desk.commands.line.hasFocus()


def test_given_a_refusal_nobody_waited_for_then_it_is_a_notice(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    live.store.submit(c.CloseCall(CALL, outcome="resolved"))
    qtbot.waitUntil(lambda: any("missed" in line for line in desk.notices.lines()))


def test_given_a_full_desk_then_every_action_of_the_table_is_bound_by_somebody(qtbot: QtBot, live: Live) -> None:
    live.tell(c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE), c.RequestBackup(T1, "POLICE"))
    live.store.take_state(replace(live.store.state, exercise=True))
    desk = desk_of(live, qtbot)
    for name in WORKSPACES:
        desk.show_workspace(name)
    assert {row.id for row in ACTIONS if not row.native} - live.context.actions.bound == set()


def test_given_the_narrative_field_when_escape_is_pressed_then_the_keyboard_is_back_and_the_words_stay(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    press(desk, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    queue = QApplication.focusWidget()
    press(desk, Qt.Key.Key_N, CTRL)
    entry = QApplication.focusWidget()
    assert isinstance(entry, EntryEdit)
    QTest.keyClicks(entry, "a/b")
    assert entry.toPlainText() == "a/b"
    press(desk, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is queue
    assert live.context.drafts.text(live.context.me, CALL) == "a/b"


def test_given_an_empty_narrative_field_when_a_slash_is_typed_then_the_command_line_has_the_keyboard(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    press(desk, Qt.Key.Key_N, CTRL)
    entry = QApplication.focusWidget()
    assert isinstance(entry, EntryEdit)
    press(desk, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is desk.commands.line
    assert not entry.toPlainText()


def test_given_an_exercise_when_its_keys_are_pressed_then_the_next_speed_is_asked(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    asked: list[float] = []
    desk.speed_asked.connect(asked.append)
    live.store.keep_time_by(lambda: live.now, lambda: 10.0)
    live.store.take_state(replace(live.store.state, exercise=True))
    press(desk, Qt.Key.Key_Period, CTRL)
    press(desk, Qt.Key.Key_Comma, CTRL)
    assert asked == [20.0, 5.0]


def test_given_the_desk_is_opening_when_it_is_over_then_the_call_pane_stands_where_its_words_stood(
    qtbot: QtBot, live: Live
) -> None:
    opening = Opening(over=False)
    desk = Desk(Context(live.store, opening=opening))
    on_screen(qtbot, desk, 1600, 900)
    words = desk.findChild(NoCall)
    assert isinstance(words, NoCall) and words.isVisible() and "No call is chosen" in words.text()
    assert desk.view().pane("call") is None
    opening.end()
    pane = desk.view().pane("call")
    assert isinstance(pane, CallPane) and pane.isVisible()
    assert not words.isVisible()
    desk.context.selection.choose_call(CALL)
    assert pane.heading.isVisible() and pane.call is not None


def test_given_a_hub_that_plays_an_exercise_when_a_workspace_is_chosen_before_its_board_has_come_then_it_is_shown(
    qtbot: QtBot,
) -> None:
    early = Live(Scene(), me=OKAFOR)
    early.store.take_me(Session("t", OKAFOR, "T. Okafor", Role.TELECOMMUNICATOR, DeskId("d")))
    early.store.plays = True
    desk = desk_of(early, qtbot)
    desk.show_workspace("clinician")
    assert desk.workspace == "clinician" and desk.strip.tabs["clinician"].isEnabled()


@pytest.mark.parametrize(("role", "begins"), [(Role.CLINICIAN, "clinician"), (Role.TELECOMMUNICATOR, "dispatch")])
def test_given_a_person_who_is_known_before_the_board_when_the_desk_opens_then_it_has_a_workspace_of_theirs(
    qtbot: QtBot, role: Role, begins: str
) -> None:
    early = Live(Scene(), me=OKAFOR)
    early.store.take_me(Session("t", OKAFOR, "T. Okafor", role, DeskId("d")))
    desk = desk_of(early, qtbot, workspace="clinician")
    assert desk.workspace == begins and desk.view() is desk.view(begins)


def test_given_an_exercise_when_a_supervisors_key_asks_for_a_call_then_it_is_shown_and_they_stay_who_they_are(
    qtbot: QtBot, live: Live
) -> None:
    live.store.take_me(SUPERVISOR)
    live.store.take_state(replace(live.store.state, exercise=True))
    desk = desk_of(live, qtbot, workspace="supervisor")
    with qtbot.assertNotEmitted(desk.workspace_shown):
        live.context.selection.open_call(CALL)
    assert desk.workspace == "dispatch"
    with qtbot.waitSignal(desk.workspace_shown):
        desk.show_workspace("clinician")


@pytest.mark.parametrize(
    ("role", "shown", "stays", "home"),
    [
        (Role.CLINICIAN, "dispatch", False, "clinician"),
        (Role.CLINICIAN, "dispatch", True, "clinician"),
        (Role.SUPERVISOR, "dispatch", False, "supervisor"),
        (Role.SUPERVISOR, "dispatch", True, ""),
        (Role.TELECOMMUNICATOR, "dispatch", False, "dispatch"),
        (Role.TELECOMMUNICATOR, "supervisor", True, "dispatch"),
    ],
)
def test_given_who_signs_in_then_the_workspace_is_that_of_their_role_unless_they_asked_for_one_they_may_use(
    role: Role, shown: str, stays: bool, home: str
) -> None:
    assert home_of(role, shown, stays=stays) == home
