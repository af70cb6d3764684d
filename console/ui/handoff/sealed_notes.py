"""Clinical notes of the chosen call: written, sealed and opened here, apart from the narrative, on a ground of their own."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from console.domain.changes import Changes
from console.domain.commands import CommandOutcome, Rejected, ReleaseSummary
from console.domain.ids import CallId, NoteId, UserId
from console.domain.queries import person_name
from console.domain.state import Role, SealedKind, SealedNote
from console.domain.times import time_of_day
from console.link.fresh import new_command_id, new_entry_id, new_note_id
from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.entry_edit import EntryEdit
from console.ui.handoff.screener_words import read_aloud
from console.ui.widgets import caption, scaled
from console.wire.messages import NoteOpened, NoteToSeal

_ROWS_SHOWN = 3
_NOTE = Qt.ItemDataRole.UserRole


class SealedNotesPane(QWidget):
    """The sealed compartment of the chosen call, for a clinician; for anybody else it is empty.

    Words half written, and those of an opened note, are in this process's memory alone: no draft, no outbox. An opened note
    closes when its call, its person or its workspace is left.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._me = context.me
        self._call_id: CallId | None = None
        self._typed: dict[str, str] = {}
        self._untaken: dict[str, NoteToSeal] = {}
        """Notes that the hub may have taken though its answer was lost: sent again they keep their ids."""
        self._sending = False
        self._opened: NoteId | None = None
        self.setAccessibleName("Clinical notes")
        self.count = caption("", "muted")
        self.list = QListWidget()
        self.list.setAccessibleName("Sealed notes of this call")
        self.why = QLineEdit()
        self.why.setAccessibleName("Reason for opening the note")
        self.why.setPlaceholderText("why do you open it? Enter opens; the reason is kept")
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setProperty("role", "sealed")
        self.words.setAccessibleName("The opened note")
        self.field = EntryEdit()
        self.field.setProperty("role", "sealed")
        self.field.setAccessibleName("Clinical note, sealed: read by clinicians only")
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        key = key_words(action("note.write").keys[0])
        self.field.setPlaceholderText(f"{key} to write here · Enter seals it · Shift Enter begins a new line")
        self.said = caption("", "alarm", wrap=True)
        keys = context.actions
        self.open = keys.button("note.open", self, self._open_or_close)
        again = "Again: everybody will read it"
        self.release = keys.button("note.release", self, self._release, confirm=again)
        self._lay_out()
        keys.bind("note.write", self, self.field.setFocus)
        self.field.textChanged.connect(self._keep)
        self.field.entered.connect(self._seal)
        self.why.returnPressed.connect(self._open_for_a_reason)
        self.list.itemActivated.connect(self._open_or_close)
        self.list.currentItemChanged.connect(self._close)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self._person_changed)
        context.selection.call_changed.connect(self.refresh)
        self._list(())
        self._leave_call()
        self.refresh()

    def _lay_out(self) -> None:
        top = QFrame()
        top.setProperty("role", "strip")
        line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(11), scaled(14), scaled(12))
        line.setSpacing(scaled(10))
        line.addWidget(caption("Clinical notes", "heading"))
        line.addWidget(self.count, 1)
        self._inside = QWidget()
        below = QVBoxLayout(self._inside)
        below.setContentsMargins(scaled(14), scaled(8), scaled(14), scaled(12))
        below.setSpacing(scaled(7))
        sealed = caption(
            "clinical note, sealed · clinicians alone can open it; never part of the narrative", "muted", wrap=True
        )
        self.words.setMinimumHeight(scaled(48))
        self.field.setMinimumHeight(scaled(48))
        for widget in (self.list, self.why, self.words, self.open, sealed, self.field, self.said, self.release):
            below.addWidget(widget, 1 if widget in (self.words, self.field) else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._inside, 1)
        column.addStretch(0)

    # ---------------------------------------------------------------------------------------------- what it follows

    def _may(self) -> bool:
        """The table of rights is the hub's; this only keeps what it would refuse off the screen."""
        me = self._context.store.me
        return me is not None and me.role is Role.CLINICIAN

    def _person_changed(self) -> None:
        """Whoever comes finds nothing of who left."""
        if self._context.me != self._me:
            half_written = any(words.strip() for words in self._typed.values())
            self._me = self._context.me
            self._typed.clear()
            self._untaken.clear()
            self._call_id = None
            self.field.clear()
            self._leave_call()
            if half_written:
                self._context.notices.warn("A clinical note that was not sealed yet was discarded as its writer left.")
        self.refresh()

    def _follow(self, different: Changes) -> None:
        if different.agency or different.people or self._context.selection.call_id in different.calls:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaving closes what was opened."""
        super().hideEvent(event)
        self._leave_call()

    def refresh(self) -> None:
        """Show which notes the chosen call has."""
        store, call = self._context.store, self._context.chosen_call
        shown = call if self._may() else None
        self._inside.setVisible(self._may())
        call_id = shown.call_id if shown else None
        if call_id != self._call_id:
            self._leave_call()
            self._call_id = None
            self.field.setPlainText(self._typed.get(call_id, "") if call_id else "")
            self.field.moveCursor(QTextCursor.MoveOperation.End)
            self._call_id = call_id
        notes = _to_list(shown.notes) if shown else ()
        self.count.setText(f"{len(notes)} sealed" if notes else "none" if shown else "")
        if notes != self._listed():
            self._list(notes)
        for row, note in enumerate(notes):
            what = "  · screener" if note.kind is SealedKind.SCREENER else ""
            words = f"{time_of_day(store.state.agency, note.at)}  {person_name(store.state, note.by)}{what}"
            self.list.item(row).setText(words)
        self._show_keys()

    def _listed(self) -> tuple[SealedNote, ...]:
        return tuple(self.list.item(row).data(_NOTE) for row in range(self.list.count()))

    def _list(self, notes: tuple[SealedNote, ...]) -> None:
        """The newest first, and chosen; who is reading another goes on reading it."""
        self.list.blockSignals(True)
        self.list.clear()
        for note in notes:
            item = QListWidgetItem()
            item.setData(_NOTE, note)
            self.list.addItem(item)
        reading = next((row for row, note in enumerate(notes) if note.note_id == self._opened), 0)
        self.list.setCurrentRow(reading if notes else -1)
        self.list.blockSignals(False)
        self.list.setVisible(bool(notes))
        self.list.setFixedHeight(scaled(30) * min(_ROWS_SHOWN, max(1, len(notes))))

    def _show_keys(self) -> None:
        no_call = "" if self._call_id else "No call is chosen."
        self.field.setReadOnly(bool(no_call) or self._sending)
        reading = self._opened is not None
        self.words.setVisible(reading)
        self.open.say("Close the note" if reading else "Open the note", no_call or self._nothing_to_open())
        self.release.say("Release to the floor", no_call)

    def _nothing_to_open(self) -> str:
        return "" if self.list.count() else "This call has no clinical notes."

    # ---------------------------------------------------------------------------------------------- sealing

    def _keep(self) -> None:
        """In memory, for when the clinician comes back to this call; never in the drafts, which are a file."""
        if self._call_id is not None:
            self._typed[self._call_id] = self.field.toPlainText()

    def _seal(self) -> None:
        call_id, words = self._call_id, self.field.toPlainText().strip()
        if call_id is None or not words or self.field.isReadOnly():
            return
        note = self._untaken.get(call_id)
        if note is None or note.text != words:
            note = NoteToSeal(new_command_id(), call_id, new_note_id(), words)
        self._untaken[call_id] = note
        self._sending = True
        self._say("")
        self._show_keys()
        self._context.sealing.seal(note, partial(self._heard_sealed, note, self._me))

    def _heard_sealed(self, note: NoteToSeal, me: UserId, outcome: CommandOutcome) -> None:
        self._sending = False
        if me == self._me and isinstance(outcome, Rejected):
            words = f"{outcome.reason} The note is not sealed; its words are on this screen only. Enter tries again."
            if note.subject == self._call_id:
                self._say(words)
            else:
                self._context.notices.refuse(words)
        elif me == self._me:
            self._untaken.pop(note.subject, None)
            self._typed.pop(note.subject, None)
            if note.subject == self._call_id:
                self.field.clear()
        self._show_keys()

    # ---------------------------------------------------------------------------------------------- opening

    def _open_or_close(self) -> None:
        if self._opened is not None:
            self._close()
        else:
            self._ask("")

    def _open_for_a_reason(self) -> None:
        if self.why.text().strip():
            self._ask(self.why.text())

    def _ask(self, reason: str) -> None:
        item = self.list.currentItem()
        if item is not None:
            note_id = item.data(_NOTE).note_id
            self._say("")
            self._context.sealing.open(note_id, reason, partial(self._heard_opened, note_id, self._me))

    def _heard_opened(self, note_id: NoteId, me: UserId, outcome: NoteOpened | Rejected) -> None:
        """Show the words, unless who asked has gone on meanwhile: then they are let go unseen."""
        item = self.list.currentItem()
        if me != self._me or not self.isVisible() or item is None or item.data(_NOTE).note_id != note_id:
            return
        if isinstance(outcome, NoteOpened):
            self._opened = note_id
            screened = item.data(_NOTE).kind is SealedKind.SCREENER
            screener = self._context.store.state.agency.screener
            self.words.setPlainText(read_aloud(outcome.text, screener) if screened else outcome.text)
            self._put_reason_away()
            self._show_keys()
            return
        self._say(outcome.reason)
        if outcome.code == "reason-needed":
            self.why.show()
            self.why.setFocus()

    def _close(self) -> None:
        """Let the opened words go, and a reason that was begun for another note."""
        self._opened = None
        self.words.clear()
        self._put_reason_away()
        self._show_keys()

    def _put_reason_away(self) -> None:
        self.why.clear()
        self.why.hide()

    def _leave_call(self) -> None:
        self._say("")
        self._close()

    # ---------------------------------------------------------------------------------------------- releasing

    def _release(self) -> None:
        """Put the selected words into the narrative, where the whole floor and the public record have them."""
        chosen = next((w for w in (self.words, self.field) if w.textCursor().hasSelection()), None)
        if self._call_id is None or chosen is None:
            self._say("Select the words that are to be released, in the note or in the field.")
            return
        words = chosen.textCursor().selectedText().replace("\u2029", "\n").strip()
        self._say("")
        command = ReleaseSummary(self._call_id, new_entry_id(), words)
        self._context.store.submit(command).then(self._heard_released)

    def _heard_released(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self._say(outcome.reason)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _to_list(notes: tuple[SealedNote, ...]) -> tuple[SealedNote, ...]:
    """The notes of a call, the newest first; of a screener's only the last, which has all its answers."""
    screeners = [note for note in notes if note.kind is SealedKind.SCREENER]
    return tuple(note for note in reversed(notes) if note.kind is SealedKind.CLINICAL or note is screeners[-1])
