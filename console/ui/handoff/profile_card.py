"""What is known of this neighbor: how they like to be called, how to speak with them, cautions that hold, what helped."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.acquaintance import cautions_holding, profile_notes
from console.domain.ids import NoteId
from console.domain.neighbors import Neighbor
from console.ui.context import Context
from console.ui.handoff.side_by_side import SideBySide
from console.ui.known_neighbor import caution_words, named, notes_words
from console.ui.queue.rows import language
from console.ui.sealed_reader import SealedReader, may_read
from console.ui.widgets import caption, scaled, tag


class ProfileCard(QWidget):
    """Shows one profile. What helped last time is sealed: opened by its key, the newest first, the next one by the next."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._neighbor: Neighbor | None = None
        self.setAccessibleName("Profile of this neighbor")
        self.name, self.known = caption("", "heading", wrap=True), tag("known neighbor", "sky")
        self.about, self.approach = caption("", "muted", wrap=True), caption("", wrap=True)
        self.cautions = caption("", "due", wrap=True)
        self.helped = caption("", "muted", wrap=True)
        self.reader = SealedReader(context, "What helped last time")
        self.open = context.actions.button("neighbor.helped", self, self.read_on)
        self.edit = context.actions.button("neighbor.profile", self, lambda: None)
        self.known.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        top = QHBoxLayout()
        top.setSpacing(scaled(10))
        top.addWidget(self.name, 1)
        top.addWidget(self.known)
        self._keys = SideBySide((self.open, self.edit))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        column.setSpacing(scaled(5))
        column.addLayout(top)
        for widget in (self.about, self.approach, self.cautions, self.helped, self.reader):
            column.addWidget(widget)
        column.addWidget(self._keys)
        self.reader.changed.connect(self._show_keys)
        self.show_neighbor(None)

    def show_neighbor(self, neighbor: Neighbor | None) -> None:
        """Show this profile as it is now; None for somebody whom nobody knows yet."""
        before, self._neighbor = self._neighbor, neighbor
        if neighbor is None or before is None or before.neighbor_id != neighbor.neighbor_id:
            self.reader.close_record()
        store = self._context.store
        state, now = store.state, store.now()
        self.known.setVisible(neighbor is not None)
        if neighbor is None:
            words = "", "", "", "", ""
        else:
            holding = cautions_holding(state, neighbor, now)
            spoken = f"speaks {language(neighbor.language)}" if neighbor.language else "language not known"
            words = (
                named(neighbor),
                " · ".join((spoken, *_many(len(neighbor.numbers), "number"), *_many(len(neighbor.places), "place"))),
                neighbor.approach,
                "\n".join(f"◆ {caution_words(state, one, now)}" for one in holding),
                f"what helped last time: {notes_words(state, neighbor, now) or 'nothing written yet'}",
            )
        for label, said in zip((self.name, self.about, self.approach, self.cautions, self.helped), words, strict=True):
            label.setText(said)
            label.setVisible(bool(said))
        self._show_keys()

    def read_on(self) -> None:
        """Open the newest note of what helped; pressed again the one before it, and after the oldest close."""
        if self._neighbor is None:
            return
        notes: list[NoteId] = [note.note_id for note in profile_notes(self._context.store.state, self._neighbor)]
        place = notes.index(self.reader.opened) + 1 if self.reader.opened in notes else 0
        if place < len(notes):
            self.reader.read(notes[place])
        else:
            self.reader.close_record()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaving closes what was opened."""
        super().hideEvent(event)
        self.reader.close_record()

    def _show_keys(self) -> None:
        store, neighbor = self._context.store, self._neighbor
        notes = profile_notes(store.state, neighbor) if neighbor is not None else []
        self.open.setVisible(bool(notes) and may_read(self._context))
        ids = [note.note_id for note in notes]
        opened = ids.index(self.reader.opened) if self.reader.opened in ids else -1
        if opened < 0:
            self.open.say("What helped")
        elif opened + 1 < len(notes):
            self.open.say("The one before")
        else:
            self.open.say("Close it")
        self.edit.setVisible(may_read(self._context))
        self.edit.say("Edit…" if neighbor is not None else "Keep a profile…")
        self._keys.place()


def _many(count: int, what: str) -> tuple[str, ...]:
    """ "2 numbers", and nothing where there is none."""
    return (f"{count} {what}{'s' * (count > 1)}",) if count else ()
