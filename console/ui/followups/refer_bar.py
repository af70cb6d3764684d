"""Referring the neighbor of the chosen call for follow-up, from every workspace: what they need, by keys, and Enter."""

from __future__ import annotations

from functools import partial

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.acquaintance import neighbor_of
from console.domain.commands import CommandOutcome, ReferNeighbor, Rejected
from console.domain.ids import ReferralId, UserId
from console.domain.state import Call, SealedKind
from console.link.fresh import new_command_id, new_id, new_note_id
from console.ui.action_button import ActionButton
from console.ui.context import Context
from console.ui.followups.need_list import NeedList
from console.ui.followups.needs import Needed, sealed_text
from console.ui.followups.rows import due_words, list_name, referred_words
from console.ui.followups.whose import referrals_of
from console.ui.known_neighbor import named
from console.ui.sealed_reader import may_read
from console.ui.widgets import caption, has_keyboard, scaled
from console.wire.messages import NoteToSeal


class ReferBar(QFrame):
    """Hidden until it is asked for. The referral is a command like any other; what is needed is sealed by a way of its own.

    Who may not seal refers without: the clinicians write it. Where sealing fails the bar stays, and Enter tries it again.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._me = context.me
        self._call: Call | None = None
        self._referral_id = ReferralId("")
        self._referred = False
        self._sending = False
        self._untaken: NoteToSeal | None = None
        self._before: QWidget | None = None
        self.setProperty("role", "banner")
        self.setAccessibleName("Refer for follow-up")
        self.title, self.said = caption("", "heading", wrap=True), caption("", "alarm", wrap=True)
        self.keys, self.running = caption("", "small", wrap=True), caption("", "due", wrap=True)
        self.needs, self.words = NeedList(), QLineEdit()
        self.words.setProperty("role", "sealed")
        self.words.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.words.setAccessibleName("What else the clinicians must know; sealed")
        self.words.setPlaceholderText("what else; sealed with the needs, clinicians alone open it")
        self.do = ActionButton("Refer", "Return", role="primary")
        self.do.colour("sky", "primary")
        last = QHBoxLayout()
        last.setSpacing(scaled(10))
        last.addWidget(self.words, 1)
        last.addWidget(self.do)
        last.addWidget(self.keys, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        column.setSpacing(scaled(6))
        for widget in (self.title, self.running, self.needs):
            column.addWidget(widget)
        column.addLayout(last)
        column.addWidget(self.said)
        self.needs.entered.connect(self._refer)  # Tab goes on to the words
        self.words.returnPressed.connect(self._refer)
        self.do.acted.connect(self._refer)
        context.selection.refer_asked.connect(self.ask)
        context.store.me_changed.connect(self._person_changed)
        self.hide()

    def ask(self) -> None:
        """Ask what the neighbor of the chosen call needs; pressed again while it asks, leave."""
        # Referred, and what they need not sealed yet: that first, or its words would be lost.
        call = self._call if self._referred else self._context.chosen_call
        if not self.isHidden():
            self.leave()
            return
        if call is None:
            self._context.notices.refuse("Choose the call whose neighbor is to be referred.")
            return
        agency, seals = self._context.store.state.agency, may_read(self._context)
        if self._call is None or self._call.call_id != call.call_id:  # what was begun for this call stands there again
            self.needs.show_needs(agency.needs)
            self.words.clear()
            self._referral_id, self._referred, self._untaken = ReferralId(new_id()), False, None
        self._call, self._before = call, QApplication.focusWidget()
        known = neighbor_of(self._context.store.state, call)
        whose = named(known) if known is not None else call.callback or "the neighbor"
        self.title.setText(f"Refer {whose}, call {call.number}, to {list_name(agency)}: what do they need?")
        if not seals:
            self.title.setText(f"Refer {whose}, call {call.number}, to {list_name(agency)}?")
        self.needs.setVisible(seals and bool(agency.needs))
        self.words.setVisible(seals)
        hours = agency.follow_up.due_h
        due = f"first contact due {hours} h after the call"
        self.keys.setText(f"{due}. What they need is sealed." if seals else f"{due}. Clinicians write what they need.")
        self._tell_running(call)
        self._say("")
        self.show()
        first = self.needs if not self.needs.isHidden() else self.words if seals else self.do
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_running(self, call: Call) -> None:
        """That the neighbor is owed a contact already, for another call."""
        state, now = self._context.store.state, self._context.store.now()
        words = [
            f"◆ {referred_words(state, one, now)} after {one.number}: {due_words(state.agency, one, now)}"
            for one in referrals_of(state, call)
            if one.ended is None
        ]
        self.running.setText("\n".join(words))
        self.running.setVisible(bool(words))

    def leave(self) -> None:
        """Close; what was ticked and typed for this call stands there when it is asked again."""
        had_keyboard, back, self._before = has_keyboard(self), self._before, None
        self.hide()
        if had_keyboard and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; Enter on the button refers."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.do.hasFocus():
            self._refer()
        else:
            super().keyPressEvent(event)

    def _refer(self) -> None:
        if self._call is None or self._sending:
            return
        self._say("")
        if self._referred:
            self._seal()
            return
        self._sending = True
        command = ReferNeighbor(self._referral_id, self._call.call_id)
        self._context.store.submit(command).then(partial(self._heard_referred, self._me))

    def _heard_referred(self, me: UserId, outcome: CommandOutcome) -> None:
        self._sending = False
        if me != self._me:
            return
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)
            return
        self._referred = True
        self._seal()

    def _seal(self) -> None:
        """Seal what was ticked and typed; where nothing was, the referral is all there is."""
        needed = Needed(self.needs.ticked, self.words.text().strip())
        if needed == Needed() or not may_read(self._context):
            self._done()
            return
        text = sealed_text(needed)
        if self._untaken is None or self._untaken.text != text:
            self._untaken = NoteToSeal(new_command_id(), self._referral_id, new_note_id(), text, SealedKind.NEEDS)
        self._sending = True
        self._context.sealing.seal(self._untaken, partial(self._heard_sealed, self._me))

    def _heard_sealed(self, me: UserId, outcome: CommandOutcome) -> None:
        self._sending = False
        if me != self._me:
            return
        if isinstance(outcome, Rejected):
            words = f"{outcome.reason} They are referred; what they need is not sealed and on this screen only."
            self._say(f"{words} Enter tries again.")
            if self.isHidden():
                self.show()
        else:
            self._done()

    def _done(self) -> None:
        call = self._call
        self.leave()
        self._forget()
        if call is not None:
            name = list_name(self._context.store.state.agency)
            self._context.notices.inform(f"Call {call.number}: the neighbor is referred to {name}.")

    def _forget(self) -> None:
        self._call, self._untaken, self._referred = None, None, False
        self.needs.clear()
        self.words.clear()

    def _person_changed(self) -> None:
        """Whoever comes finds nothing of who left."""
        if self._context.me != self._me:
            self._me = self._context.me
            self.hide()
            self._forget()
            self._sending = False

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
