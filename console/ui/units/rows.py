"""What one line of the unit table says, from the shared state, the last positions and the time. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from console.domain import queries
from console.domain.ids import UnitId
from console.domain.positions import Standing, doubt
from console.domain.state import Position, State, Unit, UnitStatus
from console.domain.times import span
from console.domain.travel import kilometres, way, whole_minutes

COLUMNS: Final = ("unit", "status", "for", "call", "where", "crew", "check")
NOTHING: Final = "—"
DUE_SOON_S: Final = 60
"""A status check is marked ◆ so long before it is due; past it, ▲."""


class Cell(Struct, frozen=True):
    """Words and the token of their colour."""

    words: str
    ink: str = "text"


class Row(Struct, frozen=True):
    """A unit's line, one cell a column of `COLUMNS`."""

    unit_id: UnitId
    cells: tuple[Cell, ...]


def row(state: State, unit: Unit, position: Position | None, standing: Standing | None, now: datetime) -> Row:
    """The line of one unit at `now`; `standing` is since when its receiver has been giving the same point."""
    programme = state.agency.programme(unit.programme)
    check = _check(state, unit, now)
    since = unit.backup.requested_at if unit.backup else unit.since
    urgent = "alarm" if unit.backup else check.ink if check.ink != "muted" else "text"
    lasting = Cell(span((now - since).total_seconds(), short=True), urgent)
    return Row(
        unit.unit_id,
        (
            Cell(unit.unit_id, programme.colour if programme else "slate"),
            _status(unit),
            lasting,
            _call(state, unit),
            _where(state, unit, position, standing, now),
            Cell(" · ".join(unit.crew) or NOTHING, "text"),
            check,
        ),
    )


def order(state: State) -> list[UnitId]:
    """Units in their shift: those that ask for backup first, then by programme as the agency lists them, then by name."""
    place = {programme.code: n for n, programme in enumerate(state.agency.programmes)}
    there = [unit for unit in state.units.values() if queries.on_duty(unit) or unit.backup]
    there.sort(key=lambda unit: (unit.backup is None, place.get(unit.programme, len(place)), unit.unit_id))
    return [unit.unit_id for unit in there]


def spoken(line: Row) -> str:
    """The line for a screen reader: each column by its name, the empty ones left out."""
    return ", ".join(f"{name} {cell.words}" for name, cell in zip(COLUMNS, line.cells, strict=True) if cell.words != NOTHING)


def _status(unit: Unit) -> Cell:
    if unit.backup is not None:
        sent = " · sent" if unit.backup.sent_at else ""
        return Cell(f"▲ Backup requested{sent}", "alarm")
    free = unit.status in (UnitStatus.AVAILABLE, UnitStatus.ASSIST)
    away = unit.status in (UnitStatus.OUT_OF_SERVICE, UnitStatus.OFF_SHIFT)
    return Cell(queries.STATUS_WORDS[unit.status], "fine" if free else "muted" if away else "text")


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
    if call is not None and queries.heading(state, unit):
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
    due = queries.check_due(state.agency, unit)
    if due is None:
        return Cell(NOTHING, "muted")
    left = (due - now).total_seconds()
    if left < 0:
        return Cell(f"▲ {span(-left, short=True)} past", "alarm")
    return Cell(f"◆ due {span(left)}", "due") if left <= DUE_SOON_S else Cell(span(left), "muted")
