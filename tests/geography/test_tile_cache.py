"""Fetched tiles are kept under their archive, within bounds, and a broken file costs only the way to the hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.geography.tile_archive import TileName
from console.geography.tile_cache import KeptTile, TileCache

NAME = TileName(12, 3, 4)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[TileCache]:
    made = TileCache(tmp_path / "below" / "tiles.sqlite", 1 << 20)
    yield made
    made.close()


def test_given_kept_tiles_then_each_is_found_under_its_archive_and_name_and_by_another_program(
    cache: TileCache, tmp_path: Path
) -> None:
    cache.put("one", NAME, b"first", 5.0)
    cache.put("one", NAME, b"second", 6.0)
    cache.put("two", NAME, b"", 7.0)
    other = TileCache(tmp_path / "below" / "tiles.sqlite", 1 << 20)
    assert other.get("one", NAME) == KeptTile(b"second", 6.0)
    assert other.get("two", NAME) == KeptTile(b"", 7.0)
    assert other.get("two", TileName(12, 4, 3)) is None
    other.close()


def test_given_more_than_it_may_keep_then_the_oldest_go_and_the_size_stays_bounded(cache: TileCache) -> None:
    for column in range(200):
        cache.put("one", TileName(12, column, 0), bytes([column]) * 10_000, 1.0)
        assert cache.size() <= (1 << 20) + 20_000
    assert cache.get("one", TileName(12, 0, 0)) is None
    assert cache.get("one", TileName(12, 199, 0)) is not None


def test_given_a_file_that_is_rubbish_then_it_is_begun_anew(cache: TileCache, tmp_path: Path) -> None:
    cache.close()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "tiles.sqlite").write_bytes(b"rubbish" * 999)
    cache.put("one", NAME, b"tile", 1.0)
    assert cache.get("one", NAME) == KeptTile(b"tile", 1.0)


@pytest.mark.expects_log("map tiles are not kept")
def test_given_no_place_for_it_then_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    cache = TileCache(tmp_path / "in the way" / "tiles.sqlite", 1 << 20)
    cache.put("one", NAME, b"tile", 1.0)
    assert cache.get("one", NAME) is None
    cache.close()
