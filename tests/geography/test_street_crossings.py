"""Crossings by the street lines themselves: where two names meet, as people say them, and not where a bridge passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.agency import Point
from console.geography import streets_file
from console.geography.address_words import read
from console.geography.geocoder import find_places
from console.geography.noding import network
from console.geography.roads import roads_of
from console.geography.street_crossings import StreetCrossings
from console.geography.street_points import metres
from console.geography.unusable import Unusable
from tests.geography.small_town import geocoder_of, rows
from tests.geography.towns import place, street


@pytest.fixture
def crossings(tmp_path: Path) -> StreetCrossings:
    """Main Street runs east, Ninth and North Oak cross it, and the freeway passes over it."""
    lines = [
        street((0, 0), (1000, 0), name="East Main Street"),
        street((200, -300), (200, 300), name="Ninth Street"),
        street((700, -300), (700, 300), name="North Oak Avenue"),
        street((500, -300), (500, 300), name="Interstate 85", level=1),
        street((900, -300), (900, 300)),
    ]
    path = tmp_path / "streets.sqlite"
    streets_file.write(path, lines, roads_of(network(lines), lines), {})
    return StreetCrossings.open(path)


def at(latitude: float, longitude: float, point: Point) -> bool:
    return metres((latitude, longitude), point) < 5


@pytest.mark.parametrize(
    "words", ["e main st/9th st", "Ninth and East Main", "corner of main & ninth", "Mian St & Ninht St"]
)
def test_given_streets_that_meet_as_people_say_them_then_their_crossing_is_found(
    crossings: StreetCrossings, words: str
) -> None:
    found = find_places(words, (), crossings=crossings)[0]
    assert (found.kind, found.interpolated) == ("crossing", False)
    assert at(found.latitude, found.longitude, place(200, 0))


def test_given_the_exact_names_then_it_is_sure(crossings: StreetCrossings) -> None:
    assert find_places("N OAK AVE/E MAIN ST", (), crossings=crossings)[0].sureness == 1.0


@pytest.mark.parametrize("words", ["I-85 & Main St", "Ninth & Oak", "Main St", "Main & Main", "Elm & Main"])
def test_given_streets_that_do_not_meet_or_one_alone_then_there_is_no_crossing(
    crossings: StreetCrossings, words: str
) -> None:
    assert not any(list(crossings.find(each, mended=True)) for each in read(words))


def test_given_a_list_of_addresses_too_then_both_are_looked_through(crossings: StreetCrossings, tmp_path: Path) -> None:
    town = geocoder_of(tmp_path, rows())
    assert town.find("oak avenue & main", crossings=crossings)[0].words == "N OAK AVE/E MAIN ST"
    assert town.find("105 e main st", crossings=crossings)[0].words == "105 E MAIN ST"


def test_given_a_file_that_is_no_streets_then_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "streets.sqlite"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(Unusable, match="import streets"):
        StreetCrossings.open(path)
