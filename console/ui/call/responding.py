"""The three actions under a call: hand off, dispatch, another service; each names whom it takes, or says why it cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.commands import (
    AnyCommand,
    CommandOutcome,
    DispatchUnit,
    LeaveQueue,
    OfferHandOff,
    OrderOtherService,
    QueueForClinician,
    Rejected,
    ReleaseHandOff,
    WithdrawHandOff,
)
from console.domain.ids import CallId, UnitId, UserId
from console.domain.programmes import Responds
from console.domain.state import Call
from console.domain.turned import still_to_send
from console.link.fresh import new_hand_off_id
from console.ui.action_button import ActionButton
from console.ui.actions import action, key_words
from console.ui.call.choices import clinician_choices, is_of, service_choices, unit_choices
from console.ui.call.close_nature import KEY, CloseNature
from console.ui.call.endings import Ending, endings
from console.ui.call.proposal_button import show_proposal
from console.ui.call.proposals import Proposals, proposals
from console.ui.call.words import engaged_words
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.option import Option
from console.ui.widgets import Elided, caption, scaled

PROPOSING: Final = 3
"""The part of the second in which the proposals are made anew, since positions grow old: with 500 units it takes 4 ms."""
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
        self._asked = ""
        self._wanted = ""
        self._once_shown: tuple[str, str] | None = None
        self._stale = True
        keys = context.actions
        self.hand_off = keys.button("call.hand_off", owner, self.hand_over)
        self.dispatch = keys.button("unit.dispatch", owner, self.send_first)
        self.other = keys.button("call.other_service", owner, self.ask_service)
        self.withdraw = keys.button("call.withdraw", owner, self.take_back)
        self.close_call = keys.button("call.close", owner, self.ask_ending, "Close…")
        self.more_clinicians = self._more("Choose another clinician", self.ask_clinician)
        self.more_units = self._more("Choose another unit", self.ask_unit)
        self._engaged, self._refusal = Elided("muted"), caption("", "alarm", wrap=True)
        self.panel = ChoicePanel()
        self.panel.left.connect(self._panel_left)
        self.panel.note_changed.connect(self._keep_note)
        self.close_nature = CloseNature(context)
        self.close_nature.settled.connect(lambda: self.panel.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.panel.add(self.close_nature, KEY, self.close_nature.turn)
        self._buttons = QWidget()
        rows = QVBoxLayout(self._buttons)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(scaled(8))
        for button, more in (
            (self.hand_off, self.more_clinicians),
            (self.withdraw, None),
            (self.dispatch, self.more_units),
            (self.other, self.close_call),
        ):
            button.setMinimumWidth(scaled(160))  # in a narrow pane the end of the words gives way, never the key
            line = QHBoxLayout()
            line.setSpacing(scaled(6))
            line.addWidget(button, 1)
            if more is not None:
                line.addWidget(more)
            rows.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(16))
        column.setSpacing(scaled(8))
        for widget in (self._engaged, self._buttons, self.panel, self._refusal):
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
        elif (different.units or different.people) and not self._soon.isActive():
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
            self._buttons.hide()
            self.panel.leave()
            return
        asks = self.panel.is_open
        self._buttons.setVisible(not asks)
        self._made = proposals(store.state, store.positions, call, self._context.me, store.now())
        if asks:
            self._ask_again(call)
        show_proposal(self.hand_off, self._made.hand_off.proposal, self._sending == "hand_off", self)
        self.hand_off.setVisible(store.state.agency.answers_by_phone)
        show_proposal(self.dispatch, self._made.dispatch.proposal, self._sending == "dispatch", self)
        show_proposal(self.other, self._made.other, self._sending == "other", self)
        back = self._made.hand_off.take_back
        if back:
            self.withdraw.confirm = f"Press again to {back[:1].lower()}{back[1:]}"
            self.withdraw.say(back)
        self.withdraw.setVisible(bool(back))
        self.more_clinicians.setVisible(self._made.hand_off.does in ("offer", "queue"))
        self.more_units.setVisible(bool(self._made.dispatch.recommendation.units) or self._could_override(call, store.now()))

    def _could_override(self, call: Call, now: datetime) -> bool:
        assert self._made is not None
        choices = unit_choices(self._context.store.state, self._made, call, self._context.me, now)
        return any(not option.why_not for option in choices)

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
        """Send the unit that is recommended first."""
        if self.call is not None and self._made is not None and self._made.dispatch.recommendation.units:
            first = self._made.dispatch.recommendation.units[0]
            self._submit("dispatch", DispatchUnit(first.unit_id, self.call.call_id))

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
            self._context.drafts.keep(self._context.me, call_id or "", "", f"{what} note")
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
        elif self.panel.is_open and what == self._asked:
            self.panel.leave()
        self.refresh()

    def _refuse(self, words: str) -> None:
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))

    # ---------------------------------------------------------------------------------------------- lists

    def ask_unit(self) -> None:
        """List the units with why each is proposed, and those passed over with why not."""
        self._ask("dispatch", "Send which unit?", does="send", note="why it is to go all the same")

    def ask_clinician(self) -> None:
        """List the clinicians who are ready."""
        self._ask("hand_off", "Offer the caller to whom?", does="offer to", note=None)

    def ask_service(self) -> None:
        """List the services outside the programmes; asking one cannot be taken back, so it takes two keys."""
        self._ask("other", "Ask which service to this call? It cannot be taken back.", does="ask", note="the reason")
        proposed = " ".join(self._made.services) if self._made else ""
        self._choose([option.value == proposed for option in self.panel.options])

    def _choose(self, which: list[bool]) -> bool:
        """Select the first of these in the list that is open; says whether there is one."""
        if self.panel.is_open and any(which):
            self.panel.list.choose(which.index(True))
        return self.panel.is_open and any(which)

    def ask_ending(self) -> None:
        """List the ways to close the call; closing cannot be taken back, so it takes two keys."""
        call = self.call
        if call is not None and call.closing is None:
            self.close_nature.begin(call)
            self._ask("close", self._endings(call)[0], does="close the call", note="note")

    def send_instead(self, code: str, reason: str) -> None:
        """List what can go in place of a response that turned: what is of this programme or service is selected.

        The reason stands in the note, unless something was half typed there. Enter sends what is selected. Where nobody of
        it can go it is the next of what was proposed, and then any service.
        """
        if self._stale:
            self._once_shown = (code, reason)  # the workspace has just been made
            return
        call, agency = self.call, self._context.store.state.agency
        if call is None:
            return
        turned = call.transitions[-1:]
        codes = dict.fromkeys((code, *(each for turn in turned for each in still_to_send(agency, call, turn))))
        nobody = ""
        for each in codes:
            if self._ask_instead(each, reason, nobody):
                return
            nobody = nobody or f"Nobody of {agency.name_of(each)} can go now. "
        if any(not option.why_not for option in service_choices(self._context.store.state, call, self._context.store.now())):
            title = f"{nobody}Ask which service in its place? It cannot be taken back."
            self._ask("other", title, does="ask", note="the reason", reason=reason)
        else:
            self._ask_instead(code, reason)

    def _ask_instead(self, code: str, reason: str, nobody: str = "") -> bool:
        """Open the list for one of what was proposed; says whether somebody of it can go, and is selected."""
        self.panel.leave()
        programme = self._context.store.state.agency.programme(code)
        if programme is None:
            title = f"{nobody}Ask which service in its place? It cannot be taken back."
            self._ask("other", title, does="ask", note="the reason", wanted=code, reason=reason)  # fmt: skip
        elif programme.responds is Responds.BY_PHONE:
            self._ask("hand_off", f"{nobody}Offer the caller to whom?", does="offer to", note=None, wanted=code)
        else:
            self._ask("dispatch", f"{nobody}Send which unit in its place?", does="send", wanted=code, reason=reason,
                      note="why it is to go all the same")  # fmt: skip
        return self._choose([self._is_wanted(option) for option in self.panel.options])

    def _is_wanted(self, option: Option) -> bool:
        """Whether an option can go now and is of what was asked for in place of another response."""
        return not option.why_not and is_of(self._context.store.state, option, self._wanted)

    def _ask(self, what: str, title: str, *, does: str, note: str | None, wanted: str = "", reason: str = "") -> None:
        call = self.call
        if call is None or call.closing is not None or self._made is None:
            return
        self.refresh()  # units and people are only looked at now and then
        self._asked, self._wanted = what, wanted
        self._refuse("")
        options, why_not = self._options(call)
        if wanted and not options:
            self._refuse(why_not)
            return
        if what == "dispatch" and not any(option.needs_note for option in options):
            note = None
        typed = self._context.drafts.text(self._context.me, call.call_id, f"{what} note") if note is not None else ""
        self.close_nature.setVisible(what == "close")
        self.panel.ask(title, options, self._confirmed, does=does, note=note, why_not=why_not, text=typed or reason)
        self._buttons.hide()

    def _ask_again(self, call: Call) -> None:
        """The panel is open and something changed: bring the options up to date, keep what is selected."""
        options, why_not = self._options(call)
        if self._asked == "close":
            self.close_nature.show_call(call)
        if not options and self._asked != "close":
            self.panel.leave()
        else:
            self.panel.show_options(options, why_not)

    def _options(self, call: Call) -> tuple[tuple[Option, ...], str]:
        """The options of what is asked, and what stands in the way of all of them, or of what was wanted first."""
        options, why_not = self._found(call)
        if self._wanted and not why_not and not any(self._is_wanted(option) for option in options):
            why_not = f"Nobody of {self._context.store.state.agency.name_of(self._wanted)} can go now."
        return options, why_not

    def _found(self, call: Call) -> tuple[tuple[Option, ...], str]:
        assert self._made is not None
        state, now = self._context.store.state, self._context.store.now()
        match self._asked:
            case "dispatch":
                return unit_choices(state, self._made, call, self._context.me, now), ""
            case "hand_off":
                return clinician_choices(state, self._made.hand_off, call, now), ""
            case "other":
                return service_choices(state, call, now, self._made.services), self._made.other.why_not
            case _:
                _, found, why_not = self._endings(call)
                return tuple(Option(e.code, e.words, e.key, needs_note=e.needs_note) for e in found), why_not

    def _endings(self, call: Call) -> tuple[str, tuple[Ending, ...], str]:
        found = endings(self._context.store.state, call, self._context.me, self._context.store.now())
        untold = any(transition.untold for transition in call.transitions)
        how = f" {key_words(action('turn.tell').keys[0])} ticks the next." if untold else ""
        return found.why, found.choices, found.why_not + how

    def _confirmed(self, value: str, note: str) -> None:
        call = self.call
        if call is None or self._made is None:
            return
        match self._asked:
            case "dispatch":
                option = self.panel.option
                override = note if option is not None and option.needs_note else ""
                self._submit("dispatch", DispatchUnit(UnitId(value), call.call_id, override))
            case "hand_off":
                if value == self._made.hand_off.programme:
                    self.hand_over()
                else:
                    self._offer_to(call, UserId(value))
            case "other":
                self._submit("other", *(OrderOtherService(call.call_id, code, note) for code in value.split()))
            case _:
                chosen = next((ending for ending in self._endings(call)[1] if ending.code == value), None)
                if chosen is not None and self.close_nature.settle():
                    self._submit("close", chosen.command(call, note, self.close_nature.code))

    def _panel_left(self) -> None:
        """The buttons are there again, before the keyboard goes back to one of them."""
        self._asked = self._wanted = ""
        if self.call is not None and self.call.closing is None:
            self._buttons.show()

    def _keep_note(self, words: str) -> None:
        if self._call_id is not None and self._asked:
            self._context.drafts.keep(self._context.me, self._call_id, words, f"{self._asked} note")
