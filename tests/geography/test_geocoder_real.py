"""The geocoder on a real city's list: its own addresses, one slip in each, and their suffixes left out."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from pathlib import Path

import pytest

from console.bench.geocode import slip
from console.domain.agency import Point
from console.geography.geocoder import Geocoder
from console.geography.street_points import metres
from console.geography.street_words import SUFFIXES
from tests.geography.small_town import geocoder_of

CENTER: Point = (35.994, -78.8986)
NEAR_M = 25.0
"""The list gives one address at several points metres apart: interpolated along its street."""


@pytest.fixture(scope="module")
def listed(real_data: Path) -> dict[str, list[Point]]:
    """Every address of the list, and where it lies."""
    points: dict[str, list[Point]] = defaultdict(list)
    with (real_data / "durham" / "durham_address_points.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            points[row["address"]].append((float(row["lat"]), float(row["lon"])))
    return points


@pytest.fixture(scope="module")
def city(listed: dict[str, list[Point]], tmp_path_factory: pytest.TempPathFactory) -> Geocoder:
    rows = [(words, point) for words, points in listed.items() for point in points]
    return geocoder_of(tmp_path_factory.mktemp("city"), rows)


def found_first(city: Geocoder, listed: dict[str, list[Point]], asked: dict[str, str], *, exactly: bool = False) -> float:
    """The share of addresses of which the words asked give a first answer at their point."""
    hits = 0
    for address, words in asked.items():
        found = city.find(words, near=CENTER)
        if found and (found[0].sureness == 1 or not exactly):
            hits += min(metres((found[0].latitude, found[0].longitude), point) for point in listed[address]) < NEAR_M
    return hits / len(asked)


def test_given_a_citys_own_addresses_then_98_percent_are_found_exactly_first(
    city: Geocoder, listed: dict[str, list[Point]]
) -> None:
    assert found_first(city, listed, {address: address for address in listed}, exactly=True) >= 0.98


def test_given_one_slip_in_each_then_90_percent_stand_first(city: Geocoder, listed: dict[str, list[Point]]) -> None:
    chance = random.Random(1)
    assert found_first(city, listed, {address: slip(address, chance) for address in listed}) >= 0.9


def test_given_no_suffix_then_90_percent_stand_first(city: Geocoder, listed: dict[str, list[Point]]) -> None:
    ending = {
        address: head
        for address in listed
        for head, _, last in [address.rpartition(" ")]
        if last in SUFFIXES and "/" not in address and " " in head
    }
    assert len(ending) > 3_000
    assert found_first(city, listed, ending) >= 0.9
