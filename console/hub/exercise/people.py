"""The exercise's people come to work and go home, and its clinicians take callers, talk, and say how it ended."""

from datetime import datetime, timedelta

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand
from console.domain.hand_off import HandOffState
from console.domain.ids import DeskId, EntryId, derived_id
from console.domain.state import Call, Presence, PresenceStatus, Role, State
from console.hub.exercise import turns
from console.hub.exercise.floor import touched
from console.hub.exercise.script import Person
from console.hub.exercise.world import DESK_PREFIX, Move, World

_COMES_BACK = timedelta(minutes=2)
"""How long a desk that a real person left stays empty before the exercise plays that person again."""
_TALK_SPREAD = 0.38
_ASKS_AFTER = 0.35
"""Share of a conversation after which a clinician knows that somebody should come."""


def look(world: World, state: State, person: Person, now: datetime) -> Move | None:
    """What one of the exercise's people will do next about being at work."""
    if world.live(state, person.user_id):
        return None
    present = state.people.get(person.user_id)
    spell = world.spell(person.shift, now)
    if present is None or present.status is PresenceStatus.SIGNED_OFF or not present.desk_id.startswith(DESK_PREFIX):
        if not spell.on:
            return Move(spell.opens, person.user_id, (_sign_in(person),)) if spell.opens else None
        back = present.since + _COMES_BACK if present is not None and now - present.since < _COMES_BACK else now
        return Move(back, person.user_id, (_sign_in(person),))
    if queries.in_care(state, person.user_id):
        return None
    if not spell.on:
        return Move(now, person.user_id, (c.SignOff(person.user_id),))
    assert spell.until is not None
    steps = [Move(spell.until, person.user_id, (c.SignOff(person.user_id),))]
    if present.role is Role.CLINICIAN:
        steps += _presence(world, present, spell.until, now)
    return min(steps, key=lambda move: move.at)


def answer(world: World, state: State, call: Call) -> Move | None:
    """What the clinician whom a call is offered to, or who has it in care, will do next about it."""
    hand_off = call.hand_off
    if hand_off is None or call.closing is not None or not world.plays(state, hand_off.to_user):
        return None
    if hand_off.state is HandOffState.OFFERED:
        return _pick_up(world, state, call)
    if hand_off.state is HandOffState.ACCEPTED and call.in_care_of == hand_off.to_user:
        return _talk(world, state, call)
    return None


def _sign_in(person: Person) -> c.SignIn:
    return c.SignIn(
        person.user_id, person.name, person.role, DeskId(f"{DESK_PREFIX}{person.user_id}"), title=person.title,
        position=person.position, programme=person.programme, languages=person.languages,
    )  # fmt: skip


def _presence(world: World, present: Presence, ends: datetime, now: datetime) -> list[Move]:
    """Wrap-up ends, and one break in the shift."""
    user, phone = present.user_id, world.script.phone
    begins = ends - timedelta(minutes=world.chance.between(240, 480, "break", user, ends.isoformat()))
    over = begins + timedelta(minutes=30)
    match present.status:
        case PresenceStatus.WRAP_UP:
            takes = world.minutes(phone.minutes_wrap_up, 0.5, "wrap-up", user, present.since.isoformat())
            return [Move(present.since + takes, user, (c.SetPresence(PresenceStatus.READY),))]
        case PresenceStatus.AWAY:
            return [Move(max(over, present.since), user, (c.SetPresence(PresenceStatus.READY),))]
        case PresenceStatus.READY if now < over - timedelta(minutes=5):
            return [Move(max(begins, present.since), user, (c.SetPresence(PresenceStatus.AWAY, "Break"),))]
        case _:
            return []


def _pick_up(world: World, state: State, call: Call) -> Move | None:
    hand_off, phone, chance = call.hand_off, world.script.phone, world.chance
    assert hand_off is not None
    draw = chance.share("pick up", hand_off.hand_off_id)
    if draw < phone.let_ring:
        return None
    takes = min(world.seconds(phone.seconds_to_answer, "answers", hand_off.hand_off_id).total_seconds(), 26)
    command: AnyCommand = c.AcceptHandOff(call.call_id, hand_off.hand_off_id)
    if draw < phone.let_ring + phone.decline:
        reasons = state.agency.decline_reasons or ("Not now",)
        why = reasons[int(chance.share("why declined", hand_off.hand_off_id) * len(reasons))]
        command = c.DeclineHandOff(call.call_id, hand_off.hand_off_id, why)
    return Move(hand_off.offered_at + timedelta(seconds=takes), hand_off.to_user, (command,))


def _talk(world: World, state: State, call: Call) -> Move | None:
    """Talk; sometimes ask for a unit; end by closing, or by giving the caller back once somebody is with the neighbor."""
    hand_off, phone, chance = call.hand_off, world.script.phone, world.chance
    assert hand_off is not None and hand_off.accepted_at is not None
    user, began = hand_off.to_user, hand_off.accepted_at
    if any(transition.untold for transition in call.transitions):
        return None
    talks = world.minutes(phone.minutes_talking, _TALK_SPREAD, call.call_id, series="talks")
    asks = chance.happens(phone.asks_for_unit, call.call_id, series="asks for unit") and not call.transitions
    entry_id = EntryId(derived_id("exercise-asks-for-unit", call.call_id))
    asked = any(entry.entry_id == entry_id for entry in call.narrative)
    if asks and not asked and not touched(world, state, call):
        words = "Asks dispatch for a team to come; stays on the line meanwhile."
        wish = (c.AddNarrative(call.call_id, entry_id, words), c.RaiseFlag(call.call_id, queries.UNIT_WANTED))
        return Move(began + talks * _ASKS_AFTER, user, wish)
    ambulance = world.script.codes.ambulance
    if chance.happens(phone.ambulance, "ambulance", call.call_id) and not any(s.service == ambulance for s in call.services):
        order = c.OrderOtherService(call.call_id, ambulance, "The clinician asks for an ambulance.")
        return Move(began + talks / 2, user, (order,))
    ends = began + talks
    turn = turns.learned(world, state, call, hand_off.programme, began, user)
    if turn is not None and turn.at < ends:
        return turn
    if call.assignments or call.transitions:
        back = c.ReturnHandOff(call.call_id, hand_off.hand_off_id, "A team is with the neighbor, or on its way.")
        return Move(ends, user, (back,))
    outcome = chance.pick(phone.outcomes, "outcome", call.call_id)
    return Move(ends, user, (c.CloseCall(call.call_id, outcome=outcome),))
