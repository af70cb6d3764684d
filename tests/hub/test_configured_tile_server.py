"""A center names a tile server in agency.toml; what cannot be one is refused with its place and what is allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console.domain.agency import TileServer
from console.hub.configuration import ConfigurationFaulty, load
from console.shipped import default_configuration

WHOLE = 'url = "https://tiles.example/{z}/{x}/{y}.png"\nattribution = "© Anybody"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(default_configuration(), tmp_path / "center")
    return tmp_path / "center"


def named(config: Path, lines: str) -> TileServer | None:
    with (config / "agency.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[tile_server]\n{lines}")
    return load(config).tile_server


def test_given_none_then_nothing_is_fetched_from_anywhere(config: Path) -> None:
    assert load(config).tile_server is None


def test_given_one_then_the_agency_knows_it(config: Path) -> None:
    found = named(config, WHOLE + 'dark_url = "http://10.0.0.1/dark/{z}/{x}/{y}"\nsize = 512\nmax_zoom = 17\n')
    assert found == TileServer(
        "https://tiles.example/{z}/{x}/{y}.png", "© Anybody", "http://10.0.0.1/dark/{z}/{x}/{y}", 0, 17, 512
    )


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (WHOLE.replace("{x}", "x"), "tile_server.url"),
        (WHOLE.replace("https", "ftp"), "tile_server.url"),
        (WHOLE + 'dark_url = "https://tiles.example/"\n', "tile_server.dark_url"),
        (WHOLE.replace("© Anybody", " "), "tile_server.attribution"),
        (WHOLE + "min_zoom = 9\nmax_zoom = 8\n", "zooms 9 to 8"),
        (WHOLE + "size = 300\n", "tile_server.size"),
        (WHOLE + "speed = 3\n", "tile_server"),
        ('url = "https://tiles.example/{z}/{x}/{y}.png"\n', "attribution"),
    ],
)
def test_given_one_that_cannot_be_then_it_is_refused_with_its_place(config: Path, lines: str, place: str) -> None:
    with pytest.raises(ConfigurationFaulty) as caught:
        named(config, lines)
    assert "agency.toml" in str(caught.value) and place in str(caught.value)
