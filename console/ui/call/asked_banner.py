"""What clinicians ask of dispatch, on top of the call pane whichever call is chosen: threats first, then asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.commands import AcknowledgeDisclosure, CommandOutcome, Rejected
from console.domain.ids import CallId
from console.ui.action_button import ActionButton
from console.ui.actions import action, action_button, key_words
from console.ui.call.asked import AskedLine, asked_lines, waits_for_dispatch
from console.ui.context import Context
from console.ui.widgets import caption, give_look, scaled

AT_ONCE: Final = 2
"""So many are shown; the others are counted."""
_ACTION: Final = {"threat": "threat.acknowledge", "ask": "ask.answer"}
_SIGN: Final = {"threat": "▲", "ask": "◆"}


class AskedBanner(QWidget):
    """Takes no room while nothing is asked. The keys are about what the chosen call waits for, else about the oldest."""

    answer_asked = Signal()
    """The asks of the chosen call are to be answered now."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._waiting: dict[CallId, None] = {}
        self._sending: set[str] = set()
        self.lines: tuple[AskedLine, ...] = ()
        self.rows = [_Row(self) for _ in range(AT_ONCE)]
        self.more = caption("", "muted")
        self.more.setContentsMargins(scaled(16), scaled(3), scaled(16), scaled(3))
        self.setAccessibleName("What clinicians ask of dispatch")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (*self.rows, self.more):
            column.addWidget(widget)
        context.store.changed.connect(self._follow)
        context.selection.call_changed.connect(lambda _: self.refresh())
        context.ticker.second.connect(self._age)
        self._look(context.store.state.calls)
        self.refresh()

    # ---------------------------------------------------------------------------------------------- what it follows

    def _follow(self, different: Changes) -> None:
        calls = self._context.store.state.calls
        before = bool(self._waiting)
        self._look(calls if different.agency else different.calls)
        if before or self._waiting:
            self.refresh()

    def _look(self, touched: Iterable[CallId]) -> None:
        """Keep the calls that wait for dispatch: only those touched are looked at."""
        calls = self._context.store.state.calls
        for call_id in touched:
            call = calls.get(call_id)
            if call is not None and waits_for_dispatch(call):
                self._waiting[call_id] = None
            else:
                self._waiting.pop(call_id, None)

    def _age(self) -> None:
        if self.lines:
            self.refresh()

    def refresh(self) -> None:
        """Show what waits, as it is now."""
        state, now = self._context.store.state, self._context.store.now()
        calls = (call for call_id in self._waiting if (call := state.calls.get(call_id)) is not None)
        self.lines = asked_lines(state, calls)
        keyed = {line.about for kind in _ACTION if (line := self.keyed(kind)) is not None}
        shown = sorted(self.lines, key=lambda line: line.about not in keyed)[:AT_ONCE]
        shown.sort(key=self.lines.index)
        for place, row in enumerate(self.rows):
            line = shown[place] if place < len(shown) else None
            row.setVisible(line is not None)
            if line is not None:
                row.show_line(line, line.age(now), keyed=line.about in keyed, sending=line.about in self._sending)
        rest = len(self.lines) - len(shown)
        self.more.setText(f"and {rest} more" if rest else "")
        self.more.setVisible(bool(rest))
        self.setVisible(bool(self.lines))

    def keyed(self, kind: str) -> AskedLine | None:
        """The one of a kind that its key is about: the chosen call's, else the oldest; None where none waits."""
        of_kind = [line for line in self.lines if line.kind == kind]
        chosen = self._context.selection.call_id
        return next((line for line in of_kind if line.call_id == chosen), next(iter(of_kind), None))

    # ---------------------------------------------------------------------------------------------- what it does

    def acknowledge(self, line: AskedLine | None = None) -> None:
        """Say that the threat was read and is passed on."""
        line = line or self.keyed("threat")
        if line is None:
            self._context.notices.inform("No threat waits to be passed on.")
        elif line.about not in self._sending:
            about = line.about
            self._sending.add(about)
            command = AcknowledgeDisclosure(line.call_id, about)
            self._context.store.submit(command).then(lambda outcome: self._heard(about, outcome))
            self.refresh()

    def _heard(self, about: str, outcome: CommandOutcome) -> None:
        self._sending.discard(about)
        if isinstance(outcome, Rejected):
            self._context.notices.refuse(outcome.reason)
        self.refresh()

    def act(self, line: AskedLine) -> None:
        """What the button of a line does."""
        if line.kind == "threat":
            self.acknowledge(line)
        else:
            self.answer(line)

    def answer(self, line: AskedLine | None = None) -> None:
        """Choose the call of this ask and show what can be sent."""
        line = line or self.keyed("ask")
        if line is None:
            self._context.notices.inform("No clinician asks for anything that waits for an answer.")
        else:
            self._context.selection.choose_call(line.call_id)
            self.answer_asked.emit()


class _Row(QFrame):
    """One that waits: a sign, the words, how long, and what answers it."""

    def __init__(self, banner: AskedBanner) -> None:
        super().__init__()
        self._line: AskedLine | None = None
        self._banner = banner
        self.setProperty("role", "banner")
        self.sign, self.words, self.age = caption("", "alarm"), caption("", "heading", wrap=True), caption("", "muted")
        self.buttons = {kind: self._button(action_id) for kind, action_id in _ACTION.items()}
        top, below = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(scaled(10))
        top.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.words, 1)
        top.addWidget(self.age, 0, Qt.AlignmentFlag.AlignTop)
        below.addStretch(1)
        for button in self.buttons.values():
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(6), scaled(14), scaled(6))
        column.setSpacing(scaled(4))
        column.addLayout(top)
        column.addLayout(below)

    def _button(self, action_id: str) -> ActionButton:
        made = action_button(action_id)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it was
        made.hide()  # one of the two is shown: the other's words must not make the pane wider
        made.acted.connect(lambda: self._banner.act(self._line) if self._line is not None else None)
        return made

    def show_line(self, line: AskedLine, age: str, *, keyed: bool, sending: bool) -> None:
        """Words, age and key as they are now."""
        self._line = line
        give_look(self, tone="alarm" if line.kind == "threat" else "handoff")
        self.sign.setText(_SIGN[line.kind])
        give_look(self.sign, role="alarm" if line.kind == "threat" else "due")
        self.words.setText(line.words)
        self.age.setText(age)
        for kind, button in self.buttons.items():
            button.setVisible(kind == line.kind)
            button.key = key_words(action(_ACTION[kind]).keys[0]) if keyed else ""
            button.show_key(keyed)
            button.say(action(_ACTION[kind]).text, "sending…" if sending else "")
