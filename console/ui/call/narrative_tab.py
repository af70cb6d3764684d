"""The narrative tab: the call's fields, what was said so far, and a line for what is said now."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from console.domain.commands import AddNarrative, CommandOutcome, Rejected
from console.domain.ids import CallId, EntryId
from console.domain.queries import person_name
from console.domain.state import Call
from console.link.fresh import new_entry_id
from console.ui.call.fields import CallFields
from console.ui.call.words import NarrativeLine, narrative
from console.ui.command_words import NOT_SENT
from console.ui.context import Context
from console.ui.entry_edit import EntryEdit
from console.ui.since import local_time
from console.ui.widgets import Elided, caption, give_look, ink, key_cap, scaled

_END: Final = 160
"""So many characters are shown of what another is writing: the last ones."""


def _end_of(words: str) -> str:
    return words if len(words) <= _END else f"…{words[-_END:]}"


class NarrativeTab(QWidget):
    """What was said of the call. An entry is never changed: it is amended by a further one."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call: Call | None = None
        self._shown: tuple[NarrativeLine, ...] = ()
        self._sent: dict[CallId, tuple[EntryId, str]] = {}
        self.fields = CallFields(context)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Narrative")
        self.text.setOpenLinks(False)
        self.entry = EntryEdit()
        self.entry.setAccessibleName("New entry of the narrative")
        self.entry.setPlaceholderText("What is said or done now")
        self.entry.setFixedHeight(scaled(64))
        self.occurred = QLineEdit()
        self.occurred.setAccessibleName("When it happened, if not now")
        self.occurred.setPlaceholderText("now, or 14:20")
        self.occurred.setFixedWidth(scaled(130))
        self._beside, self._cap = Elided("small"), key_cap("Enter")
        self.typed = caption("", "muted", wrap=True)
        """What others are writing into this narrative now, as they write it."""

        foot = QHBoxLayout()
        foot.setSpacing(scaled(8))
        foot.addWidget(self.occurred)
        foot.addWidget(self._beside, 1)
        foot.addWidget(self._cap)
        foot.addWidget(caption("adds it", "small"))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
        column.setSpacing(scaled(10))
        column.addWidget(self.fields)
        column.addWidget(self.text, 1)
        column.addWidget(self.typed)
        column.addWidget(self.entry)
        column.addLayout(foot)
        self.entry.textChanged.connect(self._keep)
        self.entry.entered.connect(self.add)
        self.occurred.returnPressed.connect(self.add)
        context.theme.changed.connect(self._paint)
        context.store.unsent_changed.connect(self._sent_or_not)
        context.store.typing_changed.connect(lambda _: self._show_typing())
        self._show_typing()

    def show_call(self, call: Call) -> None:
        """Show this call; another one than before brings its own half-written entry."""
        another = self._call is None or self._call.call_id != call.call_id
        self._call = call
        self.fields.show_call(call)
        if another:
            self.occurred.clear()
            self._say("")
            self.entry.setPlainText(self._context.drafts.text(self._context.me, call.call_id))
            self.entry.moveCursor(QTextCursor.MoveOperation.End)  # who comes back goes on where they stopped
        store = self._context.store
        lines = narrative(store.state, call, store.now(), store.unsent_entries)
        if another or lines != self._shown:
            self._shown = lines
            self._paint()
        self._arrived(call)
        self._show_typing()

    def _sent_or_not(self) -> None:
        if self._call is not None:
            self.show_call(self._context.store.state.calls.get(self._call.call_id, self._call))

    def add(self) -> None:
        """Add what is written to the narrative, as of now or of the time given."""
        call, words = self._call, self.entry.toPlainText().strip()
        if call is None or call.call_id in self._sent:
            return
        if not words:
            self._say("Nothing is written yet.", "alarm")
            return
        when = self.occurred.text().strip()
        store = self._context.store
        at = local_time(store.state.agency, when, store.now()) if when else None
        if when and at is None:
            self._say(f"“{when}” is no time of day; write it as 14:20.", "alarm")
            self.occurred.setFocus()
            return
        entry_id = new_entry_id()
        self._sent[call.call_id] = (entry_id, words)
        self._say("sending…")
        store.submit(AddNarrative(call.call_id, entry_id, words), at).then(
            lambda outcome: self._heard(outcome, call.call_id)
        )

    def _heard(self, outcome: CommandOutcome, call_id: CallId) -> None:
        sent = self._sent.get(call_id)
        if isinstance(outcome, Rejected):
            self._sent.pop(call_id, None)
            if self._call is not None and self._call.call_id == call_id:
                self._say(outcome.reason, "alarm")
        elif sent is not None:
            self._clear(call_id)

    def _arrived(self, call: Call) -> None:
        """The entry stands in the narrative, sent or kept to be sent: the line is free for the next."""
        sent = self._sent.get(call.call_id)
        if sent is not None and any(entry.entry_id == sent[0] for entry in call.narrative):
            self._clear(call.call_id)

    def _clear(self, call_id: CallId) -> None:
        _, words = self._sent.pop(call_id)
        shown = self._call is not None and self._call.call_id == call_id
        now_written = self.entry.toPlainText() if shown else self._context.drafts.text(self._context.me, call_id)
        rest = "" if now_written.strip() == words else now_written
        self._context.drafts.keep(self._context.me, call_id, rest)
        if shown:
            self._context.store.type_into(call_id, rest)
            if not rest:
                self.entry.clear()
                self.occurred.clear()
            self._say("")

    def _keep(self) -> None:
        if self._call is None:
            return
        me, call_id, words = self._context.me, self._call.call_id, self.entry.toPlainText()
        if words != self._context.drafts.text(me, call_id):  # typed now, and not brought along from the draft
            self._context.drafts.keep(me, call_id, words)
            self._context.store.type_into(call_id, words)

    def _show_typing(self) -> None:
        """The last words of each who is writing; nothing of what oneself writes."""
        store, call = self._context.store, self._call
        typings = store.typing(call.call_id) if call is not None else []
        lines = [f"{person_name(store.state, one.user_id)} is writing: {_end_of(one.text)}" for one in typings if one.text]
        self.typed.setText("\n".join(lines))
        self.typed.setVisible(bool(lines))

    def _say(self, words: str, role: str = "small") -> None:
        give_look(self._beside, role=role)
        self._beside.setText(words)

    def _paint(self) -> None:
        """Write the narrative anew; who reads further up stays there, who is at the end sees the new entry."""
        bar = self.text.verticalScrollBar()
        at_end, kept = bar.value() >= bar.maximum() - 2, bar.value()
        muted, faint = ink("muted").name(), ink("faint").name()
        parts = []
        for line in self._shown:
            tone = ink("due").name() if line.remark == NOT_SENT else faint
            remark = f' <span style="color:{tone}">· {escape(line.remark)}</span>' if line.remark else ""
            words = escape(line.text).replace("\n", "<br>")
            parts.append(
                f'<p style="margin:0 0 {scaled(9)}px 0"><span style="color:{muted}">{escape(line.at)} · '
                f"{escape(line.by)}</span>{remark}<br>{words}</p>"
            )
        self.text.setHtml("".join(parts) or f'<p style="color:{faint}">Nothing has been written yet.</p>')
        bar.setValue(bar.maximum() if at_end else kept)
