"""The telecommunicators: they sort calls, hand off, dispatch, send other services, look after units and close calls.

A call that a real person of the dispatch floor has touched is theirs: nobody here lays a hand on it while that person is
signed in. A real clinician talks with callers like the others; what they ask of dispatch is seen to here.
"""

from datetime import datetime, timedelta

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand
from console.domain.ids import EntryId, HandOffId, ProgrammeCode, UserId, derived_id
from console.domain.programmes import Responds
from console.domain.recommend import recommend
from console.domain.ringing import whom_to_ring, why_denied
from console.domain.state import Call, Position, Role, Source, State, Unit, UnitStatus
from console.domain.status_check import status_check
from console.domain.triage import interview
from console.domain.turned import still_to_send
from console.hub.exercise import callers, crews, follow_up, handing_over, turns
from console.hub.exercise.choices import Choice, asks, choose, failed_offers, sorted_at
from console.hub.exercise.world import Move, World

_SENDABLE = frozenset({UnitStatus.AVAILABLE, UnitStatus.ASSIST})
_MOST_OFFERS = 2
"""Clinicians whom somebody rings one after the other, where the agency does not ring the next by itself."""
_OVER = "The caller says it is over."
_ASKS = "Please talk with the caller."
_TOO_LONG = "No clinician took the caller in time."


def look(world: World, state: State, call: Call, now: datetime) -> Move | None:
    """What the floor will do next for a call, or None while others have it."""
    if call.closing is not None or touched(world, state, call):
        return None
    by = world.hands(state, call.taken_by, call.call_id)
    turned = turns.tell(world, call, by) or turns.recall(world, call, by) or _instead(world, state, call, by, now)
    pressing = turned or _acknowledge(world, call, by) or handing_over.gives(world, state, call)
    if pressing is not None:
        return pressing
    asked = _asked_by_clinician(world, state, call, by, now)
    if asked is not None:
        return asked
    if queries.current_assignments(call):
        return _while_units_are_on_it(world, state, call, by)
    if call.in_care_of is not None or (call.hand_off is not None and call.hand_off.is_open):
        return None
    if queries.served(call):
        return _close_served(world, call, by)
    if any(a.recalled == _OVER for a in call.assignments):
        return _close_cancelled(world, call, by)
    done = sorted_at(state.agency, call)
    if done is None:
        return _ask(world, state, call, by)
    done = max(done, *(t.at for t in call.transitions)) if call.transitions else done
    choice = choose(world, state.agency, call, done)
    if call.seeking is not None:
        return _waited_too_long(world, state, call, choice, by, now)
    return _try(world, state, call, choice, by, done, now) or _give_up(world, call, choice, by, done)


def touched(world: World, state: State, call: Call) -> bool:
    """Whether a real person of the dispatch floor, signed in now, has had a hand in it."""
    hands = {call.taken_by, *(a.by for a in call.answers), *(e.by for e in (*call.narrative, *call.messages))}
    hands |= {a.by for a in call.assignments} | {s.by for s in call.services} | {t.by for t in call.take_overs}
    hands |= {t.by for t in call.told} | {p.told_by for t in call.transitions for p in t.parties if p.told_by is not None}
    hands |= {t.waived.by for t in call.transitions if t.waived is not None}
    hands |= {h.from_user for h in call.hand_offs} | ({call.seeking.by} if call.seeking is not None else set())
    hands |= {ask.answer.stamp.by for ask in call.asks if ask.answer is not None}
    return any(world.live(state, user) and state.people[user].role is not Role.CLINICIAN for user in hands)


def look_after(world: World, state: State, unit: Unit) -> Move | None:
    """Status checks that are due, and backup that was asked for."""
    backup, real = unit.backup, _somebody_real(world, state)
    by = world.hands(state, UserId(""), unit.unit_id, unit.since.isoformat())
    if backup is not None:
        later = timedelta(seconds=90 if real else 0)
        if backup.acknowledged_at is None:
            return Move(backup.requested_at + timedelta(seconds=14) + later, by, (c.AcknowledgeBackup(unit.unit_id),))
        if backup.sent_at is None:
            return Move(backup.acknowledged_at + timedelta(seconds=25) + later, by, (c.SendBackup(unit.unit_id),))
        reason = "The crew says it is calm and nobody is hurt."
        return Move(backup.sent_at + timedelta(minutes=12), by, (c.ClearBackup(unit.unit_id, reason),))
    asked = status_check(state, unit)
    if asked is None:
        return None
    due = asked.due_at
    delay = world.seconds(70 if real else 40, "check", unit.unit_id, due.isoformat())
    return Move(due + delay, by, (c.CheckUnit(unit.unit_id),))


def _somebody_real(world: World, state: State) -> bool:
    return any(
        p.role in {Role.TELECOMMUNICATOR, Role.SUPERVISOR} and world.live(state, p.user_id) for p in state.people.values()
    )


def _ask(world: World, state: State, call: Call, by: UserId) -> Move | None:
    """The next question of the interview, answered as the caller can."""
    protocol = interview.protocol_for(state.agency, call)
    step = interview.step(protocol, call) if protocol else None
    if protocol is None or not isinstance(step, interview.Asking):
        return None
    question = step.question
    answer = callers.answer(world.chance, world.script, call, question, again=step.again)
    last = max((a.at for a in call.answers), default=call.received_at)
    takes = world.seconds(world.script.floor.seconds_a_question, "question", question.id, step.again, call.call_id)
    if not call.answers:
        takes += _left_alone(world, state, call)
    return Move(last + takes, by, (c.AnswerQuestion(call.call_id, protocol.id, question.id, answer.key),))


def _left_alone(world: World, state: State, call: Call) -> timedelta:
    """Every so many calls are left for a while to real people at the dispatch desks, so that they have something to do."""
    real = sum(1 for p in state.people.values() if p.role is Role.TELECOMMUNICATOR and world.live(state, p.user_id))
    if not real:
        return timedelta()
    colleagues = len(world.played(state, Role.TELECOMMUNICATOR))
    if world.chance.happens(real / (real + colleagues), "left to a person", call.call_id):
        return timedelta(minutes=world.script.floor.minutes_left_to_a_person)
    return timedelta()


def _try(world: World, state: State, call: Call, choice: Choice, by: UserId, done: datetime, now: datetime) -> Move | None:
    """Hand off or dispatch to the first programme that has somebody free, and ask whoever is to go along."""
    freed = done + timedelta(minutes=world.script.floor.minutes_rescued)
    for code in choice.try_first if now <= freed else ():
        programme = state.agency.programme(code)
        if programme is not None and programme.responds is Responds.BY_PHONE:
            command = _hand_off(state, call, choice, code)
        else:
            command = _dispatch(world, state, call, code, now)
        if command is not None:
            acts = done + world.seconds(world.script.floor.seconds_to_act, "act", len(call.hand_offs), call.call_id)
            return Move(max(acts, now), by, (command, *_along(call, choice, code)))
    return None


def _along(call: Call, choice: Choice, code: ProgrammeCode) -> tuple[AnyCommand, ...]:
    """The services that go along with the programme that was proposed."""
    wanted = choice.along if code == choice.try_first[0] else ()
    ordered = {order.service for order in call.services}
    return tuple(c.OrderOtherService(call.call_id, service, "") for service in wanted if service not in ordered)


def _hand_off(state: State, call: Call, choice: Choice, code: ProgrammeCode) -> AnyCommand | None:
    """Ring a clinician, or let the caller wait for one. Where the agency rings the next by itself, that is done once."""
    rules, ordered = state.agency.hand_off, {order.service for order in call.services}
    most = 1 if rules.next_clinician else _MOST_OFFERS
    if len(call.hand_offs) >= most or call.assignments or choice.service in ordered:
        return None
    asked = {h.to_user for h in call.hand_offs}
    ready = [one.person for one in whom_to_ring(state, call, code).candidates if one.person.user_id not in asked]
    if ready:
        offer = HandOffId(derived_id("exercise-hand-off", call.call_id, str(len(call.hand_offs))))
        return c.OfferHandOff(call.call_id, offer, ready[0].user_id, asks=_ASKS)
    at_work = any(person.programme == code for person in queries.clinicians(state))
    waits = rules.next_clinician and at_work and why_denied(state, call, code) is None
    return c.QueueForClinician(call.call_id, code, asks=_ASKS) if waits else None


def _waited_too_long(world: World, state: State, call: Call, choice: Choice, by: UserId, now: datetime) -> Move | None:
    """Leave the queue once it has lasted the agency's `queue_s`, and send the other response that was proposed."""
    assert call.seeking is not None
    if call.seeking.queued_at is None:
        return None
    limit = call.seeking.queued_at + timedelta(seconds=state.agency.hand_off.queue_s)
    at = limit + world.seconds(world.script.floor.seconds_to_act, "leaves the queue", call.call_id)
    ordered = {order.service for order in call.services}
    others = (code for code in choice.try_first if code != call.seeking.programme)
    sent = (_dispatch(world, state, call, code, max(at, now)) for code in others)
    instead = next((command for command in sent if command is not None), None)
    if instead is None and choice.service and choice.service not in ordered:
        instead = c.OrderOtherService(call.call_id, choice.service, _TOO_LONG)
    leave = c.LeaveQueue(call.call_id, _TOO_LONG)
    return Move(at, by, (leave,) if instead is None else (leave, instead))


def _dispatch(world: World, state: State, call: Call, code: ProgrammeCode, now: datetime) -> AnyCommand | None:
    """The best unit of one programme by the desk's own recommendation; a crew on its break is left in peace."""
    units = {u.unit_id: u for u in state.units.values() if u.programme == code and u.status in _SENDABLE}
    if not units:
        return None
    positions = {unit_id: Position(unit_id, *world.fleet.where(unit, now), now, now) for unit_id, unit in units.items()}
    for candidate in recommend(state, positions, call, now).units:
        if candidate.unit_id in units:
            return c.DispatchUnit(candidate.unit_id, call.call_id)
    return None


def _asked_by_clinician(world: World, state: State, call: Call, by: UserId, now: datetime) -> Move | None:
    """Answer what a clinician on the line asks for: send it, or say that nobody is free; the two go on talking meanwhile."""
    for ask in queries.unmet(call):
        takes = world.seconds(world.script.floor.seconds_to_answer_asks, "answers", ask.ask_id)
        if state.agency.programme(ask.code) is None:
            return Move(ask.at + takes, by, (c.OrderOtherService(call.call_id, ask.code, ask.reason),))
        command = _dispatch(world, state, call, ProgrammeCode(ask.code), max(now, ask.at + takes))
        if command is not None:
            return Move(ask.at + takes, by, (command,))
        why = f"{state.agency.name_of(ask.code)} has nobody free."
        return Move(ask.at + 2 * takes, by, (c.DeclineAsk(call.call_id, ask.ask_id, why),))
    return None


def _acknowledge(world: World, call: Call, by: UserId) -> Move | None:
    """Read what a clinician told of an imminent threat, and pass it on."""
    for told in call.disclosures:
        if told.acknowledged is None:
            at = told.made.at + world.seconds(8, "reads", told.disclosure_id)
            return Move(at, by, (c.AcknowledgeDisclosure(call.call_id, told.disclosure_id),))
    return None


def _instead(world: World, state: State, call: Call, by: UserId, now: datetime) -> Move | None:
    """What a turn proposes in place of a response: its services, and its unit, or where none is free the general service."""
    step = turns.services_instead(world, state, call, by)
    told = turns.all_told_at(call)
    if step is not None or told is None or now > told + timedelta(minutes=world.script.floor.minutes_rescued):
        return step
    general = world.script.codes.general_service
    at = max(now, told + world.seconds(6, "sends instead", call.call_id))
    for code in still_to_send(state.agency, call, call.transitions[-1]):
        programme = state.agency.programme(code)
        if programme is None or programme.responds is not Responds.IN_PERSON:
            continue
        command = _dispatch(world, state, call, programme.code, now)
        if command is not None:
            return Move(at, by, (command,))
        if all(order.service != general for order in call.services):
            why = f"The response turned, and {programme.name} has nobody free."
            return Move(at, by, (c.OrderOtherService(call.call_id, general, why),))
    return None


def _give_up(world: World, call: Call, choice: Choice, by: UserId, done: datetime) -> Move | None:
    """Ask the other service, later close: with an outcome if no programme was ever open, else with why it was missed."""
    floor, eligible = world.script.floor, call.eligible_since is not None
    act = done + world.seconds(floor.seconds_to_act, "act", call.call_id)
    if choice.service and all(order.service != choice.service for order in call.services):
        at = done + timedelta(minutes=floor.minutes_rescued) if choice.try_first else act
        why = "No unit was free." if choice.try_first else ""
        with_it = () if choice.try_first else tuple(c.OrderOtherService(call.call_id, code, "") for code in choice.along)
        return Move(at, by, (c.OrderOtherService(call.call_id, choice.service, why), *with_it))
    if not eligible:
        ends = call.received_at + world.minutes(floor.minutes_routine, 0.6, "routine", call.call_id)
        outcome = world.chance.pick(world.script.routine_outcomes, "outcome", call.call_id)
        return Move(max(ends, act + timedelta(seconds=20)), by, (c.CloseCall(call.call_id, outcome=outcome),))
    patience = world.minutes(floor.minutes_patient, 0.45, "patience", call.call_id)
    ends = done + patience if choice.service else act + timedelta(minutes=1)
    ends = max(ends, *(order.at + timedelta(seconds=30) for order in call.services), act)
    missed = choice.missed
    if any(order.reason == _TOO_LONG for order in call.services):
        missed = world.script.codes.missed_queue
    elif failed_offers(call) and not call.assignments:
        missed = world.script.codes.missed_declined
    return Move(ends, by, (c.CloseCall(call.call_id, missed=missed, note=choice.note),))


def _while_units_are_on_it(world: World, state: State, call: Call, by: UserId) -> Move | None:
    """Write down what one learns; call back a unit whose caller does not need it any more; an ambulance if asked."""
    steps: list[Move] = []
    first = queries.current_assignments(call)[0]
    learned = turns.learned(world, state, call, first.programme, first.dispatched_at, by)
    if learned is not None and first.arrived_at is None:
        steps.append(learned)
    crew = world.script.crews.get(first.programme)
    words = world.script.updates
    entry = EntryId(derived_id("exercise-update", call.call_id))
    if words and all(e.entry_id != entry for e in call.narrative) and asks(state.agency, call):
        text = words[int(world.chance.share("update", call.call_id) * len(words))]
        at = first.dispatched_at + world.seconds(150, "update at", call.call_id)
        steps.append(Move(at, by, (c.AddNarrative(call.call_id, entry, text),)))
    if crew is not None and first.arrived_at is not None and not call.services:
        ambulance = world.script.codes.ambulance
        if world.chance.happens(crew.ambulance, "ambulance", call.call_id):
            order = c.OrderOtherService(call.call_id, ambulance, "The crew asks for an ambulance.")
            steps.append(Move(first.arrived_at + timedelta(minutes=6), by, (order,)))
    cancels = world.chance.happens(world.script.floor.caller_cancels, "cancels later", call.call_id)
    if cancels and first.arrived_at is None and not queries.served(call):
        at = first.dispatched_at + world.minutes(4, 0.5, "cancels at", call.call_id)
        steps.append(Move(at, by, (c.RecallUnit(first.unit_id, _OVER),)))
    return min(steps, key=lambda move: move.at, default=None)


def _close_cancelled(world: World, call: Call, by: UserId) -> Move:
    """The caller rang again before anybody had arrived."""
    recalled = max(a.cleared_at or a.dispatched_at for a in call.assignments)
    at = recalled + world.seconds(world.script.floor.seconds_to_act, "close", call.call_id)
    return Move(at, by, (c.CloseCall(call.call_id, missed=world.script.codes.missed_cancelled, note=_OVER),))


def _close_served(world: World, call: Call, by: UserId) -> Move:
    """The unit is clear, or the clinician has given the caller back: close with how it ended."""
    script, chance = world.script, world.chance
    arrived = [a for a in call.assignments if a.arrived_at is not None]
    ended = max(
        *(a.cleared_at or a.dispatched_at for a in call.assignments),
        *(h.changed_at or h.offered_at for h in call.hand_offs),
        call.received_at,
    )
    at = ended + world.seconds(script.floor.seconds_to_act, "close", call.call_id)
    if not arrived or any(turns.turned_for(call, a.programme) for a in arrived[-1:]):
        return Move(at, by, (c.CloseCall(call.call_id, outcome=script.codes.outcome_returned),))
    last = arrived[-1]
    crew = script.crews[last.programme]
    unit = Unit(last.unit_id, last.programme, (), UnitStatus.CLEAR, ended)
    if last.transporting_at is not None:
        outcome = script.codes.outcome_transport
    elif any(order.service == script.codes.ambulance for order in call.services):
        outcome = script.codes.outcome_ambulance
    elif crews.finds_nobody(world, crew, unit, call):
        outcome = script.codes.outcome_gone
    else:
        outcome = chance.pick(crew.outcomes, "outcome", call.call_id)
    refers = follow_up.refers(world, call) if outcome != script.codes.outcome_gone else ()
    return Move(at, by, (*refers, c.CloseCall(call.call_id, outcome=outcome)))


def take(world: World, state: State, call: c.ReceiveCall) -> UserId:
    """Who takes a new call. An officer's request comes by radio to whoever is there, like all others."""
    return world.hands(state, UserId(""), "takes", call.call_id, Source(call.source))
