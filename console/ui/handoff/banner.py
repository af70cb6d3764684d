"""The banner of a hand-off to this desk: who, what, how long it rings, and the two answers; then that it is connecting."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from console.domain.commands import AcceptHandOff, CommandOutcome, DeclineHandOff, Rejected, SeeHandOff
from console.domain.ids import CallId, HandOffId
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.handoff.offer import Offer, ending, offer_to
from console.ui.option import reasons_to_choose
from console.ui.widgets import Elided, caption, scaled


class HandOffBanner(QFrame):
    """Shows itself while a caller is offered to the person at this desk, and until they are released to them.

    It never takes the keyboard by itself. That an offer was seen is said once, when it has been painted.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._offer: Offer | None = None
        self._seen: HandOffId | None = None
        self.setProperty("role", "banner")
        self.setProperty("tone", "handoff")
        self.setAccessibleName("Hand-off")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.sign, self.words, self.more = caption("☎"), Elided("heading"), Elided("muted")
        self.sign.setProperty("programme", "violet")
        self.words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.words.setMinimumWidth(scaled(160))
        self.countdown = caption("", "heading")
        self.said = Elided("alarm")
        self.look = QPushButton("Look at the call")
        self.look.setAccessibleName("Look at the call before you answer")
        self.look.clicked.connect(self._look)
        self.accept = context.actions.button("hand_off.accept", self, self._accept, role="primary")
        self.decline = context.actions.button("hand_off.decline", self, self._decline)
        self.reasons = ChoicePanel(columns=3)
        self._lay_out()
        context.store.changed.connect(self.refresh)
        context.store.me_changed.connect(self.refresh)
        context.selection.call_changed.connect(self._show_look)
        context.ticker.second.connect(self._count)
        self.hide()
        self.refresh()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(scaled(6))
        first.addWidget(self.words)
        first.addWidget(self.countdown)
        first.addSpacing(scaled(8))
        first.addWidget(self.said, 1)
        first.addStretch(0)
        lines = QVBoxLayout()
        lines.setSpacing(scaled(2))
        lines.addLayout(first)
        lines.addWidget(self.more)
        row = QHBoxLayout()
        row.setContentsMargins(scaled(16), scaled(7), scaled(16), scaled(7))
        row.setSpacing(scaled(6))
        row.addWidget(self.sign)
        row.addSpacing(scaled(8))
        row.addLayout(lines, 1)
        for button in (self.look, self.accept, self.decline):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.reasons)

    @property
    def offer(self) -> Offer | None:
        """What rings or is being connected now, or None."""
        return self._offer

    def refresh(self) -> None:
        """Follow the state: an offer comes, is being connected, or is over and, where it ended by itself, that is said."""
        store = self._context.store
        before, now = self._offer, offer_to(store.state, store.me.user_id if store.me else None)
        if now == before and self.isHidden() == (now is None):
            return
        self._offer = now
        another = before is None or now is None or now.hand_off_id != before.hand_off_id
        if another or now is None or not now.rings:
            self.reasons.leave()
        words = ending(store.state, before.call_id, before.hand_off_id) if another and before is not None else ""
        if words:
            self._context.notices.inform(words)
        if now is not None:
            self.words.setText(now.words)
            self.more.setText(now.more)
            self.more.setVisible(bool(now.more))
            self.accept.colour(now.colour, "primary")
            self.accept.setVisible(now.rings)
            self.decline.setVisible(now.rings)
            self._say("")
            self._show_look()
            self._count()
        self.setVisible(now is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Once an offer is on the screen that is told, so that who offered it knows that it rings before somebody's eyes."""
        super().paintEvent(event)
        offer = self._offer
        if offer is not None and offer.rings and offer.hand_off_id != self._seen:
            self._seen = offer.hand_off_id
            QTimer.singleShot(0, self, lambda: self._tell_seen(offer))

    def _tell_seen(self, offer: Offer) -> None:
        """That it is too late by now is nobody's concern."""
        self._context.store.submit(SeeHandOff(offer.call_id, offer.hand_off_id)).then(lambda _: None)

    def _count(self) -> None:
        if self._offer is not None:
            self.countdown.setText(f"— {self._offer.ringing(self._context.store.now())}")
            self.setAccessibleDescription(f"{self.words.text()}, {self.countdown.text()}, {self.more.text()}")

    def _show_look(self) -> None:
        self.look.setVisible(self._offer is not None and self._context.selection.call_id != self._offer.call_id)

    def _look(self) -> None:
        """Show the call, and with it what goes along, before it is answered."""
        if self._offer is not None:
            self._context.selection.open_call(self._offer.call_id)

    def _accept(self) -> None:
        offer = self._offer
        if offer is not None:
            submission = self._context.store.submit(AcceptHandOff(offer.call_id, offer.hand_off_id))
            submission.then(lambda outcome: self._heard(outcome, offer.call_id))

    def _decline(self) -> None:
        """The first press asks why; the reason's digit declines."""
        offer = self._offer
        if offer is None:
            return
        self.reasons.ask(
            f"Why is {offer.number} declined?", reasons_to_choose(offer.reasons), self._decline_for,
            does="decline", note="What is the reason?", at_once=True,
        )  # fmt: skip

    def _decline_for(self, reason: str, typed: str) -> None:
        offer = self._offer
        if offer is not None:
            decline = DeclineHandOff(offer.call_id, offer.hand_off_id, typed or reason)
            self._context.store.submit(decline).then(self._heard)

    def _heard(self, outcome: CommandOutcome, accepted: CallId | None = None) -> None:
        """A refusal is said in the banner, or as a notice when it rings no more; an accepted caller is the desk's call."""
        if isinstance(outcome, Rejected):
            if self._offer is None:
                self._context.notices.refuse(outcome.reason)
            self._say(outcome.reason)
        elif accepted is not None:
            self._context.selection.choose_call(accepted)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
