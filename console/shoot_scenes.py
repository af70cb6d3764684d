"""What `heart-console shoot` draws: an exercise rehearsed up to a moment, and what happened a moment before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from console.domain import queries
from console.domain.agency import Agency
from console.domain.commands import (
    AcceptHandOff,
    AnyCommand,
    AskForResponse,
    DeclineHandOff,
    DiscloseThreat,
    LoseCaller,
    LoseDesk,
    OfferHandOff,
    QueueForClinician,
    Rejected,
    ReleaseHandOff,
    RequestBackup,
    ReturnHandOff,
    SeeHandOff,
    SetFact,
    TellCaller,
    TimeOutHandOff,
    VerifyConnection,
    WithdrawHandOff,
)
from console.domain.conditions import NOT_KNOWN
from console.domain.decide import decide
from console.domain.events import AgencyConfigured
from console.domain.evolve import evolve
from console.domain.ids import CLOCK, HUB, AskId, CallBackId, CallId, HandOffId, UnitId, UserId
from console.domain.programmes import Responds
from console.domain.ringing import whom_to_ring
from console.domain.state import Position, State
from console.wire.messages import ReadyPerson

DAY = date(2026, 7, 14)
"""A Tuesday: every programme is on duty."""
SEED = 1
"""An exercise with calls in every state of waiting at that moment, and a caller who is being asked."""
INTO = timedelta(minutes=133)
"""How long after the exercise's own beginning the picture is taken."""
BACKUP_ASKED, OFFERED, TURNED = timedelta(seconds=22), timedelta(seconds=8), timedelta(seconds=42)
"""How long ago the one more command of `--backup`, `--ring` and `--turn` was given."""
QUEUED, A_STEP = timedelta(seconds=185), timedelta(seconds=1)
ASKS, PROMISED = "She asks for somebody to talk to; her sister is on the way.", "Somebody stays on the line until then."
DISCLOSED, BASIS = (
    "He says he will wait for her at the bus stop at five, with a knife.",
    "A named person, a place and an hour.",
)
_GOOD = ("seen", "accepted", "bridged", "released")
_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "offered": (),
    **{stage: _GOOD[: place + 1] for place, stage in enumerate(_GOOD)},
    "declined": ("seen", "declined"),
    "timed_out": ("timed_out",),
    "withdrawn": ("seen", "withdrawn"),
    "returned": (*_GOOD, "returned"),
    "caller_lost": ("seen", "accepted", "caller_lost"),
    "queued": (),
    "asked": (*_GOOD, "asked"),
    "disclosed": (*_GOOD, "disclosed"),
    "unreachable": (*_GOOD, "unreachable"),
}
STAGES = tuple(_STEPS)
"""How far a hand-off may have come in a picture: every state of the strip, each end, and what may happen in care."""


class Scene(Struct, frozen=True):
    """What is drawn: the state at a moment, where the units are, and who may sit at a desk."""

    state: State
    positions: tuple[Position, ...]
    now: datetime
    people: tuple[ReadyPerson, ...]


def rehearsed(folder: Path, agency: Agency, seed: int, into: timedelta) -> Scene:
    """The exercise of a configuration folder as it stands `into` its beginning, played by itself since midnight."""
    from console.hub.exercise import prepare
    from console.hub.exercise.rehearsal import Rehearsal

    exercise = prepare(folder, agency, seed)
    now = exercise.begins(datetime.combine(DAY, time(12), ZoneInfo(agency.time_zone))) + into
    midnight = datetime.combine(DAY, time(0), ZoneInfo(agency.time_zone)).astimezone(UTC)
    state = evolve(State(), AgencyConfigured(agency, True), HUB, midnight)
    rehearsal = Rehearsal(exercise.simulation(state, midnight), state)
    for _ in rehearsal.play(now):
        pass
    moments = [now - timedelta(seconds=ago) for ago in (90, 45, 0)]
    fixes = {fix.unit_id: (fix, at) for at in moments for fix in rehearsal.simulation.fixes(at)}
    positions = tuple(fix.received(at) for fix, at in fixes.values())
    return Scene(rehearsal.state, positions, now, exercise.people)


def told(scene: Scene, backup: str, ring: str, turn: str = "", stage: str = "offered") -> Scene:
    """The scene in which one more ordinary command was given a moment before; ValueError says why it is refused."""
    if backup:
        unit = scene.state.units.get(UnitId(backup))
        call = scene.state.calls.get(unit.call) if unit and unit.call else None
        services = scene.state.agency.other_services
        if call is None or not services:
            raise ValueError(f"{backup} is on no call, so it asks for no backup")
        scene = _tell(scene, RequestBackup(UnitId(backup), services[0].code), call.taken_by, BACKUP_ASKED)
    if ring:
        scene = _handed(scene, ring, stage)
    return _turned(scene, turn) if turn else scene


def _handed(scene: Scene, number: str, stage: str) -> Scene:
    """The scene in which a call was offered to a clinician and came so far, by the commands that people give."""
    call_id = call_of(scene, number)
    assert call_id is not None
    call = scene.state.calls[call_id]
    candidates = whom_to_ring(scene.state, call).candidates
    if not candidates:
        raise ValueError("no clinician is ready to be offered a call")
    person = candidates[0].person
    to, by, offer = person.user_id, queries.controller(call), HandOffId("offered-for-the-picture")
    if stage == "queued":
        return _tell(scene, QueueForClinician(call_id, person.programme, ASKS), by, QUEUED)
    offered = OfferHandOff(call_id, offer, to, ASKS, PROMISED)
    scene = _tell(scene, offered, by, OFFERED)
    for place, step_ in enumerate(_STEPS[stage], 1):
        for command, who in _commands(scene, step_, call_id, offer, to, by):
            scene = _tell(scene, command, who, OFFERED - place * A_STEP)
    return scene


def _commands(
    scene: Scene, step: str, call_id: CallId, offer: HandOffId, to: UserId, by: UserId
) -> list[tuple[AnyCommand, UserId]]:
    """What a step of a hand-off is, and by whom."""
    agency, reason = scene.state.agency, next(iter(scene.state.agency.decline_reasons), "Not now")
    in_person = next((p.code for p in agency.programmes if p.responds is Responds.IN_PERSON), "")
    service = next((service.code for service in agency.other_services), "")
    desk = scene.state.people[to].desk_id
    steps: dict[str, list[tuple[AnyCommand, UserId]]] = {
        "seen": [(SeeHandOff(call_id, offer), to)],
        "accepted": [(AcceptHandOff(call_id, offer), to)],
        "bridged": [(TellCaller(call_id, offer), by), (VerifyConnection(call_id, offer), to)],
        "released": [(ReleaseHandOff(call_id, offer), by)],
        "declined": [(DeclineHandOff(call_id, offer, reason), to)],
        "timed_out": [(TimeOutHandOff(call_id, offer), CLOCK)],
        "withdrawn": [(WithdrawHandOff(call_id, offer, "The caller would rather wait."), by)],
        "returned": [(ReturnHandOff(call_id, offer, reason), to)],
        "caller_lost": [(LoseCaller(call_id, CallBackId("lost-for-the-picture")), by)],
        "asked": [
            (AskForResponse(call_id, AskId("asked-for-the-picture"), in_person, "She would like somebody to come."), to)
        ],
        "disclosed": [(DiscloseThreat(call_id, "told-for-the-picture", service, DISCLOSED, BASIS), to)],
        "unreachable": [(LoseDesk(to, desk), HUB)],
    }
    return steps[step]


def _turned(scene: Scene, number: str) -> Scene:
    """The scene in which a fact was learned that nobody may meet unarmed, on a call that somebody is on."""
    call_id = call_of(scene, number)
    assert call_id is not None
    teller = queries.controller(scene.state.calls[call_id])
    for rule in scene.state.agency.never_unarmed:
        for fact, values in rule.when.facts.items():
            if values[0] != NOT_KNOWN:
                after = _tell(scene, SetFact(call_id, fact, values[0], "the caller heard it"), teller, TURNED)
                if after.state.calls[call_id].transitions:
                    return after
    raise ValueError(f"nobody unarmed is on call {number}, so its response cannot turn; --call shows who is on a call")


def _tell(scene: Scene, command: AnyCommand, by: UserId, ago: timedelta) -> Scene:
    """The scene after a command that a person gave so long ago."""
    at, state = scene.now - ago, scene.state
    verdict = decide(state, command, by, at)
    if isinstance(verdict, Rejected):
        raise ValueError(verdict.reason)
    for event in verdict:
        state = evolve(state, event, by, at)
    return replace(scene, state=state)


def call_of(scene: Scene, number: str) -> CallId | None:
    """The call of that number; ValueError when there is none on the board."""
    if not number:
        return None
    found = [call for call in scene.state.calls.values() if call.number.lstrip("0") == number.lstrip("0")]
    if not found:
        some = ", ".join(call.number for call in queries.pending(scene.state))
        raise ValueError(f"there is no call {number} on the board; pending are {some}")
    return found[-1].call_id
