"""The streets and the tiles of a base map while it is drawn: whole, joined by name, and through any end of the program."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from console.geography.drawn_streets import DrawnStreets, Words
from console.geography.drawn_tiles import DrawnTiles, source_of
from console.geography.mbtiles_archive import MbTilesArchive
from console.geography.street_classes import StreetKind
from console.geography.street_lines import StreetLine
from console.geography.tile_archive import ArchiveFacts, TileName
from tests.geography.archives import png

WORLD = (0.0, 1.0, 0.0, 1.0)
FACTS = ArchiveFacts("png", 512, 9, 15, (-79.0, 35.0, -78.0, 36.0), "© Anybody")


def street(name: str, kind: StreetKind, *points: tuple[float, float]) -> StreetLine:
    return StreetLine(name, kind, 0, None, 0, points)


@pytest.fixture
def streets(tmp_path: Path) -> Iterator[DrawnStreets]:
    made = DrawnStreets(tmp_path / "work", "a source")
    yield made
    made.close()


def test_given_pieces_of_one_name_that_go_on_in_each_other_then_they_are_one_line(streets: DrawnStreets) -> None:
    streets.fill(
        [
            street("Main St", "street", (36.0, -79.0), (36.0, -78.9)),
            street("Main St", "street", (36.0, -78.8), (36.0, -78.9)),
            street("Main St", "street", (36.2, -78.8), (36.2, -78.9)),
            street("Elm St", "street", (36.0, -78.8), (36.0, -78.7)),
            street("", "artery", (36.0, -78.8), (36.0, -78.7)),
            street("", "artery", (36.0, -78.7), (36.0, -78.6)),
        ]
    )
    assert streets.is_whole
    assert streets.bounds == pytest.approx((-79.005, 35.995, -78.595, 36.205))
    named = [(name, len(line)) for _, name, line in streets.named("path")]
    assert sorted(named) == [("Elm St", 2), ("Main St", 2), ("Main St", 3)]
    assert [kind for kind, _ in streets.lines(WORLD, "path")] == ["street"] * 3 + ["artery"] * 2


def test_given_a_box_and_a_least_kind_then_only_lines_near_it_that_matter_come(streets: DrawnStreets) -> None:
    streets.fill(
        [
            street("I 40", "freeway", (36.0, -79.0), (36.0, -78.9)),
            street("Main St", "street", (36.0, -79.0), (36.1, -79.0)),
            street("Far St", "freeway", (40.0, -70.0), (40.0, -70.1)),
        ]
    )
    (_, found), *rest = streets.lines((0.28, 0.2809, 0.39, 0.4), "artery")
    assert not rest and np.ptp(found[:, 0]) > 0


def test_given_the_file_of_another_source_or_rubbish_then_it_is_begun_anew_and_of_the_same_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "work"
    path.write_bytes(b"rubbish" * 1000)
    first = DrawnStreets(path, "one")
    first.fill([street("Main St", "street", (36.0, -79.0), (36.0, -78.9))])
    first.close()
    again = DrawnStreets(path, "one")
    assert again.is_whole
    again.close()
    other = DrawnStreets(path, "two")
    assert not other.is_whole and not list(other.lines(WORLD, "path"))
    other.remove()
    assert not list(tmp_path.iterdir())


def test_given_words_that_stand_then_their_boxes_are_taken_at_their_zoom_only(streets: DrawnStreets) -> None:
    words, box = Words("Main St", "street", 50.0, 20.0, 10.0), (40.0, 60.0, 15.0, 25.0)
    streets.begin_words(13)
    streets.put_words(13, words, [box])
    assert not streets.is_free(13, [(55.0, 70.0, 10.0, 18.0)])
    assert streets.is_free(13, [(61.0, 70.0, 10.0, 18.0)]) and streets.is_free(12, [box])
    assert not streets.has_words(13)
    streets.end_words(13)
    assert streets.has_words(13)
    assert streets.words(13, box) == [words] and streets.words(12, box) == []
    streets.begin_words(13)
    streets.end_words(13)
    assert streets.words(13, box) == []


def test_given_tiles_put_then_a_later_run_knows_them_and_a_finished_archive_stands_in_its_place(tmp_path: Path) -> None:
    path, name = tmp_path / "basemap-dark.mbtiles", TileName(9, 140, 200)
    tiles = DrawnTiles(path, "one")
    tiles.put([(name, png(512)), (TileName(9, 141, 200), png(512))])
    tiles.close()
    assert not path.exists() and source_of(path) == ""
    again = DrawnTiles(path, "one")
    assert again.done() == {name, TileName(9, 141, 200)}
    again.finish(FACTS, "Streets")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert source_of(path) == "one"
    archive = MbTilesArchive(path)
    assert archive.facts == FACTS and archive.tile(name) == png(512) and archive.count() == 2
    archive.close()


def test_given_the_part_of_another_source_or_rubbish_then_it_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "basemap-dark.mbtiles"
    (tmp_path / "basemap-dark.mbtiles.part").write_bytes(b"rubbish" * 1000)
    one = DrawnTiles(path, "one")
    one.put([(TileName(9, 140, 200), png())])
    one.close()
    two = DrawnTiles(path, "two")
    assert two.done() == set()
    two.close()


def test_given_a_large_file_of_streets_then_memory_stays_bounded(streets: DrawnStreets) -> None:
    def many() -> Iterator[StreetLine]:
        for number in range(3_000):
            points = [(36 + number * 1e-5 + step * 1e-6, -79 + step * 1e-5) for step in range(80)]
            yield street(f"{number // 3} Street", "street", *points)

    tracemalloc.start()
    try:
        assert streets.fill(many()) == 3_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000, "the points alone are 3.8 million bytes, as numbers of Python many times as much"
