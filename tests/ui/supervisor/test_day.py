"""When the day's figures are reckoned: for those who look, when something is different, and never all in one turn."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.ids import CallId
from console.ui.supervisor.day import Day, Reckoned
from tests.support.scenes import receive
from tests.ui.live import Live


@pytest.fixture
def live() -> Live:
    return Live()


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


class Counted:
    """A figure that counts how often it was reckoned."""

    def __init__(self, live: Live, widget: QWidget) -> None:
        self.times = 0
        self.reckoned: Reckoned[int] = Reckoned(live.store, live.store, self._reckon, every_s=1, turn=0)
        self.shown = 0
        self.reckoned.watch(widget, self._show)

    def _reckon(self) -> int:
        self.times += 1
        return self.times

    def _show(self) -> None:
        self.shown += 1


def test_given_nobody_looks_then_nothing_is_reckoned(live: Live, widget: QWidget) -> None:
    counted = Counted(live, widget)
    for second in range(3):
        live.tell(receive(CallId(f"c{second}")))
        counted.reckoned.tick(second)
    assert counted.times == 0


def test_given_somebody_looks_then_it_is_reckoned_when_the_state_is_another_or_time_has_passed(
    live: Live, widget: QWidget
) -> None:
    counted = Counted(live, widget)
    widget.show()
    for second in range(5):
        counted.reckoned.tick(second)
    assert counted.times == 1, "the same state says the same"
    live.tell(receive())
    counted.reckoned.tick(5)
    assert (counted.times, counted.shown) == (2, 2)
    live.later(seconds=31)
    counted.reckoned.tick(6)
    assert counted.times == 3, "averages and spans grow with time alone"
    widget.hide()
    live.tell(receive(CallId("more")))
    counted.reckoned.tick(7)
    assert counted.times == 3
    counted.reckoned.look()
    assert counted.reckoned.value == 4


def test_given_a_store_then_its_panes_share_one_day(live: Live) -> None:
    assert Day.of(live.context) is Day.of(live.context)
    assert Day.of(live.context) is not Day.of(Live().context)


def test_given_minutes_pass_then_no_second_carries_more_than_one_of_the_costly_figures(
    live: Live, widget: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = Day.of(live.context)
    costly = (day.today, day.history, day.days)
    widget.show()
    carried: list[int] = []
    for reckoned in costly:
        reckoned.watch(widget, lambda: carried.append(second))
    for second in range(1, 61):
        live.tell(receive(CallId(f"c{second}")))
        live.tick()
    assert len(carried) == len(set(carried)), "each in a second of its own"
    assert len(carried) == 30 + 15 + 15
