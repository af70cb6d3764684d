"""Units and desks: who does what, for how long, how many calls today, and how much of the duty they took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain import queries, unit_status
from console.domain.changes import Changes
from console.domain.commands import AnyCommand, CommandOutcome, Rejected
from console.domain.ids import UnitId, UserId
from console.domain.state import Call, Presence, PresenceStatus, Role, State
from console.domain.status_check import escalated, status_check
from console.domain.times import span, time_of_day
from console.ui.call.lists import CallLists
from console.ui.call.taking_over import taking_over
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
_CHECK_WORDS: Final[dict[str, str]] = {
    "fine": "◆ Check due", "due": "◆ Check due", "overdue": "▲ Check overdue", "escalated": "▲ Check escalated",
}  # fmt: skip
"""They stand first: where the column is narrow, the status after them gives way."""

Key = tuple[str, str]
"""("unit", its name) or ("person", their sign-in name)."""


def order(state: State, units: Sequence[UnitId]) -> list[Key]:
    """Units as the unit table has them, then people at work: clinicians, and after them everybody else.

    Before all of them stands who cannot be reached and has a caller, and before the other units (but those that ask for
    backup) the one whose status check went unanswered so often that the supervisor must act.
    """
    at_work = [p for p in state.people.values() if p.status is not PresenceStatus.SIGNED_OFF and p.role is not Role.ACTOR]
    at_work.sort(key=lambda p: (p.role is not Role.CLINICIAN, p.role.value, p.name))
    wanted = [p for p in at_work if p.lost_at is not None and queries.held(state, p.user_id)]
    others = [p for p in at_work if p not in wanted]
    urgent = sorted(units, key=lambda u: (state.units[u].backup is None, not escalated(state, state.units[u])))
    return [*_people(wanted), *(("unit", u) for u in urgent), *_people(others)]


def counted(units: int, people: int) -> str:
    """ "8 units · 1 person": how many stand in the table."""
    return f"{units} {'unit' if units == 1 else 'units'} · {people} {'person' if people == 1 else 'people'}"


def _people(people: Sequence[Presence]) -> list[Key]:
    return [("person", person.user_id) for person in people]


def columns(state: State) -> tuple[Column, ...]:
    """For what each column is made, by the names of the agency's own units and people."""
    at_work = state.people.values()
    statuses = [f"{_CHECK_WORDS['escalated']}, {words.lower()}" for words in unit_status.STATUS_WORDS.values()]
    desks = [_desk(person) for person in at_work if person.role is not Role.CLINICIAN]
    return (
        Column("unit", (*state.units, *(person.name for person in at_work)), gives=True, face="strong"),
        Column("status", (*statuses, *desks, "▲ Unreachable, has 0000"), gives=True),
        Column("for", ("9:59:59",), face="clock"),
        Column("today", ("99",)),
        Column("busy", ("100 %",)),
    )


def _desk(person: Presence) -> str:
    """What stands in the place of a status for who is no unit and no clinician: the role, and where they sit."""
    at = f", {person.position}" if person.position not in ("", person.role.value) else ""
    return f"{person.role.value.capitalize()}{at}"


class Doing(Struct, frozen=True):
    """What somebody at work is doing, since when, and the colour of the words."""

    words: str
    since: datetime
    ink: str = "text"


def doing_now(state: State, person: Presence) -> Doing:
    """Unreachable first, since nobody unreachable is ready; then what rings at a clinician, then their own word.

    A wrap-up that ends by itself says when it does.
    """
    if person.lost_at is not None:
        held = ", ".join(call.number for call in queries.held(state, person.user_id))
        return Doing(f"▲ Unreachable{f', has {held}' if held else ''}", person.lost_at, "alarm" if held else "due")
    if person.role is not Role.CLINICIAN:
        return Doing(_desk(person), person.since, "muted")
    rings = queries.ringing(state, person.user_id)
    if rings is not None and rings.hand_off is not None:
        return Doing(f"Ringing, {rings.number}", rings.hand_off.offered_at)
    words, wrap_up_s = queries.PRESENCE_WORDS[person.status], state.agency.hand_off.wrap_up_s
    status = f"{words[:1].upper()}{words[1:]}{f', {person.reason}' if person.reason else ''}"
    if person.status is PresenceStatus.WRAP_UP and wrap_up_s:
        status += f" until {time_of_day(state.agency, person.since + timedelta(seconds=wrap_up_s), seconds=True)}"
    held = ", ".join(call.number for call in queries.held(state, person.user_id))
    status += f", {held}" if held else ""
    return Doing(status, person.since, "fine" if person.status is PresenceStatus.READY else "text")


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
        position, standing = store.positions.get(unit_id), store.standings.get(unit_id)
        line = unit_rows.row(state, unit, position, standing, now, brief=True).cells
        status, check = line[_STATUS], line[_CHECK]
        asked = status_check(state, unit)
        if unit.backup is None and asked is not None and check.ink != "muted":
            status = Cell(f"{_CHECK_WORDS[asked.level(now)]}, {status.words.lower()}", check.ink)
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
        day = self._day.days.value.clinicians.get(person.user_id)
        doing = doing_now(state, person)
        return (
            Cell(person.name, programme.colour if programme else "text"),
            Cell(doing.words, doing.ink),
            Cell(span((now - doing.since).total_seconds(), short=True)),
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
        self.lists = CallLists(context, self._submit)
        column.addWidget(self.lists)
        self._day.days.watch(self, self.table.renew)
        context.store.changed.connect(self._follow)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(now.row()))
        self.table.opened.connect(self._open)
        context.actions.bind("focus.units", self, self.table.setFocus)
        context.actions.bind("call.take_over", self, self.take_over)

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
        if moved or different.agency or different.units or different.people:
            self._order()
        if different.agency or different.units or different.people:
            self.table.renew()

    def _order(self) -> None:
        keys = order(self._context.store.state, self._units.units)
        self.model.show_keys(keys)
        units = len(self._units.units)
        self._heading.aside.setText(counted(units, len(keys) - units))

    def _fit(self) -> None:
        self.table.made_for(columns(self._context.store.state))

    def _choose(self, place: int) -> None:
        key: Any = self.model.keys[place] if 0 <= place < len(self.model.keys) else None
        if key is not None and key[0] == "unit" and self.table.hasFocus():
            self._context.selection.choose_unit(key[1])

    def _open(self, place: int) -> None:
        """Show the call that a unit is on, or the one that a clinician has, or that rings at them."""
        state = self._context.store.state
        kind, name = self.model.keys[place]
        if kind == "unit":
            call_id = state.units[UnitId(name)].call
        else:
            call = self._call_of(UserId(name))
            call_id = call.call_id if call is not None else None
        if call_id is not None:
            self._context.selection.open_call(call_id)

    def _call_of(self, user: UserId) -> Call | None:
        """The call that somebody has or is being connected to, that rings at them, or that they hand over."""
        state = self._context.store.state
        handed = (call for call in queries.open_calls(state) if call.seeking and queries.controller(call) == user)
        return next(iter(queries.held(state, user)), None) or queries.ringing(state, user) or next(handed, None)

    # ---------------------------------------------------------------------------------------------- taking over

    def take_over(self) -> None:
        """Ask why a caller is to be had in place of whoever has them: of the person selected here, else the chosen call."""
        store, place = self._context.store, self.table.currentIndex().row()
        kind, name = self.model.keys[place] if self.table.hasFocus() and place >= 0 else ("", "")
        call = self._call_of(UserId(name)) if kind == "person" else self._context.chosen_call
        if call is None or call.closing is not None:
            self._context.notices.inform("Choose who has the caller, or an alarm about the call, and press it again.")
            return
        self._context.selection.choose_call(call.call_id)
        self.lists.open(call, taking_over(store.state, call, self._context.me, store.now()))

    def _submit(self, what: str, *commands: AnyCommand) -> None:
        del what
        for command in commands:
            self._context.store.submit(command).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        """Whoever took a caller over goes on in the call's own pane."""
        if isinstance(outcome, Rejected):
            self.lists.refuse(outcome.reason)
            return
        self.lists.leave()
        call = self._context.chosen_call
        if call is not None:
            self._context.selection.open_call(call.call_id)
