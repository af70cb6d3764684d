"""Pictures of the desk: drawn by the real program in a process of its own, with the map in them, and the same each time."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from console import shoot, shoot_scenes
from console.domain import queries
from console.domain.state import Role
from console.hub.configuration import load
from console.shipped import default_configuration

ROOT = Path(__file__).resolve().parents[2]


def picture(tmp_path: Path, name: str, *arguments: str) -> QImage:
    out = tmp_path / f"{name}.png"
    ended = subprocess.run(
        [sys.executable, "-m", "console", "shoot", "--out", str(out), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return QImage(str(out))


def colours(image: QImage, left: float, top: float, right: float, bottom: float) -> set[int]:
    """The colours in a part of a picture, given in shares of it, looked at every third pixel."""
    across = range(round(left * image.width()), round(right * image.width()), 3)
    down = range(round(top * image.height()), round(bottom * image.height()), 3)
    return {image.pixel(x, y) for x in across for y in down}


@pytest.mark.web_engine
def test_given_the_same_words_when_a_picture_is_drawn_twice_then_it_is_the_same_and_the_map_is_in_it(tmp_path: Path) -> None:
    wanted = ("--workspace", "dispatch", "--size", "1366x768")
    first, second = (picture(tmp_path, name, *wanted) for name in ("first", "second"))
    assert (first.width(), first.height()) == (1366, 768)
    assert len(colours(first, 0.3, 0.2, 0.7, 0.6)) > 40
    assert all(first.copy(part) == second.copy(part) for part in (QRect(0, 0, 1366, 40), QRect(0, 70, 300, 690)))


@pytest.mark.web_engine
def test_given_a_theme_when_a_workspace_without_a_map_is_drawn_then_it_is_in_its_colours(tmp_path: Path) -> None:
    image = picture(tmp_path, "light", "--workspace", "supervisor", "--theme", "light", "--size", "1366x768")
    assert image.pixelColor(5, 300).lightnessF() > 0.8


def test_given_a_workspace_that_nobody_of_the_exercise_plays_then_it_is_said_in_one_line(tmp_path: Path) -> None:
    city = str(default_configuration().parent / "albuquerque")
    words = ["--workspace", "clinician", "--config", city, "--out", str(tmp_path / "none.png")]
    ended = subprocess.run(
        [sys.executable, "-m", "console", "shoot", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "heart-console shoot: nobody of this configuration's exercise is a clinician, so there is no clinician to draw\n"
    )


def test_given_a_seed_when_rehearsed_again_then_the_same_calls_are_on_the_board() -> None:
    folder = default_configuration()
    agency = load(folder)
    one, other = (shoot_scenes.rehearsed(folder, agency, 3, timedelta(minutes=2)) for _ in range(2))
    assert one == other
    assert queries.open_calls(one.state)
    assert shoot.sits(one, Role.SUPERVISOR).role is Role.SUPERVISOR


@cache
def scene() -> shoot_scenes.Scene:
    folder = default_configuration()
    return shoot_scenes.rehearsed(folder, load(folder), shoot_scenes.SEED, shoot_scenes.INTO)


def test_given_a_unit_on_a_call_when_it_is_to_have_asked_for_backup_then_it_has_by_an_ordinary_command() -> None:
    before = scene()
    busy, idle = (
        next(unit.unit_id for unit in before.state.units.values() if (unit.call is not None) == on_a_call)
        for on_a_call in (True, False)
    )
    asked = shoot_scenes.told(before, busy, "").state.units[busy].backup
    assert asked is not None and asked.requested_at == before.now - shoot_scenes.BACKUP_ASKED
    with pytest.raises(ValueError, match=f"{idle} is on no call"):
        shoot_scenes.told(before, idle, "")


def test_given_a_waiting_call_when_it_is_to_ring_then_the_clinician_it_rings_at_sits_at_the_desk() -> None:
    before = scene()
    waiting = next(call for call in queries.pending(before.state) if "CCD" in call.open_to)
    rings = shoot_scenes.told(before, "", waiting.number)
    me = shoot.sits(rings, Role.CLINICIAN)
    ringing = queries.ringing(rings.state, me.user_id)
    assert ringing is not None and ringing.call_id == waiting.call_id
    with pytest.raises(ValueError, match="there is no call 9999"):
        shoot_scenes.told(before, "", "9999")


def test_given_a_call_with_a_team_when_its_response_is_to_have_turned_then_it_has_and_nobody_is_told_yet() -> None:
    before = scene()
    unarmed = {programme.code for programme in before.state.agency.programmes if programme.unarmed}
    met, alone = (
        next(
            call
            for call in queries.open_calls(before.state)
            if bool({a.programme for a in queries.current_assignments(call)} & unarmed) == wanted and not call.transitions
        )
        for wanted in (True, False)
    )
    (turned,) = shoot_scenes.told(before, "", "", met.number).state.calls[met.call_id].transitions
    assert turned.at == before.now - shoot_scenes.TURNED
    assert turned.untold == turned.parties != ()
    with pytest.raises(ValueError, match="its response cannot turn"):
        shoot_scenes.told(before, "", "", alone.number)


def test_every_picture_of_the_readme_is_one_that_the_commands_for_it_draw_and_is_small_enough_to_carry() -> None:
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    parser = argparse.ArgumentParser()
    shoot.add_arguments(parser)
    drawn = [parser.parse_args(line.split()[1:]) for line in lines if line.startswith("    shoot ")]
    shown = re.findall(r"\((resources/pictures/[^)]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert {str(args.out.as_posix()) for args in drawn} >= set(shown) != set()
    for args in drawn:
        path = ROOT / args.out
        assert (QImage(str(path)).width(), QImage(str(path)).height()) == args.size
        assert path.stat().st_size < 500_000


@pytest.mark.parametrize("stage", shoot_scenes.STAGES)
def test_given_a_stage_of_a_hand_off_then_the_scene_has_come_so_far_by_ordinary_commands(stage: str) -> None:
    before = scene()
    number = queries.pending(before.state)[0].number
    after = shoot_scenes.told(before, "", number, stage=stage)
    call_id = shoot_scenes.call_of(after, number)
    assert call_id is not None
    call = after.state.calls[call_id]
    hand_off = call.hand_off
    match stage:
        case "queued":
            assert call.seeking is not None and call.seeking.queued_at is not None
        case "asked":
            assert queries.unmet(call)
        case "disclosed":
            assert call.disclosures and call.disclosures[0].acknowledged is None
        case "unreachable":
            assert call.in_care_of is not None and after.state.people[call.in_care_of].lost_at is not None
        case _:
            assert hand_off is not None and hand_off.state.value == stage
