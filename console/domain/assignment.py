"""A unit's part in a call: its stages with their times, what was corrected of them, what the crew reported, and backup."""

from enum import StrEnum

from msgspec import Struct

from console.domain.ids import ProgrammeCode, UnitId, UserId
from console.domain.instant import Instant, Stamp


class AssignmentStage(StrEnum):
    """The stages of a unit's part in a call whose times are kept, in their order."""

    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    TRANSPORTING = "transporting"
    AT_FACILITY = "at_facility"
    CLEARED = "cleared"


class FeltSafe(StrEnum):
    """What a crew answers when it is asked after a call whether it felt safe."""

    YES = "yes"
    NO = "no"
    NOT_SAID = "not_said"


class UnitReport(Struct, frozen=True, omit_defaults=True):
    """What a crew said of a call once it was done with it; nothing clinical."""

    felt_safe: FeltSafe
    by: UserId
    at: Instant
    unarmed_next_time: bool | None = None
    """Whether an unarmed team could have gone, as an armed one answers; None: not asked, or no answer."""
    text: str = ""


class Correction(Struct, frozen=True, omit_defaults=True):
    """That a unit's status, or the time of a stage, was written down wrongly: what stood there, what is right, and why.

    Of a status `was` and `became` are its words; of a stage, `was_at` and `became_at` its moments (None: it had, or has, no
    time).
    """

    reason: str
    by: UserId
    at: Instant
    was: str = ""
    became: str = ""
    stage: AssignmentStage | None = None
    was_at: Instant | None = None
    became_at: Instant | None = None


class Backup(Struct, frozen=True, omit_defaults=True):
    """A unit's request for help: until it is cleared with a reason, every desk shows it."""

    service: str
    requested_at: Instant
    by: UserId
    acknowledged_at: Instant | None = None
    acknowledged_by: UserId | None = None
    sent_at: Instant | None = None
    sent_by: UserId | None = None
    arrived: Stamp | None = None
    """That the help is there, by whose word and since when."""
    unit_id: UnitId = UnitId("")
    """Who asked, where the request stands on record with its call."""
    cleared: Stamp | None = None
    reason: str = ""
    """Why it was cleared."""


class Assignment(Struct, frozen=True, omit_defaults=True):
    """A unit's part in a call, with the times of its stages."""

    unit_id: UnitId
    programme: ProgrammeCode
    dispatched_at: Instant
    by: UserId
    en_route_at: Instant | None = None
    arrived_at: Instant | None = None
    transporting_at: Instant | None = None
    cleared_at: Instant | None = None
    recalled: str = ""
    at_facility_at: Instant | None = None
    passed: UnitId = UnitId("")
    """The unit that was proposed before this one, where another was chosen."""
    because: str = ""
    """Why this one went all the same."""
    corrections: tuple[Correction, ...] = ()
    report: UnitReport | None = None

    def reached(self, stage: AssignmentStage) -> Instant | None:
        """When it came to a stage; None where it has not, or went past it unsaid."""
        reached: Instant | None = getattr(self, f"{stage.value}_at")
        return reached


class Intervals(Struct, frozen=True):
    """How long the parts of an assignment took, in seconds; None for what has not begun, or whose bounds nobody said.

    Turnout from dispatched to en route, travel to arrival, scene until it left for a facility or was clear, transport until
    the facility, total from dispatched to clear (the names of NFPA 1710's time segments, of which these are the unit's).
    """

    turnout_s: float | None
    travel_s: float | None
    scene_s: float | None
    transport_s: float | None
    total_s: float | None


def intervals(assignment: Assignment, now: Instant | None = None) -> Intervals:
    """The intervals of an assignment; with `now` those that still run count up to it.

    Moments are absolute, so midnight and clock changes alter nothing. A stage that was skipped gives no interval of its own.
    """
    a = assignment
    end = a.cleared_at or now

    def between(start: Instant | None, stop: Instant | None) -> float | None:
        return None if start is None or stop is None else max(0.0, (stop - start).total_seconds())

    recalled = bool(a.recalled)
    still = None if a.cleared_at else now
    # Who is at a facility has left the scene, though nobody said when.
    left = a.transporting_at or (None if a.at_facility_at else end)
    return Intervals(
        turnout_s=between(a.dispatched_at, a.en_route_at or (still if a.arrived_at is None else None)),
        travel_s=None if recalled and a.arrived_at is None else between(a.en_route_at, a.arrived_at or still),
        scene_s=between(a.arrived_at, left),
        transport_s=between(a.transporting_at, a.at_facility_at or end),
        total_s=between(a.dispatched_at, end),
    )
