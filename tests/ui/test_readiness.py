"""The word that the board is there comes once, and only when it is live, has its state, and has been painted."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from console.link.link_state import LinkState, LinkStatus
from console.ui.readiness import Readiness
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
    with qtbot.waitExposed(window):
        window.show()
    assert _said(capsys) == []

    live.store.take_link(LinkStatus(LinkState.CATCHING_UP))
    assert _said(capsys) == []

    with qtbot.waitSignal(watching.said):
        live.store.take_link(LIVE)
    assert _said(capsys) == [{"ready": True, "open_calls": 1, "units": len(live.store.state.units)}]


def test_given_it_was_said_when_the_link_comes_back_then_it_is_not_said_again(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    live = Live()
    window = QLabel("board")
    qtbot.addWidget(window)
    watching = Readiness(window, live.context)
    window.show()
    with qtbot.waitSignal(watching.said):
        live.store.take_link(LIVE)
    assert len(_said(capsys)) == 1
    live.store.take_link(LinkStatus(LinkState.OFFLINE))
    live.store.take_link(LIVE)
    window.repaint()
    assert _said(capsys) == []
