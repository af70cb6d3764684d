"""What somebody wants of a unit."""

from console.domain.assignment import AssignmentStage, FeltSafe
from console.domain.commands.command import Command
from console.domain.ids import CallId, UnitId
from console.domain.instant import Instant
from console.domain.state import UnitStatus


class DispatchUnit(Command, frozen=True, tag=True):
    """Send a unit. `override` says why, where the nature is off its list or a need was asked in vain. A denial stays.

    `passed` is the unit that was proposed before it, where another is chosen; `because` then says why.
    """

    unit_id: UnitId
    call_id: CallId
    override: str = ""
    passed: UnitId = UnitId("")
    because: str = ""


class PreemptUnit(Command, frozen=True, tag=True):
    """Take a unit off the call that it is on its way to, and send it to another; the first waits again, or has others."""

    unit_id: UnitId
    call_id: CallId
    reason: str
    override: str = ""


class ExchangeUnits(Command, frozen=True, tag=True):
    """Let two units change places: each goes where the other was going; one of them may be free."""

    unit_id: UnitId
    other_id: UnitId
    reason: str
    override: str = ""


class RecallUnit(Command, frozen=True, tag=True):
    unit_id: UnitId
    reason: str


class SetUnitStatus(Command, frozen=True, tag=True):
    """A unit's new status; `where` names the place of an assist or the facility of a transport."""

    unit_id: UnitId
    status: UnitStatus
    where: str = ""


class CorrectUnitStatus(Command, frozen=True, tag=True):
    """A status was set by mistake: what the unit really is, since when (the order's `occurred_at`), and what went wrong.

    A call that the unit was taken off by mistake it is on again.
    """

    unit_id: UnitId
    status: UnitStatus
    reason: str
    where: str = ""


class CorrectStageTime(Command, frozen=True, tag=True):
    """A stage of a unit's part in a call (`part`, counted from 0) was reached at another time than was written down."""

    call_id: CallId
    unit_id: UnitId
    part: int
    stage: AssignmentStage
    reached_at: Instant
    reason: str


class CheckUnit(Command, frozen=True, tag=True):
    """The unit answered a status check: it is safe."""

    unit_id: UnitId


class MissCheck(Command, frozen=True, tag=True):
    """Sent by the hub's clock: the check that was due at `due_at` was not answered in time, the nth time in a row."""

    unit_id: UnitId
    due_at: Instant
    misses: int


class ReportUnit(Command, frozen=True, tag=True):
    """What a crew says of a call once it is done with it: whether it felt safe, and a few words. Nothing clinical.

    Said again, it replaces what was said; the log keeps both.
    """

    unit_id: UnitId
    call_id: CallId
    felt_safe: FeltSafe
    unarmed_next_time: bool | None = None
    text: str = ""


class RequestBackup(Command, frozen=True, tag=True):
    """The unit asks for help of a service; a tablet that names none leaves to the hub which."""

    unit_id: UnitId
    service: str = ""


class AcknowledgeBackup(Command, frozen=True, tag=True):
    unit_id: UnitId


class SendBackup(Command, frozen=True, tag=True):
    unit_id: UnitId


class ArriveBackup(Command, frozen=True, tag=True):
    """The help that was sent is there."""

    unit_id: UnitId


class ClearBackup(Command, frozen=True, tag=True):
    unit_id: UnitId
    reason: str
