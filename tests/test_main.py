"""The one entry point: every command is known and loaded only when asked for, and being called wrongly is exit code 2."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from console import __main__ as entry

ROOT = Path(__file__).resolve().parent.parent


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        entry.main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_given_help_then_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("--help") == 0
    said = capsys.readouterr().out.splitlines()
    assert all(any(line.split() == [name, *what.split()] for line in said) for name, what in entry.COMMANDS.items())


def test_given_a_person_who_breaks_a_command_off_then_one_sentence_and_the_code_of_shells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_off(_args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "_command", lambda _name: (lambda _parser: None, broken_off))
    assert entry.main(["shoot"]) == entry.BROKEN_OFF
    assert capsys.readouterr().err.strip() == "heart-console shoot: broken off."


@pytest.mark.parametrize("command", list(entry.COMMANDS))
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(command, "--help") == 0
    assert f"heart-console {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("hub",),
        ("--speed", "700"),
        ("--speed", "fast"),
        ("desk", "--workspace", "kitchen"),
        ("replay",),
        ("shoot", "--workspace", "dispatch", "--out", "x.png", "--size", "large"),
    ],
)
def test_given_a_wrong_call_then_it_is_said_and_the_code_is_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(*arguments) == 2
    assert "heart-console" in capsys.readouterr().err


def test_given_a_hub_and_an_exercise_at_once_then_the_desk_does_not_choose(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--hub", "http://127.0.0.1:1", "--exercise"]) == 2
    assert "--hub names a hub" in capsys.readouterr().err


def test_given_no_address_of_a_hub_then_the_desk_says_how_one_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--hub", "foo"]) == 2
    assert "begins with http:// or https://" in capsys.readouterr().err


def test_given_no_configuration_in_a_folder_then_the_desk_says_so_before_a_window_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.main(["desk", "--config", str(tmp_path / "nowhere")]) == 1
    said = capsys.readouterr().err
    assert "nowhere: there is no agency.toml" in said and said.count("\n") == 1


@pytest.mark.parametrize("command", [["desk"], ["hub", "--store", "sqlite:///never.sqlite"]])
def test_given_a_speed_in_letters_then_it_says_what_a_speed_is(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(*command, "--speed", "x") == 2
    assert "x: write a number; an exercise runs 1 to 600 times real time" in capsys.readouterr().err


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    blank = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**blank, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a desktop may be absent")
def test_given_no_display_then_the_desk_says_so_in_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    homes = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    ended = run("-m", "console", QT_QPA_PLATFORM="", **homes)
    assert ended.returncode == 1
    assert "there is no display" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not list((tmp_path / "XDG_DATA_HOME").rglob("exercise-*"))


def test_given_a_configuration_with_no_such_folder_then_shoot_says_which(tmp_path: Path) -> None:
    ended = run(
        "-m", "console", "shoot", "--workspace", "dispatch", "--out", str(tmp_path / "a.png"), "--config", str(tmp_path)
    )
    assert ended.returncode == 1
    assert "agency.toml: this file is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("name", "says"), [("a.jpx", "ends in .png"), ("nowhere/a.png", "does not exist")])
def test_given_a_picture_that_cannot_be_written_then_shoot_says_so_before_it_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, says: str
) -> None:
    assert entry.main(["shoot", "--workspace", "dispatch", "--out", str(tmp_path / name)]) == 1
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


ONLY = """
import sys
from console.__main__ import main
try:
    main({arguments!r})
except SystemExit:
    pass
print([name for name in ("PySide6", "httpx", "starlette", "sqlalchemy", "pyqtgraph", "folium") if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [(["--help"], "[]"), (["desk", "--help"], "[]"), (["hub", "--help"], "['starlette', 'sqlalchemy']")],
)
def test_a_command_loads_nothing_of_the_others(arguments: list[str], loaded: str) -> None:
    ended = run("-c", ONLY.format(arguments=arguments))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip().splitlines()[-1] == loaded
