"""Which desks live: one of which nothing was heard for a while is lost, and found again with its next word."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from console.domain.commands import FindDesk, LoseDesk, Order
from console.domain.ids import HUB, CommandId, DeskId, UserId, derived_id
from console.domain.state import Presence, PresenceStatus, State
from console.hub.ledger import Ledger, NotRecorded

UNHEARD_S = 15.0
"""Real seconds without a word from a desk after which it is lost: three heartbeats that nobody answered."""
_LOOKS = 15
"""Looks in that time."""


def _everybody(_state: State, _user: UserId) -> bool:
    return True


class Desks:
    """When each desk was heard last, in this hub's life. In real time, also in an exercise that runs faster.

    Every request of a desk is a word of it, and it answers each heartbeat that reaches it: so a desk that the hub no
    longer reaches is silent too. What stands in the state (`Presence.lost_at`) follows by orders to the ledger.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        unheard_s: float = UNHEARD_S,
        is_real: Callable[[State, UserId], bool] = _everybody,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch the people at work for whom `is_real` holds: those whom an exercise plays have no desk."""
        self._ledger, self._unheard_s, self._is_real, self._clock = ledger, unheard_s, is_real, clock
        self._heard: dict[tuple[UserId, DeskId], float] = {}
        self._looked_at = clock()
        self._again = asyncio.Event()

    def heard(self, user_id: UserId, desk_id: DeskId) -> None:
        """Note a word of this person's desk."""
        self._heard[user_id, desk_id] = self._clock()
        person = self._ledger.state.people.get(user_id)
        if person is not None and person.lost_at is not None:
            self._again.set()

    @property
    def seated(self) -> dict[UserId, DeskId]:
        """Who is at work at a desk that is not lost, and at which."""
        return {person.user_id: person.desk_id for person in self._watched() if person.lost_at is None}

    def _watched(self) -> list[Presence]:
        """The people at work who have a desk."""
        state = self._ledger.state
        at_work = (person for person in state.people.values() if person.status is not PresenceStatus.SIGNED_OFF)
        return [person for person in at_work if self._is_real(state, person.user_id)]

    async def run(self) -> None:
        """Look, and submit what is due, until cancelled."""
        while True:
            for order in self.due():
                with suppress(NotRecorded):  # the store's trouble, which the ledger has reported; due again at the next look
                    await self._ledger.submit(order, HUB)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), self._unheard_s / _LOOKS)
            self._again.clear()

    def due(self) -> list[Order]:
        """What is to be said of desks now: lost, or found. Whoever is new here has the whole time to be heard."""
        now = self._clock()
        deaf_s, self._looked_at = now - self._looked_at, now
        if deaf_s > self._unheard_s / 3:  # the hub itself stood still, and would have heard nobody
            self._heard = {desk: at + deaf_s for desk, at in self._heard.items()}
        at_work = {(person.user_id, person.desk_id): person.lost_at is not None for person in self._watched()}
        orders, before, self._heard = [], self._heard, {}
        for desk, lost in at_work.items():
            at = before.get(desk, now)
            lives = now - at < self._unheard_s
            if lost and desk in before and lives:
                orders.append(self._order(FindDesk(*desk)))
            elif not lost and not lives:
                orders.append(self._order(LoseDesk(*desk)))
            if not lost or (desk in before and lives):  # a word from before it was lost says nothing of who sits there next
                self._heard[desk] = at
        return orders

    def _order(self, command: FindDesk | LoseDesk) -> Order:
        """Named by what it says and by the place in the log at which it was so; said again later it is another one."""
        about = (type(command).__name__, command.user_id, command.desk_id, self._ledger.log_id, str(self._ledger.head))
        return Order(CommandId(derived_id(*about)), command)
