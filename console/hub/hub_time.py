"""The hub's clock: real time, or the time of an exercise, which runs 1 to 600 times faster and never backwards."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

SLOWEST, FASTEST = 1.0, 600.0


class HubTime(Protocol):
    """Where every `recorded_at` and `hub_time` comes from."""

    @property
    def speed(self) -> float:
        """Seconds of hub time in one real second."""

    def now(self) -> datetime:
        """The hub's time, UTC; never earlier than it was."""

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds of hub time have gone by."""


def _utc() -> datetime:
    return datetime.now(UTC)


class RealTime:
    """Real time. If the machine's clock is set back, time stands still until it has caught up."""

    speed = 1.0

    def __init__(self, not_before: datetime | None = None, clock: Callable[[], datetime] = _utc) -> None:
        """Begin no earlier than `not_before`, the last moment that the log recorded."""
        self._clock = clock
        self._latest = not_before or clock()

    def now(self) -> datetime:
        """The hub's time."""
        self._latest = max(self._latest, self._clock())
        return self._latest

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        await asyncio.sleep(seconds)


class ExerciseTime:
    """Accelerated time: it begins at `start`, and a change of speed bends it without a jump.

    `chosen` is the speed that people ask for; while `held` it runs no faster than real time, and afterwards as chosen.
    """

    def __init__(self, start: datetime, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin at `start` with `speed` times real time."""
        self._monotonic = monotonic
        self._anchor, self._since, self._chosen, self._held = start, monotonic(), _within(speed), False
        self._bent = asyncio.Event()

    @property
    def speed(self) -> float:
        """Seconds of exercise in one real second, now."""
        return SLOWEST if self._held else self._chosen

    @property
    def chosen(self) -> float:
        """The speed at which it runs when it is not held."""
        return self._chosen

    @chosen.setter
    def chosen(self, speed: float) -> None:
        self._bend(_within(speed), self._held)

    @property
    def held(self) -> bool:
        """Whether it is held down to real time."""
        return self._held

    @held.setter
    def held(self, held: bool) -> None:
        self._bend(self._chosen, held)

    def _bend(self, chosen: float, held: bool) -> None:
        real = self._monotonic()
        self._anchor, self._since = self._at(real), real
        self._chosen, self._held = chosen, held
        bent, self._bent = self._bent, asyncio.Event()
        bent.set()

    def now(self) -> datetime:
        """The exercise's time."""
        return self._at(self._monotonic())

    def _at(self, real: float) -> datetime:
        return self._anchor + timedelta(seconds=(real - self._since) * self.speed)

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds of the exercise have gone by, whatever its speed becomes meanwhile."""
        due = self.now() + timedelta(seconds=seconds)
        while (left := (due - self.now()).total_seconds()) > 0:
            try:
                await asyncio.wait_for(self._bent.wait(), left / self.speed)
            except TimeoutError:
                return


def _within(speed: float) -> float:
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"an exercise runs {SLOWEST:.0f} to {FASTEST:.0f} times as fast as real time, not {speed:g}")
    return speed
