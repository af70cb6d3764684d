"""The real page in a real browser engine: drawn, clicked, dragged, killed and back again, with nothing asked outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from console.ui.theme import load_theme

pytestmark = pytest.mark.web_engine


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What one visit to the page saw; the visit ends by itself."""
    place = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    visit = subprocess.run(
        [sys.executable, "-m", "tests.ui.map.real_page"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=place,
        cwd=Path(__file__).parents[3],
    )
    assert visit.returncode == 0, visit.stderr
    logged = [line for line in visit.stderr.splitlines() if line.startswith("logged:")]
    assert all("outside.example" in line for line in logged), logged
    found: dict[str, Any] = json.loads(visit.stdout)
    return found


def rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def everything(report: dict[str, Any]) -> dict[str, Any]:
    """All of a report that does not count drawings."""
    return {name: value for name, value in report.items() if name not in ("draws", "waiting")}


def test_given_units_calls_and_an_area_then_all_are_drawn_and_named_on_the_base_layer(seen: dict[str, Any]) -> None:
    report = seen["dark"]
    labels = {unit["id"]: unit["label"] for unit in report["units"]}
    assert labels["T1"].startswith("T1 → 0001 · ") and labels["T2"] == "T2 · GPS 2:10 old"
    assert "▲ backup" in labels["A1"]
    assert {call["label"] for call in report["calls"]} == {"0001", "0002"}
    assert report["areas"] == 1 and report["roads"] > 10
    assert (report["mode"], report["note"]) == ("fit", "EXERCISE")


def test_given_every_label_then_no_two_overlap_and_none_leaves_the_pane(seen: dict[str, Any]) -> None:
    for name in ("dark", "fit"):
        boxes = [item["box"] for item in (*seen[name]["units"], *seen[name]["calls"]) if item["box"]]
        assert len(boxes) == 5
        for a, b in combinations(boxes, 2):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
        assert all(min(box[:2]) >= 0 and box[2] <= 900 and box[3] <= 640 for box in boxes)


def test_given_no_free_place_for_the_words_of_the_chosen_call_then_they_stand_whole_in_the_pane_and_on_no_unit(
    seen: dict[str, Any],
) -> None:
    left, top, right, below = next(call["box"] for call in seen["crowded"]["calls"] if call["id"] == "call-3")
    assert left >= 0 and top >= 0 and right <= 460 and below <= 330 and right - left > 230
    assert not any(left < unit["x"] < right and top < unit["y"] < below for unit in seen["crowded"]["units"])


def test_given_twenty_moves_in_a_row_then_the_page_is_told_at_most_twice(seen: dict[str, Any]) -> None:
    assert seen["pushes"] <= 2


def test_given_another_theme_then_the_page_takes_its_colours(seen: dict[str, Any]) -> None:
    assert seen["dark"]["ground"] == rgb(load_theme("dark").ground)
    assert seen["light"]["ground"] == rgb(load_theme("light").ground)


def test_given_a_click_on_a_unit_and_on_a_call_then_each_is_chosen(seen: dict[str, Any]) -> None:
    assert seen["chosen"] == ["T2", "call-2"]
    assert any(call["label"] == "0002 Crisis" for call in seen["dragged"]["calls"])


def test_given_a_person_drags_the_map_then_it_stays_where_they_put_it(seen: dict[str, Any]) -> None:
    assert seen["free"] == seen["dragged"]["mode"] == "free"
    assert seen["dragged"]["center"] != seen["light"]["center"]
    assert seen["fit"]["center"] == pytest.approx(seen["light"]["center"], abs=0.001)


def test_given_the_page_is_killed_then_it_is_back_with_everything_on_it_and_the_desk_says_so(
    seen: dict[str, Any],
) -> None:
    assert everything(seen["back"]) == everything(seen["dragged"])
    assert len(seen["words"]) == 1 and seen["words"][0].startswith("The map stopped")


def test_given_a_followed_call_then_it_and_its_units_are_in_sight(seen: dict[str, Any]) -> None:
    followed = {item["id"]: item for item in (*seen["follow"]["units"], *seen["follow"]["calls"])}
    assert seen["follow"]["mode"] == "follow" and seen["follow"]["center"][2] > seen["fit"]["center"][2]
    assert all(0 < followed[key]["x"] < 900 and 0 < followed[key]["y"] < 640 for key in ("T1", "A1", "call-1"))


def test_given_coverage_a_trail_and_layers_then_all_are_drawn_and_said(seen: dict[str, Any]) -> None:
    over = seen["keys"]["over"]["over"]
    assert (over["bands"], over["trails"], over["layers"]) == (2, 1, 1)
    assert "Free units reach within 5, 10 min (estimate by road)" in over["legend"]
    assert any(name.startswith("T1 ") for name in over["names"]), "a trail keeps its name when layers come"
    assert "Trail of T1 since" in over["legend"] and "Layers: beat" in over["legend"]


def test_given_arrows_and_plus_then_the_map_moves_and_stays(seen: dict[str, Any]) -> None:
    over, moved, closer = (seen["keys"][name] for name in ("over", "moved", "closer"))
    assert moved["center"][1] > over["center"][1] and moved["center"][0] == pytest.approx(over["center"][0], abs=0.001)
    assert (moved["mode"], closer["center"][2]) == ("free", moved["center"][2] + 1)


def test_given_n_and_enter_then_the_keyboard_goes_from_symbol_to_symbol_and_chooses(seen: dict[str, Any]) -> None:
    marks = seen["keys"]["marks"]
    assert len({tuple(mark) for mark in marks}) == 3
    kind, key, call, unit = seen["keys"]["marked"]
    assert key == (call if kind == "call" else unit)


def test_given_a_place_wanted_then_the_cross_or_a_click_says_where_and_enter_puts_the_call_there(
    seen: dict[str, Any],
) -> None:
    aimed = seen["keys"]["aimed"]
    guess = aimed["over"]["guess"]
    assert [guess["latitude"], guess["longitude"]] == pytest.approx(aimed["center"][:2], abs=0.0001)
    wanted, sent = seen["keys"]["placed"]
    assert sent == wanted and wanted[0][1:] != [guess["latitude"], guess["longitude"]]


def test_given_all_of_that_then_no_request_left_and_one_that_tries_is_refused(seen: dict[str, Any]) -> None:
    assert seen["refused"] == []
    assert seen["refused_when_tried"] == ["https://outside.example/tile.png"]
