"""The status set of a unit: its words, NENA's registries, what may follow what, and what follows from it."""

from collections.abc import Iterable

from console.domain.assignment import AssignmentStage
from console.domain.state import Call, State, Unit, UnitStatus

STATUS_WORDS: dict[UnitStatus, str] = {
    UnitStatus.AVAILABLE: "Available",
    UnitStatus.ASSIGNED: "Assigned",
    UnitStatus.ACKNOWLEDGED: "Acknowledged",
    UnitStatus.EN_ROUTE: "En route",
    UnitStatus.STAGING: "Staging",
    UnitStatus.ON_SCENE: "On scene",
    UnitStatus.WITH_NEIGHBOR: "With neighbor",
    UnitStatus.TRANSPORTING: "Transporting",
    UnitStatus.AT_FACILITY: "At facility",
    UnitStatus.ASSIST: "Available · assist",
    UnitStatus.BREAK: "Break",
    UnitStatus.CLEAR: "Clear, writing up",
    UnitStatus.OUT_OF_SERVICE: "Out of service",
    UnitStatus.OFF_SHIFT: "Off shift",
}

EIDO: dict[UnitStatus, tuple[str, str]] = {
    UnitStatus.AVAILABLE: ("Available", "InService"),
    UnitStatus.ASSIGNED: ("NotAvailable", "Dispatched"),
    UnitStatus.ACKNOWLEDGED: ("NotAvailable", "AcknowledgedTransmission"),
    UnitStatus.EN_ROUTE: ("NotAvailable", "EnRoute"),
    UnitStatus.STAGING: ("NotAvailable", "Staging"),
    UnitStatus.ON_SCENE: ("NotAvailable", "OnScene"),
    UnitStatus.WITH_NEIGHBOR: ("NotAvailable", "PatientContact"),
    UnitStatus.TRANSPORTING: ("NotAvailable", "Transporting"),
    UnitStatus.AT_FACILITY: ("NotAvailable", "Hospital"),
    UnitStatus.ASSIST: ("ConditionallyAvailable", "ResponderInitiatedEvent"),
    UnitStatus.BREAK: ("ConditionallyAvailable", "Break"),
    UnitStatus.CLEAR: ("ConditionallyAvailable", "Cleared"),
    UnitStatus.OUT_OF_SERVICE: ("NotAvailable", "OutofService"),
    UnitStatus.OFF_SHIFT: ("NotAvailable", "OffDuty"),
}
"""Primary and secondary unit status of NENA-STA-021.1b-2022."""

_ON_A_CALL = frozenset(
    {
        UnitStatus.ACKNOWLEDGED,
        UnitStatus.EN_ROUTE,
        UnitStatus.STAGING,
        UnitStatus.ON_SCENE,
        UnitStatus.WITH_NEIGHBOR,
        UnitStatus.TRANSPORTING,
        UnitStatus.AT_FACILITY,
    }
)
_HEADING = frozenset({UnitStatus.ASSIGNED, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE})
ARRIVED = frozenset({UnitStatus.ON_SCENE, UnitStatus.WITH_NEIGHBOR, UnitStatus.TRANSPORTING, UnitStatus.AT_FACILITY})
"""Statuses in which a unit has reached the neighbor."""
_FREE = frozenset(
    {
        UnitStatus.AVAILABLE,
        UnitStatus.ASSIST,
        UnitStatus.BREAK,
        UnitStatus.CLEAR,
        UnitStatus.OUT_OF_SERVICE,
        UnitStatus.OFF_SHIFT,
    }
)


_REACHES: dict[UnitStatus, tuple[AssignmentStage, ...]] = {
    UnitStatus.EN_ROUTE: (AssignmentStage.EN_ROUTE,),
    UnitStatus.STAGING: (AssignmentStage.EN_ROUTE,),
    UnitStatus.ON_SCENE: (AssignmentStage.ARRIVED,),
    UnitStatus.WITH_NEIGHBOR: (AssignmentStage.ARRIVED,),
    UnitStatus.TRANSPORTING: (AssignmentStage.ARRIVED, AssignmentStage.TRANSPORTING),
    UnitStatus.AT_FACILITY: (AssignmentStage.ARRIVED, AssignmentStage.AT_FACILITY),
    UnitStatus.CLEAR: (AssignmentStage.CLEARED,),
    UnitStatus.AVAILABLE: (AssignmentStage.CLEARED,),
}


def reached_by(status: UnitStatus) -> tuple[AssignmentStage, ...]:
    """The stages of a unit's part in a call whose time is known at the latest once it has this status."""
    return _REACHES.get(status, ())


def up_to(stages: Iterable[AssignmentStage]) -> tuple[AssignmentStage, ...]:
    """The stages before and up to the furthest of some; of none, that it was dispatched."""
    order = tuple(AssignmentStage)
    return order[: max((order.index(stage) for stage in stages), default=0) + 1]


DONE = frozenset({UnitStatus.CLEAR, UnitStatus.AVAILABLE, UnitStatus.OFF_SHIFT})
"""Statuses that no unit takes while it asks for backup: somebody ends that first, with the reason."""


def of_a_call(status: UnitStatus) -> bool:
    """Whether a unit has this status only while it is on a call."""
    return status is UnitStatus.ASSIGNED or status in _ON_A_CALL


def may_follow(unit: Unit) -> frozenset[UnitStatus]:
    """The statuses a person may give the unit now. Assigned is never among them: dispatching makes it.

    A unit on a call leaves it by Clear or Available once it has arrived; before that it is recalled.
    """
    if unit.call is None:
        return _FREE - {unit.status} if unit.status is not UnitStatus.ASSIST else _FREE
    leave = {UnitStatus.CLEAR, UnitStatus.AVAILABLE} if unit.status in ARRIVED else set()
    return (_ON_A_CALL | leave) - {unit.status}


def dispatchable(unit: Unit) -> bool:
    """Whether a unit may be sent: free, or conditionally so (an assist never takes a team from the top priority).

    Who asks for help is sent nowhere.
    """
    return unit.call is None and unit.backup is None and EIDO[unit.status][0] != "NotAvailable"


def free(unit: Unit) -> bool:
    """Whether a unit stands ready: available, or on an assist that it leaves for a call. Break and writing up do not."""
    return dispatchable(unit) and unit.status in (UnitStatus.AVAILABLE, UnitStatus.ASSIST)


def heading(state: State, unit: Unit) -> Call | None:
    """The call that a unit is on its way to, or about to be; None once it has arrived, or where it is on none."""
    return state.calls.get(unit.call) if unit.call and unit.status in _HEADING else None


def on_duty(unit: Unit) -> bool:
    """Whether the unit is in its shift."""
    return unit.status is not UnitStatus.OFF_SHIFT


def units_of(state: State, programme: str) -> Iterable[Unit]:
    """Units of a programme that are in their shift."""
    return (unit for unit in state.units.values() if unit.programme == programme and on_duty(unit))
