"""The shipped configuration's exercise, rehearsed in memory."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from console.domain.events import AgencyConfigured
from console.domain.evolve import evolve
from console.domain.ids import HUB
from console.domain.state import State
from console.hub.configuration import load
from console.hub.exercise import Exercise, prepare
from console.hub.exercise.rehearsal import Rehearsal

CONFIGURATION = Path(__file__).parents[2] / "config" / "durham"
MIDNIGHT = datetime(2025, 6, 3, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
"""The local midnight at which rehearsals begin: a Tuesday."""


def at(hours: float) -> datetime:
    """So many hours after `MIDNIGHT`."""
    return MIDNIGHT + timedelta(hours=hours)


@cache
def exercise(seed: int = 1) -> Exercise:
    """The shipped exercise."""
    return prepare(CONFIGURATION, load(CONFIGURATION), seed)


def without_routine(whole: Exercise) -> Exercise:
    """The same exercise with only the calls that a programme could serve: the others cost time and decide nothing."""
    kinds = {code: kind for code, kind in whole.script.calls.items() if kind.truth}
    return replace(whole, script=replace(whole.script, calls=kinds))


def rehearsal(played: Exercise, start: datetime = MIDNIGHT) -> Rehearsal:
    """A rehearsal that begins at `start` with an empty board."""
    state = evolve(State(), AgencyConfigured(played.agency, True), HUB, start)
    return Rehearsal(played.simulation(state, start), state)
