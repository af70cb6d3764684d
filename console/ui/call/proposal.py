"""One action under a call: its words, why it cannot be done, and its colour where it is the one to take. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from console.domain.commands import AnyCommand, Rejected
from console.domain.decide import decide
from console.domain.ids import UserId
from console.domain.state import State


class Proposal(Struct, frozen=True):
    """One action: what its button says, why it cannot be done (""), and its colour where it is the one to take."""

    words: str
    why_not: str = ""
    primary: str = ""
    """Palette colour of the proposed response that this action gives; "" for the others."""
    shorter: tuple[str, ...] = ()
    """The same in fewer words, for a narrow pane, the longest first."""


def refusal(state: State, command: AnyCommand, me: UserId, now: datetime) -> str:
    """What the hub would say against a command, by the same rules; "" where it would be carried out."""
    verdict = decide(state, command, me, now)
    return verdict.reason if isinstance(verdict, Rejected) else ""
