"""What is not the board waits while the desk opens, is done once, and waits for nothing afterwards."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from console.ui.opening import Opening


def test_given_an_opening_when_it_ends_then_what_waited_is_done_once_in_its_order_with_turns_between(
    qtbot: QtBot,
) -> None:
    opening = Opening(over=False)
    done: list[str] = []
    opening.afterwards(lambda: done.append("sound"))
    opening.afterwards(lambda: done.append("map"), first=True)
    assert done == []
    opening.end()
    opening.end()
    assert done == ["map"]
    qtbot.waitUntil(lambda: done == ["map", "sound"])
    opening.afterwards(lambda: done.append("late"))
    assert done == ["map", "sound", "late"]


def test_given_no_desk_around_then_nothing_waits() -> None:
    done: list[str] = []
    Opening().afterwards(lambda: done.append("map"))
    assert done == ["map"]
