"""A run of words in one look, of which chips and figures are made."""

from __future__ import annotations

from msgspec import Struct


class Part(Struct, frozen=True):
    """A few words in one look: `token` is a colour of the theme ("" for that of whatever shows them)."""

    words: str
    token: str = ""
    strong: bool = False
