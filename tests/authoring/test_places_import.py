"""`import places`: places of a list or a layer put into places.csv by name, what changed told, nothing half written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import __main__ as entry
from console.authoring.places_import import as_csv, merge
from console.domain.agency import KnownPlace
from console.hub.configuration import load
from console.shipped import default_configuration
from tests.hub.test_configuration import FILES

Import = Callable[..., int]
KNOWN = "name,kind,latitude,longitude,address\nThe Shelter,shelter,36.01,-78.91,1 Oak St\nBase,base,36.02,-78.92,\n"
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
PLACES = st.lists(
    st.builds(
        KnownPlace, NAMES, st.sampled_from(["shelter", "base"]), st.integers(35, 37).map(float),
        st.integers(-79, -78).map(float),
    ),
    max_size=6, unique_by=lambda place: place.name.casefold(),
)  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A whole small configuration with two more places; its center lies at 36, -78.9."""
    for name, content in FILES.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(content, encoding="utf-8")
    places = tmp_path / "config" / "places.csv"
    places.write_text(places.read_text(encoding="utf-8") + KNOWN.partition("\n")[2], encoding="utf-8")
    return tmp_path / "config"


@pytest.fixture
def take(config: Path, tmp_path: Path) -> Import:
    """Import a text or bytes as a file of that name; gives the exit code."""

    def run(content: str | bytes, *more: str, name: str = "list.csv") -> int:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return entry.main(["import", "places", str(file), "--config", str(config), *more])

    return run


def places(config: Path) -> dict[str, KnownPlace]:
    return {place.name: place for place in load(config).places}


def layer(*features: tuple[Any, dict[str, Any]]) -> str:
    listed = [{"type": "Feature", "geometry": shape, "properties": said} for shape, said in features]
    return json.dumps({"type": "FeatureCollection", "features": listed})


def test_given_a_list_then_new_places_are_added_known_ones_changed_and_others_kept(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = places(config)
    rows = "name,kind,lat,lon,address\nTHE SHELTER,shelter,36.011,-78.91,\nDrop-in,drop off,36.03,-78.93,3 Elm St\n"
    assert take(rows) == 0
    told = capsys.readouterr().out
    assert "changed: The Shelter: moved by 111 m" in told
    assert "new: Drop-in (drop_off)" in told
    assert "2 places taken; left out: none" in told
    assert places(config) == before | {
        "The Shelter": KnownPlace("The Shelter", "shelter", 36.011, -78.91, "1 Oak St"),
        "Drop-in": KnownPlace("Drop-in", "drop_off", 36.03, -78.93, "3 Elm St"),
    }
    assert take(rows) == 0
    assert "changed" not in capsys.readouterr().out, "a second time nothing changes"


def test_given_a_layer_then_points_and_outlines_become_places_of_the_kind_that_is_said(take: Import, config: Path) -> None:
    ring = [[-78.94, 36.0], [-78.92, 36.0], [-78.92, 36.02], [-78.94, 36.02], [-78.94, 36.0]]
    text = layer(
        ({"type": "Point", "coordinates": [-78.91, 36.05]}, {"NAME": "St. Mary's", "ADDRESS": "5 Elm St"}),
        ({"type": "Polygon", "coordinates": [ring]}, {"NAME": "Campus"}),
    )
    assert take(text, "--kind", "hospital", name="layer.geojson") == 0
    found = places(config)
    assert found["St. Mary's"] == KnownPlace("St. Mary's", "hospital", 36.05, -78.91, "5 Elm St")
    assert 36.0 < found["Campus"].latitude < 36.02
    assert -78.94 < found["Campus"].longitude < -78.92


def test_given_projected_points_then_they_become_degrees(take: Import, config: Path) -> None:
    assert take("Facility,X,Y\nOak House,2055296.139,825122.6138\n", "--kind", "shelter", "--crs", "EPSG:2264") == 0
    house = places(config)["Oak House"]
    assert (round(house.latitude, 1), round(house.longitude, 1)) == (36.0, -78.8)


def test_given_a_mapping_then_its_columns_are_read(
    take: Import, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\nname = "WHO"\nx = "EAST"\ny = "NORTH"\nkind = "WHAT"\n')
    assert take("WHO,WHAT,EAST,NORTH\nDrop-in,shelter,-78.93,36.03\n", "--map", str(mapping)) == 0
    assert places(config)["Drop-in"].point == (36.03, -78.93)
    assert take("WHOM,WHAT,EAST,NORTH\nDrop-in,shelter,-78.93,36.03\n", "--map", str(mapping)) == 2
    assert "columns.name: there is no 'WHO'" in capsys.readouterr().err


def test_given_rows_that_cannot_be_taken_then_each_is_said_and_the_others_are_taken(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (
        "name,kind,lat,lon\nDrop-in,shelter,36.03,-78.93\n,shelter,36,-78.9\nFar,shelter,10,10\nNone,,36,-78.9\n"
        "drop-IN,shelter,36.04,-78.94\nOdd,!!,36,-78.9\nBlank,shelter,,\nShort,shelter\n"
    )
    assert take(rows) == 1
    told = capsys.readouterr()
    for line, why in (
        (3, "without a name"), (4, "a point more than 200 km"), (5, "without a kind: say --kind"),
        (6, "a name that stands there twice: drop-IN, first in line 2"), (7, "a kind that is none"), (8, "without a point"),
        (9, "wrong number of columns"),
    ):  # fmt: skip
        assert f"list.csv: line {line}: left out: {why}" in told.err
    assert "1 places taken" in told.out
    assert places(config)["Drop-in"].latitude == 36.03


def test_given_features_that_cannot_be_taken_then_each_is_said(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    point = {"type": "Point", "coordinates": [-78.91, 36.05]}
    away = {"type": "Point", "coordinates": [10.0, 10.0]}
    text = layer((point, {"NAME": "Here"}), (None, {"NAME": "Nowhere"}), (point, {"LEVEL": 3}), (away, {"NAME": "Away"}))
    assert take(text, "--kind", "school", name="layer.geojson") == 1
    told = capsys.readouterr().err
    for number, why in ((2, ""), (3, "without a name"), (4, "more than 200 km from the center")):
        assert f"layer.geojson: feature {number}: left out: {why}" in told
    assert "Here" in places(config)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "list.csv", "is empty"),
        (b"\xff\xfea\x00", "list.csv", "UTF-16"),
        (b"name,lat,lon\n", "list.csv", "no place of it could be taken"),
        (b"what,lat,lon\nx,36,-78.9\n", "list.csv", "no column of it is known as its name"),
        (b"name,where\nx,here\n", "list.csv", "no column of it is known as its point"),
        (b"name,x,y\nA,2055296,825122\n", "list.csv", "no place of it could be taken"),
        (b'{"type": "FeatureCollection", "features": [', "layer.geojson", "layer.geojson"),
        (b"not json", "layer.geojson", "layer.geojson"),
        (b"name," + b"x" * 2_000_000, "list.csv", "is not a header"),
        (b"name," + b"y" * 100_000, "list.csv", "known as its point"),
    ],
)
def test_given_a_file_of_which_nothing_can_be_made_then_it_is_said_and_nothing_changes(
    take: Import, config: Path, capsys: pytest.CaptureFixture[str], content: bytes, name: str, said: str
) -> None:
    before = (config / "places.csv").read_bytes()
    assert take(content, "--kind", "shelter", name=name) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.rstrip().endswith("Nothing was written.")
    assert (config / "places.csv").read_bytes() == before
    assert not list(config.glob("*.part"))


def test_given_the_shipped_example_of_a_mapping_then_it_is_read(take: Import, config: Path) -> None:
    example = default_configuration().parent / "mappings" / "places" / "example.toml"
    rows = "FACILITY,USE,STREET_ADDRESS,EASTING,NORTHING\nOak House,shelter,400 Chestnut Oak Pl,2055296.139,825122.6138\n"
    assert take(rows, "--map", str(example)) == 0
    assert places(config)["Oak House"].address == "400 Chestnut Oak Pl"


def test_given_a_kind_that_is_none_then_it_is_said(take: Import, capsys: pytest.CaptureFixture[str]) -> None:
    assert take("name,lat,lon\nA,36,-78.9\n", "--kind", "Drop Off") == 2
    assert "as in drop_off" in capsys.readouterr().err


@given(PLACES, PLACES)
def test_given_any_places_then_all_names_are_there_after_merging_and_again_changes_nothing(
    known: list[KnownPlace], found: list[KnownPlace]
) -> None:
    merged, _ = merge(known, found)
    assert {place.name.casefold() for place in merged} == {place.name.casefold() for place in (*known, *found)}
    assert merge(merged, found) == (merged, [])
    assert as_csv(merged).count("\n") == len(merged) + 1


def test_given_a_citys_schools_and_stations_then_all_are_taken(real_data: Path, config: Path) -> None:
    for file, kind in (("durham_schools.geojson", "school"), ("durham_fire_stations.csv", "fire_station")):
        path = real_data / "durham" / file
        assert entry.main(["import", "places", str(path), "--config", str(config), "--kind", kind]) == 0
    kinds = [place.kind for place in load(config).places]
    assert (kinds.count("school"), kinds.count("fire_station")) == (47, 20)
