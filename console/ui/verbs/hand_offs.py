"""What the verbs about a hand-off make: offering, queueing, its ticks, releasing, taking back and taking over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand
from console.domain.eligibility import response
from console.domain.hand_off import HandOff
from console.domain.ids import CallBackId, EntryId, HandOffId
from console.domain.programmes import Responds
from console.domain.ringing import whom_to_ring
from console.domain.state import Call
from console.domain.times import about, time_of_day
from console.domain.triage.interview import protocol_for
from console.ui.call.hand_off_proposal import duty_warning, programme_sought, speaks_words
from console.ui.verbs.reading import Fields, Grounds, Refused, Stop, Wanting, called

_LONGEST_MIN: Final = 7 * 24 * 60


def hand_off(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Offer a call to a clinician at work, with what is asked of them; the preview says what speaks against it."""
    assert f.person and f.call
    offer = c.OfferHandOff(f.call.call_id, HandOffId(grounds.new_id()), f.person.user_id, f.rest)
    words = f"hand {called(grounds, f.call)} to {f.person.name}" + (f': "{f.rest}"' if f.rest else "")
    agency, found = grounds.state.agency, whom_to_ring(grounds.state, f.call, f.person.programme).candidates
    this = next((one for one in found if one.person.user_id == f.person.user_id), None)
    first = found[0] if found and found[0] is not this else None
    warns = (
        *(speaks_words(agency, f.call, this) if this is not None else ()),
        f"{first.person.name} is proposed first" if first is not None and this is not None else "",
        duty_warning(agency, f.call, f.person.programme, grounds.now),
    )
    return offer, " · ".join(filter(None, (words, *warns)))


def queue(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Let the caller wait for the next clinician who is ready, with what is asked of them."""
    assert f.call
    state, call = grounds.state, f.call
    if call.seeking is not None and call.seeking.queued_at is not None:
        raise Stop(Refused(f"{call.number} waits already; w {call.number} leaves the queue"))
    found = response(state.agency, call.circumstances, protocol_for(state.agency, call))
    programme = state.agency.programme(found.propose)
    by_phone = programme if programme is not None and programme.responds is Responds.BY_PHONE else None
    code = programme_sought(state.agency, call, by_phone)
    ready = whom_to_ring(state, call, code).candidates
    hint = f" · {ready[0].person.name} is ready and rung at once" if ready else ""
    warns = duty_warning(state.agency, call, code, grounds.now)
    words = f"{called(grounds, call)} waits for {state.agency.name_of(code)}{hint}"
    return c.QueueForClinician(call.call_id, code, f.rest), " · ".join(filter(None, (words, warns)))


def release(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Leave the line: the clinician who accepted has the caller from here on."""
    assert f.call
    open_one = _open(f.call)
    to = queries.person_name(grounds.state, open_one.to_user)
    return c.ReleaseHandOff(f.call.call_id, open_one.hand_off_id), f"release {called(grounds, f.call)} to {to}"


def take_back(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Take back a caller who is not released yet, or leave the queue."""
    assert f.call
    call, hand_off = f.call, f.call.hand_off
    if call.seeking is not None and (hand_off is None or not hand_off.is_open):
        return c.LeaveQueue(call.call_id, f.rest), f"{called(grounds, call)} leaves the queue"
    to = queries.person_name(grounds.state, _open(call).to_user)
    command = c.WithdrawHandOff(call.call_id, _open(call).hand_off_id, f.rest)
    return command, f"take {called(grounds, call)} back from {to}"


def caller_told(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Tick that the caller was told who takes over."""
    assert f.call
    return c.TellCaller(f.call.call_id, _open(f.call).hand_off_id), f"{called(grounds, f.call)}: the caller is told"


def both_hear(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Tick that caller and clinician hear each other."""
    assert f.call
    return c.VerifyConnection(f.call.call_id, _open(f.call).hand_off_id), f"{called(grounds, f.call)}: both hear each other"


def caller_lost(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Say that the caller is gone from the line."""
    assert f.call
    words = f"the caller of {called(grounds, f.call)} is lost: what is on its way ends, a call back is due now"
    return c.LoseCaller(f.call.call_id, CallBackId(grounds.new_id())), words


def take_over(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Have the caller in place of whoever has them, with the reason."""
    assert f.call
    holder = queries.person_name(grounds.state, queries.controller(f.call))
    if not f.rest:
        raise Stop(Wanting(f"take {called(grounds, f.call)} over from {holder}: why? A few words after it"))
    command = c.TakeOverCall(f.call.call_id, HandOffId(grounds.new_id()), f.rest)
    return command, f"take {called(grounds, f.call)} over from {holder}: {f.rest}"


def message(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Write to those who hand the caller over, or have them."""
    assert f.call
    if not f.rest:
        raise Stop(Wanting(f"message about {called(grounds, f.call)}: what?"))
    return c.SendMessage(f.call.call_id, EntryId(grounds.new_id()), f.rest), f'message about {f.call.number}: "{f.rest}"'


def call_back(grounds: Grounds, f: Fields) -> tuple[AnyCommand, str]:
    """Plan that the caller is called back in so many minutes, with the reason."""
    assert f.call
    minutes, _, why = f.rest.partition(" ")
    if not minutes.isdigit() or not 0 < int(minutes) <= _LONGEST_MIN:
        raise Stop(Wanting(f"call {f.call.callback or f.call.number} back: in how many minutes, and why?"))
    due = grounds.now + timedelta(minutes=int(minutes))
    if not why.strip():
        raise Stop(Wanting(f"call {f.call.callback or f.call.number} back in {about(60 * int(minutes))}: why?"))
    at = time_of_day(grounds.state.agency, due, grounds.now)
    words = f"call {f.call.callback} of {called(grounds, f.call)} back at {at}: {why.strip()}"
    return c.PlanCallBack(CallBackId(grounds.new_id()), f.call.call_id, due, why.strip()), words


def _open(call: Call) -> HandOff:
    """The hand-off on its way, or stop: there is none."""
    hand_off = call.hand_off
    if hand_off is None or not hand_off.is_open:
        raise Stop(Refused(f"{call.number} is not being handed over"))
    return hand_off
