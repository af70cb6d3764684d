"""Whether a device can have got from fix to fix: a jump is not where it is, until it stays there."""

from datetime import timedelta

from msgspec import Struct

from console.domain.travel import kilometres
from console.hub.feeds.fix import DeviceFix

FASTEST_KM_H = 200.0
"""What a unit can have driven between two fixes, at most."""
SCATTER_KM = 0.1
"""Receivers scatter, and times come in whole seconds: nearer than this nothing is a jump."""
BELIEVED_AFTER = 3
"""So many fixes in a row that agree with each other and not with the place held: then that one was wrong."""


class Leap(Struct, frozen=True):
    """How far a fix lies from the one before, and what speed that would take."""

    km: float
    km_h: float


def leap(before: DeviceFix, after: DeviceFix) -> Leap | None:
    """What would have had to be driven between two fixes, if it is more than can be."""
    km = kilometres((before.latitude, before.longitude), (after.latitude, after.longitude))
    if km <= SCATTER_KM:
        return None
    seconds = max(1.0, abs(after.fix_at - before.fix_at) / timedelta(seconds=1))
    km_h = km / seconds * 3600
    return Leap(km, km_h) if km_h > FASTEST_KM_H else None


class Track:
    """The fixes of one device that are believed, and those that are looked at a while longer."""

    def __init__(self) -> None:
        """Know nothing yet: the first fix is believed."""
        self.last: DeviceFix | None = None
        self._doubted: list[DeviceFix] = []

    def is_behind(self, fix: DeviceFix) -> bool:
        """Whether the fix is older than what is believed: a backlog, or a clock that was set back."""
        return self.last is not None and fix.fix_at < self.last.fix_at

    def jumped(self, fix: DeviceFix) -> Leap | None:
        """Take the next fix; says what is impossible about it, or None where it is believed."""
        found = leap(self.last, fix) if self.last is not None else None
        if found is not None:
            agrees = not self._doubted or leap(self._doubted[-1], fix) is None
            self._doubted = [*self._doubted, fix] if agrees else [fix]
            if len(self._doubted) < BELIEVED_AFTER:
                return found
        self.last, self._doubted = fix, []
        return None
