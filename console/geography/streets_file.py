"""streets.sqlite: a center's street lines and the roads made of them, as one file that is whole or not there."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from console.geography.aside import aside
from console.geography.flat import Floats
from console.geography.road_graph import RoadGraph
from console.geography.roads import NEVER, Roads
from console.geography.street_lines import StreetLine
from console.geography.unusable import Unusable

NAME = "streets.sqlite"
FORMAT = 1
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE line (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, oneway INTEGER NOT NULL, speed_km_h REAL,
    level INTEGER NOT NULL, points BLOB NOT NULL
);
CREATE TABLE junction (id INTEGER PRIMARY KEY, latitude REAL NOT NULL, longitude REAL NOT NULL);
CREATE TABLE stretch (
    id INTEGER PRIMARY KEY, line INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    forward REAL, backward REAL, metres REAL NOT NULL, points BLOB NOT NULL
);
"""
"""Points are pairs of latitude and longitude as little-endian doubles; minutes are NULL where nobody may drive."""


def write(path: Path, lines: Sequence[StreetLine], roads: Roads, about: Mapping[str, str]) -> None:
    """Write them aside and put them in the place of what was there, only when whole and on disk."""
    with aside(path) as part, closing(sqlite3.connect(part)) as connection, connection:
        # Of a file that nobody reads before it is whole there is nothing to roll back to.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.executescript(_TABLES)
        counts = {"lines": str(len(lines)), "junctions": str(len(roads.junctions)), "stretches": str(len(roads.start))}
        connection.executemany("INSERT INTO about VALUES (?, ?)", {**about, **counts}.items())
        connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)", _line_rows(lines))
        junctions = ((number, *where) for number, where in enumerate(roads.junctions.tolist()))
        connection.executemany("INSERT INTO junction VALUES (?, ?, ?)", junctions)
        connection.executemany("INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _stretch_rows(roads))
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def read(path: Path) -> RoadGraph:
    """The roads of a file, ready to be asked. Raises `Unusable` for anything but a whole file of ours."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return RoadGraph(_roads(connection))
    except (sqlite3.Error, ValueError, TypeError, LookupError) as error:
        raise Unusable(f"it is damaged, or not what `import streets` wrote ({error})") from error


def read_lines(path: Path) -> Iterator[StreetLine]:
    """The street lines of a file, all that were read, also what no way leads to. Raises `Unusable` like `read`."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            _ours(connection)
            for name, kind, oneway, speed, level, points in connection.execute(
                "SELECT name, kind, oneway, speed_km_h, level, points FROM line ORDER BY id"
            ):
                yield StreetLine(name, kind, oneway, speed, level, tuple((a, b) for a, b in _points(points).tolist()))
    except (sqlite3.Error, ValueError) as error:
        raise Unusable(f"it is damaged, or not what `import streets` wrote ({error})") from error


def _ours(connection: sqlite3.Connection) -> dict[str, str]:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found != FORMAT:
        raise Unusable(f"another version wrote it (format {found}, ours is {FORMAT}); import the streets again")
    (sound,) = connection.execute("PRAGMA quick_check").fetchone()
    if sound != "ok":
        raise Unusable(f"it is damaged ({sound})")
    return dict(connection.execute("SELECT name, value FROM about"))


def _roads(connection: sqlite3.Connection) -> Roads:
    about = _ours(connection)
    junctions = connection.execute("SELECT latitude, longitude FROM junction ORDER BY id").fetchall()
    rows = connection.execute(
        "SELECT line, start, end, forward, backward, metres, points FROM stretch ORDER BY id"
    ).fetchall()
    if (str(len(junctions)), str(len(rows))) != (about["junctions"], about["stretches"]) or not rows:
        raise Unusable("some of its roads are missing")
    line, start, end, forward, backward, metres, points = zip(*rows, strict=True)
    roads = Roads(
        junctions=np.array(junctions, dtype=np.float64),
        start=np.array(start, dtype=np.int64),
        end=np.array(end, dtype=np.int64),
        forward=np.array([NEVER if each is None else each for each in forward], dtype=np.float64),
        backward=np.array([NEVER if each is None else each for each in backward], dtype=np.float64),
        metres=np.array(metres, dtype=np.float64),
        line=np.array(line, dtype=np.int64),
        points=[_points(each) for each in points],
    )
    if max(roads.start.max(), roads.end.max()) >= len(junctions) or min(roads.start.min(), roads.end.min()) < 0:
        raise Unusable("some of its roads lead to no junction")
    return roads


def _points(packed: bytes) -> Floats:
    return np.frombuffer(packed, dtype="<f8").reshape(-1, 2).astype(np.float64)


def _packed(points: object) -> bytes:
    return np.asarray(points, dtype="<f8").tobytes()


def _line_rows(lines: Sequence[StreetLine]) -> Iterator[tuple[object, ...]]:
    for number, line in enumerate(lines):
        yield number, line.name, line.kind, line.oneway, line.speed_km_h, line.level, _packed(line.points)


def _stretch_rows(roads: Roads) -> Iterator[tuple[object, ...]]:
    columns = (roads.line, roads.start, roads.end, roads.forward, roads.backward, roads.metres)
    for number, (line, start, end, forward, backward, metres) in enumerate(
        zip(*map(np.ndarray.tolist, columns), strict=True)
    ):
        way = (None if each == NEVER else each for each in (forward, backward))
        yield number, line, start, end, *way, metres, _packed(roads.points[number])
