"""Counting what waits from change to change gives what counting anew would give."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from console.domain import commands as c
from console.domain import queries
from console.domain.changes import changes
from console.domain.ids import CallId, UserId
from console.domain.state import State
from console.ui.waiting import Waiting
from tests.domain.test_laws import HISTORIES, busy
from tests.support.scenes import floor, receive


def counted_anew(state: State, now: datetime) -> Counter[str]:
    return Counter(queries.wait(state.agency, call, now).level for call in queries.pending(state))


@given(HISTORIES)
def test_law_what_is_followed_is_what_is_counted_anew(history: list[tuple[c.AnyCommand, UserId]]) -> None:
    scene = busy()
    waiting = Waiting(scene.state, scene.at)
    for command, by in history:
        before = scene.state
        scene.when(command, by)
        scene.at += timedelta(minutes=2)
        waiting.take(scene.state, changes(before, scene.state), scene.at)
        waiting.age(scene.state, scene.at)
        assert waiting.counts() == counted_anew(scene.state, scene.at)


def test_given_time_passes_then_waits_become_due_and_past_without_a_change() -> None:
    scene = floor().given(receive(), receive(CallId("call-2")))
    waiting = Waiting(scene.state, scene.at)
    assert waiting.counts() == {"fine": 2}
    waiting.age(scene.state, scene.at + timedelta(minutes=6))
    assert waiting.counts() == {"due": 2}
    waiting.age(scene.state, scene.at)
    assert waiting.counts() == {"fine": 2}, "the clock of an exercise may be set back"
    waiting.age(scene.state, scene.at + timedelta(hours=1))
    assert waiting.counts() == {"past": 2}


def test_given_no_wait_turns_then_the_clock_costs_no_look_at_any_call(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = floor().given(receive(), receive(CallId("call-2")))
    waiting = Waiting(scene.state, scene.at)
    monkeypatch.setattr(queries, "is_pending", pytest.fail)
    for second in range(60):
        waiting.age(scene.state, scene.at + timedelta(seconds=second))
    assert waiting.counts() == {"fine": 2}


def test_given_another_configuration_then_every_call_is_looked_at() -> None:
    scene = floor().given(receive())
    waiting = Waiting(State(), scene.at)
    waiting.take(scene.state, changes(State(), scene.state), scene.at)
    assert waiting.counts() == counted_anew(scene.state, scene.at) == {"fine": 1}
