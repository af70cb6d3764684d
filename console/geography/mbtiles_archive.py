"""MBTiles 1.3: tiles in a SQLite file, rows counted from the south. Only read here; `drawn_tiles` writes them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from console.geography.tile_archive import WORLD, Bounds, TileName, corner, facts_of
from console.geography.unusable import Unusable


class MbTilesArchive:
    """One open file, which nothing else changes while it is open."""

    def __init__(self, path: Path) -> None:
        """Open it, or raise `Unusable`."""
        self._lock = Lock()
        with _readable():
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._file = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            self._check_tables()
            self.metadata = {str(name): str(value) for name, value in self._all("SELECT name, value FROM metadata")}
            zooms = self._zooms()
            self.facts = facts_of(
                self._first(), zooms, self._bounds(zooms[1]), self.metadata.get("attribution", ""),
                self.metadata.get("format", ""),
            )  # fmt: skip
        except Unusable:
            self.close()
            raise

    def tile(self, name: TileName) -> bytes | None:
        """One tile; None where there is none."""
        if not name.exists:
            return None
        where = (name.zoom, name.column, (1 << name.zoom) - 1 - name.row)
        found = self._all(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1", where
        )
        return _bytes(found[0][0]) if found else None

    def tiles(self) -> Iterator[tuple[TileName, bytes]]:
        """Every tile, one at a time in memory."""
        with _readable():
            for zoom, column, row, data in self._file.execute(
                "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"
            ):
                yield _name(zoom, column, row), _bytes(data)

    def count(self) -> int:
        """How many tiles there are."""
        return int(self._all("SELECT count(*) FROM tiles")[0][0])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, _readable():
            return self._file.execute(query, values).fetchall()

    def _check_tables(self) -> None:
        there = {name for (name,) in self._all("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        if missing := {"metadata", "tiles"} - there:
            raise Unusable(f"it is a SQLite file without {' and '.join(sorted(missing))}, and so no MBTiles archive")

    def _first(self) -> tuple[TileName, bytes] | None:
        found = self._all("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles LIMIT 1")
        if not found:
            return None
        zoom, column, row, data = found[0]
        return _name(zoom, column, row), _bytes(data)

    def _zooms(self) -> tuple[int, int]:
        """As the archive says, else those it has tiles of."""
        try:
            return int(self.metadata["minzoom"]), int(self.metadata["maxzoom"])
        except (KeyError, ValueError):
            least, most = self._all("SELECT min(zoom_level), max(zoom_level) FROM tiles")[0]
            return (int(least), int(most)) if isinstance(least, int) and isinstance(most, int) else (0, 0)

    def _bounds(self, zoom: int) -> Bounds:
        """As the archive says, else where its finest tiles are."""
        try:
            west, south, east, north = (float(part) for part in self.metadata["bounds"].split(","))
        except (KeyError, ValueError):
            extent = (
                "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row) FROM tiles WHERE zoom_level = ?"
            )
            columns_and_rows = self._all(extent, (zoom,))[0]
            if not all(isinstance(number, int) for number in columns_and_rows):
                return WORLD
            first, last, lowest, highest = columns_and_rows
            west, south = corner(zoom, first, (1 << zoom) - lowest)
            east, north = corner(zoom, last + 1, (1 << zoom) - 1 - highest)
        return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def _name(zoom: object, column: object, row: object) -> TileName:
    """The name of a row's tile; one that is nowhere where the row is not of numbers."""
    if not (isinstance(zoom, int) and isinstance(column, int) and isinstance(row, int) and 0 <= zoom <= 60):
        return TileName(-1, -1, -1)
    return TileName(zoom, column, (1 << zoom) - 1 - row)


def _bytes(data: object) -> bytes:
    return data if isinstance(data, bytes) else b""


@contextmanager
def _readable() -> Iterator[None]:
    """What SQLite says of a broken file, as `Unusable`."""
    try:
        yield
    except sqlite3.Error as error:
        raise Unusable(f"it is no MBTiles archive that can be read, or it is broken off ({error})") from error
