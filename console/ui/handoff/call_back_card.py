"""A call back that is chosen: whom to call, why, what was tried, and what came of it now."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from console.domain.commands import AnyCommand, CommandOutcome, EndCallBack, Rejected, TryCallBack
from console.domain.follow_ups import CallBack
from console.domain.queries import person_name
from console.domain.state import State
from console.domain.times import time_of_day
from console.ui.context import Context
from console.ui.handoff.rows import last_try
from console.ui.handoff.side_by_side import SideBySide
from console.ui.queue.rows import language
from console.ui.widgets import caption, scaled

_NARROW = 340
"""Pixels at 100 % below which the keys are not drawn."""


def whom(state: State, owed: CallBack) -> str:
    """Whom to call: the number, the language where it is not the center's first, and the place."""
    spoken = owed.language if owed.language not in ("", *state.agency.languages[:1]) else ""
    parts = (owed.callback or "no callback number", f"speaks {language(spoken)}" if spoken else "", owed.place)
    return " · ".join(filter(None, parts))


class CallBackCard(QFrame):
    """Takes no room until a call back is chosen in the list. A try is recorded by one key, with the note."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "card")
        self.setAccessibleName("The chosen call back")
        self.title, self.whom = caption("", "heading", wrap=True), caption("", wrap=True)
        self.why = caption("", "muted", wrap=True)
        self.note = QLineEdit()
        self.note.setPlaceholderText("what came of it; the whole floor reads it")
        self.note.setAccessibleName("What came of the call back, read by everybody on the floor")
        self.said = caption("", "alarm", wrap=True)
        keys = context.actions
        self.reached = keys.button("call_back.reached", self, lambda: self._try(reached=True))
        self.not_reached = keys.button("call_back.not_reached", self, lambda: self._try(reached=False))
        self.end = keys.button("call_back.end", self, self._end)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(10))
        column.setSpacing(scaled(6))
        for widget in (self.title, self.whom, self.why, self.note, self.said):
            column.addWidget(widget)
        self._buttons = SideBySide((self.reached, self.not_reached, self.end))
        column.addWidget(self._buttons)
        context.store.changed.connect(self.refresh)
        context.selection.call_back_changed.connect(self._another)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow list the keys are left to the tooltips."""
        super().resizeEvent(event)
        for button in (self.reached, self.not_reached, self.end):
            button.show_key(self.width() >= scaled(_NARROW))
        self._buttons.place()

    @property
    def call_back(self) -> CallBack | None:
        """The call back that is shown, as it is now."""
        chosen = self._context.selection.call_back_id
        return self._context.store.state.call_backs.get(chosen) if chosen else None

    def _another(self) -> None:
        """Another one is chosen, or none: what was typed was about the one before."""
        self.note.clear()
        self._say("")
        self.refresh()

    def refresh(self) -> None:
        """Show it as it is now; what is done leaves."""
        owed, store = self.call_back, self._context.store
        self.setVisible(owed is not None and owed.ended is None)
        if owed is None:
            return
        agency, now = store.state.agency, store.now()
        self.title.setText(f"Call back {time_of_day(agency, owed.due_at, now)} · after {owed.number}")
        self.whom.setText(whom(store.state, owed))
        tries = f"{len(owed.attempts)} tries, the last " if len(owed.attempts) > 1 else ""
        tried = f"{tries}{last_try(agency, owed, now)}" if owed.attempts else "not tried yet"
        self.why.setText(f"{owed.reason} · planned by {person_name(store.state, owed.planned.by)} · {tried}")

    def _try(self, *, reached: bool) -> None:
        owed = self.call_back
        if owed is not None:
            self._send(TryCallBack(owed.call_back_id, reached, self.note.text().strip()))

    def _end(self) -> None:
        """No further call: why is typed in the note first."""
        owed, why = self.call_back, self.note.text().strip()
        if owed is None:
            return
        if not why:
            self._say("Write why no further call is made, then press it again.")
            self.note.setFocus()
            return
        self._send(EndCallBack(owed.call_back_id, why))

    def _send(self, command: AnyCommand) -> None:
        self._say("")
        self._context.store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        """What was taken empties the note; a refusal leaves it."""
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)
        else:
            self.note.clear()

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
