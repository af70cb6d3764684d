"""Archives of map tiles, opened, checked and read: MBTiles (1.3) and PMTiles (3), with pictures in them.

Tiles are named as maps on the web name them: zoom, column from the west, row from the north, in spherical Mercator.
"""

import html
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from msgspec import Struct

from console.geography.tile_image import TileFormat, tile_image
from console.geography.unusable import Unusable

DEEPEST = 24
"""The largest zoom that any map is drawn at."""
TOO_LARGE = 8 << 20
"""Bytes of one tile beyond which it is none."""
_NAMED_AT_MOST = 20
_SAMPLE = 200

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
WORLD: Bounds = (-180.0, -85.0511, 180.0, 85.0511)


class TileName(NamedTuple):
    """Which tile."""

    zoom: int
    column: int
    row: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.zoom}/{self.column}/{self.row}"

    @property
    def exists(self) -> bool:
        """Whether there is such a tile on earth."""
        return 0 <= self.zoom <= DEEPEST and 0 <= self.column < 1 << self.zoom and 0 <= self.row < 1 << self.zoom


class ArchiveFacts(Struct, frozen=True):
    """What an archive is: `size` is how many pixels of the page one of its tiles is wide at its own zoom, 256 or 512."""

    format: TileFormat
    size: int
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    attribution: str = ""


class TileArchive(Protocol):
    """An open archive. It may be read from any thread."""

    facts: ArchiveFacts

    def tile(self, name: TileName) -> bytes | None:
        """One tile; None where the archive has none there. Raises `Unusable` where the file turns out broken."""

    def tiles(self) -> Iterator[tuple[TileName, bytes]]:
        """Every tile. Raises `Unusable` where the file turns out broken."""

    def count(self) -> int:
        """How many tiles there are."""

    def close(self) -> None:
        """Let go of the file."""


def open_archive(path: Path) -> TileArchive:
    """Open an archive by what is in it, whatever it is called. Raises `Unusable` with what is wrong with it."""
    try:
        with path.open("rb") as file:
            begin = file.read(16)
    except OSError as error:
        raise Unusable(f"the file cannot be read ({error.strerror or error})") from error
    if begin.startswith(b"PMTiles"):
        from console.geography.pmtiles_archive import PmTilesArchive

        return PmTilesArchive(path)
    if begin.startswith(b"SQLite format 3\0"):
        from console.geography.mbtiles_archive import MbTilesArchive

        return MbTilesArchive(path)
    raise Unusable("the file is neither an MBTiles nor a PMTiles archive" if begin else "the file is empty")


class Checked(NamedTuple):
    """What a look at every tile found: how many are good, and for each that is not, which and why (the first ones)."""

    good: int
    faulty: int
    words: tuple[str, ...]


def check(archive: TileArchive, decodes: Callable[[bytes], bool], progress: Callable[[], object] = lambda: None) -> Checked:
    """Look at every tile's beginning and decode a sample of them, spread over all. Raises `Unusable` if none is good."""
    every, good, words, faulty = max(1, archive.count() // _SAMPLE), 0, list[str](), 0
    for number, (name, data) in enumerate(archive.tiles()):
        fault = _fault(name, data, decodes if number % every == 0 else None)
        progress()
        if not fault:
            good += 1
            continue
        faulty += 1
        if len(words) < _NAMED_AT_MOST:
            words.append(f"tile {name}: {fault}")
    if not good:
        raise Unusable(f"none of its {faulty} tiles is a picture that can be drawn ({words[0]})" if words else "no tiles")
    return Checked(good, faulty, tuple(words))


def _fault(name: TileName, data: bytes, decodes: Callable[[bytes], bool] | None) -> str:
    if not name.exists:
        return "there is no such place on earth"
    if len(data) > TOO_LARGE:
        return f"{len(data):,} bytes, {TOO_LARGE:,} is the most"
    if tile_image(data) is None:
        return "it is neither PNG nor JPEG nor WebP"
    if decodes is not None and not decodes(data):
        return "its picture is broken"
    return ""


def facts_of(
    first: tuple[TileName, bytes] | None, zooms: tuple[int, int], bounds: Bounds, attribution: str, said: str = ""
) -> ArchiveFacts:
    """The facts of an archive from what it says and its first tile, or `Unusable` with what no map could be made of."""
    if said in ("pbf", "mvt") or (first is not None and first[1].startswith(b"\x1f\x8b")):
        raise Unusable("its tiles are vector tiles; the desk draws pictures: export it as raster tiles (png, jpg or webp)")
    if first is None:
        raise Unusable("it holds no tile")
    image = tile_image(first[1])
    if image is None:
        raise Unusable(f"tile {first[0]} is neither PNG nor JPEG nor WebP")
    least, most = zooms
    if not 0 <= least <= most <= DEEPEST:
        raise Unusable(f"its zooms are {least} to {most}; 0 to {DEEPEST} is possible")
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Unusable(
            f"its bounds {west:g}, {south:g}, {east:g}, {north:g} are no part of the world (west, south, east, north)"
        )
    return ArchiveFacts(image.format, 512 if image.width >= 512 else 256, least, most, bounds, plain(attribution))


def plain(words: str) -> str:
    """An attribution without its markup, 200 characters at most."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", words)).split())[:200]


def corner(zoom: int, column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a tile's north-west corner."""
    across = 1 << zoom
    return column / across * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / across))))


def tile_at(zoom: int, longitude: float, latitude: float) -> tuple[float, float]:
    """Column and row of a point, with fractions."""
    x, y = mercator(longitude, latitude)
    return x * (1 << zoom), y * (1 << zoom)


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """A point in the square of the world: 0 to 1 from the west, 0 to 1 from the north (EPSG:3857, scaled)."""
    latitude = max(-85.0511287798066, min(85.0511287798066, latitude))
    return longitude / 360 + 0.5, 0.5 - math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)
