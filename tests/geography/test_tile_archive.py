"""Archives of tiles are read as they are, and one that is broken, wrong or empty is refused with the reason."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from pmtiles.tile import TileType

from console.geography.tile_archive import TileArchive, TileName, check, corner, mercator, open_archive, plain, tile_at
from console.geography.tile_image import TileImage, tile_image
from console.geography.unusable import Unusable
from tests.geography.archives import TILES, jpeg, mbtiles, pmtiles, png, webp

KINDS: dict[str, Callable[..., Path]] = {"mbtiles": mbtiles, "pmtiles": pmtiles}


@pytest.fixture(params=KINDS)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> TileArchive:
    path = KINDS[request.param](tmp_path / "any name", attribution='<a href="x">© Anybody</a> &amp; others')
    opened = open_archive(path)
    request.addfinalizer(opened.close)
    return opened


def refusal(path: Path) -> str:
    with pytest.raises(Unusable) as caught:
        open_archive(path)
    return str(caught.value)


def test_given_an_archive_when_read_then_it_gives_its_tiles_and_nothing_where_it_has_none(archive: TileArchive) -> None:
    assert {name: archive.tile(name) for name in TILES} == TILES
    assert archive.tile(TileName(1, 1, 0)) is None
    assert archive.tile(TileName(2, 0, 0)) is None
    assert archive.tile(TileName(1, 2, 0)) is None and archive.tile(TileName(1, -1, 0)) is None
    assert archive.tile(TileName(99, 0, 0)) is None
    assert dict(archive.tiles()) == TILES
    assert archive.count() == 3


def test_given_an_archive_then_its_facts_are_what_a_map_needs(archive: TileArchive) -> None:
    facts = archive.facts
    assert (facts.format, facts.size, facts.min_zoom, facts.max_zoom) == ("png", 256, 0, 1)
    assert facts.bounds == pytest.approx((-180, -85, 180, 85), abs=0.06)
    assert facts.attribution == "© Anybody & others"


@pytest.mark.parametrize(("width", "size"), [(256, 256), (512, 512), (768, 512), (100, 256)])
def test_given_tiles_of_a_width_then_they_are_shown_at_256_or_512(tmp_path: Path, width: int, size: int) -> None:
    opened = open_archive(mbtiles(tmp_path / "a", {TileName(3, 1, 2): png(width)}))
    assert opened.facts.size == size
    opened.close()


def test_given_an_archive_that_says_nothing_of_itself_then_zooms_and_bounds_are_those_of_its_tiles(tmp_path: Path) -> None:
    opened = open_archive(mbtiles(tmp_path / "a", {TileName(2, 1, 1): png(), TileName(3, 2, 3): png()}))
    assert (opened.facts.min_zoom, opened.facts.max_zoom) == (2, 3)
    assert opened.facts.bounds == pytest.approx((-90, 0, -45, 40.98), abs=0.01)
    opened.close()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"format": "pbf"}, "vector"),
        ({"minzoom": "5", "maxzoom": "2"}, "zooms are 5 to 2"),
        ({"minzoom": "0", "maxzoom": "99"}, "zooms are 0 to 99"),
        ({"bounds": "10,20,5,30"}, "bounds 10, 20, 5, 30"),
        ({"bounds": "0,40,10,-40"}, "no part of the world"),
    ],
)
def test_given_an_archive_that_says_what_cannot_be_then_it_is_refused(
    tmp_path: Path, said: dict[str, str], words: str
) -> None:
    assert words in refusal(mbtiles(tmp_path / "a.mbtiles", TILES, **said))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html>not found</html>", "neither an MBTiles nor a PMTiles"),
        (b"SQLite format 3\0" + b"rubbish" * 400, "broken off"),
        (b"PMTiles\x03", "broken off"),
        (b"PMTiles\x02" + bytes(200), "version 2"),
        (b"PMTiles\x03" + b"\xff" * 300, "header cannot be read"),
    ],
)
def test_given_a_file_that_is_no_archive_then_it_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "map.pmtiles"
    path.write_bytes(content)
    assert words in refusal(path)


def test_given_no_file_then_it_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.mbtiles")


def test_given_a_sqlite_file_of_something_else_then_it_is_refused_by_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "other.mbtiles"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name, value)")
    file.close()
    assert "without tiles" in refusal(path)


def test_given_an_archive_without_a_tile_or_with_rubbish_in_it_then_it_is_refused(tmp_path: Path) -> None:
    assert "no tile" in refusal(mbtiles(tmp_path / "a", {}))
    assert "tile 0/0/0 is neither PNG" in refusal(mbtiles(tmp_path / "b", {TileName(0, 0, 0): b"\xff" * 50}))
    assert "vector" in refusal(mbtiles(tmp_path / "c", {TileName(0, 0, 0): gzip.compress(b"a layer")}))
    assert "vector" in refusal(pmtiles(tmp_path / "d", kind=TileType.MVT))
    assert "AVIF" in refusal(pmtiles(tmp_path / "e", kind=TileType.AVIF))


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", KINDS)
def test_given_an_archive_that_is_broken_off_then_it_is_refused_or_found_out_at_the_latest_when_checked(
    tmp_path: Path, kind: str, part: float
) -> None:
    many = {TileName(6, x, y): png(shade=x * 4) + bytes(900) for x in range(30) for y in range(10)}
    whole = KINDS[kind](tmp_path / "whole", many).read_bytes()
    path = tmp_path / "part"
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(Unusable):
        opened = open_archive(path)
        try:
            check(opened, lambda _: True)
        finally:
            opened.close()


def test_given_an_archive_with_some_bad_tiles_when_checked_then_they_are_counted_and_named(tmp_path: Path) -> None:
    tiles = {TileName(5, x, 3): png() for x in range(30)} | {TileName(5, 30, 3): b"no picture", TileName(5, 31, 3): b""}
    opened = open_archive(mbtiles(tmp_path / "a", tiles))
    seen: list[int] = []
    found = check(opened, lambda data: len(seen) != 7, lambda: seen.append(1))
    opened.close()
    assert len(seen) == 32
    assert (found.good, found.faulty) == (29, 3)
    assert found.words[0] == "tile 5/7/3: its picture is broken"
    assert found.words[1] == "tile 5/30/3: it is neither PNG nor JPEG nor WebP"


def test_given_no_tile_decodes_when_checked_then_the_archive_is_refused(tmp_path: Path) -> None:
    opened = open_archive(mbtiles(tmp_path / "a"))
    with pytest.raises(Unusable, match="none of its 3 tiles"):
        check(opened, lambda _: False)
    opened.close()


def test_given_a_row_that_is_nowhere_on_earth_then_it_is_a_faulty_tile(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a")
    with sqlite3.connect(path) as file:
        file.execute("INSERT INTO tiles VALUES ('x', 'y', 'z', 'w')")
    file.close()
    opened = open_archive(path)
    assert "no such place" in check(opened, lambda _: True).words[0]
    opened.close()


@pytest.mark.parametrize(
    ("data", "image"),
    [
        (png(300), TileImage("png", 300)),
        (jpeg(400), TileImage("jpg", 400)),
        (webp(500), TileImage("webp", 500)),
        (webp(500, b"VP8L"), TileImage("webp", 500)),
        (webp(500, b"VP8X"), TileImage("webp", 500)),
        (b"\xff\xd8\xff\xe0", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_given_the_bytes_of_a_tile_then_its_format_and_width_are_known(data: bytes, image: TileImage | None) -> None:
    assert tile_image(data) == image


def test_given_a_tile_and_its_corner_then_one_leads_to_the_other() -> None:
    for zoom, column, row in ((0, 0, 0), (9, 143, 200), (15, 9192, 12870)):
        assert tile_at(zoom, *corner(zoom, column, row)) == pytest.approx((column, row), abs=1e-6)
    assert mercator(0, 0) == pytest.approx((0.5, 0.5))
    assert mercator(-180, 90) == pytest.approx((0, 0), abs=1e-9)


def test_given_an_attribution_with_markup_then_only_its_words_are_kept() -> None:
    assert plain("&copy; <a href='https://x'>A</a><br>B") == "© A B"
    assert len(plain("x" * 900)) == 200


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("geography-class-jpg.mbtiles", ("jpg", 256, 0, 1, 5)),
        ("geography-class-png.mbtiles", ("png", 256, 0, 1, 5)),
        ("geography-class-png-no-bounds.mbtiles", ("png", 256, 0, 1, 5)),
        ("stamen_toner_raster_z3.pmtiles", ("png", 256, 0, 3, 85)),
        ("usgs-mt-whitney-8-15-webp-512.pmtiles", ("webp", 512, 8, 15, 50)),
    ],
)
def test_given_a_real_archive_then_all_of_it_is_read(real_data: Path, name: str, expected: tuple[object, ...]) -> None:
    opened = open_archive(real_data / "maps" / name)
    facts, found = opened.facts, check(opened, lambda _: True)
    assert (facts.format, facts.size, facts.min_zoom, facts.max_zoom, found.good) == expected
    assert not found.faulty
    opened.close()


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("invalid.mbtiles", "without metadata and tiles"),
        ("invalid-tile-format.mbtiles", "neither PNG nor JPEG nor WebP"),
        ("world_cities.mbtiles", "vector tiles"),
        ("West-Oakland.osm.bz2", "neither an MBTiles nor a PMTiles"),
    ],
)
def test_given_a_real_file_that_cannot_be_used_then_the_reason_is_said(real_data: Path, name: str, words: str) -> None:
    assert words in refusal(real_data / "maps" / name)
