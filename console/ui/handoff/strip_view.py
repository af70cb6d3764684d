"""The strip of a hand-off: its steps with their times, the two ticks, who has the caller now, and what comes if nobody does.

The same widget stands in the call pane at dispatch and in the clinician's pane. It binds no key: the pane around it does,
with `tell`, `verify` and `lose`, so that each pane keeps its own table of keys.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from console.domain.changes import Changes
from console.domain.commands import AnyCommand, CommandOutcome, LoseCaller, Rejected, TellCaller, VerifyConnection
from console.domain.ids import CallBackId, CallId
from console.domain.state import Call
from console.link.fresh import new_id
from console.ui.action_button import ActionButton
from console.ui.actions import action_button
from console.ui.context import Context
from console.ui.flow import Flow
from console.ui.handoff.strip_lines import StripLines, Tick, strip_lines
from console.ui.handoff.strip_steps import StripSteps
from console.ui.widgets import Elided, caption, give_look, scaled


class StripView(QFrame):
    """Follows the chosen call; takes no room while there is nothing to say of it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call_id: CallId | None = None
        self.lines: StripLines | None = None
        self._sending: set[str] = set()
        self.setProperty("role", "strip")
        self.setAccessibleName("Hand-off")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.steps = StripSteps()
        self.holder, self.clock = Elided("heading"), caption("", "clock")
        self.next, self.dial = caption("", "muted"), caption("", "heading")
        self.told = self._button("hand_off.told", self.tell)
        self.verified = self._button("hand_off.verify", self.verify)
        self.lost = self._button("hand_off.caller_lost", self._lose, "quiet")
        self.lost.confirm = "Press again: the caller is gone"
        self.chain, self.said = caption("", "muted", wrap=True), caption("", "alarm", wrap=True)
        self._ticks = Flow()
        for part in (self.dial, self.told, self.verified, self.lost):
            self._ticks.add(part)
        first = QHBoxLayout()
        first.setSpacing(scaled(8))
        first.addWidget(self.holder, 1)
        first.addWidget(self.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(8), scaled(14), scaled(8))
        column.setSpacing(scaled(5))
        column.addLayout(first)
        for widget in (self.steps, self.next, self._ticks, self.chain, self.said):
            column.addWidget(widget)
        self.said.hide()
        self.hide()
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(lambda _: self.refresh())
        context.selection.call_changed.connect(lambda _: self._another())
        context.theme.changed.connect(self.steps.update)
        context.ticker.second.connect(self._age)
        self.refresh()

    def _button(self, action_id: str, do: object, role: str = "action") -> ActionButton:
        made = action_button(action_id, role=role)
        made.acted.connect(do)
        return made

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _follow(self, different: Changes) -> None:
        if different.agency or different.people or self._context.selection.call_id in different.calls:
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

    def _show(self, lines: StripLines) -> None:
        self.holder.setText(lines.holder)
        self.clock.setText(lines.clock)
        give_look(self.clock, role="due" if lines.tone == "due" else "muted")
        self.steps.show_steps(lines.steps)
        for label, words in ((self.next, lines.next), (self.dial, lines.dial), (self.chain, " · ".join(lines.chain))):
            label.setText(words)
            label.setVisible(bool(words))
        self._tick(self.told, lines.told)
        self._tick(self.verified, lines.verified)
        self.lost.setVisible(lines.may_lose)
        self._ticks.setVisible(lines.told is not None or lines.may_lose or bool(lines.dial))
        self._ticks.refit()
        self.setAccessibleDescription(" ".join(filter(None, (lines.holder, lines.clock, lines.next, *lines.chain))))

    def _tick(self, button: ActionButton, tick: Tick | None) -> None:
        button.setVisible(tick is not None)
        if tick is None:
            return
        if tick.said:
            button.say(f"✓ {tick.words} {tick.said.partition(' ')[0]}", f"{tick.words}: {tick.said}")
        elif tick.words in self._sending:
            button.say(f"☐ {tick.words}", "sending…")
        else:
            button.say(f"☐ {tick.words}", "" if tick.may else "For those on the line, once it is accepted.")
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
