"""The strip of a hand-off: its steps with their times, the two ticks, who has the caller now, and what comes if nobody does.

The same widget stands in the call pane at dispatch and in the clinician's pane. It binds no key: the pane around it does,
with `tell`, `verify` and `lose`, so that each pane keeps its own table of keys.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from console.domain.changes import Changes
from console.domain.commands import AnyCommand, CommandOutcome, LoseCaller, Rejected, TellCaller, VerifyConnection
from console.domain.ids import CallBackId, CallId
from console.domain.state import Call
from console.link.fresh import new_id
from console.ui.action_button import ActionButton
from console.ui.actions import action_button
from console.ui.call.turn_record import LOW
from console.ui.context import Context
from console.ui.flow import Flow
from console.ui.handoff.strip_lines import StripLines, Tick, strip_lines
from console.ui.handoff.strip_steps import StripSteps
from console.ui.widgets import caption, give_look, scaled

_NARROW: Final = 470
"""In a strip narrower than this the ticks say less, so that both stand beside one another."""


class StripView(QFrame):
    """Follows the chosen call; takes no room while there is nothing to say of it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call_id: CallId | None = None
        self.lines: StripLines | None = None
        self._sending: set[str] = set()
        self._aside = False
        self.setProperty("role", "strip")
        self.setAccessibleName("Hand-off")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.steps = StripSteps()
        self.holder, self.clock = caption("", "heading", wrap=True), caption("", "clock")
        self.dial = caption("", "heading")
        self.told = self._button("hand_off.told", self.tell)
        self.verified = self._button("hand_off.verify", self.verify)
        self.lost = self._button("hand_off.caller_lost", self._lose)
        self.lost.confirm = "Press again: the caller is gone"
        self.comes, self.warns = caption("", "muted", wrap=True), caption("", "alarm", wrap=True)
        self.said = caption("", "alarm", wrap=True)
        self._ticks = Flow()
        for part in (self.dial, self.told, self.verified, self.lost):
            self._ticks.add(part)
        first = QHBoxLayout()
        first.setSpacing(scaled(8))
        first.addWidget(self.holder, 1)
        first.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignTop)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(8), scaled(14), scaled(8))
        column.setSpacing(scaled(5))
        column.addLayout(first)
        for widget in (self.warns, self.steps, self._ticks, self.comes, self.said):
            column.addWidget(widget)
        self.said.hide()
        self.hide()
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(lambda _: self.refresh())
        context.selection.call_changed.connect(lambda _: self._another())
        context.theme.changed.connect(self.steps.update)
        context.ticker.second.connect(self._age)
        self.refresh()

    def _button(self, action_id: str, do: object) -> ActionButton:
        made = action_button(action_id, role="chip")
        made.acted.connect(do)
        return made

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _follow(self, different: Changes) -> None:
        around = different.agency or different.people or different.call_backs
        if around or self._context.selection.call_id in different.calls:
            self.refresh()

    def _another(self) -> None:
        self._sending.clear()
        self._refuse("")
        self.refresh()

    def _age(self) -> None:
        if self.lines is not None and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Say how things stand now."""
        store, call = self._context.store, self.call
        now: datetime = store.now()
        lines = strip_lines(store.state, call, self._context.me, now) if call is not None else None
        self.lines, self._call_id = lines, call.call_id if call is not None else None
        if lines is not None:
            self._show(lines)
        self.setVisible(lines is not None)

    def stand_aside(self, aside: bool) -> None:
        """In a low pane say who has the caller, and no more, while something else is asked there."""
        self._aside = aside
        self.refresh()
        self._column.activate()  # now: what is asked is laid out in this very turn

    def _show(self, lines: StripLines) -> None:
        self.holder.setText(lines.briefly if self._low else lines.holder)
        self.clock.setText(lines.clock)
        give_look(self.clock, role="due" if lines.tone == "due" else "muted")
        aside = self._aside and self._low
        over = self._low and bool(lines.steps) and lines.steps[-1].kind == "now"  # released: who has the caller is enough
        self.steps.show_steps(() if aside or over else lines.steps)
        self.dial.setText(lines.dial)
        self.dial.setVisible(bool(lines.dial))
        chain = " · ".join(one.partition(", ready ")[0] for one in lines.chain) if self._low else " · ".join(lines.chain)
        comes = " ".join(filter(None, (lines.next, chain[:1].upper() + chain[1:])))
        for label, words in ((self.comes, comes), (self.warns, "\n".join(lines.warns))):
            label.setText(words)
            label.setVisible(bool(words) and not aside)
        self._tick(self.told, lines.told)
        self._tick(self.verified, lines.verified)
        self.lost.setVisible(lines.may_lose)
        self._ticks.setVisible(not aside and (lines.told is not None or lines.may_lose or bool(lines.dial)))
        self._ticks.refit()
        said = (*lines.warns, lines.holder, lines.clock, lines.next, *lines.chain)
        self.setAccessibleDescription(" ".join(filter(None, said)))

    @property
    def _low(self) -> bool:
        """Whether the pane around it is so low that what comes is one line: the questions need the room."""
        around = self.parentWidget()
        return around is not None and around.height() < scaled(LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another height more or fewer lines fit."""
        super().resizeEvent(event)
        if self.lines is not None and event.size() != event.oldSize():
            self._show(self.lines)

    def _tick(self, button: ActionButton, tick: Tick | None) -> None:
        button.setVisible(tick is not None and (tick.may or bool(tick.said) or tick.words in self._sending))
        if tick is None:
            return
        words = tick.briefly if self.width() < scaled(_NARROW) else tick.words
        if tick.said:
            button.say(f"✓ {words} {tick.said.partition(' ')[0]}", f"{tick.words}: {tick.said}")
        else:
            button.say(f"☐ {words}", "sending…" if tick.words in self._sending else "")
        button.setAccessibleName(f"{tick.words}{f', {tick.said}' if tick.said else ''}")
        button.show_key(not tick.said)

    # ---------------------------------------------------------------------------------------------- what it does

    def tell(self) -> None:
        """Say that the caller was told to whom they are handed over."""
        lines, call = self.lines, self.call
        if call is not None and lines is not None and lines.told is not None and lines.told.may and lines.hand_off:
            self._submit(lines.told.words, TellCaller(call.call_id, lines.hand_off))

    def verify(self) -> None:
        """Say that both hear each other."""
        lines, call = self.lines, self.call
        if call is not None and lines is not None and lines.verified is not None and lines.verified.may and lines.hand_off:
            self._submit(lines.verified.words, VerifyConnection(call.call_id, lines.hand_off))

    def lose(self) -> None:
        """Say that the caller is gone; asked once more first, since what is on its way ends."""
        if self.lines is not None and self.lines.may_lose:
            self.lost.click()

    def _lose(self) -> None:
        if self.call is not None:
            self._submit("lost", LoseCaller(self.call.call_id, CallBackId(new_id())))

    def _submit(self, what: str, command: AnyCommand) -> None:
        if what in self._sending:
            return
        self._sending.add(what)
        about = self._call_id
        self._refuse("")
        self._context.store.submit(command).then(lambda outcome: self._heard(what, about, outcome))
        self.refresh()

    def _heard(self, what: str, about: CallId | None, outcome: CommandOutcome) -> None:
        refused = outcome.reason if isinstance(outcome, Rejected) else ""
        if about != self._call_id:
            if refused:
                self._context.notices.refuse(refused)
            return
        self._sending.discard(what)
        self._refuse(refused)
        self.refresh()

    def _refuse(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
