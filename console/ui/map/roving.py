"""Going from symbol to symbol on the map with keys: what the keyboard is on, in words too."""

from __future__ import annotations

from math import atan2

from console.ui.map.picture import MapPicture

Mark = tuple[str, str]
"""Kind and id: ("unit", "U1"), ("call", ...); ("", "") for nothing."""
NOTHING: Mark = ("", "")


def order(picture: MapPicture) -> list[Mark]:
    """The symbols on the map: calls past their target, who wants backup, then the others, each around the compass."""
    calls = picture.calls.values() if picture.shows_calls else ()
    units = [unit for unit in picture.units.values() if unit.shape != "none"] if picture.shows_units else []
    everything = [(one.latitude, one.longitude) for one in (*calls, *units)]
    if not everything:
        return []
    north = sum(at[0] for at in everything) / len(everything)
    east = sum(at[1] for at in everything) / len(everything)
    worth = {"past": 0, "due": 2, "plain": 3}
    ranked = [
        (worth[one.tone], atan2(one.longitude - east, one.latitude - north), ("call", one.id)) for one in calls
    ] + [
        (1 if one.backup else 4, atan2(one.longitude - east, one.latitude - north), ("unit", one.id)) for one in units
    ]  # fmt: skip
    return [mark for _, _, mark in sorted(ranked)]


def beyond(picture: MapPicture, mark: Mark, step: int) -> Mark:
    """The symbol so many steps on from one; the first (or last, backwards) where that one is not there."""
    marks = order(picture)
    if not marks:
        return NOTHING
    if mark not in marks:
        return marks[0 if step > 0 else -1]
    return marks[(marks.index(mark) + step) % len(marks)]


def still_there(picture: MapPicture, mark: Mark) -> Mark:
    """The mark, if its symbol is still on the map."""
    kind, key = mark
    there = picture.units if kind == "unit" else picture.calls
    return mark if key in there else NOTHING


def words(picture: MapPicture, mark: Mark) -> str:
    """What the keyboard is on, as the map names it: "unit U1 → 0142 · 6 min"; "" for nothing."""
    kind, key = mark
    symbol = picture.units.get(key) if kind == "unit" else picture.calls.get(key)
    return f"{kind} {symbol.label}" if symbol is not None else ""
