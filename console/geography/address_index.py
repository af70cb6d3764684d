"""The file of a center's addresses: streets, points on them, crossings and names, in SQLite; written whole or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import combinations
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from msgspec import Struct

from console.geography.address_words import Reading, Street, fold, read
from console.geography.aside import aside
from console.geography.unusable import Unusable

FORMAT = "1"
"""The form of the file; another one is made anew by importing."""
_BATCH = 2_000
_CACHE_KB = 16_384

_STAGED = """
CREATE TABLE staged (street INTEGER, number INTEGER, part TEXT, dwelling TEXT, latitude REAL, longitude REAL);
CREATE TABLE crossings (a INTEGER, b INTEGER, number INTEGER, latitude REAL, longitude REAL);
CREATE TABLE names (key TEXT, words TEXT, latitude REAL, longitude REAL);
"""
_FINAL = """
CREATE TABLE streets (
    id INTEGER PRIMARY KEY, pre TEXT, name TEXT, suffix TEXT, post TEXT, system TEXT, town TEXT
);
CREATE TABLE points (
    street INTEGER, number INTEGER, part TEXT, dwelling TEXT, turn INTEGER, latitude REAL, longitude REAL,
    PRIMARY KEY (street, number, part, dwelling, turn)
) WITHOUT ROWID;
INSERT INTO points
    SELECT street, number, part, dwelling, row_number() OVER (PARTITION BY street, number, part, dwelling),
        latitude, longitude
    FROM (
        SELECT street, number, part, dwelling, avg(latitude) AS latitude, avg(longitude) AS longitude FROM staged
        GROUP BY street, number, part, dwelling, round(latitude, 4), round(longitude, 4)
    )
    ORDER BY street, number, part, dwelling;
DROP TABLE staged;
CREATE INDEX crossing ON crossings (a, b);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
"""Addresses that the list has twice at one place, to about ten metres, are one; at two places they are two."""


class KnownStreet(Struct, frozen=True):
    """A street of the index with its number there, and the town it is in ("" where the list names none)."""

    id: int
    street: Street
    town: str


class KnownName(Struct, frozen=True):
    """A name of the list that is no address: a place, or a street without a number; WGS 84 degrees."""

    key: str
    words: str
    latitude: float
    longitude: float


class Counted(Struct):
    """What a list came to."""

    streets: int = 0
    addresses: int = 0
    crossings: int = 0
    names: int = 0


class AddressIndexWriter:
    """Makes the file anew beside the old one, and puts it in its place when the block ends well."""

    def __init__(self, path: Path) -> None:
        """Write for `path`; nothing there changes before the end."""
        self._whole = ExitStack()
        self._path = path
        self._streets: dict[tuple[Street, str], int] = {}
        self._points: list[tuple[int, int, str, str, float, float]] = []
        self._crossings: list[tuple[int, int, int | None, float, float]] = []
        self._names: list[tuple[str, str, float, float]] = []
        self.counted = Counted()

    def __enter__(self) -> Self:
        """Begin the file."""
        part = self._whole.enter_context(aside(self._path))
        self._db = self._whole.enter_context(closing(sqlite3.connect(part, isolation_level=None)))
        self._db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-{_CACHE_KB};{_STAGED}")
        self._db.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file and put it in place; drop it where the block failed."""
        if kind is None:
            self._whole.callback(self._finish)
        self._whole.__exit__(kind, error, trace)

    def add(self, words: str, latitude: float, longitude: float, town: str = "", name: str = "") -> bool:
        """Take one row of the list; False where its words say no place. `name` is a name of the place beside its address."""
        place = fold(town)
        readings = read(words, {place} if place else ())
        if not readings:
            return bool(name) and self._named(name, latitude, longitude, town)
        reading = readings[0]
        if name:
            self._named(name, latitude, longitude, words)
        if reading.crosses is not None:
            if reading.trust < 1:
                return self._named(words, latitude, longitude)
            halves = [half for half in words.replace("&", "/").split("/") if fold(half)]
            streets = [reading.street, *(each[0].street for half in halves[1:] if (each := read(half)))]
            for a, b in combinations([self._street(each, place) for each in streets], 2):
                self._crossings.append((a, b, reading.number, latitude, longitude))
            self.counted.crossings += 1
        elif reading.number is None:
            return self._named(words, latitude, longitude)
        else:
            self._point(reading, place, latitude, longitude)
        if len(self._points) + len(self._crossings) >= _BATCH:
            self._write()
        return True

    def _point(self, reading: Reading, town: str, latitude: float, longitude: float) -> None:
        assert reading.number is not None
        street = self._street(reading.street, town)
        self._points.append((street, reading.number, reading.part, reading.dwelling, latitude, longitude))
        self.counted.addresses += 1

    def _street(self, street: Street, town: str) -> int:
        return self._streets.setdefault((street, town), len(self._streets) + 1)

    def _named(self, name: str, latitude: float, longitude: float, address: str = "") -> bool:
        key = fold(name)
        if not key:
            return False
        shown = " ".join(name.split())
        self._names.append((key, f"{shown}, {' '.join(address.split())}" if address.strip() else shown, latitude, longitude))
        self.counted.names += 1
        if len(self._names) >= _BATCH:
            self._write()
        return True

    def _write(self) -> None:
        self._db.executemany("INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)", self._points)
        self._db.executemany("INSERT INTO crossings VALUES (?, ?, ?, ?, ?)", self._crossings)
        self._db.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", self._names)
        self._points.clear()
        self._crossings.clear()
        self._names.clear()

    def _finish(self) -> None:
        self._write()
        self.counted.streets = len(self._streets)
        self._db.execute("COMMIT")
        self._db.executescript(_FINAL)
        rows = ((id, *_parts(street), town) for (street, town), id in self._streets.items())
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO streets VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", [("format", FORMAT), ("made", uuid4().hex)])
        self._db.execute("COMMIT")
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA journal_mode=DELETE")


def _parts(street: Street) -> tuple[str, str, str, str, str]:
    return street.pre, street.name, street.suffix, street.post, street.system


class AddressIndex:
    """The file, to be read. Opened for each look, so that an import may put a newer one in its place at any time."""

    def __init__(self, path: Path) -> None:
        """Read `path`; whether it can be read shows when it is."""
        self.path = path

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """The file for the length of the block; raises `Unusable`."""
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                yield db
        except sqlite3.Error as error:
            raise Unusable(f"it cannot be read as an index of addresses ({error})") from error

    def made(self, db: sqlite3.Connection) -> str:
        """Which making of the file this is; raises `Unusable` where its form is another than ours."""
        facts = dict(db.execute("SELECT name, value FROM facts"))
        if facts.get("format") != FORMAT:
            raise Unusable("it was made by another version of this program; import the addresses again")
        return str(facts["made"])

    def streets(self, db: sqlite3.Connection) -> list[KnownStreet]:
        """Every street."""
        rows = db.execute("SELECT id, pre, name, suffix, post, system, town FROM streets")
        return [KnownStreet(row[0], Street(*row[1:6]), row[6]) for row in rows]

    def names(self, db: sqlite3.Connection) -> list[KnownName]:
        """Every name, each once a place."""
        rows = db.execute(
            "SELECT key, min(words), avg(latitude), avg(longitude) FROM names"
            " GROUP BY key, round(latitude, 3), round(longitude, 3)"
        )
        return [KnownName(*row) for row in rows]
