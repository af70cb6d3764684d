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


class View(Struct, frozen=True):
    """What the map keeps in sight: everything (`fit`), one call (`follow`), or where the person moved it (`free`)."""

    mode: Literal["fit", "follow", "free"] = "fit"
    call: str = ""
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
        base=UNSET if after.base == before.base else after.base,
        tiles=UNSET if after.tiles == before.tiles else after.tiles,
        areas=UNSET if after.areas == before.areas else after.areas,
        units=units,
        moves=moves,
        units_gone=_gone(before.units, after.units),
        calls=[call for key, call in after.calls.items() if before.calls.get(key) != call],
        calls_gone=_gone(before.calls, after.calls),
        shows_units=UNSET if after.shows_units == before.shows_units else after.shows_units,
        shows_calls=UNSET if after.shows_calls == before.shows_calls else after.shows_calls,
        shows_areas=UNSET if after.shows_areas == before.shows_areas else after.shows_areas,
        note=UNSET if after.note == before.note else after.note,
        view=UNSET if after.view == before.view else after.view,
    )


def _gone(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [] if before is after else [key for key in before if key not in after]
