"""The words of an address in their parts: the forms of USPS Publication 28, and that a form is its own form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.geography.address_words import Reading, Street, fold, read, street
from console.geography.street_words import DIRECTIONS, ORDINALS, ROAD_SYSTEMS, ROAD_WORDS, SPELLED, SUFFIXES

SPOKEN = st.lists(
    st.sampled_from(
        [*DIRECTIONS, *ORDINALS, *ROAD_SYSTEMS, *ROAD_WORDS, *sorted(SUFFIXES)[::7], "MAIN", "OAK", "54", "15-501", "B"]
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Main Street", Street("", "MAIN", "ST", "")),
        ("n. roxboro st.", Street("N", "ROXBORO", "ST", "")),
        ("NORTH ST", Street("", "NORTH", "ST", "")),
        ("West Park Drive", Street("W", "PARK", "DR", "")),
        ("Main St North West", Street("", "MAIN ST NORTH", "", "W")),
        ("Main St NW", Street("", "MAIN", "ST", "NW")),
        ("Ninth Street", Street("", "9TH", "ST", "")),
        ("Twenty First Ave", Street("", "21ST", "AVE", "")),
        ("Mount Moriah Road", Street("", "MT MORIAH", "RD", "")),
        ("Avenue B", Street("", "AVE B", "", "")),
        ("Hope Valley", Street("", "HOPE", "VLY", "")),
        ("NC 54", Street("", "54", "HWY", "", "NC")),
        ("W NC 54 Highway", Street("W", "54", "HWY", "", "NC")),
        ("Hwy 54 East", Street("", "54", "HWY", "E")),
        ("US 15/501", Street("", "15-501", "HWY", "", "US")),
        ("US 15-501 Business", Street("", "15-501 BUS", "HWY", "", "US")),
        ("I-85", Street("", "85", "HWY", "", "I")),
        ("County Road 12", Street("", "12", "HWY", "", "CO")),
    ],
)
def test_given_a_street_as_it_is_said_then_its_parts_are_told_apart(words: str, parts: Street) -> None:
    assert street(fold(words).split()) == parts


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("400 Main St", Reading(Street("", "MAIN", "ST", ""), 400)),
        ("400 block of Main St", Reading(Street("", "MAIN", "ST", ""), 400, block=True)),
        ("400 BLK MAIN ST", Reading(Street("", "MAIN", "ST", ""), 400, block=True)),
        ("1002 1/2 E Geer St", Reading(Street("E", "GEER", "ST", ""), 1002, "1/2")),
        ("2900 B Bainbridge Drive", Reading(Street("", "BAINBRIDGE", "DR", ""), 2900, "B")),
        ("2900B Bainbridge Drive", Reading(Street("", "BAINBRIDGE", "DR", ""), 2900, "B")),
        ("100 B St", Reading(Street("", "B", "ST", ""), 100)),
        ("12-34 Oak Ave", Reading(Street("", "OAK", "AVE", ""), 12, "-34")),
        ("2121 T.W. Alexander Dr, Suite 125", Reading(Street("", "TW ALEXANDER", "DR", ""), 2121, dwelling="STE 125")),
        ("518 Trinity Ave # B", Reading(Street("", "TRINITY", "AVE", ""), 518, dwelling="# B")),
        ("518 Trinity Ave Apt #5", Reading(Street("", "TRINITY", "AVE", ""), 518, dwelling="APT 5")),
        ("6910 Fayetteville Road 236", Reading(Street("", "FAYETTEVILLE", "RD", ""), 6910, dwelling="# 236")),
        ("139 E. Morgan Street, Springfield, NC 27701", Reading(Street("E", "MORGAN", "ST", ""), 139, town="SPRINGFIELD")),
        ("139 E Morgan St Springfield NC 27701", Reading(Street("E", "MORGAN", "ST", ""), 139, town="SPRINGFIELD")),
        ("4900 NC 55", Reading(Street("", "55", "HWY", "", "NC"), 4900)),
    ],
)
def test_given_an_address_as_it_is_said_then_it_is_first_read_so(words: str, expected: Reading) -> None:
    first = read(words, {"SPRINGFIELD"})[0]
    assert (first.street, first.number, first.part) == (expected.street, expected.number, expected.part)
    assert (first.dwelling, first.block, first.town) == (expected.dwelling, expected.block, expected.town)
    assert (first.crosses, first.trust) == (None, 1.0)


@pytest.mark.parametrize(
    "words",
    [
        "Main St/9th St",
        "MAIN ST & NINTH ST",
        "main st @ ninth street",
        "corner of Main St and Ninth St",
        "Main St at 9th St",
    ],
)
def test_given_two_streets_then_they_are_a_crossing(words: str) -> None:
    first = read(words)[0]
    assert (first.street.words, first.crosses and first.crosses.words) == ("MAIN ST", "9TH ST")


def test_given_a_name_before_or_behind_an_address_then_the_address_is_read_too_with_less_trust() -> None:
    before = [(each.number, each.street.words, each.trust) for each in read("Blue Corn 716 Ninth St")]
    assert (716, "9TH ST", 0.9) in before
    behind = [(each.number, each.street.words, each.trust) for each in read("1102 Gann St Taqueria")]
    assert (1102, "GANN ST", 0.93) in behind


def test_given_a_name_that_ends_like_a_suffix_then_it_is_read_as_a_name_too() -> None:
    assert {each.street.name for each in read("4830 Hope Valley")} >= {"HOPE", "HOPE VALLEY"}


@pytest.mark.parametrize("words", ["", "   ", ",,,", "/", "#", "..."])
def test_given_no_words_then_there_is_no_reading(words: str) -> None:
    assert read(words) == ()


@given(st.text(max_size=80))
def test_given_any_text_then_folding_it_twice_is_folding_it_once(words: str) -> None:
    assert fold(fold(words)) == fold(words)


@given(st.text(max_size=300))
def test_given_any_text_then_reading_it_does_not_fail_and_ignores_case_and_outer_blanks(words: str) -> None:
    assert read(f"  {words} ") == read(words)
    assert all(reading.street.name for reading in read(words))


@given(SPOKEN)
def test_given_the_words_of_any_street_then_its_written_form_has_the_same_form(words: list[str]) -> None:
    written = street(words).words
    again = street(fold(written).split()).words
    assert street(fold(again).split()).words == again


@given(st.integers(1, 99))
def test_given_a_street_with_an_ordinal_then_figures_and_words_are_one(number: int) -> None:
    figures = next(known for known in SPELLED if int(known[:-2]) == number)
    assert street([*SPELLED[figures].split(), "ST"]) == street([figures, "ST"])
