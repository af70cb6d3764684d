"""The call in care: what dispatch knows, the questions going on, the narrative, and the ways out of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.changes import Changes
from console.domain.commands import (
    AddNarrative,
    AnyCommand,
    CloseCall,
    CommandOutcome,
    LowerFlag,
    RaiseFlag,
    Rejected,
    ReturnHandOff,
)
from console.domain.state import Call, Party
from console.domain.turned import open_turns
from console.ui.actions import action, key_words
from console.ui.call.close_nature import KEY, CloseNature
from console.ui.call.heading import CallHeading
from console.ui.call.turn_record import LOW, TurnRecord
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.handoff.narrative_field import NarrativeField
from console.ui.handoff.rows import (
    facts_markup,
    narrative_markup,
    request_id,
    requests,
    times,
    unit_words,
    wanted_programme,
    whose,
)
from console.ui.option import Option, key_of, reasons_to_choose
from console.ui.triage.view import TriagePane
from console.ui.widgets import caption, give_look, rich, rule, scaled

_LOOK_AGAIN_S = 5
"""A unit's estimate changes without any event of the call: so often it is reckoned again."""


class CarePane(QWidget):
    """Shows the chosen call to a clinician; acts on it while it is in the care of the person at this desk."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._seconds = 0
        self.setAccessibleName("Call in care")
        self.heading, self.turned = CallHeading(), TurnRecord(context)
        self.whose = caption("", "muted", wrap=True)
        self.facts, self.narrative = rich(), rich("muted")
        self.unit, self.said = caption("", "due", wrap=True), caption("", "alarm", wrap=True)
        self.triage = TriagePane(context)
        # The list of reasons takes its room from the questions, which scroll.
        self.triage.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.triage.setMinimumHeight(scaled(40))
        self.field = NarrativeField(context)
        self.choices, self.close_nature = ChoicePanel(columns=3), CloseNature(context)
        self.choices.add(self.close_nature, KEY, self.close_nature.turn)
        self.close_nature.settled.connect(lambda: self.choices.list.setFocus(Qt.FocusReason.OtherFocusReason))
        keys = context.actions
        self.resolve = keys.button("care.resolve", self, self._resolve, role="primary")
        self.ask = keys.button("care.ask_unit", self, self._ask_unit)
        self.back = keys.button("care.return", self, self._return)
        self.close_otherwise = keys.button("care.close", self, self._close_otherwise)
        self._lay_out()
        keys.bind("focus.triage", self, self.triage.setFocus)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self.refresh)
        context.store.unsent_changed.connect(self.refresh)
        context.selection.call_changed.connect(self._chosen)
        context.theme.changed.connect(self.refresh)
        context.ticker.second.connect(self._tick)
        self.refresh()

    # ---------------------------------------------------------------------------------------------- made once

    def _lay_out(self) -> None:
        self._told = QWidget()
        inside = QVBoxLayout(self._told)
        inside.setContentsMargins(scaled(14), scaled(13), scaled(14), scaled(13))
        inside.setSpacing(scaled(7))
        self._from = caption("what is known", "muted")
        for label in (self.whose, self._from, self.facts, self.narrative):
            inside.addWidget(label)
        self._known = QScrollArea()
        self._known.setWidgetResizable(True)
        self._known.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._known.setWidget(self._told)
        self._known.setAccessibleName("What dispatch knows")

        self._nothing, foot = QWidget(), QWidget()
        below = QVBoxLayout(foot)
        below.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(14))
        below.setSpacing(scaled(8))
        self._buttons = QGridLayout()
        self._buttons.setSpacing(scaled(8))
        self._place_buttons()
        for widget in (self.choices, self.unit, self.said):
            below.addWidget(widget)
        below.addLayout(self._buttons)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.turned)
        column.addWidget(self._known)
        column.addWidget(rule())
        column.addWidget(self.triage, 3)
        column.addWidget(self._nothing, 3)
        column.addWidget(rule())
        column.addWidget(self.field, 1)
        column.addWidget(rule())
        column.addWidget(foot)

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _mine(self) -> Call | None:
        """The chosen call, where it is in the care of the person at this desk."""
        call, me = self.call, self._context.store.me
        return call if call is not None and me is not None and call.in_care_of == me.user_id and not call.closing else None

    def _chosen(self) -> None:
        self.choices.leave()
        self._say("")
        self.refresh()

    def _follow(self, different: Changes) -> None:
        if not self.isVisible():
            return  # it catches up when it is shown
        call = self.call
        units = {a.unit_id for a in call.assignments} if call else set()
        if different.agency or different.people or (call and call.call_id in different.calls) or units & different.units:
            self.refresh()

    def _tick(self) -> None:
        self._seconds += 1
        if self._seconds % _LOOK_AGAIN_S == 0 and self.isVisible():
            self._show_unit()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen call as it is."""
        store, call = self._context.store, self.call
        me = store.me.user_id if store.me else None
        self.field.show_call(call.call_id if call else None, call is not None)
        if self._mine() is None:
            self.choices.leave()
        self.heading.show_call(store.state.agency, call)
        self.heading.say(times(store.state.agency, call, store.now()) if call else "")
        self.turned.show_call(call)
        self.whose.setText(whose(store.state, call, me) if call else "A call in your care is shown here once it is chosen.")
        self.whose.setVisible(bool(self.whose.text()))
        for part in (self._from, self.triage):
            part.setVisible(call is not None)
        self._nothing.setVisible(call is None)
        self.facts.setText(facts_markup(store.state, call) if call else "")
        self.narrative.setText(narrative_markup(store.state, call, store.unsent_entries) if call else "")
        self._show_unit()
        self._show_actions()
        self._fit_known()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What dispatch knows takes as many lines as this width needs."""
        super().resizeEvent(event)
        self._fit_known()
        self.turned.fit()
        self._place_buttons()

    def _place_buttons(self) -> None:
        """Side by side; in a narrow window two and two, so that no words are cut off."""
        buttons = (self.resolve, self.ask, self.back, self.close_otherwise)
        needs = [button.whole_width() for button in buttons]
        columns = 4 if self.width() >= sum(needs) + scaled(2 * 14 + 3 * 8) else 2
        for place in range(4):  # each as its words need: equal shares would cut the longest
            self._buttons.setColumnStretch(place, max(needs[place::columns]) if place < columns else 0)
        if self._buttons.property("columns") == columns:
            return
        self._buttons.setProperty("columns", columns)
        for place, button in enumerate(buttons):
            button.setMinimumWidth(scaled(80))
            self._buttons.addWidget(button, place // columns, place % columns)

    def _fit_known(self) -> None:
        """Give what dispatch knows the room it needs, and no more than a third of the pane: then it scrolls.

        Beside the record of a turn it is a fifth, so that the questions keep some room in the smallest window.
        """
        needed = self._told.heightForWidth(self._known.viewport().width())
        low = not self.turned.isHidden() and self.height() < scaled(LOW)
        self._from.setVisible(self.call is not None and not low)  # the facts themselves need the line
        if low:
            self._known.setFixedHeight(scaled(48))
            return
        self._known.setFixedHeight(min(max(needed, scaled(48)), self.height() // (3 if self.turned.isHidden() else 5)))

    def _show_unit(self) -> None:
        call = self.call
        words, tone = unit_words(self._context.store, call) if call and not call.closing else ("", "")
        self.unit.setText(words)
        self.unit.setVisible(bool(words))
        if tone:
            give_look(self.unit, role=tone)

    def _show_actions(self) -> None:
        agency, call, mine = self._context.store.state.agency, self.call, self._mine()
        why_not = "" if mine else "This call is not in your care." if call else "No call is chosen."
        phone = [outcome for outcome in agency.outcomes if outcome.by_phone]
        one = len(phone) == 1  # closing cannot be taken back: one outcome is confirmed, of several one is chosen
        once_more = mine is not None and one and not _untold(mine)
        self.resolve.confirm = f"Again: close {mine.number}" if mine and once_more else ""
        self.resolve.say(phone[0].name if one else "Resolved by phone…", why_not)
        programme = agency.programme(call.hand_off.programme) if call and call.hand_off else None
        turning = call is not None and bool(open_turns(agency, call))  # then closing by phone is not what comes next
        colour = programme.colour if programme else "violet"
        self.resolve.colour("" if turning else colour, "action" if turning else "primary")
        self.back.say("Back to dispatch…", why_not)
        self.close_otherwise.say("Close otherwise…", why_not)
        asked = mine is not None and queries.UNIT_WANTED in mine.flags
        self.ask.confirm = "Again: no unit needed" if asked else ""
        code = wanted_programme(agency, mine) if mine else ""
        self.ask.say("No unit needed" if asked else f"Ask for {code or 'a unit'}", why_not)
        self._place_buttons()

    # ---------------------------------------------------------------------------------------------- what it does

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
            self._say("This agency's configuration has no outcome by phone; close it otherwise.")

    def _close_otherwise(self) -> None:
        call = self._mine()
        if call is not None and not self._must_tell(call):
            self._offer_outcomes(call, f"How did {call.number} end?", by_phone=False)

    def _must_tell(self, call: Call) -> bool:
        """Whether somebody has yet to be told that the response turned: said before anything is asked, with the key."""
        who = ", ".join(queries.party_words(self._context.store.state, party) for party in _untold(call))
        if who:
            key = key_words(action("turn.tell").keys[0])
            self._say(f"The response to call {call.number} turned; it closes once these have been told: {who}. {key} ticks.")
        return bool(who)

    def _offer_outcomes(self, call: Call, question: str, *, by_phone: bool) -> None:
        outcomes = [o for o in self._context.store.state.agency.outcomes if o.by_phone == by_phone]
        self.close_nature.begin(call)
        self.close_nature.show()
        self.choices.ask(
            question,
            tuple(Option(outcome.code, outcome.name, key_of(place)) for place, outcome in enumerate(outcomes)),
            lambda code, _: self._close(call, code),
            does="close the call", note=None, at_once=True,
        )  # fmt: skip

    def _close(self, call: Call, outcome: str) -> None:
        """Close it as the nature that stands in the list; words there that are none leave it open."""
        if self.close_nature.settle():
            self._send(CloseCall(call.call_id, outcome=outcome, nature=self.close_nature.code))
        else:
            self._say(self.close_nature.spoken())

    def _return(self) -> None:
        call = self._mine()
        hand_off = call.hand_off if call else None
        if call is None or hand_off is None:
            return
        self.close_nature.hide()
        self.choices.ask(
            f"Why does {call.number} go back to dispatch?",
            reasons_to_choose(self._context.store.state.agency.decline_reasons),
            lambda reason, typed: self._send(ReturnHandOff(call.call_id, hand_off.hand_off_id, typed or reason)),
            does="give the caller back", note="What is the reason?", at_once=True,
        )  # fmt: skip

    def _ask_unit(self) -> None:
        """Raise the flag that dispatch sees, and say it in the narrative; pressed while asked, take it back the same way."""
        store, call = self._context.store, self._mine()
        if call is None:
            return
        if queries.UNIT_WANTED in call.flags:
            self._send(LowerFlag(call.call_id, queries.UNIT_WANTED))
            words = "No unit is needed any more."
            self._send(AddNarrative(call.call_id, request_id(call, -requests(call)), words))
            return
        code = wanted_programme(store.state.agency, call)
        here = queries.assigned_units(store.state, call)
        more = "another unit" if here else "a unit"
        words = f"Asks dispatch to send {more}{f' of {code}' if code else ''}."
        self._send(RaiseFlag(call.call_id, queries.UNIT_WANTED))
        self._send(AddNarrative(call.call_id, request_id(call, requests(call) + 1), words))

    def _send(self, command: AnyCommand) -> None:
        self._say("")
        self._context.store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _untold(call: Call) -> list[Party]:
    return [party for transition in call.transitions for party in transition.untold]
