"""The exercise played without a hub, as fast as it goes: for the hours before a person comes in, and for tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import get_args

from msgspec import Struct

from console.domain.commands import AnyCommand, Rejected
from console.domain.decide import decide
from console.domain.events import AnyEvent, CallClosed, HandOffEvent, PresenceChanged, SignedIn, SignedOff
from console.domain.evolve import evolve
from console.domain.ids import CLOCK, UserId
from console.domain.state import State
from console.hub import clock
from console.hub.exercise.simulation import Simulation

_FILES_EVERY = timedelta(hours=1)
_CONCERN_THE_CLOCK = (*get_args(HandOffEvent), CallClosed, PresenceChanged, SignedIn, SignedOff)
"""After these somebody is to be rung, or will have to be timed out: the clock looks a tick later, and when that is due."""


class Happened(Struct, frozen=True):
    """A command that was carried out, with its events, or refused."""

    at: datetime
    by: UserId
    command: AnyCommand
    outcome: tuple[AnyEvent, ...] | Rejected


class Rehearsal:
    """A simulation, the state it acts on, and the hub's clock: offers run out, the next is rung, old calls are filed."""

    def __init__(self, simulation: Simulation, state: State) -> None:
        """Begin where `simulation` begins, with the state it was told of."""
        self.simulation, self.state = simulation, state
        self._files = simulation.next_at + _FILES_EVERY
        self._looks: list[datetime] = []

    def play(self, until: datetime) -> Iterator[Happened]:
        """Play up to and with a moment."""
        while (at := min(self.simulation.next_at, self._files, *self._looks[:1])) <= until:
            if at == self.simulation.next_at:
                move = self.simulation.next(at)
                orders = [(command, move.by) for command in move.commands] if move else []
            else:
                orders = [(order.command, CLOCK) for order in clock.due(self.state, at, "rehearsal")]
                self._files += _FILES_EVERY if at == self._files else timedelta()
                while self._looks and self._looks[0] <= at:
                    heappop(self._looks)
            for command, by in orders:
                yield self.do(command, by, at)

    def do(self, command: AnyCommand, by: UserId, at: datetime) -> Happened:
        """Carry out one command, and let everybody take note of it."""
        outcome = decide(self.state, command, by, at)
        if not isinstance(outcome, Rejected):
            for event in outcome:
                self.state = evolve(self.state, event, by, at)
            if any(isinstance(event, _CONCERN_THE_CLOCK) for event in outcome):
                agency = self.state.agency
                for seconds in (clock.TICK_S, agency.hand_off_s, agency.hand_off.wrap_up_s):
                    heappush(self._looks, at + timedelta(seconds=seconds or clock.TICK_S))
            self.simulation.notice(self.state, at)
        return Happened(at, by, command, outcome)
