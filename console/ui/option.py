"""What can be chosen from a list, and the keys by which it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

KEYS: Final = "1234567890abcdefghijklmnopqrstuvwxyz"


class Option(Struct, frozen=True):
    """One choice: its key, its words, a second line, whether it wants a note, and why it cannot be chosen ("")."""

    value: str
    words: str
    key: str = ""
    detail: str = ""
    needs_note: bool = False
    why_not: str = ""


def key_of(place: int) -> str:
    """The key of the option at that place, from 0: a digit, letters where the digits do not reach, "" where these end."""
    return KEYS[place] if place < len(KEYS) else ""


def reasons_to_choose(reasons: Sequence[str]) -> tuple[Option, ...]:
    """Reasons that an agency has listed, each its own value, and after them one that is typed: its value is ""."""
    listed = (Option(reason, reason, key_of(place)) for place, reason in enumerate(reasons))
    return (*listed, Option("", "Another reason", key_of(len(reasons)), needs_note=True))
