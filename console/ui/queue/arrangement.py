"""Where the words of a queue line go in the room that the list has: what endangers a team is never left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Qt

from console.ui.queue.rows import Row, Tag
from console.ui.widgets import faces, scaled, tag_width

_GAP: Final = 5
_BETWEEN: Final = " · "
_PLACE: Final = 0.45
"""The share of the second line that stays with the place where programmes must stand beside it."""


class Arrangement(Struct, frozen=True):
    """The three lines right of the clock: tags after the nature, tags at the right edge, and what stands in the third."""

    nature: int
    """Pixels that the nature may take."""
    after_nature: tuple[Tag, ...] = ()
    at_right: tuple[Tag, ...] = ()
    """Of the first line."""
    second: str = ""
    second_right: tuple[Tag, ...] = ()
    third: tuple[Tag, ...] = ()
    third_right: tuple[Tag, ...] = ()
    third_words: str = ""
    """After the tags of the third line."""

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Every tag that is drawn."""
        return (*self.after_nature, *self.at_right, *self.second_right, *self.third, *self.third_right)


def arrange(row: Row, room: int) -> Arrangement:
    """Share `room` pixels: everything beside the nature where it fits, else cautions and programmes go below it."""
    warns, opens = tuple(Tag(words, "due") for words in row.cautions), row.tags
    nature = faces().strong.metrics.horizontalAdvance(row.nature)
    if nature + _room_of(warns) + _room_of(opens) <= room:
        return _worded(row, Arrangement(room - _room_of(warns) - _room_of(opens), warns, opens), room)
    if warns and nature + _room_of(opens) <= room:
        return _worded(row, Arrangement(room - _room_of(opens), at_right=opens, third=_fitting(warns, room)), room)
    if opens and nature + _room_of(warns) <= room:
        return _worded(row, Arrangement(room - _room_of(warns), warns, third_right=opens), room)
    if _room_of(warns) + _room_of(opens) - scaled(_GAP) <= room:
        return _worded(row, Arrangement(room, third=warns, third_right=opens), room)
    kept = _fitting(opens, room - round(room * _PLACE), "slate")
    return _worded(row, Arrangement(room, second_right=kept, third=_fitting(warns, room)), room)


def _worded(row: Row, made: Arrangement, room: int) -> Arrangement:
    """Put the details in the third line as far as they fit beside its tags, the others after the place in the second.

    The number, by which the command line knows the call, leads the second line where nothing is cut for it, else the third
    where there is room; it is never left out.
    """
    beside, left = room - _room_of(made.second_right), room - _room_of(made.third) - _room_of(made.third_right)
    below: list[str] = []
    for words in row.details:
        if _wide((*below, words)) <= left:
            below.append(words)
    if not below and left == room:
        below = list(row.details[:1])  # longer than a whole line: it may as well have one
    above = [words for words in row.details if words not in below]
    number, place = row.call.number, [row.place] if row.place else []
    if _wide((number, *place)) > beside and _wide((number, *below)) <= left:
        second, third = [*place, *above], [number, *below]
    else:
        second, third = [number, *place, *above], below
    return Arrangement(
        made.nature,
        made.after_nature,
        made.at_right,
        _joined(second, beside, len(second) - len(above)),
        made.second_right,
        made.third,
        made.third_right,
        _joined(third, left, 1),
    )


def _wide(parts: Iterable[str]) -> int:
    """Pixels of words side by side in the second or the third line."""
    return faces().second.metrics.horizontalAdvance(_BETWEEN.join(parts))


def _joined(parts: Sequence[str], room: int, least: int) -> str:
    """The words side by side; those after the first `least` that do not fit are counted, and spelled out on hovering."""
    if _wide(parts) <= room:
        return _BETWEEN.join(parts)
    for kept in range(len(parts) - 1, least - 1, -1):
        words = f"{_BETWEEN.join(parts[:kept])} +{len(parts) - kept}"
        if _wide((words,)) <= room:
            return words
    rest = f" +{len(parts) - least}" if len(parts) > least else ""
    elided = faces().second.metrics.elidedText(
        _BETWEEN.join(parts[:least]), Qt.TextElideMode.ElideRight, room - _wide((rest,))
    )
    return f"{elided}{rest}"


def _room_of(tags: tuple[Tag, ...]) -> int:
    """Pixels of tags, each with the gap before it."""
    return sum(tag_width(tag.text) + scaled(_GAP) for tag in tags)


def _fitting(tags: tuple[Tag, ...], room: int, counted_in: str = "due") -> tuple[Tag, ...]:
    """As many as fit into a line; the others are counted in a last one, and spelled out on hovering and in the call pane."""
    if _room_of(tags) - scaled(_GAP) <= room:
        return tags
    for kept in range(len(tags) - 1, 0, -1):
        shown = (*tags[:kept], Tag(f"+{len(tags) - kept}", counted_in))
        if _room_of(shown) - scaled(_GAP) <= room:
            return shown
    rest = f" +{len(tags) - 1}" if len(tags) > 1 else ""
    words = faces().tag.metrics.elidedText(tags[0].text, Qt.TextElideMode.ElideRight, room - tag_width(rest))
    return (Tag(f"{words}{rest}", tags[0].colour),)
