"""What is owed after calls: who refers neighbors and plans calls back, and how those whose work it is see to them."""

from datetime import datetime, timedelta

from console.domain import commands as c
from console.domain.commands import AnyCommand
from console.domain.follow_ups import CallBack, Reach, Referral
from console.domain.ids import CallBackId, EntryId, ReferralId, UserId, derived_id
from console.domain.programmes import Responds
from console.domain.state import Call, Role, State
from console.hub.exercise.script import Person
from console.hub.exercise.world import Move, World

_SPREAD = 0.5
_MOST_TRIES = 3
"""So often a caller is called back who does not answer; then it is ended, and said why."""
_IN_VAIN = {Reach.PHONE: "Nobody answers.", Reach.IN_PERSON: "Nobody is there.", Reach.MESSAGE: "No word back."}


def left_behind(world: World, call: Call, ends: datetime) -> tuple[AnyCommand, ...]:
    """What a clinician leaves behind as they close a call: a summary for the floor, a call back, a referral."""
    phone, script, chance = world.script.phone, world.script, world.chance
    found: list[AnyCommand] = []
    if script.summaries and chance.happens(phone.summary, "summary", call.call_id):
        words = script.summaries[int(chance.share("which summary", call.call_id) * len(script.summaries))]
        found.append(c.ReleaseSummary(call.call_id, EntryId(derived_id("exercise-summary", call.call_id)), words))
    if call.callback and script.call_backs and chance.happens(phone.calls_back, "calls back", call.call_id):
        why = script.call_backs[int(chance.share("why called back", call.call_id) * len(script.call_backs))]
        due = ends + world.minutes(phone.minutes_to_call_back, _SPREAD, "called back", call.call_id)
        found.append(c.PlanCallBack(CallBackId(derived_id("exercise-call-back", call.call_id)), call.call_id, due, why))
    return (*found, *refers(world, call))


def refers(world: World, call: Call) -> tuple[AnyCommand, ...]:
    """The referral of a neighbor whom somebody met, for a share of them."""
    if not world.chance.happens(world.script.navigation.refers, "refers", call.call_id):
        return ()
    return (c.ReferNeighbor(ReferralId(derived_id("exercise-referral", call.call_id)), call.call_id),)


def calls_back(world: World, state: State, owed: CallBack) -> Move | None:
    """Call back when it is due, again a while later who does not answer, and at last give it up."""
    if owed.ended is not None or world.live(state, owed.owner):
        return None
    by, tries = _caller(world, state, owed), len(owed.attempts)
    if by is None:
        return None
    about = (owed.call_back_id, tries)
    if tries >= _MOST_TRIES:
        why = f"Not reached in {_MOST_TRIES} tries."
        return Move(owed.attempts[-1].made.at + timedelta(seconds=20), by, (c.EndCallBack(owed.call_back_id, why),))
    since = owed.attempts[-1].made.at + timedelta(minutes=25) if owed.attempts else owed.due_at
    reached = world.chance.happens(world.script.phone.reached, "reached", *about)
    note = "" if reached else _IN_VAIN[Reach.PHONE]
    return Move(since + world.minutes(4, _SPREAD, "calls", *about), by, (c.TryCallBack(owed.call_back_id, reached, note),))


def _caller(world: World, state: State, owed: CallBack) -> UserId | None:
    """Who plans it calls back, else somebody of the same work who is there; nobody while nobody is."""
    if world.plays(state, owed.owner):
        return owed.owner
    owner = state.people.get(owed.owner)
    role = owner.role if owner is not None else Role.TELECOMMUNICATOR
    there = [p for p in world.played(state, role) if owner is None or p.programme == owner.programme]
    return there[int(world.chance.share("calls for", owed.call_back_id) * len(there))].user_id if there else None


def navigates(world: World, state: State, referral: Referral, now: datetime) -> Move | None:
    """Take a referral, try to reach the neighbor, and say what came of it, in the hours of those whose work it is."""
    if referral.ended is not None or (referral.owner is not None and world.live(state, referral.owner)):
        return None
    rules, chance, about = world.script.navigation, world.chance, referral.referral_id
    if referral.owner is None:
        at = referral.referred.at + world.minutes(rules.minutes_to_take, _SPREAD, "takes referral", about)
        return _at_work(world, state, referral, at, now, c.TakeReferral(about))
    takes = timedelta(days=chance.around(rules.days_to_contact, _SPREAD, "contact", about))
    how = Reach.PHONE if chance.happens(rules.by_phone, "how", about) else Reach.IN_PERSON
    contact = referral.first_contact
    if contact is None:
        vain = chance.happens(rules.first_in_vain, "in vain", about) and not referral.attempts
        at = referral.called_at + takes * (0.4 if vain else 1.0)
        tried = c.TryOutreach(about, how, not vain, _IN_VAIN[how] if vain else "")
        return _at_work(world, state, referral, at, now, tried)
    ends = contact.made.at + timedelta(days=chance.around(rules.days_to_care, _SPREAD, "care", about))
    if chance.happens(rules.connected, "connected", about):
        return _at_work(world, state, referral, ends, now, c.ConnectToCare(about))
    why = rules.ends[int(chance.share("why ended", about) * len(rules.ends))] if rules.ends else "Wants no further contact."
    return _at_work(world, state, referral, ends, now, c.EndReferral(about, why))


def _at_work(
    world: World, state: State, referral: Referral, at: datetime, now: datetime, command: AnyCommand
) -> Move | None:
    """The command by whoever has the referral, or by a colleague, as soon as they are at work."""
    everybody = (person for person in world.people.values() if not world.live(state, person.user_id))
    staff = [person for person in everybody if _follows_up(state, person)]
    if not staff:
        return None
    chosen = staff[int(world.chance.share("navigates", referral.referral_id) * len(staff))]
    person = next((one for one in staff if one.user_id == referral.owner), chosen)
    soonest = max(at, now)
    spell = world.spell(person.shift, soonest)
    if not spell.on or (soonest == now and not world.plays(state, person.user_id)):
        soonest = (spell.opens or soonest) + world.minutes(20, _SPREAD, "comes to it", referral.referral_id)
    return Move(soonest, person.user_id, (command,))


def _follows_up(state: State, person: Person) -> bool:
    programme = state.agency.programme(person.programme)
    return programme is not None and programme.responds is Responds.FOLLOW_UP
