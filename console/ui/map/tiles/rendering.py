"""Draws a center's streets into the archives of both themes; broken off, the next run goes on where it stopped."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from console.geography.basemap import DRAWN, OWN
from console.geography.drawn_streets import DrawnStreets
from console.geography.drawn_tiles import DrawnTiles, source_of
from console.geography.street_lines import StreetLine, read_streets
from console.geography.tile_archive import ArchiveFacts, Bounds, TileName, plain, tile_at
from console.geography.unusable import Unusable
from console.ui.map.tiles.drawing import draw, width
from console.ui.map.tiles.names import place_names
from console.ui.map.tiles.style import STYLE_VERSION, TILE, ZOOMS
from console.ui.theme import load_theme
from console.wire.tiles import MapTheme

WORK = "basemap-streets.part"
"""The streets while tiles are drawn; it goes when they are done."""
TILES_AT_MOST = 500_000
"""A state at every zoom has some 300,000; more are the mark of a line that lies in another part of the world."""
_TOGETHER = 16
"""Tiles a transaction: what an end of the program costs."""


class Progress(Protocol):
    """What a progress bar is, of which tqdm's is one."""

    total: float | None

    def update(self, n: float | None = 1) -> bool | None:
        """So many more are done."""

    def set_description(self, desc: str | None = None) -> None:
        """What is being done."""


class Drawn(NamedTuple):
    """What came of it: lines of streets, tiles a theme, how many of these an earlier run had drawn, bytes of all."""

    lines: int
    tiles: int
    before: int
    size: int


def render(
    source: Path,
    folder: Path,
    attribution: str,
    findings: Callable[[str], None],
    progress: Progress,
    zooms: range = ZOOMS,
) -> Drawn | None:
    """Draw the streets of a file for both themes, and put the archives into the folder; None where they are there already.

    Raises `Unusable` where the file cannot be read or holds no street; what stood in the folder stays in force then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = _digest(source, f"{attribution} {zooms}")
    missing = [theme for theme, name in DRAWN.items() if source_of(folder / name) != digest]
    if not missing:
        return None
    progress.set_description("streets")
    streets = DrawnStreets(folder / WORK, digest)
    try:
        lines = 0
        if not streets.is_whole:
            lines = streets.fill(_checked(read_streets(source, findings), findings))
            if not lines:
                raise Unusable("no street is in it")
        wanted = tiles_of(streets.bounds, zooms)
        for zoom in zooms:
            progress.set_description(f"names, zoom {zoom}")
            place_names(streets, zoom, width)
        before = _draw(streets, {theme: folder / DRAWN[theme] for theme in missing}, digest, attribution, wanted, progress)
        streets.remove()
    except BaseException:
        streets.close()
        raise
    for own in OWN:
        (folder / own).unlink(missing_ok=True)
    return Drawn(lines, len(wanted), before, sum((folder / name).stat().st_size for name in DRAWN.values()))


def tiles_of(bounds: Bounds, zooms: range = ZOOMS) -> list[TileName]:
    """Every tile of every zoom that is drawn for a part of the world, the coarse first."""
    west, south, east, north = bounds
    parts = {zoom: (tile_at(zoom - 1, west, north), tile_at(zoom - 1, east, south)) for zoom in zooms}
    spans = {
        zoom - 1: (range(int(left), int(right) + 1), range(int(top), int(low) + 1))
        for zoom, ((left, top), (right, low)) in parts.items()
    }
    if (count := sum(len(columns) * len(rows) for columns, rows in spans.values())) > TILES_AT_MOST:
        raise Unusable(
            f"its streets reach over {west:.2f} to {east:.2f} east, {south:.2f} to {north:.2f} north: {count:,} tiles, "
            f"{TILES_AT_MOST:,} is the most. Does a line lie elsewhere in the world? Cut the file to the center's ground"
        )
    return [TileName(zoom, x, y) for zoom, (columns, rows) in spans.items() for y in rows for x in columns]


def _draw(
    streets: DrawnStreets, paths: dict[MapTheme, Path], source: str, attribution: str, wanted: list[TileName],
    progress: Progress,
) -> int:  # fmt: skip
    """Draw what is missing, and put the archives in their places. Returns how many were there."""
    archives = {theme: DrawnTiles(path, source) for theme, path in paths.items()}
    try:
        done = set.intersection(*(archive.done() for archive in archives.values()))
        progress.total = len(wanted)
        progress.set_description("tiles")
        progress.update(len(done))
        themes = [load_theme(theme) for theme in archives]
        missing = [name for name in wanted if name not in done]
        for begin in range(0, len(missing), _TOGETHER):
            names = missing[begin : begin + _TOGETHER]
            drawn = [draw(streets, name, themes) for name in names]
            for number, archive in enumerate(archives.values()):
                archive.put((name, pictures[number]) for name, pictures in zip(names, drawn, strict=True))
            progress.update(len(names))
        facts = ArchiveFacts("png", TILE, wanted[0].zoom, wanted[-1].zoom, streets.bounds, plain(attribution))
        for theme, archive in archives.items():
            archive.finish(facts, f"Streets, {theme}")
        return len(done)
    finally:
        for archive in archives.values():
            archive.close()


def _checked(streets: Iterable[StreetLine], findings: Callable[[str], None]) -> Iterator[StreetLine]:
    """Streets that may be drawn: what lies beyond the map of the world is said and left out."""
    polar = 0
    for street in streets:
        if any(abs(latitude) > 85 for latitude, _ in street.points):
            polar += 1
        else:
            yield street
    if polar:
        findings(f"{polar} left out: nearer to a pole than a map of the world in Mercator's projection reaches")


def _digest(source: Path, how: str) -> str:
    """A name for what is drawn: these bytes (of a shapefile, its attributes beside it too), in this look, in this way."""
    content = ""
    beside = source.with_suffix(".dbf")
    try:
        for path in (source, beside) if source.suffix.lower() == ".shp" and beside.is_file() else (source,):
            with path.open("rb") as file:
                content += hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError as error:
        raise Unusable(f"the file cannot be read ({error.strerror or error})") from error
    return hashlib.blake2b(f"{content} {STYLE_VERSION} {how}".encode(), digest_size=16).hexdigest()
