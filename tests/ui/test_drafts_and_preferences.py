"""Half-typed words and settings survive the desk; a damaged file is set aside and never stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.ui import drafts as drafts_module
from console.ui.drafts import Drafts
from console.ui.preferences import Preferences, Remembered


def test_given_a_draft_when_the_desk_is_killed_after_a_moment_then_the_next_one_has_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts_module, "WRITE_AFTER_MS", 1)
    path = tmp_path / "of a person" / "drafts.json"
    drafts = Drafts(path)
    drafts.keep("okafor", "call-1", "sister on")
    drafts.keep("okafor", "call-1", "sister on her way")
    qtbot.waitUntil(path.exists)

    again = Drafts(path)

    assert again.text("okafor", "call-1") == "sister on her way"
    assert again.text("reyes", "call-1") == ""
    assert again.text("okafor", "call-1", "closing") == ""


def test_given_a_draft_when_it_was_sent_then_it_is_gone_from_the_file(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"
    drafts = Drafts(path)
    drafts.keep("okafor", "call-1", "words")
    drafts.flush()
    drafts.keep("okafor", "call-1", "")
    drafts.flush()
    assert Drafts(path).text("okafor", "call-1") == ""


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff"])
def test_given_a_damaged_file_when_the_desk_starts_then_it_is_set_aside(
    qtbot: QtBot, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "drafts.json"
    path.write_bytes(content)
    assert Drafts(path).text("okafor", "call-1") == ""
    assert (tmp_path / "drafts.damaged").read_bytes() == content
    assert "set aside" in caplog.text


def test_given_no_path_then_drafts_live_as_long_as_the_desk(qtbot: QtBot) -> None:
    drafts = Drafts()
    drafts.keep("okafor", "call-1", "words")
    drafts.flush()
    assert drafts.text("okafor", "call-1") == "words"


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "desk.json"
    preferences = Preferences(path)
    preferences.now.theme = "light"
    preferences.now.panes["okafor/dispatch"] = "AAAA"
    preferences.save()
    assert Preferences(path).now == Remembered(theme="light", panes={"okafor/dispatch": "AAAA"})


@pytest.mark.parametrize("content", [b"{", b'{"scale": "large"}'])
def test_given_damaged_settings_then_the_desk_starts_with_its_own(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "desk.json"
    path.write_bytes(content)
    assert Preferences(path).now == Remembered()
    assert "could not be read" in caplog.text
