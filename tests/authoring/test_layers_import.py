"""`import layers`: outlines side by side, replaced by name, dated; a service area; nothing half written, nothing silent."""

import json
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from console import __main__ as entry
from console.domain.areas import holds, polygons
from console.geography import layers_file
from console.geography.layers import Layers
from console.hub.configuration import load
from console.shipped import default_configuration

TODAY = date(2026, 5, 4)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose center everything made here lies near."""
    return Path(shutil.copytree(default_configuration(), tmp_path / "config"))


@cache
def _center() -> tuple[float, float]:
    return load(default_configuration()).center


def square(east: float, size: float = 0.02) -> dict[str, Any]:
    """A square about the center, or so many degrees east of it."""
    north, middle = _center()
    west = middle + east - size / 2
    ring = [
        [west, north - size / 2],
        [west + size, north - size / 2],
        [west + size, north + size / 2],
        [west, north + size / 2],
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def features(path: Path, *pairs: tuple[Any, dict[str, Any]]) -> Path:
    listed = [{"type": "Feature", "properties": properties, "geometry": geometry} for geometry, properties in pairs]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}))
    return path


def run(config: Path, file: Path, *more: str) -> int:
    return entry.main(["import", "layers", str(file), "--config", str(config), *more])


def layers_of(config: Path) -> Layers:
    return Layers.read(config / "geography" / layers_file.NAME)


def test_given_two_layers_then_they_lie_side_by_side_and_one_of_the_same_name_is_replaced(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    center = _center()
    beside = (center[0], center[1] + 0.02)
    beats = features(tmp_path / "beats.json", (square(0), {"BEAT": 111.0}), (square(0.02), {"BEAT": " 112 "}))
    district = features(tmp_path / "d.json", (square(0, 0.2), {"NAME": "D1"}))
    assert run(config, beats, "--kind", "beat", "--label", "BEAT") == 0
    assert run(config, district, "--kind", "district", "--label", "NAME", "--name", "police-districts") == 0
    assert "now has: beat, police-districts" in capsys.readouterr().out
    assert layers_of(config).at(center, TODAY) == {"beat": "111", "district": "D1"}
    assert layers_of(config).at(beside, TODAY) == {"beat": "112", "district": "D1"}
    assert layers_of(config).at((center[0], center[1] + 1), TODAY) == {}
    assert (
        run(config, features(tmp_path / "new.json", (square(0), {"BEAT": "A7"})), "--kind", "beat", "--label", "BEAT") == 0
    )
    assert layers_of(config).at(center, TODAY) == {"beat": "A7", "district": "D1"}
    assert layers_of(config).at(beside, TODAY) == {"district": "D1"}


def test_given_dates_then_the_newest_layer_of_a_kind_that_holds_on_the_day_counts(config: Path, tmp_path: Path) -> None:
    center = _center()
    for label, more in (("old", []), ("new", ["--from", "2026-01-01"]), ("next", ["--from", "2027-01-01"])):
        file = features(tmp_path / f"{label}.json", (square(0), {"BEAT": label}))
        assert run(config, file, "--kind", "beat", "--label", "BEAT", "--name", f"beats-{label}", *more) == 0
    days = (date(1990, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [layers_of(config).at(center, day)["beat"] for day in days] == ["old", "old", "new", "new", "next"]


def test_given_features_that_are_no_outlines_or_have_no_label_then_they_are_listed_and_counted(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, twice = (square(0), {"BEAT": "1"}), (square(0.1), {"BEAT": "1"})
    file = features(
        tmp_path / "mixed.json", good, (square(0), {"BEAT": None}), (None, {"BEAT": "3"}), twice,
        ({"type": "Point", "coordinates": [-78.9, 36]}, {"BEAT": "5"}),
    )  # fmt: skip
    assert run(config, file, "--kind", "beat", "--label", "BEAT") == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"{file}: feature 2: left out: it has no BEAT",
        f"{file}: feature 3: left out: it has no geometry",
        f"{file}: feature 5: left out: a Point encloses no ground",
    ]
    assert "2 outlines taken as 'beat' (beat), of all times" in said.out
    assert "left out: 1 no outline, 1 without a label, 1 without a usable geometry" in said.out
    assert "labels that several outlines have, which is then one place for calls: 1" in said.out


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("", [], "it is empty"),
        ("{", [], "cut off"),
        (
            '{"type": "FeatureCollection", "features": []}',
            [],
            "no outline was taken; the properties of its features are: none",
        ),
        (None, ["--label", "BAET"], "no outline was taken (1 without a label); the properties of its features are: BEAT"),
        (None, ["--only", "BEAT=9"], "no outline was taken (1 not BEAT = 9)"),
    ],
)
def test_given_a_file_of_which_nothing_can_be_taken_then_the_old_layers_stay_in_force(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, more: list[str], words: str
) -> None:
    file = features(tmp_path / "beats.json", (square(0), {"BEAT": "1"}))
    assert run(config, file, "--kind", "beat", "--label", "BEAT") == 0
    before = (config / "geography" / layers_file.NAME).read_bytes()
    if content is not None:
        file.write_text(content)
    assert run(config, file, "--kind", "beat", "--label", "BEAT", *more) == 2
    said = capsys.readouterr().err
    assert words in said and "Nothing was written." in said
    assert [path.name for path in (config / "geography").iterdir()] == [layers_file.NAME]
    assert (config / "geography" / layers_file.NAME).read_bytes() == before


def test_given_coordinates_that_are_swapped_then_nothing_is_written(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outline = square(0)
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in outline["coordinates"][0]]]}
    assert run(config, features(tmp_path / "b.json", (swapped, {"BEAT": "1"})), "--kind", "beat", "--label", "BEAT") == 2
    assert "more than 200 km from the center" in (said := capsys.readouterr().err) and "may be swapped" in said
    assert not (config / "geography").exists()


def test_given_layers_that_are_damaged_then_nothing_is_put_beside_them(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "geography").mkdir()
    (config / "geography" / layers_file.NAME).write_bytes(b"SQLite format 3\0 and no more")
    file = features(tmp_path / "beats.json", (square(0), {"BEAT": "1"}))
    assert run(config, file, "--kind", "beat", "--label", "BEAT") == 2
    assert f"import layers: {config / 'geography' / layers_file.NAME}: it is damaged" in capsys.readouterr().err
    assert [path.name for path in (config / "geography").iterdir()] == [layers_file.NAME]


@pytest.mark.parametrize(
    "more",
    [
        [], ["--kind", "beat"], ["--label", "BEAT"], ["--service-area", "city", "--kind", "beat"],
    ],
)  # fmt: skip
def test_given_options_that_do_not_go_together_then_it_says_what_to_write(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    assert run(config, features(tmp_path / "beats.json"), *more) == 2
    assert "--label" in capsys.readouterr().err


@pytest.mark.parametrize(
    "more", [["--kind", "Beat!"], ["--from", "soon"], ["--only", "BEAT"], ["--tolerance", "-1"], ["--service-area", "../x"]]
)
def test_given_an_option_that_is_no_good_then_it_is_refused_with_what_it_should_be(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    with pytest.raises(SystemExit):
        run(config, tmp_path / "beats.json", *more)
    assert repr(more[1]) in capsys.readouterr().err


def test_given_an_outline_then_it_becomes_the_area_that_programmes_name(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    center = _center()
    file = features(
        tmp_path / "limits.json", (square(0), {"CITY": "Ours"}), (square(0.02), {"CITY": "Ours"}),
        (square(0.1), {"CITY": "Theirs"}),
    )  # fmt: skip
    assert run(config, file, "--service-area", "city", "--only", "CITY=Ours", "--tolerance", "1") == 0
    agency = load(config)
    area = polygons(agency.areas["city"])
    assert len(area) == 1, "squares that touch are one outline"
    assert (
        holds(area, center) and holds(area, (center[0], center[1] + 0.02)) and not holds(area, (center[0], center[1] + 0.1))
    )
    said = capsys.readouterr().out
    assert "2 outlines taken as the area 'city'" in said and "left out: 1 not CITY = Ours" in said
    served = [p for p in agency.programmes for each in p.areas if each.file == "city"]
    assert served, "the shipped configuration names the area"
    for programme in served:
        assert f"{programme.name} ({programme.code}): from " in said
    assert run(config, file, "--service-area", "new-one") == 0
    assert "no programme names it yet" in capsys.readouterr().out
    assert sorted(path.suffix for path in (config / "areas").iterdir())[0] == ".geojson", "nothing is left aside"


def test_given_the_real_layers_then_beats_and_districts_agree_for_real_addresses(real_data: Path, tmp_path: Path) -> None:
    durham, config = real_data / "durham", Path(shutil.copytree(default_configuration(), tmp_path / "config"))
    assert run(config, durham / "durham_police_beats_37.geojson", "--kind", "beat", "--label", "beat") == 0
    assert run(config, durham / "durham_police_districts.geojson", "--kind", "district", "--label", "district") == 0
    assert run(config, durham / "durham_city_limits.geojson", "--kind", "city", "--label", "municipalb") == 0
    assert run(config, durham / "durham_city_limits.geojson", "--service-area", "city") == 0
    beats = json.loads((durham / "durham_police_beats_37.geojson").read_text())["features"]
    district_of = {str(each["properties"]["beat"]): each["properties"]["district"] for each in beats}
    lines = (durham / "durham_address_points.csv").read_text().splitlines()[1:]
    points = [(float(latitude), float(longitude)) for _, latitude, longitude in (line.rsplit(",", 2) for line in lines)]
    layers = layers_of(config)
    city = polygons(load(config).areas["city"])
    found = [layers.at(point, TODAY) for point in points]
    assert len(district_of) == 37 and len(found) == 4_405
    both = [each for each in found if "beat" in each and "district" in each]
    assert all(district_of[each["beat"]] == each["district"] for each in both)
    # Seven lie in the sheriff's beat 999, which belongs to no police district; the others far out in the county.
    assert len(both) == 4_294
    assert sum("beat" not in each for each in found) == 104
    assert sum(each.get("beat") == "999" for each in found) == 7
    differ = sum(("city" in each) is not holds(city, point) for each, point in zip(found, points, strict=True))
    assert differ <= 5, "the area of a programme is the city limits, but for five metres"
    drawn = {layer.name: layer for layer in layers.drawn(TODAY)}
    assert len(drawn["beat"].geojson) < 200_000
    labels = [each["properties"]["label"] for each in json.loads(drawn["beat"].geojson)["features"]]
    assert sorted(labels) == sorted(district_of)
