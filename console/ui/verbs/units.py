"""What the verbs about a unit make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from console.domain import commands as c
from console.domain import unit_status
from console.domain.commands import AnyCommand
from console.domain.state import Unit, UnitStatus
from console.ui.since import NoTime, since_words, split
from console.ui.verbs.reading import Fields, Grounds, Refused, Stop, Wanting, no_such

NEEDS_PLACE = frozenset({UnitStatus.TRANSPORTING, UnitStatus.ASSIST})
"""Statuses that say too little without a place: transporting where to, assisting where."""


def status(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """A unit's new status, with the place where the status wants one, and since when where that is not now."""
    assert f.unit
    status, where, f.occurred_at = _read_status_since(grounds, f.rest, f.unit)
    words = unit_status.STATUS_WORDS[status]
    if status in NEEDS_PLACE and not where:
        raise Stop(Wanting(f"{f.unit.unit_id} {words}: where?"))
    said = (f"{f.unit.unit_id}: {words}", where, since_words(grounds.state.agency, f.occurred_at, grounds.now))
    return c.SetUnitStatus(f.unit.unit_id, status, where), ", ".join(filter(None, said))


def correct(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """What a unit really is, since when, and after a comma what went wrong; what stood there is kept."""
    assert f.unit
    said, _, why = f.rest.partition(",")
    if not said.strip():
        raise Stop(Wanting(f"{f.unit.unit_id} is {unit_status.STATUS_WORDS[f.unit.status]} by mistake: what is it really?"))
    status, where, f.occurred_at = _read_status_since(grounds, said, f.unit)
    words = unit_status.STATUS_WORDS[status]
    if not why.strip():
        raise Stop(Wanting(f"{f.unit.unit_id} is really {words}: after a comma, what went wrong?"))
    since = since_words(grounds.state.agency, f.occurred_at, grounds.now)
    was = unit_status.STATUS_WORDS[f.unit.status]
    said = ", ".join(filter(None, (f"{f.unit.unit_id} is not {was} but {words}", where, since)))
    return c.CorrectUnitStatus(f.unit.unit_id, status, why.strip(), where), f'correct: {said}: "{why.strip()}"'


def _split(grounds: Grounds, words: str) -> tuple[str, datetime | None]:
    try:
        return split(grounds.state.agency, words, grounds.now)
    except NoTime as wrong:
        raise Stop(Refused(str(wrong))) from wrong


def _read_status_since(grounds: Grounds, words: str, unit: Unit) -> tuple[UnitStatus, str, datetime | None]:
    """The status, its place, and since when: a time at either end of the words, or between the two."""
    rest, since = _split(grounds, words)
    status, where = _read_status(rest.split(), unit)
    if since is None:
        where, since = _split(grounds, where)
    return status, where, since


def _read_status(words: Sequence[str], unit: Unit) -> tuple[UnitStatus, str]:
    """The status that the first words name, whole or begun, and the rest as the place."""
    if not words:
        options = ", ".join(unit_status.STATUS_WORDS[s] for s in UnitStatus if s in unit_status.may_follow(unit))
        raise Stop(Wanting(f"{unit.unit_id}: {options}?"))
    for length in range(min(3, len(words)), 0, -1):
        if re.search(r"[0-9]", "".join(words[1:length])):
            continue  # a time or a house number is no part of a status
        typed = _squash("".join(words[:length]))
        named = {s for s in UnitStatus if typed and typed in (_squash(s.value), _squash(unit_status.STATUS_WORDS[s]))}
        begun = {s for s in UnitStatus if len(typed) > 1 and _squash(s.value).startswith(typed)}
        fitting = named or begun
        if len(fitting) == 1:
            return fitting.pop(), " ".join(words[length:])
        if fitting and length == 1:
            some = " or ".join(sorted(unit_status.STATUS_WORDS[s] for s in fitting))
            raise Stop(Wanting(f"{unit.unit_id}: {some}?"))
    raise Stop(Refused(f'"{words[0]}" is no status: {", ".join(unit_status.STATUS_WORDS[s] for s in UnitStatus)}'))


def _squash(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.casefold())


def backup(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Ask for backup for a unit, of the agency's first service where none is named."""
    assert f.unit
    services = grounds.state.agency.other_services
    if f.rest:
        raise Stop(Refused(no_such("service", f.rest, grounds)))
    service = next((s for s in services if s.code == f.service), services[0] if services else None)
    if service is None:
        raise Stop(Refused("no service is configured that could back a unit up"))
    return c.RequestBackup(f.unit.unit_id, service.code), f"request {service.name} backup for {f.unit.unit_id}"


def backup_over(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """End a unit's request for backup, with why it is safe."""
    del grounds
    assert f.unit
    if not f.rest:
        raise Stop(Wanting(f"end {f.unit.unit_id}'s request for backup: why is it safe?"))
    return c.ClearBackup(f.unit.unit_id, f.rest), f'end {f.unit.unit_id}\'s request for backup: "{f.rest}"'


def recall(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Take a unit off its call, with the reason."""
    del grounds
    assert f.unit
    if not f.rest:
        raise Stop(Wanting(f"recall {f.unit.unit_id}: why?"))
    return c.RecallUnit(f.unit.unit_id, f.rest), f'recall {f.unit.unit_id}: "{f.rest}"'


def checked(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """A unit answered its status check."""
    del grounds
    assert f.unit
    if f.rest:
        raise Stop(Refused(f'"{f.rest}" does not belong to a status check'))
    return c.CheckUnit(f.unit.unit_id), f"{f.unit.unit_id} answered its status check"


def backup_arrived(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """The help that a unit asked for is with it."""
    assert f.unit
    if f.rest:
        raise Stop(Refused(f'"{f.rest}" does not belong to the arrival of backup'))
    service = grounds.state.agency.name_of(f.unit.backup.service) if f.unit.backup else "backup"
    return c.ArriveBackup(f.unit.unit_id), f"{service} is with {f.unit.unit_id}"
