"""A file that is there whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from console.geography import layers_file
from console.geography.address_index import AddressIndexWriter
from console.geography.aside import aside
from tests.geography.towns import configured, grid


def test_given_a_block_that_ends_well_then_the_file_stands_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "file"
    for words in ("one", "two"):
        with aside(path) as part:
            part.write_text(words)
            assert not path.exists() or path.read_text() == "one"
        assert path.read_text() == words
    assert list(path.parent.iterdir()) == [path]


def test_given_a_block_that_fails_then_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    (tmp_path / "file.part").write_text("left by a program that was killed")
    with pytest.raises(KeyboardInterrupt), aside(path) as part:
        assert not part.exists()
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_given_a_file_that_another_program_holds_when_it_is_replaced_then_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def held(_: Path, __: Path) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(OSError, match="file: it cannot be replaced; if a hub that runs"), aside(path) as part:
        part.write_text("new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


class Full(sqlite3.Connection):
    """A database on a disk that is full after some pages."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.execute("PRAGMA max_page_count = 12")


def streets(folder: Path, size: int) -> None:
    configured(folder, *grid(1 + size))


def layers(folder: Path, size: int) -> None:
    names = tuple(f"beat {number}" for number in range(size * 100))
    shapes = np.array([shapely.box(number, 0, number + 1, 1) for number in range(len(names))], dtype=object)
    kept = layers_file.OutlineLayer("beats", "beat", layers_file.ALWAYS, "by hand", names, shapes)
    layers_file.keep(folder / "geography" / layers_file.NAME, kept)


def addresses(folder: Path, size: int) -> None:
    with AddressIndexWriter(folder / "geography" / "addresses.sqlite") as writer:
        for number in range(size * 1_000):
            writer.add(f"{number + 1} MAIN ST", 36.0, -78.9)


@pytest.mark.parametrize("imported", [streets, layers, addresses])
def test_given_a_disk_that_is_full_when_importing_then_a_word_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imported: Callable[[Path, int], None]
) -> None:
    imported(tmp_path, 1)
    (path,) = (tmp_path / "geography").iterdir()
    before, connect = path.read_bytes(), sqlite3.connect
    with monkeypatch.context() as full:
        full.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **{"factory": Full, **more}))
        with pytest.raises(OSError, match="could not be written: database or disk is full"):
            imported(tmp_path, 20)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]
