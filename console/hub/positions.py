"""Where the units are: the last fix of each. Not history (architecture, rule 6), so it lives in memory and in the stream."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from console.domain.ids import UnitId
from console.domain.instant import Instant
from console.domain.state import Position, State
from console.hub.bell import Bell
from console.wire import codec

AHEAD = timedelta(seconds=5)
"""A fix later than this ahead of the hub's clock is a receiver with a wrong clock."""
COALESCE_S = 0.2
"""Fixes that arrive within this time travel to the desks together."""


class Fix(Struct, frozen=True, forbid_unknown_fields=True):
    """One fix as a feed sends it: WGS 84 degrees, the receiver's time, km/h, degrees from north."""

    unit_id: UnitId
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    fix_at: Instant
    speed_km_h: Annotated[float, Meta(ge=0)] | None = None
    course: Annotated[float, Meta(ge=0, le=360)] | None = None
    source: Annotated[str, Meta(max_length=200)] = ""
    """Feed and device, for the unit's track; "" where that is not told."""

    def received(self, at: Instant) -> Position:
        """The position that desks are told, as received by the hub at that moment."""
        return Position(self.unit_id, self.latitude, self.longitude, self.fix_at, at, self.speed_km_h, self.course)


class PositionsTaken(Struct, frozen=True):
    """What became of a report: how many fixes were taken, and the units whose fix was not, by reason."""

    taken: int
    unknown_unit: tuple[UnitId, ...] = ()
    older_than_held: tuple[UnitId, ...] = ()
    in_the_future: tuple[UnitId, ...] = ()


class Positions:
    """The last fix of every unit, each with the number of the change that brought it."""

    def __init__(
        self,
        state: Callable[[], State],
        now: Callable[[], datetime],
        bell: Bell,
        trace: Callable[[Fix, datetime, bool], None] = lambda _fix, _at, _jump: None,
    ) -> None:
        """Begin empty; `state` says which units there are, `bell` wakes the streams.

        `trace` keeps for the track of its unit each fix that is its unit's and not ahead of the clock, when it was received
        and whether the unit cannot have been there.
        """
        self._state, self._now, self._bell, self._trace = state, now, bell, trace
        self._held: dict[UnitId, tuple[int, Position]] = {}
        self._due: asyncio.TimerHandle | None = None
        self._frame: tuple[int, bytes] = (0, b"")
        self._number = 0
        self.version = 0
        """What the streams may send up to; it follows the last change within `COALESCE_S`."""

    def take(self, fixes: Iterable[Fix]) -> PositionsTaken:
        """Keep the newer of what is held and what is reported, and say which fixes were refused and why."""
        units, now = self._state().units, self._now()
        taken, unknown, older, future = 0, [], [], []
        for fix in fixes:
            held = self._held.get(fix.unit_id)
            if fix.unit_id not in units:
                unknown.append(fix.unit_id)
            elif fix.fix_at > now + AHEAD:
                future.append(fix.unit_id)
            elif held is not None and fix.fix_at < held[1].fix_at:
                older.append(fix.unit_id)
                self._trace(fix, now, False)
            else:
                self._number, taken = self._number + 1, taken + 1
                self._held[fix.unit_id] = (self._number, fix.received(now))
                self._trace(fix, now, False)
        if taken and self._due is None:
            self._due = asyncio.get_running_loop().call_later(COALESCE_S, self._show)
        return PositionsTaken(taken, tuple(unknown), tuple(older), tuple(future))

    def doubt(self, fix: Fix) -> None:
        """A fix that its unit cannot have reached: it moves nobody, and is kept with its mark in the unit's track."""
        now = self._now()
        if fix.unit_id in self._state().units and fix.fix_at <= now + AHEAD:
            self._trace(fix, now, True)

    def all(self) -> tuple[Position, ...]:
        """The last position of every unit that has one."""
        return tuple(position for _, position in self._held.values())

    def of(self, unit_id: UnitId) -> Position | None:
        """The last position of one unit."""
        held = self._held.get(unit_id)
        return held[1] if held is not None else None

    def frame(self, after: int) -> bytes:
        """One event-stream frame of what changed after version `after`; encoded once for all streams that are there."""
        if after >= self.version:
            return b""
        if self._frame[0] != after or not self._frame[1]:
            changed = [position for number, position in self._held.values() if number > after]
            self._frame = (after, b"event: positions\ndata: %b\n\n" % codec.encode(changed))
        return self._frame[1]

    def close(self) -> None:
        """Show no more."""
        if self._due is not None:
            self._due.cancel()

    def _show(self) -> None:
        self._due = None
        self.version, self._frame = self._number, (0, b"")
        self._bell.ring()
