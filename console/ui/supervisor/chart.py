"""The history of the queue as numbers to draw: areas stacked by programme, breaches of the target, and the same in words."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from console.domain.metrics import QueuePoint
from console.domain.state import State
from console.domain.times import time_of_day

HISTORY_HOURS: Final = 12
"""How far back the queue is shown."""
APART_MIN: Final = 15
"""Marks of breaches are at least so many minutes apart: one that follows sooner belongs to the same breach."""


class Band(Struct, frozen=True):
    """One programme's share of the queue, from the lower to the upper edge of its area, point by point."""

    name: str
    colour: str
    lower: tuple[int, ...]
    upper: tuple[int, ...]


class Chart(Struct, frozen=True):
    """Everything that is drawn: times in seconds since 1970, the areas from bottom to top, and where breaches began."""

    times: tuple[float, ...]
    bands: tuple[Band, ...]
    breaches: tuple[tuple[float, int], ...]
    highest: int


def chart(state: State, points: list[QueuePoint]) -> Chart:
    """The queue's history as areas. A programme nobody waited for has none; the agency's first lies on top."""
    waited = {code for point in points for code in point.waiting}
    listed = [programme.code for programme in state.agency.programmes]
    codes = [*(code for code in listed if code in waited), *sorted(waited - set(listed))]
    floor = [0] * len(points)
    bands = []
    for code in reversed(codes):
        programme = state.agency.programme(code)
        upper = [low + point.waiting.get(code, 0) for low, point in zip(floor, points, strict=True)]
        bands.append(Band(code, programme.colour if programme else "slate", tuple(floor), tuple(upper)))
        floor = upper
    times = tuple(point.at.timestamp() for point in points)
    return Chart(times, tuple(bands), tuple(_breaches(times, points, floor)), max(floor, default=0))


def _breaches(times: tuple[float, ...], points: list[QueuePoint], top: list[int]) -> list[tuple[float, int]]:
    """Where one more call passed its target, with the height of the queue there."""
    found: list[tuple[float, int]] = []
    for n in range(1, len(points)):
        more = points[n].past_target > points[n - 1].past_target
        if more and (not found or times[n] - found[-1][0] >= APART_MIN * 60):
            found.append((times[n], top[n]))
    return found


def in_words(state: State, points: list[QueuePoint]) -> str:
    """The chart for those who hear it."""
    if not points:
        return "No history."
    totals = [sum(point.waiting.values()) for point in points]
    most = max(totals)
    at = time_of_day(state.agency, points[totals.index(most)].at)
    now = ", ".join(f"{code} {count}" for code, count in points[-1].waiting.items()) or "nobody"
    late = points[-1].past_target
    breaches = len(_breaches(tuple(p.at.timestamp() for p in points), points, totals))
    return (
        f"Waiting now: {now}; past target now: {late}. Most in {HISTORY_HOURS} hours: {most}, at {at}. "
        f"Times a target was breached: {breaches}."
    )
