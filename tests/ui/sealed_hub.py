"""The other end of the sealed way: seals in memory what a pane sends, tells the log of it, and opens it, or will not."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest

from console.domain import commands as c
from console.domain.commands import Accepted, AnyCommand, CommandOutcome, Rejected
from console.domain.ids import CallId, NeighborId, NoteId, ReferralId, Seq
from console.domain.state import SealedKind
from console.link.problems import Unreachable
from console.wire.messages import NoteOpened, NoteToSeal
from tests.support.scenes import REYES
from tests.ui.live import Live

HASH = "5e" * 32


class SealedHub:
    """Keeps every note and whatever was asked of it."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.notes: dict[NoteId, str] = {}
        self.sent: list[NoteToSeal] = []
        self.asked: list[tuple[NoteId, str]] = []
        self.away = False
        self.wants_reason = False
        live.context.sealing.through(self, _at_once)  # type: ignore[arg-type]

    async def seal_note(self, note: NoteToSeal) -> CommandOutcome:
        self.sent.append(note)
        if self.away:
            raise Unreachable("No hub listens at its address.")
        self.notes[note.note_id] = note.text
        self.live.tell(_told(note), by=REYES)
        return Accepted(Seq(1))

    async def open_note(self, note_id: NoteId, reason: str = "") -> NoteOpened | Rejected:
        self.asked.append((note_id, reason))
        if self.wants_reason and not reason:
            return Rejected("reason-needed", "You have no call of this neighbor. Say why you open it.")
        return NoteOpened(note_id, self.notes[note_id])


def _told(note: NoteToSeal) -> AnyCommand:
    if note.kind is SealedKind.PROFILE:
        return c.SealProfileNote(NeighborId(note.subject), note.note_id, HASH)
    if note.kind is SealedKind.NEEDS:
        return c.SealNeeds(ReferralId(note.subject), note.note_id, HASH)
    return c.SealNote(CallId(note.subject), note.note_id, note.kind, HASH)


def _at_once(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that waits for nothing."""
    with pytest.raises(StopIteration):
        work.send(None)
