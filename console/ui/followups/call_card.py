"""What a call's neighbor is owed: the referrals of this call and of the neighbor, beside their contacts."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.follow_ups import Referral
from console.domain.outreach import level
from console.domain.queries import person_name
from console.domain.state import Call
from console.ui.actions import action_button
from console.ui.context import Context
from console.ui.followups.rows import due_words, ended_words, list_name, referred_words
from console.ui.followups.whose import referrals_of
from console.ui.widgets import caption, give_look, scaled

_SHOWN = 2


class FollowUpCard(QWidget):
    """The latest referrals of the neighbor, and the key that refers them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.title = caption("", "heading")
        self.latest, self.due = caption("", "muted", wrap=True), caption("", wrap=True)
        self.before = caption("", "small", wrap=True)
        self.refer = action_button("call.refer")
        self.refer.acted.connect(context.selection.refer_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        column.setSpacing(scaled(5))
        for widget in (self.title, self.due, self.latest, self.before, self.refer):
            column.addWidget(widget)

    def show_call(self, call: Call | None) -> None:
        """Show what is owed to the neighbor of this call."""
        self.setVisible(call is not None)
        if call is None:
            return
        store = self._context.store
        state, now = store.state, store.now()
        self.title.setText(f"Follow-up, {list_name(state.agency)}")
        found = referrals_of(state, call)
        words = [self._words(one) for one in found]
        self.due.setText(words[0][0] if words else "not referred yet")
        give_look(self.due, role={"due": "due", "past": "alarm", "fine": ""}[level(found[0], now)] if found else "muted")
        self.latest.setText(words[0][1] if words else "")
        self.before.setText("\n".join(f"{due} · {rest}" for due, rest in words[1:_SHOWN]))
        for label in (self.latest, self.before):
            label.setVisible(bool(label.text()))
        running = any(one.call_id == call.call_id and one.ended is None for one in found)
        why_not = "This call was referred already, and the referral is open." if running else ""
        if call.call_id not in state.calls:
            why_not = "This call has left the board; its neighbor is referred from one that is on it."
        self.refer.say("Refer again" if found else "Refer for follow-up", why_not)

    def _words(self, one: Referral) -> tuple[str, str]:
        store = self._context.store
        state, now = store.state, store.now()
        owner = f"looked after by {person_name(state, one.owner)}" if one.owner else "nobody's yet"
        rest = (referred_words(state, one, now), f"after {one.number}", ended_words(state, one, now) or owner)
        return due_words(state.agency, one, now), " · ".join(rest)
