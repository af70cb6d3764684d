"""What units did on a call, for its history: stages, what was corrected of them, backup, and what crews said. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Final

from console.domain.assignment import Assignment, AssignmentStage, Backup, Correction, FeltSafe
from console.domain.queries import person_name
from console.domain.state import Call, State
from console.domain.times import time_of_day
from console.ui.call.happenings import Happening

STAGE_WORDS: Final = {
    AssignmentStage.DISPATCHED: "dispatched",
    AssignmentStage.EN_ROUTE: "en route",
    AssignmentStage.ARRIVED: "on scene",
    AssignmentStage.TRANSPORTING: "transporting",
    AssignmentStage.AT_FACILITY: "at facility",
    AssignmentStage.CLEARED: "clear",
}
_FELT: Final = {
    FeltSafe.YES: "felt safe",
    FeltSafe.NO: "did not feel safe",
    FeltSafe.NOT_SAID: "did not say whether it felt safe",
}


def units_part(state: State, call: Call, now: datetime) -> Iterator[Happening]:
    """Each stage of each unit, every correction with what stood before, each request for backup, each crew's report."""
    for part in call.assignments:
        yield from _stages(state, part, now)
        yield from corrections(state, part, now)
        if part.report is not None:
            said = part.report
            unarmed = {None: "", True: "; an unarmed team could have gone", False: "; an unarmed team could not have gone"}
            words = f"{part.unit_id} {_FELT[said.felt_safe]}{unarmed[said.unarmed_next_time]}{_why(said.text)}"
            yield said.at, words
    for backup in call.backups:
        yield from _backup(state, backup.unit_id, backup)
    for unit in state.units.values():
        if unit.call == call.call_id and unit.backup is not None:
            yield from _backup(state, unit.unit_id, unit.backup)


def was_at(state: State, part: Assignment, stage: AssignmentStage, now: datetime) -> str:
    """ "was 14:20": the times that stood at a stage before, the latest last; "" where none was corrected."""
    stood = [time_of_day(state.agency, c.was_at, now) for c in part.corrections if c.stage is stage and c.was_at]
    return f"was {', '.join(stood)}" if stood else ""


def corrections(state: State, part: Assignment, now: datetime) -> Iterator[Happening]:
    """Every correction of a unit's part: what stood there, what is right, why, and who said so."""
    for (at, by, reason), together in groupby(part.corrections, key=lambda each: (each.at, each.by, each.reason)):
        what = "; ".join(_corrected(state, each, now) for each in together)
        yield at, f"corrected: {part.unit_id} {what}; {reason}; {person_name(state, by)}"


def _corrected(state: State, one: Correction, now: datetime) -> str:
    if one.stage is None:
        return f"{one.was} → {one.became}"
    stood = time_of_day(state.agency, one.was_at, now) if one.was_at else "no time"
    became = time_of_day(state.agency, one.became_at, now) if one.became_at else "no time"
    return f"{STAGE_WORDS[one.stage]} {stood} → {became}"


def _stages(state: State, part: Assignment, now: datetime) -> Iterator[Happening]:
    """Each stage that it came to, with the time that stood there before."""
    for stage in AssignmentStage:
        at = part.reached(stage)
        if at is None:
            continue
        words = STAGE_WORDS[stage]
        if stage is AssignmentStage.DISPATCHED and part.passed:
            words = f"{words} instead of {part.passed}{_why(part.because)}"
        elif stage is AssignmentStage.CLEARED and part.recalled:
            words = f"recalled{_why(part.recalled)}"
        before = was_at(state, part, stage, now)
        yield at, f"{part.unit_id} {words}{f' ({before})' if before else ''}"


def _backup(state: State, unit_id: str, backup: Backup) -> Iterator[Happening]:
    service = state.agency.name_of(backup.service)
    yield backup.requested_at, f"{unit_id} requested {service.lower()} backup, entered by {person_name(state, backup.by)}"
    if backup.acknowledged_at and backup.acknowledged_by:
        yield backup.acknowledged_at, f"backup for {unit_id} heard by {person_name(state, backup.acknowledged_by)}"
    if backup.sent_at and backup.sent_by:
        yield backup.sent_at, f"{service} sent to {unit_id} by {person_name(state, backup.sent_by)}"
    if backup.arrived is not None:
        yield backup.arrived.at, f"{service} with {unit_id}, said {person_name(state, backup.arrived.by)}"
    if backup.cleared is not None:
        yield backup.cleared.at, f"{unit_id} safe again, said {person_name(state, backup.cleared.by)}{_why(backup.reason)}"


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""
