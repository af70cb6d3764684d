"""The exercise's people come to work and go home, and its clinicians take callers, talk, and say how it ended."""

from datetime import datetime, timedelta

from console.domain import commands as c
from console.domain import queries
from console.domain.deciding.offers import NO_ANSWER
from console.domain.ids import AskId, DeskId, UserId, derived_id
from console.domain.programmes import Responds
from console.domain.state import Call, Presence, PresenceStatus, Role, State
from console.hub.exercise import follow_up, handing_over, turns
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
    if queries.held(state, person.user_id) or queries.ringing(state, person.user_id) is not None:
        return None
    if any(handing_over.busy(call, person.user_id) for call in state.calls.values()):
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
    if call.closing is not None:
        return None
    if call.in_care_of is not None and world.plays(state, call.in_care_of):
        return _talk(world, state, call, call.in_care_of)
    return handing_over.takes(world, state, call)


def _sign_in(person: Person) -> c.SignIn:
    return c.SignIn(
        person.user_id, person.name, person.role, DeskId(f"{DESK_PREFIX}{person.user_id}"), title=person.title,
        position=person.position, programme=person.programme, languages=person.languages,
        skills=person.skills, extension=person.extension,
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
        case PresenceStatus.AWAY if present.reason == NO_ANSWER:
            back = world.minutes(phone.minutes_unanswered, 0.5, "back", user, present.since.isoformat())
            return [Move(present.since + back, user, (c.SetPresence(PresenceStatus.READY),))]
        case PresenceStatus.AWAY:
            return [Move(max(over, present.since), user, (c.SetPresence(PresenceStatus.READY),))]
        case PresenceStatus.READY if now < over - timedelta(minutes=5):
            return [Move(max(begins, present.since), user, (c.SetPresence(PresenceStatus.AWAY, "Break"),))]
        case _:
            return []


def _talk(world: World, state: State, call: Call, user: UserId) -> Move | None:
    """Talk; sometimes ask for somebody to come; end by closing, or by giving the caller back once others are with them."""
    phone, chance = world.script.phone, world.chance
    hand_off = next((h for h in reversed(call.hand_offs) if h.to_user == user and h.taken_at is not None), None)
    if hand_off is None or hand_off.taken_at is None or any(transition.untold for transition in call.transitions):
        return None
    began = hand_off.taken_at
    talks = world.minutes(phone.minutes_talking, _TALK_SPREAD, call.call_id, series="talks")
    asks = _asks_for_somebody(world, state, call, began, talks)
    if asks is not None:
        return asks
    ends = began + talks
    turn = turns.learned(world, state, call, hand_off.programme, began, user)
    if turn is not None and turn.at < ends:
        return turn
    goes_on = call.assignments or call.transitions or queries.unmet(call)
    if goes_on and call.hand_off is hand_off:
        why = "A team is with the neighbor, or on its way." if call.assignments else "Somebody is to come to the neighbor."
        return Move(ends, user, (c.ReturnHandOff(call.call_id, hand_off.hand_off_id, why),))
    outcome = chance.pick(phone.outcomes, "outcome", call.call_id)
    left = follow_up.left_behind(world, call, ends)
    return Move(ends, user, (*left, c.CloseCall(call.call_id, outcome=outcome)))


def _asks_for_somebody(world: World, state: State, call: Call, began: datetime, talks: timedelta) -> Move | None:
    """Ask dispatch for a team, and for the next programme where that one was declined; at times for an ambulance."""
    phone, chance, user = world.script.phone, world.chance, call.in_care_of
    assert user is not None
    asked = {ask.code for ask in call.asks}
    on_it = {assignment.programme for assignment in call.assignments}
    wants = chance.happens(phone.asks_for_unit, call.call_id, series="asks for unit") and not call.transitions
    if wants and not on_it and not queries.unmet(call):
        last = max((ask.answer.stamp.at for ask in call.asks if ask.answer is not None), default=None)
        at = (
            began + talks * _ASKS_AFTER if last is None else last + world.seconds(30, "asks again", len(asked), call.call_id)
        )
        comes = (code for code in call.open_to if code not in asked and _comes(state, code))
        code = next(comes, None)
        if code is not None and at < began + talks:
            why = "Wants somebody to come; I stay on the line meanwhile."
            return Move(at, user, (_ask(call, code, why),))
    ambulance = world.script.codes.ambulance
    ordered = {order.service for order in call.services}
    if chance.happens(phone.ambulance, "ambulance", call.call_id) and ambulance not in asked | ordered:
        return Move(began + talks / 2, user, (_ask(call, ambulance, "Is hurt, and wants to be seen."),))
    return None


def _ask(call: Call, code: str, why: str) -> c.AskForResponse:
    return c.AskForResponse(call.call_id, AskId(derived_id("exercise-asks", call.call_id, code)), code, why)


def _comes(state: State, code: str) -> bool:
    programme = state.agency.programme(code)
    return programme is not None and programme.responds is Responds.IN_PERSON
