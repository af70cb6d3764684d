"""What the verbs about people make: a call handed to one, and one's own presence."""

from __future__ import annotations

from collections.abc import Callable

from console.domain import commands as c
from console.domain.commands import AnyCommand
from console.domain.ids import HandOffId
from console.domain.state import PresenceStatus
from console.ui.verbs.reading import Fields, Grounds, called


def hand_off(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Offer a call to a clinician at work, with what is asked of them."""
    assert f.person and f.call
    offer = c.OfferHandOff(f.call.call_id, HandOffId(grounds.new_id()), f.person.user_id, f.rest)
    return offer, f"hand {called(grounds, f.call)} to {f.person.name}" + (f': "{f.rest}"' if f.rest else "")


def presence(status: PresenceStatus, words: str) -> Callable[[Grounds, Fields], tuple[AnyCommand, str]]:
    """Make what says this of the person who types, with their reason."""
    return lambda _, f: (c.SetPresence(status, f.rest), f"you: {words}" + (f", {f.rest}" if f.rest else ""))
