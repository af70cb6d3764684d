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
    """A command that was carried out, or refused, and the state after it."""

    at: datetime
    by: UserId
    command: AnyCommand
    outcome: tuple[AnyEvent, ...] | Rejected
    state: State


def rehearse(
    simulation: Simulation, state: State, until: datetime, step: timedelta = timedelta(hours=1)
) -> Iterator[Happened]:
    """Play until a moment, the hub's clock included: hand-offs run out, and every `step` old closed calls are filed."""
    files = simulation.next_at + step
    offers: deque[datetime] = deque()
    while True:
        at = min(simulation.next_at, files, *([offers[0]] if offers else []))
        if at > until:
            return
        if at == files or (offers and at == offers[0]):
            orders = [(CLOCK, order.command) for order in clock.due(state, at, "rehearsal")]
            files = files + _FILES_EVERY if at == files else files
            while offers and offers[0] <= at:
                offers.popleft()
        else:
            move = simulation.next(at)
            orders = [(move.by, command) for command in move.commands] if move else []
        for by, command in orders:
            outcome = decide(state, command, by, at)
            if not isinstance(outcome, Rejected):
                for event in outcome:
                    state = evolve(state, event, by, at)
                    if isinstance(event, HandOffOffered):
                        offers.append(at + timedelta(seconds=state.agency.hand_off_s))
                simulation.notice(state, at)
            yield Happened(at, by, command, outcome, state)
