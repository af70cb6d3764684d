"""How far a unit is from a call and how long it needs: by straight line, so an estimate, and labelled as one where shown."""

from math import asin, cos, radians, sin, sqrt

from msgspec import Struct

from console.domain.agency import Point, Travel
from console.domain.state import Place, Position

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth, IUGG."""


class Way(Struct, frozen=True):
    """The way from a unit to a place: the straight line, and the minutes it is estimated to take on the road."""

    kilometres: float
    minutes: float


def way(travel: Travel, position: Position | None, place: Place) -> Way | None:
    """The way from a unit's last position to a place; None where one of the two points is not known."""
    if position is None or place.point is None:
        return None
    straight_km = kilometres(position.point, place.point)
    return Way(straight_km, travel_minutes(travel, straight_km))


def kilometres(a: Point, b: Point) -> float:
    """Great-circle distance between two points, by the haversine formula."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    half = sin(radians(lat_b - lat_a) / 2) ** 2
    half += cos(radians(lat_a)) * cos(radians(lat_b)) * sin(radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def travel_minutes(travel: Travel, straight_km: float) -> float:
    """Minutes on the road for a straight line, by the agency's detour factor and mean speed."""
    return straight_km * travel.detour_factor / travel.speed_km_h * 60


def whole_minutes(minutes: float) -> int:
    """An estimate as people are told it: whole minutes, and never less than one."""
    return max(1, round(minutes))
