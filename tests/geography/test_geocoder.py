"""The geocoder over a small invented town: exact, between, in blocks, at crossings, by name, and with slips in typing."""

from __future__ import annotations

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from console.domain.agency import KnownPlace, Point
from console.geography.address_index import AddressIndexWriter
from console.geography.geocoder import Geocoder, find_places
from console.geography.street_points import metres
from console.geography.unusable import Unusable
from console.wire.geography import FoundPlace
from tests.geography.small_town import CENTER, CROSSINGS, NAMES, geocoder_of, point_of, rows


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Geocoder:
    return geocoder_of(tmp_path_factory.mktemp("town"), rows())


def first(town: Geocoder, words: str) -> FoundPlace:
    found = town.find(words, near=CENTER)
    assert found, words
    assert list(found) == sorted(found, key=lambda place: -place.sureness)
    return found[0]


def at(place: FoundPlace, point: Point) -> bool:
    return metres((place.latitude, place.longitude), point) < 1


def test_given_every_row_of_the_list_when_it_is_asked_for_then_it_is_found_exactly_first(town: Geocoder) -> None:
    for words, point in rows():
        place = first(town, words)
        assert (place.sureness, place.interpolated, at(place, point)) == (1.0, False, True), words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("105 east main street", "105 E MAIN ST"),
        ("105 Ninth St", "105 9TH ST"),
        ("105 ninth", "105 9TH ST"),
        ("105 University", "105 UNIVERSITY DR"),
        ("105 University Road", "105 UNIVERSITY DR"),
        ("105 Hope Valley", "105 HOPE VALLEY RD"),
        ("105 Alston Ave", "105 S ALSTON AVE"),
        ("105 Alston Ave South", "105 S ALSTON AVE"),
        ("105 N Alston Ave", "105 S ALSTON AVE"),
        ("105 Highway 54", "105 NC HWY 54"),
        ("105 NC 54", "105 NC HWY 54"),
        ("105 NC54", "105 NC HWY 54"),
        ("105 15-501", "105 US HWY 15-501"),
        ("105 U.S. 15-501", "105 US HWY 15-501"),
        ("105 Oak Holow Rd", "105 OAK HOLLOW RD"),
        ("105 Oak Hollow Cuort", "105 OAK HOLLOW CT"),
        ("105 Univresity Dr", "105 UNIVERSITY DR"),
        ("105 NC 54 HYW", "105 NC HWY 54"),
        ("105 Oakhollow Rd", "105 OAK HOLLOW RD"),
        ("105 Univ", "105 UNIVERSITY DR"),
        ("105 University Dr Apt 3", "105 UNIVERSITY DR"),
        ("The Diner 105 University Dr", "105 UNIVERSITY DR"),
        ("105 Avenue B", "105 AVE B"),
    ],
)
def test_given_an_address_as_people_say_it_then_the_known_one_stands_first(town: Geocoder, words: str, found: str) -> None:
    place = first(town, words)
    number, _, street = found.partition(" ")
    assert (place.words, place.kind, place.interpolated) == (found, "address", False)
    assert at(place, point_of(street, int(number)))


def test_given_another_number_of_a_highway_then_it_is_another_highway(town: Geocoder) -> None:
    assert not [place for place in town.find("105 NC 55") if "54" in place.words]


def test_given_an_exact_and_a_similar_street_then_the_exact_one_is_surer(town: Geocoder) -> None:
    exact, other = town.find("105 Oak Hollow Rd")[0], town.find("105 Oak Hollow Ct")[0]
    assert (exact.words, other.words) == ("105 OAK HOLLOW RD", "105 OAK HOLLOW CT")
    missing = [place.words for place in town.find("105 Oak Hollow")]
    assert set(missing[:2]) == {exact.words, other.words}


def test_given_two_streets_that_fit_as_well_then_the_nearer_stands_first(town: Geocoder) -> None:
    east, west = point_of("E MAIN ST", 105), point_of("W MAIN ST", 105)
    assert [town.find("105 Main St", near=near)[0].words for near in (east, west)] == ["105 E MAIN ST", "105 W MAIN ST"]


def test_given_a_number_between_known_ones_then_its_point_is_reckoned_on_its_side_and_said_to_be(town: Geocoder) -> None:
    place = first(town, "104 University Dr")
    assert (place.kind, place.interpolated) == ("address", True)
    assert place.sureness < 1
    assert at(place, point_of("UNIVERSITY DR", 104))


def test_given_a_number_far_beyond_the_known_ones_then_only_the_street_is_told(town: Geocoder) -> None:
    place = first(town, "9000 University Dr")
    assert (place.words, place.kind, place.interpolated) == ("UNIVERSITY DR", "street", True)
    assert place.sureness < 0.7


@pytest.mark.parametrize("words", ["100 block of University Dr", "100 BLK UNIVERSITY DR"])
def test_given_a_block_then_its_known_number_nearest_the_middle_is_its_point(town: Geocoder, words: str) -> None:
    place = first(town, words)
    assert (place.words, place.kind, place.sureness) == ("100 BLOCK OF UNIVERSITY DR", "block", 1.0)
    assert at(place, point_of("UNIVERSITY DR", 140))


def test_given_a_round_hundred_that_is_no_number_then_it_is_a_block(town: Geocoder) -> None:
    place = first(town, "300 University Dr")
    assert (place.words, place.kind) == ("300 BLOCK OF UNIVERSITY DR", "block")
    assert first(town, "200 University Dr").kind == "address"


@pytest.mark.parametrize(
    "words", ["W Main St/9th St", "ninth st & w main st", "corner of Main and Ninth", "Mian St at 9th St"]
)
def test_given_a_crossing_in_either_order_or_with_a_slip_then_it_is_found(town: Geocoder, words: str) -> None:
    place = first(town, words)
    assert (place.kind, place.interpolated) == ("crossing", False)
    assert at(place, CROSSINGS["9TH ST/W MAIN ST"])


def test_given_streets_that_the_list_has_no_crossing_of_then_it_is_reckoned_where_they_come_near(tmp_path: Path) -> None:
    there = {"100 A ST": (36.0, -78.9), "200 A ST": (36.0, -78.8), "100 B RD": (36.0005, -78.8), "200 B RD": (36.1, -78.8)}
    place = geocoder_of(tmp_path, there.items()).find("a st & b rd")[0]
    assert (place.words, place.kind, place.interpolated) == ("A ST/B RD", "crossing", True)
    assert at(place, (36.00025, -78.8))


def test_given_streets_that_come_nowhere_near_then_no_crossing_is_made_up(town: Geocoder) -> None:
    assert not [place for place in town.find("AVE B/E MAIN ST") if place.kind == "crossing"]


@pytest.mark.parametrize("words", ["Brookside Shelter", "brookside", "shelter brookside", "Brookside Sheltre", "BROOK"])
def test_given_a_name_of_the_list_then_the_place_is_found(town: Geocoder, words: str) -> None:
    place = first(town, words)
    assert (place.words, place.kind) == ("BROOKSIDE SHELTER", "place")
    assert at(place, NAMES["BROOKSIDE SHELTER"])


def test_given_the_centers_own_places_then_they_are_found_beside_the_list_and_without_it(town: Geocoder) -> None:
    own = (KnownPlace("Elm Street Drop-in", "drop_off", 36.07, -78.97, "12 Elm St"),)
    for found in (town.find("elm street drop in", places=own), find_places("elm st", own), find_places("drop-in", own)):
        assert (found[0].words, found[0].kind) == ("Elm Street Drop-in, 12 Elm St", "place")
    assert find_places("nowhere at all", own) == ()


def test_given_a_street_alone_then_a_point_on_it_is_told(town: Geocoder) -> None:
    for words in ("University Drive", "corner of University Drive"):
        place = first(town, words)
        assert (place.words, place.kind) == ("UNIVERSITY DR", "street")


@pytest.mark.parametrize("words", ["", "  ", "///", "zzzzqqqq", "%", "'; DROP TABLE points; --", "9" * 400, "\x00\ud800"])
def test_given_words_that_mean_no_place_then_nothing_is_found_and_nothing_fails(town: Geocoder, words: str) -> None:
    assert town.find(words) == ()


def test_given_a_limit_then_no_more_are_told(town: Geocoder) -> None:
    assert len(town.find("105 Main", limit=1)) == 1


def test_given_dwellings_then_the_one_typed_is_found_and_without_one_the_building(tmp_path: Path) -> None:
    listed = {"12 OAK ST APT 1": (36.0, -78.9), "12 OAK ST APT 2": (36.001, -78.9), "14 OAK ST": (36.002, -78.9)}
    town = geocoder_of(tmp_path, listed.items())
    second = town.find("12 Oak Street Unit 2")[0]
    assert (second.words, second.sureness, at(second, listed["12 OAK ST APT 2"])) == ("12 OAK ST UNIT 2", 1.0, True)
    assert town.find("12 oak st")[0].words == "12 OAK ST"
    unknown = town.find("14 oak st apt 9")[0]
    assert (unknown.words, at(unknown, listed["14 OAK ST"])) == ("14 OAK ST", True)


def test_given_a_street_in_two_towns_then_the_town_decides(tmp_path: Path) -> None:
    path = tmp_path / "addresses.sqlite"
    with AddressIndexWriter(path) as index:
        index.add("10 MAIN ST", 36.0, -78.9, town="Springfield")
        index.add("10 MAIN ST", 36.2, -78.9, town="Shelbyville")
    town = Geocoder.open(path)
    assert town.find("10 main st, shelbyville")[0].words == "10 MAIN ST, SHELBYVILLE"
    assert town.find("10 Main St Springfield NC 27701")[0].words == "10 MAIN ST, SPRINGFIELD"
    assert len(town.find("10 Main St")) == 2


def test_given_an_address_at_two_places_then_both_are_told(tmp_path: Path) -> None:
    town = geocoder_of(tmp_path, [("10 OAK ST", (36.0, -78.9)), ("10 OAK ST", (36.1, -78.9)), ("10 OAK ST", (36.1, -78.9))])
    assert [place.latitude for place in town.find("10 oak st", near=(36.1, -78.9))] == [36.1, 36.0]


def test_given_many_threads_then_each_gets_its_answer(town: Geocoder) -> None:
    asked = random.Random(1).choices(rows(), k=60)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda row: town.find(row[0])[0], asked))
    assert all(at(place, point) for place, (_, point) in zip(answers, asked, strict=True))


def test_given_a_newer_file_then_the_next_answer_is_of_it(tmp_path: Path) -> None:
    town = geocoder_of(tmp_path, [("10 OAK ST", (36.0, -78.9))])
    assert town.find("10 elm st") == ()
    geocoder_of(tmp_path, [("10 ELM ST", (36.0, -78.9))])
    assert town.find("10 elm st")[0].words == "10 ELM ST"
    assert town.find("10 oak st") == ()


def test_given_an_import_that_breaks_off_then_the_old_file_stays_in_force(tmp_path: Path) -> None:
    town = geocoder_of(tmp_path, [("10 OAK ST", (36.0, -78.9))])
    with pytest.raises(ZeroDivisionError), AddressIndexWriter(tmp_path / "addresses.sqlite") as index:
        index.add("10 ELM ST", 36.0, -78.9)
        raise ZeroDivisionError
    assert town.find("10 oak st")[0].words == "10 OAK ST"
    assert [path.name for path in tmp_path.iterdir()] == ["addresses.sqlite"]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 2000])
def test_given_a_file_that_is_no_index_then_it_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "addresses.sqlite"
    path.write_bytes(content)
    with pytest.raises(Unusable, match="index of addresses"):
        Geocoder.open(path)


def test_given_a_file_of_another_version_or_cut_short_then_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "addresses.sqlite"
    geocoder_of(tmp_path, rows())
    whole = path.read_bytes()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE facts SET value = '0' WHERE name = 'format'")
    db.close()
    with pytest.raises(Unusable, match="another version"):
        Geocoder.open(path)
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(Unusable, match="index of addresses"):
        Geocoder.open(path).find("105 E MAIN ST")
