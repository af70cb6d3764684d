"""The status check of a unit on a call: how often it is asked, and when that is due ◆, overdue ▲ and escalated."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.state import State, Unit, UnitStatus

Level = Literal["fine", "due", "overdue", "escalated"]


class StatusCheck(Struct, frozen=True):
    """How a unit's check stands: `due_at` it is asked, at `overdue_at` it was missed once, at `escalated_at` twice."""

    due_at: datetime
    overdue_at: datetime
    escalated_at: datetime
    misses: int
    """How many the hub has written down since the last sign of life."""

    def level(self, now: datetime) -> Level:
        """How urgent it is: fine until it is due, then due ◆, overdue ▲ once missed, escalated to the supervisor after."""
        if now >= self.escalated_at:
            return "escalated"
        return "overdue" if now >= self.overdue_at else "due" if now >= self.due_at else "fine"


def check_minutes(agency: Agency, unit: Unit, nature: str = "") -> int | None:
    """How often the unit is asked on a call of that nature: the nature's own word, else its programme's, else the agency's.

    None: it is not asked.
    """
    programme = agency.programme(unit.programme)
    own = agency.nature(nature).check_minutes if nature else None
    return own or (programme.check_minutes if programme else None) or agency.checks.minutes


def status_check(state: State, unit: Unit) -> StatusCheck | None:
    """The unit's check; None where it is on no call, has not said that it got it, or none is kept.

    Any sign of life starts it anew: a status, an answered check, the end of a request for backup.
    """
    call = state.calls.get(unit.call) if unit.call else None
    if call is None or unit.status is UnitStatus.ASSIGNED:
        return None
    minutes = check_minutes(state.agency, unit, call.nature)
    if minutes is None:
        return None
    due, grace = (unit.checked_at or unit.since) + timedelta(minutes=minutes), timedelta(seconds=state.agency.checks.grace_s)
    return StatusCheck(due, due + grace, due + max(1, state.agency.checks.escalate_after) * grace, unit.misses)


def escalated(state: State, unit: Unit) -> bool:
    """Whether so many of the unit's checks in a row were missed, as the hub wrote down, that the supervisor must act."""
    return unit.call is not None and unit.misses >= max(1, state.agency.checks.escalate_after)
