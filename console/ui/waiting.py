"""How many calls wait and how their waits stand: counted on from one change to the next, instead of over all calls anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from console.domain import queries
from console.domain.changes import Changes
from console.domain.ids import CallId
from console.domain.state import State


class Waiting:
    """The level of each pending call's wait. A change costs what it touches; once a second `age` looks at all that wait."""

    def __init__(self, state: State, now: datetime) -> None:
        self._levels: dict[CallId, str] = {}
        self._look(state, state.calls, now)

    def take(self, state: State, different: Changes, now: datetime) -> None:
        """Follow a batch of changes. Another configuration may have made any call eligible."""
        self._look(state, {*self._levels, *state.calls} if different.agency else different.calls, now)

    def age(self, state: State, now: datetime) -> None:
        """Follow the clock."""
        self._look(state, tuple(self._levels), now)

    def counts(self) -> Counter[str]:
        """How many calls wait by the level of their wait: "fine", "due", "past"."""
        return Counter(self._levels.values())

    def _look(self, state: State, calls: Iterable[CallId], now: datetime) -> None:
        for call_id in calls:
            call = state.calls.get(call_id)
            if call is not None and queries.is_pending(call):
                self._levels[call_id] = queries.wait(state.agency, call, now).level
            else:
                self._levels.pop(call_id, None)
