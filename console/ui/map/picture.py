"""What the map shows, as one immutable record, and what must be told to a page that shows an earlier one.

Nothing here knows Qt or the page's script: `patch(before, after)` is the whole traffic to the page. A page that has
just been (re)loaded shows `BLANK`, so the first push and recovery after a crash are the same call.
"""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from console.domain.programmes import Shape

Tone = Literal["plain", "due", "past"]


class MapUnit(Struct, frozen=True, omit_defaults=True):
    """A unit as drawn. `colour` is a palette token; `filled` is available, else a ring; `target` the call it drives to."""

    id: str
    label: str
    latitude: float
    longitude: float
    colour: str
    shape: Shape = "circle"
    filled: bool = True
    stale: bool = False
    backup: bool = False
    target: str = ""


class MapCall(Struct, frozen=True, omit_defaults=True):
    """A call as drawn: a diamond. The chosen one is the one selected on this desk."""

    id: str
    label: str
    latitude: float
    longitude: float
    tone: Tone = "plain"
    chosen: bool = False
    radius_m: float = 0.0
    """How far off the caller may be: a circle to scale around it; 0 where the place is no estimate."""


class MapTrail(Struct, frozen=True):
    """Where a unit has been: lines of latitudes and longitudes, and the fixes that cannot be true, which no line visits."""

    name: str
    """What stands at its beginning."""
    colour: str
    lines: tuple[tuple[tuple[float, float], ...], ...]
    jumps: tuple[tuple[float, float], ...] = ()


class MapBand(Struct, frozen=True):
    """The ground that is reached within so many minutes, as GeoJSON."""

    minutes: float
    geojson: str


class MapLayer(Struct, frozen=True):
    """Outlines of the center's own map with their labels, as GeoJSON."""

    name: str
    kind: str
    geojson: str


class MapGuess(Struct, frozen=True):
    """Where a call would be put, until that is confirmed, and in words."""

    latitude: float
    longitude: float
    words: str


class View(Struct, frozen=True):
    """What the map keeps in sight: everything (`fit`), a call or unit (`follow`), or where the person moved it (`free`)."""

    mode: Literal["fit", "follow", "free"] = "fit"
    call: str = ""
    unit: str = ""
    center: tuple[float, float, float] | None = None
    """Latitude, longitude and zoom of a free view."""


class MapLook(Struct, frozen=True):
    """Colours by token, font family, and size as a factor."""

    theme: dict[str, str]
    family: str
    scale: float = 1.0


class MapTileLayer(Struct, frozen=True, omit_defaults=True):
    """Tiles on the ground: their address with {z}, {x} and {y}, how many pixels one is wide, zooms, and bounds in degrees.

    `attempt` is another when tiles that could not be had are to be asked for again.
    """

    url: str
    size: int
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    """West, south, east, north."""
    attribution: str = ""
    attempt: int = 0


class MapPicture(Struct, frozen=True):
    """Everything on the map. `base` and `areas` are GeoJSON texts; `note` is the watermark, such as EXERCISE."""

    look: MapLook | None = None
    base: str = ""
    tiles: MapTileLayer | None = None
    areas: tuple[str, ...] = ()
    units: Mapping[str, MapUnit] = {}
    calls: Mapping[str, MapCall] = {}
    shows_units: bool = True
    shows_calls: bool = True
    shows_areas: bool = True
    note: str = ""
    view: View = View()
    trails: tuple[MapTrail, ...] = ()
    bands: tuple[MapBand, ...] = ()
    legend: str = ""
    """What the bands mean, in words."""
    layers: tuple[MapLayer, ...] = ()
    mark: tuple[str, str] = ("", "")
    """Kind and id of what the keyboard is on: "unit" or "call"."""
    aims: bool = False
    """Whether a place is being chosen: the pointer and a cross in the middle say where."""
    guess: MapGuess | None = None


BLANK: Final = MapPicture()


class MapPatch(Struct, frozen=True, omit_defaults=True):
    """The difference of two pictures; what is unset stays as it is. `moves` are (unit, latitude, longitude)."""

    look: MapLook | UnsetType = UNSET
    base: str | UnsetType = UNSET
    tiles: MapTileLayer | UnsetType | None = UNSET
    areas: tuple[str, ...] | UnsetType = UNSET
    units: list[MapUnit] = []
    moves: list[tuple[str, float, float]] = []
    units_gone: list[str] = []
    calls: list[MapCall] = []
    calls_gone: list[str] = []
    shows_units: bool | UnsetType = UNSET
    shows_calls: bool | UnsetType = UNSET
    shows_areas: bool | UnsetType = UNSET
    note: str | UnsetType = UNSET
    view: View | UnsetType = UNSET
    trails: tuple[MapTrail, ...] | UnsetType = UNSET
    bands: tuple[MapBand, ...] | UnsetType = UNSET
    legend: str | UnsetType = UNSET
    layers: tuple[MapLayer, ...] | UnsetType = UNSET
    mark: tuple[str, str] | UnsetType = UNSET
    aims: bool | UnsetType = UNSET
    guess: MapGuess | UnsetType | None = UNSET


_WHOLE: Final = (
    "base", "tiles", "areas", "shows_units", "shows_calls", "shows_areas", "note", "view", "trails", "bands", "legend",
    "layers", "mark", "aims", "guess",
)  # fmt: skip
"""What is told whole where it is another."""
NOTHING: Final = MapPatch()


def patch(before: MapPicture, after: MapPicture) -> MapPatch:
    """The smallest patch that turns a page showing `before` into one showing `after`; `NOTHING` when they are equal.

    A unit that differs only in where it is becomes a move, a seventh of the bytes.
    """
    units, moves = [], []
    for key, unit in after.units.items() if after.units is not before.units else ():
        was = before.units.get(key)
        if was is unit or was == unit:
            continue
        if was is not None and replace(was, latitude=unit.latitude, longitude=unit.longitude) == unit:
            moves.append((key, unit.latitude, unit.longitude))
        else:
            units.append(unit)
    return MapPatch(
        look=UNSET if after.look is None or after.look == before.look else after.look,
        units=units,
        moves=moves,
        units_gone=_gone(before.units, after.units),
        calls=[call for key, call in after.calls.items() if before.calls.get(key) != call],
        calls_gone=_gone(before.calls, after.calls),
        **{name: now for name in _WHOLE if (now := getattr(after, name)) != getattr(before, name)},
    )


def _gone(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [] if before is after else [key for key in before if key not in after]
