"""What is typed about a unit's status: since when, and putting right what was set by mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.domain import commands as c
from console.domain.state import UnitStatus
from console.ui.command_grammar import read
from console.ui.verbs.reading import Ready, Refused, Wanting
from tests.support.scenes import CALL, T1, Scene, floor, receive, status
from tests.ui.test_command_grammar import grounds, ready


def on_its_way() -> Scene:
    """T1 dispatched to 0001 and en route, ten minutes ago."""
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE))
    scene.at += timedelta(minutes=10)
    return scene


@pytest.mark.parametrize("time", ["-3", "3 min ago", "14:37", "since 14:37"])
def test_given_a_status_with_a_time_when_read_then_it_is_so_since_then_and_the_preview_says_it(time: str) -> None:
    scene = on_its_way()
    meant = ready(read(f"s t1 onscene {time}", grounds(scene)))
    assert meant.command == c.SetUnitStatus(T1, UnitStatus.ON_SCENE)
    assert meant.occurred_at is not None and timedelta(minutes=2) < scene.at - meant.occurred_at < timedelta(minutes=4)
    assert meant.words.startswith("T1: On scene, since 14:37, ")


def test_given_no_time_then_it_is_so_now_and_with_a_place_both_are_read() -> None:
    assert ready(read("s t1 onscene", grounds(on_its_way()))).occurred_at is None
    scene = on_its_way().given(*status(T1, UnitStatus.ON_SCENE))
    scene.at += timedelta(minutes=5)
    meant = ready(read("s t1 transporting Recovery Center -2", grounds(scene)))
    assert meant.command == c.SetUnitStatus(T1, UnitStatus.TRANSPORTING, "Recovery Center")
    assert meant.words == "T1: Transporting, Recovery Center, since 14:43, 2 min ago"
    between = ready(read("s t1 transporting since 14:43 Recovery Center", grounds(scene)))
    assert (between.command, between.words) == (meant.command, meant.words), "a time is no part of a place"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("s t1 onscene 25:10", '"25:10" is no time of day'),
        ("s t1 onscene 14:41", "cannot have begun before"),
        ("s t1 onscene 14:10", "cannot have begun before"),
        ("fix t1 break -2, wrong unit", "is on a call. It leaves it by clearing or by being recalled"),
    ],
)
def test_given_a_time_that_cannot_be_then_the_refusal_is_a_sentence(line: str, why: str) -> None:
    scene = on_its_way()  # 14:40
    reading = read(line, grounds(scene))
    assert isinstance(reading, Refused) and why in reading.words


def test_given_a_status_by_mistake_when_put_right_then_what_since_when_and_why_are_read() -> None:
    scene = on_its_way().given(*status(T1, UnitStatus.ON_SCENE))
    assert read("fix t1", grounds(scene)) == Wanting("T1 is On scene by mistake: what is it really?")
    asks = read("fix t1 en route -2", grounds(scene))
    assert asks == Wanting("T1 is really En route: after a comma, what went wrong?")
    meant = ready(read("fix t1 en route -2, the wrong button", grounds(scene)))
    assert meant.command == c.CorrectUnitStatus(T1, UnitStatus.EN_ROUTE, "the wrong button")
    assert meant.words == 'correct: T1 is not On scene but En route, since 14:38, 2 min ago: "the wrong button"'
    assert isinstance(meant, Ready) and meant.occurred_at == scene.at - timedelta(minutes=2)
    scene.at += timedelta(minutes=5)
    between = ready(read("fix t1 transporting 14:43 Main St, the wrong button", grounds(scene)))
    assert between.command == c.CorrectUnitStatus(T1, UnitStatus.TRANSPORTING, "the wrong button", "Main St")
    assert isinstance(between, Ready) and between.words.endswith(', Main St, since 14:43, 2 min ago: "the wrong button"')


def test_given_backup_on_its_way_when_it_arrives_then_a_word_says_so() -> None:
    scene = on_its_way()
    assert isinstance(read("arrived t1", grounds(scene)), Refused)
    scene.given(c.RequestBackup(T1, "POLICE"))
    meant = ready(read("arrived t1", grounds(scene)))
    assert meant.command == c.ArriveBackup(T1) and meant.words == "Police is with T1"
