"""What a clinician can do for the caller they speak with: ask dispatch, close, give back, hand on, call back, warn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from console.domain import queries
from console.domain.commands import (
    AnyCommand,
    AskForResponse,
    CloseCall,
    CommandOutcome,
    LoseCaller,
    OfferHandOff,
    Rejected,
    ReleaseHandOff,
    ReturnHandOff,
    TakeOverCall,
    WithdrawAsk,
    WithdrawHandOff,
)
from console.domain.hand_off import HandOff
from console.domain.ids import AskId, CallBackId, UserId
from console.domain.state import Call, Party, Presence
from console.domain.turned import open_turns
from console.link.fresh import new_hand_off_id, new_id
from console.ui.action_button import ActionButton
from console.ui.actions import action, key_words
from console.ui.call.close_nature import KEY, CloseNature
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.handoff.ask_row import AskRow
from console.ui.handoff.asks import Askable, asks_of
from console.ui.handoff.call_back_form import CallBackForm
from console.ui.handoff.handing_on import receivers
from console.ui.handoff.side_by_side import SideBySide
from console.ui.handoff.threat_form import ThreatForm
from console.ui.option import Option, key_of, reasons_to_choose
from console.ui.widgets import caption, scaled

_NARROW = 860
"""Pixels at 100 % below which the keys of what is done rarely are not drawn."""


class CareActions(QFrame):
    """The foot of the call in care. What is not this person's to do now is not there, or says why not."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("What can be done")
        self.said = caption("", "alarm", wrap=True)
        self.choices, self.close_nature = ChoicePanel(columns=3), CloseNature(context)
        self.choices.add(self.close_nature, KEY, self.close_nature.turn)
        self.close_nature.settled.connect(lambda: self.choices.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.call_back, self.threat = CallBackForm(context), ThreatForm(context)
        self.asks = AskRow(context, self._ask)
        keys = context.actions
        self.resolve = keys.button("care.resolve", self, self._resolve, role="primary")
        self.back = keys.button("care.return", self, self.give_back)
        self.close_otherwise = keys.button("care.close", self, self._close_otherwise)
        self.hand_on = keys.button("care.hand_on", self, self.hand_over)
        self.plan = keys.button("call.call_back", self, self._plan)
        self.lost = ActionButton("Caller lost", key_words(action("hand_off.caller_lost").keys[0]))
        self.lost.confirm = "Again: caller lost"
        self.lost.acted.connect(self._lose)
        self.over = keys.button("call.take_over", self, self._take_over)
        self.disclose = keys.button("note.disclose", self, self._disclose)
        self._main = SideBySide((self.resolve, self.back, self.close_otherwise))
        self._more = SideBySide((self.hand_on, self.over, self.plan, self.lost, self.disclose))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(12))
        column.setSpacing(scaled(7))
        for widget in (self.choices, self.call_back, self.threat, self.said, self.asks, self._main, self._more):
            column.addWidget(widget)

    # ---------------------------------------------------------------------------------------------- how it stands

    @property
    def _call(self) -> Call | None:
        return self._context.chosen_call

    @property
    def _me(self) -> UserId:
        return self._context.me

    def _spoken_with(self) -> Call | None:
        """The chosen call, where the person at this desk has the caller or is being connected to them."""
        call = self._call
        has = call is not None and call.closing is None and self._me in (queries.on_the_line(call), call.in_care_of)
        return call if has else None

    def _mine(self) -> Call | None:
        """The chosen call, where it is in the care of the person at this desk."""
        call = self._spoken_with()
        return call if call is not None and call.in_care_of == self._me else None

    def _onward(self, call: Call | None) -> HandOff | None:
        """The hand-off by which this person is handing the caller on."""
        hand_off = call.hand_off if call is not None else None
        return hand_off if hand_off is not None and hand_off.is_open and hand_off.from_user == self._me else None

    def leave(self) -> None:
        """Close whatever asks something; nothing is done."""
        self.choices.leave()
        self.call_back.leave()
        self.threat.leave()
        self.say("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other columns; in a narrow pane the keys of the last row are left to the tooltips."""
        super().resizeEvent(event)
        self.asks.refit()
        for button in (self.hand_on, self.plan, self.lost, self.disclose):
            button.show_key(self.width() >= scaled(_NARROW))
        self._more.place()

    def refresh(self) -> None:
        """Show what can be done with the chosen call now."""
        call, on_line, mine = self._call, self._spoken_with(), self._mine()
        offered = queries.rings(call) if call is not None else None
        if on_line is None:
            self.threat.leave()
            if self._who_is_gone(call) is None:
                self.choices.leave()
        for row in (self.asks, self._main):
            row.setVisible(on_line is not None)
        for button in (self.hand_on, self.disclose):
            button.setVisible(on_line is not None)
        self.lost.setVisible(mine is not None and self._onward(call) is None)  # before that the strip has it
        self.plan.setVisible(call is not None and (offered is None or on_line is not None))
        self.plan.say("Call back…", "" if call is None or call.callback.strip() else "The call has no callback number.")
        gone = self._who_is_gone(call)
        self.over.setVisible(gone is not None)
        if gone is not None:
            self.over.say(f"Take over from {gone.name}…")
        self.setVisible(call is not None and not self.plan.isHidden())
        if on_line is not None:
            self._show_main(on_line, mine)
        self.show_asks()
        self._main.place()
        self._more.place()

    def show_asks(self) -> None:
        """What was asked for, and how far it is; reckoned again as units come nearer."""
        call, store = self._spoken_with(), self._context.store
        if call is None:
            return
        why_not = "" if queries.on_the_line(call) == self._me else "Another clinician is being connected to the caller."
        self.asks.show_asks(asks_of(store.state, store.positions, call, self._me, store.now()), why_not)

    def _show_main(self, call: Call, mine: Call | None) -> None:
        state, onward = self._context.store.state, self._onward(call)
        agency, to = state.agency, queries.person_name(state, onward.to_user) if onward else ""
        why_not = ""
        if mine is None:
            why_not = f"{queries.person_name(state, queries.controller(call))} has the caller until they release them."
        elif onward is not None:
            why_not = f"The caller is being handed on to {to}."
        phone = [outcome for outcome in agency.outcomes if outcome.by_phone]
        one = len(phone) == 1  # closing cannot be taken back: one outcome is confirmed, of several one is chosen
        once_more = mine is not None and one and not _untold(call)
        self.resolve.confirm = f"Again: close {call.number}" if once_more else ""
        self.resolve.say(phone[0].name if one else "Resolved by phone…", why_not)
        turning = bool(open_turns(agency, call))  # then closing by phone is not what comes next
        programme = agency.programme(call.hand_off.programme) if call.hand_off else None
        colour = programme.colour if programme else "violet"
        self.resolve.colour("" if turning else colour, "action" if turning else "primary")
        self.close_otherwise.say("Close otherwise…", why_not)
        self.back.say("Take the offer back" if onward else "Back to dispatch…" if mine else "Leave the line…")
        self.hand_on.say("Hand on…", "" if mine else why_not)
        if onward is not None:
            missing = f"{to} has them once {' and '.join(onward.missing)}." if onward.missing else ""
            self.hand_on.say(
                f"Release to {to}" if onward.connects else f"Rings at {to}",
                missing if onward.connects else f"{to} has not answered yet.",
            )

    # ---------------------------------------------------------------------------------------------- asking dispatch

    def _ask(self, one: Askable) -> None:
        call = self._spoken_with()
        if call is None:
            return
        if one.open_ask is not None:
            self._send(WithdrawAsk(call.call_id, one.open_ask.ask_id))
        else:
            self._send(AskForResponse(call.call_id, AskId(new_id()), one.code))

    # ---------------------------------------------------------------------------------------------- closing

    def _resolve(self) -> None:
        """With one outcome by phone the key closes; with several a digit says which."""
        agency, call = self._context.store.state.agency, self._mine()
        if call is None or self._must_tell(call):
            return
        phone = [outcome for outcome in agency.outcomes if outcome.by_phone]
        if len(phone) == 1:
            self._send(CloseCall(call.call_id, outcome=phone[0].code))
        elif phone:
            self._offer_outcomes(call, f"How was {call.number} resolved by phone?", by_phone=True)
        else:
            self.say("This agency's configuration has no outcome by phone; close it otherwise.")

    def _close_otherwise(self) -> None:
        call = self._mine()
        if call is not None and not self._must_tell(call):
            self._offer_outcomes(call, f"How did {call.number} end?", by_phone=False)

    def _must_tell(self, call: Call) -> bool:
        """Whether somebody has yet to be told that the response turned: said before anything is asked, with the key."""
        who = ", ".join(queries.party_words(self._context.store.state, party) for party in _untold(call))
        if who:
            key = key_words(action("turn.tell").keys[0])
            self.say(f"The response to call {call.number} turned; it closes once these have been told: {who}. {key} ticks.")
        return bool(who)

    def _offer_outcomes(self, call: Call, question: str, *, by_phone: bool) -> None:
        """List the outcomes, each with its code of APCO 1.111.2 where one fits."""
        outcomes = [o for o in self._context.store.state.agency.outcomes if o.by_phone == by_phone]
        self.close_nature.begin(call)
        self.close_nature.show()
        options = tuple(
            Option(o.code, f"{o.name} · {o.apco}" if o.apco else o.name, key_of(place)) for place, o in enumerate(outcomes)
        )
        self.choices.ask(
            question, options, lambda code, _: self._close(call, code), does="close the call", note=None, at_once=True
        )

    def _close(self, call: Call, outcome: str) -> None:
        """Close it as the nature that stands in the list; words there that are none leave it open."""
        if self.close_nature.settle():
            self._send(CloseCall(call.call_id, outcome=outcome, nature=self.close_nature.code))
        else:
            self.say(self.close_nature.spoken())

    # ---------------------------------------------------------------------------------------------- passing the caller

    def give_back(self) -> None:
        """Back to dispatch with a reason; before the release that is leaving the line. An offer on is taken back."""
        call = self._spoken_with()
        hand_off, onward = call.hand_off if call else None, self._onward(call)
        if call is None or hand_off is None:
            return
        if onward is not None:
            self._send(WithdrawHandOff(call.call_id, onward.hand_off_id, ""))
            return
        self.close_nature.hide()
        self.choices.ask(
            f"Why does {call.number} go back to dispatch?",
            reasons_to_choose(self._context.store.state.agency.decline_reasons),
            lambda reason, typed: self._send(ReturnHandOff(call.call_id, hand_off.hand_off_id, typed or reason)),
            does="give the caller back", note="What is the reason?", at_once=True,
        )  # fmt: skip

    def hand_over(self) -> None:
        """List the clinicians who can be rung, why each, and why not the others; once one accepted, release to them."""
        call, onward = self._mine(), self._onward(self._mine())
        if call is None:
            return
        if onward is not None:
            self._send(ReleaseHandOff(call.call_id, onward.hand_off_id))
            return
        store = self._context.store
        options = receivers(store.state, call, self._me, store.now())
        if not options:
            self.say("No other clinician is at work. Give the caller back to dispatch instead.")
            return
        self.close_nature.hide()
        self.choices.ask(
            f"To whom is {call.number} handed on?", options,
            lambda user, asks: self._send(OfferHandOff(call.call_id, new_hand_off_id(), UserId(user), asks)),
            does="ring", note="what you ask of them, if anything",
        )  # fmt: skip

    def _who_is_gone(self, call: Call | None) -> Presence | None:
        """Who has a caller that is with a clinician or on the way to one, where nothing is heard of their desk."""
        if call is None or call.closing is not None or queries.on_the_line(call) is None:
            return None
        person = self._context.store.state.people.get(queries.controller(call))
        mine = person is None or person.user_id == self._me
        return person if person is not None and not mine and person.lost_at is not None else None

    def _take_over(self) -> None:
        call, gone = self._call, self._who_is_gone(self._call)
        if call is None or gone is None:
            return
        self.close_nature.hide()
        self.choices.ask(
            f"Have the caller of {call.number} in place of {gone.name}?",
            (Option("take", f"Take over from {gone.name}", needs_note=True),),
            lambda _, why: self._send(TakeOverCall(call.call_id, new_hand_off_id(), why)),
            does="take over", note="why", text=f"Nothing is heard of the desk of {gone.name}",
        )  # fmt: skip

    def _lose(self) -> None:
        call = self._mine()
        if call is not None:
            self._send(LoseCaller(call.call_id, CallBackId(new_id())))

    def _plan(self) -> None:
        call = self._call
        if call is not None:
            self.call_back.ask(call, self.window().focusWidget())

    def _disclose(self) -> None:
        call = self._spoken_with()
        if call is not None:
            self.threat.ask(call, self.window().focusWidget())

    # ---------------------------------------------------------------------------------------------- sending

    def _send(self, command: AnyCommand) -> None:
        self.say("")
        self._context.store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self.say(outcome.reason)

    def say(self, words: str) -> None:
        """Say something beside the keys; "" takes the words away."""
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _untold(call: Call) -> list[Party]:
    return [party for transition in call.transitions for party in transition.untold]
