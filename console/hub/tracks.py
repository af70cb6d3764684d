"""Tracks: where units have been, kept beside the log for as long as the agency says, and never in the way of a command.

Fixes wait in memory for at most `WRITE_EVERY_S` and are then written a slice at a time, so that a command waits for one
slice at most. A hub that is killed loses those seconds of its tracks, and nothing else. A store that fails costs tracks,
never positions: what cannot be written waits, up to `WAITING_AT_MOST`, and what is lost after that is counted and said.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from console.domain.ids import UnitId
from console.hub import track_rows
from console.hub.beside import beside
from console.hub.positions import Fix
from console.hub.store import Store
from console.hub.thinning import Thinning, Trace
from console.wire.geography import Track, TrackPoint

_LOG = logging.getLogger("console.hub")

WRITE_EVERY_S = 2.0
"""Two seconds, so that fixes of one unit share a page of the index; a hub that is killed loses no more than these."""
SLICE = 250
"""Rows in one transaction: a few milliseconds, which is what a command may have to wait."""
GATHERED = 5_000
"""Fixes that are put in order at a time."""
WAITING_AT_MOST = 200_000
"""Fixes that wait in memory while the store cannot take them (some 100 MB); then the oldest go."""
POINTS_AT_MOST = 2_000
SWEEP_EVERY_S = 3600.0
SWEPT = 1_000
"""Rows deleted in one transaction."""


class Tracks:
    """Takes every fix that was believed, late or doubted; writes what the thinning keeps; deletes what is too old."""

    def __init__(self, store: Store, now: Callable[[], datetime], keep_days: Callable[[], int]) -> None:
        """Write into `store`; `now` is the hub's time, `keep_days` how long the agency keeps tracks (0: not at all)."""
        self._store, self._now, self._keep_days = store, now, keep_days
        self._thinning = Thinning()
        self._waiting: deque[Trace] = deque()
        self._writing: list[Trace] = []
        self._lost = 0
        self._failing = False
        self._one_at_a_time = asyncio.Lock()
        self._ending = asyncio.Event()

    def take(self, fix: Fix, at: datetime, jump: bool) -> None:
        """Keep a fix that was received at a moment, unless it tells nothing new. `jump`: the unit cannot have been there."""
        if not self._keep_days():
            return
        trace = Trace(
            fix.unit_id, fix.fix_at, at, fix.latitude, fix.longitude, fix.speed_km_h, fix.course, fix.source, jump
        )  # fmt: skip
        self._waiting.extend(self._thinning.kept(trace))
        while len(self._waiting) > WAITING_AT_MOST:
            self._waiting.popleft()
            self._lost += 1

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """While the block runs, write and sweep; at its end, write what is left."""
        async with beside() as tasks:
            tasks.create_task(self._write_on())
            tasks.create_task(self._sweep_on())
            try:
                yield
            finally:
                self._ending.set()
                await self.write()

    async def write(self) -> None:
        """Write what waits. Where the store does not take it, it goes on waiting, and the log says so once."""
        async with self._one_at_a_time:
            while self._waiting:
                gathered = [self._waiting.popleft() for _ in range(min(GATHERED, len(self._waiting)))]
                self._writing = sorted(gathered, key=lambda trace: (trace.unit_id, trace.fix_at))
                try:
                    await self._write_slices()
                except (SQLAlchemyError, OSError) as error:
                    self._waiting.extendleft(reversed(self._writing))
                    self._failed(error)
                    return
                finally:
                    self._writing = []
            self._well()

    async def _write_slices(self) -> None:
        while self._writing:
            begun = time.monotonic()
            await self._store.write(partial(_keep, self._writing[:SLICE]))
            self._writing = self._writing[SLICE:]
            if self._writing:  # at most half of the time, however much has come at once
                await self._pause(time.monotonic() - begun)

    async def track(self, unit_id: UnitId, since: datetime, until: datetime) -> Track | None:
        """Where a unit has been, both moments included, the oldest first; None of a unit that nothing at all is kept of."""
        held = [t for t in self._held() if t.unit_id == unit_id and since <= t.fix_at <= until]
        found, are_thinned, known = await self._store.read(partial(_read, unit_id, since, until, bool(held)))
        if not (known or any(t.unit_id == unit_id for t in self._held())):
            return None
        points = list(_points(sorted([*found, *held], key=lambda trace: trace.fix_at)))
        if len(points) > POINTS_AT_MOST:
            points, are_thinned = [*points[: -1 : -(-len(points) // (POINTS_AT_MOST - 1))], points[-1]], True
        return Track(unit_id, tuple(points), are_thinned)

    def _held(self) -> Iterator[Trace]:
        """What is not in the store yet, or just now."""
        yield from self._writing
        yield from self._waiting

    async def sweep(self) -> int:
        """Delete what was received longer ago than the agency keeps tracks, a slice at a time; how many fixes it were."""
        before, swept = self._now() - timedelta(days=self._keep_days()), 0
        while not self._ending.is_set():
            begun = time.monotonic()
            deleted = await self._store.write(partial(_sweep, before))
            swept += deleted
            if deleted < SWEPT:
                break
            await self._pause(time.monotonic() - begun)
        if swept:
            days = self._keep_days()
            _LOG.info("tracks: %d fixes were deleted, received more than %d days ago", swept, days)
        return swept

    async def _write_on(self) -> None:
        while not self._ending.is_set():
            await self._pause(WRITE_EVERY_S)
            await self.write()

    async def _sweep_on(self) -> None:
        while not self._ending.is_set():
            try:
                await self.sweep()
            except (SQLAlchemyError, OSError) as error:
                _LOG.warning("tracks: what is too old could not be deleted (%s); tried again in an hour", _said(error))
            await self._pause(SWEEP_EVERY_S)

    async def _pause(self, seconds: float) -> None:
        """Wait so many real seconds, or until the end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    def _failed(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            _LOG.error("tracks: the store does not take them (%s); positions go on, tracks wait in memory", _said(error))

    def _well(self) -> None:
        if self._lost:
            _LOG.warning("tracks: the store takes them again; the %d oldest fixes that waited were lost", self._lost)
        elif self._failing:
            _LOG.info("tracks: the store takes them again; nothing was lost")
        self._failing, self._lost = False, 0


def _keep(traces: list[Trace], connection: Connection) -> None:
    track_rows.keep(connection, traces)


def _sweep(before: datetime, connection: Connection) -> int:
    return track_rows.sweep(connection, before, SWEPT)


def _read(
    unit_id: UnitId, since: datetime, until: datetime, is_known: bool, connection: Connection
) -> tuple[list[Trace], bool, bool]:
    found, are_thinned = track_rows.thinned(connection, unit_id, since, until, POINTS_AT_MOST)
    return found, are_thinned, bool(found) or is_known or track_rows.known(connection, unit_id)


def _points(traces: list[Trace]) -> Iterator[TrackPoint]:
    """One point a fix, also where a device sent it twice."""
    last: TrackPoint | None = None
    for t in traces:
        point = TrackPoint(t.latitude, t.longitude, t.fix_at, t.speed_km_h, t.course, t.jump)
        if point != last:
            yield point
        last = point


def _said(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)
