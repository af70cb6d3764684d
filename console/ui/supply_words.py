"""The supply clock of programmes: until when each is on duty, how many of it are free, when the next is, when it opens.

Computed when it is painted: nothing of it is kept. What is near its end says so before it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from console.domain import unit_status
from console.domain.agency import Agency
from console.domain.availability import Supply, supply
from console.domain.programmes import Programme, Responds
from console.domain.state import State
from console.domain.times import about, time_of_day
from console.domain.travel import whole_minutes
from console.ui.parts import Part
from console.ui.strip_words import Chip

NEAR: Final = timedelta(minutes=30)
"""So long before its end a duty is said to be ending."""


class Clock(Struct, frozen=True):
    """The supply clock of one programme, in parts that stand in a row or alone."""

    programme: Programme
    has: Supply
    duty: str
    """ "until 23:45", "◆ until 23:45, 18 min left", "off, opens 09:15", "round the clock"."""
    near: bool = False
    next_free: str = ""
    """ "next in about 9 min": an estimate; "" where somebody is free, or nothing is known."""

    @property
    def how(self) -> str:
        """What somebody who can come is called: ready at the phone, free on the road."""
        return "ready" if self.programme.responds is Responds.BY_PHONE else "free"

    @property
    def words(self) -> str:
        """All of it in a row."""
        count = f"{self.has.free} of {self.has.staff} {self.how}" if self.has.staff else ""
        return " · ".join(filter(None, (f"{self.programme.code} {self.duty}", count, self.next_free)))

    @property
    def presses(self) -> bool:
        """Whether the duty itself is what matters now: it ends soon, or has not begun."""
        return self.near or not self.has.duty.on


def clocks(state: State, programmes: Iterable[Programme], now: datetime) -> Iterator[Clock]:
    """The clock of each of these programmes at an instant."""
    for programme in programmes:
        yield clock(state.agency, programme, supply(state, programme, now), now)


def clock(agency: Agency, programme: Programme, has: Supply, now: datetime) -> Clock:
    """What a supply says, in words."""
    wait = ""
    if has.next_free is not None:
        minutes = (has.next_free - now).total_seconds() / 60
        wait = f"next in about {whole_minutes(minutes)} min" if minutes >= 1 else "next at any moment"
    if not has.duty.on:
        opens = f"off, opens {time_of_day(agency, has.duty.opens, now)}" if has.duty.opens else "off"
        return Clock(programme, has, opens, next_free=wait)
    until = has.duty.until
    if until is None:
        return Clock(programme, has, "round the clock", next_free=wait)
    words, left = f"until {time_of_day(agency, until, now)}", until - now
    if left < NEAR:
        return Clock(programme, has, f"◆ {words}, {about(left.total_seconds())} left", near=True, next_free=wait)
    return Clock(programme, has, words, next_free=wait)


def supply_chips(state: State, now: datetime, *, whole: bool = False) -> Iterator[Chip]:
    """A chip for each programme: how many are free, and what matters of its clock now; `whole` with all of its clock.

    A crew on break or writing up may be sent, but is not counted as free. Follow-up stands only in the whole, for its hours.
    """
    others: dict[str, Counter[str]] = {}
    for unit in state.units.values():
        if unit_status.on_duty(unit) and not unit_status.free(unit):
            others.setdefault(unit.programme, Counter())[unit_status.STATUS_WORDS[unit.status].lower()] += 1
    for each in clocks(state, state.agency.programmes, now):
        programme, has = each.programme, each.has
        meets = programme.responds is not Responds.FOLLOW_UP
        always = has.duty.on and has.duty.until is None
        if not meets and (always or not whole):
            continue
        what = "clinicians" if programme.responds is Responds.BY_PHONE else "units"
        doing = "".join(f", {count} {words}" for words, count in others.get(programme.code, Counter()).items())
        share: tuple[Part, ...] = (Part(f"{programme.code} ", programme.colour),)
        if meets:
            share = (*share, Part(str(has.free), "text", strong=True), Part(f"/{has.staff}"))
        clock_parts = []
        if whole or each.presses:
            clock_parts.append(Part(f"{' · ' if meets else ''}{each.duty}", "due" if each.near else "muted"))
        following = (Part(f" · {each.next_free}"),) if each.next_free else ()
        counted = f"{has.free} of {has.staff} {what} {each.how}{doing}" if meets else ""
        on = f"on duty {each.duty.removeprefix('◆ ')}" if has.duty.on else each.duty
        means = f"{programme.name}: {'; '.join(filter(None, (counted, on, each.next_free)))}"
        words = (*share, Part(f" {each.how}"), *clock_parts, *following) if meets else (*share, *clock_parts)
        yield Chip(words, means, share if always else (*share, *clock_parts))
