"""Which tiles a center's folder gives for each theme, and that a broken file is said and left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.geography.basemap import Basemap
from console.geography.tile_archive import TileName
from tests.geography.archives import TILES, mbtiles, pmtiles, png

ZERO = TileName(0, 0, 0)


def test_given_no_folder_then_there_are_no_tiles(tmp_path: Path) -> None:
    for basemap in (Basemap(None), Basemap(tmp_path / "none")):
        assert basemap.sets() == () and basemap.tile("dark", ZERO) is None
        assert not basemap.there() and not basemap.trouble


def test_given_a_centers_own_archive_then_both_themes_show_it(tmp_path: Path) -> None:
    pmtiles(tmp_path / "basemap.pmtiles", attribution="© The county")
    basemap = Basemap(tmp_path)
    dark, light = basemap.sets()
    assert (dark.theme, light.theme) == ("dark", "light") and dark.archive == light.archive
    assert dark.attribution == "© The county"
    assert basemap.tile("light", ZERO) == TILES[ZERO] and basemap.tile("dark", TileName(1, 1, 0)) is None
    basemap.close()


def test_given_drawn_tiles_then_each_theme_has_its_own_and_a_centers_archive_goes_before(tmp_path: Path) -> None:
    mbtiles(tmp_path / "basemap-dark.mbtiles", {ZERO: png(shade=1)})
    basemap = Basemap(tmp_path)
    assert [tiles.theme for tiles in basemap.sets()] == ["dark"]
    mbtiles(tmp_path / "basemap-light.mbtiles", {ZERO: png(shade=2)})
    dark, light = basemap.sets()
    assert dark.archive != light.archive
    assert (basemap.tile("dark", ZERO), basemap.tile("light", ZERO)) == (png(shade=1), png(shade=2))
    mbtiles(tmp_path / "basemap.mbtiles", {ZERO: png(shade=3)})
    assert basemap.tile("dark", ZERO) == basemap.tile("light", ZERO) == png(shade=3)
    basemap.close()


def test_given_an_import_while_it_is_open_then_the_new_archive_has_another_name(tmp_path: Path) -> None:
    mbtiles(tmp_path / "basemap.mbtiles", {ZERO: png(shade=1)})
    basemap = Basemap(tmp_path)
    before = basemap.archive_of("dark")
    mbtiles(tmp_path / "new", {ZERO: png(shade=2)}).replace(tmp_path / "basemap.mbtiles")
    assert basemap.archive_of("dark") not in ("", before)
    assert basemap.tile("dark", ZERO) == png(shade=2)
    basemap.close()


@pytest.mark.expects_log("the base map is not used")
def test_given_a_broken_file_then_it_is_said_once_and_used_again_when_it_is_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "basemap.mbtiles").write_bytes(b"broken")
    basemap = Basemap(tmp_path)
    assert basemap.sets() == () == basemap.sets() and basemap.tile("dark", ZERO) is None
    assert "basemap.mbtiles" in basemap.trouble and len(caplog.records) == 1
    mbtiles(tmp_path / "new").replace(tmp_path / "basemap.mbtiles")
    assert len(basemap.sets()) == 2 and not basemap.trouble
    basemap.close()


@pytest.mark.expects_log("the base map is not used")
def test_given_one_broken_theme_then_the_other_goes_on(tmp_path: Path) -> None:
    mbtiles(tmp_path / "basemap-dark.mbtiles")
    (tmp_path / "basemap-light.mbtiles").write_bytes(b"")
    basemap = Basemap(tmp_path)
    assert [tiles.theme for tiles in basemap.sets()] == ["dark"]
    assert basemap.tile("dark", ZERO) and basemap.tile("light", ZERO) is None
    basemap.close()


@pytest.mark.expects_log("is not used")
def test_given_an_archive_that_breaks_while_it_is_read_then_it_is_given_up(tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "basemap.pmtiles", {TileName(0, 0, 0): png(), TileName(1, 0, 0): b"x" * 10})
    data = path.read_bytes()
    basemap = Basemap(tmp_path)
    assert basemap.sets()
    opened = basemap._opened["dark"].archive
    opened._header["tile_data_offset"] = len(data)  # type: ignore[attr-defined]
    assert basemap.tile("dark", ZERO) is None
    assert basemap.trouble and basemap.sets() == ()
    basemap.close()
