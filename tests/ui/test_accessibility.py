"""Every workspace walked widget by widget: names, targets one can hit, an order one can follow, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.follow_ups import Reach
from console.domain.ids import CallId, CautionId, DeskId, NeighborId, NoteId, ReferralId
from console.domain.state import PresenceStatus, Role, SealedKind, UnitStatus
from console.link.link_state import LinkState, LinkStatus
from console.ui import theme as themes
from console.ui.action_button import ActionButton
from console.ui.call.view import CallPane
from console.ui.desk import Desk
from console.ui.followups.view import FollowUpsPane
from console.ui.widgets import Elided
from console.wire.messages import Session
from tests.support.agency import WEAPON
from tests.support.scenes import CALL, OKAFOR, REYES, T1, T2, offer, receive, status
from tests.ui.live import Live

WORKSPACES = {"dispatch": Role.TELECOMMUNICATOR, "clinician": Role.CLINICIAN, "supervisor": Role.SUPERVISOR}
SMALLEST, DESIGN = (1366, 768), (1920, 1080)


def busy() -> Live:
    """Something in every pane: calls that wait, one ringing, one turned, a unit that asks for backup, an exercise."""
    live = Live()
    live.tell(c.SetPresence(PresenceStatus.READY), by=REYES)
    for number, nature in enumerate(("CRISIS", "TRESPASS", "CRISIS", "BURGLARY"), 1):
        live.tell(receive(CallId(f"call-{number}"), nature, callback="919 555 0100", language="es"))
    live.tell(c.DispatchUnit(T1, CallId("call-2")), *status(T1, UnitStatus.ON_SCENE), c.RequestBackup(T1, "POLICE"))
    live.tell(c.DispatchUnit(T2, CallId("call-3")), offer(REYES, "h1", CALL))
    live.tell(c.SetFact(CallId("call-3"), WEAPON, "near", "heard on the line"))
    live.tell(c.SealNote(CALL, NoteId("n1"), SealedKind.CLINICAL, "5e" * 32), by=REYES)
    approach = "Speak slowly, ask about the garden first; does not like sirens near the house."
    ana, until = NeighborId("ana"), live.now + timedelta(days=30)
    live.tell(c.KeepNeighbor(ana, ("919 555 0100",), (), "Ana Ortiz", "es", approach), by=REYES)
    live.tell(c.GiveCaution(ana, CautionId("dog"), "A dog behind the door that bites.", until), by=REYES)
    live.tell(c.SealProfileNote(ana, NoteId("n2"), "5e" * 32), c.ReferNeighbor(ReferralId("r1"), CALL), by=REYES)
    live.tell(c.ReferNeighbor(ReferralId("r2"), CallId("call-2")), c.TryOutreach(ReferralId("r2"), Reach.PHONE, True))
    live.store.take_state(replace(live.store.state, exercise=True))
    live.store.take_link(LinkStatus(LinkState.LIVE, live.now, 12.0))
    return live


@pytest.fixture(params=list(WORKSPACES))
def workspace(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def open_desk(workspace: str, qtbot: QtBot, size: tuple[int, int] = SMALLEST) -> Desk:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    themes.apply(app, themes.load_theme("dark"))
    live = busy()
    user = REYES if workspace == "clinician" else OKAFOR
    live.me = user
    live.store.take_me(Session("t", user, "M. Reyes", WORKSPACES[workspace], DeskId("d"), "LCSW", "desk 3"))
    desk = Desk(live.context, None, workspace)
    qtbot.addWidget(desk)
    desk.resize(*size)
    desk.show()
    live.context.selection.choose_call(CALL)
    live.context.selection.choose_unit(T1)
    if workspace == "clinician":
        follow_ups = desk.view().pane("follow_ups")
        assert isinstance(follow_ups, FollowUpsPane)
        follow_ups.list.choose(ReferralId("r1"))
    seen: list[list[int]] = []

    def stands_still() -> bool:
        seen.append([dock.width() for dock in desk.view().docks_in_order()])
        return desk.view().settled and len(seen) > 4 and all(widths == seen[-1] for widths in seen[-4:])

    qtbot.waitUntil(stands_still)
    return desk


def shown(desk: Desk) -> Iterator[QWidget]:
    yield from (widget for widget in desk.findChildren(QWidget) if widget.isVisible())


def takes_keyboard(widget: QWidget) -> bool:
    return widget.isEnabled() and bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)


def about(widget: QWidget) -> str:
    words = getattr(widget, "text", lambda: "")()
    where = []
    parent: QWidget | None = widget
    while parent is not None:
        where.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{' < '.join(where[:5])} {words!r} {widget.width()}x{widget.height()}, wants {widget.sizeHint().width()}"


def test_everything_that_takes_the_keyboard_has_a_name(workspace: str, qtbot: QtBot) -> None:
    desk = open_desk(workspace, qtbot)
    nameless = []
    for widget in filter(takes_keyboard, shown(desk)):
        read_out = QAccessible.queryAccessibleInterface(widget)
        if not read_out.text(QAccessible.Text.Name).strip():
            nameless.append(about(widget))
    assert not nameless


@pytest.mark.parametrize("size", [SMALLEST, DESIGN])
def test_every_button_is_a_target_one_can_hit(workspace: str, size: tuple[int, int], qtbot: QtBot) -> None:
    desk = open_desk(workspace, qtbot, size)
    small = [
        about(button)
        for button in shown(desk)
        if isinstance(button, QAbstractButton) and (button.width() < 24 or button.height() < 24)
    ]
    assert not small


@pytest.mark.parametrize("size", [SMALLEST, DESIGN])
def test_no_words_are_cut_off(workspace: str, size: tuple[int, int], qtbot: QtBot) -> None:
    desk = open_desk(workspace, qtbot, size)
    cut = []
    for widget in shown(desk):
        if isinstance(widget, Elided) or not isinstance(widget, QLabel | QAbstractButton):
            continue  # an elided label shows its whole words in a tooltip
        if isinstance(widget, ActionButton) and widget.text() in widget.toolTip():
            continue  # and so does a button that had to give way
        if isinstance(widget, QLabel) and widget.wordWrap():
            missing = widget.heightForWidth(widget.width()) > widget.height() + 1
        else:
            missing = widget.minimumSizeHint().width() > widget.width() + 1
        if missing and not _scrolls(widget):
            cut.append(about(widget))
    assert not cut


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def test_a_list_of_reasons_stays_inside_the_smallest_window(qtbot: QtBot) -> None:
    desk = open_desk("dispatch", qtbot)
    pane = desk.view().pane("call")
    assert isinstance(pane, CallPane)
    pane.responding.ask_ending()
    panel = pane.responding.panel
    qtbot.waitUntil(lambda: panel.isVisible() and panel.list.height() > 0)
    for widget in (panel.list, panel.note, panel):
        below = widget.mapTo(desk, QPoint(0, widget.height())).y()
        assert below <= desk.commands.mapTo(desk, QPoint(0, 0)).y(), about(widget)


def test_the_tab_key_goes_strip_panes_from_left_to_right_then_the_command_line(workspace: str, qtbot: QtBot) -> None:
    desk = open_desk(workspace, qtbot)
    parts = [desk.strip, desk.banners, *desk.view().docks_in_order(), desk.notices, desk.commands]
    seen: list[int] = []
    desk.order_focus()  # as the Tab key does
    widget = desk.nextInFocusChain()
    while widget is not None and widget is not desk:
        if takes_keyboard(widget) and widget.isVisible():
            place = next((n for n, part in enumerate(parts) if part is widget or part.isAncestorOf(widget)), None)
            if place is not None and (not seen or seen[-1] != place):
                seen.append(place)
        widget = widget.nextInFocusChain()
    first = seen.index(min(seen))
    assert seen[first:] + seen[:first] == sorted(set(seen))


def test_the_panes_fill_the_window_and_none_is_squeezed_out(workspace: str, qtbot: QtBot) -> None:
    desk = open_desk(workspace, qtbot)
    for dock in desk.view().docks_in_order():
        assert dock.isVisible()
        corner = dock.mapTo(desk, QPoint(dock.width(), dock.height()))
        assert corner.x() <= desk.width() and corner.y() <= desk.height(), dock.objectName()
        assert dock.width() >= 200 and dock.height() >= 120, dock.objectName()
