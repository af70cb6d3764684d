"""The one loud event: a response on its way turned out wrong. It stands until everybody who must know has been told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from console.domain.changes import Changes
from console.domain.commands import CommandOutcome, Rejected, TellOfTransition
from console.domain.ids import CallId, TransitionId
from console.domain.queries import party_words, person_name
from console.domain.state import Call, Party, Role, Transition
from console.domain.times import span, time_of_day
from console.ui.action_button import ActionButton
from console.ui.actions import action, action_button, key_words
from console.ui.context import Context
from console.ui.flow import Flow
from console.ui.turn_words import concerns, reason_words, sending_words, sentence, still_to_send
from console.ui.widgets import caption, has_keyboard, scaled

AT_ONCE: Final = 2
"""So many turns are shown; the others are counted, and the key that opens a turn's call brings them up one by one."""


class TurnRow(QFrame):
    """One turn: what it is, and a button for each who must be told. Keys are drawn in the row that they are about."""

    def __init__(self, banner: TurnBanner, context: Context, transition: Transition) -> None:
        super().__init__()
        self._banner, self._context = banner, context
        self.transition_id = transition.transition_id
        self.setProperty("role", "banner")
        self.setProperty("tone", "alarm")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        sign = caption("▲", "alarm")
        self.words, self.since = caption("", "heading", wrap=True), caption("", "muted")
        self.said = caption("", "alarm")
        self.ticks = {party.key: self._button("turn.tell", party) for party in transition.parties}
        self.open = self._button("turn.open")
        self.instead = self._button("turn.instead")
        top, below = QHBoxLayout(), Flow()
        top.setSpacing(scaled(14))
        top.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.words, 1)
        top.addWidget(self.since, 0, Qt.AlignmentFlag.AlignTop)
        self._below = below
        for part in (caption("who has been told?", "muted"), *self.ticks.values(), self.instead, self.open, self.said):
            below.add(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(16), scaled(7), scaled(16), scaled(7))
        column.setSpacing(scaled(5))
        column.addLayout(top)
        column.addWidget(below)

    def _button(self, action_id: str, party: Party | None = None) -> ActionButton:
        made = action_button(action_id)
        # A click leaves the keyboard where it was: on the questions, or in a half-typed entry. Tab comes here all the same.
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        about = self.transition_id
        if party is not None:
            made.acted.connect(lambda: self._banner.tell(about, party.key))
        elif action_id == "turn.open":
            made.acted.connect(lambda: self._banner.open_call(about))
        else:
            made.acted.connect(lambda: self._banner.send_instead(about))
        return made

    def refresh(self, call: Call, transition: Transition, keyed: bool) -> None:
        """Words, ticks and keys as they are now."""
        store = self._context.store
        state, now = store.state, store.now()
        self.words.setText(sentence(state, call, transition))
        ago = span((now - transition.at).total_seconds())
        self.since.setText(f"{ago} · by the word of {person_name(state, transition.by)}")
        following = self._banner.next_of(transition)
        for party in transition.parties:
            tick, who = self.ticks[party.key], party_words(state, party)
            _draw_key(tick, "turn.tell", keyed and party.key == following)
            if party.told_at is not None and party.told_by is not None:
                at = time_of_day(state.agency, party.told_at, now)
                tick.say(f"✓ {who} {at}", f"{who}: told {at} by {person_name(state, party.told_by)}")
            elif self._banner.is_ticking(transition, party.key):
                tick.say(f"☐ {who}", "sending…")
            else:
                tick.say(f"☐ {who}")
            tick.setAccessibleName(
                f"{who}, told" if party.told_at else f"Tick: {who} has been told that {call.number} turned"
            )
        chosen = self._context.selection.call_id == call.call_id
        _draw_key(self.open, "turn.open", keyed)
        self.open.say(f"Open {call.number}")
        self.open.setVisible(not chosen or (keyed and self._banner.others(transition)))
        if chosen:
            self.open.say("Next turn")
        codes = still_to_send(state.agency, call, transition)
        _draw_key(self.instead, "turn.instead", keyed)
        self.instead.setVisible(bool(codes) and self._banner.sends)
        if codes:
            self.instead.say(sending_words(state.agency, codes[0]))
        self._below.refit()

    def refuse(self, words: str) -> None:
        """Say why a tick was not taken; "" takes the words away."""
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self._below.refit()


def _draw_key(button: ActionButton, action_id: str, drawn: bool) -> None:
    button.key = key_words(action(action_id).keys[0]) if drawn else ""
    button.show_key(drawn)


class TurnBanner(QFrame):
    """Every turn of which somebody has not been told, the latest on top. It takes no keyboard and ends by ticks alone.

    The keys are about the turn of the chosen call; where that has none they stay with the turn they were about, however
    many come, until all its parties are told: a key that is on its way down never ticks another turn's list.
    """

    opened = Signal(str)
    """The call that somebody wants to see."""
    instead_asked = Signal(str, str, str)
    """The call, the code of the programme or service to send to it instead, and the reason."""
    left = Signal()
    """It is gone and had the keyboard, which belongs on the board again."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._open: dict[CallId, None] = {}
        self._keyed: TransitionId | None = None
        self._ticking: set[tuple[TransitionId, str]] = set()
        self.rows: list[TurnRow] = []
        self.more = caption("", "muted")
        self.more.setContentsMargins(scaled(16), scaled(3), scaled(16), scaled(3))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.more)
        self.setAccessibleName("Responses that turned")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        keys = context.actions
        keys.bind("turn.tell", self, self.tell_next)
        keys.bind("turn.open", self, self.open_next)
        keys.bind("turn.instead", self, lambda: self.send_instead(self._keyed))
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(lambda _: self.refresh())
        context.selection.call_changed.connect(lambda _: self.refresh())
        context.ticker.second.connect(self._tick)
        self._look(context.store.state.calls)

    # ---------------------------------------------------------------------------------------------- what it follows

    def _follow(self, different: Changes) -> None:
        calls = self._context.store.state.calls
        before = bool(self._open)
        self._look(calls if different.agency else different.calls)
        if before or self._open:
            self.refresh()

    def _look(self, touched: Iterable[CallId]) -> None:
        """Keep the calls that have somebody untold: only those touched are looked at."""
        calls = self._context.store.state.calls
        for call_id in touched:
            call = calls.get(call_id)
            if call is not None and any(transition.untold for transition in call.transitions):
                self._open[call_id] = None
            else:
                self._open.pop(call_id, None)

    def _tick(self) -> None:
        if self.rows:
            self.refresh()

    def turns(self) -> list[tuple[Call, Transition]]:
        """The turns that this person is to see, the latest first."""
        store = self._context.store
        if store.me is None:
            return []
        user, role = store.me.user_id, store.me.role
        found = [
            (call, transition)
            for call_id in self._open
            if (call := store.state.calls.get(call_id)) is not None
            for transition in call.transitions
            if transition.untold and concerns(call, transition, user, role)
        ]
        return sorted(found, key=lambda pair: (pair[1].at, pair[1].transition_id), reverse=True)

    @property
    def sends(self) -> bool:
        """Whether the person at this desk sends others in place of those who turned: clinicians tell dispatch."""
        me = self._context.store.me
        return me is not None and me.role is not Role.CLINICIAN

    def refresh(self) -> None:
        """Show the turns as they are; rows are made and let go only as turns come and end."""
        turns, had_keyboard = self.turns(), has_keyboard(self)
        self._keyed = self._keep_keys(turns)
        shown = turns[:AT_ONCE]
        if self._keyed not in {transition.transition_id for _, transition in shown}:
            shown[AT_ONCE - 1 :] = [pair for pair in turns if pair[1].transition_id == self._keyed]
        if [row.transition_id for row in self.rows] != [transition.transition_id for _, transition in shown]:
            self._arrange([transition for _, transition in shown])
        for row, (call, transition) in zip(self.rows, shown, strict=True):
            row.refresh(call, transition, transition.transition_id == self._keyed)
        rest = len(turns) - len(shown)
        self.more.setText(f"and {rest} more, of which somebody has not been told" if rest else "")
        self.more.setVisible(bool(rest))
        self.setVisible(bool(turns))
        if had_keyboard and not has_keyboard(self):
            self._give_keyboard()

    def _give_keyboard(self) -> None:
        """The row that had the keyboard is gone: it goes to the next tick, and where none is left, to the board."""
        ticks = (tick for row in self.rows for tick in row.ticks.values() if tick.isEnabled())
        if (following := next(ticks, None)) is not None:
            following.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def _keep_keys(self, turns: list[tuple[Call, Transition]]) -> TransitionId | None:
        of_chosen = [t.transition_id for call, t in turns if call.call_id == self._context.selection.call_id]
        everywhere = [transition.transition_id for _, transition in turns]
        for candidates in (of_chosen, everywhere):
            if candidates:
                return self._keyed if self._keyed in candidates else candidates[0]
        return None

    def _arrange(self, shown: list[Transition]) -> None:
        kept = {row.transition_id: row for row in self.rows}
        fresh = {t.transition_id: TurnRow(self, self._context, t) for t in shown if t.transition_id not in kept}
        self.rows = [fresh.get(t.transition_id) or kept.pop(t.transition_id) for t in shown]
        for row in kept.values():
            row.hide()
            row.deleteLater()
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)
            row.refuse("")

    # ---------------------------------------------------------------------------------------------- what it does

    def next_of(self, transition: Transition) -> str | None:
        """The party that the key ticks now, in the order of the record; None where all ticks are on their way."""
        return next((p.key for p in transition.untold if not self.is_ticking(transition, p.key)), None)

    def is_ticking(self, transition: Transition, party: str) -> bool:
        """Whether a tick waits for the hub."""
        return (transition.transition_id, party) in self._ticking

    def others(self, transition: Transition) -> bool:
        """Whether there are more turns than this one."""
        return any(other.transition_id != transition.transition_id for _, other in self.turns())

    def tell_next(self) -> None:
        """Tick the next who has not been told, of the turn that the keys are about."""
        found = self._of(self._keyed)
        party = self.next_of(found[1]) if found else None
        if found is not None and party is not None:
            self.tell(found[1].transition_id, party)

    def tell(self, about: TransitionId, party: str) -> None:
        """Somebody says that this party has been told."""
        found = self._of(about)
        if found is None or (about, party) in self._ticking:
            return
        self._ticking.add((about, party))
        command = TellOfTransition(found[0].call_id, about, party)
        self.refresh()
        self._context.store.submit(command).then(lambda outcome: self._heard(outcome, about, party))

    def _heard(self, outcome: CommandOutcome, about: TransitionId, party: str) -> None:
        self._ticking.discard((about, party))
        self.refresh()
        row = next((row for row in self.rows if row.transition_id == about), None)
        words = outcome.reason if isinstance(outcome, Rejected) else ""
        if row is not None:
            row.refuse(words)
        elif words:
            self._context.notices.refuse(words)

    def open_next(self) -> None:
        """Show the call of the turn that the keys are about; where that is shown, the next turn's, with the keys on it."""
        turns = self.turns()
        places = [t.transition_id for _, t in turns]
        if self._keyed not in places:
            return
        place = places.index(self._keyed)
        if turns[place][0].call_id == self._context.selection.call_id:
            place = (place + 1) % len(turns)
        self.open_call(turns[place][1].transition_id)

    def open_call(self, about: TransitionId) -> None:
        """Show the call of this turn, and let the keys be about it; where it is shown already, the next turn's."""
        found = self._of(about)
        if found is None:
            return
        if found[0].call_id == self._context.selection.call_id and about == self._keyed and self.others(found[1]):
            self.open_next()
            return
        self._keyed = about
        self.opened.emit(found[0].call_id)
        self.refresh()

    def send_instead(self, about: TransitionId | None) -> None:
        """Ask for the list from which the first of what was proposed instead, and is not on the call yet, is sent."""
        found = self._of(about)
        if found is None:
            return
        call, transition = found
        codes = still_to_send(self._context.store.state.agency, call, transition)
        if not self.sends:
            self._context.notices.refuse("Dispatch sends what goes instead; tell them, and tick whom you have told.")
        elif codes:
            self.instead_asked.emit(call.call_id, codes[0], reason_words(transition))

    def _of(self, about: TransitionId | None) -> tuple[Call, Transition] | None:
        return next((pair for pair in self.turns() if pair[1].transition_id == about), None)
