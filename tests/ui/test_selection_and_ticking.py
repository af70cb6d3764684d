"""What is chosen is told once; the tick comes just after the second turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from console.ui.selection import Selection
from console.ui.ticking import PARTS, Ticker, until_next_second


def test_given_a_chosen_call_when_it_is_chosen_again_then_nothing_is_told(qtbot: QtBot) -> None:
    selection = Selection()
    told: list[str] = []
    selection.call_changed.connect(told.append)

    selection.choose_call("call-1")
    selection.choose_call("call-1")
    selection.choose_call(None)

    assert told == ["call-1", ""]
    assert selection.call_id is None


def test_given_a_chosen_unit_when_another_is_chosen_then_it_is_told(qtbot: QtBot) -> None:
    selection = Selection()
    told: list[str] = []
    selection.unit_changed.connect(told.append)
    selection.choose_unit("T1")
    selection.choose_unit("T2")
    assert (told, selection.unit_id) == (["T1", "T2"], "T2")


@given(st.floats(min_value=0, max_value=4e9, allow_nan=False))
def test_law_the_next_tick_falls_just_after_a_second_and_never_at_once(clock_s: float) -> None:
    wait_ms = until_next_second(clock_s)
    assert 500 <= wait_ms <= 1500
    past = (clock_s * 1000 + wait_ms) % 1000
    assert 6 <= past <= 10


def test_given_a_started_ticker_when_its_second_comes_then_it_is_told_and_goes_on(qtbot: QtBot) -> None:
    ticker = Ticker()
    with qtbot.waitSignals([ticker.second, ticker.second]):
        ticker.start()
    ticker.stop()


def test_given_a_second_then_its_parts_follow_each_in_a_turn_of_its_own(qtbot: QtBot) -> None:
    ticker = Ticker()
    told: list[int] = []
    ticker.second.connect(lambda: told.append(0))
    ticker.between.connect(told.append)
    with qtbot.waitSignal(ticker.between, check_params_cb=lambda part: part == PARTS):
        ticker.start()
    ticker.stop()
    assert told == [0, 1, 2, 3, 4]
