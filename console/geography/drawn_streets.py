"""The streets of a base map while it is drawn: kept in a file, found by place and kind, joined where they go on by name."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from console.geography.street_classes import StreetKind
from console.geography.street_lines import StreetLine
from console.geography.tile_archive import Bounds, mercator

Line = npt.NDArray[np.float64]
"""Points in the square of the world: one row each, x 0 to 1 from the west, y 0 to 1 from the north."""

ORDER: tuple[StreetKind, ...] = ("freeway", "artery", "street", "path")
"""What matters more stands first."""
_TOGETHER = 500
_AROUND = 0.005
"""Degrees, about half a kilometre."""
_FORM = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS piece (kind INTEGER, name TEXT, points BLOB);
CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, kind INTEGER, name TEXT, length REAL, points BLOB);
CREATE VIRTUAL TABLE IF NOT EXISTS line_at USING rtree(id, west, east, north, south, kind, kind_too);
CREATE TABLE IF NOT EXISTS words (id INTEGER PRIMARY KEY, zoom INTEGER, text TEXT, kind INTEGER, x REAL, y REAL, turn REAL);
CREATE VIRTUAL TABLE IF NOT EXISTS words_at USING rtree(id, west, east, north, south, zoom, zoom_too, +words INTEGER);
"""


class Words(NamedTuple):
    """A street's name on the map: where its middle is (in pixels of its zoom, from the map's own corner), and its turn."""

    text: str
    kind: StreetKind
    x: float
    y: float
    turn: float
    """Degrees, clockwise."""


Box = tuple[float, float, float, float]
"""West, east, north, south."""


class DrawnStreets:
    """A file that is made once for a source and then read; broken off, it goes on or begins anew by itself."""

    def __init__(self, path: Path, source: str) -> None:
        """Open the file for this source (its name is a hash of it); what another source left there goes."""
        self._path = path
        self._file = self._open()
        if self._said("source") not in ("", source):
            self.remove()
            self._file = self._open()
        self._say("source", source)

    @property
    def is_whole(self) -> bool:
        """Whether all streets are in it."""
        return self._said("whole") == "yes"

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of all streets with a little ground around them, in degrees."""
        west, south, east, north = (float(part) for part in self._said("bounds").split(","))
        return (
            max(-180.0, west - _AROUND),
            max(-90.0, south - _AROUND),
            min(180.0, east + _AROUND),
            min(90.0, north + _AROUND),
        )

    def fill(self, streets: Iterable[StreetLine]) -> int:
        """Take all streets, anew; returns how many lines there are, in one transaction each step. Memory stays bounded."""
        with self._file:
            for table in ("piece", "line", "line_at", "words", "words_at"):
                self._file.execute(f"DELETE FROM {table}")
        count, corners = 0, np.array([[90.0, 180.0], [-90.0, -180.0]])
        waiting: list[tuple[int, str, bytes]] = []
        for street in streets:
            points = np.array([mercator(longitude, latitude) for latitude, longitude in street.points])
            corners[0] = np.minimum(corners[0], np.min(street.points, axis=0))
            corners[1] = np.maximum(corners[1], np.max(street.points, axis=0))
            waiting.append((ORDER.index(street.kind), street.name, points.tobytes()))
            count += 1
            if len(waiting) == _TOGETHER:
                self._take(waiting)
        self._take(waiting)
        if count:
            self._join()
            (south, west), (north, east) = corners.tolist()
            self._say("bounds", ",".join(map(repr, (west, south, east, north))))
            self._say("whole", "yes")
        return count

    def lines(self, box: Box, down_to: StreetKind) -> Iterator[tuple[StreetKind, Line]]:
        """The lines that may come into a box of the world, what matters less first."""
        west, east, north, south = box
        rows = self._file.execute(
            "SELECT line.kind, points FROM line_at JOIN line USING (id) WHERE line_at.kind <= ?"
            " AND west <= ? AND east >= ? AND north <= ? AND south >= ? ORDER BY line.kind DESC, id",
            (ORDER.index(down_to), east, west, south, north),
        )
        for kind, points in rows:
            yield ORDER[kind], _line(points)

    def named(self, down_to: StreetKind) -> Iterator[tuple[StreetKind, str, Line]]:
        """Every line with a name, what matters more first, and of these the longest."""
        rows = self._file.execute(
            "SELECT kind, name, points FROM line WHERE name <> '' AND kind <= ? ORDER BY kind, length DESC, id",
            (ORDER.index(down_to),),
        )
        for kind, name, points in rows:
            yield ORDER[kind], name, _line(points)

    # ---- words

    def has_words(self, zoom: int) -> bool:
        """Whether the names of this zoom have their places."""
        return self._said(f"words {zoom}") == "yes"

    def begin_words(self, zoom: int) -> None:
        """Forget the places of names of this zoom, which may be half found."""
        self._file.execute("BEGIN")
        self._file.execute("DELETE FROM words WHERE zoom = ?", (zoom,))
        self._file.execute("DELETE FROM words_at WHERE zoom = ?", (zoom,))

    def end_words(self, zoom: int) -> None:
        """All names of this zoom have their places."""
        self._file.execute("INSERT OR REPLACE INTO about VALUES (?, 'yes')", (f"words {zoom}",))
        self._file.execute("COMMIT")

    def is_free(self, zoom: int, boxes: Iterable[Box]) -> bool:
        """Whether no words of this zoom stand in any of these boxes."""
        query = "SELECT 1 FROM words_at WHERE zoom = ? AND west < ? AND east > ? AND north < ? AND south > ? LIMIT 1"
        return not any(
            self._file.execute(query, (zoom, east, west, south, north)).fetchone() for west, east, north, south in boxes
        )

    def put_words(self, zoom: int, words: Words, boxes: Iterable[Box]) -> None:
        """Words stand here, and take these boxes."""
        values = (zoom, words.text, ORDER.index(words.kind), words.x, words.y, words.turn)
        row = self._file.execute("INSERT INTO words (zoom, text, kind, x, y, turn) VALUES (?, ?, ?, ?, ?, ?)", values)
        for box in boxes:
            self._file.execute(
                "INSERT INTO words_at (west, east, north, south, zoom, zoom_too, words) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*box, zoom, zoom, row.lastrowid),
            )

    def words(self, zoom: int, box: Box) -> list[Words]:
        """The words of this zoom of which a part may stand in a box."""
        west, east, north, south = box
        rows = self._file.execute(
            "SELECT text, kind, x, y, turn FROM words WHERE id IN (SELECT words FROM words_at"
            " WHERE zoom = ? AND west < ? AND east > ? AND north < ? AND south > ?) ORDER BY id",
            (zoom, east, west, south, north),
        )
        return [Words(text, ORDER[kind], x, y, turn) for text, kind, x, y, turn in rows]

    # ---- the file

    def close(self) -> None:
        """Let go of the file, which stays for the next time."""
        self._file.close()

    def remove(self) -> None:
        """Let go of the file, and take it away."""
        self._file.close()
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        try:
            file = sqlite3.connect(self._path, isolation_level=None)
            file.executescript(_FORM)
        except sqlite3.DatabaseError:  # a remnant that is none of ours
            file.close()
            self._path.unlink()
            file = sqlite3.connect(self._path, isolation_level=None)
            file.executescript(_FORM)
        return file

    def _said(self, name: str) -> str:
        row = self._file.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def _say(self, name: str, value: str) -> None:
        self._file.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def _take(self, waiting: list[tuple[int, str, bytes]]) -> None:
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO piece VALUES (?, ?, ?)", waiting)
        self._file.execute("COMMIT")
        waiting.clear()

    def _join(self) -> None:
        """Make lines of the pieces: those of one name that go on in each other are one."""
        pieces = sqlite3.connect(self._path)
        try:
            rows = pieces.execute("SELECT kind, name, points FROM piece ORDER BY kind, name")
            self._file.execute("BEGIN")
            for (kind, name), group in groupby(rows, key=lambda row: (row[0], row[1])):
                lines = (_line(points) for _, _, points in group)
                for line in _joined(lines) if name else lines:
                    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
                    row = self._file.execute(
                        "INSERT INTO line (kind, name, length, points) VALUES (?, ?, ?, ?)",
                        (kind, name, length, line.tobytes()),
                    )
                    (west, north), (east, south) = line.min(axis=0), line.max(axis=0)
                    self._file.execute(
                        "INSERT INTO line_at VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (row.lastrowid, west, east, north, south, kind, kind),
                    )
            self._file.execute("COMMIT")
        finally:
            pieces.close()
        self._file.execute("DELETE FROM piece")


def _line(points: bytes) -> Line:
    return np.frombuffer(points, dtype=np.float64).reshape(-1, 2)


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    import shapely

    merged = shapely.line_merge(shapely.MultiLineString([shapely.LineString(line) for line in lines]))
    for part in shapely.get_parts(merged):
        yield shapely.get_coordinates(part)
