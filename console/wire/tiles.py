"""What a hub says of its base map: which tiles it has for which theme."""

from typing import Literal

from msgspec import Struct

MapTheme = Literal["dark", "light"]


class TileSet(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The tiles of one theme. `archive` names exactly these pictures: whoever keeps a tile keeps it under that name.

    `size` is how many pixels of the page a tile is wide at its own zoom, 256 or 512; `bounds` are west, south, east, north.
    """

    theme: MapTheme
    archive: str
    size: int
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    attribution: str = ""
