"""The crews: from a dispatch to the neighbor and back, breaks and assists between. Each step follows from a status."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain import queries
from console.domain.assignment import Assignment
from console.domain.ids import UserId
from console.domain.state import Call, State, Unit, UnitStatus
from console.hub.exercise import turns
from console.hub.exercise.script import Crew
from console.hub.exercise.world import Move, World

_DRIVING_KM_H = 38.0
_TURN_OUT = (timedelta(seconds=15), timedelta(minutes=4))
"""Least and most between acknowledging and leaving."""
_GONE_MINUTES = 11.0
"""How long a crew looks for somebody who is not there."""
_IN_A_HURRY = 0.6
"""How long a crew takes, of its usual time, that is sent because a response turned."""
_TRAVEL_SPREAD, _SCENE_SPREAD = 0.38, 0.4


def look(world: World, state: State, unit: Unit, now: datetime) -> Move | None:
    """What the crew of a unit will do next, or None while it waits for others."""
    crew = world.script.crews.get(unit.programme)
    if crew is None or unit.backup is not None:
        return None
    if unit.call is not None:
        call = state.calls.get(unit.call)
        return _on_call(world, state, crew, unit, call) if call else None
    return _between_calls(world, state, crew, unit, now)


def follow(world: World, state: State, unit: Unit) -> None:
    """Let the fleet take note of a unit's new status."""
    fleet, call = world.fleet, state.calls.get(unit.call) if unit.call else None
    match unit.status:
        case UnitStatus.EN_ROUTE if call is not None:
            fleet.goes(unit, call.place.point or fleet.where(unit, unit.since), unit.since, _arrival(world, unit, call))
        case UnitStatus.TRANSPORTING:
            to = world.city.point(unit.where) or fleet.where(unit, unit.since)
            duration = timedelta(hours=fleet.kilometres(unit, to, unit.since) / _DRIVING_KM_H)
            fleet.goes(unit, to, unit.since, unit.since + duration)
        case UnitStatus.AVAILABLE:
            fleet.goes_home(unit, unit.since)
        case _:
            fleet.stops(unit, unit.since)


def transports(world: World, crew: Crew, unit: Unit, call: Call) -> bool:
    """Whether this crew will take the neighbor somewhere."""
    talked = any(h.accepted_at is not None for h in call.hand_offs)
    share = world.script.phone.transport_with_unit if talked else crew.transport
    series = f"transport {unit.programme} {'after talking' if talked else ''}"
    return world.chance.happens(share, call.call_id, series=series)


def finds_nobody(world: World, crew: Crew, unit: Unit, call: Call) -> bool:
    """Whether the neighbor is gone when this crew arrives."""
    gone = world.chance.happens(crew.gone_on_arrival, "gone", unit.programme, call.call_id)
    return gone and not transports(world, crew, unit, call)


def _move(unit: Unit, at: datetime, status: UnitStatus, where: str = "") -> Move:
    return Move(at, UserId(unit.unit_id), (c.SetUnitStatus(unit.unit_id, status, where),))


def _on_call(world: World, state: State, crew: Crew, unit: Unit, call: Call) -> Move | None:
    about = (unit.unit_id, call.call_id)
    assignment = next((a for a in queries.current_assignments(call) if a.unit_id == unit.unit_id), None)
    if assignment is None:
        return None
    match unit.status:
        case UnitStatus.ASSIGNED:
            return _move(unit, unit.since + world.seconds(16, "acknowledge", *about), UnitStatus.ACKNOWLEDGED)
        case UnitStatus.ACKNOWLEDGED:
            return _move(unit, _departure(world, unit, call), UnitStatus.EN_ROUTE)
        case UnitStatus.EN_ROUTE:
            return _move(unit, world.fleet.arrival(unit), UnitStatus.ON_SCENE)
        case UnitStatus.STAGING:
            return _move(unit, unit.since + timedelta(minutes=5), UnitStatus.ON_SCENE)
        case _:
            step = _with_neighbor(world, crew, unit, call, assignment)
            turn = _learned_there(world, state, unit, call, assignment)
            return turn if turn is not None and (step is None or turn.at < step.at) else step


def _learned_there(world: World, state: State, unit: Unit, call: Call, assignment: Assignment) -> Move | None:
    """What turns while the crew is at the scene, which it says by radio."""
    arrived = assignment.arrived_at
    if arrived is None or unit.status not in (UnitStatus.ON_SCENE, UnitStatus.WITH_NEIGHBOR):
        return None
    turn = turns.learned(world, state, call, unit.programme, assignment.dispatched_at, UserId(unit.unit_id))
    return turn and replace(turn, at=max(turn.at, arrived + timedelta(seconds=20)))


def _with_neighbor(world: World, crew: Crew, unit: Unit, call: Call, assignment: Assignment) -> Move | None:
    """From the arrival on: the help itself, at times backup or transport, then clear."""
    about = (unit.unit_id, call.call_id)
    arrived = assignment.arrived_at or unit.since
    nobody, transport = finds_nobody(world, crew, unit, call), transports(world, crew, unit, call)
    series = f"on scene {unit.programme} {'nobody' if nobody else ''}"
    stays = world.minutes(_GONE_MINUTES if nobody else crew.minutes_on_scene, _SCENE_SPREAD, *about, series=series)
    ends = max(arrived + stays, unit.since + timedelta(seconds=30))
    turned = turns.turned_for(call, unit.programme)
    if turned is not None:
        return _move(unit, max(turned + world.seconds(45, "withdraws", *about), unit.since), UnitStatus.CLEAR)
    met = arrived + min(world.seconds(70, "met", *about), stays / 3)
    if world.chance.happens(crew.police_backup, "backup", *about) and unit.status is UnitStatus.WITH_NEIGHBOR:
        asks = arrived + stays / 3
        if unit.checked_at is None or unit.checked_at <= asks:
            return Move(asks, UserId(unit.unit_id), (c.RequestBackup(unit.unit_id, world.script.codes.general_service),))
    match unit.status:
        case UnitStatus.ON_SCENE if not nobody:
            return _move(unit, met, UnitStatus.WITH_NEIGHBOR)
        case UnitStatus.WITH_NEIGHBOR if transport:
            facility = world.city.nearest([world.script.codes.drop_off], world.fleet.where(unit, unit.since))
            if facility is not None:
                return _move(unit, arrived + stays * 0.55, UnitStatus.TRANSPORTING, facility.name)
        case UnitStatus.TRANSPORTING:
            return _move(unit, world.fleet.arrival(unit), UnitStatus.AT_FACILITY, unit.where)
        case UnitStatus.AT_FACILITY:
            ends = max(ends, unit.since + timedelta(minutes=5))
    return _move(unit, ends, UnitStatus.CLEAR)


def _between_calls(world: World, state: State, crew: Crew, unit: Unit, now: datetime) -> Move | None:
    about = (unit.unit_id, unit.since.isoformat())
    shift = world.shift(state.agency, unit, now)
    if unit.status is UnitStatus.OFF_SHIFT:
        begins = now if shift.on else shift.opens
        return _move(unit, begins, UnitStatus.AVAILABLE) if begins else None
    if not shift.on:
        return _move(unit, now, UnitStatus.OFF_SHIFT)
    assert shift.until is not None
    pause = _break(world, crew, unit, shift.until)
    steps: list[Move] = [_move(unit, shift.until, UnitStatus.OFF_SHIFT)]
    match unit.status:
        case UnitStatus.AVAILABLE:
            if now < pause[1]:
                steps.append(_move(unit, max(pause[0], unit.since), UnitStatus.BREAK))
            if crew.assists_an_hour > 0:
                sees = unit.since + world.minutes(60 / crew.assists_an_hour, 0.9, "assist", *about)
                where = world.city.near(world.fleet.where(unit, sees))
                steps.append(_move(unit, sees, UnitStatus.ASSIST, where))
        case UnitStatus.ASSIST:
            steps.append(_move(unit, unit.since + world.minutes(13, 0.6, "assisting", *about), UnitStatus.AVAILABLE))
        case UnitStatus.BREAK:
            steps.append(_move(unit, max(pause[1], unit.since), UnitStatus.AVAILABLE))
        case UnitStatus.CLEAR:
            out = world.chance.happens(crew.out_after_call, "out", *about)
            ends = unit.since + world.minutes(crew.minutes_writing_up, 0.5, "writing", *about)
            steps.append(_move(unit, ends, UnitStatus.OUT_OF_SERVICE if out else UnitStatus.AVAILABLE))
        case UnitStatus.OUT_OF_SERVICE:
            steps.append(_move(unit, unit.since + world.minutes(crew.minutes_out, 0.5, "out", *about), UnitStatus.AVAILABLE))
        case _:
            pass
    return min(steps, key=lambda move: move.at)


def _break(world: World, crew: Crew, unit: Unit, ends: datetime) -> tuple[datetime, datetime]:
    """The unit's one break of the shift that ends then; a crew that is busy all through it has none."""
    begins = ends - timedelta(minutes=world.chance.between(200, 330, "break", unit.unit_id, ends.isoformat()))
    begins = begins.replace(second=0, microsecond=0)
    return begins, begins + timedelta(minutes=crew.minutes_break)


def _departure(world: World, unit: Unit, call: Call) -> datetime:
    """When the crew leaves, so as to drive at a usual speed and arrive when drawn."""
    to = call.place.point
    driving = timedelta(hours=world.fleet.kilometres(unit, to, unit.since) / _DRIVING_KM_H) if to else timedelta()
    least, most = _TURN_OUT
    return min(max(_arrival(world, unit, call) - driving, unit.since + least), unit.since + most)


def _arrival(world: World, unit: Unit, call: Call) -> datetime:
    """When this unit is to arrive, if the way lets it."""
    crew = world.script.crews[unit.programme]
    sent = next(a.dispatched_at for a in queries.current_assignments(call) if a.unit_id == unit.unit_id)
    minutes = crew.minutes_to_arrive * (_IN_A_HURRY if any(t.at < sent for t in call.transitions) else 1.0)
    return sent + world.minutes(minutes, _TRAVEL_SPREAD, call.call_id, series=f"to scene {unit.programme}")
