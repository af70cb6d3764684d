"""What drives took against what the streets said when they began: by that, estimates of minutes on the road are calibrated.

A center's crews drive at its hours, through its traffic and as its rules allow; no table of speeds knows that. The factor is
the median of the latest drives, so that one crew that stopped on the way does not move it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from console.domain.agency import Point
from console.domain.assignment import Assignment
from console.domain.events import LogEntry, StageTimeCorrected, UnitStatusChanged, UnitStatusCorrected
from console.domain.ids import CallId, UnitId
from console.domain.state import Call, State, UnitStatus
from console.hub.beside import beside
from console.hub.geography import Ground
from console.hub.ledger import Ledger
from console.hub.positions import Positions
from console.hub.store import Store
from console.hub.tables import instant_text, trip

_LOG = logging.getLogger("console.hub")

LATEST, LEAST = 200, 20
"""How many drives the factor is taken from, and how many there must be before there is one."""
SMALLEST, LARGEST = 0.5, 3.0
"""Beyond these a factor says that something is wrong with the streets or with the times, not how crews drive."""
SHORTEST_MIN = 1.0
"""A shorter drive is told in whole minutes by nobody, and its quotient is chance."""
_KEPT = 1_000
"""Drives kept in the store: enough for the factor, and to look at what it came from."""
_TOLD_LATE = timedelta(seconds=60)
"""A unit whose setting out is told later than this is somewhere on its way by then."""
_RETRY_S = 5.0
_ABOUT_DRIVES = (UnitStatusChanged, UnitStatusCorrected, StageTimeCorrected)
_TELLING = tuple(kind.__name__.encode() for kind in _ABOUT_DRIVES)


class Drive(Struct, frozen=True):
    """One drive: whose, where in the call's list of assignments it stands, when it began, and what it was estimated at."""

    call_id: CallId
    unit_id: UnitId
    part: int
    begun_at: datetime
    estimated_minutes: float


class Trips:
    """Follows the log while the hub runs: an estimate when a unit sets out, and what it took when it has arrived."""

    def __init__(
        self, store: Store, ledger: Ledger, positions: Positions, ground: Ground, now: Callable[[], datetime]
    ) -> None:
        """Begin with the factor that the store's drives give."""
        self._store, self._ledger, self._positions, self._ground, self._now = store, ledger, positions, ground, now
        self._seen = ledger.head
        self.retry_s = _RETRY_S
        self.factor, self.trips = factor_of(store.read_now(_latest))

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Follow the log while the block runs."""
        async with beside() as tasks:
            following = tasks.create_task(self.run())
            try:
                yield
            finally:
                following.cancel()

    async def run(self) -> None:
        """Open what was imported, then follow the log, until cancelled."""
        try:
            if self._ground.imported:
                await asyncio.to_thread(self._ground.open)
        except Exception:  # each part answers for itself once it is asked
            _LOG.exception("the center's ground could not be opened as a whole")
        caught_up = failing = False
        while True:
            try:
                if not caught_up:
                    await self.catch_up()
                    caught_up = True
                await self.follow()
            except (SQLAlchemyError, OSError) as error:
                if not failing:
                    said = getattr(error, "orig", None) or error
                    _LOG.error("drives cannot be kept: %s; tried again every %.0f s", said, self.retry_s)
                failing = True
                await asyncio.sleep(self.retry_s)
            except Exception:  # an estimate of minutes is nothing that may end a hub
                _LOG.exception("drives up to entry %d of the log were not kept", self._ledger.head)
                self._seen, caught_up = self._ledger.head, True
            else:
                if failing:
                    _LOG.info("drives are kept again")
                failing = False
                if self._seen >= self._ledger.head:
                    await self._ledger.bell.wait()

    async def catch_up(self) -> None:
        """Settle the drives of units that arrived while nobody followed."""
        for unit_id in await self._store.read(_under_way):
            await self._arrives(self._ledger.state, unit_id)

    async def follow(self) -> None:
        """Take in what the log has come to hold; of a hub without streets nothing is kept."""
        head = self._ledger.head
        if self._ground.has_streets and self._may_tell():
            await self._take(await self._ledger.entries(self._seen, head))
        self._seen = head

    def _may_tell(self) -> bool:
        """Whether something new may be about a drive: most is not, and need not be read back from the store."""
        frames = self._ledger.frames(self._seen)
        return frames is None or any(name in frame for frame in frames for name in _TELLING)

    async def _take(self, entries: Iterable[LogEntry]) -> None:
        for entry in entries:
            event, state = entry.event, self._ledger.state
            if isinstance(event, UnitStatusChanged) and event.status is UnitStatus.EN_ROUTE:
                await self._sets_out(state, event.unit_id, entry.at)
            if isinstance(event, _ABOUT_DRIVES):
                await self._arrives(state, event.unit_id)

    async def _sets_out(self, state: State, unit_id: UnitId, at: datetime) -> None:
        """Keep what the streets say now; nothing where that is not known, or the unit set out a while ago."""
        unit = state.units.get(unit_id)
        call = state.calls.get(unit.call) if unit is not None and unit.call else None
        position = self._positions.of(unit_id)
        stale = timedelta(seconds=state.agency.position_stale_s)
        if call is None or call.place.point is None or position is None:
            return
        if self._now() - at > _TOLD_LATE or abs(at - position.fix_at) > stale:
            return
        part = _last_part(call, unit_id)
        if part is None or call.assignments[part].en_route_at != at or call.assignments[part].arrived_at is not None:
            return  # it set out before, or is there, or on another call by now: from here it would be another drive
        minutes = await asyncio.to_thread(self._estimate, unit_id, position.point, call.place.point)
        if minutes is not None and minutes >= SHORTEST_MIN:
            await self._store.write(partial(_begin, Drive(call.call_id, unit_id, part, at, minutes)))

    def _estimate(self, unit_id: UnitId, here: Point, there: Point) -> float | None:
        from console.geography.road_times import road_times

        streets = self._ground.streets
        road = road_times(streets, {unit_id: here}, there).get(unit_id) if streets is not None else None
        return road.minutes if road is not None else None

    async def _arrives(self, state: State, unit_id: UnitId) -> None:
        """Keep what drives of the unit took, or what they took by corrected times."""
        rows = await self._store.read(partial(_of_unit, unit_id))
        changed: list[tuple[CallId, int, datetime, float | None]] = []
        for call_id, part, begun_at, minutes in rows:
            call = state.calls.get(call_id)
            if call is None or part >= len(call.assignments):
                continue
            begun, took = _took(call.assignments[part])
            if took is not None and took != minutes:
                changed.append((call_id, part, begun or begun_at, took))
        if changed:
            latest = await self._store.write(partial(_settle, unit_id, changed))
            self.factor, self.trips = factor_of(latest)


def factor_of(drives: Iterable[tuple[float, float]]) -> tuple[float, int]:
    """The factor of the latest drives (estimated, taken, in minutes) and their number; 1 while there are too few."""
    quotients = [took / estimated for estimated, took in drives]
    if len(quotients) < LEAST:
        return 1.0, len(quotients)
    return min(LARGEST, max(SMALLEST, median(quotients))), len(quotients)


def _last_part(call: Call, unit_id: UnitId) -> int | None:
    parts = [part for part, assignment in enumerate(call.assignments) if assignment.unit_id == unit_id]
    return parts[-1] if parts else None


def _took(assignment: Assignment) -> tuple[datetime | None, float | None]:
    """When a drive began, and how many minutes it took; None while it goes on, or where its times cannot be."""
    begun, arrived = assignment.en_route_at, assignment.arrived_at
    if begun is None or arrived is None or arrived <= begun:
        return begun, None
    return begun, (arrived - begun).total_seconds() / 60


# ---------------------------------------------------------------------------------------------- rows


def _begin(drive: Drive, connection: Connection) -> None:
    """One row a drive, however often it is taken in. The oldest rows go."""
    key = (trip.c.call_id == drive.call_id) & (trip.c.unit_id == drive.unit_id) & (trip.c.part == drive.part)
    connection.execute(delete(trip).where(key))
    connection.execute(
        insert(trip).values(
            call_id=drive.call_id, unit_id=drive.unit_id, part=drive.part, begun_at=instant_text(drive.begun_at),
            estimated_minutes=drive.estimated_minutes,
        )
    )  # fmt: skip
    newest = select(trip.c.begun_at).order_by(trip.c.begun_at.desc()).offset(_KEPT).limit(1).scalar_subquery()
    connection.execute(delete(trip).where(trip.c.begun_at <= newest))


def _settle(
    unit_id: UnitId, drives: Iterable[tuple[CallId, int, datetime, float | None]], connection: Connection
) -> list[tuple[float, float]]:
    for call_id, part, begun_at, minutes in drives:
        key = (trip.c.call_id == call_id) & (trip.c.unit_id == unit_id) & (trip.c.part == part)
        connection.execute(update(trip).where(key).values(begun_at=instant_text(begun_at), minutes=minutes))
    return _latest(connection)


def _latest(connection: Connection) -> list[tuple[float, float]]:
    done = select(trip.c.estimated_minutes, trip.c.minutes).where(trip.c.minutes.is_not(None))
    return [(estimated, took) for estimated, took in connection.execute(done.order_by(trip.c.begun_at.desc()).limit(LATEST))]


def _of_unit(unit_id: UnitId, connection: Connection) -> list[tuple[CallId, int, datetime, float | None]]:
    rows = select(trip.c.call_id, trip.c.part, trip.c.begun_at, trip.c.minutes).where(trip.c.unit_id == unit_id)
    found = connection.execute(rows.order_by(trip.c.begun_at.desc()).limit(LATEST))
    return [(CallId(call), part, datetime.fromisoformat(begun), minutes) for call, part, begun, minutes in found]


def _under_way(connection: Connection) -> list[UnitId]:
    found = connection.execute(select(trip.c.unit_id).where(trip.c.minutes.is_(None)).distinct())
    return [UnitId(unit_id) for (unit_id,) in found]
