"""Where named streets meet, by the center's street lines: crossings that no list of addresses has."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from contextlib import closing
from pathlib import Path
from typing import Self

from console.domain.agency import Point
from console.geography.address_index import KnownStreet
from console.geography.address_words import Reading, Street, fold, street
from console.geography.street_likeness import Likely, StreetNames
from console.geography.unusable import Unusable
from console.wire.geography import FoundPlace

_STREETS_LOOKED_AT = 12
_MEETINGS = """
SELECT DISTINCT line.name, junction.id, junction.latitude, junction.longitude
FROM stretch JOIN line ON line.id = stretch.line JOIN junction ON junction.id IN (stretch.start, stretch.end)
WHERE line.name <> ''
"""
"""Every named street with each junction it goes through, of the file that `import streets` makes."""


class StreetCrossings:
    """Named streets and the junctions they go through, in memory. Any thread may ask."""

    def __init__(self, junctions: Mapping[str, Set[int]], points: Mapping[int, Point]) -> None:
        """Take the junctions of each street by its name, and where each junction lies."""
        self._points = points
        self._of: dict[int, set[int]] = {}
        known: dict[Street, KnownStreet] = {}
        for name, numbers in junctions.items():
            parts = street(fold(name).split())
            if any(map(str.isalnum, parts.name)):
                each = known.setdefault(parts, KnownStreet(len(known), parts, ""))
                self._of.setdefault(each.id, set()).update(numbers)
        self._names = StreetNames(known.values())

    @classmethod
    def open(cls, path: Path) -> Self:
        """The crossings of a file of streets. Raises `Unusable` where it cannot be read."""
        junctions: dict[str, set[int]] = defaultdict(set)
        points: dict[int, Point] = {}
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                for name, number, latitude, longitude in db.execute(_MEETINGS):
                    junctions[str(name)].add(number)
                    points[number] = (latitude, longitude)
        except sqlite3.Error as error:
            raise Unusable(f"it is damaged, or not what `import streets` wrote ({error})") from error
        return cls(junctions, points)

    def find(self, reading: Reading, *, mended: bool) -> Iterator[FoundPlace]:
        """Where the two streets of a reading meet; with `mended` slips in typing are looked through."""
        if reading.crosses is None:
            return
        like = self._names.mended if mended else self._names.like
        ours = like(reading.street, "", reading.said)[:_STREETS_LOOKED_AT]
        theirs = like(reading.crosses, "", reading.said_crossing)[:_STREETS_LOOKED_AT]
        for one in ours:
            for other in theirs:
                if one.known.id != other.known.id:
                    yield from self._meetings(reading, one, other)

    def _meetings(self, reading: Reading, one: Likely, other: Likely) -> Iterator[FoundPlace]:
        words = f"{one.known.street.words}/{other.known.street.words}"
        sureness = round(reading.trust * one.sureness * other.sureness, 3)
        for junction in sorted(self._of[one.known.id] & self._of[other.known.id]):
            yield FoundPlace(words, "crossing", *self._points[junction], sureness)
