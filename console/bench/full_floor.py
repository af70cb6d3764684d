"""A floor as full as a measurement wants it: so many units, so many open calls, and what keeps happening to them."""

import csv
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from math import cos, radians, sin
from pathlib import Path

from console.domain import commands as c
from console.domain.agency import Agency, Nature
from console.domain.decide import decide
from console.domain.evolve import evolve
from console.domain.ids import CallId, EntryId, UnitId, UserId
from console.domain.programmes import Responds
from console.domain.state import Place, Position, Source, State, UnitStatus
from console.hub.configuration import load
from console.shipped import default_configuration

WORDS = "Caller says he is calm now and waits outside by the bus stop."


def agency() -> Agency:
    """The agency whose configuration ships with the program."""
    return load(default_configuration())


def configuration_with(folder: Path, units: int) -> Path:
    """A copy in `folder` of the configuration that ships, with so many units: its own, and further ones like them."""
    shipped, root = default_configuration(), folder / f"units-{units}"
    copy = root / shipped.parent.name / shipped.name
    shutil.copytree(shipped, copy)
    with (copy / "units.csv").open(newline="", encoding="utf-8") as file:
        own = list(csv.DictReader(file))
    with (copy / "units.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(own[0]))
        writer.writeheader()
        for n in range(units):
            like = own[n % len(own)]
            writer.writerow(like if n < len(own) else {**like, "unit_id": f"{like['programme']}{n + 100}"})
    return copy


def natures(rules: Agency) -> list[Nature]:
    """The natures that any unit in person is sent to without another question, so that a call of them is pending."""
    in_person = {p.code for p in rules.programmes if p.responds is Responds.IN_PERSON}
    return [nature for nature in rules.natures.values() if in_person <= set(nature.programmes)]


def spot(rules: Agency, n: int, second: int = 0) -> tuple[float, float]:
    """A point for the n-th unit or call, on rings of some kilometres around the center; it goes round as time does."""
    ring, angle = 0.01 + 0.06 * (n % 97) / 97, radians(n * 137.508 + second * (0.4 + n % 5 / 10))
    latitude, longitude = rules.center
    return latitude + ring * sin(angle), longitude + ring * cos(angle) / cos(radians(latitude))


def receipt(rules: Agency, n: int) -> c.ReceiveCall:
    """The n-th call: eligible, with a place, a number to call back, and its first words."""
    nature = natures(rules)[n % len(natures(rules))]
    place = Place(f"{100 + n} Main St", *spot(rules, n + 1000))
    return c.ReceiveCall(
        CallId(f"call-{n}"), Source.CALL_911, nature.code, place, callback=f"919555{n % 10000:04d}", text=WORDS
    )


def set_up(rules: Agency, calls: int) -> Iterator[c.AnyCommand]:
    """Every unit available, and `calls` open calls."""
    for unit in rules.units:
        yield c.SetUnitStatus(unit.unit_id, UnitStatus.AVAILABLE)
    for n in range(calls):
        yield receipt(rules, n)


def busy(rules: Agency, calls: int) -> Iterator[c.AnyCommand]:
    """What happens on such a floor, without end, each command valid after those before it; as many calls stay open.

    In turns of ten: words, places and flags on calls; a unit sent, driving, arriving and clear; a call received, one
    closed that was missed.
    """
    missed = next(reason.code for reason in rules.missed_reasons if not reason.needs_text)
    outcome = next(outcome.code for outcome in rules.outcomes if not outcome.by_phone)
    served: set[CallId] = set()
    for turn in count():
        unit = rules.units[turn % len(rules.units)]
        near, call, far, oldest = (CallId(f"call-{turn + n}") for n in (1, calls // 2, calls - 1, 0))
        served.add(call)
        yield c.AddNarrative(near, EntryId(f"entry-{turn}-1"), WORDS)
        yield c.LocateCall(near, Place(f"{turn} Main St", *spot(rules, turn)))
        yield c.DispatchUnit(unit.unit_id, call)
        yield c.AddNarrative(far, EntryId(f"entry-{turn}-2"), WORDS)
        yield c.SetUnitStatus(unit.unit_id, UnitStatus.EN_ROUTE)
        yield receipt(rules, calls + turn)
        yield c.SetUnitStatus(unit.unit_id, UnitStatus.ON_SCENE)
        yield c.LocateCall(far, Place(f"{turn} Elm St", *spot(rules, turn)))
        yield c.SetUnitStatus(unit.unit_id, UnitStatus.AVAILABLE)
        yield c.CloseCall(oldest, outcome=outcome) if oldest in served else c.CloseCall(oldest, missed=missed)


def told(commands: Iterator[c.AnyCommand], at: datetime, state: State) -> State:
    """The state after these commands, a second apart from `at` on. ValueError for one that is rejected."""
    by = UserId("bench")
    for command in commands:
        events = decide(state, command, by, at)
        if isinstance(events, c.Rejected):
            raise ValueError(f"{command}: {events.reason}")
        for event in events:
            state = evolve(state, event, by, at)
        at += timedelta(seconds=1)
    return state


def positions(rules: Agency, second: int, at: datetime) -> list[Position]:
    """Where every unit is in a second of the measurement: each has moved since the one before."""
    return [
        Position(UnitId(unit.unit_id), *spot(rules, n, second), at, at, 35.0, float(second * 7 % 360))
        for n, unit in enumerate(rules.units)
    ]
