"""`heart-console import` as a whole: one import at a time in a configuration, and a sentence for whoever breaks it off."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console import __main__ as entry
from console.authoring import command, places_import
from console.shipped import default_configuration


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_configuration(), tmp_path / "config"))


def run(config: Path, tmp_path: Path) -> int:
    shelters = tmp_path / "shelters.csv"
    shelters.write_text("name,lat,lon\nA shelter,35.99,-78.90\n")
    return entry.main(["import", "places", str(shelters), "--config", str(config), "--kind", "shelter"])


def test_given_help_then_each_import_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        entry.main(["import", "--help"])
    said = capsys.readouterr().out.splitlines()
    assert all(any(line.split() == [name, *what.split()] for line in said) for name, (_, what) in command.IMPORT.items())


def test_given_another_import_at_work_then_this_one_changes_nothing_and_goes_once_it_is_over(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (config / "places.csv").read_bytes()
    with closing(sqlite3.connect(config / ".import.lock", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert run(config, tmp_path) == 2
        assert "another import writes into it; wait" in capsys.readouterr().err
        assert (config / "places.csv").read_bytes() == before
    assert run(config, tmp_path) == 0
    assert b"A shelter" in (config / "places.csv").read_bytes()


def test_given_a_configuration_that_nothing_can_be_written_into_then_that_is_said(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / ".import.lock").mkdir()
    assert run(config, tmp_path) == 2
    assert f"{config}: it cannot be written to" in capsys.readouterr().err


def test_given_a_person_who_breaks_it_off_then_it_says_that_nothing_was_changed_and_the_next_one_goes(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_off(_folder: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(places_import, "load", broken_off)
        assert run(config, tmp_path) == 2
    assert "Broken off. Nothing was changed" in capsys.readouterr().err
    assert run(config, tmp_path) == 0
