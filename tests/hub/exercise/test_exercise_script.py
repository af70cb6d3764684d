"""Reading a script: what it says is checked against the agency, and every error names file, place and what is allowed."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.hub.exercise import ScriptError, prepare
from tests.support.exercise import CONFIGURATION, exercise


def broken(folder: Path, old: str, new: str) -> Path:
    """A copy of the shipped script with one thing wrong."""
    words = (CONFIGURATION / "exercise.toml").read_text(encoding="utf-8")
    assert old in words
    (folder / "exercise.toml").write_text(words.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('area = "city"', 'area = "moon"', "area: 'moon' is not one of city, launch-2022"),
        ("[calls.WELFARE]", "[calls.WELLFARE]", "calls.WELLFARE: 'WELLFARE' is not one of"),
        ('missed_busy = "ALLBUSY"', 'missed_busy = "BUSY"', "codes.missed_busy: 'BUSY' is not one of"),
        ("traffic = [12, ", "traffic = [", "hours.traffic: has 23 weights; 24 are wanted"),
        ("transport = 0.0652", 'transport = "some"', "Expected `float`, got `str` - at `$.crews[...].transport`"),
        ("[crews.COR]", "[crews.COX]", "crews.COX: 'COX' is not one of"),
        ('party_fact = "party"', 'party_fact = "part"', "party_fact: 'part' is not one of"),
        ("intoxication = { none", "intoxicated = { none", "truth.intoxicated: 'intoxicated' is not one of"),
        ("family = { none = 92", "family = { nobody = 92", "truth.family: 'nobody' is not one of child, none, partner"),
        ("truth.asked_for = { papers", "truth.asked_for = { orders", "calls.IVC.truth.asked_for: 'orders' is not one of"),
        ('value = "imminent"', 'value = "soon"', "turns.what[2].value: 'soon' is not one of imminent, none"),
        ('fact = "violence"', 'fact = "fight"', "turns.what[3].fact: 'fight' is not one of"),
        (
            'skills = ["SUICIDE", "YOUTH"]',
            'skills = ["TALK"]',
            "people.reyes.skills: 'TALK' is not one of OLDER, SUBSTANCE",
        ),
        ('programme = "CCD"', 'programme = "CDC"', "people.reyes.programme: 'CDC' is not one of CCD, CN, COR, CRT"),
        ("begins = 14:30:00", "begins = 14:30:00\nbegan = 1", "unknown field `began`"),
    ],
)
def test_given_a_wrong_script_when_read_then_one_line_says_where_and_what(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(ScriptError) as error:
        prepare(broken(tmp_path, old, new), exercise().agency, 1)
    assert said in str(error.value)
    assert str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_given_a_configuration_without_a_script_when_prepared_then_it_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="there is none"):
        prepare(tmp_path, exercise().agency, 1)


def test_given_an_agency_without_a_base_layer_when_prepared_then_the_city_has_corners_only() -> None:
    assert prepare(CONFIGURATION, replace(exercise().agency, basemap=""), 1).city.roads.roads == ()


def test_given_a_base_layer_that_is_none_when_prepared_then_one_line_says_so() -> None:
    with pytest.raises(ScriptError, match=r"basemap\.geojson: the exercise's roads cannot be read"):
        prepare(CONFIGURATION, replace(exercise().agency, basemap='{"features": [{}]}'), 1)


def test_given_the_shipped_script_then_the_people_of_the_pictures_are_there_and_it_begins_in_the_afternoon() -> None:
    people = {person.name: person for person in exercise().people}
    assert people["T. Okafor"].position == "position 12"
    assert (people["M. Reyes"].title, people["M. Reyes"].position) == ("LCSW", "desk 3")
    assert (people["M. Reyes"].extension, people["M. Reyes"].skills) == ("2103", ("SUICIDE", "YOUTH"))
    assert {"J. Lin", "P. Wade", "D. Alston"} < people.keys()
    now = datetime(2025, 1, 15, 3, 0, tzinfo=UTC)  # 22:00 the day before in the city
    assert exercise().begins(now) == datetime(2025, 1, 14, 19, 30, tzinfo=UTC)
    assert exercise().begins(now, time(9)) == datetime(2025, 1, 14, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(("day", "begins"), [(16, 16), (17, 17), (18, 17), (19, 17), (20, 20)])
def test_given_a_saturday_or_sunday_then_an_exercise_begins_on_the_friday_before(day: int, begins: int) -> None:
    noon = datetime(2025, 1, day, 17, 0, tzinfo=UTC)
    assert exercise().begins(noon) == datetime(2025, 1, begins, 19, 30, tzinfo=UTC)
    assert exercise().begins(noon, time(9)) == datetime(2025, 1, begins, 14, 0, tzinfo=UTC)
