"""The call in care: what goes along with the caller, the questions going on, the narrative, and the ways out of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.changes import Changes
from console.domain.ids import CallId
from console.domain.state import Call
from console.ui.call.heading import CallHeading
from console.ui.call.turn_record import LOW, TurnRecord
from console.ui.context import Context
from console.ui.handoff.along_card import AlongCard
from console.ui.handoff.call_back_card import CallBackCard
from console.ui.handoff.care_actions import CareActions
from console.ui.handoff.message_thread import MessageThread
from console.ui.handoff.narrative_field import NarrativeField
from console.ui.handoff.screener import ScreenerPane
from console.ui.handoff.strip_view import StripView
from console.ui.handoff.told import times
from console.ui.triage.view import TriagePane
from console.ui.widgets import rule, scaled

_ASKING = 152
"""Pixels that a question, or a line that is written, keeps in the lowest of windows."""
_LOWEST = 560
_LOOK_AGAIN_S = 5
"""A unit's estimate changes without any event of the call: so often it is reckoned again."""
_BEFORE, _AFTER, _TURNED = 1 / 2, 1 / 3, 1 / 5
"""The share of the pane for what goes along: before it is accepted, afterwards, and beside the record of a turn."""


class CarePane(QWidget):
    """Shows the chosen call to a clinician, also before they accept it; acts on it while they speak with the caller."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._seconds = 0
        self.setAccessibleName("Call in care")
        self.heading, self.turned = CallHeading(), TurnRecord(context)
        self.strip, self.along = StripView(context), AlongCard(context)
        self._passing = QWidget()
        around = QVBoxLayout(self._passing)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.strip)
        self.triage = TriagePane(context)
        # The list of reasons takes its room from the questions, which scroll.
        self.triage.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.triage.setMinimumHeight(scaled(40))
        self.field, self.messages = NarrativeField(context), MessageThread(context)
        self.actions_below = CareActions(context)
        self.said = self.actions_below.said
        self.asking, self.writing = _tabs("Asking"), _tabs("Writing")
        self.asking.setMinimumHeight(scaled(_ASKING))
        self.asking.addTab(self.triage, "Questions")
        self.screener = ScreenerPane(context)
        self.screener.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.asking.addTab(self.screener, "Screener")
        self._low = True
        self._arrange(low=False)
        self.call_back = CallBackCard(context)
        owed = QVBoxLayout()
        owed.setContentsMargins(scaled(14), 0, scaled(14), 0)
        owed.addWidget(self.call_back)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # or it is never low enough to be arranged so
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.turned)
        column.addWidget(self._passing)
        column.addWidget(self.along)
        column.addWidget(rule())
        column.addWidget(self.asking, 3)
        column.addWidget(self.writing, 2)
        column.addWidget(rule())
        column.addLayout(owed)
        column.addWidget(self.actions_below)
        for action_id, part, takes in (
            ("focus.triage", self.triage, self.triage),
            ("screener.open", self.screener, self.screener),
            ("call.narrative", self.field, self.field.field),
            ("call.message", self.messages, self.messages.line),
        ):
            context.actions.bind(action_id, self, partial(self.go_to, part, takes))
        context.actions.bind("hand_off.told", self, self.strip.tell)
        context.actions.bind("hand_off.verify", self, self.strip.verify)
        context.actions.bind("hand_off.caller_lost", self, self._lose)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self.refresh)
        context.store.unsent_changed.connect(self.refresh)
        context.selection.call_changed.connect(self._chosen)
        context.neighbor.changed.connect(self._show_along)
        context.store.typing_changed.connect(self._typed)
        context.theme.changed.connect(self.refresh)
        context.ticker.second.connect(self._tick)
        self.refresh()

    def _arrange(self, *, low: bool) -> None:
        """In a low window what is written stands beside what is asked, else below it."""
        if low == self._low:
            return
        self._low = low
        tabs = self.asking if low else self.writing
        for part, title in ((self.field, "Narrative"), (self.messages, "Messages")):
            tabs.addTab(part, title)
        self.writing.setVisible(not low)
        self._name_tabs()

    def _name_tabs(self) -> None:
        self.asking.setTabVisible(self.asking.indexOf(self.screener), self.screener.has_screener)
        tabs, call = self.asking if self._low else self.writing, self.call
        tabs.setTabText(tabs.indexOf(self.messages), self.messages.title(call) if call else "Messages")

    def go_to(self, part: QWidget, takes: QWidget) -> None:
        """Show this part, and put the keyboard on what takes it there.

        No focus proxies: within tabs they let Tab go round another way each time its order is set.
        """
        for tabs in (self.asking, self.writing):
            if tabs.indexOf(part) >= 0:
                tabs.setCurrentWidget(part)
        takes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _chosen(self) -> None:
        self.actions_below.leave()
        self.refresh()

    def _follow(self, different: Changes) -> None:
        if not self.isVisible():
            return  # it catches up when it is shown
        call = self.call
        units = {a.unit_id for a in call.assignments} if call else set()
        if different.agency or different.people or (call and call.call_id in different.calls) or units & different.units:
            self.refresh()

    def _lose(self) -> None:
        """The caller is gone: said on the strip while it is there, else among what can be done."""
        if self.actions_below.lost.isVisible():
            self.actions_below.lost.click()
        else:
            self.strip.lose()

    def _typed(self, calls: frozenset[CallId]) -> None:
        if self._context.selection.call_id in calls:
            self._show_along()

    def _tick(self) -> None:
        self._seconds += 1
        if not self.isVisible():
            return
        self.actions_below.show_asks()
        if self._seconds % _LOOK_AGAIN_S == 0:
            self._show_along()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        """No higher than it is when arranged for a low window."""
        least = super().minimumSizeHint()
        return QSize(least.width(), min(least.height(), scaled(_LOWEST)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What goes along takes as many lines as this width needs."""
        super().resizeEvent(event)
        self._arrange(low=self.height() < scaled(LOW))
        self._fit()

    def refresh(self) -> None:
        """Show the chosen call as it is."""
        store, call = self._context.store, self.call
        self.field.show_call(call.call_id if call else None, call is not None)
        self.heading.show_call(store.state.agency, call)
        self.heading.say(times(store.state.agency, call, store.now()) if call else "")
        self.turned.show_call(call)
        self._name_tabs()
        mine = call is not None and call.in_care_of == self._context.me
        passes = self.strip.lines is not None and self.strip.lines.hand_off is not None
        self._passing.setVisible(passes or not mine)  # who has the caller alone knows it
        self.actions_below.refresh()
        self._show_along()
        self._fit()

    def _show_along(self) -> None:
        if self.isVisible():
            self.along.show_call(self.call, says_whose=self.strip.lines is None)

    def _fit(self) -> None:
        """Before it is accepted what goes along is what counts; afterwards the questions keep their room."""
        call = self.call
        offered = queries.rings(call) if call is not None else None
        share = _BEFORE if offered is not None and offered.to_user == self._context.me else _AFTER
        if not self.turned.isHidden():
            share = _TURNED if self.height() >= scaled(LOW) else 0.0
        self.along.share = share
        self.along.fit()
        self.turned.fit()


def _tabs(name: str) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setAccessibleName(name)
    tabs.setDocumentMode(True)
    tabs.setTabBarAutoHide(True)
    tabs.tabBar().setAccessibleName(name)
    tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    tabs.setFocusProxy(None)  # type: ignore[arg-type]  # its bar: with it Tab would stop there again, out of its turn
    tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return tabs
