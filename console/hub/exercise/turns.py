"""What turns after somebody was sent: it is learned and said, everybody who must hear of it is told, another response goes.

Whoever is at the scene or on the line says it; the dispatch floor tells the others, one after the other.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from console.domain import commands as c
from console.domain import eligibility, queries
from console.domain.eligibility import Standing
from console.domain.ids import EntryId, ProgrammeCode, UserId, derived_id
from console.domain.state import Call, State
from console.domain.turned import still_to_send
from console.hub.exercise.script import Turn
from console.hub.exercise.world import Move, World

_ALL_TOLD = timedelta(seconds=55)
"""Within this everybody has been told, however many they are."""
_SPREAD = 0.5


def learned(world: World, state: State, call: Call, code: ProgrammeCode, began: datetime, by: UserId) -> Move | None:
    """What `by` will say of a call that the programme has had since `began`; None where nothing turns, or has already."""
    turns = world.script.turns
    if call.transitions or not world.chance.happens(turns.share, "turns", call.call_id):
        return None
    turn = turns.what[int(world.chance.share("what turns", call.call_id) * len(turns.what))]
    if not _would_turn(state, call, code, turn):
        return None
    at = began + world.minutes(turns.minutes, _SPREAD, "turns at", call.call_id)
    entry = c.AddNarrative(call.call_id, EntryId(derived_id("exercise-turn", call.call_id)), turn.words)
    return Move(at, by, (entry, c.SetFact(call.call_id, turn.fact, turn.value, turn.words)))


def tell(world: World, call: Call, by: UserId) -> Move | None:
    """The next party to be told of a turn."""
    for transition in call.transitions:
        if transition.untold:
            last = max((p.told_at for p in transition.parties if p.told_at is not None), default=transition.at)
            longest = _ALL_TOLD / len(transition.parties)
            takes = min(world.seconds(8, "tells", transition.transition_id, transition.untold[0].key), longest)
            told = c.TellOfTransition(call.call_id, transition.transition_id, transition.untold[0].key)
            return Move(last + takes, by, (told,))
    return None


def all_told_at(call: Call) -> datetime | None:
    """When the last party of the last turn was told; None where nothing turned, or somebody has still to hear of it."""
    if not call.transitions or any(transition.untold for transition in call.transitions):
        return None
    last = call.transitions[-1]
    return max((party.told_at for party in last.parties if party.told_at is not None), default=last.at)


def turned_for(call: Call, code: ProgrammeCode) -> datetime | None:
    """When everybody had been told that a programme is not to be on this call; None where nothing turned for it."""
    return all_told_at(call) if any(code in transition.programmes for transition in call.transitions) else None


def recall(world: World, call: Call, by: UserId) -> Move | None:
    """Call back a unit that is on its way and must not arrive."""
    for assignment in queries.current_assignments(call):
        told = turned_for(call, assignment.programme)
        if told is not None and assignment.arrived_at is None:
            why = call.transitions[-1].because[0]
            at = told + world.seconds(5, "recalls", assignment.unit_id, call.call_id)
            return Move(at, by, (c.RecallUnit(assignment.unit_id, f"The response turned: {why}."),))
    return None


def services_instead(world: World, state: State, call: Call, by: UserId) -> Move | None:
    """Ask the services that are proposed in place of what turned, or go along with it, one after the other."""
    told = all_told_at(call)
    if told is None:
        return None
    transition = call.transitions[-1]
    services = {service.code for service in state.agency.other_services}
    for code in still_to_send(state.agency, call, transition):
        if code in services:
            at = told + world.seconds(6, "instead", code, call.call_id)
            order = c.OrderOtherService(call.call_id, code, f"The response turned: {transition.because[0]}.")
            return Move(at, by, (order,))
    return None


def _would_turn(state: State, call: Call, code: ProgrammeCode, turn: Turn) -> bool:
    known = call.circumstances
    after = replace(known, facts={**known.facts, turn.fact: turn.value})
    was, then = (eligibility.verdicts(state.agency, each).get(code) for each in (known, after))
    return was is not None and then is not None and was.standing is not Standing.NOT and then.standing is Standing.NOT
