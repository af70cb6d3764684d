"""The exercise against a real ledger: the hours before the first desk opens, then everything as its time comes."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.commands import AnyCommand, Order, Rejected, SetPresence, SignIn, SignOff
from console.domain.ids import CommandId, UserId, derived_id
from console.domain.state import PresenceStatus, State
from console.hub import clock
from console.hub.bell import Bell
from console.hub.exercise import city, script
from console.hub.exercise.rehearsal import Happened, Rehearsal
from console.hub.exercise.script import Script, ScriptError
from console.hub.exercise.simulation import Simulation
from console.hub.exercise.world import World
from console.hub.ledger import NotRecorded
from console.hub.positions import Fix
from console.wire.messages import ReadyPerson

_LOG = logging.getLogger("console.hub")

REPORT_S = 2.0
"""Real seconds between two position reports: receivers report this often, and a faster exercise only moves further."""
_FRIDAY = 4
_TOGETHER = 64
"""Commands of the hours before that are submitted together."""


class Board(clock.Board, Protocol):
    """What the exercise needs of a hub's ledger."""

    bell: Bell


class Time(Protocol):
    """What the exercise needs of a hub's clock."""

    @property
    def speed(self) -> float:
        """Seconds of exercise in one real second."""

    def now(self) -> datetime:
        """The exercise's time."""


class Exercise(Struct, frozen=True):
    """An exercise that is ready to be played: the script, checked against the agency, and its city."""

    agency: Agency
    script: Script
    city: city.City
    seed: int

    @property
    def people(self) -> tuple[ReadyPerson, ...]:
        """Who may be played by a real person."""
        return tuple(person.ready() for person in self.script.people)

    def begins(self, today: datetime, at: time | None = None) -> datetime:
        """When a newcomer comes in: the time of day asked for, else the script's, on the local day of `today`.

        A Saturday or Sunday gives way to the Friday before: an exercise plays a weekday, on which all programmes are open.
        """
        zone = ZoneInfo(self.agency.time_zone)
        day = today.astimezone(zone).date()
        day -= timedelta(days=max(0, day.weekday() - _FRIDAY))
        return datetime.combine(day, at or self.script.begins, zone).astimezone(UTC)

    def simulation(self, state: State, start: datetime, whole_from: datetime | None = None) -> Simulation:
        """The city from `start` on, with all its calls from `whole_from` on."""
        return Simulation(World(self.agency, self.script, self.city, self.seed), state, start, whole_from)


def prepare(folder: Path, agency: Agency, seed: int) -> Exercise:
    """Make the exercise of a configuration folder ready, or raise `ScriptError` with one line: file, place, problem."""
    try:
        found = script.read(folder, agency)
        return Exercise(agency, found, city.build(agency, found), seed)
    except (ValueError, KeyError, TypeError) as error:
        raise ScriptError(f"{folder}: the exercise's area or roads cannot be read ({error})") from None


async def play(
    exercise: Exercise,
    board: Board,
    report: Callable[[list[Fix]], object],
    hub_time: Time,
    *,
    ready: asyncio.Event | None = None,
) -> None:
    """Play until cancelled. A log with no calls first gets the day so far; `ready` is set once that is on the board.

    `board.state` is configured. People and units whom real persons do not play act by themselves; a step that the
    ledger refuses because somebody else was quicker is dropped and looked at again. The hub's clock is looked at here, once
    everybody has acted, so that however fast it runs nothing runs out on somebody who was about to act.
    """
    start = hub_time.now()
    if board.state.calls:
        simulation = exercise.simulation(board.state, start)
    else:
        simulation = await _day_so_far(exercise, board, start)
    if ready is not None:
        ready.set()
    loop, reported, number = asyncio.get_running_loop(), float("-inf"), 0
    settled: set[CommandId] = set()
    while True:
        now = hub_time.now()
        simulation.notice(board.state, now)
        while (move := simulation.next(now)) is not None:
            for command in move.commands:
                number += 1
                name = derived_id("exercise", board.log_id, start.isoformat(), str(number))
                try:
                    outcome = await board.submit(Order(CommandId(name), command, occurred_at=move.at), move.by)
                except NotRecorded as error:  # the store's trouble: whoever it was tries again later
                    _LOG.info("exercise: %s was not recorded: %s", type(command).__name__, error)
                    continue
                if isinstance(outcome, Rejected):
                    _LOG.info("exercise: %s was refused: %s", type(command).__name__, outcome.reason)
            simulation.notice(board.state, move.at)
        await clock.look(board, now, settled)
        if loop.time() - reported >= REPORT_S:
            reported = loop.time()
            report(simulation.fixes(now))
        tick = max(clock.TICK_S / hub_time.speed, 1 / clock.LOOKS_A_SECOND)
        quiet = (simulation.next_at - hub_time.now()).total_seconds() / hub_time.speed
        await _rung(board.bell, min(max(quiet, 0.01), tick, reported + REPORT_S - loop.time()))


async def _day_so_far(exercise: Exercise, board: Board, until: datetime) -> Simulation:
    """Simulate from local midnight to now in memory, write it into the log, and go on from there.

    Of the days before there are the calls whose neighbors were referred, so that follow-up has its work.
    """
    zone = ZoneInfo(exercise.agency.time_zone)
    midnight = datetime.combine(until.astimezone(zone).date(), datetime.min.time(), zone).astimezone(UTC)
    before = timedelta(days=exercise.script.navigation.days_before)
    simulation = exercise.simulation(board.state, midnight - before, midnight)
    happened: list[Happened] = []
    for n, one in enumerate(Rehearsal(simulation, board.state).play(until - timedelta(seconds=1))):
        happened.append(one)
        if n % 25 == 0:  # the desks that come in meanwhile are answered
            await asyncio.sleep(0)
    orders = [
        (Order(CommandId(derived_id("exercise-before", board.log_id, str(n))), one.command, occurred_at=one.at), one.by)
        for n, one in enumerate(happened)
    ]
    for first in range(0, len(orders), _TOGETHER):
        together = [
            board.submit(order, by)
            for order, by in orders[first : first + _TOGETHER]
            if not _unseats(order.command, simulation.world, board.state, by)
        ]
        await asyncio.gather(*together)
    return simulation


def _unseats(command: AnyCommand, world: World, state: State, by: UserId) -> bool:
    """Whether a command of the hours before would take somebody from the real desk at which they are signed in now."""
    if not world.live(state, by):
        return False
    leaves = isinstance(command, SetPresence) and command.status is not PresenceStatus.READY
    return leaves or isinstance(command, SignIn | SignOff)


async def _rung(bell: Bell, seconds: float) -> None:
    """Wait for the bell, at most so long."""
    try:
        await asyncio.wait_for(bell.wait(), max(seconds, 0.0))
    except TimeoutError:
        return
