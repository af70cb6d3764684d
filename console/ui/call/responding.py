"""The three actions under a call: hand off, dispatch, another service; each names whom it takes, or says why it cannot."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.changes import Changes
from console.domain.commands import (
    AnyCommand,
    CommandOutcome,
    LeaveQueue,
    OfferHandOff,
    QueueForClinician,
    Rejected,
    ReleaseHandOff,
    WithdrawHandOff,
)
from console.domain.ids import CallId, UserId
from console.domain.programmes import Responds
from console.domain.state import Call
from console.domain.turned import still_to_send
from console.link.fresh import new_hand_off_id
from console.ui.action_button import ActionButton
from console.ui.actions import action, key_words
from console.ui.call import what_goes
from console.ui.call.asked import answering
from console.ui.call.calling_back import calling_back
from console.ui.call.choices import service_choices
from console.ui.call.lists import CallList, CallLists
from console.ui.call.proposal_button import show_proposal
from console.ui.call.proposals import Proposals, proposals
from console.ui.call.sending import Sending, may_choose, sends
from console.ui.call.supply import SupplyLine
from console.ui.call.taking_over import taking_over
from console.ui.call.what_goes import Floor
from console.ui.call.words import engaged_words
from console.ui.context import Context
from console.ui.road_times import Roads
from console.ui.widgets import Elided, caption, scaled

PROPOSING: Final = 3
"""The part of the second in which the proposals are made anew, since positions grow old: with 500 units it takes 4 ms."""
_NARROW: Final = 500
"""In a pane narrower than this the words of taking back give way to whom the caller is released to."""
_IN_ITS_PLACE: Final = "Ask which service in its place? It cannot be taken back."
_TOGETHER_MS: Final = 150
"""Changes of units and people come in flocks; the proposals are made anew once for those of so long."""


class Responding(QWidget):
    """What may be done with the chosen call, worked by three keys and, in a panel in its place, by lists."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        super().__init__()
        self._context = context
        self._call_id: CallId | None = None
        self._made: Proposals | None = None
        self._sending = ""
        self._once_shown: tuple[str, str] | None = None
        self._stale = True
        keys = context.actions
        keys.bind("call.hand_off_to", self, self.ask_clinician)
        keys.bind("call.take_over", self, self.take_over)
        keys.bind("call.call_back", self, self.plan_call_back)
        self.hand_off = keys.button("call.hand_off", owner, self.hand_over)
        self.dispatch = keys.button("unit.dispatch", owner, self.send_first)
        self.other = keys.button("call.other_service", owner, self.ask_service)
        self.withdraw = keys.button("call.withdraw", owner, self.take_back)
        self.withdraw.setMinimumWidth(scaled(110))
        self.close_call = keys.button("call.close", owner, self.ask_ending, "Close…")
        chooses = f"Choose the clinician, say what you ask · {key_words(action('call.hand_off_to').keys[0])}"
        self.more_clinicians = self._more(chooses, self.ask_clinician)
        keys.bind("unit.dispatch_to", self, self.ask_unit)
        another = f"Choose the unit · {key_words(action('unit.dispatch_to').keys[0])}"
        self.more_units = self._more(another, self.ask_unit)
        self._engaged, self._refusal = Elided("muted"), caption("", "alarm", wrap=True)
        self.warning, self.sending = caption("", "due", wrap=True), Sending(self.dispatch)
        self.supply = SupplyLine(context)
        self.panel = CallLists(context, self._submit)
        self.panel.left.connect(self._panel_left)
        self._buttons = QWidget()
        rows = QVBoxLayout(self._buttons)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(scaled(8))
        for button, *beside in (
            (self.hand_off, self.withdraw, self.more_clinicians),
            (self.dispatch, self.more_units),
            (self.other, self.close_call),
        ):
            button.setMinimumWidth(scaled(130))  # in a narrow pane the end of the words gives way, never the key
            line = QHBoxLayout()
            line.setSpacing(scaled(6))
            line.addWidget(button, 1)
            for more in beside:
                line.addWidget(more)
            rows.addLayout(line)
        rows.insertWidget(1, self.sending.consequence)  # above the button it is about
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(16))
        column.setSpacing(scaled(8))
        for widget in (
            self._engaged,
            self.supply,
            self.warning,
            self._buttons,
            self.panel,
            self._refusal,
        ):
            column.addWidget(widget)
        self._refusal.hide()

        self._fit_soon = QTimer(self)  # not within the layout's own turn: new words would change it again
        self._fit_soon.setSingleShot(True)
        self._fit_soon.setInterval(0)
        self._fit_soon.timeout.connect(self.refresh)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER_MS)
        self._soon.timeout.connect(self.refresh)
        context.store.changed.connect(self._follow)
        context.roads.changed.connect(self.refresh)
        context.store.me_changed.connect(lambda _: self.refresh())
        context.selection.call_changed.connect(lambda _: self._another())
        context.ticker.second.connect(self._age)
        context.ticker.between.connect(lambda part: self.refresh() if part == PROPOSING else None)
        self.refresh()

    def _more(self, words: str, do: object) -> ActionButton:
        button = ActionButton("▾", "", "quiet")
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setFixedWidth(scaled(36))
        button.acted.connect(do)
        return button

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _follow(self, different: Changes) -> None:
        if self._context.selection.call_id in different.calls or different.agency:
            self.refresh()
        elif (different.units or different.people or different.call_backs) and not self._soon.isActive():
            self._soon.start()

    def _another(self) -> None:
        """Another call was chosen: what was asked or refused about the last one does not stand under this one."""
        self._sending = ""
        self._once_shown = None
        self.panel.leave()
        self._refuse("")
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()
        if self._once_shown is not None:
            (code, reason), self._once_shown = self._once_shown, None
            self.send_instead(code, reason)

    def refresh(self) -> None:
        """Make the proposals anew from the state, the positions and the clock."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        store, call = self._context.store, self.call
        self._call_id = call.call_id if call else None
        self._engage(call)
        if call is None or call.closing is not None:
            self._made = None
            for widget in (self._buttons, self.warning, self.supply):
                widget.hide()
            self.panel.leave()
            return
        asks = self.panel.is_open
        self._buttons.setVisible(not asks)
        roads = self._context.roads.to(call.place)
        self._made = proposals(store.state, store.positions, call, self._context.me, store.now(), roads, store.standings)
        if asks:
            self.panel.renew(call)
        show_proposal(self.hand_off, self._made.hand_off.proposal, self._sending == "hand_off", self)
        self.hand_off.setVisible(store.state.agency.answers_by_phone and call.in_care_of is None)
        self.warning.setText(self._made.hand_off.warning)
        self.warning.setVisible(bool(self._made.hand_off.warning))
        beside = any(unit.call == call.call_id for unit in store.state.units.values())
        self.sending.show_made(
            self._made.dispatch, roads.words or roads.why_not, self._sending == "dispatch", self, beside=beside
        )
        show_proposal(self.other, self._made.other, self._sending == "other", self)
        back = self._made.hand_off.take_back
        if back:
            narrow = self.width() < scaled(_NARROW)
            self.withdraw.confirm = f"{'Again:' if narrow else 'Press again to'} {back[:1].lower()}{back[1:]}"
            self.withdraw.say(back.replace("the offer ", "").replace("the caller ", "") if narrow else back)
        self.withdraw.setVisible(bool(back))
        found = self._made.hand_off
        others = found.does in ("offer", "queue") or (found.open_offer is None and bool(found.ringing.passed_over))
        self.more_clinicians.setVisible(others and self.hand_off.isVisibleTo(self))
        self.more_units.setVisible(may_choose(store.state, call, self._made, self._context.me, store.now()))
        self.supply.show_call(call)
        self._context.roads.want(call.place)  # the last: what it hears shows all of this anew

    def _age(self) -> None:
        if self.isVisible():
            self._engage(self.call)

    def _engage(self, call: Call | None) -> None:
        """Who is on the call, and for how long."""
        store = self._context.store
        engaged = engaged_words(store.state, call, store.now()) if call else ""
        self._engaged.setText(engaged)
        self._engaged.setVisible(bool(engaged))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width other words fit."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_soon.start()

    # ---------------------------------------------------------------------------------------------- one key each

    def hand_over(self) -> None:
        """Offer the caller to the clinician proposed first; once one has accepted, release the caller to them."""
        call, made = self.call, self._made.hand_off if self._made is not None else None
        if call is None or made is None:
            return
        if made.does == "offer":
            self._offer_to(call, made.to[0].person.user_id)
        elif made.does == "queue":
            self._submit("hand_off", QueueForClinician(call.call_id, made.programme))
        elif made.does == "release" and made.open_offer is not None:
            self._submit("hand_off", ReleaseHandOff(call.call_id, made.open_offer))

    def _offer_to(self, call: Call, user: UserId) -> None:
        self._submit("hand_off", OfferHandOff(call.call_id, new_hand_off_id(), user))

    def take_back(self) -> None:
        """Take back the hand-off that is on its way, or wait for no clinician any more."""
        made = self._made.hand_off if self._made is not None else None
        if self.call is None or made is None or not made.take_back:
            return
        if made.open_offer is not None:
            self._submit("withdraw", WithdrawHandOff(self.call.call_id, made.open_offer, "taken back at the desk"))
        else:
            self._submit("withdraw", LeaveQueue(self.call.call_id, "taken back at the desk"))

    def send_first(self) -> None:
        """Send the unit that is recommended first; where nobody is free, take the one whose consequences are shown."""
        call, made = self.call, self._made
        if call is not None and made is not None:
            command = sends(self._context.store.state, call, made.dispatch)
            if command is not None:
                self._submit("dispatch", command)

    def _submit(self, what: str, *commands: AnyCommand) -> None:
        """Send once: until the answer is there, further presses of any of the keys do nothing."""
        if self._sending:
            return
        self._sending, call_id = what, self._call_id
        self._refuse("")
        for command in commands:
            self._context.store.submit(command).then(lambda outcome: self._heard(what, outcome, call_id))
        self.refresh()

    def _heard(self, what: str, outcome: CommandOutcome, call_id: CallId | None) -> None:
        if not isinstance(outcome, Rejected):
            for field in (f"{what} note", *(("promised note",) if what == "hand_off" else ())):
                self._context.drafts.keep(self._context.me, call_id or "", "", field)
        if call_id != self._call_id:
            if isinstance(outcome, Rejected):
                number = (
                    self._context.store.state.calls[call_id].number if call_id in self._context.store.state.calls else ""
                )
                self._context.notices.refuse(f"Call {number}: {outcome.reason}")
            return
        if self._sending == what:
            self._sending = ""
        if isinstance(outcome, Rejected):
            if self.panel.is_open:
                self.panel.refuse(outcome.reason)
            else:
                self._refuse(outcome.reason)
        elif self.panel.is_open and what == self.panel.what:
            self.panel.leave()
        self.refresh()

    def _refuse(self, words: str) -> None:
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))

    # ---------------------------------------------------------------------------------------------- lists

    def ask_unit(self) -> None:
        """List the units with why each is proposed, those that could be moved, and those passed over with why not."""
        if self._made is not None:
            self._open(what_goes.units(self._floor, "Send which unit?"))

    def ask_clinician(self) -> None:
        """List the clinicians with why each is rung, and those passed over with why not; and what is asked of them."""
        self._open(what_goes.clinicians(self._floor, "Offer the caller to whom?"))

    def ask_service(self) -> None:
        """List the services outside the programmes; asking one cannot be taken back, so it takes two keys."""
        self._open(what_goes.services(self._floor, "Ask which service to this call? It cannot be taken back."))
        proposed = " ".join(self._made.services) if self._made else ""
        self.panel.choose([option.value == proposed for option in self.panel.options])

    def ask_ending(self) -> None:
        """List the ways to close the call; closing cannot be taken back, so it takes two keys."""
        call = self.call
        if call is not None and call.closing is None:
            self.panel.close_nature.begin(call)
            self._open(what_goes.closing(self._floor, call))

    def answer_ask(self) -> None:
        """List what can be sent of what a clinician asks for; Enter sends it."""
        call = self.call
        if call is not None and queries.unmet(call):
            self._open(answering(call, self._floor))

    def take_over(self) -> None:
        """Ask why the caller is to be had in place of whoever has them."""
        store, call = self._context.store, self.call
        if call is not None:
            self._open(taking_over(store.state, call, self._context.me, store.now()))

    def plan_call_back(self) -> None:
        """List when the caller can be called back, and what came of the call back that is owed."""
        store, call = self._context.store, self.call
        if call is not None:
            self._open(calling_back(store.state, call, store.now))

    def send_instead(self, code: str, reason: str) -> None:
        """List what can go in place of a response that turned: what is of this programme or service is selected.

        The reason stands in the note, unless something was half typed there. Enter sends what is selected. Where nobody of
        it can go it is the next of what was proposed, and then any service.
        """
        if self._stale:
            self._once_shown = (code, reason)  # the workspace has just been made
            return
        call, agency = self.call, self._context.store.state.agency
        if call is None or self._made is None:
            return
        turned = call.transitions[-1:]
        codes = dict.fromkeys((code, *(each for turn in turned for each in still_to_send(agency, call, turn))))
        nobody = ""
        for each in codes:
            if self._ask_instead(each, reason, nobody):
                return
            nobody = nobody or f"Nobody of {agency.name_of(each)} can go now. "
        if any(not option.why_not for option in service_choices(self._context.store.state, call, self._context.store.now())):
            self._open(what_goes.services(self._floor, f"{nobody}{_IN_ITS_PLACE}", reason=reason))
        else:
            self._ask_instead(code, reason)

    def _ask_instead(self, code: str, reason: str, nobody: str = "") -> bool:
        """Open the list for one of what was proposed; says whether somebody of it can go, and is selected."""
        self.panel.leave()
        programme = self._context.store.state.agency.programme(code)
        if programme is None:
            return self._open(what_goes.services(self._floor, f"{nobody}{_IN_ITS_PLACE}", wanted=code, reason=reason))
        if programme.responds is Responds.BY_PHONE:
            return self._open(what_goes.clinicians(self._floor, f"{nobody}Offer the caller to whom?", wanted=code))
        title = f"{nobody}Send which unit in its place?"
        return self._open(what_goes.units(self._floor, title, wanted=code, reason=reason))

    def _open(self, asked: CallList) -> bool:
        """Open a list in the place of the buttons; says whether what it wants is selected."""
        call = self.call
        if call is None or call.closing is not None or self._made is None:
            return False
        self.refresh()  # units and people are only looked at now and then
        self._refuse("")
        options, why_not = asked.choices(call)
        if not options and why_not and asked.what in ("hand_off", "take_over"):
            self._refuse(why_not)
            return False
        selected = self.panel.open(call, asked)
        self._buttons.hide()
        return selected

    def _floor(self) -> Floor:
        store = self._context.store
        assert self._made is not None
        call = self.call
        roads = self._context.roads.to(call.place) if call is not None else Roads()
        return Floor(store.state, self._made, self._context.me, store.now(), store.positions, roads)

    def _panel_left(self) -> None:
        """The buttons are there again, before the keyboard goes back to one of them."""
        if self.call is not None and self.call.closing is None:
            self._buttons.show()
