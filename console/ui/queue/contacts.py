"""Which calls share a callback number or an address, kept up to date call by call instead of searched for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from console.domain.ids import CallId
from console.domain.same_place import number_key, place_key
from console.domain.state import Call, State

Key = tuple[str, str]


class ContactIndex:
    """Answers `queries.contacts` for many calls at once: the calls of a number or address are found by a dictionary."""

    def __init__(self) -> None:
        self._keys: dict[CallId, tuple[Key, ...]] = {}
        self._calls: dict[Key, set[CallId]] = defaultdict(set)

    def take(self, state: State, touched: Iterable[CallId]) -> set[CallId]:
        """Learn about calls that are new, changed or gone; the ids of other calls whose contacts differ now come back."""
        others: set[CallId] = set()
        for call_id in touched:
            call = state.calls.get(call_id)
            old, new = self._keys.get(call_id, ()), _keys(call) if call else ()
            if old == new:
                continue
            for key in set(old) - set(new):
                self._calls[key].discard(call_id)
                others |= self._calls[key]
            for key in set(new) - set(old):
                others |= self._calls[key]
                self._calls[key].add(call_id)
            if new:
                self._keys[call_id] = new
            else:
                self._keys.pop(call_id, None)
        return others

    def others(self, state: State, call: Call) -> list[Call]:
        """The other calls on the board from the same number or address as a call that it has taken, in no order."""
        found = {call_id for key in self._keys.get(call.call_id, ()) for call_id in self._calls.get(key, ())} - {
            call.call_id
        }
        return [state.calls[call_id] for call_id in found if call_id in state.calls]


def _keys(call: Call) -> tuple[Key, ...]:
    keys = (("number", number_key(call.callback)), ("place", place_key(call.place.address)))
    return tuple(key for key in keys if key[1])
