"""What somebody must do now. Derived from the state at each look, so that no alarm outlives its cause."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from console.domain import queries
from console.domain.hand_off import HandOffState
from console.domain.ids import CallId, UnitId
from console.domain.state import Call, Position, State, Transition
from console.domain.turned import open_turns, still_to_send


class AlarmKind(StrEnum):
    """The kinds of alarm; each wants an act of a person."""

    BACKUP = "backup"
    VERDICT_TURNED = "verdict_turned"
    CHECK_OVERDUE = "check_overdue"
    HAND_OFF_UNANSWERED = "hand_off_unanswered"
    PAST_TARGET = "past_target"
    POSITION_LOST = "position_lost"


PRIORITY: dict[AlarmKind, int] = {
    AlarmKind.BACKUP: 1,
    AlarmKind.VERDICT_TURNED: 1,
    AlarmKind.CHECK_OVERDUE: 2,
    AlarmKind.HAND_OFF_UNANSWERED: 2,
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
    found = [*_of_units(state, positions, now), *_of_calls(state, now)]
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
        due = queries.check_due(state.agency, unit)
        if due is not None and due <= now:
            yield _alarm(AlarmKind.CHECK_OVERDUE, f"{about} status check overdue", due, unit_id=about, call_id=unit.call)
        position = positions.get(about)
        if unit.call is not None and position is not None and now - position.fix_at > stale:
            since = position.fix_at + stale
            yield _alarm(AlarmKind.POSITION_LOST, f"{about} position lost", since, unit_id=about, call_id=unit.call)


def _of_calls(state: State, now: datetime) -> Iterator[Alarm]:
    for call in state.calls.values():
        if call.closing is not None:
            continue
        name = f"{call.number} {queries.nature_words(state.agency, call)}"
        hand_off = call.hand_off
        if hand_off and hand_off.state is HandOffState.TIMED_OUT and call.in_care_of is None:
            words = f"{name}: hand-off not answered in {state.agency.hand_off_s} s"
            if queries.is_pending(call):
                since = hand_off.changed_at or hand_off.offered_at
                yield _alarm(AlarmKind.HAND_OFF_UNANSWERED, words, since, call_id=call.call_id)
        waiting = queries.wait(state.agency, call, now)
        if waiting.level == "past" and waiting.past_s is not None and queries.is_pending(call):
            since = call.received_at + timedelta(seconds=waiting.past_s)
            yield _alarm(AlarmKind.PAST_TARGET, f"{name} is past its target", since, call_id=call.call_id)
        turns = open_turns(state.agency, call)
        if turns:  # one alarm a call, as long as its banner stands
            words = f"{name} turned: {'; '.join(turns[-1].because)}. {_to_do(state, call, turns)}"
            yield _alarm(AlarmKind.VERDICT_TURNED, words, turns[0].at, call_id=call.call_id)


def _to_do(state: State, call: Call, turns: tuple[Transition, ...]) -> str:
    """ "Not yet told: the caller, T1. Not yet sent: Armed": what somebody must still do about a call's turns."""
    untold = dict.fromkeys(queries.party_words(state, party) for turned in turns for party in turned.untold)
    unsent = dict.fromkeys(state.agency.name_of(code) for t in turns for code in still_to_send(state.agency, call, t))
    parts = (("told", untold), ("sent", unsent))
    return ". ".join(f"Not yet {what}: {', '.join(who)}" for what, who in parts if who)
