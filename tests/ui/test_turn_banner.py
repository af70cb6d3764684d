"""A response that turned on its way: loud on every desk it concerns, ticked by keys, recorded, and never closed over."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import Order, Rejected
from console.domain.ids import CallId, CommandId, DeskId, LogId, QuestionId, UnitId, UserId
from console.domain.state import Role, UnitStatus
from console.link.link_state import LinkState, LinkStatus
from console.link.outbox import Row, RowState
from console.ui import theme as themes
from console.ui.call.turn_record import TurnRecord
from console.ui.call.view import CallPane
from console.ui.desk import Desk
from console.ui.handoff.care import CarePane
from console.ui.turn_banner import TurnBanner
from console.ui.turn_words import why_words
from console.ui.widgets import has_keyboard
from console.wire.messages import Session
from tests.support.agency import AGENCY, PROTOCOL, TEAM, WEAPON
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, T1, T2, Scene, floor, receive, status, taken
from tests.ui.live import Live, on_screen

OTHER, THIRD = CallId("other"), CallId("third")
NONE = Qt.KeyboardModifier.NoModifier
ROLES = {OKAFOR: Role.TELECOMMUNICATOR, REYES: Role.CLINICIAN, LIN: Role.CLINICIAN}
F5, F10, F11 = Qt.Key.Key_F5, Qt.Key.Key_F10, Qt.Key.Key_F11

ALONG = replace(PROTOCOL, proposals=(replace(PROTOCOL.proposals[0], along=("POLICE",)), *PROTOCOL.proposals[1:]))
"""The same questions; with a weapon the police go along."""


def team_on_scene(*calls: CallId) -> Scene:
    """A team on the scene of each call, and another call that waits."""
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, protocols=(ALONG,))))
    for call_id, unit in zip(calls or (CALL,), (T1, T2), strict=False):
        scene.given(receive(call_id), c.DispatchUnit(unit, call_id))
        scene.given(*status(unit, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    return scene


def weapon(call_id: CallId = CALL) -> c.SetFact:
    return c.SetFact(call_id, WEAPON, "near", "the officer saw it")


def at(live: Live, user: UserId, role: Role | None = None) -> Live:
    live.me = user
    live.store.take_me(Session("t", user, user.title(), role or ROLES[user], DeskId("d"), programme=TEAM))
    live.store.take_link(LinkStatus(LinkState.LIVE, live.now, 12.0))
    return live


def desk_of(live: Live, qtbot: QtBot, workspace: str = "dispatch") -> Desk:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    themes.apply(app, themes.load_theme("dark"))
    desk = Desk(live.context, None, workspace)
    qtbot.addWidget(desk)
    desk.resize(1920, 1080)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    return desk


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk, key, modifier)


def banner_of(live: Live, qtbot: QtBot) -> TurnBanner:
    banner = TurnBanner(live.context)
    qtbot.addWidget(banner)
    banner.resize(1366, 120)
    banner.show()
    banner.refresh()
    return banner


def told(live: Live, call_id: CallId = CALL) -> list[str]:
    return [party.key for party in live.scene.call(call_id).transitions[-1].parties if party.told_at]


def call_pane(desk: Desk) -> CallPane:
    pane = desk.view("dispatch").pane("call")
    assert isinstance(pane, CallPane)
    return pane


@pytest.fixture
def live() -> Live:
    return at(Live(team_on_scene()), OKAFOR)


def test_given_a_low_window_then_the_record_shows_whole_who_is_not_told_and_what_is_not_sent(
    qtbot: QtBot, live: Live
) -> None:
    live.tell(weapon())
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    desk.resize(1366, 768)
    record = call_pane(desk).findChild(TurnRecord)
    assert record is not None
    qtbot.waitUntil(lambda: record.isVisible() and record.words.text().count("<br>") == 1)
    told, sent = record.words.text().split("<br>")
    assert "NOT YET TOLD:" in told and "NOT YET SENT:" in sent
    room = record.viewport().size()
    assert record.words.minimumSizeHint().width() <= room.width()
    assert record.words.heightForWidth(room.width()) <= room.height()


# ------------------------------------------------------------------------------------------------- what it says, to whom


def test_given_no_turn_then_the_banner_takes_no_room(qtbot: QtBot, live: Live) -> None:
    assert not banner_of(live, qtbot).isVisible()


def test_given_a_team_on_scene_when_a_weapon_is_told_then_it_says_who_why_whom_to_tell_and_what_goes_instead(
    qtbot: QtBot, live: Live
) -> None:
    banner = banner_of(live, qtbot)
    live.tell(weapon())
    live.later(seconds=41)
    (row,) = banner.rows
    assert row.words.text() == "0001 Crisis, T1 on scene: a weapon is there. Tell T1; send Armed with Police instead."
    assert row.since.text() == "0:42 · by the word of Okafor"
    assert [tick.text() for tick in row.ticks.values()] == ["☐ the caller", "☐ T1", "☐ ask Police"]
    assert [tick.key for tick in row.ticks.values()] == ["F11", "", ""], "the key is drawn on the next one"
    assert row.instead.text() == "Send Armed…"


@pytest.mark.parametrize(
    ("user", "role", "seen"),
    [
        (OKAFOR, Role.TELECOMMUNICATOR, True),
        (OKAFOR, Role.SUPERVISOR, True),
        (REYES, Role.CLINICIAN, True),
        (LIN, Role.CLINICIAN, False),
    ],
)
def test_given_a_turn_while_a_clinician_has_the_caller_then_dispatch_supervisor_and_that_clinician_see_it(
    qtbot: QtBot, user: UserId, role: Role, seen: bool
) -> None:
    scene = taken(floor().given(receive()))
    banner = banner_of(at(Live(scene.given(weapon(), by=LIN)), user, role), qtbot)
    assert banner.isVisible() is seen
    if seen:
        assert "Reyes on the line: a weapon is there. Tell Reyes;" in banner.rows[0].words.text()
        words = "Ask dispatch for Armed" if role is Role.CLINICIAN else "Send Armed…"
        assert banner.rows[0].instead.text() == words and banner.rows[0].not_needed.isHidden() is (role is Role.CLINICIAN)


def test_given_the_clinicians_own_word_then_nobody_is_asked_to_tell_them(qtbot: QtBot) -> None:
    scene = taken(floor().given(receive()))
    banner = banner_of(at(Live(scene.given(weapon(), by=REYES)), OKAFOR), qtbot)
    assert "Tell the caller, Police;" in banner.rows[0].words.text()
    assert "Reyes on the line" in banner.rows[0].words.text()


def test_given_nothing_to_propose_instead_then_it_says_so_and_offers_nothing(qtbot: QtBot, live: Live) -> None:
    banner = banner_of(live, qtbot)
    live.tell(c.RecodeCall(CALL, "BURGLARY"))  # type: ignore[arg-type]
    assert banner.rows[0].words.text().endswith("Tell T1; no other response can be proposed.")
    assert banner.rows[0].instead.isHidden()


@pytest.mark.parametrize(("width", "high"), [(1920, 1), (1366, 1), (480, 4)])
def test_given_little_room_then_words_and_ticks_take_more_lines_and_nothing_is_cut_off(
    qtbot: QtBot, live: Live, width: int, high: int
) -> None:
    banner = banner_of(live, qtbot)
    live.tell(weapon())
    banner.resize(width, banner.heightForWidth(width))
    (row,) = banner.rows
    qtbot.waitUntil(lambda: row.isVisible() and row.width() == width)
    assert row.words.height() >= row.words.heightForWidth(row.words.width())
    for part in (*row.ticks.values(), row.instead):
        inside = part.parentWidget()
        assert part.width() >= part.sizeHint().width()
        assert inside is not None and inside.rect().contains(part.geometry())
    assert banner.heightForWidth(width) <= 50 + 40 * high


def test_given_what_one_programme_says_in_fewer_words_than_another_then_it_is_said_once(live: Live) -> None:
    live.tell(weapon())
    turned = replace(live.scene.call().transitions[0], because=("a weapon within reach, no team", "a weapon within reach"))
    assert why_words(turned) == "a weapon within reach, no team"


# ------------------------------------------------------------------------------------------------- ticks


def test_given_a_turn_when_f11_is_pressed_for_each_then_all_are_ticked_and_it_stands_until_something_else_is_sent(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.tell(weapon())
    assert desk.turns.isVisible()
    for so_far in (["caller"], ["caller", "unit:T1"]):
        press(desk, F11)
        assert told(live) == so_far
    assert "✓ T1 14:30" in desk.turns.rows[0].ticks["unit:T1"].text()
    press(desk, F11)
    assert told(live) == ["caller", "unit:T1", "service:POLICE"]
    assert [order.service for order in live.scene.call().services] == ["POLICE"], "told and asked in the same act"
    assert desk.turns.rows[0].words.text().endswith("Send Armed instead."), "told is not sent"
    sent = len(live.sent)
    press(desk, F11)
    assert len(live.sent) == sent, "nobody is left to tell"
    live.tell(c.DispatchUnit(UnitId("A1"), CALL))
    assert not desk.turns.isVisible()


def test_given_a_service_that_could_not_be_asked_when_it_is_ticked_then_the_tick_says_told_and_not_asked(
    qtbot: QtBot, live: Live
) -> None:
    banner = banner_of(live, qtbot)
    live.tell(weapon())
    live.tell(c.TellOfTransition(CALL, live.scene.call().transitions[0].transition_id, "service:POLICE"))
    tick = banner.rows[0].ticks["service:POLICE"]
    assert tick.text() == "✓ Police 14:30, not asked yet"
    live.tell(c.OrderOtherService(CALL, "POLICE", "a weapon"))
    assert tick.text() == "✓ Police 14:30"


def test_given_a_team_on_its_way_to_a_weapon_when_ctrl_f10_is_pressed_then_it_is_called_back_until_it_has_arrived(
    qtbot: QtBot,
) -> None:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL)).given(*status(T1, UnitStatus.EN_ROUTE))
    live = at(Live(scene), OKAFOR)
    desk = desk_of(live, qtbot)
    live.tell(weapon())
    assert desk.turns.rows[0].recall.text() == "Recall T1" and desk.turns.rows[0].recall.isVisible()
    press(desk, F10, Qt.KeyboardModifier.ControlModifier)
    assert live.sent == [c.RecallUnit(T1, "TEAM turned: a weapon is there")]
    assert live.scene.unit(T1).call is None and desk.turns.rows[0].recall.isHidden()


def test_given_a_team_on_scene_when_it_turns_then_no_recall_is_offered(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    live.tell(weapon())
    assert desk.turns.rows[0].recall.isHidden()
    press(desk, F10, Qt.KeyboardModifier.ControlModifier)
    assert live.sent == [] and "still on the way" in live.context.notices.standing[-1].words


def test_given_all_are_told_when_a_person_says_why_nothing_is_needed_instead_then_the_banner_goes_and_the_record_keeps_it(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    live.tell(weapon())
    (turned,) = live.scene.call().transitions
    live.tell(*(c.TellOfTransition(CALL, turned.transition_id, party.key) for party in turned.parties))
    before = QApplication.focusWidget()
    press(desk, F11, Qt.KeyboardModifier.ControlModifier)
    field = desk.turns.rows[0].why
    assert field.hasFocus()
    press(desk, Qt.Key.Key_Return)
    assert live.sent == [], "a reason is needed"
    press(desk, Qt.Key.Key_Escape)
    assert field.isHidden() and QApplication.focusWidget() is before
    press(desk, F11, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "officers are there")
    press(desk, Qt.Key.Key_Return)
    assert live.sent == [c.WaiveInstead(CALL, turned.transition_id, "officers are there")]
    assert not desk.turns.isVisible()
    words = call_pane(desk).turned.words.text()
    assert "NOT YET SENT" not in words and "by Okafor: officers are there" in words


def test_given_a_tick_by_mouse_then_that_party_is_told_and_the_keyboard_stays_where_it_was(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    press(desk, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    asked = QApplication.focusWidget()
    live.tell(weapon())
    assert QApplication.focusWidget() is asked, "the banner takes no keyboard"
    QTest.mouseClick(desk.turns.rows[0].ticks["service:POLICE"], Qt.MouseButton.LeftButton)
    assert told(live) == ["service:POLICE"] and QApplication.focusWidget() is asked
    assert desk.turns.rows[0].ticks["caller"].key == "F11", "the next in the order of the record"


def test_given_ticks_that_wait_for_the_hub_when_f11_is_pressed_again_then_each_press_ticks_another_one(
    qtbot: QtBot, live: Live
) -> None:
    banner = banner_of(live, qtbot)
    live.tell(weapon())
    live.hold_answers()
    banner.tell_next()
    banner.tell_next()
    assert [s.command.party for s in live.waiting if isinstance(s.command, c.TellOfTransition)] == ["caller", "unit:T1"]
    assert not banner.rows[0].ticks["caller"].isEnabled(), "it is being sent"
    live.answer()
    live.answer()
    assert told(live) == ["caller", "unit:T1"]


def test_given_a_tick_that_is_refused_then_the_row_says_why_and_the_party_stays_untold(qtbot: QtBot, live: Live) -> None:
    banner = banner_of(live, qtbot)
    live.tell(weapon())
    live.refuse = Rejected("no", "The hub is in repair.")
    banner.tell_next()
    assert banner.rows[0].said.text() == "The hub is in repair."
    live.refuse = None
    banner.tell_next()
    assert told(live) == ["caller"] and not banner.rows[0].said.isVisible()


def test_given_a_service_that_cannot_be_asked_then_the_row_says_why_and_nobody_is_ticked_as_told(
    qtbot: QtBot, live: Live
) -> None:
    banner = banner_of(live, qtbot)
    live.tell(weapon())
    live.hold_answers()
    banner.tell(banner.rows[0].transition_id, "service:POLICE")
    assert [type(submission.command) for submission in live.waiting] == [c.OrderOtherService], "asked first, then ticked"
    live.refuse = Rejected("no", "The hub is in repair.")
    live.answer()
    live.refuse = None
    assert banner.rows[0].said.text() == "The hub is in repair."
    assert not live.waiting and told(live) == []


def test_given_the_keyboard_on_a_tick_when_the_last_is_ticked_then_it_is_back_on_the_board(qtbot: QtBot, live: Live) -> None:
    desk = desk_of(live, qtbot)
    live.tell(weapon())
    desk.turns.rows[0].ticks["caller"].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(3):
        assert has_keyboard(desk.turns)
        press(desk, Qt.Key.Key_Space)
    assert told(live) == ["caller", "unit:T1", "service:POLICE"]
    assert desk.turns.rows[0].instead.hasFocus(), "what goes instead comes next"
    live.tell(c.DispatchUnit(UnitId("A1"), CALL))
    assert has_keyboard(desk.view())


# ------------------------------------------------------------------------------------------------- several


def test_given_several_turns_then_the_latest_stands_on_top_but_a_key_on_its_way_down_never_ticks_another(
    qtbot: QtBot,
) -> None:
    live = at(Live(team_on_scene(CALL, OTHER)), OKAFOR)
    banner = banner_of(live, qtbot)
    live.tell(weapon(CALL))
    live.tell(weapon(OTHER))
    assert [row.words.text()[:4] for row in banner.rows] == ["0002", "0001"]
    banner.tell_next()
    assert (told(live, CALL), told(live, OTHER)) == (["caller"], []), "the keys are where they were"
    for _ in range(2):
        banner.tell_next()
    banner.tell_next()
    assert told(live, OTHER) == ["caller"], "all of the first are told: now the keys are about the other"


def test_given_several_turns_when_f5_is_pressed_then_each_call_in_its_turn_is_shown_with_the_keys_on_it(
    qtbot: QtBot,
) -> None:
    live = at(Live(team_on_scene(CALL, OTHER)), OKAFOR)
    live.tell(weapon(CALL), weapon(OTHER))
    desk = desk_of(live, qtbot)
    chosen = []
    for _ in range(3):
        press(desk, F5)
        chosen.append(live.context.selection.call_id)
    assert chosen == [OTHER, CALL, OTHER]
    press(desk, F11)
    assert (told(live, CALL), told(live, OTHER)) == ([], ["caller"])


def test_given_more_turns_than_are_shown_then_the_others_are_counted_and_the_one_with_the_keys_is_shown(
    qtbot: QtBot,
) -> None:
    scene = taken(team_on_scene(CALL, OTHER).given(receive(THIRD)), call_id=THIRD)
    live = at(Live(scene), OKAFOR)
    banner = banner_of(live, qtbot)
    for call_id in (CALL, OTHER, THIRD):
        live.tell(weapon(call_id))
    assert [row.words.text()[:4] for row in banner.rows] == ["0003", "0001"]
    assert banner.more.text() == "and 1 more, not settled yet"


# ------------------------------------------------------------------------------------------------- instead


def test_given_a_turn_when_f10_is_pressed_then_what_goes_instead_is_selected_with_its_reason_and_enter_sends_it(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.tell(weapon())
    press(desk, F10)
    panel = call_pane(desk).responding.panel
    assert live.context.selection.call_id == CALL and panel.is_open
    assert panel.option is not None and panel.option.value == "A1"
    press(desk, Qt.Key.Key_Return)
    assert live.scene.unit(UnitId("A1")).call == CALL

    assert desk.turns.rows[0].instead.text() == "Ask Police…", "what goes along comes next"
    press(desk, F10)
    assert panel.option is not None and panel.option.value == "POLICE"
    assert panel.note.text() == "TEAM turned: a weapon is there"
    press(desk, Qt.Key.Key_Return)
    assert live.sent[-1] == c.OrderOtherService(CALL, "POLICE", "TEAM turned: a weapon is there")
    assert not desk.turns.rows[0].instead.isVisible() and desk.turns.isVisible(), "sent is not told"


def test_given_nobody_of_what_goes_instead_is_free_then_the_list_goes_on_to_who_can_and_then_to_any_service(
    qtbot: QtBot, live: Live
) -> None:
    live.tell(c.SetUnitStatus(UnitId("A1"), UnitStatus.OFF_SHIFT), weapon())
    desk = desk_of(live, qtbot)
    press(desk, F10)
    panel = call_pane(desk).responding.panel
    assert panel._title.text().startswith("Nobody of Armed can go now. Ask which service in its place?")
    assert panel.option is not None and panel.option.value == "POLICE"
    press(desk, Qt.Key.Key_Return)
    assert live.sent == [c.OrderOtherService(CALL, "POLICE", "TEAM turned: a weapon is there")]
    press(desk, F10)
    assert panel._title.text().startswith("Nobody of Armed can go now. Ask which service in its place?")
    assert panel.option is None, "nobody proposed one of the others"
    assert [option.value for option in panel.options if not option.why_not]


def test_given_a_clinician_when_f10_is_pressed_then_dispatch_is_asked_for_what_goes_instead(qtbot: QtBot) -> None:
    scene = taken(floor().given(receive()))
    live = at(Live(scene.given(weapon())), REYES)
    desk = desk_of(live, qtbot, "clinician")
    press(desk, F10)
    asked = [(ask.code, ask.reason) for ask in queries.unmet(live.scene.call())]
    assert asked == [("ARMED", "PHONE turned: a weapon is there")]
    instead = desk.turns.rows[0].instead
    assert instead.text() == "✓ dispatch asked for Armed" and not instead.isEnabled()
    sent = len(live.sent)
    press(desk, F10)
    assert len(live.sent) == sent, "asked once"


# ------------------------------------------------------------------------------------------------- the record


def test_given_a_turn_then_its_record_stands_under_the_heading_also_when_all_know_and_says_when_it_is_over(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    pane = call_pane(desk)
    assert not pane.turned.isVisible()
    live.tell(weapon())
    words = pane.turned.words.text()
    assert "▲ 14:30:12 TEAM turned: a weapon is there" in words and "by the word of Okafor" in words
    assert "Weapon: within reach (the officer saw it)" in words and "instead: Armed with Police" in words
    assert words.count("NOT YET TOLD") == 3
    for _ in range(3):
        press(desk, F11)
    words = pane.turned.words.text()
    assert pane.turned.isVisible() and "NOT YET TOLD" not in words and words.count("told 14:30") == 3
    assert words.count("NOT YET SENT") == 1 and "asked 14:30:1" in words and "▲" in words
    assert "eligible again" not in words
    live.tell(c.SetFact(CALL, WEAPON, "none", "it was a toy"))
    assert "Team is eligible again now" in pane.turned.words.text()
    assert "Weapon: within reach" in pane.turned.words.text(), "the record keeps what was known then"
    live.context.selection.choose_call(None)
    assert not pane.turned.isVisible()


def test_given_a_tick_that_waits_for_the_link_then_the_record_says_that_it_is_not_sent(qtbot: QtBot, live: Live) -> None:
    live.context.selection.choose_call(CALL)
    pane = on_screen(qtbot, CallPane(live.context), 520, 900)
    live.tell(weapon())
    tick = c.TellOfTransition(CALL, live.scene.call().transitions[0].transition_id, "caller")
    live.tell(tick)
    order = Order(CommandId("tick"), tick)
    waits = Row(1, order, OKAFOR, LogId("log"), live.now, None, RowState.WAITING, late=False, why="")
    live.store.take_unsent((waits,))
    assert "by Okafor, not sent yet" in pane.turned.words.text()
    live.store.take_unsent(())
    assert "not sent yet" not in pane.turned.words.text()


def test_given_a_turn_then_the_history_tells_it_and_each_telling_in_order_of_time(live: Live) -> None:
    from console.ui.call.words import times

    live.tell(weapon())
    record = live.scene.call().transitions[0]
    live.tell(c.TellOfTransition(CALL, record.transition_id, "unit:T1"), by=LIN)
    lines = [line.words for line in times(live.scene.state, live.scene.call(), live.now)]
    assert lines[-2:] == [
        "TEAM turned by the word of Okafor: a weapon is there (Weapon: within reach (the officer saw it)); "
        "proposed instead: Armed with Police",
        "T1 told of the turn by Lin",
    ]


# ------------------------------------------------------------------------------------------------- closing


def test_given_somebody_untold_when_the_call_is_to_be_closed_then_the_list_says_so_and_f11_leads_out_of_it(
    qtbot: QtBot, live: Live
) -> None:
    desk = desk_of(live, qtbot)
    live.context.selection.choose_call(CALL)
    live.tell(weapon(), c.SetUnitStatus(T1, UnitStatus.AVAILABLE))
    press(desk, Qt.Key.Key_F4)
    panel = call_pane(desk).responding.panel
    assert "not everybody was told" in panel._why_not.text() and "F11 ticks the next" in panel._why_not.text()
    for _ in range(3):
        press(desk, F11)
    assert not panel._why_not.isVisible()
    press(desk, Qt.Key.Key_1)
    press(desk, Qt.Key.Key_1)
    assert live.scene.call().closing is not None


def test_given_a_clinician_with_somebody_untold_when_they_close_then_it_says_who_first_and_after_the_ticks_it_closes(
    qtbot: QtBot,
) -> None:
    scene = taken(floor().given(receive()))
    live = at(Live(scene.given(weapon())), REYES)
    live.context.selection.choose_call(CALL)
    desk = desk_of(live, qtbot, "clinician")
    care = desk.view().pane("care")
    assert isinstance(care, CarePane) and care.turned.isVisible()
    for key in ((Qt.Key.Key_F4, NONE), (Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)):
        press(desk, *key)
        assert "closes once these have been told: the caller, Reyes, Police. F11 ticks." in care.said.text()
    assert live.sent == []
    for _ in range(3):
        press(desk, F11)
    press(desk, Qt.Key.Key_F4)
    press(desk, Qt.Key.Key_F4)
    assert live.scene.call().closing is not None


# ------------------------------------------------------------------------------------------------- who goes on


def test_given_three_answers_of_dispatch_when_handed_off_then_the_clinician_goes_on_and_never_begins_anew(
    qtbot: QtBot,
) -> None:
    scene = floor().given(receive(), c.AnswerQuestion(CALL, "crisis", QuestionId("weapon"), "1"))
    live = at(Live(taken(scene)), REYES)
    desk = desk_of(live, qtbot, "clinician")
    live.context.selection.choose_call(CALL)
    press(desk, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    press(desk, Qt.Key.Key_1)
    given = [(answer.question, answer.by) for answer in live.scene.call().answers]
    assert given == [("weapon", OKAFOR), ("violence", REYES)]


def test_given_the_supervisors_workspace_when_f5_is_pressed_then_the_call_is_shown_where_calls_are(
    qtbot: QtBot, live: Live
) -> None:
    at(live, OKAFOR, Role.SUPERVISOR)
    live.tell(weapon())
    desk = desk_of(live, qtbot, "supervisor")
    assert desk.turns.isVisible()
    press(desk, F5)
    assert desk.workspace == "dispatch"
    qtbot.waitUntil(lambda: call_pane(desk).heading.number.text() == "0001")


def test_given_the_supervisors_workspace_when_f10_is_pressed_then_the_list_opens_as_soon_as_the_call_is_shown(
    qtbot: QtBot, live: Live
) -> None:
    at(live, OKAFOR, Role.SUPERVISOR)
    live.tell(weapon())
    desk = desk_of(live, qtbot, "supervisor")
    press(desk, F10)
    qtbot.waitUntil(lambda: call_pane(desk).responding.panel.option is not None)
    assert call_pane(desk).responding.panel.option.value == "A1"  # type: ignore[union-attr]


# ------------------------------------------------------------------------------------------------- little room


@pytest.mark.parametrize("workspace", ["dispatch", "clinician"])
def test_given_the_smallest_window_during_a_turn_then_the_record_is_one_line_and_the_answers_have_the_room(
    qtbot: QtBot, workspace: str
) -> None:
    scene = team_on_scene() if workspace == "dispatch" else taken(floor().given(receive()))
    live = at(Live(scene), OKAFOR if workspace == "dispatch" else REYES)
    live.context.selection.choose_call(CALL)
    desk = desk_of(live, qtbot, workspace)
    desk.resize(1366, 768)
    live.tell(weapon())
    pane = desk.view().pane("call" if workspace == "dispatch" else "care")
    assert isinstance(pane, CallPane | CarePane)
    qtbot.waitUntil(lambda: pane.height() < 700 and pane.turned.height() < 50 and pane.triage.height() > 200)
    assert "NOT YET TOLD" in pane.turned.words.text() and "NOT YET SENT" in pane.turned.words.text()
    desk.resize(1366, 1080)
    qtbot.waitUntil(lambda: pane.turned.height() > 60)
