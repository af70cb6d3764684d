"""The word that the board is there comes once, and only when it is live, has its state, and has been painted."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.link.link_state import LinkState, LinkStatus
from console.ui.context import Context
from console.ui.map.view import MapPane
from console.ui.opening import Opening
from console.ui.readiness import Readiness, say
from tests.support.scenes import receive
from tests.ui.live import Live

LIVE = LinkStatus(LinkState.LIVE)


def _said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_given_a_painted_window_when_the_link_is_live_then_it_is_said_with_what_the_board_has(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    live = Live()
    live.tell(receive())
    window = QLabel("board")
    qtbot.addWidget(window)
    watching = Readiness(window, live.context)
    say(watching, live.context)
    with qtbot.waitExposed(window):
        window.show()
    assert _said(capsys) == []

    live.store.take_link(LinkStatus(LinkState.CATCHING_UP))
    assert _said(capsys) == []

    with qtbot.waitSignals([watching.live, watching.drawn]):
        live.store.take_link(LIVE)
    assert _said(capsys) == [
        {"ready": True, "open_calls": 1, "units": len(live.store.state.units)},
        {"drawn": True},
    ]


def test_given_it_was_said_when_the_link_comes_back_then_it_is_not_said_again(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    live = Live()
    window = QLabel("board")
    qtbot.addWidget(window)
    watching = Readiness(window, live.context)
    say(watching, live.context)
    window.show()
    with qtbot.waitSignal(watching.drawn):
        live.store.take_link(LIVE)
    assert len(_said(capsys)) == 2
    live.store.take_link(LinkStatus(LinkState.OFFLINE))
    live.store.take_link(LIVE)
    window.repaint()
    assert _said(capsys) == []


def test_given_a_map_when_the_board_is_live_then_the_map_waits_for_its_painting_and_is_told_of_after_it(
    qtbot: QtBot,
) -> None:
    live = Live()
    opening = Opening(over=False)
    context = Context(live.store, opening=opening)
    pane = MapPane(context)
    window = QWidget()
    QVBoxLayout(window).addWidget(pane)
    qtbot.addWidget(window)
    watching = Readiness(window, context)
    watching.live.connect(opening.end)
    with qtbot.waitExposed(window):
        window.show()
    assert pane.canvas is None
    order: list[str] = []
    watching.live.connect(lambda: order.append("live"))
    pane.painted.connect(lambda: order.append("map"))
    watching.drawn.connect(lambda: order.append("drawn"))
    with qtbot.waitSignal(watching.drawn):
        live.store.take_link(LIVE)
    assert order == ["live", "map", "drawn"]
    assert pane.canvas is not None
