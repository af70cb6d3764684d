"""A small invented town: its streets, numbers and crossings lie on a grid, so that each point can be told by heart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from console.domain.agency import Point
from console.geography.address_index import AddressIndexWriter
from console.geography.geocoder import Geocoder

CENTER: Point = (36.0, -78.9)
STREETS = (
    "E MAIN ST", "W MAIN ST", "9TH ST", "OAK HOLLOW RD", "OAK HOLLOW CT", "S ALSTON AVE", "NC HWY 54", "US HWY 15-501",
    "HOPE VALLEY RD", "MLK PKWY", "UNIVERSITY DR", "AVE B",
)  # fmt: skip
NUMBERS = (100, 102, 105, 110, 131, 140, 200, 206, 240, 311, 320)
CROSSINGS = {"9TH ST/W MAIN ST": (36.0510, -78.9510), "199 OAK HOLLOW RD/UNIVERSITY DR": (36.0520, -78.9520)}
NAMES = {"BROOKSIDE SHELTER": (36.0600, -78.9600), "JOE'S DINER": (36.0610, -78.9610)}


def point_of(street: str, number: int) -> Point:
    """Each street lies east and west, one tenth of a degree long for a thousand numbers, 0.002 degrees apart."""
    return 36.0 + 0.002 * STREETS.index(street), -78.9 + number / 10_000


def rows() -> list[tuple[str, Point]]:
    """Every row of the town's list."""
    addresses = [(f"{number} {street}", point_of(street, number)) for street in STREETS for number in NUMBERS]
    return [*addresses, *CROSSINGS.items(), *NAMES.items()]


def geocoder_of(folder: Path, listed: Iterable[tuple[str, Point]]) -> Geocoder:
    """A geocoder of a list."""
    path = folder / "addresses.sqlite"
    with AddressIndexWriter(path) as index:
        for words, (latitude, longitude) in listed:
            assert index.add(words, latitude, longitude), words
    return Geocoder.open(path)
