"""How fast a recording is fed: at its own pace, so many times faster, or as fast as the hub takes it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime


class Pace:
    """Says when the moment of a recorded time has come. `speed` None does not wait; 1 is the recording's own pace.

    The clock starts with the first time asked for. `now` (seconds) and `wait` are the clock and the waiting themselves.
    """

    def __init__(
        self,
        speed: float | None,
        now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._speed, self._now, self.wait = speed, now, wait
        self._started: float | None = None
        self._first: datetime | None = None

    async def until(self, recorded: datetime) -> None:
        """Return once it is time for what happened at `recorded`."""
        if self._speed is None:
            return
        if self._started is None or self._first is None:
            self._started, self._first = self._now(), recorded
        due = self._started + (recorded - self._first).total_seconds() / self._speed
        # A sleep may end early on some clocks; the loop makes "not before its time" hold.
        while (left := due - self._now()) > 0:
            await self.wait(left)
