"""`import basemap`: an archive is checked and put in place, streets are drawn, and what is in force stays until then."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.__main__ import main
from console.geography.basemap import Basemap
from console.geography.drawn_streets import DrawnStreets
from console.geography.drawn_tiles import DrawnTiles
from console.geography.tile_archive import TileName
from console.ui.map.tiles import rendering
from console.ui.map.tiles.drawing import draw
from console.ui.theme import Theme
from tests.geography.archives import TILES, mbtiles, pmtiles, png

STREET = {
    "type": "Feature",
    "properties": {"name": "Main Street", "highway": "primary", "osm_id": 1},
    "geometry": {"type": "LineString", "coordinates": [[-78.9, 36.0], [-78.89, 36.0]]},
}
FOOTWAY = {**STREET, "properties": {"highway": "footway"}}


@pytest.fixture
def config(tmp_path: Path, qapp: QApplication) -> Path:
    (tmp_path / "center").mkdir()
    (tmp_path / "center" / "agency.toml").write_text("")
    return tmp_path / "center"


def streets(path: Path, *features: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features or [STREET]}), encoding="utf-8")
    return path


def run(path: Path, config: Path, *more: str) -> int:
    return main(["import", "basemap", str(path), "--config", str(config), *more])


def files(config: Path) -> list[str]:
    folder = config / "geography"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(("make", "name"), [(mbtiles, "basemap.mbtiles"), (pmtiles, "basemap.pmtiles")])
def test_given_an_archive_then_it_stands_in_the_configuration_byte_for_byte(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], make: object, name: str
) -> None:
    path = (mbtiles if make is mbtiles else pmtiles)(tmp_path / "county.mbtiles", attribution="© The county")
    assert run(path, config) == 0
    assert files(config) == [name]
    assert (config / "geography" / name).read_bytes() == path.read_bytes()
    assert "3 tiles (png, zooms 0 to 1)" in capsys.readouterr().out


def test_given_tiles_of_another_part_of_the_world_then_the_map_in_force_stays(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "agency.toml").write_text("center = [36.0, -78.9]\n")
    assert run(mbtiles(tmp_path / "county.mbtiles"), config) == 0, "the whole world has the center on it"
    before = (config / "geography" / "basemap.mbtiles").read_bytes()
    assert run(mbtiles(tmp_path / "mountain.mbtiles", bounds="-118.4,36.5,-118.2,36.6"), config) == 2
    assert "more than 200 km from the center (36, -78.9)" in capsys.readouterr().err
    assert files(config) == ["basemap.mbtiles"] and (config / "geography" / "basemap.mbtiles").read_bytes() == before


def test_given_some_bad_tiles_then_the_archive_is_taken_and_they_are_listed(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", {**TILES, TileName(1, 0, 1): b"no picture"})
    assert run(path, config) == 1
    assert f"{path}: tile 1/0/1: it is neither" in capsys.readouterr().err
    assert files(config) == ["basemap.mbtiles"]


@pytest.mark.parametrize("content", [b"", b"rubbish", b"SQLite format 3\0rubbish", b"PMTiles\x03rubbish"])
@pytest.mark.parametrize("name", ["a.mbtiles", "a.pmtiles", "a.geojson", "a.osm.pbf", "a.zip"])
def test_given_a_file_of_which_nothing_can_be_made_then_what_is_in_force_stays(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], content: bytes, name: str
) -> None:
    before = mbtiles(tmp_path / "before.mbtiles")
    assert run(before, config) == 0
    path = tmp_path / name
    path.write_bytes(content)
    assert run(path, config) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{path}: ") and "Nothing was changed" in told and "Traceback" not in told
    assert (config / "geography" / "basemap.mbtiles").read_bytes() == before.read_bytes()
    assert Basemap(config / "geography").sets()


def test_given_no_file_or_no_configuration_then_it_is_said(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.mbtiles", config) == 2
    assert run(mbtiles(tmp_path / "a.mbtiles"), tmp_path) == 2
    told = capsys.readouterr().err
    assert "no such file" in told and "has no agency.toml" in told


def test_given_streets_then_both_themes_are_drawn_and_put_an_archive_out_of_force(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(mbtiles(tmp_path / "a.mbtiles"), config) == 0
    path = streets(tmp_path / "streets.geojson")
    assert run(path, config) == 0
    assert files(config) == ["basemap-dark.mbtiles", "basemap-light.mbtiles"]
    basemap = Basemap(config / "geography")
    dark, light = basemap.sets()
    assert (dark.min_zoom, dark.max_zoom, dark.size) == (9, 15, 512)
    assert dark.attribution == light.attribution == "© OpenStreetMap contributors"
    for name in rendering.tiles_of(dark.bounds):
        assert basemap.tile("dark", name) and basemap.tile("light", name) != basemap.tile("dark", name)
    basemap.close()
    assert "from 1 lines" in capsys.readouterr().out
    assert run(path, config) == 0
    assert "there already" in capsys.readouterr().out
    assert run(path, config, "--attribution", "© The county") == 0
    assert Basemap(config / "geography").sets()[0].attribution == "© The county"


def test_given_streets_of_which_some_are_left_out_then_they_are_counted_by_reason(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(streets(tmp_path / "streets.geojson", STREET, FOOTWAY, FOOTWAY), config) == 1
    assert "2 left out: for people on foot" in capsys.readouterr().err


def test_given_no_street_then_nothing_is_drawn_and_no_part_is_left_in_force(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(streets(tmp_path / "streets.geojson", FOOTWAY), config) == 2
    assert "no street is in it" in capsys.readouterr().err
    assert not Basemap(config / "geography").sets()


def test_given_a_line_in_another_part_of_the_world_then_it_is_refused_before_anything_is_drawn(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = {**STREET, "geometry": {"type": "LineString", "coordinates": [[100.0, -30.0], [100.1, -30.0]]}}
    assert run(streets(tmp_path / "streets.geojson", STREET, far), config) == 2
    assert "elsewhere in the world" in capsys.readouterr().err


KILLED = """
import os, sys
from console.geography.drawn_streets import DrawnStreets
from console.geography.drawn_streets import DrawnStreets
from console.geography.drawn_tiles import DrawnTiles
from console.__main__ import main
put, times = DrawnTiles.put, 0
def put_and_die(self, tiles):
    global times
    put(self, tiles)
    times += 1
    if times == 5:
        os._exit(9)
DrawnTiles.put = put_and_die
main(sys.argv[1:])
"""


def test_given_it_was_killed_in_the_middle_then_the_next_run_draws_only_what_is_missing(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    longer = {**STREET, "geometry": {"type": "LineString", "coordinates": [[-78.9, 36.0], [-78.86, 36.03]]}}
    path = streets(tmp_path / "streets.geojson", longer)
    words = ["import", "basemap", str(path), "--config", str(config)]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], env=surroundings, cwd=Path(__file__).parents[1])
    assert killed.returncode == 9
    assert not Basemap(config / "geography").sets()
    drawn: list[TileName] = []

    def draw_and_tell(streets: DrawnStreets, name: TileName, themes: Sequence[Theme]) -> list[bytes]:
        drawn.append(name)
        return draw(streets, name, themes)

    monkeypatch.setattr(rendering, "draw", draw_and_tell)
    assert main(words) == 0
    out = capsys.readouterr().out
    before = int(re.search(r"; (\d+) of them were there", out)[1])  # type: ignore[index]
    assert before >= 32
    assert len(drawn) + before == len(rendering.tiles_of(Basemap(config / "geography").sets()[0].bounds))
    assert files(config) == ["basemap-dark.mbtiles", "basemap-light.mbtiles"]


def test_given_one_theme_was_finished_when_it_ended_then_the_next_run_finishes_the_other(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    finish = DrawnTiles.finish
    ended: list[str] = []

    def finish_one(self: DrawnTiles, facts: object, name: str) -> None:
        if ended:
            raise KeyboardInterrupt
        ended.append(name)
        finish(self, facts, name)  # type: ignore[arg-type]

    path = streets(tmp_path / "streets.geojson")
    monkeypatch.setattr(DrawnTiles, "finish", finish_one)
    assert run(path, config) == 2
    assert "goes on where it ended" in capsys.readouterr().err
    monkeypatch.setattr(DrawnTiles, "finish", finish)
    assert run(path, config) == 0
    assert files(config) == ["basemap-dark.mbtiles", "basemap-light.mbtiles"]
    assert len(Basemap(config / "geography").sets()) == 2


def test_given_the_disk_is_full_then_it_is_said_and_an_archive_later_takes_what_was_half_drawn_away(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: DrawnTiles, tiles: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(DrawnTiles, "put", full)
    assert run(streets(tmp_path / "streets.geojson"), config) == 2
    told = capsys.readouterr().err
    assert "disk is full" in told and "stays so" in told
    assert any(".part" in name for name in files(config))
    assert run(mbtiles(tmp_path / "a.mbtiles"), config) == 0
    assert files(config) == ["basemap.mbtiles"]


@pytest.mark.real_data
def test_given_a_real_extract_of_openstreetmap_then_it_is_drawn_with_its_attribution(
    real_data: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(real_data / "maps" / "West-Oakland.osm.bz2", config) in (0, 1)
    assert "© OpenStreetMap contributors" in capsys.readouterr().out
    assert Basemap(config / "geography").sets()[0].attribution == "© OpenStreetMap contributors"


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["invalid.mbtiles", "invalid-tile-format.mbtiles", "world_cities.mbtiles"])
def test_given_a_real_archive_that_cannot_be_shown_then_the_reason_is_said(
    real_data: Path, config: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(real_data / "maps" / name, config) == 2
    assert "Nothing was changed" in capsys.readouterr().err
    assert files(config) == []


def test_given_a_picture_of_one_size_in_a_shapefile_zip_name_then_it_is_no_archive(tmp_path: Path, config: Path) -> None:
    path = tmp_path / "streets.zip"
    path.write_bytes(png())
    assert run(path, config) == 2
