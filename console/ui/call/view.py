"""The call pane: the chosen call's heading, its questions, narrative and history, and under them what may be done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.domain.changes import Changes
from console.domain.ids import CallId
from console.domain.state import Call
from console.ui.call.asked_banner import AskedBanner
from console.ui.call.heading import CallHeading
from console.ui.call.history_tab import HistoryTab
from console.ui.call.narrative_tab import NarrativeTab
from console.ui.call.no_call import NoCall
from console.ui.call.responding import Responding
from console.ui.call.turn_record import TurnRecord
from console.ui.call.words import spoken_heading, waited_words
from console.ui.context import Context
from console.ui.handoff.message_thread import MessageThread
from console.ui.handoff.strip_view import StripView
from console.ui.triage.view import TriagePane
from console.ui.widgets import has_keyboard, rule, scaled

_TABS: Final = ("Triage", "Narrative", "History", "Messages")


class CallPane(QWidget):
    """Everything about the call that the desk has chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("Call")
        self._stale = True
        self._read: dict[CallId, int] = {}
        """How many released entries of each call stood in its narrative when that was looked at."""
        self.triage, self.narrative, self.history = TriagePane(context, self), NarrativeTab(context), HistoryTab(context)
        self.responding = Responding(context, self)
        self.heading, self.turned, self.strip = CallHeading(), TurnRecord(context), StripView(context)
        self.asked, self.messages = AskedBanner(context), MessageThread(context)
        self._empty = NoCall()
        self.tabs = [self._tab(place, words) for place, words in enumerate(_TABS)]
        self._stack = QStackedWidget()
        for page in (self.triage, _scrolling(self.narrative), self.history, self.messages):
            self._stack.addWidget(page)
        # What is asked below comes first: a list opened there takes its room from here, and never from the window's edge.
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._body = self._lay_out()
        self.tabs[3].setMinimumWidth(scaled(44))

        self.triage.wanted.connect(lambda: self.show_tab(0))
        keys = context.actions
        keys.bind("focus.triage", self, self.ask)
        self.responding.panel.opened.connect(self.strip.stand_aside)
        self.asked.answer_asked.connect(self.responding.answer_ask)
        keys.bind("ask.answer", self, self.asked.answer)
        keys.bind("threat.acknowledge", self, self.asked.acknowledge)
        keys.bind("hand_off.told", self, self.strip.tell)
        keys.bind("hand_off.verify", self, self.strip.verify)
        keys.bind("hand_off.caller_lost", self, self.strip.lose)
        keys.bind("call.message", self, self.write_message)
        keys.bind("call.narrative", self, lambda: self._write(self.narrative.entry))
        keys.bind("call.nature", self, lambda: self._edit(self.narrative.fields.nature.focus))
        keys.bind("call.priority", self, lambda: self._edit(self.narrative.fields.priority.focus))
        context.store.changed.connect(self._follow)
        context.selection.call_changed.connect(lambda _: self._refresh())
        context.store.me_changed.connect(lambda _: self._refresh())
        context.ticker.second.connect(self._tick)
        context.neighbor.changed.connect(self._recount)
        self.show_tab(0)
        self._refresh()

    def _lay_out(self) -> QWidget:
        bar = QFrame()
        bar.setProperty("role", "strip")
        row = QHBoxLayout(bar)
        row.setContentsMargins(scaled(14), scaled(5), scaled(8), scaled(5))
        row.setSpacing(scaled(2))
        for tab in self.tabs:
            row.addWidget(tab)
        row.addStretch(1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.heading, self.turned, self.strip, bar):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        column.addWidget(rule())
        column.addWidget(self.responding)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.asked)
        whole.addWidget(self._empty)
        whole.addWidget(body)
        return body

    def _tab(self, place: int, words: str) -> QPushButton:
        if place == 0:
            self._group = QButtonGroup(self)
        tab = QPushButton(words)
        tab.setProperty("role", "tab")
        tab.setCheckable(True)
        self._group.addButton(tab, place)
        tab.clicked.connect(lambda _=False: self.show_tab(place))
        return tab

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _follow(self, different: Changes) -> None:
        call = self.call
        if call is None or different.agency or different.people or call.call_id in different.calls:
            self._refresh()
        elif self.history.concerns(call, different.calls):
            self._count_history(call)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The record of a turn keeps to its share of the height."""
        super().resizeEvent(event)
        self.turned.fit()
        if (call := self.call) is not None:
            self._name_messages(call)

    def _refresh(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        call = self.call
        self._body.setVisible(call is not None)
        self._empty.setVisible(call is None)
        if call is None:
            self.heading.tell_contacts("")
            self._empty.say(gone=self._context.selection.call_id is not None)
            return
        agency = self._context.store.state.agency
        self.heading.show_call(agency, call)
        self._body.setAccessibleName(spoken_heading(agency, call))
        self.turned.show_call(call)
        self._tick()
        self.narrative.show_call(call)
        self._count_history(call)
        self._name_messages(call)
        self._mark_narrative(call)

    def _mark_narrative(self, call: Call) -> None:
        """A dot on the tab of the narrative while a clinician released something there that was not looked at."""
        released = sum(entry.summary and entry.by != self._context.me for entry in call.narrative)
        if self._stack.currentIndex() == 1:
            self._read[call.call_id] = released
        self.tabs[1].setText(f"{'● ' if released > self._read.get(call.call_id, 0) else ''}{_TABS[1]}")

    def _name_messages(self, call: Call) -> None:
        """In a narrow pane the tab of the messages has their sign and count only."""
        whole = self.messages.title(call)
        tab, metrics = self.tabs[3], self.tabs[3].fontMetrics()
        least = sum(other.sizeHint().width() for other in self.tabs[:3]) + tab.sizeHint().width()
        wants = least + metrics.horizontalAdvance(whole) - metrics.horizontalAdvance(tab.text())
        tab.setText(whole if wants + scaled(40) <= self.width() else whole.replace("Messages", "✉").replace(" · ", " "))
        tab.setAccessibleName(whole)

    def _count_history(self, call: Call) -> None:
        count = self.history.show_call(call)
        self.tabs[2].setText(f"History · {count}" if count else "History")
        neighbor = self._context.neighbor
        self.heading.tell_contacts("\n".join(filter(None, (neighbor.acquainted(call), neighbor.words(call)))))

    def _recount(self) -> None:
        call = self.call
        if call is not None and self.isVisible():
            self._count_history(call)

    def _tick(self) -> None:
        call = self.call
        if call is not None and self.isVisible():
            words, token = waited_words(self._context.store.state.agency, call, self._context.store.now())
            self.heading.say(words, token)

    # ---------------------------------------------------------------------------------------------- what it does

    def show_tab(self, place: int) -> None:
        """Show the questions (0), the narrative (1), the history (2) or the messages (3)."""
        self.tabs[place].setChecked(True)
        moves = self._stack.currentIndex() != place and has_keyboard(self._stack)
        self._stack.setCurrentIndex(place)
        if moves:
            self.tabs[place].setFocus()  # or Qt puts it in the first field, and digits meant to answer land there
        if self.isVisible():
            self._refresh()

    def ask(self) -> None:
        """Put the keyboard on the questions."""
        self.show_tab(0)
        self.triage.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def write_message(self) -> None:
        """Put the keyboard on the line for a message."""
        if self.call is not None:
            self.show_tab(3)
            self.messages.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def send_instead(self, code: str, reason: str) -> None:
        """List what can go, of a programme or service, in place of a response that turned; the reason is filled in."""
        self.responding.send_instead(code, reason)

    def _write(self, field: QWidget) -> None:
        if self.call is not None:
            self.show_tab(1)
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _edit(self, focus: object) -> None:
        if self.call is not None and callable(focus):
            self.show_tab(1)
            focus()


def _scrolling(page: QWidget) -> QScrollArea:
    """A page that scrolls where a list under it leaves too little room: or it would push the whole desk higher."""
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
