"""Words to places: an address, a block, a crossing or a name, as somebody says it on the phone; without any network."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from sqlite3 import Connection
from threading import Lock
from typing import Self

from msgspec import Struct

from console.domain.agency import KnownPlace, Point
from console.geography.address_index import AddressIndex
from console.geography.address_words import WORDS_AT_MOST, Reading, Street, fold, read
from console.geography.place_names import Named, PlaceNames
from console.geography.street_crossings import StreetCrossings
from console.geography.street_likeness import Likely, StreetNames, suffix_mended
from console.geography.street_points import SAME_M, at_crossing, metres, on_street
from console.wire.geography import FoundPlace

SURE = 0.95
"""From here on nobody looks for slips in typing."""
UNSURE = 0.5
"""Less sure than this is no answer."""
SAME_CROSSING_M = 150.0
"""One crossing: carriageways meet several times, and a list is some metres off the lines."""
_STREETS_LOOKED_AT, _STREETS_OF_A_CROSSING = 24, 12

Like = Callable[[Street, str, str], list[Likely]]


class _Held(Struct):
    """What of one making of the file is in memory."""

    made: str
    streets: StreetNames
    names: PlaceNames
    towns: frozenset[str]


class Geocoder:
    """The addresses of a center. Any thread may ask; where the file is made anew, the next answer is of the new one."""

    def __init__(self, index: AddressIndex) -> None:
        """Read from an index; `open` looks at once whether it can be read."""
        self._index, self._lock = index, Lock()
        self._held: _Held | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """The geocoder of a file; raises `Unusable` where it cannot be read."""
        geocoder = cls(AddressIndex(path))
        with geocoder._index.opened() as db:
            geocoder._current(db)
        return geocoder

    def find(
        self,
        words: str,
        limit: int = 8,
        near: Point | None = None,
        places: Sequence[KnownPlace] = (),
        crossings: StreetCrossings | None = None,
    ) -> tuple[FoundPlace, ...]:
        """What the words may mean, the surest first, then the nearest to `near`; at most `limit`, none where nothing fits.

        `places` are the center's own beside those of the list, `crossings` those of its street lines. Raises `Unusable`
        where the file went bad.
        """
        words = words[:WORDS_AT_MOST]
        with self._index.opened() as db:
            held = self._current(db)
            found = [*_called(_own(tuple(places)), words), *_called(held.names, words, held.streets)]
            readings = read(words, held.towns)
            for reading in readings:
                found += _looked_up(db, reading, held.streets.like)
            found += _met(readings, crossings)
            if not any(each.sureness >= SURE for each in found):
                for reading in (*readings, *_suffix_mended(words, held.towns)):
                    found += _looked_up(db, reading, held.streets.mended)
        return _best(found, limit, near)

    def _current(self, db: Connection) -> _Held:
        """What is in memory, read anew where the file was made anew."""
        made = self._index.made(db)
        with self._lock:
            if self._held is None or self._held.made != made:
                streets = self._index.streets(db)
                names = [Named(known.words, known.latitude, known.longitude, known.key) for known in self._index.names(db)]
                towns = frozenset(known.town for known in streets if known.town)
                self._held = _Held(made, StreetNames(streets), PlaceNames(names), towns)
            return self._held


def find_places(
    words: str,
    places: Sequence[KnownPlace],
    limit: int = 8,
    near: Point | None = None,
    crossings: StreetCrossings | None = None,
) -> tuple[FoundPlace, ...]:
    """The same of the center's own places and its street lines' crossings: where it has no list of addresses."""
    words = words[:WORDS_AT_MOST]
    return _best([*_called(_own(tuple(places)), words), *_met(read(words), crossings)], limit, near)


def _met(readings: Sequence[Reading], crossings: StreetCrossings | None) -> Iterator[FoundPlace]:
    """Where streets meet by their lines; slips in typing are looked through where nothing else fits."""
    if crossings is None:
        return
    for reading in readings:
        met = list(crossings.find(reading, mended=False)) or crossings.find(reading, mended=True)
        yield from met


@lru_cache(2)
def _own(places: tuple[KnownPlace, ...]) -> PlaceNames:
    """The center's own places, prepared once: they change with the configuration."""
    return PlaceNames(
        [
            Named(f"{place.name}, {place.address}" if place.address else place.name, *place.point, fold(place.name))
            for place in places
        ]
    )


def _called(names: PlaceNames, words: str, streets: StreetNames | None = None) -> Iterator[FoundPlace]:
    """Places of that name; one whose name is a street's is that street."""
    for named, sureness in names.called(words):
        alone = streets is not None and any(
            reading.number is None and reading.crosses is None and streets.has(reading.street)
            for reading in read(named.words)[:1]
        )
        yield FoundPlace(named.words, "street" if alone else "place", named.latitude, named.longitude, round(sureness, 3))


def _looked_up(db: Connection, reading: Reading, like: Like) -> Iterator[FoundPlace]:
    """Where a reading may lie, on the streets that are like the one it names."""
    likely = like(reading.street, reading.town, reading.said)
    if reading.crosses is not None:
        some = likely[:_STREETS_OF_A_CROSSING]
        others = like(reading.crosses, reading.town, reading.said_crossing)[:_STREETS_OF_A_CROSSING]
        if some and others:
            yield from at_crossing(db, reading, some, others)
        return
    for street in likely[:_STREETS_LOOKED_AT]:
        yield from on_street(db, reading, street)


def _suffix_mended(words: str, towns: frozenset[str]) -> tuple[Reading, ...]:
    mended = suffix_mended(fold(words).split())
    return read(" ".join(mended), towns) if mended else ()


def _best(found: Iterable[FoundPlace], limit: int, near: Point | None) -> tuple[FoundPlace, ...]:
    """The surest, each once; of equally sure ones the nearest first."""

    def order(place: FoundPlace) -> tuple[float, float, str]:
        away = metres((place.latitude, place.longitude), near) if near else 0.0
        return -place.sureness, away, place.words

    kept: list[FoundPlace] = []
    for place in sorted((each for each in found if each.sureness >= UNSURE), key=order):
        if len(kept) == limit:
            break
        if not any(other.words == place.words and _same_spot(other, place) for other in kept):
            kept.append(place)
    return tuple(kept)


def _same_spot(one: FoundPlace, other: FoundPlace) -> bool:
    near = SAME_CROSSING_M if one.kind == "crossing" else SAME_M
    return metres((one.latitude, one.longitude), (other.latitude, other.longitude)) < near
