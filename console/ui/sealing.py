"""The way by which sealed words travel: straight between a pane and the hub, past the store, the outbox and the drafts."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from console.domain.commands import CommandOutcome, Rejected
from console.domain.ids import NoteId
from console.link.problems import Refused, Unreachable
from console.wire.messages import NoteOpened, NoteToSeal

Spawn = Callable[[Coroutine[Any, Any, None]], object]

_NO_HUB = Rejected("no-link", "This desk is not connected to a hub.")
_FAULT = Rejected("fault", "The console failed at this; it may not have been done.")


class SealedLine(Protocol):
    """The hub, as far as sealed words go to it and come from it."""

    async def seal_note(self, note: NoteToSeal) -> CommandOutcome:
        """Have words sealed."""

    async def open_note(self, note_id: NoteId, reason: str = "") -> NoteOpened:
        """Have a note opened."""


class Sealing:
    """Seals and opens through the hub that the desk is connected to. Nothing that passes here is kept here."""

    def __init__(self) -> None:
        self._line: SealedLine | None = None
        self._spawn: Spawn | None = None

    def through(self, line: SealedLine, spawn: Spawn) -> None:
        """From now on through this hub; `spawn` runs what takes time."""
        self._line, self._spawn = line, spawn

    def cut(self) -> None:
        """From now on there is no hub."""
        self._line = self._spawn = None

    def seal(self, note: NoteToSeal, hear: Callable[[CommandOutcome], None]) -> None:
        """Have words sealed and `hear` what came of it; where the hub cannot be reached nothing is put by for later."""
        if self._line is None or self._spawn is None:
            hear(_NO_HUB)
        else:
            self._spawn(_answered(self._line.seal_note(note), hear))

    def open(self, note_id: NoteId, reason: str, hear: Callable[[NoteOpened | Rejected], None]) -> None:
        """Have a note opened and `hear` its words, or why not."""
        if self._line is None or self._spawn is None:
            hear(_NO_HUB)
        else:
            self._spawn(_answered(self._line.open_note(note_id, reason), hear))


async def _answered(asking: Coroutine[Any, Any, Any], hear: Callable[[Any], None]) -> None:
    try:
        outcome = await asking
    except Unreachable as error:
        outcome = Rejected("no-link", str(error))
    except Refused as refused:
        outcome = refused.rejected()
    except Exception:
        hear(_FAULT)
        raise
    hear(outcome)
