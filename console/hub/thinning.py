"""Which fixes of a unit are kept for its track: all that tell something new, and few of a unit that stands still."""

from msgspec import Struct

from console.domain.ids import UnitId
from console.domain.instant import Instant
from console.domain.travel import kilometres

MOVED_KM = 0.02
"""Nearer than this to the last fix kept, a unit is where it was: about the scatter of a receiver between houses."""
STILL_S = 60
"""So often a unit that is where it was is kept all the same: its track says that it was heard."""
LEFT_S = 10
"""A fix passed over so long after the last one kept is kept when the unit goes on: it says until when the unit stood."""


class Trace(Struct, frozen=True):
    """A fix of a track: WGS 84 degrees, km/h, degrees from north; the receiver's time, and the hub's when it arrived."""

    unit_id: UnitId
    fix_at: Instant
    received_at: Instant
    latitude: float
    longitude: float
    speed_km_h: float | None = None
    course: float | None = None
    source: str = ""
    """Feed and device, as far as they are known."""
    jump: bool = False
    """The unit cannot have been there."""


class _Line(Struct):
    """What is remembered of a run of fixes: the last one kept, and the last one passed over since."""

    kept: Trace
    passed: Trace | None = None

    def take(self, trace: Trace) -> tuple[Trace, ...]:
        since_s = abs(trace.fix_at - self.kept.fix_at).total_seconds()
        moved = kilometres((self.kept.latitude, self.kept.longitude), (trace.latitude, trace.longitude)) >= MOVED_KM
        if not moved and since_s < STILL_S:
            self.passed = trace
            return ()
        stood, before = self.passed, self.kept
        self.kept, self.passed = trace, None
        if stood is not None and abs(stood.fix_at - before.fix_at).total_seconds() >= LEFT_S:
            return stood, trace
        return (trace,)


class Thinning:
    """Decides fix by fix. What comes late is a run of its own: a backlog does not wake a unit that stands still."""

    def __init__(self) -> None:
        """Know of no unit yet: the first fix of each is kept."""
        self._newest: dict[UnitId, Instant] = {}
        self._lines: dict[tuple[UnitId, bool], _Line] = {}

    def kept(self, trace: Trace) -> tuple[Trace, ...]:
        """What to keep now that this fix has come: nothing, the fix, or one passed over and the fix. Jumps are kept."""
        if trace.jump:
            return (trace,)
        newest = self._newest.get(trace.unit_id)
        late = newest is not None and trace.fix_at < newest
        if not late:
            self._newest[trace.unit_id] = trace.fix_at
        line = self._lines.get((trace.unit_id, late))
        if line is None:
            self._lines[trace.unit_id, late] = _Line(trace)
            return (trace,)
        return line.take(trace)
