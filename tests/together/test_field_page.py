"""A tablet's page in a real browser engine: an assignment by its buttons, backup, a link that drops, a token that ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.web_engine

LOOKS = ("look signed out", "look on scene", "look backup", "look report", "look cut")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one visit to the page saw; the visit ends by itself."""
    visit = subprocess.run(
        [sys.executable, "-m", "tests.together.field_page", str(tmp_path_factory.mktemp("field"))],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert visit.returncode == 0, visit.stderr
    assert not [line for line in visit.stderr.splitlines() if line.startswith("logged:")]
    found: dict[str, Any] = json.loads(visit.stdout.splitlines()[-1])
    return found


def test_given_a_wrong_token_then_why_is_said_and_one_by_a_link_is_taken_out_of_the_address(seen: dict[str, Any]) -> None:
    assert "does not know this token" in seen["wrong token"]
    assert seen["address"] == "/field" and "Off shift" in seen["off shift"]


def test_given_a_dispatch_then_the_call_is_on_the_tablet_and_said_aloud_and_what_may_follow_is_offered(
    seen: dict[str, Any],
) -> None:
    for words in (
        "0001 · Crisis",
        "100 Main St",
        "repeat caller",
        "A dog in the yard",
        "919-555-0142",
        "Spanish",
        "speak slowly",
    ):
        assert words in seen["call"]
    assert seen["call"].count("not asked") == 2, "what was not asked is never a no"
    assert seen["announced"] == "New call 0001. Crisis. 100 Main St"
    assert seen["steps"][0] == "acknowledged" and "clear" not in seen["steps"]
    assert seen["narrative"].index("he is calm") < seen["narrative"].index("A man shouts"), "the latest first"


def test_given_the_keyboard_alone_then_a_button_is_reached_and_seen_to_be(seen: dict[str, Any]) -> None:
    assert seen["ring"] == "4px"


def test_given_a_check_that_is_due_or_missed_then_it_is_asked_and_answered_by_one_press(seen: dict[str, Any]) -> None:
    assert seen["check due"].startswith("◆ Status check") and seen["check missed"].startswith("▲ Status check missed")
    assert all("We are all well" in seen[name] for name in ("check due", "check missed"))


def test_given_a_transport_then_where_to_is_asked_and_a_known_place_is_one_press(seen: dict[str, Any]) -> None:
    assert "Recovery Center" in seen["where"] and "Transporting · Recovery Center" in seen["transporting to"]


def test_given_a_crew_that_shares_its_place_then_the_unit_is_there_on_the_floor(seen: dict[str, Any]) -> None:
    assert seen["position"] == ["A1", 36.02, -78.91, 36.0, 90]
    assert seen["shared"] == "This tablet's place is shared"


def test_given_backup_pressed_once_then_nothing_and_twice_then_it_is_asked_and_how_it_stands_is_seen(
    seen: dict[str, Any],
) -> None:
    assert seen["armed"].startswith("PRESS AGAIN: Police")
    assert seen["bounced"] == "new", "a bounce of the first press is no second one"
    assert seen["not asked yet"] and seen["forgot"]
    assert "Police asked" in seen["asked"] and "seen by T. Okafor" in seen["seen by"]
    assert "BACKUP" in seen["cleared"]


def test_given_a_lost_link_then_what_is_pressed_is_kept_not_shown_as_done_and_arrives_with_its_time(
    seen: dict[str, Any],
) -> None:
    assert "What you see is from then" in seen["no link"]
    assert seen["stored"] == ["With neighbor", "Clear, writing up"]
    assert "On scene" in seen["status while cut"] and seen["hub while cut"] == "on_scene"
    assert seen["steps while cut"] == "available", "what may follow goes on from what was pressed"
    assert seen["cleared before the link was back"]
    assert seen["alerts after"] == ""


def test_given_a_cleared_call_of_an_armed_team_then_both_questions_are_asked_and_the_answer_arrives_once(
    seen: dict[str, Any],
) -> None:
    assert "Did you feel safe?" in seen["report"] and seen["needed"]
    assert seen["reported"] == ["yes", True, "water and a ride"]
    said = [kind for _, kind in seen["entries"]]
    assert said.count("UnitReported") == 1, "its answer was lost, and it was sent again"
    assert said.count("BackupRequested") == 2 and said.count("UnitStatusChanged") == 8


def test_given_what_can_no_longer_be_then_it_is_refused_in_the_hubs_words(seen: dict[str, Any]) -> None:
    assert "A1 is assigned" in seen["refused"] and seen["assigned again"] == "assigned"


def test_given_backup_without_a_link_then_it_says_that_it_is_not_sent_and_is_sent_when_the_link_is_back(
    seen: dict[str, Any],
) -> None:
    assert seen["backup kept"].startswith("BACKUP IS NOT SENT") and "not seen yet" in seen["backup after"]
    assert seen["discarded"] == "assigned", "what was discarded by two presses is not sent"


def test_given_a_token_taken_back_then_the_call_is_gone_from_the_screen(seen: dict[str, Any]) -> None:
    assert "taken back" in seen["revoked"] and seen["hidden"]


@pytest.mark.parametrize("look", LOOKS)
def test_given_either_theme_and_way_of_holding_then_all_is_read_pressed_with_gloves_and_named(
    seen: dict[str, Any], look: str
) -> None:
    assert set(seen[look]) == {"day wide", "day tall", "night wide", "night tall"}
    for found in seen[look].values():
        assert found["contrast"][0] >= 4.5, found["contrast"]
        assert found["smallest"][0] >= 64, found["smallest"]
        assert found["overflow"] == 0 and found["unnamed"] == [] and found["texts"] > 5


def test_given_all_of_that_then_nothing_was_asked_elsewhere_and_the_page_made_no_fault(seen: dict[str, Any]) -> None:
    assert seen["asked elsewhere"] == [] and seen["console"] == []
