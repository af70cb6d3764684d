"""What happened to a unit."""

from console.domain.assignment import AssignmentStage, FeltSafe
from console.domain.events.event import Event
from console.domain.ids import CallId, UnitId
from console.domain.instant import Instant
from console.domain.state import UnitStatus


class UnitDispatched(Event, frozen=True, tag=True):
    """A unit was sent. `passed` was proposed before it, and `because` says why it went all the same ("": none was)."""

    unit_id: UnitId
    call_id: CallId
    override: str = ""
    passed: UnitId = UnitId("")
    because: str = ""


class UnitRecalled(Event, frozen=True, tag=True):
    unit_id: UnitId
    call_id: CallId
    reason: str


class UnitStatusChanged(Event, frozen=True, tag=True):
    unit_id: UnitId
    status: UnitStatus
    where: str = ""


class UnitStatusCorrected(Event, frozen=True, tag=True):
    """A status was set by mistake: the unit is, and since `at` was, what this says; `call_id` is the call it is on again."""

    unit_id: UnitId
    status: UnitStatus
    was: UnitStatus
    call_id: CallId | None
    reason: str
    where: str = ""


class StageTimeCorrected(Event, frozen=True, tag=True):
    """A stage of a unit's part in a call was reached at another time than was written down."""

    call_id: CallId
    unit_id: UnitId
    part: int
    """Which of the call's assignments, counted from 0."""
    stage: AssignmentStage
    was: Instant | None
    became: Instant
    reason: str


class UnitChecked(Event, frozen=True, tag=True):
    unit_id: UnitId


class UnitCheckMissed(Event, frozen=True, tag=True):
    """A status check that was due at `due_at` was not answered; `misses` in a row."""

    unit_id: UnitId
    due_at: Instant
    misses: int


class UnitReported(Event, frozen=True, tag=True):
    """What a crew says of a call once they are done with it. Nothing clinical: everybody on the floor may read it."""

    unit_id: UnitId
    call_id: CallId
    felt_safe: FeltSafe
    unarmed_next_time: bool | None = None
    text: str = ""


class BackupRequested(Event, frozen=True, tag=True):
    unit_id: UnitId
    service: str


class BackupAcknowledged(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupSent(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupArrived(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupCleared(Event, frozen=True, tag=True):
    unit_id: UnitId
    reason: str


UnitEvent = (
    UnitDispatched | UnitRecalled | UnitStatusChanged | UnitStatusCorrected | StageTimeCorrected | UnitChecked
    | UnitCheckMissed | UnitReported | BackupRequested | BackupAcknowledged | BackupSent | BackupArrived | BackupCleared
)  # fmt: skip
