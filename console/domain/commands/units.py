"""What somebody wants of a unit."""

from console.domain.commands.command import Command
from console.domain.ids import CallId, UnitId
from console.domain.state import UnitStatus


class DispatchUnit(Command, frozen=True, tag=True):
    """Send a unit. `override` says why, where the nature is off its list or a need was asked in vain. A denial stays."""

    unit_id: UnitId
    call_id: CallId
    override: str = ""


class RecallUnit(Command, frozen=True, tag=True):
    unit_id: UnitId
    reason: str


class SetUnitStatus(Command, frozen=True, tag=True):
    """A unit's new status; `where` names the place of an assist or the facility of a transport."""

    unit_id: UnitId
    status: UnitStatus
    where: str = ""


class CheckUnit(Command, frozen=True, tag=True):
    """The unit answered a status check: it is safe."""

    unit_id: UnitId


class RequestBackup(Command, frozen=True, tag=True):
    unit_id: UnitId
    service: str


class AcknowledgeBackup(Command, frozen=True, tag=True):
    unit_id: UnitId


class SendBackup(Command, frozen=True, tag=True):
    unit_id: UnitId


class ClearBackup(Command, frozen=True, tag=True):
    unit_id: UnitId
    reason: str
