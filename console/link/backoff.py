"""How long to wait before trying again: longer each time, never in step with the other desks."""

from collections.abc import Callable


class Backoff:
    """Waits that double from `first_s` to `most_s`, each cut to between a half and the whole of it by `jitter`.

    With 0.2 s and 5 s the tries of a desk whose hub is gone come at most 0.2, 0.6, 1.4, 3.0, 6.2 and 11.2 s after the
    break and then every 5 s, so a hub that is back is found within 5 s. Twenty desks that lost it at the same moment ask
    for their snapshots spread over at least half of each wait: 4 to 8 a second at the longest one.

    A connection that held for `healthy_s` ends the trouble and the next wait is the first again. One that breaks sooner
    is the same trouble going on, or a hub that dies whenever somebody connects would be asked five times a second.
    """

    def __init__(
        self, jitter: Callable[[], float], *, first_s: float = 0.2, most_s: float = 5.0, healthy_s: float = 20.0
    ) -> None:
        """Take a source of numbers from 0 to 1 (`random.random` at a desk, a constant in a test)."""
        self._jitter = jitter
        self._first_s = first_s
        self._most_s = most_s
        self._healthy_s = healthy_s
        self._tries = 0
        self._well_since: float | None = None

    def well(self, now: float) -> None:
        """Note that it works at `now` (monotonic seconds)."""
        if self._well_since is None:
            self._well_since = now

    def failed(self, now: float) -> float:
        """Note that it failed at `now`; return the seconds to wait before the next try."""
        if self._well_since is not None and now - self._well_since >= self._healthy_s:
            self._tries = 0
        self._well_since = None
        # The exponent is held where the doubling has long passed `most_s`, so that a night offline overflows nothing.
        whole_s = min(self._most_s, self._first_s * 2.0 ** min(self._tries, 32))
        self._tries += 1
        return whole_s * (0.5 + 0.5 * self._jitter())
