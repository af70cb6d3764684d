"""Signing out with callers in one's care: each gets a receiver, or goes back to dispatch, before it is done."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QFrame, QVBoxLayout

from console.domain import queries
from console.domain.changes import Changes
from console.domain.commands import AnyCommand, CommandOutcome, OfferHandOff, Rejected, ReturnHandOff
from console.domain.hand_off import HandOff
from console.domain.ids import UserId
from console.domain.queries import nature_words, person_name
from console.domain.state import Call
from console.link.fresh import new_hand_off_id
from console.ui.actions import action, key_words
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.handoff.handing_on import receivers
from console.ui.option import Option, key_of
from console.ui.widgets import caption, scaled

_BACK: Final = ""
"""The value of the choice that gives the caller back to dispatch."""
_WHY: Final = "Shift change"


class ShiftChange(QFrame):
    """Takes no room until somebody who has callers in their care wants to sign out; Escape stops it, and they stay."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("Shift change")
        self.words, self.said = caption("", "heading", wrap=True), caption("", "alarm", wrap=True)
        self.choices = ChoicePanel(columns=2)
        self._chosen = False
        self.choices.left.connect(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, scaled(4), 0, scaled(4))
        column.setSpacing(scaled(6))
        for widget in (self.words, self.choices, self.said):
            column.addWidget(widget)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self.hide)
        self.hide()

    def begin(self) -> bool:
        """Ask who has each caller from here on; False where nobody is in this person's care, and they may go."""
        if not self._held():
            return False
        self._say("")
        self.show()
        self._go_on()
        return True

    def _held(self) -> list[Call]:
        """Callers in this person's care, also those whom they are handing on, and those they are being connected to."""
        state, me = self._context.store.state, self._context.me
        return list({call.call_id: call for call in (*queries.in_care(state, me), *queries.held(state, me))}.values())

    def _follow(self, different: Changes) -> None:
        """What was asked of others goes on; a caller whom nobody took is asked for again."""
        if self.isHidden() or not (different.calls or different.people):
            return
        if self._held():
            if not self.choices.is_open:
                self._go_on()
            return
        self.hide()
        self.choices.leave()
        key = key_words(action("desk.sign_out").keys[0])
        self._context.notices.inform(f"Nobody is in your care any more. {key} signs you out.")

    def _go_on(self) -> None:
        """Ask for the next caller nobody is rung for yet; else say at whom it rings."""
        state, now, me = self._context.store.state, self._context.store.now(), self._context.me
        waits = [self._passing(call, onward) for call in self._held() if (onward := _onward(call, me)) is not None]
        call = next((call for call in self._held() if _onward(call, me) is None), None)
        count = len(self._held())
        whom = "a caller is" if count == 1 else f"{count} callers are"
        self.words.setText(" · ".join((f"Before you sign out: {whom} in your care", *waits)))
        if call is None:
            return
        options = receivers(state, call, me, now) if call.in_care_of == me else ()
        alive = sum(1 for option in options if option.key)
        back = Option(_BACK, "Back to dispatch", key_of(alive), f"{_WHY.lower()}, as the reason")
        ready, busy = options[:alive], options[alive:]
        self._chosen = False
        self.choices.ask(
            f"Who has {call.number} {nature_words(state.agency, call)} when you have gone?", (*ready, back, *busy),
            lambda to, _: self._pass(call, to), does="hand over", note=None, at_once=True,
        )  # fmt: skip

    def _passing(self, call: Call, onward: HandOff) -> str:
        to = person_name(self._context.store.state, onward.to_user)
        how = f"rings at {to}" if onward.rings else f"{to} accepted; release them in the call"
        return f"{call.number} {how}"

    def _pass(self, call: Call, to: str) -> None:
        self._chosen = True
        self._say("")
        self.show()
        hand_off = call.hand_off
        command: AnyCommand = OfferHandOff(call.call_id, new_hand_off_id(), UserId(to), _WHY)
        if to == _BACK and hand_off is not None:
            command = ReturnHandOff(call.call_id, hand_off.hand_off_id, _WHY)
        self._context.store.submit(command).then(self._heard)

    def _left(self) -> None:
        """The list closes before its choice is told; where none comes the person stays."""
        if not self._chosen:
            self.hide()

    def _heard(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)
            self._go_on()

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _onward(call: Call, me: UserId) -> HandOff | None:
    hand_off = call.hand_off
    return hand_off if hand_off is not None and hand_off.is_open and hand_off.from_user == me else None
