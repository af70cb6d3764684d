"""One turn in the banner: what it is, a button for each who must be told, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from console.domain.queries import party_words, person_name, unmet
from console.domain.state import Call, Party, Transition
from console.domain.times import span, time_of_day
from console.domain.turned import still_to_send, to_recall
from console.ui.action_button import ActionButton
from console.ui.actions import action, action_button, key_words
from console.ui.context import Context
from console.ui.flow import Flow
from console.ui.turn_words import sending_words, sentence
from console.ui.widgets import caption, scaled

if TYPE_CHECKING:
    from console.ui.turn_banner import TurnBanner


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
        self.recall = self._button("turn.recall")
        self.not_needed = self._button("turn.not_needed")
        self.why = _Why(lambda reason: banner.not_needed(transition.transition_id, reason))
        top, below = QHBoxLayout(), Flow()
        top.setSpacing(scaled(14))
        top.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.words, 1)
        top.addWidget(self.since, 0, Qt.AlignmentFlag.AlignTop)
        self._below = below
        actions = (self.recall, self.instead, self.not_needed, self.why, self.open)
        for part in (caption("who has been told?", "muted"), *self.ticks.values(), *actions, self.said):
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
        else:
            does = {
                "turn.open": self._banner.open_call,
                "turn.instead": self._banner.send_instead,
                "turn.recall": self._banner.recall,
                "turn.not_needed": self._banner.ask_why_not_needed,
            }
            made.acted.connect(lambda: does[action_id](about))
        return made

    def refresh(self, call: Call, transition: Transition, keyed: bool) -> None:
        """Words, ticks and keys as they are now."""
        store = self._context.store
        state, now = store.state, store.now()
        self.words.setText(sentence(state, call, transition))
        ago = span((now - transition.at).total_seconds())
        self.since.setText(f"{ago} · by the word of {person_name(state, transition.by)}")
        following = self._banner.next_of(transition)
        codes = still_to_send(state.agency, call, transition)
        for party in transition.parties:
            tick, who = self.ticks[party.key], party_words(state, party)
            _draw_key(tick, "turn.tell", keyed and party.key == following)
            if party.told_at is not None and party.told_by is not None:
                at = time_of_day(state.agency, party.told_at, now)
                not_asked = ", not asked yet" if _is_asked(party, codes) else ""
                tick.say(f"✓ {who} {at}{not_asked}", f"{who}: told {at} by {person_name(state, party.told_by)}{not_asked}")
            elif self._banner.is_ticking(transition, party.key):
                tick.say(f"☐ {who}", "sending…")
            else:
                tick.say(f"☐ ask {who}" if _is_asked(party, codes) and self._banner.sends else f"☐ {who}")
            tick.setAccessibleName(
                f"{who}, told" if party.told_at else f"Tick: {who} has been told that {call.number} turned"
            )
        chosen = self._context.selection.call_id == call.call_id
        _draw_key(self.open, "turn.open", keyed)
        self.open.say(f"Open {call.number}")
        self.open.setVisible(not chosen or (keyed and self._banner.others(transition)))
        if chosen:
            self.open.say("Next turn")
        sends = self._banner.sends
        for button, action_id in (
            (self.instead, "turn.instead"), (self.recall, "turn.recall"), (self.not_needed, "turn.not_needed"),
        ):  # fmt: skip
            _draw_key(button, action_id, keyed)
        self.instead.setVisible(bool(codes))
        if codes and sends:
            self.instead.say(sending_words(state.agency, codes[0]))
        elif codes:
            asked = not still_to_ask(call, codes)
            names = " and ".join(state.agency.name_of(code) for code in codes)
            self.instead.say(f"✓ dispatch asked for {names}" if asked else f"Ask dispatch for {names}",
                             "Dispatch was asked; it sends them." if asked else "")  # fmt: skip
        driving = to_recall(state, call, transition)
        self.recall.setVisible(bool(driving) and sends)
        if driving:
            self.recall.say(f"Recall {driving[0].unit_id}")
        self.not_needed.setVisible(bool(codes) and sends)
        if not codes:
            self.why.close_it()
        self._below.refit()

    def ask_why(self) -> None:
        """Ask in the row for the reason why nothing is needed instead."""
        self.why.open_it()
        self._below.refit()

    def refuse(self, words: str) -> None:
        """Say why a tick was not taken; "" takes the words away."""
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self._below.refit()


class _Why(QLineEdit):
    """Takes the reason; Enter says it, Escape leaves it. The keyboard goes back to where it was."""

    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__()
        self.setPlaceholderText("why is it not needed? Enter says so, Escape leaves")
        self.setAccessibleName("Why what was proposed instead is not needed")
        self.setMinimumWidth(scaled(360))
        self._say, self._before = say, None
        self.returnPressed.connect(self._done)
        self.hide()

    _before: QWidget | None

    def open_it(self) -> None:
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_it(self) -> None:
        if self.isHidden():
            return
        back, self._before = self._before, None
        had_keyboard = self.hasFocus()
        self.hide()
        self.clear()
        if had_keyboard and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _done(self) -> None:
        reason = self.text().strip()
        if reason:
            self.close_it()
            self._say(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves it as it is."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        else:
            super().keyPressEvent(event)


def _is_asked(party: Party, codes: tuple[str, ...]) -> bool:
    """Whether a party is a service that is still to be asked to the call: its tick asks it in the same act."""
    return party.kind == "service" and party.about in codes


def still_to_ask(call: Call, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Which of these a clinician has yet to ask dispatch for; what was asked waits for dispatch's answer."""
    asked = {ask.code for ask in unmet(call)}
    return tuple(code for code in codes if code not in asked)


def _draw_key(button: ActionButton, action_id: str, drawn: bool) -> None:
    button.key = key_words(action(action_id).keys[0]) if drawn else ""
    button.show_key(drawn)
