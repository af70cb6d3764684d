"""How many calls wait and how their waits stand: counted on from one change to the next, instead of over all calls anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from console.domain import queries
from console.domain.agency import Agency
from console.domain.changes import Changes
from console.domain.ids import CallId
from console.domain.state import Call, State

NEVER = datetime.max.replace(tzinfo=UTC)


class Waiting:
    """The level of each pending call's wait. A change costs what it touches; `age` nothing until a wait turns."""

    def __init__(self, state: State, now: datetime) -> None:
        self._levels: dict[CallId, str] = {}
        self._looked_at, self._turns_at = now, NEVER
        self._look(state, state.calls, now)

    def take(self, state: State, different: Changes, now: datetime) -> None:
        """Follow a batch of changes. Another configuration may have made any call eligible."""
        self._look(state, {*self._levels, *state.calls} if different.agency else different.calls, now)

    def age(self, state: State, now: datetime) -> None:
        """Follow the clock; that of an exercise may be set back too."""
        if not self._looked_at <= now < self._turns_at:
            self._turns_at = NEVER
            self._look(state, tuple(self._levels), now)

    def counts(self) -> Counter[str]:
        """How many calls wait by the level of their wait: "fine", "due", "past"."""
        return Counter(self._levels.values())

    def _look(self, state: State, calls: Iterable[CallId], now: datetime) -> None:
        self._looked_at = now
        for call_id in calls:
            call = state.calls.get(call_id)
            if call is not None and queries.is_pending(call):
                self._levels[call_id] = queries.wait(state.agency, call, now).level
                self._turns_at = min(self._turns_at, turns_at(state.agency, call, now))
            else:
                self._levels.pop(call_id, None)


def turns_at(agency: Agency, call: Call, now: datetime) -> datetime:
    """When the wait of a call comes to its next level; `NEVER` for one past its target, or that has none."""
    waiting = queries.wait(agency, call, now)
    after_s = {"fine": waiting.due_s, "due": waiting.past_s, "past": None}[waiting.level]
    return NEVER if after_s is None else call.received_at + timedelta(seconds=after_s)
