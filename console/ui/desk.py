"""The desk's window: strip, banners, the workspace, notices and command line, in that order from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QRhiWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from console.ui import theme as themes
from console.ui.actions import action, key_words
from console.ui.backup_request import BackupRequestBar
from console.ui.banner import BackupBanner, BannerArea
from console.ui.command_line import CommandLine
from console.ui.context import Context
from console.ui.map.scheme import why_no_map
from console.ui.marks import Watermark
from console.ui.notice_bar import NoticeBar
from console.ui.panes import WORKSPACES, panes_of, refusals
from console.ui.preferences import Preferences
from console.ui.strip import SPEEDS, Strip
from console.ui.strip_words import board
from console.ui.workspace import WorkspaceView

if TYPE_CHECKING:
    from console.ui.followups.refer_bar import ReferBar
    from console.ui.handoff.banner import HandOffBanner
    from console.ui.help import Help
    from console.ui.turn_banner import TurnBanner

_ON_EVERY_PAGE = {"help", "look.theme", "look.larger", "look.smaller", "desk.quit"}


@runtime_checkable
class _Sends(Protocol):
    """The pane of the chosen call, made when its workspace is first shown."""

    def send_instead(self, code: str, reason: str) -> None:
        """List what can be sent of a programme or service, with the reason filled in."""


class Desk(QMainWindow):
    """One desk. It shows the store; what needs the hub it asks by signal."""

    closed = Signal()
    sign_out_asked = Signal()
    speed_asked = Signal(float)
    send_now_asked = Signal(str)
    discard_asked = Signal(str)
    workspace_shown = Signal(str)
    """The workspace that somebody chose: in an exercise the person changes with it."""

    def __init__(self, context: Context, preferences: Preferences | None = None, workspace: str = "dispatch") -> None:
        super().__init__()
        self.context = context
        self.preferences = preferences or Preferences()
        self.workspace = ""
        self.strip = Strip(context)
        self.banners = BannerArea()
        self.backup = BackupBanner(context)
        self.asking_backup = BackupRequestBar(context)
        self.commands = CommandLine(context)
        self.notices = NoticeBar(context)
        self.help: Help | None = None
        self._workspaces: dict[str, WorkspaceView] = {}
        self._rested: QWidget | None = None
        self._stack = QStackedWidget()
        self._pages = QStackedWidget()
        self._board = QWidget()
        self._lay_out()
        self._surface = _surface_of_web_pages(self)
        self.watermark = Watermark(self.commands, self.commands.words_end)
        self._bind()
        self.setMinimumSize(640, 480)
        self.resize(1600, 900)
        self.show_workspace(workspace)
        if not self.workspace:  # it was refused, and said so: some workspace there must be
            self.show_workspace(next((name for name, why in self._refusals().items() if not why), workspace))
        self._refresh()
        for late in (lambda: self.refer, lambda: self.ringing, lambda: self.turns):
            context.opening.afterwards(late, first=True)

    def _lay_out(self) -> None:
        self.banners.add(self.asking_backup, self.asking_backup.forget, 0)
        self.banners.add(self.backup, self.backup.refresh, 1)
        for name, workspace in WORKSPACES.items():
            view = WorkspaceView(self.context, workspace, self._saved_layout(name))
            self._workspaces[name] = view
            self._stack.addWidget(view)
        column = self._column = QVBoxLayout(self._board)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.banners)
        column.addWidget(self._stack, 1)
        column.addWidget(self.notices)
        column.addWidget(self.commands)
        self._pages.addWidget(self._board)
        self.setCentralWidget(self._pages)

    def _bind(self) -> None:
        context, keys = self.context, self.context.actions
        store = context.store
        store.changed.connect(self._state_changed)
        store.link_changed.connect(self._refresh)
        store.me_changed.connect(self._refresh)
        store.rejected.connect(lambda rejected: context.notices.refuse(rejected.reason))
        self.strip.workspace_asked.connect(self.show_workspace)
        self.strip.speed_asked.connect(self.speed_asked)
        self.strip.menu_asked.connect(self._open_menu)
        self.notices.send_now_asked.connect(self.send_now_asked)
        self.notices.discard_asked.connect(self.discard_asked)
        self.backup.over_asked.connect(lambda unit_id: self.commands.begin(f"safe {unit_id} "))
        context.selection.call_opened.connect(self._show_call)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)
        keys.bind("unit.backup", self._board, self.asking_backup.press)
        keys.bind("call.refer", self._board, lambda: self.refer.ask())
        for action_id, do in self._does().items():
            keys.bind(action_id, self if action_id in _ON_EVERY_PAGE else self._board, do)

    # --------------------------------------------------------------------------------------------- made when needed

    @cached_property
    def turns(self) -> TurnBanner:
        """The banner of responses that turned."""
        from console.ui.turn_banner import TurnBanner

        made = TurnBanner(self.context)
        made.opened.connect(self.context.selection.open_call)
        made.instead_asked.connect(self._send_instead)
        made.left.connect(self.rest)
        self.banners.add(made, made.refresh, 2)
        return made

    @cached_property
    def ringing(self) -> HandOffBanner:
        """The banner of a caller who is offered to this person."""
        from console.ui.handoff.banner import HandOffBanner

        made = HandOffBanner(self.context)
        self.banners.add(made, made.refresh, 3)
        return made

    @cached_property
    def refer(self) -> ReferBar:
        """The bar that refers a neighbor for follow-up."""
        from console.ui.followups.refer_bar import ReferBar

        made = ReferBar(self.context)
        self._column.insertWidget(self._column.indexOf(self.notices), made)
        return made

    # --------------------------------------------------------------------------------------------- pages

    def show_page(self, page: QWidget) -> None:
        """Show a page of the start (how to begin, who signs in) in place of the board."""
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_board(self) -> None:
        """Show the board, with the keyboard on the first pane of the workspace."""
        if not self.shows_board:
            self._pages.setCurrentWidget(self._board)
        if self.focusWidget() is None or not self._stack.isAncestorOf(self.focusWidget()):
            self.view().take_focus()

    @property
    def shows_board(self) -> bool:
        """Whether the board is on screen, and not a page of the start."""
        return self._pages.currentWidget() is self._board

    def show_workspace(self, name: str, *, as_oneself: bool = False) -> None:
        """Show a workspace, if the person signed in may use it; `as_oneself`: they stay who they are, in an exercise too."""
        me = self.context.store.me
        why = self._refusals().get(name, "") if me else ""
        if why:
            self.context.notices.refuse(why)
        elif name != self.workspace:
            self.workspace = name
            self._stack.setCurrentWidget(self._workspaces[name])
            self._workspaces[name].take_focus()
            self.strip.show_workspace(name)
            if not as_oneself or me is None or me.role not in WORKSPACES[name].roles:
                self.workspace_shown.emit(name)
        self.strip.show_workspace(self.workspace)

    def _show_call(self) -> None:
        """The chosen call is wanted: a workspace that shows no calls gives way to the one that does."""
        if not {"call", "care"} & {pane.name for pane in panes_of(WORKSPACES[self.workspace].layout)}:
            self.show_workspace("dispatch", as_oneself=True)

    def _send_instead(self, call_id: str, code: str, reason: str) -> None:
        """Show the call, and under it the list from which the programme or service of that code is sent."""
        self.show_workspace("dispatch", as_oneself=True)
        self.context.selection.choose_call(call_id)

        def open_list() -> None:
            if isinstance(pane := self.view().pane("call"), _Sends):
                pane.send_instead(code, reason)

        self.context.opening.afterwards(open_list)  # until then the pane may not be made

    def view(self, name: str = "") -> WorkspaceView:
        """A workspace's view; without a name the one on screen."""
        return self._workspaces[name or self.workspace]

    def show_help(self) -> None:
        """Every key and command, in a window of its own."""
        if self.help is None:
            from console.ui.help import Help  # made when first asked for

            self.help = Help(self)
        self.help.show_beside()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes in reading order, whatever has come and gone since the last time."""
        self.order_focus()
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that no field took for itself leaves the field in which a person types; what is typed stays."""
        if event.key() == Qt.Key.Key_Escape and isinstance(self.focusWidget(), (QLineEdit, QPlainTextEdit)):
            self.rest()
            return
        super().keyPressEvent(event)

    def rest(self) -> None:
        """Put the keyboard back on the list or the questions that had it last, or on the first pane."""
        last = self._rested
        if last is not None and isValid(last) and self.view().isAncestorOf(last) and last.isVisible() and last.isEnabled():
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.view().take_focus()

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        del before
        if now is not None and self._stack.isAncestorOf(now) and not isinstance(now, (QLineEdit, QPlainTextEdit)):
            self._rested = now

    def order_focus(self) -> None:
        """Put what takes the keyboard in reading order: strip, banners, panes from left to right, notices, command line."""
        parts = [self.strip, self.banners, *self.view().docks_in_order(), self.refer, self.notices, self.commands]
        for before, after in pairwise([widget for part in parts for widget in _takers(part)]):
            QWidget.setTabOrder(before, after)

    # --------------------------------------------------------------------------------------------- look and layout

    def change_theme(self) -> None:
        """Dark becomes light, light becomes dark."""
        self.preferences.now.theme = "light" if themes.look.theme.name == "dark" else "dark"
        self._apply_look()

    def change_scale(self, step: float) -> None:
        """Larger or smaller, between 100 and 200 %."""
        self.preferences.now.scale = round(min(2.0, max(1.0, self.preferences.now.scale + step)), 1)
        self._apply_look()

    def _apply_look(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        themes.apply(app, themes.load_theme(self.preferences.now.theme), self.preferences.now.scale)
        self.preferences.save()

    def change_lock(self) -> None:
        """Unlock the panes of this workspace to be moved, or lock them where they stand."""
        view = self.view()
        view.unlock(not view.unlocked)
        key = key_words(action("layout.unlock").keys[0])
        if view.unlocked:
            self.context.notices.inform(f"Drag a pane by its title, also to another screen; {key} locks them again.")
        self.keep_layout()

    def keep_layout(self) -> None:
        """Remember how the panes stand, for this person."""
        for name, view in self._workspaces.items():
            layout = view.layout_kept()
            if layout:
                self.preferences.now.panes[self._layout_key(name)] = layout
            else:
                self.preferences.now.panes.pop(self._layout_key(name), None)
        self.preferences.save()

    def _saved_layout(self, name: str) -> str:
        return self.preferences.now.panes.get(self._layout_key(name), "")

    def _layout_key(self, name: str) -> str:
        return f"{self.preferences.now.user_id}/{name}"

    # --------------------------------------------------------------------------------------------- exercise

    def step_speed(self, step: int) -> None:
        """Ask for the next faster or slower speed of the list."""
        store = self.context.store
        if not store.state.exercise:
            return
        faster = [speed for speed in SPEEDS if speed > store.rate]
        slower = [speed for speed in SPEEDS if speed < store.rate]
        if step > 0 and faster:
            self.speed_asked.emit(float(faster[0]))
        elif step < 0 and slower:
            self.speed_asked.emit(float(slower[-1]))

    # --------------------------------------------------------------------------------------------- what changes

    def _refusals(self) -> dict[str, str]:
        store = self.context.store
        agency = store.state.agency
        by_phone = agency.answers_by_phone or not agency.programmes  # the person may be known before the board has come
        return refusals(store.me.role if store.me else None, store.state.exercise or store.plays, by_phone)

    def _state_changed(self) -> None:
        exercise = self.context.store.state.exercise
        if exercise == self.watermark.isHidden():
            self._refresh()

    def _refresh(self) -> None:
        store = self.context.store
        self.strip.allow(self._refusals() if store.me else {})
        for view in self._workspaces.values():
            view.grey(board(store.link) == "old")
        self.watermark.show_mark(store.state.exercise)
        name = f"{store.state.agency.programme_name} Console".strip()
        self.setWindowTitle(f"{name} · EXERCISE" if store.state.exercise else name)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for action_id, do in self._does().items():
            row = action(action_id)
            if action_id.startswith("exercise.") and not self.context.store.state.exercise:
                continue
            entry = menu.addAction(f"{row.text}\t{key_words(row.keys[0])}")
            entry.triggered.connect(lambda _=False, do=do: do())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _does(self) -> dict[str, Callable[[], object]]:
        """What the desk itself does, for keys and menu alike."""
        return {
            "help": self.show_help,
            "look.theme": self.change_theme,
            "look.larger": lambda: self.change_scale(+0.1),
            "look.smaller": lambda: self.change_scale(-0.1),
            "layout.unlock": self.change_lock,
            "layout.reset": lambda: self.view().reset(),
            "exercise.faster": lambda: self.step_speed(+1),
            "exercise.slower": lambda: self.step_speed(-1),
            "desk.sign_out": self._sign_out,
            "desk.quit": self.close,
        }

    def _sign_out(self) -> None:
        """Somebody with callers in their care first says who has each of them from here on."""
        if self.context.store.state.exercise or not self.strip.shift.begin():
            self.sign_out_asked.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, write the drafts, and say that this desk is done."""
        self.keep_layout()
        self.context.drafts.flush()
        super().closeEvent(event)
        self.closed.emit()


def _surface_of_web_pages(window: QWidget) -> QWidget | None:
    """A hidden child, for which Qt gives the window the surface that web pages are drawn on, before it is shown.

    A page that came later to a window without would have it closed and opened anew, before everybody's eyes.
    """
    if why_no_map():
        return None
    surface = QRhiWidget(window)
    surface.hide()
    return surface


def _takers(part: QWidget) -> list[QWidget]:
    """The widgets of a part that Tab stops at, from top to bottom and, in one line, from left to right.

    What scrolls stands where its area does, however far it is scrolled: else the order would change under the keys.
    """
    tab = Qt.FocusPolicy.TabFocus.value
    found = [w for w in part.findChildren(QWidget) if w.isVisible() and w.focusPolicy().value & tab and not w.focusProxy()]
    return sorted((w for w in found if w.window() is part.window()), key=lambda w: _place(w, part))


def _place(widget: QWidget, within: QWidget) -> tuple[tuple[int, int], ...]:
    """Line and column of a widget; before it, those of every scrolling area around it, the outermost first."""
    around = widget.parentWidget()
    while around is not None and around is not within:
        content = around.widget() if isinstance(around, QScrollArea) else None
        if content is not None:
            inside = widget.mapTo(content, QPoint(0, widget.height() // 2))
            return (*_place(around, within), (inside.y() // 12, inside.x()))
        around = around.parentWidget()
    middle = 0 if isinstance(widget, QScrollArea) else widget.height() // 2
    place = widget.mapTo(within, QPoint(0, middle))
    return ((place.y() // 12, place.x()),)
