"""A floor with two calls, one of them chosen, and the pane that asks about it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.domain.ids import CallId
from tests.support.scenes import CALL, floor, receive
from tests.ui.live import Live
from tests.ui.triage.window import Window, opened


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive(), receive(CallId("other"))))
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def window(qtbot: QtBot, live: Live) -> Window:
    return opened(qtbot, live)
