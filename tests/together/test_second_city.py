"""Another city by configuration alone: real desks and a real hub on the second configuration, worked by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.ids import ProgrammeCode
from tests.support.center import CONFIGURATION, Center
from tests.support.desk_floor import answer, choose, close, pending
from tests.support.desk_process import DeskProcess
from tests.support.hub import PASSWORD

pytestmark = pytest.mark.web_engine

CITY = CONFIGURATION.parent / "albuquerque"
UNITS = {"CR31": (35.0850, -106.6510), "SOR41": (35.0800, -106.6400), "MCT51": (35.1305, -106.5515)}
HERE = (35.0845, -106.6480)
CALM_OUTSIDE = "11113111"
"""No danger, no weapon, no aggression, nobody hurt, somebody else, outside, wants a place to go, no officer."""


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Center]:
    made = Center(tmp_path / "hub", ProgrammeCode(""), CITY)
    try:
        made.feed.put_on_duty(UNITS)
        yield made
    finally:
        made.close()


@pytest.fixture
def desks(center: Center, tmp_path: Path) -> Iterator[dict[str, DeskProcess]]:
    made: dict[str, DeskProcess] = {}
    try:
        for workspace, user in (("dispatch", "okafor"), ("supervisor", "lindqvist")):
            made[workspace] = desk = DeskProcess(tmp_path / workspace, "--hub", center.url, "--workspace", workspace)
            desk.until_says("Sign in")
            desk.type(user)
            desk.press("Tab")
            desk.type(PASSWORD)
            desk.press("Return")
            desk.until(lambda now: now.link == "live" and now.user == user, "the live board")  # noqa: B023
        yield made
        for desk in made.values():
            desk.leave()
    finally:
        for desk in made.values():
            desk.kill()


def test_given_another_city_when_a_call_is_triaged_served_and_turns_then_everything_speaks_its_language(
    center: Center, desks: dict[str, DeskProcess]
) -> None:
    dispatch, supervisor = desks["dispatch"], desks["supervisor"]
    dispatch.until_says("Community Safety Console")
    _, number = center.feed.receive("UNSH", "Central Ave and 1st St", HERE, callback="505-555-0101", text="A cart.")
    dispatch.until(lambda now: pending(now) == 1, "one pending call")
    choose(dispatch, number)
    answer(dispatch, CALM_OUTSIDE)
    dispatch.until_says("Proposed: Street Outreach")
    assert not dispatch.now.says("Co-Response"), "nothing of another city"

    dispatch.until_can("Dispatch SOR41")
    dispatch.press("F6")
    for desk in (dispatch, supervisor):
        desk.until_says("unit SOR41, status Assigned")
    dispatch.press("Alt+2")
    dispatch.type("SOR41")
    for key, words in (("Ctrl+Shift+E", "En route"), ("Ctrl+Shift+S", "On scene")):
        dispatch.press(key)
        supervisor.until_says(f"unit SOR41, status {words}")
    dispatch.press("Ctrl+Shift+A")
    supervisor.until_says("unit SOR41, status Available")
    dispatch.press("Alt+3")
    close(dispatch, "1")
    dispatch.until(lambda now: number not in now.controllers, "the call to be closed")


def test_given_a_city_where_nobody_answers_by_phone_then_no_hand_off_is_offered_and_the_workspace_says_why(
    center: Center, desks: dict[str, DeskProcess]
) -> None:
    dispatch = desks["dispatch"]
    _, number = center.feed.receive("BHI", "4th St and Lomas Blvd", HERE)
    choose(dispatch, number)
    dispatch.until_can("Dispatch MCT51")
    assert not dispatch.now.said("Hand off")
    dispatch.press("Ctrl+2")
    dispatch.until_says("No programme of this center answers by phone")
    dispatch.press("Escape")
    choose(dispatch, number)
    close(dispatch, "1")
    dispatch.until(lambda now: number not in now.controllers, "the call to be closed")
