"""Whether a unit's last position can be believed: its age, and whether the receiver is stuck."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from console.domain.agency import Agency, Point
from console.domain.ids import UnitId
from console.domain.state import Position, Unit, UnitStatus
from console.domain.times import span

MOVING = frozenset({UnitStatus.EN_ROUTE, UnitStatus.TRANSPORTING})
STUCK_AFTER = timedelta(minutes=2)
"""A unit that says it is driving, and has sent the same point for this long, has a receiver that is stuck."""


class Standing(Struct, frozen=True):
    """Since when a unit has been reporting the same point."""

    point: Point
    since: datetime


def standings(
    before: Mapping[UnitId, Standing], positions: Mapping[UnitId, Position], fresh: Iterable[UnitId]
) -> dict[UnitId, Standing]:
    """The standings after `fresh` units reported: a unit at another point stands there since that fix."""
    after = dict(before)
    for unit_id in fresh:
        if (position := positions.get(unit_id)) is not None:
            was = after.get(unit_id)
            if was is None or was.point != position.point:
                after[unit_id] = Standing(position.point, position.fix_at)
    return after


def doubt(agency: Agency, unit: Unit, position: Position, standing: Standing | None, now: datetime) -> str:
    """Why the position cannot be believed, in a few words; "" where it can. Without a standing, only its age tells."""
    age_s = (now - position.fix_at).total_seconds()
    if age_s > agency.position_stale_s:
        return f"GPS {span(age_s, short=True)} old"
    if standing is not None and unit.status in MOVING:
        still = now - max(standing.since, unit.since)
        if still > STUCK_AFTER:
            return f"GPS stuck {span(still.total_seconds(), short=True)}"
    return ""
