"""The painted steps: each as wide as its words, so that none touches the next where the pane is narrow."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.ui.handoff.strip_lines import Step
from console.ui.handoff.strip_steps import StripSteps
from console.ui.widgets import faces, scaled
from tests.ui.live import on_screen

NAMES = ("Offered", "On screen", "Accepted", "Bridged", "Released")


@pytest.mark.parametrize("now", range(len(NAMES)))
def test_given_the_narrowest_pane_then_every_word_of_five_steps_stands_whole_and_apart(qtbot: QtBot, now: int) -> None:
    steps = tuple(
        Step(name, "14:33:30" if place <= now else "", "done" if place < now else "now" if place == now else "ahead")
        for place, name in enumerate(NAMES)
    )
    painted = on_screen(qtbot, StripSteps(), scaled(345), 46)
    painted.show_steps(steps)
    widths = painted.widths()
    assert sum(widths) >= painted.width() - len(NAMES), "all the room is used"
    for wide, step in zip(widths, steps, strict=True):
        face = faces().second_strong if step.kind == "now" else faces().second
        assert face.metrics.horizontalAdvance(step.words) < wide - 1, step.words
        assert faces().small.metrics.horizontalAdvance(step.at) < wide - 1, step.words
    assert not painted.grab().isNull()
