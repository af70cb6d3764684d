"""What each unit's tablets were told last, and since which number of the log: so that they can wait for what is new."""

import asyncio

from msgspec import Struct

from console.domain.ids import CallId, Seq, UnitId
from console.domain.state import Call, State, Unit
from console.hub.field import last_done, told
from console.hub.hub_time import HubTime
from console.hub.ledger import Ledger
from console.hub.stream import Streams
from console.wire.field import FieldUnit


class _Held(Struct, frozen=True):
    """What was told, since when, and the records that it was made of."""

    seq: Seq
    unit: FieldUnit
    of: Unit
    last: CallId | None
    made_of: tuple[object, ...]


class FieldViews:
    """The latest view of every unit that has asked, made anew only when a record that it is made of was replaced."""

    def __init__(self, ledger: Ledger, streams: Streams, time: HubTime) -> None:
        """Of what the ledger holds; `streams` says when the hub ends."""
        self._ledger, self._streams, self._time = ledger, streams, time
        self._held: dict[UnitId, _Held] = {}

    def look(self, unit_id: UnitId, *, anew: bool = True) -> tuple[Seq, FieldUnit] | None:
        """The view and the number of the log at which it last changed; None where there is no such unit.

        Not `anew`, it is taken to be as it was unless a record changed: time alone (a caution that ran out) changes nothing.
        """
        state, held = self._ledger.state, self._held.get(unit_id)
        unit = state.units.get(unit_id)
        if unit is None:
            return None
        # Which call it was last done with changes together with the unit's own record.
        same = held is not None and held.of is unit and not anew
        last = held.last if held is not None and same else _id(last_done(state, unit))
        made_of = _made_of(state, unit, last)
        if held is not None and same and all(map(_is, made_of, held.made_of)):
            return held.seq, held.unit
        view = told(state, unit, state.calls.get(last) if last else None, self._time.now())
        seq = held.seq if held is not None and held.unit == view else self._ledger.head
        self._held[unit_id] = _Held(seq, view, unit, last, made_of)
        return seq, view

    async def news(self, unit_id: UnitId, after: Seq, wait_s: float) -> tuple[Seq, FieldUnit] | None:
        """The view once it is another than at `after`; None where it still is the same after `wait_s`, or the hub ends.

        A number that the log has not reached yet is of another log: what stands is told at once.
        """
        try:
            async with asyncio.timeout(wait_s):
                anew = True
                while not self._streams.closing:
                    found = self.look(unit_id, anew=anew)
                    if found is None or found[0] > after or after > self._ledger.head:
                        return found
                    anew = False
                    await self._ledger.bell.wait()
        except TimeoutError:
            pass
        return None


def _made_of(state: State, unit: Unit, last: CallId | None) -> tuple[object, ...]:
    call = state.calls.get(unit.call) if unit.call else None
    others = [state.units.get(part.unit_id) for part in call.assignments] if call is not None else []
    done = state.calls.get(last) if last else None
    return (state.agency, state.people, state.neighbors, unit, call, done, len(others), *others)


def _is(one: object, other: object) -> bool:
    return one is other


def _id(call: Call | None) -> CallId | None:
    return call.call_id if call is not None else None
