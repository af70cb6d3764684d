"""What somebody must do now. Derived from the state at each look, so that no alarm outlives its cause."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from console.domain import queries
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, UnitId
from console.domain.state import Call, Position, Presence, PresenceStatus, State, Transition
from console.domain.status_check import status_check
from console.domain.turned import open_turns, still_to_send


class AlarmKind(StrEnum):
    """The kinds of alarm; each wants an act of a person."""

    BACKUP = "backup"
    VERDICT_TURNED = "verdict_turned"
    CHECK_OVERDUE = "check_overdue"
    CHECK_ESCALATED = "check_escalated"
    THREAT_DISCLOSED = "threat_disclosed"
    HAND_OFF_UNANSWERED = "hand_off_unanswered"
    HAND_OFF_STUCK = "hand_off_stuck"
    HOLDER_UNREACHABLE = "holder_unreachable"
    ASK_UNANSWERED = "ask_unanswered"
    CALL_BACK_DUE = "call_back_due"
    PAST_TARGET = "past_target"
    POSITION_LOST = "position_lost"


PRIORITY: dict[AlarmKind, int] = {
    AlarmKind.BACKUP: 1,
    AlarmKind.VERDICT_TURNED: 1,
    AlarmKind.CHECK_OVERDUE: 2,
    AlarmKind.CHECK_ESCALATED: 1,
    AlarmKind.THREAT_DISCLOSED: 1,
    AlarmKind.HOLDER_UNREACHABLE: 1,
    AlarmKind.HAND_OFF_UNANSWERED: 2,
    AlarmKind.HAND_OFF_STUCK: 2,
    AlarmKind.ASK_UNANSWERED: 2,
    AlarmKind.CALL_BACK_DUE: 3,
    AlarmKind.PAST_TARGET: 3,
    AlarmKind.POSITION_LOST: 3,
}


class Alarm(Struct, frozen=True):
    """One standing alarm: what, how urgent (1 most), in words, since when, and what it is about."""

    kind: AlarmKind
    priority: int
    words: str
    since: datetime
    call_id: CallId | None = None
    unit_id: UnitId | None = None
    acknowledged: bool = False


def standing(state: State, positions: Mapping[UnitId, Position], now: datetime) -> tuple[Alarm, ...]:
    """Every alarm that stands at `now`, the most urgent first and the oldest first within one urgency."""
    found = [*_of_units(state, positions, now), *_of_calls(state, now), *_of_call_backs(state, now)]
    return tuple(sorted(found, key=lambda a: (a.priority, a.since, a.words)))


def _alarm(
    kind: AlarmKind,
    words: str,
    since: datetime,
    *,
    call_id: CallId | None = None,
    unit_id: UnitId | None = None,
    acknowledged: bool = False,
) -> Alarm:
    return Alarm(kind, PRIORITY[kind], words, since, call_id, unit_id, acknowledged)


def _of_units(state: State, positions: Mapping[UnitId, Position], now: datetime) -> Iterator[Alarm]:
    stale = timedelta(seconds=state.agency.position_stale_s)
    for unit in state.units.values():
        about = unit.unit_id
        if unit.backup is not None:
            seen = unit.backup.acknowledged_at is not None
            words = f"{about} requests {state.agency.name_of(unit.backup.service).lower()} backup"
            yield _alarm(
                AlarmKind.BACKUP, words, unit.backup.requested_at, unit_id=about, call_id=unit.call, acknowledged=seen
            )
        asked = status_check(state, unit)
        level = asked.level(now) if asked is not None else "fine"
        if asked is not None and level == "overdue":
            words = f"{about} status check overdue"
            yield _alarm(AlarmKind.CHECK_OVERDUE, words, asked.overdue_at, unit_id=about, call_id=unit.call)
        elif asked is not None and level == "escalated":
            words = f"{about} has not answered its status check: the supervisor must act"
            yield _alarm(AlarmKind.CHECK_ESCALATED, words, asked.escalated_at, unit_id=about, call_id=unit.call)
        position = positions.get(about)
        if unit.call is not None and position is not None and now - position.fix_at > stale:
            since = position.fix_at + stale
            yield _alarm(AlarmKind.POSITION_LOST, f"{about} position lost", since, unit_id=about, call_id=unit.call)


def _of_calls(state: State, now: datetime) -> Iterator[Alarm]:
    for call in state.calls.values():
        nature = queries.nature_words(state.agency, call)
        name = f"{call.number} {nature}"
        for told in call.disclosures:  # also where the call has closed: somebody is still in danger
            if told.acknowledged is None:
                words = f"{call.number}: imminent threat, {state.agency.name_of(told.to)} must know: {told.text} · {nature}"
                yield _alarm(AlarmKind.THREAT_DISCLOSED, words, told.made.at, call_id=call.call_id)
        if call.closing is not None:
            continue
        yield from _of_hand_over(state, call, nature, now)
        for ask in queries.unmet(call):
            since = ask.at + timedelta(seconds=state.agency.hand_off.ask_s)
            if since <= now:
                words = f"{call.number}: {state.agency.name_of(ask.code)} is asked for, not answered by dispatch · {nature}"
                yield _alarm(AlarmKind.ASK_UNANSWERED, words, since, call_id=call.call_id)
        waiting = queries.wait(state.agency, call, now)
        if waiting.level == "past" and waiting.past_s is not None and queries.is_pending(call):
            since = call.received_at + timedelta(seconds=waiting.past_s)
            yield _alarm(AlarmKind.PAST_TARGET, f"{name} is past its target", since, call_id=call.call_id)
        turns = open_turns(state.agency, call)
        if turns:  # one alarm a call, as long as its banner stands
            words = f"{name} turned: {'; '.join(turns[-1].because)}. {_to_do(state, call, turns)}"
            yield _alarm(AlarmKind.VERDICT_TURNED, words, turns[0].at, call_id=call.call_id)


def _of_hand_over(state: State, call: Call, nature: str, now: datetime) -> Iterator[Alarm]:
    """Of a caller on the way to a clinician, or in the care of somebody of whom nothing is heard.

    The nature stands last: where the words are cut, it is what is missed least.
    """
    rules, hand_off, seeking = state.agency.hand_off, call.hand_off, call.seeking
    if seeking is not None and seeking.queued_at is not None and not (hand_off is not None and hand_off.connects):
        since = seeking.queued_at + timedelta(seconds=rules.queue_s)
        if since <= now:
            whom = state.agency.name_of(seeking.programme)
            words = f"{call.number}: no clinician of {whom} took the caller in time · {nature}"
            yield _alarm(AlarmKind.HAND_OFF_UNANSWERED, words, since, call_id=call.call_id)
    elif hand_off is not None and hand_off.state is HandOffState.TIMED_OUT and seeking is None and queries.is_pending(call):
        words = f"{call.number}: hand-off not answered in {state.agency.hand_off_s} s · {nature}"
        since = hand_off.changed_at or hand_off.offered_at
        yield _alarm(AlarmKind.HAND_OFF_UNANSWERED, words, since, call_id=call.call_id)
    if hand_off is not None and hand_off.connects and hand_off.accepted_at is not None:
        since = hand_off.accepted_at + timedelta(seconds=rules.bridge_s)
        if since <= now:
            until = " and ".join(hand_off.missing) or "somebody does"
            words = f"{call.number}: accepted and not released until {until} · {nature}"
            yield _alarm(AlarmKind.HAND_OFF_STUCK, words, since, call_id=call.call_id)
    for person in _holders(state, call):
        if person.lost_at is not None:
            words = f"{call.number}: {person.name} is unreachable and has the caller · {nature}"
            yield _alarm(AlarmKind.HOLDER_UNREACHABLE, words, person.lost_at, call_id=call.call_id)
        elif person.status is PresenceStatus.SIGNED_OFF:
            words = f"{call.number}: {person.name} has signed off and has the caller · {nature}"
            yield _alarm(AlarmKind.HOLDER_UNREACHABLE, words, person.since, call_id=call.call_id)


def _holders(state: State, call: Call) -> list[Presence]:
    """Who has a caller that is on the way to a clinician, with one, or given back by one and still waits."""
    hand_off, speaks = call.hand_off, queries.on_the_line(call)
    passing = speaks is not None or call.seeking is not None or (hand_off is not None and hand_off.is_open)
    back = hand_off is not None and hand_off.state is HandOffState.RETURNED and queries.is_pending(call)
    users = dict.fromkeys((queries.controller(call), speaks)) if passing or back else {}
    return [state.people[user] for user in users if user is not None and user in state.people]


def _of_call_backs(state: State, now: datetime) -> Iterator[Alarm]:
    for one in state.call_backs.values():
        if one.ended is None and one.due_at <= now:
            words = f"{one.number}: call back due, {one.reason[:1].lower()}{one.reason[1:]}"
            yield _alarm(AlarmKind.CALL_BACK_DUE, words, one.due_at, call_id=one.call_id)


def _to_do(state: State, call: Call, turns: tuple[Transition, ...]) -> str:
    """ "Not yet told: the caller, T1. Not yet sent: Armed": what somebody must still do about a call's turns."""
    untold = dict.fromkeys(queries.party_words(state, party) for turned in turns for party in turned.untold)
    unsent = dict.fromkeys(state.agency.name_of(code) for t in turns for code in still_to_send(state.agency, call, t))
    parts = (("told", untold), ("sent", unsent))
    return ". ".join(f"Not yet {what}: {', '.join(who)}" for what, who in parts if who)
