"""The real page with tiles: in the theme's look, over the schematic, which shows again where a tile cannot be had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.web_engine


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What one visit to the page saw; the visit ends by itself."""
    visit = subprocess.run(
        [sys.executable, "-m", "tests.ui.map.tile_page"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[3],
    )
    assert visit.returncode == 0, visit.stderr
    assert not [line for line in visit.stderr.splitlines() if line.startswith("logged:")], visit.stderr
    found: dict[str, Any] = json.loads(visit.stdout.splitlines()[-1])
    return found


def test_given_no_tiles_then_the_schematic_is_the_ground_and_says_so(seen: dict[str, Any]) -> None:
    assert seen["schematic"]["told"] is None and seen["schematic"]["roads"] > 10
    assert seen["schematic"]["words"] == "schematic, not to scale"


def test_given_tiles_then_they_lie_over_the_schematic_with_who_made_them(seen: dict[str, Any]) -> None:
    assert seen["dark"]["words"] == "© Anybody"
    assert seen["dark_shade"] == 40
    assert seen["dark"]["roads"] == seen["schematic"]["roads"], "it is still there, below"
    assert 0 < seen["dark"]["names"] < seen["schematic"]["names"], "the names of its roads are not"


def test_given_another_theme_then_its_tiles_take_their_place(seen: dict[str, Any]) -> None:
    assert seen["light_shade"] == 200


def test_given_tiles_that_cannot_be_had_then_it_is_said_below_and_they_come_when_the_link_is_back(
    seen: dict[str, Any],
) -> None:
    assert seen["away"]["words"].startswith("© Anybody · some of the map cannot be had now")
    assert seen["again"]["words"] == "© Anybody"


def test_given_a_zoom_far_beyond_that_of_the_tiles_then_the_schematic_is_the_ground(seen: dict[str, Any]) -> None:
    assert seen["near"]["words"] == "schematic, not to scale"
    assert seen["near"]["names"] == seen["schematic"]["names"]
    assert seen["back"]["names"] == seen["dark"]["names"]


def test_given_the_page_was_loaded_again_then_its_tiles_are_there_again(seen: dict[str, Any]) -> None:
    assert seen["reloaded"]["told"] == seen["again"]["told"]


def test_given_no_hub_any_more_then_the_schematic_is_the_ground_again(seen: dict[str, Any]) -> None:
    assert seen["cut"]["words"] == "schematic, not to scale"
    assert seen["asked_after"] == 0
    assert seen["refused"] == []
