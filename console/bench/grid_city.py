"""A made-up city: streets on a grid, some of them one-way, arteries every so often. The same one in every run."""

from collections.abc import Iterator
from math import cos, radians

from console.domain.agency import Point
from console.geography.street_lines import StreetLine

BLOCK_M = 120.0
"""The side of a block."""
_METRES_A_DEGREE = 111_195.0
_ARTERY_EVERY, _ONEWAY_EVERY = 8, 3


def grid_city(center: Point, streets: int) -> Iterator[StreetLine]:
    """So many streets each way, which makes 2 * streets * (streets - 1) stretches between crossings."""
    for n in range(streets):
        artery = n % _ARTERY_EVERY == 0
        oneway = 0 if artery or n % _ONEWAY_EVERY else 1 if n % 2 else -1
        for east in (True, False):
            points = tuple(corner(center, streets, *((m, n) if east else (n, m))) for m in range(streets))
            name = f"{n + 1} {'Street' if east else 'Avenue'}"
            yield StreetLine(name, "artery" if artery else "street", oneway, 55.0 if artery else 35.0, 0, points)


def corner(center: Point, streets: int, column: float, row: float) -> Point:
    """Where a column and a row cross, counted from the south-west; parts of a block are allowed."""
    latitude, longitude = center
    north, east = ((each - (streets - 1) / 2) * BLOCK_M / _METRES_A_DEGREE for each in (row, column))
    return latitude + north, longitude + east / cos(radians(latitude))
