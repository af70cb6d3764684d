"""What happened, as a change of state. Never decides, never fails on what `decide` returned, shares what did not change."""

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from console.domain import events as e
from console.domain import queries
from console.domain.evolving import care, follow_ups, hand_offs, neighbors, units
from console.domain.evolving.changing import let_go, settled, with_call, with_person
from console.domain.ids import UnitId, UserId
from console.domain.instant import Instant
from console.domain.state import (
    Answered,
    Call,
    Closing,
    Entry,
    FactTold,
    Numbering,
    Party,
    Presence,
    PresenceStatus,
    SealedNote,
    ServiceOrder,
    State,
    Transition,
    Unit,
    UnitStatus,
    Waived,
)


def fold(state: State, entries: Iterable[e.LogEntry]) -> State:
    """The state after a stretch of the log."""
    for entry in entries:
        state = evolve(state, entry.event, entry.by, entry.at)
    return state


def evolve(state: State, event: e.AnyEvent, by: UserId, at: Instant) -> State:
    """The state after one event."""
    if isinstance(event, e.HandOffEvent):
        return hand_offs.evolved(state, event, by, at)
    if isinstance(event, e.UnitEvent):
        return units.evolved(state, event, by, at)
    if isinstance(event, e.CareEvent):
        return care.evolved(state, event, by, at)
    if isinstance(event, e.NeighborEvent):
        return neighbors.evolved(state, event, by, at)
    if isinstance(event, e.FollowUpEvent):
        return follow_ups.evolved(state, event, by, at)
    match event:
        case e.AgencyConfigured():
            return _configured(state, event, at)
        case e.SignedIn():
            return with_person(state, _presence_of(state, event, at))
        case e.SignedOff(user_id):
            gone = replace(state.people[user_id], status=PresenceStatus.SIGNED_OFF, since=at, reason="", lost_at=None)
            return with_person(state, gone)
        case e.PresenceChanged(user_id, status, reason):
            return with_person(state, replace(state.people[user_id], status=status, since=at, reason=reason))
        case e.DeskLost(user_id):
            return with_person(state, replace(state.people[user_id], lost_at=at))
        case e.DeskFound(user_id):
            return with_person(state, replace(state.people[user_id], lost_at=None))
        case e.CallReceived():
            state = replace(state, numbering=Numbering(event.day, event.count))
            return with_call(state, _received(event, by, at), at)
        case e.NarrativeAdded(call_id, entry_id, text):
            call = state.calls[call_id]
            return with_call(state, replace(call, narrative=(*call.narrative, Entry(entry_id, text, by, at))), at)
        case e.NoteSealed(call_id, note_id, kind, hash):
            call = state.calls[call_id]
            return with_call(state, replace(call, notes=(*call.notes, SealedNote(note_id, kind, hash, by, at))), at)
        case e.CallRecoded(call_id, nature):
            return with_call(state, replace(state.calls[call_id], nature=nature), at)
        case e.CallPrioritised(call_id, priority):
            return with_call(state, replace(state.calls[call_id], priority=priority), at)
        case e.CallLocated(call_id, place):
            return with_call(state, replace(state.calls[call_id], place=place), at)
        case e.CallbackChanged(call_id, callback):
            return with_call(state, replace(state.calls[call_id], callback=callback), at)
        case e.FlagRaised(call_id, flag):
            call = state.calls[call_id]
            return with_call(state, replace(call, flags=(*call.flags, flag)), at)
        case e.FlagLowered(call_id, flag):
            call = state.calls[call_id]
            return with_call(state, replace(call, flags=tuple(f for f in call.flags if f != flag)), at)
        case e.QuestionAnswered(call_id):
            call = state.calls[call_id]
            given = Answered(
                event.protocol, event.version, event.question, event.answer, event.sets, by, at, event.attempt
            )  # fmt: skip
            others = tuple(a for a in call.answers if a.question != event.question)
            return with_call(state, replace(call, answers=(*others, given)), at)
        case e.AnswerTakenBack(call_id, question):
            call = state.calls[call_id]
            return with_call(state, replace(call, answers=tuple(a for a in call.answers if a.question != question)), at)
        case e.FactSet(call_id, fact, value, reason, flag):
            call = state.calls[call_id]
            kept = tuple(told for told in call.told if told.fact != fact)
            return with_call(state, replace(call, told=(*kept, FactTold(fact, value, reason, by, at, flag))), at)
        case e.FactTakenBack(call_id, fact):
            call = state.calls[call_id]
            return with_call(state, replace(call, told=tuple(told for told in call.told if told.fact != fact)), at)
        case e.VerdictTurned(call_id):
            call = state.calls[call_id]
            return with_call(state, replace(call, transitions=(*call.transitions, _transition(event, by, at))), at)
        case e.TransitionTold(call_id, transition_id, party):
            call = state.calls[call_id]
            ticked = tuple(_told(t, party, by, at) if t.transition_id == transition_id else t for t in call.transitions)
            return with_call(state, replace(call, transitions=ticked), at)
        case e.InsteadWaived(call_id, transition_id, reason):
            call = state.calls[call_id]
            waived = Waived(reason, by, at)
            said = tuple(replace(t, waived=waived) if t.transition_id == transition_id else t for t in call.transitions)
            return with_call(state, replace(call, transitions=said), at)
        case e.OtherServiceOrdered(call_id, service, reason):
            call = state.calls[call_id]
            return with_call(state, replace(call, services=(*call.services, ServiceOrder(service, reason, by, at))), at)
        case e.CallClosed(call_id):
            call = state.calls[call_id]
            closing = Closing(at, by, event.nature or call.nature, event.outcome, event.missed, event.note)
            state = replace(
                state, calls={**state.calls, call_id: replace(call, closing=closing, in_care_of=None, seeking=None)}
            )
            return let_go(state, call.in_care_of, at)
        case e.CallsFiled(call_ids):
            filed = set(call_ids)
            return replace(state, calls={key: call for key, call in state.calls.items() if key not in filed})
        case _:
            assert_never(event)


def _configured(state: State, event: e.AgencyConfigured, at: Instant) -> State:
    """Take the new rules: new units start off shift, known ones keep what they are doing.

    A unit that was dropped leaves at once; one that is on a call, or asks for backup, when it goes off shift.
    """
    roster = {unit.unit_id: unit for unit in event.agency.units}
    known_units: dict[UnitId, Unit] = {}
    for unit_id, planned in roster.items():
        known = state.units.get(unit_id) or Unit(unit_id, planned.programme, planned.crew, UnitStatus.OFF_SHIFT, at)
        known_units[unit_id] = replace(
            known, programme=planned.programme, crew=planned.crew, languages=planned.languages, base=planned.base
        )
    known_units |= {k: unit for k, unit in state.units.items() if k not in known_units and (unit.call or unit.backup)}
    state = replace(state, agency=event.agency, exercise=event.exercise, units=known_units)
    calls = {key: settled(state, call, at) for key, call in state.calls.items()}
    return replace(state, calls=calls)


def _presence_of(state: State, event: e.SignedIn, at: Instant) -> Presence:
    """Ready, or still on a call: who signs in again, at this desk or another, keeps the callers in their care."""
    has_caller = bool(queries.held(state, event.user_id))
    return Presence(
        event.user_id, event.name, event.role, event.desk_id,
        PresenceStatus.ON_CALL if has_caller else PresenceStatus.READY, at, title=event.title,
        position=event.position, programme=event.programme, languages=event.languages, skills=event.skills,
        extension=event.extension,
    )  # fmt: skip


def _received(event: e.CallReceived, by: UserId, at: Instant) -> Call:
    return Call(
        call_id=event.call_id, number=event.number, source=event.source, nature=event.nature, start_nature=event.nature,
        priority=event.priority, place=event.place, received_at=at, taken_by=by, nature_text=event.nature_text,
        callback=event.callback, language=event.language, reference=event.reference, flags=event.flags,
    )  # fmt: skip


def _transition(event: e.VerdictTurned, by: UserId, at: Instant) -> Transition:
    """The record of a turn; the clinician by whose own word it turned knows already."""
    transition = Transition(
        event.transition_id, event.programmes, event.because, event.facts, event.instead, event.along,
        tuple(Party(*key.partition(":")[::2]) for key in event.to_tell), by, at,  # type: ignore[arg-type]
    )  # fmt: skip
    return _told(transition, f"clinician:{by}", by, at)


def _told(transition: Transition, key: str, by: UserId, at: Instant) -> Transition:
    """With the time at which a party was told; one who was told before keeps the earlier time."""
    parties = tuple(
        replace(party, told_at=at, told_by=by) if party.key == key and party.told_at is None else party
        for party in transition.parties
    )
    return replace(transition, parties=parties)
