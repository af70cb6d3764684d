"""The chosen follow-up: whom to reach, by when, what was tried, what they need, and what came of it now."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.domain.acquaintance import neighbor_at
from console.domain.commands import (
    AnyCommand,
    CommandOutcome,
    ConnectToCare,
    EndReferral,
    Rejected,
    TakeReferral,
    TryOutreach,
)
from console.domain.follow_ups import Reach, Referral
from console.domain.ids import ReferralId
from console.domain.outreach import level
from console.ui.action_button import ActionButton
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.fields_form import Field, FieldsForm
from console.ui.followups.needs import needs_words
from console.ui.followups.rows import HOW, attempt_words, due_words, referred_words, warning, who, whom
from console.ui.handoff.side_by_side import SideBySide
from console.ui.known_neighbor import floor_words
from console.ui.option import Option, key_of
from console.ui.sealed_reader import SealedReader, may_read
from console.ui.widgets import caption, give_look, scaled

_TRIES_SHOWN: Final = 3
TRIES: Final = tuple(
    (f"{how}:{came}", f"{HOW[how]}, {came}".capitalize())
    for how, came in (
        (Reach.PHONE, "reached"),
        (Reach.PHONE, "not reached"),
        (Reach.IN_PERSON, "reached"),
        (Reach.IN_PERSON, "not reached"),
        (Reach.MESSAGE, "not reached"),
        (Reach.MESSAGE, "reached"),
    )
)


class ReferralCard(QWidget):
    """Shows one referral and records what happens to it. What they need is sealed: opened by its key alone."""

    asking = Signal(bool)
    """It asks something now, and wants the room for it; or nothing any more."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._id: ReferralId | None = None
        self._minute = 0
        self.setAccessibleName("The chosen follow-up")
        self.title, self.whom = caption("", "heading", wrap=True), caption("", wrap=True)
        self.due, self.referred = caption("", wrap=True), caption("", "muted", wrap=True)
        self.known, self.tried = caption("", "muted", wrap=True), caption("", "small", wrap=True)
        self.warned, self.said = caption("", "due", wrap=True), caption("", "alarm", wrap=True)
        self.reader = SealedReader(context, "What the neighbor needs", self._needs)
        self.panel, self.form = ChoicePanel(), FieldsForm()
        keys = context.actions
        self.take = keys.button("follow_up.take", self, self._take)
        self.attempt = keys.button("follow_up.try", self, self.ask_attempt)
        self.connect_ = keys.button("follow_up.connect", self, self._connect, confirm="Again: in care")
        self.end = keys.button("follow_up.end", self, self._ask_end)
        self.needs = keys.button("follow_up.needs", self, self._open_needs)
        self._keys = SideBySide((self.attempt, self.take, self.needs, self.connect_, self.end))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        column.setSpacing(scaled(5))
        self._told = (self.whom, self.due, self.warned, self.tried, self.referred, self.known)
        below = self.said, self._keys, self.reader, self.warned, self.tried, self.referred, self.known
        for widget in (self.title, self.whom, self.due, self.panel, self.form, *below):
            column.addWidget(widget)
        context.store.changed.connect(self.refresh)
        context.ticker.second.connect(self._age)
        self.reader.changed.connect(self.refresh)
        self.panel.left.connect(self._asked)
        self.form.left.connect(self._asked)
        self.hide()

    @property
    def referral(self) -> Referral | None:
        """The referral that is shown, as it is now."""
        return self._context.store.state.referrals.get(self._id) if self._id else None

    @property
    def asks(self) -> bool:
        """Whether it asks how a contact was, or why it goes no further."""
        return self.panel.is_open or not self.form.isHidden()

    def show_referral(self, referral_id: str) -> None:
        """Show this one from now on; "" for none. What was opened or asked of another closes."""
        if referral_id != (self._id or ""):
            self._id = ReferralId(referral_id) if referral_id else None
            self.reader.close_record()
            self.panel.leave()
            self.form.leave()
            self._say("")
        self.refresh()

    def refresh(self) -> None:
        """Show it as it is now; what has ended leaves."""
        one, store = self.referral, self._context.store
        going_on = one is not None and one.ended is None
        self.setVisible(going_on)
        if one is None or not going_on:
            return
        state, now = store.state, store.now()
        known = neighbor_at(state, one.callback, one.place)
        tries = [attempt_words(state, attempt, now) for attempt in one.attempts[::-1]]
        earlier = [f"and {len(tries) - _TRIES_SHOWN} earlier"] if len(tries) > _TRIES_SHOWN else []
        self._put(self.title, f"{who(state, one)}, after {one.number}")
        self._put(self.whom, whom(state, one))
        self._put(self.due, due_words(state.agency, one, now))
        give_look(self.due, role={"due": "due", "past": "alarm", "fine": ""}[level(one, now)])
        self._put(self.referred, referred_words(state, one, now))
        self._put(self.known, floor_words(state, known, now) if known is not None else "")
        self._put(self.warned, warning(state, one, now))
        self._put(self.tried, "\n".join(tries[:_TRIES_SHOWN] + earlier) or "not tried yet")
        self._show_keys(one)
        if self.asks:  # what is asked has the room
            for label in self._told:
                label.hide()

    def ask_attempt(self) -> None:
        """Ask how the neighbor was tried; whoever else was in touch with them lately is told first."""
        one, store = self.referral, self._context.store
        if one is None:
            return
        options = tuple(Option(value, words, key_of(place)) for place, (value, words) in enumerate(TRIES))
        self.form.leave()
        note = "a few words; the whole floor reads them"
        said = warning(store.state, one, store.now())
        self.panel.ask("How was the contact?", options, self._tried, does="record it", note=note, why_not=said)
        self._asked()

    def _asked(self) -> None:
        self.refresh()
        self.asking.emit(self.asks)

    # ---------------------------------------------------------------------------------------------- what it does

    def _tried(self, value: str, note: str) -> None:
        how, _, came = value.partition(":")
        if self._id is not None:
            self._send(TryOutreach(self._id, Reach(how), came == "reached", note))

    def _take(self) -> None:
        if self._id is not None:
            self._send(TakeReferral(self._id))

    def _connect(self) -> None:
        if self._id is not None:
            self._send(ConnectToCare(self._id))

    def _ask_end(self) -> None:
        one = self.referral
        if one is None:
            return
        self.panel.leave()
        field = Field("why", "why; the whole floor reads it, so no diagnosis", "moved away, wants no contact")
        self.form.ask(f"{one.number} goes no further", (field,), self._end, "end it")
        self._asked()

    def _end(self, typed: dict[str, str]) -> None:
        if self._id is not None:
            self._send(EndReferral(self._id, typed["why"]))

    def _open_needs(self) -> None:
        one = self.referral
        if self.reader.opened is not None:
            self.reader.close_record()
        elif one is not None and one.needs_note is not None:
            self.reader.read(one.needs_note)

    def _needs(self, text: str) -> str:
        return f"needs: {needs_words(self._context.store.state.agency, text)}"

    def _send(self, command: AnyCommand) -> None:
        self._say("")
        self._context.store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        """What was taken closes the question; a refusal stands beside it."""
        if not isinstance(outcome, Rejected):
            self.panel.leave()
            self.form.leave()
        elif self.panel.is_open:
            self.panel.refuse(outcome.reason)
        elif not self.form.isHidden():
            self.form.refuse(outcome.reason)
        else:
            self._say(outcome.reason)

    # ---------------------------------------------------------------------------------------------- what it shows

    def _age(self) -> None:
        """Once a minute the words of days and hours may be others."""
        minute = int(self._context.store.now().timestamp()) // 60
        if self.isVisible() and minute != self._minute:
            self._minute = minute
            self.refresh()

    def _show_keys(self, one: Referral) -> None:
        me = self._context.me
        why_not = "" if may_read(self._context) else "Clinicians follow up."
        self._name(self.take, "Yours" if one.owner == me else "Take it", why_not or "You have it." * (one.owner == me))
        self._name(self.attempt, "Contact…", why_not)
        self._name(self.connect_, "Connected", why_not)
        self._name(self.end, "End…", why_not)
        sealed = "" if one.needs_note is not None else "No needs were written."
        self._name(self.needs, "Needs" if self.reader.opened is None else "Close needs", why_not or sealed)
        self._keys.setVisible(not self.asks)
        self._keys.place()

    def _name(self, button: ActionButton, words: str, why_not: str) -> None:
        if (button.text(), button.accessibleDescription()) != (words, why_not):
            button.say(words, why_not)

    def _put(self, label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))

    def _say(self, words: str) -> None:
        self._put(self.said, words)
