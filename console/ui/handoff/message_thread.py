"""The thread between those who hand a caller over, or work with them: part of the call, and a line to write to it."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.commands import CommandOutcome, Rejected, SendMessage
from console.domain.ids import CallId, EntryId
from console.domain.queries import person_name
from console.domain.state import Call
from console.domain.times import time_of_day
from console.link.fresh import new_entry_id
from console.ui.command_words import NOT_SENT
from console.ui.context import Context
from console.ui.widgets import caption, ink, scaled

_DRAFT = "message"


class MessageThread(QWidget):
    """Follows the chosen call. What is half written is kept; a message that came while nobody looked is counted as new."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call_id: CallId | None = None
        self._shown = ""
        self._seen: dict[CallId, int] = {}
        self._sent: dict[EntryId, tuple[CallId, str]] = {}
        self.setAccessibleName("Messages")
        self.text = QTextBrowser()
        self.text.setAccessibleName("Messages of the call")
        self.text.setOpenLinks(False)
        self.line = QLineEdit()
        self.line.setAccessibleName("New message")
        self.line.setPlaceholderText("a message to who has the caller; Enter sends it")
        self.line.textEdited.connect(self._keep)
        self.line.returnPressed.connect(self.send)
        self.said = caption("", "alarm", wrap=True)
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        column.setSpacing(scaled(8))
        column.addWidget(self.text, 1)
        column.addWidget(self.line)
        column.addWidget(self.said)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(lambda _: self._another())
        context.store.unsent_changed.connect(lambda _: self.refresh())
        context.selection.call_changed.connect(lambda _: self._another())
        context.theme.changed.connect(self._repaint)
        self._another()

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def title(self, call: Call) -> str:
        """What a tab says of it: how many there are, and a dot while others wrote what was not looked at."""
        count = len(call.messages)
        return f"{'● ' if self.unseen(call) else ''}Messages{f' · {count}' if count else ''}"

    def unseen(self, call: Call) -> bool:
        """Whether somebody else wrote what was not looked at yet."""
        if self.isVisible() and call.call_id == self._call_id:
            self._seen[call.call_id] = len(call.messages)
        return any(entry.by != self._context.me for entry in call.messages[self._seen.get(call.call_id, 0) :])

    def _follow(self, different: Changes) -> None:
        if different.people or self._context.selection.call_id in different.calls:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Now somebody looks."""
        super().showEvent(event)
        self.refresh()

    def _another(self) -> None:
        self._call_id = self._context.selection.call_id
        self.line.setText(self._context.drafts.text(self._context.me, self._call_id, _DRAFT) if self._call_id else "")
        self._refuse("")
        self.refresh()

    def _repaint(self) -> None:
        self._shown = ""
        self.refresh()

    def refresh(self) -> None:
        """Show the messages as they are; those that wait for the link say so."""
        call = self.call
        self.line.setEnabled(call is not None)
        markup = self._markup(call) if call is not None else ""
        if markup != self._shown:
            self._shown = markup
            self.text.setHtml(markup)
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())
        if call is not None and self.isVisible():
            self._seen[call.call_id] = len(call.messages)

    def _markup(self, call: Call) -> str:
        """The messages, oldest first; before there is one, who will read it."""
        store, muted, amber = self._context.store, ink("muted").name(), ink("due").name()
        if not call.messages:
            return f'<span style="color:{muted}">Nobody has written yet. What is written here is part of the call.</span>'
        unsent = {row.command.entry_id for row in store.unsent if isinstance(row.command, SendMessage)}
        lines = []
        for entry in call.messages:
            at, who = time_of_day(store.state.agency, entry.at, store.now()), person_name(store.state, entry.by)
            mine = "you" if entry.by == self._context.me else who
            waits = f' <span style="color:{amber}">· {NOT_SENT}</span>' if entry.entry_id in unsent else ""
            head = f'<span style="color:{muted}">{at}</span> <b>{escape(mine)}</b>'
            lines.append(f"{head} {escape(entry.text)}{waits}".replace("\n", "<br>"))
        return "".join(f'<p style="margin:0 0 4px 0">{line}</p>' for line in lines)

    # ---------------------------------------------------------------------------------------------- what it does

    def send(self) -> None:
        """Send what stands on the line."""
        words = self.line.text().strip()
        if self._call_id is None or not words:
            return
        entry, call_id = new_entry_id(), self._call_id
        self._sent[entry] = (call_id, words)
        self.line.clear()
        self._keep("")
        self._refuse("")
        sent = self._context.store.submit(SendMessage(call_id, entry, words))
        sent.then(lambda outcome: self._heard(entry, outcome))

    def _heard(self, entry: EntryId, outcome: CommandOutcome) -> None:
        """What was refused comes back to the line, unless something else stands there already."""
        call_id, words = self._sent.pop(entry)
        if not isinstance(outcome, Rejected):
            return
        if call_id == self._call_id and not self.line.text():
            self.line.setText(words)
            self._keep(words)
            self._refuse(outcome.reason)
        else:
            self._context.notices.refuse(f"The message “{words}” was not sent: {outcome.reason}")

    def _keep(self, words: str) -> None:
        if self._call_id is not None:
            self._context.drafts.keep(self._context.me, self._call_id, words, _DRAFT)

    def _refuse(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
