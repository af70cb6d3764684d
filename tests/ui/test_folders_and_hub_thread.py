"""Where the desk keeps things, and the hub that a thread watches while Qt is still loading."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from console.shipped import default_configuration
from console.ui import folders
from console.ui.hub_thread import HubThread

LISTENS = """
import json, sys
sys.stdin.readline()
print(json.dumps({"url": "http://127.0.0.1:5", "log_id": "L"}), flush=True)
sys.stdin.read()
"""


class Heard:
    """What the thread told, and a way to wait for it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.anything = threading.Event()

    def __call__(self, url: str, why: str) -> None:
        self.told.append((url, why))
        self.anything.set()


def test_given_a_hub_that_listens_when_somebody_asks_late_then_they_are_told_and_stop_ends_the_child(tmp_path: Path) -> None:
    thread = HubThread((sys.executable, "-c", LISTENS), tmp_path / "hub.log")
    early, late = Heard(), Heard()
    try:
        thread.hear(early)
        early.anything.wait()
        thread.hear(late)
        assert early.told == late.told == [("http://127.0.0.1:5", "")]
        assert len(thread.token) > 30
        pid = thread.pid
        assert pid is not None
    finally:
        thread.stop()
    assert thread.pid is None or not _lives(pid)


def _lives(pid: int) -> bool:
    if sys.platform == "win32":
        return False  # the thread has waited for the child, and a pid may belong to another by now
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.expects_log("embedded-hub-ended")
def test_given_a_hub_that_ends_at_once_then_its_last_words_are_told(tmp_path: Path) -> None:
    thread = HubThread(
        (sys.executable, "-c", "import sys; sys.exit('agency.toml: line 3: no such programme')"), tmp_path / "l"
    )
    heard = Heard()
    try:
        thread.hear(heard)
        heard.anything.wait()
    finally:
        thread.stop()
    url, why = heard.told[0]
    assert url == ""
    assert "agency.toml: line 3" in why


def test_the_shipped_configuration_names_its_city() -> None:
    assert folders.city_of(default_configuration())


def test_given_no_readable_file_then_no_city_is_named(tmp_path: Path) -> None:
    assert folders.city_of(tmp_path) == ""
    (tmp_path / "agency.toml").write_text("city = ")
    assert folders.city_of(tmp_path) == ""


def test_given_folders_that_crashed_desks_left_when_an_exercise_begins_then_only_the_old_ones_go(tmp_path: Path) -> None:
    first = folders.new_exercise_folder(tmp_path)
    old = tmp_path / "exercise-old"
    old.mkdir()
    (old / "log.sqlite").write_bytes(b"x")
    os.utime(old, (1, 1))
    unsent = tmp_path / "unsent"
    unsent.mkdir()
    os.utime(unsent, (1, 1))

    second = folders.new_exercise_folder(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {first.name, second.name, "unsent"}
