"""`heart-console import basemap`: a center's own tiles, or its streets drawn into tiles, become the ground of its maps."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from console.domain.agency import Point
from console.domain.travel import kilometres
from console.geography.basemap import DRAWN, OWN
from console.geography.tile_archive import TileArchive, check, open_archive
from console.geography.unusable import Unusable

if TYPE_CHECKING:
    from tqdm import tqdm

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes."""
OSM = "© OpenStreetMap contributors"
"""What the Open Database License wants to be read on a map of its data (ODbL 1.0, 4.3)."""
_FOLDER = "geography"
_LOOKED_AT = 1 << 20
_FAR_KM = 200.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console import basemap`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE",
        help="tiles (.mbtiles or .pmtiles with png, jpg or webp), or streets to be drawn: "
        "OpenStreetMap (.pbf, .osm, .osm.bz2), GeoJSON, Shapefile (.shp, .zip)",
    )  # fmt: skip
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="the center's configuration")
    who = "who made it, shown small on the map; that of OpenStreetMap is found by itself"
    parser.add_argument("--attribution", metavar="WORDS", help=who)


def main(args: argparse.Namespace) -> int:
    """Check and put in place: 0 all of it, 1 with findings (they are listed), 2 nothing was changed."""
    if not (args.config / "agency.toml").is_file():
        print(f"heart-console import basemap: {args.config}: no configuration, it has no agency.toml", file=sys.stderr)
        return USAGE
    try:
        if not args.file.is_file():
            raise Unusable("there is no such file")
        folder = args.config / _FOLDER
        if is_archive(args.file):
            return take_archive(args.file, folder, center_of(args.config))
        return draw_streets(args.file, folder, args.attribution)
    except Unusable as error:
        print(f"{args.file}: {error}.\nNothing was changed; the map that was in force stays so.", file=sys.stderr)
    except OSError as error:
        why = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        hint = " A hub that runs may hold the file open; stop it and try again." if os.name == "nt" else ""
        print(f"heart-console import basemap: {why}.{hint}\nThe map that was in force stays so.", file=sys.stderr)
    except sqlite3.Error as error:  # the disk is full, or another import writes here
        print(
            f"heart-console import basemap: {args.config / _FOLDER}: {error}.\nThe map that was in force stays so.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("\nBroken off; the map that was in force stays so. The same command goes on where it ended.", file=sys.stderr)
    return USAGE


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of tiles, or is meant as one."""
    if path.suffix.lower() in (".mbtiles", ".pmtiles"):
        return True
    with path.open("rb") as file:
        begin = file.read(16)
    return begin.startswith((b"PMTiles", b"SQLite format 3\0"))


def center_of(config: Path) -> Point | None:
    """Where a configuration says that its center is; None where it does not say it well, which is not for a map to mend."""
    try:
        latitude, longitude = tomllib.loads((config / "agency.toml").read_text(encoding="utf-8-sig"))["center"]
        return float(latitude), float(longitude)
    except (ValueError, TypeError, KeyError):
        return None


def take_archive(source: Path, folder: Path, center: Point | None = None) -> int:
    """Look at every tile of an archive, and put a copy of it in place, unless it shows none of the center's ground."""
    from console.ui.map.tiles.drawing import decodes

    archive = open_archive(source)
    try:
        _belongs(archive, center)
        with _bar(archive.count(), "checking") as bar:
            checked = check(archive, decodes, bar.update)
        name = OWN[0] if _is_sqlite(source) else OWN[1]
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.part"
        _copied(source, part)
        part.replace(folder / name)
        for other in {*OWN, *DRAWN.values()} - {name}:
            (folder / other).unlink(missing_ok=True)
        for begun in folder.glob("basemap*.part*"):  # streets half drawn are not wanted any more
            begun.unlink(missing_ok=True)
        print(_words(archive, folder / name, checked.good))
    finally:
        archive.close()
    for words in checked.words:
        print(f"{source}: {words}", file=sys.stderr)
    if checked.faulty:
        print(f"{source}: {checked.faulty} tiles cannot be drawn; the map shows what is below them.", file=sys.stderr)
    return FOUND if checked.faulty else FINE


def _belongs(archive: TileArchive, center: Point | None) -> None:
    """Refuse tiles that lie far from the center, before they take the place of those that do not."""
    west, south, east, north = archive.facts.bounds
    if center is None:
        return
    nearest = (min(max(center[0], south), north), min(max(center[1], west), east))
    if kilometres(center, nearest) > _FAR_KM:
        raise Unusable(
            f"its tiles lie at latitudes {south:.3f} to {north:.3f} and longitudes {west:.3f} to {east:.3f}, more than "
            f"{_FAR_KM:g} km from the center ({center[0]:g}, {center[1]:g}); export those of the center's ground"
        )


def draw_streets(source: Path, folder: Path, attribution: str | None) -> int:
    """Draw streets into tiles of both themes."""
    os.environ.setdefault("QT_LOGGING_RULES", "*.debug=false;*.info=false;*.warning=false")
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from console.ui.map.tiles.rendering import render
    from console.ui.map.tiles.style import ZOOMS

    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    words = attribution if attribution is not None else OSM if is_osm(source) else ""
    found: list[str] = []
    with _bar(None, "streets") as bar:
        drawn = render(source, folder, words, found.append, bar)
    del app
    for finding in found:
        print(f"{source}: {finding}", file=sys.stderr)
    if drawn is None:
        print(f"{source}: its tiles are there already, drawn from exactly this file.")
        return FINE
    print(
        f"{folder}: {drawn.tiles:,} tiles a theme, zooms {ZOOMS[0]} to {ZOOMS[-1]}, {drawn.size / 1e6:,.1f} MB"
        + (f", from {drawn.lines:,} lines" if drawn.lines else "")
        + (f"; {drawn.before:,} of them were there from an earlier run" if drawn.before else "")
        + (f". Shown with it: {words}" if words else ". No attribution is shown (--attribution)")
    )
    return FOUND if found else FINE


def is_osm(path: Path) -> bool:
    """Whether streets come from OpenStreetMap: by the kind of file, or by the names of their attributes."""
    if path.name.lower().endswith((".pbf", ".osm", ".osm.bz2", ".osm.gz", ".osm.xml")):
        return True
    looked = path.with_suffix(".dbf") if path.suffix.lower() == ".shp" else path
    if not looked.is_file():
        return False
    with looked.open("rb") as file:
        begin = file.read(_LOOKED_AT).lower()
    return b"osm_id" in begin or b'"@id"' in begin or b"openstreetmap" in begin


def _words(archive: TileArchive, path: Path, good: int) -> str:
    facts = archive.facts
    west, south, east, north = facts.bounds
    attribution = f", {facts.attribution}" if facts.attribution else ""
    return (
        f"{path}: {good:,} tiles ({facts.format}, zooms {facts.min_zoom} to {facts.max_zoom}), "
        f"{west:.3f} to {east:.3f} east, {south:.3f} to {north:.3f} north{attribution}"
    )


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6) == b"SQLite"


def _copied(source: Path, part: Path) -> None:
    shutil.copyfile(source, part)
    with part.open("rb+") as whole:
        os.fsync(whole.fileno())


def _bar(total: int | None, what: str) -> tqdm[NoReturn]:
    from tqdm import tqdm

    return tqdm(total=total, desc=what, unit=" tiles", leave=False, disable=not sys.stderr.isatty())
