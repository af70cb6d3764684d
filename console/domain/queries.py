"""Questions about the state that more than one screen asks, answered once, so that no two screens disagree."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from console.domain.agency import Agency
from console.domain.asks import Ask, AskOutcome
from console.domain.assignment import Assignment
from console.domain.hand_off import ENDED, HandOff
from console.domain.ids import FactName, NatureCode, UserId, crew_unit
from console.domain.programmes import Responds
from console.domain.same_place import number_key, place_key
from console.domain.state import (
    PRIORITIES,
    Call,
    Party,
    Place,
    Presence,
    PresenceStatus,
    Role,
    State,
    Unit,
)


class Stage(StrEnum):
    """How far a call has come; the furthest of what its units and its hand-off say."""

    RECEIVED = "received"
    OFFERED = "offered"
    CONNECTING = "connecting"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    IN_CARE = "in_care"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    CLOSED = "closed"


PRESENCE_WORDS: dict[PresenceStatus, str] = {
    PresenceStatus.READY: "ready",
    PresenceStatus.ON_CALL: "on a call",
    PresenceStatus.WRAP_UP: "in wrap-up",
    PresenceStatus.AWAY: "away",
    PresenceStatus.SIGNED_OFF: "signed off",
}
"""What a person is, as in "Reyes is on a call"."""


def open_calls(state: State) -> list[Call]:
    """Calls that are not closed, as received."""
    return [call for call in state.calls.values() if call.closing is None]


def current_assignments(call: Call) -> list[Assignment]:
    """The units that are on the call now."""
    return [assignment for assignment in call.assignments if assignment.cleared_at is None]


def served(call: Call) -> bool:
    """Whether somebody of a programme met the neighbor: a clinician took the caller, or a unit arrived."""
    return any(a.arrived_at for a in call.assignments) or any(h.taken_at for h in call.hand_offs)


def unmet(call: Call) -> list[Ask]:
    """What a clinician asked dispatch for that has no answer yet, or was sent and called back before it arrived."""
    return [ask for ask in call.asks if ask.answer is None or _came_to_nothing(call, ask)]


def _came_to_nothing(call: Call, ask: Ask) -> bool:
    if ask.answer is None or ask.answer.outcome is not AskOutcome.SENT:
        return False
    sent = [a for a in call.assignments if a.programme == ask.code and (a.cleared_at is None or a.cleared_at > ask.at)]
    return bool(sent) and all(assignment.recalled for assignment in sent)


def is_pending(call: Call) -> bool:
    """Whether an eligible call waits: it leaves by a unit, by a hand-off that was accepted or by its closing only.

    It waits again when the clinician has given the caller back, and while they ask for one who comes in person.
    """
    if call.closing is not None or call.eligible_since is None or current_assignments(call):
        return False
    hand_off = call.hand_off
    if call.asks and any(ask.is_for_a_unit for ask in unmet(call)):
        return True
    if not served(call):
        return call.in_care_of is None and not (hand_off is not None and hand_off.connects)
    returned = hand_off is not None and call.in_care_of is None and not hand_off.connects
    return returned and not any(a.arrived_at for a in call.assignments)


def rank(call: Call) -> tuple[int, datetime, str]:
    """Order of the queue: by priority (none last), then oldest first."""
    return (PRIORITIES.index(call.priority) if call.priority else len(PRIORITIES), call.received_at, call.call_id)


def pending(state: State) -> list[Call]:
    """The queue, in order."""
    return sorted((call for call in state.calls.values() if is_pending(call)), key=rank)


def stage(call: Call) -> Stage:
    """How far the call has come."""
    if call.closing is not None:
        return Stage.CLOSED
    now = current_assignments(call)
    if any(a.transporting_at for a in now):
        return Stage.TRANSPORTING
    if any(a.arrived_at for a in now):
        return Stage.ON_SCENE
    if call.in_care_of is not None:
        return Stage.IN_CARE
    if any(a.en_route_at for a in now):
        return Stage.EN_ROUTE
    if now:
        return Stage.ASSIGNED
    if call.hand_off and call.hand_off.is_open:
        return Stage.OFFERED if call.hand_off.rings else Stage.CONNECTING
    return Stage.RECEIVED


def controller(call: Call) -> UserId:
    """Who has the caller: the clinician in whose care the call is, else who last offered it, took it over, or took it.

    Never nobody. A call that a feed brought has the feed here until a person offers it.
    """
    if call.in_care_of is not None:
        return call.in_care_of
    offers = [n for n, h in enumerate(call.hand_offs) if not h.onward]
    over = next((t for t in reversed(call.take_overs) if t.hand_off_id is None), None)
    if over is not None and (not offers or over.offers > offers[-1]):
        return over.by
    return call.hand_offs[offers[-1]].from_user if offers else call.taken_by


def care(call: Call) -> HandOff | None:
    """The hand-off by which the call is in a clinician's care; a later one may be on its way to the next clinician."""
    if call.in_care_of is None:
        return None
    taken = (h for h in reversed(call.hand_offs) if h.taken_at is not None and h.state not in ENDED)
    return next((h for h in taken if h.to_user == call.in_care_of), None)


def on_the_line(call: Call) -> UserId | None:
    """The clinician who speaks with the caller: in whose care the call is, or who accepted and is being connected."""
    hand_off = call.hand_off
    return hand_off.to_user if hand_off is not None and hand_off.connects else call.in_care_of


def why_not_answer(state: State, call: Call, by: UserId, role: Role) -> str:
    """Why a person may not answer the questions of a call: a clinician who has not the caller reads; "" where they may."""
    if role is not Role.CLINICIAN or controller(call) == by:
        return ""
    return f"{person_name(state, controller(call))} has the caller of call {call.number}, and answers the questions."


class Wait(Struct, frozen=True):
    """How long a call has waited against its target, in seconds; None where the agency sets no target."""

    waited_s: int
    due_s: int | None
    past_s: int | None
    level: Literal["fine", "due", "past"]


def wait(agency: Agency, call: Call, now: datetime) -> Wait:
    """The waiting clock of a call."""
    waited = max(0, int((now - call.received_at).total_seconds()))
    target = agency.target(call.priority)
    if target is None:
        return Wait(waited, None, None, "fine")
    level: Literal["fine", "due", "past"] = (
        "past" if waited >= target.past_s else "due" if waited >= target.due_s else "fine"
    )
    return Wait(waited, target.due_s, target.past_s, level)


def clinicians(state: State) -> list[Presence]:
    """People at work for a programme that meets neighbors by phone, the longest in their status first."""
    by_phone = {p.code for p in state.agency.programmes if p.responds is Responds.BY_PHONE}
    at_work = [
        p
        for p in state.people.values()
        if p.role is Role.CLINICIAN and p.programme in by_phone and p.status is not PresenceStatus.SIGNED_OFF
    ]
    return sorted(at_work, key=lambda p: (p.since, p.user_id))


def rings(call: Call) -> HandOff | None:
    """The hand-off of a call that rings now, or None."""
    hand_off = call.hand_off
    return hand_off if hand_off and hand_off.rings and call.closing is None else None


def ringing(state: State, user: UserId) -> Call | None:
    """The call whose hand-off is offered to a person now, or None."""
    for call in state.calls.values():
        hand_off = rings(call)
        if hand_off is not None and hand_off.to_user == user:
            return call
    return None


def ready_clinicians(state: State) -> list[Presence]:
    """Clinicians who can be offered a caller now, the longest idle first."""
    ready = [p for p in clinicians(state) if p.status is PresenceStatus.READY and p.lost_at is None]
    if not ready:
        return []
    rung = {hand_off.to_user for call in state.calls.values() if call.hand_offs and (hand_off := rings(call))}
    return [p for p in ready if p.user_id not in rung]


def in_care(state: State, user: UserId) -> list[Call]:
    """Open calls in a person's care."""
    return [call for call in state.calls.values() if call.in_care_of == user and call.closing is None]


def care_span(call: Call, hand_off: HandOff) -> tuple[datetime, datetime | None] | None:
    """From when to when (None: still) the clinician of a hand-off was on the line; None if they never were."""
    if hand_off.accepted_at is None:
        return None
    ended = hand_off.changed_at if hand_off.state in ENDED else None
    others = (h for h in call.hand_offs if h.hand_off_id != hand_off.hand_off_id)
    later = (h.taken_at for h in others if h.taken_at is not None and h.taken_at > hand_off.accepted_at)
    closed = call.closing.at if call.closing else None
    return hand_off.accepted_at, min((at for at in (ended, next(later, None), closed) if at is not None), default=None)


def held(state: State, user: UserId) -> list[Call]:
    """Open calls in a person's care, also while they hand them on, and those that they are being connected to."""
    return [c for c in state.calls.values() if c.closing is None and user in (c.in_care_of, on_the_line(c))]


def same_neighbor(call: Call, other: Call) -> bool:
    """Whether another call is from the same callback number or place, however either was written."""
    if other.call_id == call.call_id:
        return False
    return _is_of(other, number_key(call.callback), place_key(call.place.address))


def _is_of(call: Call, number: str, place: str) -> bool:
    """Whether a call is of the number or of the place with this normal form; "" is none."""
    return (bool(number) and number_key(call.callback) == number) or (bool(place) and place_key(call.place.address) == place)


def contacts(state: State, call: Call) -> list[Call]:
    """Other calls on the live board from the same callback number or place, latest first."""
    number, place = number_key(call.callback), place_key(call.place.address)
    found = (other for other in state.calls.values() if _is_of(other, number, place) and other.call_id != call.call_id)
    return sorted(found, key=lambda other: other.received_at, reverse=True)


def assigned_units(state: State, call: Call) -> list[Unit]:
    """The units on a call now."""
    return [state.units[a.unit_id] for a in current_assignments(call) if a.unit_id in state.units]


def fact_names(agency: Agency, facts: Iterable[FactName]) -> str:
    """The names of facts in a row, as a sentence begins: "Weapon, violence"."""
    names = ", ".join(agency.facts[fact].name.lower() for fact in facts if fact in agency.facts)
    return names[:1].upper() + names[1:]


def nature_words(agency: Agency, call: Call) -> str:
    """The name of a call's nature; where the catalogue does not know it, the words it came with."""
    return nature_named(agency, call.nature, call.nature_text)


def nature_named(agency: Agency, nature: NatureCode, text: str) -> str:
    """The name of a nature; for one that the catalogue does not know, the words that it came with."""
    return text if text and nature == agency.unmapped_nature else agency.nature(nature).name


def other_language(agency: Agency, call: Call) -> str:
    """The code of the caller's language where it is not the agency's first; "" where nobody need be found who speaks it."""
    return "" if call.language in agency.languages[:1] else call.language


def place_known_as(agency: Agency, words: str) -> Place | None:
    """The place that the center knows by this name or address, with its point; None where none, or several, are meant."""
    wanted = words.strip().casefold()
    known = [place for place in agency.places if wanted and wanted in (place.name.casefold(), place.address.casefold())]
    return Place(known[0].name, *known[0].point) if len(known) == 1 else None


def ending_words(agency: Agency, call: Call) -> str:
    """How a closed call ended: its outcome, or that it was missed and why; "" while it is open.

    Where it was closed as another nature than it was worked under, that is said too.
    """
    closing = call.closing
    return ended_words(agency, call.nature, closing.nature, closing.outcome, closing.missed) if closing else ""


def ended_words(agency: Agency, nature: NatureCode, closed_as: NatureCode, outcome: str, missed: str) -> str:
    """The same of a call of which only this is known."""
    turned_out = f", as {agency.nature(closed_as).name}" if closed_as != nature else ""
    if missed:
        why = next((reason.name for reason in agency.missed_reasons if reason.code == missed), missed)
        return f"missed, {why[:1].lower()}{why[1:]}{turned_out}"
    return next((o.name for o in agency.outcomes if o.code == outcome), outcome) + turned_out


def party_words(state: State, party: Party) -> str:
    """Who a party of a transition is, in words."""
    match party.kind:
        case "caller":
            return "the caller"
        case "clinician":
            return person_name(state, UserId(party.about))
        case "service":
            return state.agency.name_of(party.about)
        case _:
            return party.about


def person_name(state: State, user: UserId) -> str:
    """The name of a person who is or was at work today; of a crew by its tablet the unit, else the sign-in name."""
    person = state.people.get(user)
    return person.name if person and person.name else crew_unit(user) or user
