"""A signal or a timer must not eat references to None, True and False.

A release of the Qt binding lost one with each: after a few hundred `Signal(bool)` the process aborted. The counts are
looked at every hundred turns, so that the fault is a failed test and not the end of the test run. From Python 3.12 on
these three are immortal, their counts stand still, and there is nothing left to lose.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer, Signal
from pytestqt.qtbot import QtBot

ROUNDS = 100
TURNS = 100  # in a round: 10,000 in all
STRAY = 50  # what other things may take or give meanwhile; the fault loses a hundred in every round


class Switch(QObject):
    """Says on or off, and when a hundred timers have fired."""

    turned = Signal(bool)
    fired = Signal()


def counts() -> dict[str, int]:
    """Count the references to the three."""
    return {"None": sys.getrefcount(None), "True": sys.getrefcount(True), "False": sys.getrefcount(False)}


def lost(before: dict[str, int]) -> dict[str, int]:
    """Tell of which of the three references have gone missing since, and how many."""
    now = counts()
    return {name: before[name] - now[name] for name in before if before[name] - now[name] > STRAY}


def test_given_ten_thousand_signals_of_a_bool_then_no_reference_is_lost(qapp: QObject) -> None:
    switch = Switch()
    heard: list[int] = []
    switch.turned.connect(lambda on: heard.append(int(on)))
    gc.collect()
    before = counts()

    for _ in range(ROUNDS):
        for turn in range(TURNS):
            switch.turned.emit(turn % 2 == 0)
        assert not lost(before)

    assert (len(heard), sum(heard)) == (ROUNDS * TURNS, ROUNDS * TURNS // 2)


def test_given_ten_thousand_timer_shots_then_no_reference_is_lost(qtbot: QtBot) -> None:
    switch = Switch()
    shots = 0

    def shot() -> None:
        nonlocal shots
        shots += 1
        if shots % TURNS == 0:
            switch.fired.emit()

    def one_round() -> None:
        with qtbot.waitSignal(switch.fired):
            for _ in range(TURNS):
                QTimer.singleShot(0, shot)

    one_round()  # what earlier tests left to be deleted goes now, and takes its references with it
    gc.collect()
    before = counts()

    for _ in range(ROUNDS):
        one_round()
        assert not lost(before)

    assert shots == (ROUNDS + 1) * TURNS
