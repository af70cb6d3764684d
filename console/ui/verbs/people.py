"""What the verbs about people make: one's own presence."""

from __future__ import annotations

from collections.abc import Callable

from console.domain import commands as c
from console.domain.commands import AnyCommand
from console.domain.state import PresenceStatus
from console.ui.verbs.reading import Fields, Grounds


def presence(status: PresenceStatus, words: str) -> Callable[[Grounds, Fields], tuple[AnyCommand, str]]:
    """Make what says this of the person who types, with their reason."""
    return lambda _, f: (c.SetPresence(status, f.rest), f"you: {words}" + (f", {f.rest}" if f.rest else ""))
