"""An archive of drawn tiles while it is made: beside the place where it will stand, whole or not there at all."""

import hashlib
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from console.geography.mbtiles_archive import MbTilesArchive
from console.geography.tile_archive import ArchiveFacts, TileName
from console.geography.unusable import Unusable

_FORM = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS image (id TEXT PRIMARY KEY, data BLOB);
CREATE TABLE IF NOT EXISTS place (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, image TEXT,
                                  PRIMARY KEY (zoom_level, tile_column, tile_row));
CREATE VIEW IF NOT EXISTS tiles AS SELECT zoom_level, tile_column, tile_row, data AS tile_data
    FROM place JOIN image ON image.id = place.image;
"""


def source_of(path: Path) -> str:
    """What a finished archive was drawn from, as a hash; "" where there is none, or it was not drawn by us."""
    try:
        archive = MbTilesArchive(path)
    except (Unusable, OSError):
        return ""
    archive.close()
    return archive.metadata.get("source", "")


class DrawnTiles:
    """`NAME.part`, which knows what it is drawn from and what is done, through any kind of end of the program."""

    def __init__(self, path: Path, source: str) -> None:
        """Go on with the part file of this source, or begin it; what another source left there goes."""
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._file = self._open()
        if self._source() not in ("", source):
            self._file.close()
            self._take_away()
            self._file = self._open()
        self._file.execute("INSERT OR REPLACE INTO metadata VALUES ('source', ?)", (source,))

    def done(self) -> set[TileName]:
        """The tiles that are there."""
        rows = self._file.execute("SELECT zoom_level, tile_column, tile_row FROM place")
        return {TileName(zoom, column, (1 << zoom) - 1 - row) for zoom, column, row in rows}

    def put(self, tiles: Iterable[tuple[TileName, bytes]]) -> None:
        """Add tiles, all of them or none; pictures that are the same lie there once."""
        self._file.execute("BEGIN")
        for name, data in tiles:
            image = hashlib.blake2b(data, digest_size=16).hexdigest()
            self._file.execute("INSERT OR IGNORE INTO image VALUES (?, ?)", (image, data))
            where = (name.zoom, name.column, (1 << name.zoom) - 1 - name.row, image)
            self._file.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)", where)
        self._file.execute("COMMIT")

    def finish(self, facts: ArchiveFacts, name: str) -> None:
        """Write what the archive is, and put it in its place."""
        said = {
            "name": name, "type": "baselayer", "version": "1", "format": facts.format, "minzoom": str(facts.min_zoom),
            "maxzoom": str(facts.max_zoom), "bounds": ",".join(f"{degrees:.6f}" for degrees in facts.bounds),
            "attribution": facts.attribution,
        }  # fmt: skip
        self._file.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", said.items())
        self._file.execute("PRAGMA journal_mode = DELETE")
        self._file.close()
        with self._part.open("rb+") as whole:
            os.fsync(whole.fileno())
        self._part.replace(self._path)

    def close(self) -> None:
        """Let go of the part file, which stays for the next time."""
        self._file.close()

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._part, isolation_level=None)
        try:
            file.executescript(_FORM)
        except sqlite3.DatabaseError:  # a remnant that is none of ours
            file.close()
            self._take_away()
            file = sqlite3.connect(self._part, isolation_level=None)
            file.executescript(_FORM)
        return file

    def _source(self) -> str:
        row = self._file.execute("SELECT value FROM metadata WHERE name = 'source'").fetchone()
        return str(row[0]) if row else ""

    def _take_away(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._part.with_name(self._part.name + ending).unlink(missing_ok=True)
