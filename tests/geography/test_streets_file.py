"""The file of a center's streets is whole, or it is not used; and it takes the place of another only when whole."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from console.geography import streets_file
from console.geography.noding import network
from console.geography.roads import core, roads_of
from console.geography.unusable import Unusable
from tests.geography.towns import configured, grid, minutes, roads, street

TOWN = [*grid(4, oneway=True), street((5000, 5000), (6000, 5000), name="Island Road", speed_km_h=None)]


def written(folder: Path) -> Path:
    """The file of the town."""
    return configured(folder, *TOWN) / "geography" / streets_file.NAME


def test_given_streets_when_written_and_read_then_the_same_roads_and_lines(tmp_path: Path) -> None:
    path = written(tmp_path)
    found, made = streets_file.read(path).roads, roads(*TOWN).roads
    for name in ("junctions", "start", "end", "forward", "backward", "metres", "line"):
        assert np.array_equal(getattr(found, name), getattr(made, name)), name
    assert all(np.array_equal(a, b) for a, b in zip(found.points, made.points, strict=True))
    assert list(streets_file.read_lines(path)) == TOWN
    assert minutes(streets_file.read(path), (0, 0), (600, 600)) == minutes(roads(*TOWN), (0, 0), (600, 600))


def test_given_streets_in_force_when_others_are_written_then_they_take_their_place_and_nothing_lies_about(
    tmp_path: Path,
) -> None:
    path = written(tmp_path)
    path.with_name(f"{path.name}.part").write_bytes(b"what an import left that was broken off")
    configured(tmp_path, *grid(2))
    assert len(streets_file.read(path).roads.junctions) == 4
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_given_an_import_that_is_broken_off_when_writing_then_the_old_streets_stay(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    lines = grid(3)
    made, _ = core(roads_of(network(lines), lines))

    with pytest.raises(IndexError):
        streets_file.write(path, lines, replace(made, points=made.points[:-1]), {})
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [0, 10, 4096, 0.5, 0.99])
def test_given_a_file_that_was_cut_when_read_then_unusable(tmp_path: Path, kept: float) -> None:
    path = written(tmp_path)
    os.truncate(path, int(kept * path.stat().st_size) if 0 < kept < 1 else int(kept))
    with pytest.raises(Unusable):
        streets_file.read(path)


@pytest.mark.parametrize(
    "harm",
    [
        "PRAGMA user_version = 7",
        "DELETE FROM stretch WHERE id = 3",
        "DELETE FROM junction",
        "DELETE FROM about",
        "UPDATE stretch SET end = 5000 WHERE id = 1",
        "UPDATE stretch SET start = -1 WHERE id = 1",
        "UPDATE stretch SET points = x'00'",
        "DROP TABLE stretch",
    ],
)
def test_given_a_file_that_says_something_else_when_read_then_unusable(tmp_path: Path, harm: str) -> None:
    path = written(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(harm)
    with pytest.raises(Unusable):
        streets_file.read(path)


def test_given_a_file_of_something_else_or_none_when_read_then_unusable(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("streets")
    for path in (tmp_path / "text", tmp_path / "none"):
        with pytest.raises(Unusable):
            streets_file.read(path)
