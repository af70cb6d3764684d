"""The one loud event: a response on its way turned out wrong. It stands until all know and something else goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from console.domain.changes import Changes
from console.domain.commands import (
    AnyCommand,
    AskForResponse,
    CommandOutcome,
    OrderOtherService,
    RecallUnit,
    Rejected,
    TellOfTransition,
    WaiveInstead,
)
from console.domain.ids import AskId, CallId, TransitionId
from console.domain.state import Call, Role, Transition
from console.domain.turned import open_turns, still_to_send, to_recall
from console.link.fresh import new_id
from console.ui.context import Context
from console.ui.turn_row import TurnRow, still_to_ask
from console.ui.turn_words import concerns, reason_words
from console.ui.widgets import caption, has_keyboard, scaled

AT_ONCE: Final = 2
"""So many turns are shown; the others are counted, and the key that opens a turn's call brings them up one by one."""

_LOW: Final = 800
"""In a window lower than this one turn is shown: the answers to the questions need the room."""
_NOTHING: Final = "No response has turned that is still to be settled."


class TurnBanner(QFrame):
    """Every turn that is open: somebody is not told, or what goes instead is not sent. The latest stands on top.

    The keys are about the turn of the chosen call; where that has none they stay with the turn they were about, however
    many come, until it is settled: a key that is on its way down never ticks another turn's list.
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
        keys.bind("turn.recall", self, lambda: self.recall(self._keyed))
        keys.bind("turn.not_needed", self, lambda: self.ask_why_not_needed(self._keyed))
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
        """Keep the calls with an open turn: only those touched are looked at."""
        agency, calls = self._context.store.state.agency, self._context.store.state.calls
        for call_id in touched:
            call = calls.get(call_id)
            if call is not None and open_turns(agency, call):
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
            for transition in open_turns(store.state.agency, call)
            if concerns(call, transition, user, role)
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
        at_once = AT_ONCE if self.isWindow() or self.window().height() >= scaled(_LOW) else 1
        shown = turns[:at_once]
        if self._keyed not in {transition.transition_id for _, transition in shown}:
            shown[at_once - 1 :] = [pair for pair in turns if pair[1].transition_id == self._keyed]
        if [row.transition_id for row in self.rows] != [transition.transition_id for _, transition in shown]:
            self._arrange([transition for _, transition in shown])
        for row, (call, transition) in zip(self.rows, shown, strict=True):
            row.refresh(call, transition, transition.transition_id == self._keyed)
        rest = len(turns) - len(shown)
        self.more.setText(f"and {rest} more, not settled yet" if rest else "")
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
        untold = [transition.transition_id for _, transition in turns if transition.untold]
        for candidates in (of_chosen, untold, everywhere):
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
        elif found is None or not found[1].untold:
            self._context.notices.inform("Everybody has been told." if found else _NOTHING)

    def tell(self, about: TransitionId, party: str) -> None:
        """Somebody says that this party has been told; a service that was proposed instead is asked first."""
        found = self._of(about)
        if found is None or (about, party) in self._ticking:
            return
        call, transition = found
        self._ticking.add((about, party))
        tick = TellOfTransition(call.call_id, about, party)
        self.refresh()
        service = party.removeprefix("service:")
        if self.sends and service != party and service in self._codes(call, transition):
            order = OrderOtherService(call.call_id, service, reason_words(transition))
            self._context.store.submit(order).then(lambda outcome: self._asked(outcome, tick))
        else:
            self._tick_off(tick)

    def _asked(self, outcome: CommandOutcome, tick: TellOfTransition) -> None:
        """Who could not be asked has not been told either."""
        if isinstance(outcome, Rejected):
            self._heard(outcome, tick.transition_id, tick.party)
        else:
            self._tick_off(tick)

    def _tick_off(self, tick: TellOfTransition) -> None:
        sent = self._context.store.submit(tick)
        sent.then(lambda outcome: self._heard(outcome, tick.transition_id, tick.party))

    def _heard(self, outcome: CommandOutcome, about: TransitionId, party: str) -> None:
        self._ticking.discard((about, party))
        self._answered(outcome, about)

    def _send(self, about: TransitionId, command: AnyCommand) -> None:
        self._context.store.submit(command).then(lambda outcome: self._answered(outcome, about))

    def _answered(self, outcome: CommandOutcome, about: TransitionId) -> None:
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
        """Ask for the list from which the first of what was proposed instead, and is not on the call yet, is sent.

        A clinician asks dispatch for it, which answers like any other ask.
        """
        found = self._of(about)
        if found is None:
            self._context.notices.inform(_NOTHING)
            return
        call, transition = found
        codes = self._codes(call, transition)
        if not codes:
            self._context.notices.inform("What was proposed instead is on the call, or nothing was.")
        elif self.sends:
            self.instead_asked.emit(call.call_id, codes[0], reason_words(transition))
        elif not (asks := still_to_ask(call, codes)):
            self._context.notices.inform("Dispatch was asked; it sends them.")
        else:
            for code in asks:
                ask = AskForResponse(call.call_id, AskId(new_id()), code, reason_words(transition))
                self._send(transition.transition_id, ask)

    def recall(self, about: TransitionId | None) -> None:
        """Call back the first unit of what turned that has not arrived, with the turn as the reason."""
        found = self._of(about)
        driving = to_recall(self._context.store.state, *found) if found else []
        if found is None or not driving:
            self._context.notices.inform("Nobody whose response turned is still on the way." if found else _NOTHING)
        elif self.sends:
            self._send(found[1].transition_id, RecallUnit(driving[0].unit_id, reason_words(found[1])))

    def ask_why_not_needed(self, about: TransitionId | None) -> None:
        """Ask in the turn's row for the reason why nothing is sent instead."""
        found = self._of(about)
        row = next((row for row in self.rows if row.transition_id == about), None)
        if found is None or row is None:
            self._context.notices.inform(_NOTHING)
        elif self.sends and self._codes(*found):
            row.ask_why()

    def not_needed(self, about: TransitionId, reason: str) -> None:
        """A person said why nothing is needed instead."""
        found = self._of(about)
        if found is not None:
            self._send(about, WaiveInstead(found[0].call_id, about, reason))

    def _codes(self, call: Call, transition: Transition) -> tuple[str, ...]:
        return still_to_send(self._context.store.state.agency, call, transition)

    def _of(self, about: TransitionId | None) -> tuple[Call, Transition] | None:
        return next((pair for pair in self.turns() if pair[1].transition_id == about), None)
