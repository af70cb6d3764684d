"""The banner of a hand-off that rings at this desk: who, what, how long still, and the two answers."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from console.domain.commands import AcceptHandOff, CommandOutcome, DeclineHandOff, Rejected
from console.domain.ids import CallId
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.handoff.offer import Offer, ending, offer_to
from console.ui.option import reasons_to_choose
from console.ui.widgets import Elided, caption, scaled


class HandOffBanner(QFrame):
    """Shows itself while a caller is offered to the person at this desk; it never takes the keyboard by itself."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._offer: Offer | None = None
        self.setProperty("role", "banner")
        self.setProperty("tone", "handoff")
        self.setAccessibleName("Hand-off")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.sign, self.words = caption("☎"), Elided("heading")
        self.sign.setProperty("programme", "violet")
        self.words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.words.setMinimumWidth(scaled(160))
        self.countdown = caption("", "heading")
        self.said = Elided("alarm")
        self.accept = context.actions.button("hand_off.accept", self, self._accept, role="primary")
        self.decline = context.actions.button("hand_off.decline", self, self._decline)
        self.reasons = ChoicePanel(columns=3)
        row = QHBoxLayout()
        row.setContentsMargins(scaled(16), scaled(7), scaled(16), scaled(7))
        row.setSpacing(scaled(6))
        row.addWidget(self.sign)
        row.addSpacing(scaled(8))
        row.addWidget(self.words)
        row.addWidget(self.countdown)
        row.addSpacing(scaled(8))
        row.addWidget(self.said, 1)
        row.addStretch(0)
        row.addWidget(self.accept)
        row.addWidget(self.decline)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.reasons)
        context.store.changed.connect(self.refresh)
        context.store.me_changed.connect(self.refresh)
        context.ticker.second.connect(self._count)
        self.hide()
        self.refresh()

    @property
    def offer(self) -> Offer | None:
        """What rings now, or None."""
        return self._offer

    def refresh(self) -> None:
        """Follow the state: an offer comes, or is over and, where it ended by itself, that is said."""
        store = self._context.store
        before, now = self._offer, offer_to(store.state, store.me.user_id if store.me else None)
        if now == before and self.isHidden() == (now is None):
            return
        self._offer = now
        if before is not None and (now is None or now.hand_off_id != before.hand_off_id):
            self.reasons.leave()
            if words := ending(store.state, before.call_id, before.hand_off_id):
                self._context.notices.inform(words)
        if now is not None:
            asks = f" — {now.asks}" if now.asks else ""
            self.words.setText(now.words + asks)
            self.accept.colour(now.colour, "primary")
            self._say("")
            self._count()
        self.setVisible(now is not None)

    def _count(self) -> None:
        if self._offer is not None:
            self.countdown.setText(f"— {self._offer.ringing(self._context.store.now())}")
            self.setAccessibleDescription(f"{self.words.text()}, {self.countdown.text()}")

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
