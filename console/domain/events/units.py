"""What happened to a unit."""

from console.domain.events.event import Event
from console.domain.ids import CallId, UnitId
from console.domain.state import UnitStatus


class UnitDispatched(Event, frozen=True, tag=True):
    unit_id: UnitId
    call_id: CallId
    override: str = ""


class UnitRecalled(Event, frozen=True, tag=True):
    unit_id: UnitId
    call_id: CallId
    reason: str


class UnitStatusChanged(Event, frozen=True, tag=True):
    unit_id: UnitId
    status: UnitStatus
    where: str = ""


class UnitChecked(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupRequested(Event, frozen=True, tag=True):
    unit_id: UnitId
    service: str


class BackupAcknowledged(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupSent(Event, frozen=True, tag=True):
    unit_id: UnitId


class BackupCleared(Event, frozen=True, tag=True):
    unit_id: UnitId
    reason: str
