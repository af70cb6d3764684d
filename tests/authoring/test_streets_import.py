"""`heart-console import streets`: what was taken and left out, and that nothing broken takes a good file's place."""

from __future__ import annotations

import bz2
import json
import shutil
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from console import __main__ as entry
from console.geography import streets_file
from console.geography.street_lines import StreetLine, read_streets
from tests.geography.towns import grid, street

SHIPPED = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of a shipped configuration, whose center lies near the towns made by hand."""
    copy = tmp_path / "center"
    shutil.copytree(SHIPPED / "durham", copy, ignore=shutil.ignore_patterns("geography"))
    return copy


def geojson(path: Path, lines: Sequence[StreetLine]) -> Path:
    """The lines as a file."""
    features = [
        {
            "type": "Feature",
            "properties": {"highway": "residential", "name": line.name, "oneway": line.oneway},
            "geometry": {
                "type": "LineString",
                "coordinates": [[longitude, latitude] for latitude, longitude in line.points],
            },
        }
        for line in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def run(file: Path, config: Path, *more: str) -> int:
    """Run the command as from the command line."""
    return entry.main(["import", "streets", str(file), "--config", str(config), *more])


def test_given_streets_when_imported_then_roads_of_the_configuration_and_a_word_about_them(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(geojson(tmp_path / "town.geojson", grid(5)), config) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "town.geojson: 10 lines of streets, 8 km; 40 stretches between 25 junctions" in said.out
    assert "100.0% of it is one connected piece of 1; 100.0%, 8 km, hangs together" in said.out
    assert len(streets_file.read(config / "geography" / "streets.sqlite").roads.start) == 40


def test_given_an_island_when_imported_then_told_and_exit_1(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = geojson(tmp_path / "town.geojson", [*grid(5), street((5000, 0), (6000, 0))])
    assert run(file, config) == 1
    said = capsys.readouterr()
    assert f"{file}: 1.0 km left out: no way leads there and back" in said.err
    assert "88.9% of it is one connected piece of 2" in said.out
    assert "only 88.9% hangs together, and " in said.err


@pytest.mark.parametrize(
    ("tie", "joined"), [((), True), (("--tie", "0"), False), (("--tie", "20"), False), (("--tie", "40"), True)]
)
def test_given_a_straightened_drawing_when_imported_then_loose_ends_are_tied_unless_told_otherwise(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], tie: Sequence[str], joined: bool
) -> None:
    main = [street((n * 120, 0), (n * 120 + 120, 0)) for n in range(60)]
    sides = [street((n * 120 + 60, 30), (n * 120 + 60, 230)) for n in range(60)]
    run(geojson(tmp_path / "town.geojson", main + sides), config, *tie)
    said = capsys.readouterr()
    assert ("60 ends of lines met nothing and were tied" in said.err) is joined
    assert ("100.0% of it is one connected piece of 1" in said.out) is joined


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.geojson", None, "cannot be read"),
        ("empty.geojson", b"", ""),
        ("empty.osm", b"", "no OpenStreetMap file"),
        ("text.pbf", b"this is no map" * 100, "no OpenStreetMap file"),
        ("cut.osm.bz2", bz2.compress(b"<osm version='0.6'>" + b" " * 9999)[:30], "no OpenStreetMap file"),
        ("list.geojson", b"[1, 2, 3]", ""),
        ("points.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
         b'"geometry":{"type":"Point","coordinates":[-79,36]}}]}', "no street that anybody could drive on"),
        ("mixed.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Caf\xe9"}', ""),
    ],
)  # fmt: skip
def test_given_a_file_of_which_nothing_can_be_made_when_imported_then_said_and_the_old_streets_stay(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    run(geojson(tmp_path / "town.geojson", grid(3)), config)
    path = config / "geography" / "streets.sqlite"
    before = path.read_bytes()
    capsys.readouterr()
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert run(file, config) == 2
    said = capsys.readouterr()
    assert name in said.err and words in said.err and "Nothing was changed" in said.err
    assert said.out == ""
    assert path.read_bytes() == before


def test_given_streets_of_another_city_or_swapped_when_imported_then_refused(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = StreetLine("Far", "street", 0, 50.0, 0, ((48.1, 11.5), (48.2, 11.6)))
    swapped = StreetLine("Swapped", "street", 0, 50.0, 0, ((-79.0, 36.0), (-78.9, 36.1)))
    for line in (far, swapped):
        assert run(geojson(tmp_path / "far.geojson", [line]), config) == 2
        assert "more than 200 km from the center" in capsys.readouterr().err
    assert not (config / "geography").exists()


def test_given_one_way_streets_that_lead_nowhere_when_imported_then_refused(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(geojson(tmp_path / "oneway.geojson", [street((0, 0), (900, 0), oneway=1)]), config) == 2
    assert "so no way comes back" in capsys.readouterr().err


def test_given_no_configuration_or_no_metres_when_imported_then_usage(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = geojson(tmp_path / "town.geojson", grid(3))
    assert run(file, tmp_path / "nowhere") == 2
    with pytest.raises(SystemExit):
        run(file, config, "--tie", "far")
    assert "metres, 0 to 500" in capsys.readouterr().err


def test_given_a_large_file_when_read_then_no_more_of_it_is_in_memory_than_a_few_lines(tmp_path: Path) -> None:
    path = geojson(tmp_path / "large.geojson", [street(*((e, n) for e in range(300)), name=str(n)) for n in range(400)])
    size = path.stat().st_size
    assert size > 4_000_000
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_streets(path, lambda _: None))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 400
    assert peak < size / 2


def test_given_the_roads_of_durham_when_imported_then_most_of_them_hang_together(
    real_data: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(real_data / "durham" / "durham_osm_roads.geojson", config) == 1
    said = capsys.readouterr()
    assert "97.3% of it is one connected piece of 41; 95.0%, " in said.out
    assert " ends of lines met nothing and were tied" in said.err and "214 left out: a railway" in said.err


def test_given_streets_of_oakland_when_imported_into_another_city_then_refused(
    real_data: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(real_data / "maps" / "West-Oakland.osm.bz2", config) == 2
    assert "more than 200 km from the center" in capsys.readouterr().err
