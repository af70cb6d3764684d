"""Units and desks: who does what, for how long, how many calls today, and how much of the duty they took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain import queries
from console.domain.changes import Changes
from console.domain.ids import UnitId, UserId
from console.domain.state import Presence, PresenceStatus, Role, State
from console.domain.times import span
from console.ui.columns import Column
from console.ui.context import Context
from console.ui.supervisor.day import Day
from console.ui.supervisor.tables import Heading, OpeningTable
from console.ui.supervisor.words import NOTHING, busy
from console.ui.units import rows as unit_rows
from console.ui.units.rows import Cell
from console.ui.words_table import WordsModel

COLUMNS: Final = ("unit", "status", "for", "today", "busy")
_STATUS, _FOR, _CHECK = (unit_rows.COLUMNS.index(name) for name in ("status", "for", "check"))
_CHECK_WORDS: Final = {"due": ("◆", "Check due"), "alarm": ("▲", "Check overdue")}
"""They stand first: where the column is narrow, the status after them gives way."""

Key = tuple[str, str]
"""("unit", its name) or ("person", their sign-in name)."""


def order(state: State, units: Sequence[UnitId]) -> list[Key]:
    """Units as the unit table has them, then people at work: clinicians, and after them everybody else."""
    at_work = [p for p in state.people.values() if p.status is not PresenceStatus.SIGNED_OFF and p.role is not Role.ACTOR]
    at_work.sort(key=lambda p: (p.role is not Role.CLINICIAN, p.role.value, p.name))
    return [*(("unit", u) for u in units), *(("person", p.user_id) for p in at_work)]


def columns(state: State) -> tuple[Column, ...]:
    """For what each column is made, by the names of the agency's own units and people."""
    at_work = state.people.values()
    statuses = [f"▲ {_CHECK_WORDS['alarm'][1]}, {words.lower()}" for words in queries.STATUS_WORDS.values()]
    desks = [_desk(person) for person in at_work if person.role is not Role.CLINICIAN]
    return (
        Column("unit", (*state.units, *(person.name for person in at_work)), gives=True, face="strong"),
        Column("status", (*statuses, *desks), gives=True),
        Column("for", ("9:59:59",), face="clock"),
        Column("today", ("99",)),
        Column("busy", ("100 %",)),
    )


def _desk(person: Presence) -> str:
    """What stands in the place of a status for who is no unit and no clinician: the role, and where they sit."""
    at = f", {person.position}" if person.position not in ("", person.role.value) else ""
    return f"{person.role.value.capitalize()}{at}"


class FloorModel(WordsModel):
    """Units and people, in one table."""

    def __init__(self, context: Context, day: Day, parent: QWidget) -> None:
        super().__init__(COLUMNS, 0, 2, parent)
        self._store, self._day = context.store, day

    def cells(self, key: Key) -> tuple[Cell, ...]:
        """The line of a unit or of a person."""
        kind, name = key
        if kind == "unit":
            return self._unit(UnitId(name))
        person = self._store.state.people.get(UserId(name))
        return self._person(person) if person else (Cell(name),) + (Cell(NOTHING, "muted"),) * 4

    def _unit(self, unit_id: UnitId) -> tuple[Cell, ...]:
        store = self._store
        state, now = store.state, store.now()
        unit = state.units[unit_id]
        line = unit_rows.row(state, unit, store.positions.get(unit_id), store.standings.get(unit_id), now).cells
        status, check = line[_STATUS], line[_CHECK]
        if unit.backup is None and check.ink in _CHECK_WORDS:
            shape, words = _CHECK_WORDS[check.ink]
            status = Cell(f"{shape} {words}, {status.words.lower()}", check.ink)
        day = self._day.days.value.units.get(unit_id)
        return (
            line[0],
            status,
            line[_FOR],
            Cell(str(day.calls) if day else NOTHING),
            Cell(busy(state, unit.programme, day, now)),
        )

    def _person(self, person: Presence) -> tuple[Cell, ...]:
        state, now = self._store.state, self._store.now()
        programme = state.agency.programme(person.programme)
        words = queries.PRESENCE_WORDS[person.status]
        ready = person.status is PresenceStatus.READY and person.role is Role.CLINICIAN
        day = self._day.days.value.clinicians.get(person.user_id)
        if person.role is Role.CLINICIAN:
            status = f"{words[:1].upper()}{words[1:]}{f', {person.reason}' if person.reason else ''}"
        else:
            status = _desk(person)
        return (
            Cell(person.name, programme.colour if programme else "text"),
            Cell(status, "fine" if ready else "text" if person.role is Role.CLINICIAN else "muted"),
            Cell(span((now - person.since).total_seconds())),
            Cell(str(day.calls) if day else NOTHING, "text" if day else "muted"),
            Cell(busy(state, person.programme, day, now) if day else NOTHING, "text" if day else "muted"),
        )


class FloorPane(QWidget):
    """The table with its heading. Choosing a unit makes it the desk's unit; Enter shows its call."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._day = Day.of(context)
        self._units = unit_rows.Order(context.store.state)
        self.setAccessibleName("Units and desks")
        self._heading = Heading("Units and desks")
        self.model = FloorModel(context, self._day, self)
        self.table = OpeningTable(context, self.model, columns(context.store.state), "Units and desks")
        self.setFocusProxy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self.table, 1)
        self._day.days.watch(self, self.table.renew)
        context.store.changed.connect(self._follow)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(now.row()))
        self.table.opened.connect(self._open)
        context.actions.bind("focus.units", self, self.table.setFocus)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._day.days.look()
        self._order()
        self._fit()

    def _follow(self, different: Changes) -> None:
        moved = self._units.take(self._context.store.state, different)
        if not self.isVisible():
            return
        if different.agency or different.people:
            self._fit()
        if moved or different.agency or different.people:
            self._order()
        if different.agency or different.units or different.people:
            self.table.renew()

    def _order(self) -> None:
        keys = order(self._context.store.state, self._units.units)
        self.model.show_keys(keys)
        units = len(self._units.units)
        self._heading.aside.setText(f"{units} units · {len(keys) - units} people")

    def _fit(self) -> None:
        self.table.made_for(columns(self._context.store.state))

    def _choose(self, place: int) -> None:
        key: Any = self.model.keys[place] if 0 <= place < len(self.model.keys) else None
        if key is not None and key[0] == "unit" and self.table.hasFocus():
            self._context.selection.choose_unit(key[1])

    def _open(self, place: int) -> None:
        """Show the call that a unit is on, or the one in a clinician's care."""
        state = self._context.store.state
        kind, name = self.model.keys[place]
        if kind == "unit":
            call_id = state.units[UnitId(name)].call
        else:
            held = queries.in_care(state, UserId(name))
            call_id = held[0].call_id if held else None
        if call_id is not None:
            self._context.selection.open_call(call_id)
