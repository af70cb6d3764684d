"""Tiles that were fetched, kept in a file of bounded size; what was kept first goes first."""

import logging
import sqlite3
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from console.geography.tile_archive import TileName

_LOG = logging.getLogger(__name__)
_FORM = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS kept (archive TEXT, zoom INTEGER, column INTEGER, row INTEGER, kept_at REAL, data BLOB,
                                 PRIMARY KEY (archive, zoom, column, row));
"""
_LET_GO = 0.1
"""What part of it goes when it is full."""


class KeptTile(NamedTuple):
    """A tile, and when it was kept (seconds since 1970, as whoever kept it reckons)."""

    data: bytes
    kept_at: float


class TileCache:
    """A file of tiles, each under the name of its archive. May be used from any thread, and by several programs at once.

    It only saves the way: a file that cannot be used is begun anew, and where that fails too nothing is kept.
    """

    def __init__(self, path: Path, at_most: int) -> None:
        """Keep tiles in `path`, `at_most` bytes of them. Nothing is opened before it is needed."""
        self._path, self._at_most = path, at_most
        self._lock = Lock()
        self._file: sqlite3.Connection | None = None
        self._given_up = False

    def get(self, archive: str, name: TileName) -> KeptTile | None:
        """The tile that was kept under this name."""
        query = "SELECT data, kept_at FROM kept WHERE (archive, zoom, column, row) = (?, ?, ?, ?)"
        rows = self._do(query, (archive, *name))
        return KeptTile(*rows[0]) if rows else None

    def put(self, archive: str, name: TileName, data: bytes, at: float) -> None:
        """Keep a tile, in place of one of the same name."""
        self._do("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?)", (archive, *name, at, data))
        if self.size() > self._at_most:
            self._do(
                "DELETE FROM kept WHERE rowid IN (SELECT rowid FROM kept ORDER BY rowid"
                " LIMIT (SELECT 1 + CAST(count(*) * ? AS INTEGER) FROM kept))",
                (_LET_GO,),
            )

    def size(self) -> int:
        """Bytes in use."""
        pages = self._do("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
                         "pragma_page_size", ())  # fmt: skip
        return int(pages[0][0]) if pages else 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _do(self, query: str, values: tuple[object, ...]) -> list[tuple[bytes, float]]:
        with self._lock:
            for is_last in (False, True):
                if self._given_up:
                    return []
                try:
                    if self._file is None:
                        self._file = self._open()
                    return self._file.execute(query, values).fetchall()
                except sqlite3.OperationalError as error:
                    if "locked" in str(error) or "busy" in str(error):  # another program writes: this one does without
                        return []
                    self._begin_anew(error, is_last)
                except (sqlite3.DatabaseError, OSError) as error:
                    self._begin_anew(error, is_last)
            return []

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self._path, timeout=0.5, isolation_level=None, check_same_thread=False)
        try:
            file.executescript(_FORM)
        except sqlite3.Error:
            file.close()
            raise
        return file

    def _begin_anew(self, error: Exception, is_last: bool) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if is_last:
            self._given_up = True
            _LOG.warning("map tiles are not kept: %s cannot be used (%s)", self._path, error)
            return
        _LOG.info("the file of kept map tiles is begun anew: %s (%s)", self._path, error)
        for ending in ("", "-wal", "-shm"):
            try:
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            except OSError:
                return
