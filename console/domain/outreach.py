"""What is owed after calls, in order: whom to call back, whom Care Navigation owes a first contact, and how it fares."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from console.domain.acquaintance import neighbor_at
from console.domain.follow_ups import Attempt, CallBack, Referral
from console.domain.ids import CallId
from console.domain.same_place import number_key, place_key
from console.domain.state import Call, Place, Source, State

Level = Literal["fine", "due", "past"]
DUE_SOON = timedelta(hours=12)
"""How long before its time a first contact is shown as due: about one shift of a team."""


class Figures(Struct, frozen=True):
    """What is published of Care Navigation, of the referrals on the lists; None where there is nothing to reckon with.

    `days_to_first_contact` runs from the 911 interaction; `connected_percent` is of the neighbors who were reached.
    """

    referred: int
    contacted: int
    connected: int
    days_to_first_contact: float | None
    connected_percent: float | None


def open_referrals(state: State) -> list[Referral]:
    """Referrals that go on: those without a first contact first, by when it is due; then the others, by their last try."""

    def order(one: Referral) -> tuple[bool, datetime, str]:
        latest = one.attempts[-1].made.at if one.attempts else one.due_at
        return one.first_contact is not None, one.due_at if one.first_contact is None else latest, one.referral_id

    return sorted((one for one in state.referrals.values() if one.ended is None), key=order)


def level(referral: Referral, now: datetime) -> Level:
    """How near the first contact's time is: fine, due soon or past its first limit, past its last; fine once it was made."""
    if referral.first_contact is not None or now < referral.due_at - DUE_SOON:
        return "fine"
    return "past" if now >= referral.late_at else "due"


def call_backs_due(state: State, before: datetime) -> list[CallBack]:
    """Calls back that nobody has ended and that fall due before a moment, the earliest first."""
    due = (one for one in state.call_backs.values() if one.ended is None and one.due_at < before)
    return sorted(due, key=lambda one: (one.due_at, one.call_back_id))


def caller_remembered(state: State, call_id: CallId) -> Call | None:
    """Who called, as far as a referral or a call back of a call that has left the board remembers; None where none does.

    It has the referral's id for its own, so that the call itself is one of its neighbor's contacts.
    """
    one: Referral | CallBack | None = next((r for r in state.referrals.values() if r.call_id == call_id), None)
    one = one or next((b for b in state.call_backs.values() if b.call_id == call_id), None)
    match one:
        case Referral(id, called_at=called):
            by = one.referred.by
        case CallBack(id, planned=planned):
            called, by = planned.at, planned.by
        case _:
            return None
    nature, place = state.agency.unmapped_nature, Place(one.place)
    return Call(
        CallId(id), one.number, Source.FOLLOW_UP, nature, nature, "", place, called, by,
        callback=one.callback, language=one.language,
    )  # fmt: skip


def recent_outreach(state: State, callback: str, place: str, now: datetime, but: str = "") -> list[Attempt]:
    """Tries of the last `outreach_h` hours to reach the same neighbor for other causes than `but` (an id), latest first.

    The same neighbor: of this number or place, or of any that the center knows them by.
    """
    since = now - timedelta(hours=state.agency.follow_up.outreach_h)
    known = neighbor_at(state, callback, place)
    number, at = number_key(callback), place_key(place)
    found: list[Attempt] = []
    for id, other_callback, other_place, attempts in _causes(state):
        if id == but or not any(attempt.made.at >= since for attempt in attempts):
            continue
        same = bool(number and number_key(other_callback) == number) or bool(at and place_key(other_place) == at)
        same = same or (known is not None and neighbor_at(state, other_callback, other_place) == known)
        if same:
            found += [attempt for attempt in attempts if attempt.made.at >= since]
    return sorted(found, key=lambda attempt: attempt.made.at, reverse=True)


def _causes(state: State) -> Iterator[tuple[str, str, str, tuple[Attempt, ...]]]:
    for referral in state.referrals.values():
        yield referral.referral_id, referral.callback, referral.place, referral.attempts
    for call_back in state.call_backs.values():
        yield call_back.call_back_id, call_back.callback, call_back.place, call_back.attempts


def figures(state: State) -> Figures:
    """How Care Navigation fares, over the referrals that the lists hold."""
    referrals = list(state.referrals.values())
    first = [(one, one.first_contact) for one in referrals]
    days = [(c.made.at - one.called_at).total_seconds() / 86_400 for one, c in first if c is not None]
    connected = sum(one.connected is not None for one in referrals)
    return Figures(
        referred=len(referrals),
        contacted=len(days),
        connected=connected,
        days_to_first_contact=sum(days) / len(days) if days else None,
        connected_percent=100 * connected / len(days) if days else None,
    )
