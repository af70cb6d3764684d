"""Widths of a table's columns from the words they are made for: a live table never measures its rows while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from PySide6.QtWidgets import QTableView

from console.ui.theme import look
from console.ui.widgets import Face, faces, scaled

AROUND = 24
"""Pixels that the style leaves around the words of a cell."""


class Column(Struct, frozen=True):
    """One column: its heading, the words it is made for, and whether it gives way where there is little room."""

    name: str
    words: tuple[str, ...]
    gives: bool = False
    face: Literal["second", "strong", "clock"] = "second"

    def needs(self) -> int:
        """Pixels for the longest of its words, and for its heading."""
        return _needs(self, look.scale)


@lru_cache(256)
def _needs(column: Column, scale: float) -> int:
    """Measured once for a size: a window that is being opened asks several times."""
    del scale
    face: Face = getattr(faces(), column.face)
    heading = faces().second.metrics.horizontalAdvance(column.name)
    longest = max((face.metrics.horizontalAdvance(words) for words in column.words), default=0)
    return max(heading, longest) + scaled(AROUND)


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """Share `room` pixels: to each what it needs and its part of what is left, or less for those that give way."""
    needs = [column.needs() for column in columns]
    spare = room - sum(needs)
    if spare >= 0:
        return [need + spare * need // sum(needs) for need in needs]
    level = _level([need for need, column in zip(needs, columns, strict=True) if column.gives], spare)
    return [min(need, level) if column.gives else need for need, column in zip(needs, columns, strict=True)]


def share(table: QTableView, columns: Sequence[Column]) -> None:
    """Give the columns of a table the widths that its room allows; the last one takes what rounding leaves."""
    room = table.viewport().width()
    made = widths(columns, room)
    made[-1] += max(0, room - sum(made))
    for place, wide in enumerate(made):
        table.setColumnWidth(place, max(1, wide))


def _level(needs: list[int], spare: int) -> int:
    """The width above which columns are cut so that together they take `spare` (negative) less; at least one pixel."""
    left, level = sum(needs) + spare, 0
    for count, need in zip(range(len(needs), 0, -1), sorted(needs), strict=True):
        level = left // count
        if need > level:
            break
        left -= need
    return max(1, level)
