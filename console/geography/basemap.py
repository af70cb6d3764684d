"""The center's own base map, as it lies in its configuration: one archive for both themes, or one drawn for each."""

import hashlib
import logging
import os
from pathlib import Path
from threading import Lock
from typing import NamedTuple, get_args

from console.geography.tile_archive import TileArchive, TileName, open_archive
from console.geography.unusable import Unusable
from console.wire.tiles import MapTheme, TileSet

_LOG = logging.getLogger(__name__)

OWN = ("basemap.mbtiles", "basemap.pmtiles")
"""A center's own archive, the first that is there; it is shown in both themes."""
DRAWN: dict[MapTheme, str] = {"dark": "basemap-dark.mbtiles", "light": "basemap-light.mbtiles"}
"""What was drawn from streets, by theme."""


class _Opened(NamedTuple):
    archive: TileArchive
    name: str


class Basemap:
    """The archives of a folder. They are opened when they are asked for, and again after an import put others there.

    May be used from any thread; the first question after a change reads every byte of the archives once.
    """

    def __init__(self, folder: Path | None) -> None:
        """Look into `CONFIG/geography`, which need not be there; None: there is no configuration."""
        self._folder = folder
        self._lock = Lock()
        self._seen: tuple[object, ...] = ()
        self._opened: dict[MapTheme, _Opened] = {}
        self.trouble = ""
        """What is wrong with a file that is there, in words; "" for nothing."""

    def there(self) -> bool:
        """Whether a base map was imported; whether it can be used shows when it is opened."""
        return bool(self._paths())

    def sets(self) -> tuple[TileSet, ...]:
        """The tiles there are, one set a theme; none where no archive is there or can be used."""
        with self._lock:
            self._look()
            return tuple(
                TileSet(theme, name, facts.size, facts.min_zoom, facts.max_zoom, facts.bounds, facts.attribution)
                for theme, (archive, name) in self._opened.items()
                for facts in (archive.facts,)
            )

    def archive_of(self, theme: MapTheme) -> str:
        """The name of the archive of a theme; "" for none."""
        with self._lock:
            self._look()
            return self._opened[theme].name if theme in self._opened else ""

    def tile(self, theme: MapTheme, name: TileName) -> bytes | None:
        """One tile; None where there is none. A file that turns out broken is given up, and said."""
        with self._lock:
            self._look()
            opened = self._opened.get(theme)
            if opened is None:
                return None
            try:
                return opened.archive.tile(name) or None
            except Unusable as error:
                self._fail(f"The base map of the {theme} theme is not used: {error}.")
                self._opened = {other: kept for other, kept in self._opened.items() if kept.archive is not opened.archive}
                opened.archive.close()
                return None

    def close(self) -> None:
        """Let go of every file."""
        with self._lock:
            self._let_go()
            self._seen = ()

    def _look(self) -> None:
        """Open what is there, if it is not what was there before."""
        paths = self._paths()
        seen = tuple((path, stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in paths.items())
        if seen == self._seen:
            return
        self._let_go()
        self._seen, self.trouble = seen, ""
        own = next((path for path in paths if path.name in OWN), None)
        by_name = {path.name: path for path in paths}
        opened: dict[Path, _Opened] = {}
        for theme, name in DRAWN.items():
            path = own or by_name.get(name)
            if path is None:
                continue
            if path in paths and path not in opened:
                try:
                    opened[path] = _Opened(open_archive(path), _digest(path))
                except (Unusable, OSError) as error:
                    self._fail(f"{path}: the base map is not used: {error}. Import it again.")
                    paths.pop(path)
            if path in opened:
                self._opened[theme] = opened[path]

    def _paths(self) -> dict[Path, os.stat_result]:
        found: dict[Path, os.stat_result] = {}
        folder = self._folder
        for path in (folder / name for name in (*OWN, *DRAWN.values())) if folder is not None else ():
            try:
                found[path] = path.stat()
            except OSError:
                continue
        return found

    def _fail(self, words: str) -> None:
        self.trouble = words
        _LOG.warning("%s", words)

    def _let_go(self) -> None:
        for opened in set(self._opened.values()):
            opened.archive.close()
        self._opened = {}


def _digest(path: Path) -> str:
    """A name for exactly these bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


THEMES: tuple[MapTheme, ...] = get_args(MapTheme)
