"""The supply clock of programmes: until when each is on duty, how many of it are free, when the next is, when it opens.

Computed when it is painted: nothing of it is kept. What is near its end says so before it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from PySide6.QtWidgets import QLabel

from console.domain.agency import Agency
from console.domain.availability import Supply, supply
from console.domain.programmes import Programme, Responds
from console.domain.state import Call, State
from console.domain.times import about, time_of_day
from console.domain.travel import whole_minutes
from console.ui.context import Context
from console.ui.parts import Part
from console.ui.strip_words import Chip
from console.ui.widgets import give_look

NEAR: Final = timedelta(minutes=30)
"""So long before its end a duty is said to be ending."""


class Clock(Struct, frozen=True):
    """The supply clock of one programme, in parts that stand in a row or alone."""

    programme: Programme
    count: str
    """ "2 of 6 free"; "" where nobody is in the shift."""
    duty: str
    """ "until 23:45", "◆ until 23:45, 18 min left", "opens 09:15", "round the clock"."""
    near: bool = False
    next_free: str = ""
    """ "next in about 9 min": an estimate; "" where somebody is free, or nothing is known."""

    @property
    def words(self) -> str:
        """All of it in a row."""
        return " · ".join(filter(None, (f"{self.programme.code} {self.duty}", self.count, self.next_free)))


def clocks(state: State, programmes: Iterable[Programme], now: datetime) -> Iterator[Clock]:
    """The clock of each of these programmes that meets neighbors, at an instant."""
    for programme in programmes:
        if programme.responds is not Responds.FOLLOW_UP:
            yield clock(state.agency, programme, supply(state, programme, now), now)


def clock(agency: Agency, programme: Programme, has: Supply, now: datetime) -> Clock:
    """What a supply says, in words."""
    how = "ready" if programme.responds is Responds.BY_PHONE else "free"
    count = f"{has.free} of {has.staff} {how}" if has.staff else ""
    wait = ""
    if has.next_free is not None:
        minutes = (has.next_free - now).total_seconds() / 60
        wait = f"next in about {whole_minutes(minutes)} min" if minutes >= 1 else "next at any moment"
    if not has.duty.on:
        opens = f"off, opens {time_of_day(agency, has.duty.opens, now)}" if has.duty.opens else "off"
        return Clock(programme, count, opens, next_free=wait)
    until = has.duty.until
    if until is None:
        return Clock(programme, count, "round the clock", next_free=wait)
    words, left = f"until {time_of_day(agency, until, now)}", until - now
    if left < NEAR:
        return Clock(programme, count, f"◆ {words}, {about(left.total_seconds())} left", near=True, next_free=wait)
    return Clock(programme, count, words, next_free=wait)


def supply_chips(state: State, now: datetime) -> Iterator[Chip]:
    """For the top strip: each programme's whole clock."""
    for each in clocks(state, state.agency.programmes, now):
        code = Part(f"{each.programme.code} ", each.programme.colour)
        duty = Part(each.duty, "due" if each.near else "muted")
        rest = tuple(Part(f" · {words}") for words in (each.count, each.next_free) if words)
        name = f"{each.programme.name}: {'on duty ' if each.duty.startswith(('until', '◆')) else ''}{each.words}"
        yield Chip((code, duty, *rest), name.replace(f"{each.programme.code} ", "", 1), (code, duty, *rest[:1]))


class SupplyLine(QLabel):
    """The clocks of the programmes that a call is open to; hidden where it is open to none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setWordWrap(True)
        self.setProperty("role", "small")
        self.setAccessibleName("Supply of the programmes")

    def show_call(self, call: Call) -> None:
        """Say it of this call's programmes, as it is now."""
        store = self._context.store
        open_to = [programme for programme in store.state.agency.programmes if programme.code in call.open_to]
        found = tuple(clocks(store.state, open_to, store.now()))
        give_look(self, role="due" if any(each.near for each in found) else "small")
        self.setText("\n".join(each.words for each in found))
        self.setVisible(bool(found))
