"""Strip, banners and notice bar on screen: what they show, what they ask for, and what a refused workspace says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.commands import DispatchUnit, Order
from console.domain.ids import CallId, CommandId, DeskId, LogId, UserId
from console.domain.state import PresenceStatus, Role, UnitStatus
from console.link.link_state import LinkState, LinkStatus
from console.link.outbox import Row, RowState
from console.ui.banner import BackupBanner, BannerArea
from console.ui.notice_bar import NoticeBar
from console.ui.strip import Strip
from console.wire.messages import Session
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, REYES, T1, T2, floor, receive, status
from tests.ui.live import Live


@pytest.fixture
def live() -> Live:
    made = Live()
    made.tell(receive(), DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    return made


def strip_of(live: Live, qtbot: QtBot) -> Strip:
    strip = Strip(live.context)
    qtbot.addWidget(strip)
    strip.resize(1900, 44)
    strip.show()
    return strip


# ------------------------------------------------------------------------------------------------- strip


def test_given_a_workspace_tab_when_clicked_then_the_workspace_is_asked_for(qtbot: QtBot, live: Live) -> None:
    strip = strip_of(live, qtbot)
    with qtbot.waitSignal(strip.workspace_asked) as asked:
        strip.tabs["supervisor"].click()
    assert asked.args == ["supervisor"]
    assert [name for name, tab in strip.tabs.items() if tab.isChecked()] == ["dispatch"]


def test_given_a_role_without_the_right_then_the_tab_is_shown_disabled_with_the_reason(qtbot: QtBot, live: Live) -> None:
    strip = strip_of(live, qtbot)
    strip.allow({"clinician": "This workspace is for a clinician; you are signed in as a telecommunicator."})
    tab = strip.tabs["clinician"]
    assert tab.isVisible() and not tab.isEnabled()
    assert "for a clinician" in tab.toolTip()


def test_given_another_second_when_it_ticks_then_clock_and_counts_follow(qtbot: QtBot, live: Live) -> None:
    strip = strip_of(live, qtbot)
    live.later(seconds=60)
    assert strip.clock.text() == f"{live.now - timedelta(hours=4):%a %H:%M:%S}"


def test_given_a_link_that_breaks_then_its_chip_says_so_at_once(qtbot: QtBot, live: Live) -> None:
    strip = strip_of(live, qtbot)
    live.store.take_link(LinkStatus(LinkState.OFFLINE, live.now))
    assert strip.link.chip.words.startswith("▲ offline since")
    assert strip.link.accessibleName() == strip.link.chip.words


def test_given_the_clinicians_workspace_then_presence_stands_in_place_of_the_counts_and_can_be_changed(
    qtbot: QtBot, live: Live
) -> None:
    live.store.take_me(Session("t", REYES, "M. Reyes", Role.CLINICIAN, DeskId("d")))
    live.me = REYES
    live.tell(c.ConfigureAgency(replace(AGENCY, away_reasons=("Meal",))))
    strip = strip_of(live, qtbot)
    strip.show_workspace("clinician")

    strip.presence[PresenceStatus.AWAY].click()

    assert live.sent == [] and not strip.presence[PresenceStatus.AWAY].isChecked(), "it asks why first"
    assert [option.words for option in strip.reasons.options] == ["Meal", "Another reason"]
    strip.reasons.press("1")
    assert live.sent == [c.SetPresence(PresenceStatus.AWAY, "Meal")]
    assert strip.presence[PresenceStatus.AWAY].isChecked() and not strip.reasons.is_open
    strip.show_workspace("dispatch")
    assert not strip.presence[PresenceStatus.AWAY].isVisible()


def test_given_an_exercise_then_its_mark_and_speed_are_there_and_otherwise_not(qtbot: QtBot, live: Live) -> None:
    strip = strip_of(live, qtbot)
    assert not strip.exercise.isVisible()
    live.store.keep_time_by(lambda: live.now, lambda: 60.0)
    live.store.take_state(replace(live.store.state, exercise=True))
    assert strip.exercise.isVisible()
    assert strip.exercise.text() == "EXERCISE · 60 ×"


@pytest.mark.parametrize("width", [1366, 1000])
def test_given_little_room_then_nothing_of_the_strip_is_cut_off(qtbot: QtBot, live: Live, width: int) -> None:
    live.store.take_state(replace(live.store.state, exercise=True))
    strip = strip_of(live, qtbot)
    strip.resize(width, strip.sizeHint().height())
    strip.resize(width, strip.sizeHint().height())
    shown = (*strip.tabs.values(), strip.link, strip.clock, strip.person, strip.exercise)
    qtbot.waitUntil(lambda: strip.person.geometry().right() < width)
    qtbot.waitUntil(lambda: all(widget.width() >= widget.sizeHint().width() for widget in shown))


@pytest.mark.parametrize("workspace", ["dispatch", "clinician", "supervisor"])
def test_given_the_smallest_window_then_the_strip_takes_one_row_in_fewer_words(
    qtbot: QtBot, live: Live, workspace: str
) -> None:
    live.tell(*(receive(CallId(f"late-{n}")) for n in range(3)))
    live.store.take_state(replace(live.store.state, exercise=True))
    live.store.take_link(LinkStatus(LinkState.LIVE, live.now, 14.0))
    strip = strip_of(live, qtbot)
    strip.show_workspace(workspace)
    wide = strip.sizeHint().height()
    strip.resize(1366, wide)
    live.later(hours=2)
    qtbot.waitUntil(lambda: strip.person.geometry().right() < 1366)
    assert strip.sizeHint().height() == wide
    assert not strip.link.geometry().intersects(strip._middle.geometry())


# ------------------------------------------------------------------------------------------------- backup


def banners_of(live: Live, qtbot: QtBot) -> tuple[BannerArea, BackupBanner]:
    area, backup = BannerArea(), BackupBanner(live.context)
    area.add(backup, backup.refresh, 1)
    qtbot.addWidget(area)
    area.show()
    return area, backup


def words_of(backup: BackupBanner) -> list[str]:
    return [row.words.text() for row in backup.rows]


def test_given_no_request_then_the_banner_takes_no_room(qtbot: QtBot, live: Live) -> None:
    area, backup = banners_of(live, qtbot)
    assert not backup.isVisible()
    assert area.sizeHint().height() == 0


def test_given_a_request_when_it_comes_then_it_says_who_what_where_which_call_and_how_long(qtbot: QtBot, live: Live) -> None:
    _, backup = banners_of(live, qtbot)
    live.tell(c.RequestBackup(T1, "POLICE"))
    live.later(seconds=21)
    assert words_of(backup) == ["T1 requests police backup — 100 Main St — call 0001 Crisis — 0:22"]
    assert backup.rows[0].standing.text() == "Police not sent yet · not heard yet"


def test_given_a_request_when_acknowledged_and_sent_then_it_says_by_whom_and_stays_until_it_is_ended(
    qtbot: QtBot, live: Live
) -> None:
    _, backup = banners_of(live, qtbot)
    live.tell(c.RequestBackup(T1, "POLICE"))

    backup.rows[0].acknowledge.click()
    assert "heard by Okafor" in backup.rows[0].standing.text()
    backup.rows[0].send.click()
    live.later(seconds=130)
    assert backup.rows[0].standing.text() == "Police sent 2:11 ago, by Okafor · heard by Okafor"
    assert backup.rows[0].send.isHidden() and backup.rows[0].acknowledge.isHidden()
    backup.rows[0].arrived.click()
    live.later(seconds=60)
    assert backup.rows[0].standing.text().startswith("arrived 1:01 ago, said Okafor · Police sent 3:12 ago")
    assert live.sent == [c.AcknowledgeBackup(T1), c.SendBackup(T1), c.ArriveBackup(T1)]

    with qtbot.waitSignal(backup.over_asked) as asked:
        backup.rows[0].over.click()
    assert asked.args == [T1]
    live.tell(c.ClearBackup(T1, "spoke to the crew"))
    assert not backup.isVisible()


def test_given_two_requests_then_the_one_still_to_be_served_stands_on_top(qtbot: QtBot, live: Live) -> None:
    _, backup = banners_of(live, qtbot)
    live.tell(c.RequestBackup(T1, "POLICE"), c.SendBackup(T1), c.RequestBackup(T2, "EMS"))
    assert [row.unit_id for row in backup.rows] == [T2, T1]
    assert backup.rows[0].send.text() == "Send ems"


# ------------------------------------------------------------------------------------------------- notices and unsent


def press(bar: NoticeBar, text: str) -> None:
    next(button for button in bar.buttons() if button.text().startswith(text)).click()


def row(state: RowState, why: str, at: datetime) -> Row:
    order = Order(CommandId(f"c-{state.value}"), DispatchUnit(T1, CALL))
    return Row(1, order, UserId("okafor"), LogId("log"), at, None, state, late=True, why=why)


def test_given_a_command_that_came_back_then_it_is_shown_until_it_is_sent_or_discarded(qtbot: QtBot, live: Live) -> None:
    bar = NoticeBar(live.context)
    qtbot.addWidget(bar)
    assert bar.isHidden()

    live.store.take_unsent((row(RowState.EXPIRED, "It could not be sent for 30 s.", live.now),))

    assert not bar.isHidden()
    assert bar.lines() == ["Not sent: dispatch unit T1 · call 0001. It could not be sent for 30 s."]
    with qtbot.waitSignal(bar.send_now_asked) as asked:
        press(bar, "Send now")
    assert asked.args == ["c-expired"]
    with qtbot.waitSignal(bar.discard_asked):
        press(bar, "Discard")


def test_given_a_refused_recording_then_it_stays_until_seen(qtbot: QtBot, live: Live) -> None:
    bar = NoticeBar(live.context)
    qtbot.addWidget(bar)
    live.store.take_unsent((row(RowState.REJECTED, "Call 0001 is already closed.", live.now),))
    assert bar.lines() == ["Refused: dispatch unit T1 · call 0001. Call 0001 is already closed."]
    with qtbot.waitSignal(bar.discard_asked):
        press(bar, "Seen")


def test_given_many_notices_then_the_newest_stand_there_and_the_rest_is_counted(qtbot: QtBot, live: Live) -> None:
    bar = NoticeBar(live.context)
    qtbot.addWidget(bar)
    for number in range(6):
        live.context.notices.refuse(f"refusal {number}")
    assert bar.lines() == ["refusal 2", "refusal 3", "refusal 4", "refusal 5", "and 2 more"]
    press(bar, "Dismiss")
    assert len(live.context.notices.standing) == 5


def test_a_command_is_named_in_words() -> None:
    from console.ui.command_words import command_words

    scene = floor().given(receive())
    note = c.AddNarrative(CALL, "e", "x" * 80)  # type: ignore[arg-type]
    assert command_words(scene.state, note) == f'add narrative · call 0001 · "{"x" * 59}…"'
    assert command_words(scene.state, c.SetUnitStatus(T1, UnitStatus.EN_ROUTE)) == "status T1 en route"
    made = receive("made", "TRESPASS")  # type: ignore[arg-type]
    assert command_words(scene.state, made) == "new call · Trespass, 100 Main St"
    tick = c.TellOfTransition(CALL, "t", "unit:T1")  # type: ignore[arg-type]
    assert command_words(scene.state, tick) == "told of the turn: T1 · call 0001"
    assert "the caller" in command_words(scene.state, replace(tick, party="caller"))
    gone = c.CloseCall("nowhere", outcome="resolved")  # type: ignore[arg-type]
    assert command_words(scene.state, gone) == "close call · a call that is gone from the board"
