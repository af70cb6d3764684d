"""The exercise played without a hub, as fast as it goes: for the hours before a person comes in, and for tests."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from console.domain.commands import AnyCommand, Rejected
from console.domain.decide import decide
from console.domain.events import AnyEvent, HandOffOffered
from console.domain.evolve import evolve
from console.domain.ids import CLOCK, UserId
from console.domain.state import State
from console.hub import clock
from console.hub.exercise.simulation import Simulation

_FILES_EVERY = timedelta(hours=1)


class Happened(Struct, frozen=True):
    """A command that was carried out, with its events, or refused."""

    at: datetime
    by: UserId
    command: AnyCommand
    outcome: tuple[AnyEvent, ...] | Rejected


class Rehearsal:
    """A simulation, the state it acts on, and the hub's clock: hand-offs run out, old closed calls are filed."""

    def __init__(self, simulation: Simulation, state: State) -> None:
        """Begin where `simulation` begins, with the state it was told of."""
        self.simulation, self.state = simulation, state
        self._files = simulation.next_at + _FILES_EVERY
        self._offers: deque[datetime] = deque()

    def play(self, until: datetime) -> Iterator[Happened]:
        """Play up to and with a moment."""
        while (at := min(self.simulation.next_at, self._files, *self._offers)) <= until:
            if at == self.simulation.next_at:
                move = self.simulation.next(at)
                orders = [(command, move.by) for command in move.commands] if move else []
            else:
                orders = [(order.command, CLOCK) for order in clock.due(self.state, at, "rehearsal")]
                self._files += _FILES_EVERY if at == self._files else timedelta()
                while self._offers and self._offers[0] <= at:
                    self._offers.popleft()
            for command, by in orders:
                yield self.do(command, by, at)

    def do(self, command: AnyCommand, by: UserId, at: datetime) -> Happened:
        """Carry out one command, and let everybody take note of it."""
        outcome = decide(self.state, command, by, at)
        if not isinstance(outcome, Rejected):
            for event in outcome:
                self.state = evolve(self.state, event, by, at)
                if isinstance(event, HandOffOffered):
                    self._offers.append(at + timedelta(seconds=self.state.agency.hand_off_s))
            self.simulation.notice(self.state, at)
        return Happened(at, by, command, outcome)
