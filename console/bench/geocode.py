"""How long a geocoder of half a million addresses needs for what people type, beside plain SQLite in the same run."""

import csv
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter

from console.bench.figure import Figure, percentile
from console.domain.agency import Point
from console.geography.address_index import AddressIndexWriter
from console.geography.geocoder import Geocoder

POINTS = 500_000
A_STREET = 40
"""Addresses a street: half a million lie on 12,500 streets."""
ASKED = 1_000
LIKES = 20
WARM_UP = 20
LIMIT_MS = 10.0
IMPORT_LIMIT_S = 120.0
CENTER: Point = (36.0, -78.9)
_FIRST = (
    "Oak", "Maple", "Cedar", "Willow", "River", "Stone", "Meadow", "Hunter", "Silver", "Golden", "Autumn", "Spring",
    "Winter", "Forest", "Fox", "Deer", "Eagle", "Falcon", "Rose", "Ivy", "Laurel", "Holly", "Sunset", "Sunrise", "Old Mill",
    "Quail", "Copper", "Iron", "Chapel", "Castle", "Garden", "Orchard", "Prairie", "Timber", "Pebble", "Crystal", "Amber",
    "Harvest",
)  # fmt: skip
_SECOND = (
    "Hollow", "Ridge", "Run", "Creek", "Brook", "Field", "Grove", "Glen", "Hill", "Bend", "Crossing", "Trace", "View",
    "Point", "Lake", "Woods", "Park", "Chase", "Landing", "Springs", "Valley", "Knoll", "Haven", "Branch", "Bluff",
    "Cove", "Gate",
)  # fmt: skip
_SUFFIX = ("ST", "AVE", "RD", "DR", "LN", "CT", "PL", "CIR", "WAY", "TRL", "BLVD", "TER")
_SIDES = ("", "", "", "N ", "S ", "E ", "W ")


def measure() -> list[Figure]:
    """The import and three ways to ask, each with its baseline, on files in a folder that goes with them."""
    with tempfile.TemporaryDirectory() as made:
        return _measured(Path(made))


def rows(points: int) -> Iterator[tuple[str, Point]]:
    """A made-up city: addresses on streets of two words, the same every time."""
    chance, names = random.Random(11), set[str]()
    while points > 0:
        name = f"{chance.choice(_SIDES)}{chance.choice(_FIRST)} {chance.choice(_SECOND)} {chance.choice(_SUFFIX)}".upper()
        if name in names:
            continue
        names.add(name)
        latitude, longitude = 36 + chance.uniform(-0.3, 0.3), -78.9 + chance.uniform(-0.3, 0.3)
        step = chance.choice((4, 6, 8))
        for n in range(min(A_STREET, points)):
            number = 100 + n * step + n % 2
            yield f"{number} {name}", (latitude, longitude + number / 100_000)
        points -= A_STREET


def _measured(folder: Path) -> list[Figure]:
    listed, plain_path, path = folder / "list.csv", folder / "plain.sqlite", folder / "addresses.sqlite"
    with listed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((words, *point) for words, point in rows(POINTS))
    plain_s, ours_s = _timed(lambda: _plain(listed, plain_path)), _timed(lambda: _ours(listed, path))
    chance = random.Random(12)
    town = Geocoder.open(path)
    kept = [words for n, (words, _) in enumerate(rows(POINTS)) if n % max(1, POINTS // ASKED) == 0]
    slips = [slip(words, chance) for words in kept]
    short = [words.rpartition(" ")[0] for words in kept]
    with closing(sqlite3.connect(plain_path)) as plain:
        by_key = _each(lambda words: plain.execute("SELECT * FROM address WHERE words = ?", (words,)).fetchall(), kept)
        like = _each(
            lambda words: plain.execute("SELECT * FROM address WHERE words LIKE ? LIMIT 8", (f"%{words[1:]}%",)).fetchall(),
            short[:LIKES],
        )
    asked = [_each(lambda words: town.find(words, near=CENTER), words) for words in (kept, short, slips)]
    how = (
        f"{len(kept):,} questions to a made-up city of {POINTS:,} addresses, one after another in one thread; the median. "
        "Baseline: a row by its primary key in plain sqlite3; of a slip, LIKE over the same rows, which finds less"
    )
    names = ("an address as it is listed", "an address without its suffix", "an address with a slip in typing")
    figures = [
        Figure(name, percentile(ours, 50), "ms", LIMIT_MS, how, percentile(base, 50), of_value=True)
        for name, ours, base in zip(names, asked, (by_key, by_key, like), strict=True)
    ]
    told = f"reads {POINTS:,} rows and makes the geocoder's file. Baseline: the same rows into one plain table with a key"
    return [*figures, Figure("import of addresses", ours_s, "s", IMPORT_LIMIT_S, told, plain_s, of_value=True)]


def slip(words: str, chance: random.Random) -> str:
    """The words with one letter dropped, doubled, swapped with the next, or replaced."""
    letters = [n for n, letter in enumerate(words) if letter.isalpha()]
    n, kind = chance.choice(letters), chance.randrange(4)
    letter, behind = words[n], words[n + 1 :]
    if kind == 0:
        return words[:n] + behind
    if kind == 2 and behind[:1].isalpha():
        return words[:n] + behind[0] + letter + behind[1:]
    if kind == 3:
        return words[:n] + chance.choice([other for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if other != letter]) + behind
    return words[:n] + letter * 2 + behind


def _plain(listed: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, listed.open(encoding="utf-8", newline="") as file:
        db.execute("CREATE TABLE address (words TEXT PRIMARY KEY, latitude REAL, longitude REAL) WITHOUT ROWID")
        db.executemany("INSERT OR IGNORE INTO address VALUES (?, ?, ?)", csv.reader(file))
        db.commit()


def _ours(listed: Path, path: Path) -> None:
    with AddressIndexWriter(path) as index, listed.open(encoding="utf-8", newline="") as file:
        for words, latitude, longitude in csv.reader(file):
            index.add(words, float(latitude), float(longitude))


def _each(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question, after some that are not counted."""
    for words in questions[:WARM_UP]:
        ask(words)
    return [1000 * _timed(lambda words=words: ask(words)) for words in questions]  # type: ignore[misc]


def _timed(what: Callable[[], object]) -> float:
    """Seconds."""
    begun = perf_counter()
    what()
    return perf_counter() - begun
