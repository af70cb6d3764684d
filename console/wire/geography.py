"""What a hub tells of the ground: places found, minutes on the road, coverage, layers, and where a unit has been."""

from typing import Literal

from msgspec import Struct

from console.domain.ids import UnitId
from console.domain.instant import Instant

FoundKind = Literal["address", "block", "crossing", "street", "place"]


class FoundPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """One place that words may mean, in WGS 84 degrees; the best of several stands first.

    `sureness` is 1 where the words name exactly this place, and less where something was mended or is missing.
    `interpolated`: the point was reckoned between known house numbers, not known itself.
    """

    words: str
    kind: FoundKind
    latitude: float
    longitude: float
    sureness: float
    interpolated: bool = False


class RoadWay(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a unit needs to a place on the roads, by the streets' speeds and what past trips have taught: an estimate."""

    unit_id: UnitId
    minutes: float
    kilometres: float


class RoadTimes(Struct, frozen=True, forbid_unknown_fields=True):
    """The ways of all units to one place, by the roads, as of a moment; who has no way there or no position is left out.

    `factor` is what past trips took against what the streets alone say (1 where they are too few), `trips` their number.
    """

    latitude: float
    longitude: float
    at: Instant
    ways: tuple[RoadWay, ...]
    factor: float = 1.0
    trips: int = 0


class Coverage(Struct, frozen=True, forbid_unknown_fields=True):
    """Which ground a free unit reaches within so many minutes: GeoJSON polygons, the shortest first."""

    at: Instant
    bands: tuple[tuple[float, str], ...]
    """Minutes, and the ground reached within them."""
    by_roads: bool
    """False: reckoned by straight lines, for want of streets."""


class Layer(Struct, frozen=True, forbid_unknown_fields=True):
    """One layer of the center's own map: its kind (beat, district ...), and its outlines as GeoJSON."""

    name: str
    kind: str
    geojson: str


class TrackPoint(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a unit was at a moment, by its receiver; `jump`: it cannot have been there, kept and not drawn as truth."""

    latitude: float
    longitude: float
    fix_at: Instant
    speed_km_h: float | None = None
    course: float | None = None
    jump: bool = False


class Track(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a unit has been between two moments, oldest first; `thinned`: not every fix, for there were too many."""

    unit_id: UnitId
    points: tuple[TrackPoint, ...]
    thinned: bool = False
