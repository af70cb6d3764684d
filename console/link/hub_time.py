"""What the hub's clock shows now, reckoned at the desk between heartbeats."""

from collections import deque
from datetime import UTC, datetime, timedelta

HEARD = 60
"""Heartbeats that are remembered: five minutes. Two clocks that drift 50 parts in a million part 15 ms in that time."""


class HubTime:
    """The hub's time at any moment of the desk's own monotonic clock, in an exercise at its own rate.

    A heartbeat says what the hub's clock showed when it was sent; it arrives a delay later. Of the last `HEARD` the one
    that was quickest is right to within its own delay, and the others came later by what they show more.
    """

    def __init__(self) -> None:
        """Begin without a hub: until the first word from one, the desk's own clock is all there is."""
        self.rate = 1.0
        self._zero: datetime | None = None
        self._ahead: deque[float] = deque(maxlen=HEARD)
        """For each heartbeat, the hub's seconds since `_zero` less those that ran at `rate` since the desk's clock was 0."""
        self._afresh = True

    def afresh(self) -> None:
        """Forget what was reckoned with the next heartbeat: a new connection may be to a hub that was started again."""
        self._afresh = True

    def heard(self, hub_time: datetime, rate: float, at: float) -> float:
        """Note the hub's time as heard at `at` (monotonic seconds); return how late it came, in real milliseconds."""
        if self._zero is None or self._afresh or rate != self.rate:
            self.rate, self._zero, self._afresh = rate, hub_time, False
            self._ahead.clear()
        ahead = (hub_time - self._zero).total_seconds() - rate * at
        if self._ahead and abs(ahead - max(self._ahead)) > 60.0 * max(rate, 1.0):
            self._ahead.clear()  # no delay is a minute long: the hub's clock was set, or one of the machines slept
        self._ahead.append(ahead)
        return (max(self._ahead) - ahead) / rate * 1000.0 if rate > 0 else 0.0

    def now(self, at: float) -> datetime:
        """The hub's time at `at` (monotonic seconds), in UTC."""
        if self._zero is None:
            return datetime.now(UTC)
        return self._zero + timedelta(seconds=max(self._ahead) + self.rate * at)
