"""What the hub answers about ways: how long units need to a place by the roads, and which ground the free ones reach."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.domain import unit_status
from console.domain.agency import Point
from console.domain.ids import UnitId
from console.domain.state import Unit
from console.hub.asking import json, who
from console.hub.problems import Refusal
from console.wire.geography import Coverage, RoadTimes, RoadWay

if TYPE_CHECKING:  # which itself hangs the routes in
    from console.hub.app import Hub

K = TypeVar("K")
T = TypeVar("T")

SAME_FOR_S = 1.0
"""Equal questions within this time get one answer: all desks ask of a new call at once."""
_BANDS_AT_MOST, _MINUTES_AT_MOST = 6, 60.0


class Lately(Generic[K, T]):
    """Answers that are good for a moment. One question is worked on at a time, however many desks ask it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without any."""
        self._clock = clock
        self._lock = asyncio.Lock()
        self._held: dict[K, tuple[float, T]] = {}

    async def __call__(self, question: K, answer: Callable[[], Awaitable[T]]) -> T:
        """The answer that was given within the last moment, or a new one."""
        async with self._lock:
            self._held = {one: held for one, held in self._held.items() if self._clock() - held[0] < SAME_FOR_S}
            if question not in self._held:
                asked = self._clock()
                self._held[question] = asked, await answer()
            return self._held[question][1]


def routes(hub: "Hub") -> list[Route]:
    """What the hub answers about ways."""
    travels: Lately[Point, RoadTimes] = Lately()
    coverages: Lately[tuple[float, ...], Coverage] = Lately()

    async def travel(request: Request) -> Response:
        who(hub, request)
        to = (_degrees(request, "latitude", 90), _degrees(request, "longitude", 180))

        async def answer() -> RoadTimes:
            units, at = _places(hub, unit_status.on_duty), hub.time.now()
            ways = await asyncio.to_thread(_ways, hub, units, to)
            factor, trips = (hub.trips.factor, hub.trips.trips) if hub.trips is not None else (1.0, 0)
            told = tuple(RoadWay(unit_id, minutes * factor, km) for unit_id, minutes, km in ways)
            return RoadTimes(*to, at, told, factor, trips)

        return json(await travels(to, answer))

    async def coverage(request: Request) -> Response:
        who(hub, request)
        minutes = _minutes(request)

        async def answer() -> Coverage:
            units, at = _places(hub, unit_status.free), hub.time.now()
            bands, by_roads = await asyncio.to_thread(_covered, hub, list(units.values()), minutes)
            return Coverage(at, bands, by_roads)

        return json(await coverages(minutes, answer))

    return [Route("/v1/travel", travel, methods=["GET"]), Route("/v1/coverage", coverage, methods=["GET"])]


def _places(hub: "Hub", which: Callable[[Unit], bool]) -> dict[UnitId, Point]:
    """Where those units are that `which` admits, as far as it is known."""
    units = hub.ledger.state.units
    return {
        position.unit_id: position.point
        for position in hub.positions.all()
        if position.unit_id in units and which(units[position.unit_id])
    }


def _ways(hub: "Hub", units: dict[UnitId, Point], to: Point) -> list[tuple[UnitId, float, float]]:
    from console.geography.road_times import road_times

    streets = hub.ground.streets
    if streets is None:
        why = "This hub has no streets to reckon on: `heart-console import streets FILE --config DIR` gives it some."
        raise Refusal(404, why, "no-streets")
    return [(unit_id, road.minutes, road.kilometres) for unit_id, road in road_times(streets, units, to).items()]


def _covered(hub: "Hub", units: list[Point], minutes: tuple[float, ...]) -> tuple[tuple[tuple[float, str], ...], bool]:
    from console.geography.coverage import covered_by_roads, covered_straight

    streets = hub.ground.streets
    if not units:
        return (), streets is not None  # rings of no ground would read as reach
    if streets is None:
        return covered_straight(hub.ledger.state.agency.travel, units, minutes), False
    factor = hub.trips.factor if hub.trips is not None else 1.0
    bands = covered_by_roads(streets, units, [each / factor for each in minutes])
    return tuple((each, ground) for each, (_, ground) in zip(minutes, bands, strict=True)), True


def _degrees(request: Request, name: str, at_most: float) -> float:
    """A coordinate of the query, in degrees."""
    text = request.query_params.get(name, "")[:32]
    try:
        degrees = float(text)
    except ValueError:
        degrees = math.nan
    if not -at_most <= degrees <= at_most:
        what = f"{text!r} is no {name}" if text else f"no {name} is named"
        raise Refusal(400, f"{what}; write degrees from -{at_most:g} to {at_most:g}.", "no-place", name)
    return degrees


def _minutes(request: Request) -> tuple[float, ...]:
    """The minutes that the query names, the fewest first."""
    text = request.query_params.get("minutes", "")[:64]
    try:
        found = sorted({float(each) for each in text.split(",")})
    except ValueError:
        found = []
    if not (0 < len(found) <= _BANDS_AT_MOST and all(0 < each <= _MINUTES_AT_MOST for each in found)):
        what = f"Name 1 to {_BANDS_AT_MOST} numbers of minutes, each up to {_MINUTES_AT_MOST:g}, as in minutes=5,10,15."
        raise Refusal(400, what, "no-minutes", "minutes")
    return tuple(found)
