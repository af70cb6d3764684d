"""What one line of the unit table says, from the shared state, the last positions and the time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Final

from msgspec import Struct

from console.domain import queries, unit_status
from console.domain.changes import Changes, everything
from console.domain.ids import UnitId
from console.domain.positions import Standing, doubt
from console.domain.state import Position, State, Unit, UnitStatus
from console.domain.status_check import status_check
from console.domain.times import span
from console.domain.travel import kilometres, way, whole_minutes

COLUMNS: Final = ("unit", "status", "for", "call", "where", "crew", "check")
NOTHING: Final = "—"
DUE_SOON_S: Final = 60
"""A status check is marked ◆ so long before it is due; past it, ▲."""


Rank = tuple[bool, float, int, UnitId]
"""What units are ordered by: backup, the status check due next where that is asked for, programme, name."""


class Cell(Struct, frozen=True):
    """Words and the token of their colour."""

    words: str
    ink: str = "text"


class Row(Struct, frozen=True):
    """A unit's line, one cell a column of `COLUMNS`."""

    unit_id: UnitId
    cells: tuple[Cell, ...]


def row(
    state: State, unit: Unit, position: Position | None, standing: Standing | None, now: datetime, *, brief: bool = False
) -> Row:
    """The line of one unit at `now`; `standing` is since when its receiver has been giving the same point.

    `brief` is for a table without room for where units are: the cell of the call says of it what the call does not.
    """
    programme = state.agency.programme(unit.programme)
    check = _check(state, unit, now)
    since = unit.backup.requested_at if unit.backup else unit.since
    urgent = "alarm" if unit.backup else check.ink if check.ink != "muted" else "text"
    lasting = Cell(span((now - since).total_seconds(), short=True), urgent)
    return Row(
        unit.unit_id,
        (
            Cell(unit.unit_id, programme.colour if programme else "slate"),
            _status(unit, brief=brief),
            lasting,
            _brief(state, unit, position, standing, now) if brief else _call(state, unit),
            _where(state, unit, position, standing, now),
            Cell(" · ".join(unit.crew) or NOTHING, "text"),
            check,
        ),
    )


def rank(state: State, unit: Unit, *, by_check: bool = False) -> Rank | None:
    """Where a unit stands: those that ask for backup first, then as the agency lists programmes, then by name.

    `by_check` puts, after those for backup, whose status check is due soonest. None for a unit that is not in its shift.
    """
    if not unit_status.on_duty(unit) and unit.backup is None:
        return None
    programmes = state.agency.programmes
    place = next((n for n, programme in enumerate(programmes) if programme.code == unit.programme), len(programmes))
    asked = status_check(state, unit) if by_check else None
    due = asked.due_at.timestamp() if asked is not None else inf
    return unit.backup is None, due if by_check else 0.0, place, unit.unit_id


class Order:
    """The units in their shift, in order: looked through once, from then on each change costs what it touches."""

    def __init__(self, state: State, *, by_check: bool = False) -> None:
        self._ranks: dict[UnitId, Rank] = {}
        self._by_check = by_check
        self.units: list[UnitId] = []
        self.take(state, everything(state))

    def take(self, state: State, different: Changes) -> bool:
        """Follow a batch of changes; whether the order is another now."""
        touched = {*self._ranks, *state.units} if different.agency else different.units
        if self._by_check:  # another nature of a call may have its units asked at other intervals
            touched = touched | {unit.unit_id for unit in state.units.values() if unit.call in different.calls}
        before = [self._ranks.pop(unit_id, None) for unit_id in touched]
        there = (state.units.get(unit_id) for unit_id in touched)
        after = [rank(state, unit, by_check=self._by_check) if unit else None for unit in there]
        self._ranks.update((found[-1], found) for found in after if found)
        if before == after:
            return False
        self.units = [unit_id for *_, unit_id in sorted(self._ranks.values())]
        return True


def spoken(cells: Iterable[Cell]) -> str:
    """The line for a screen reader: each column by its name, the empty ones left out."""
    return ", ".join(f"{name} {cell.words}" for name, cell in zip(COLUMNS, cells, strict=True) if cell.words != NOTHING)


def _status(unit: Unit, *, brief: bool) -> Cell:
    if unit.backup is not None:
        become = " · there" if unit.backup.arrived else " · sent" if unit.backup.sent_at else "" if brief else " requested"
        return Cell(f"▲ Backup{become}", "alarm")
    free = unit.status in (UnitStatus.AVAILABLE, UnitStatus.ASSIST)
    away = unit.status in (UnitStatus.OUT_OF_SERVICE, UnitStatus.OFF_SHIFT)
    return Cell(unit_status.STATUS_WORDS[unit.status], "fine" if free else "muted" if away else "text")


def _brief(state: State, unit: Unit, position: Position | None, standing: Standing | None, now: datetime) -> Cell:
    """The call, and of where the unit is what the call does not say: minutes on its way, or why its position is doubted."""
    call, where = state.calls.get(unit.call) if unit.call else None, _where(state, unit, position, standing, now)
    if call is None:
        return where
    doubted = doubt(state.agency, unit, position, standing, now) if position else ""
    heading = unit_status.heading(state, unit) is not None
    there = way(state.agency.travel, position, call.place) if heading and not doubted else None
    on_the_way = doubted or (f"{whole_minutes(there.minutes)} min" if there else "")
    words = " · ".join(filter(None, (call.number, on_the_way, queries.nature_words(state.agency, call))))
    return Cell(words if on_the_way else _call(state, unit).words, "faint" if doubted else "text")


def _call(state: State, unit: Unit) -> Cell:
    call = state.calls.get(unit.call) if unit.call else None
    if call is not None:
        return Cell(f"{call.number} {queries.nature_words(state.agency, call)}")
    if unit.status is UnitStatus.ASSIST:
        return Cell(f"{state.agency.programme_name} assist".strip(), "muted")
    return Cell(NOTHING, "muted")


def _where(state: State, unit: Unit, position: Position | None, standing: Standing | None, now: datetime) -> Cell:
    """Where it is or will be: an estimate while on its way, then the place; why a position is doubted, instead of it."""
    if position and (doubted := doubt(state.agency, unit, position, standing, now)):
        return Cell(doubted, "faint")
    call = state.calls.get(unit.call) if unit.call else None
    if unit.where:
        return Cell(f"→ {unit.where}" if unit.status is UnitStatus.TRANSPORTING else unit.where)
    if call is not None and unit_status.heading(state, unit):
        if there := way(state.agency.travel, position, call.place):
            return Cell(f"about {whole_minutes(there.minutes)} min away")
        return Cell(f"→ {call.place.address}" if call.place.address else NOTHING)
    if call is not None:
        return Cell(call.place.address or NOTHING)
    return Cell("no position" if position is None else near(state, position), "text" if position else "faint")


def near(state: State, position: Position) -> str:
    """The known place nearest to a position, with how far it is where that is not at hand."""
    by_distance = [(kilometres(position.point, place.point), place.name) for place in state.agency.places]
    if not by_distance:
        return f"{position.latitude:.4f}, {position.longitude:.4f}"
    distance, name = min(by_distance)
    return name if distance < 0.25 else f"{distance:.1f} km from {name}"


def _check(state: State, unit: Unit, now: datetime) -> Cell:
    """How its status check stands, by shape and word; the hub counts the misses."""
    asked = status_check(state, unit)
    if asked is None:
        return Cell(NOTHING, "muted")
    left = (asked.due_at - now).total_seconds()
    past = span(-left, short=True)
    match asked.level(now):
        case "fine":
            return Cell(f"◆ due in {span(left)}", "due") if left <= DUE_SOON_S else Cell(span(left), "muted")
        case "due":
            return Cell(f"◆ due {past}", "due")
        case "overdue":
            return Cell(f"▲ {past} missed {max(1, asked.misses)}", "alarm")
        case _:
            return Cell(f"▲ {past} escalated", "alarm")
