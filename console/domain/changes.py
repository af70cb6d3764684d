"""Which records differ between two states, found by identity: unchanged ones are shared, so this costs microseconds."""

from collections.abc import Mapping
from itertools import chain, compress, islice
from operator import is_, is_not
from typing import TypeVar

from msgspec import Struct

from console.domain.ids import CallBackId, CallId, NeighborId, ReferralId, UnitId, UserId
from console.domain.state import State

K = TypeVar("K")
V = TypeVar("V")


class Changes(Struct, frozen=True):
    """The ids of what is new, changed or gone, of each kind; `agency`: the configuration itself is another."""

    calls: frozenset[CallId] = frozenset()
    units: frozenset[UnitId] = frozenset()
    people: frozenset[UserId] = frozenset()
    agency: bool = False
    neighbors: frozenset[NeighborId] = frozenset()
    call_backs: frozenset[CallBackId] = frozenset()
    referrals: frozenset[ReferralId] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        owed = self.neighbors or self.call_backs or self.referrals
        return bool(self.calls or self.units or self.people or self.agency or owed)


def changes(old: State, new: State) -> Changes:
    """What a screen that shows `old` must look at again to show `new`."""
    return Changes(
        _differing(old.calls, new.calls),
        _differing(old.units, new.units),
        _differing(old.people, new.people),
        old.agency is not new.agency or old.exercise != new.exercise,
        _differing(old.neighbors, new.neighbors),
        _differing(old.call_backs, new.call_backs),
        _differing(old.referrals, new.referrals),
    )


def everything(state: State) -> Changes:
    """All of a state, for a screen that shows nothing yet."""
    return Changes(
        frozenset(state.calls),
        frozenset(state.units),
        frozenset(state.people),
        True,
        frozenset(state.neighbors),
        frozenset(state.call_backs),
        frozenset(state.referrals),
    )


def _differing(old: Mapping[K, V], new: Mapping[K, V]) -> frozenset[K]:
    if old is new:
        return frozenset()
    if len(old) <= len(new) and all(map(is_, old, new)):
        # Nothing has left, and what came stands behind: compared in one go, a quarter of the time of looking each up.
        other = compress(new, map(is_not, old.values(), new.values()))
        return frozenset(chain(other, islice(new, len(old), None)))
    gone = old.keys() - new.keys()
    return frozenset(gone) | {key for key, value in new.items() if old.get(key) is not value}
