"""The screener of one call as a clinician works it: what was answered, what is sealed of it, and what the hub says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from console.domain.commands import CommandOutcome, Rejected
from console.domain.ids import CallId, NoteId, QuestionId
from console.domain.state import Call, SealedKind
from console.domain.triage.screener import Screener
from console.domain.triage.screening import Said, applying, with_answer
from console.link.fresh import new_command_id, new_note_id
from console.ui.context import Context
from console.ui.handoff.screener_words import from_text, text_of
from console.wire.messages import NoteOpened, NoteToSeal


class Screening(QObject):
    """Answers of the screener, kept in memory alone and sealed whole after each; nothing of them lies on a disk here.

    One note is on its way at a time. What the hub did not take stays on the screen, marked, and goes with the next answer
    or with `seal`. Another desk's answers of the same call are fetched, once their note is in the log.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.call_id: CallId | None = None
        self.said: tuple[Said, ...] = ()
        self.trouble = ""
        """Why the answers that are shown are not sealed, or cannot be shown."""
        self._sealed: tuple[Said, ...] = ()
        self._known: NoteId | None = None
        self._sending: NoteToSeal | None = None
        self._again: NoteToSeal | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether the hub has everything that is shown."""
        return self.said == self._sealed

    @property
    def is_sending(self) -> bool:
        """Whether a note is on its way."""
        return self._sending is not None

    def follow(self, call: Call | None) -> None:
        """Work on this call, where it is in the person's own hands; another one, or none, forgets everything."""
        if (call.call_id if call else None) != self.call_id:
            self.call_id = call.call_id if call else None
            self.said, self.trouble, self._sealed = (), "", ()
            self._known = self._sending = self._again = None
            self.changed.emit()
        latest = _latest(call)
        if latest is not None and latest != self._known and self._sending is None and self.is_sealed:
            self._known = latest
            self._context.sealing.open(latest, "", lambda outcome: self._opened(latest, outcome))

    def answer(self, screener: Screener, question: QuestionId, key: str, at: datetime) -> None:
        """Give or change an answer, and have all of them sealed."""
        self.said = with_answer(screener, self.said, Said(question, key, at))
        self.seal()

    def take_back(self, screener: Screener, question: QuestionId) -> None:
        """Take an answer back; those that still apply stay."""
        self.said = applying(screener, tuple(each for each in self.said if each.question != question))
        self.seal()

    def seal(self) -> None:
        """Have what is shown sealed, if it is not."""
        if self.call_id is not None and not self.is_sealed and self._sending is None:
            text = self._text()
            note = self._again if self._again is not None and self._again.text == text else None
            note = note or NoteToSeal(new_command_id(), self.call_id, new_note_id(), text, SealedKind.SCREENER)
            self._sending = self._again = note
            self.trouble = ""
            self._context.sealing.seal(note, self._hearing(note, self.said))
        self.changed.emit()

    def _hearing(self, note: NoteToSeal, said: tuple[Said, ...]) -> Callable[[CommandOutcome], None]:
        def hear(outcome: CommandOutcome) -> None:
            if self._sending is not note:
                return  # the call was left meanwhile, or its person
            self._sending = None
            if isinstance(outcome, Rejected):
                self.trouble = f"{outcome.reason} Not sealed: these answers are on this screen only."
                self.changed.emit()
                return
            self._sealed, self._known, self._again = said, note.note_id, None
            self.seal()

        return hear

    def _opened(self, note_id: NoteId, outcome: NoteOpened | Rejected) -> None:
        if self._known != note_id or self._sending is not None or not self.is_sealed:
            return
        if isinstance(outcome, Rejected):
            self.trouble = f"The answers given before could not be opened: {outcome.reason}"
        else:
            screener = self._context.store.state.agency.screener
            try:
                self.said = from_text(outcome.text, screener)
                self.trouble = ""
            except ValueError as error:
                self.trouble = f"The answers given before are sealed, and cannot be gone on with: {error}."
            self._sealed = self.said
        self.changed.emit()

    def _text(self) -> str:
        screener = self._context.store.state.agency.screener
        return text_of(screener, self.said) if screener is not None and self.said else ""


def _latest(call: Call | None) -> NoteId | None:
    """The newest screener note of a call."""
    notes = [note.note_id for note in call.notes if note.kind is SealedKind.SCREENER] if call is not None else []
    return notes[-1] if notes else None
