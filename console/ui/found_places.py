"""What a found place says in a list, and the place of a call that it becomes. Pure."""

from __future__ import annotations

from typing import Final

from console.domain.state import Place
from console.ui.option import Option
from console.wire.geography import FoundKind, FoundPlace

SURE: Final = 0.95
"""Less sure than this something in the words was mended or is missing, and that is said."""
_BETWEEN_M: Final = 50.0
"""How far a house number that was reckoned between its neighbors may lie off: half a block, in metres."""
_OF_KIND: Final[dict[FoundKind, tuple[str, float | None]]] = {
    "address": ("address", None),
    "block": ("somewhere in this block", 100.0),
    "crossing": ("crossing", None),
    "street": ("somewhere on this street", 500.0),
    "place": ("a place the center knows", None),
}
"""What each kind says, and how far the point may lie off, in metres (None: not worth saying)."""


def option_of(found: FoundPlace) -> Option:
    """A line of the list: the words, what kind of place it is, and whatever keeps it from being certain."""
    kind, _ = _OF_KIND[found.kind]
    between = "reckoned between known house numbers" if found.interpolated and found.kind == "address" else ""
    unsure = "◆ unsure: not exactly what was typed" if found.sureness < SURE else ""
    return Option(found.words, found.words, detail=" · ".join(filter(None, (kind, unsure, between))))


def place_of(found: FoundPlace) -> Place:
    """The place of a call: words, point, and the radius within which it lies where the point is not known itself."""
    _, off = _OF_KIND[found.kind]
    return Place(found.words, found.latitude, found.longitude, off or (_BETWEEN_M if found.interpolated else None))
