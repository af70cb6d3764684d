"""Points on known streets: of a house number, between two of them, of a block, of a street, and where two streets cross."""

from collections.abc import Iterator, Sequence
from math import cos, radians
from sqlite3 import Connection

import numpy as np
from msgspec import Struct

from console.domain.agency import Point
from console.domain.travel import kilometres
from console.geography.address_words import Reading
from console.geography.street_likeness import Likely
from console.wire.geography import FoundKind, FoundPlace

BETWEEN, BETWEEN_FAR, BEYOND_NEAR, BEYOND = 0.90, 0.80, 0.75, 0.60
"""A number between known ones; between ones far apart; next to the last known one; far outside the known ones."""
BLOCK_WITHOUT_WORD = 0.92
"""A round hundred that is no known number: cities write blocks so."""
DWELLING_NOT_KNOWN, PART_NOT_KNOWN, CROSSING_NUMBER_OTHER = 0.98, 0.97, 0.97
CROSSING_RECKONED, STREET_ALONE = 0.75, 0.97
BLOCK, NUMBERS_FAR = 100, 200
"""Numbers of a block, and from where on two numbers are far apart."""
CROSSING_M = 150.0
"""Streets with known points nearer than so many metres may cross there."""
SAME_M = 50.0
"""Points nearer than so many metres are the same answer, where the words are."""
_METRES = 111_195.0
_RECKONED_FROM, _RECKONED_PAIRS, _POINTS_LOOKED_AT, _POINTS_OF_ONE = 0.75, 12, 2_000, 3


def metres(one: Point, other: Point) -> float:
    """How far apart two points are."""
    return kilometres(one, other) * 1000


class _Spot(Struct, frozen=True):
    """A point that was found on a street."""

    point: Point
    sureness: float
    reckoned: bool = True


def on_street(db: Connection, reading: Reading, likely: Likely) -> Iterator[FoundPlace]:
    """Where a reading with or without a number lies on one known street."""
    street, sureness = likely.known, reading.trust * likely.sureness
    if reading.number is None:
        if (spot := _middle(db, street.id)) is not None:
            yield _found(street.street.words, "street", spot, sureness * STREET_ALONE, street.town)
        return
    number, block = reading.number, reading.number - reading.number % BLOCK
    if not reading.block:
        known = list(_known(db, reading, street.id))
        for words, spot in known:
            yield _found(f"{words} {street.street.words}", "address", spot, sureness, street.town, _behind(reading, spot))
        if known:
            return
    as_block = reading.block or number == block > 0
    spot = _of_block(db, street.id, block) if as_block else _between(db, street.id, number)
    if spot is None:
        return
    if spot.sureness <= BEYOND:
        yield _found(street.street.words, "street", spot, sureness, street.town)
    elif as_block:
        factor = 1.0 if reading.block else BLOCK_WITHOUT_WORD
        yield _found(f"{block} BLOCK OF {street.street.words}", "block", spot, sureness * factor, street.town)
    else:
        yield _found(f"{_numbered(number, reading.part)} {street.street.words}", "address", spot, sureness, street.town)


def at_crossing(db: Connection, reading: Reading, a: Sequence[Likely], b: Sequence[Likely]) -> Iterator[FoundPlace]:
    """Where two streets cross: by the list, else where their known points come nearest."""
    first, second = ({each.known.id: each for each in likely} for likely in (a, b))
    some = False
    for ours, theirs, swapped in ((first, second, False), (second, first, True)):
        marks = [",".join("?" * len(each)) for each in (ours, theirs)]
        rows = db.execute(
            f"SELECT a, b, number, latitude, longitude FROM crossings WHERE a IN ({marks[0]}) AND b IN ({marks[1]})",
            (*ours, *theirs),
        )
        for one, other, number, latitude, longitude in rows:
            some = True
            sureness = reading.trust * ours[one].sureness * theirs[other].sureness
            same = reading.number is not None and reading.number == number and not swapped
            if reading.number is not None and not same:
                sureness *= CROSSING_NUMBER_OTHER
            words = f"{ours[one].known.street.words}/{theirs[other].known.street.words}"
            spot = _Spot((latitude, longitude), 1.0, False)
            yield _found(f"{number} {words}" if same else words, "crossing", spot, sureness, ours[one].known.town)
    if not some:
        yield from _reckoned_crossings(db, reading, a, b)


def _found(words: str, kind: FoundKind, spot: _Spot, sureness: float, town: str = "", behind: str = "") -> FoundPlace:
    shown = " ".join(filter(None, (words, behind)))
    shown = f"{shown}, {town}" if town else shown
    return FoundPlace(shown, kind, *spot.point, round(sureness * spot.sureness, 3), spot.reckoned)


def _numbered(number: int, part: str) -> str:
    return f"{number}{part}" if part.startswith("-") else f"{number} {part}".strip()


def _behind(reading: Reading, spot: _Spot) -> str:
    """The dwelling, where it is known."""
    return reading.dwelling if spot.sureness == 1 else ""


def _known(db: Connection, reading: Reading, street: int) -> Iterator[tuple[str, _Spot]]:
    """The points of a known number, those whose dwelling and letter fit best."""
    rows = db.execute(
        "SELECT number, part, dwelling, latitude, longitude FROM points WHERE street = ? AND number = ?",
        (street, reading.number),
    ).fetchall()
    fits = [
        (_dwelling_fits(reading.dwelling, row[2]) * (1 if reading.part == row[1] else PART_NOT_KNOWN), row) for row in rows
    ]
    best = max((fit for fit, _ in fits), default=0)
    apart: list[Point] = []
    for fit, (number, part, _, latitude, longitude) in fits:
        point = (latitude, longitude)
        if fit == best and len(apart) < _POINTS_OF_ONE and all(metres(point, other) > SAME_M for other in apart):
            apart.append(point)
            yield _numbered(number, part if part == reading.part else ""), _Spot(point, fit, False)


def _dwelling_fits(typed: str, known: str) -> float:
    if typed == known or (typed and known and typed.split()[-1] == known.split()[-1]):
        return 1.0
    return 0.999 if not typed else DWELLING_NOT_KNOWN if not known else DWELLING_NOT_KNOWN**2


def _between(db: Connection, street: int, number: int) -> _Spot | None:
    """A number that is not known: between its known neighbors on its side of the street, else next to the nearest."""
    corners = [
        (known, (latitude, longitude))
        for known, latitude, longitude in db.execute(
            "SELECT number, latitude, longitude FROM crossings WHERE a = ? AND number IS NOT NULL", (street,)
        )
    ]
    lower = max(
        [*_neighbor(db, street, number, "<", "DESC"), *(each for each in corners if each[0] <= number)],
        key=lambda each: each[0], default=None,
    )  # fmt: skip
    upper = min(
        [*_neighbor(db, street, number, ">", "ASC"), *(each for each in corners if each[0] > number)],
        key=lambda each: each[0], default=None,
    )  # fmt: skip
    if lower is not None and upper is not None:
        share = (number - lower[0]) / (upper[0] - lower[0])
        (south, west), (north, east) = lower[1], upper[1]
        near = upper[0] - lower[0] <= NUMBERS_FAR
        return _Spot((south + (north - south) * share, west + (east - west) * share), BETWEEN if near else BETWEEN_FAR)
    nearest = lower or upper
    return nearest and _Spot(nearest[1], BEYOND_NEAR if abs(nearest[0] - number) <= BLOCK else BEYOND)


def _neighbor(db: Connection, street: int, number: int, side: str, order: str) -> list[tuple[int, Point]]:
    """The nearest known number on one side, of the same parity if there is one."""
    for parity in (number % 2, None):
        row = db.execute(
            f"SELECT number, latitude, longitude FROM points WHERE street = ? AND number {side} ?"
            f"{'' if parity is None else ' AND number % 2 = ?'} ORDER BY number {order} LIMIT 1",
            (street, number) if parity is None else (street, number, parity),
        ).fetchone()
        if row is not None:
            return [(row[0], (row[1], row[2]))]
    return []


def _of_block(db: Connection, street: int, block: int) -> _Spot | None:
    """The known point nearest to the middle of a block, else a point between its known neighbors."""
    middle = block + BLOCK // 2
    row = db.execute(
        "SELECT latitude, longitude FROM points WHERE street = ? AND number BETWEEN ? AND ?"
        " ORDER BY abs(number - ?) LIMIT 1",
        (street, block, block + BLOCK - 1, middle),
    ).fetchone()
    return _Spot((row[0], row[1]), 1.0, False) if row else _between(db, street, middle)


def _middle(db: Connection, street: int) -> _Spot | None:
    """The known point in the middle of a street's numbers."""
    row = db.execute(
        "SELECT latitude, longitude FROM points WHERE street = ? ORDER BY number LIMIT 1"
        " OFFSET (SELECT count(*) / 2 FROM points WHERE street = ?)", (street, street),
    ).fetchone() or db.execute(
        "SELECT latitude, longitude FROM crossings WHERE a = ? OR b = ? ORDER BY number LIMIT 1", (street, street)
    ).fetchone()  # fmt: skip
    return _Spot((row[0], row[1]), 1.0, False) if row else None


def _reckoned_crossings(db: Connection, reading: Reading, a: Sequence[Likely], b: Sequence[Likely]) -> Iterator[FoundPlace]:
    """Where the known points of two streets come nearest, of the likeliest pairs."""
    pairs = sorted(
        ((one.sureness * other.sureness, one, other) for one in a for other in b if one.known.id != other.known.id),
        key=lambda pair: -pair[0],
    )
    for sureness, one, other in pairs[:_RECKONED_PAIRS]:
        if sureness < _RECKONED_FROM:
            return
        ours, theirs = (_points(db, each.known.id) for each in (one, other))
        if not len(ours) or not len(theirs):
            continue
        flat = np.array([1.0, cos(radians(ours[0][0]))])
        apart = np.hypot(*np.moveaxis((ours[:, None, :] - theirs[None, :, :]) * flat, 2, 0)) * _METRES
        n, m = np.unravel_index(np.argmin(apart), apart.shape)
        if apart[n, m] <= CROSSING_M:
            latitude, longitude = (ours[n] + theirs[m]) / 2
            spot = _Spot((float(latitude), float(longitude)), CROSSING_RECKONED)
            words = f"{one.known.street.words}/{other.known.street.words}"
            yield _found(words, "crossing", spot, reading.trust * sureness, one.known.town)


def _points(db: Connection, street: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Latitude and longitude of a street's known points, one a row."""
    rows = db.execute(
        "SELECT latitude, longitude FROM points WHERE street = ? UNION ALL"
        " SELECT latitude, longitude FROM crossings WHERE ? IN (a, b) LIMIT ?", (street, street, _POINTS_LOOKED_AT),
    ).fetchall()  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(-1, 2)
