"""What must hold of hand-offs at every entry of a log: somebody has each caller, nobody has two, and none is lost."""

from __future__ import annotations

from collections import Counter

from console.domain import events as e
from console.domain import queries
from console.domain.commands import (
    Accepted,
    Command,
    CommandOutcome,
    Order,
    ReleaseHandOff,
    SeeHandOff,
    SetPresence,
    SignIn,
    TellCaller,
    VerifyConnection,
)
from console.domain.events import LogEntry
from console.domain.hand_off import HandOff
from console.domain.ids import CallId, CommandId, UserId
from console.domain.state import Call, PresenceStatus, Role, State

MAY_CHANGE_NOTHING: tuple[type[Command], ...] = (
    SeeHandOff, TellCaller, VerifyConnection, ReleaseHandOff, SetPresence, SignIn,
)  # fmt: skip
"""Accepted without an event where somebody else, or the same person at another time, has said it before."""


class Laws:
    """Looks at each entry with the state before and after it, and counts."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.controllers: dict[CallId, UserId] = {}

    def saw(self, before: State, entry: LogEntry, after: State) -> None:
        """Hold this entry against the laws; AssertionError says which it breaks."""
        event = entry.event
        self.counts[type(event).__name__] += 1
        match event:
            case e.HandOffOffered():
                self._may_be_rung(before, entry, event)
            case e.HandOffAccepted() | e.HandOffReleased():
                self._has_one(after, _hand_off_to(after, event.call_id, event.hand_off_id))
            case e.CallTakenOver() | e.HandOffReturned():
                self._has_one(after, entry.by)
            case e.PresenceChanged(user_id, PresenceStatus.READY) | e.SignedIn(user_id):
                held = queries.held(after, user_id)
                ready = after.people[user_id].status is PresenceStatus.READY
                assert not (held and ready), f"{entry.seq}: {user_id} is ready with {[call.number for call in held]}"
            case _:
                pass
        call_id = getattr(event, "call_id", None)
        if call_id is not None and (call := after.calls.get(call_id)) is not None and call.closing is None:
            self._has_a_controller(after, entry, call)

    def _has_a_controller(self, state: State, entry: LogEntry, call: Call) -> None:
        """Exactly one person at this center, who changes only by an act that says so."""
        self.counts["moments of a call looked at"] += 1
        has, had = queries.controller(call), self.controllers.get(call.call_id)
        person = state.people.get(has)
        assert person is not None, f"{entry.seq}: call {call.number} is with {has!r}, who is nobody"
        clinician = person.role is Role.CLINICIAN
        assert clinician == (call.in_care_of is not None), f"{entry.seq}: call {call.number} is with {has}"
        assert person.status is not PresenceStatus.SIGNED_OFF, f"{entry.seq}: {has} has gone, and has {call.number}"
        if had is not None and has != had:
            self.counts["passed on"] += 1
            expected = _passed_to(entry, call)
            assert has == expected, f"{entry.seq}: {type(entry.event).__name__} passed {call.number} from {had} to {has}"
        self.controllers[call.call_id] = has

    def _may_be_rung(self, before: State, entry: LogEntry, offered: e.HandOffOffered) -> None:
        """Who rings was ready, heard of, and rang for nobody else; or takes a waiting caller of their own accord."""
        person = before.people[offered.to_user]
        assert queries.ringing(before, person.user_id) is None, f"{person.user_id} rings already"
        assert not queries.held(before, person.user_id), f"{person.user_id} has a caller already"
        if entry.by != offered.to_user:
            assert person.status is PresenceStatus.READY and person.lost_at is None, f"{person} was rung"

    def _has_one(self, state: State, user: UserId) -> None:
        held = queries.held(state, user)
        assert len(held) <= 1, f"{user} has {[call.number for call in held]}"


def _passed_to(entry: LogEntry, call: Call) -> UserId | None:
    """To whom an event passes the caller; None where it passes them to nobody."""
    match entry.event:
        case e.HandOffReleased(_, hand_off_id):
            return _hand_off(call, hand_off_id).to_user
        case e.HandOffOffered():
            return entry.event.from_user or entry.by
        case e.CallTakenOver():
            return entry.by
        case e.HandOffReturned():
            return next((h.from_user for h in reversed(call.hand_offs) if not h.onward), call.taken_by)
        case _:
            return None


def _hand_off(call: Call, hand_off_id: str) -> HandOff:
    return next(h for h in call.hand_offs if h.hand_off_id == hand_off_id)


def _hand_off_to(state: State, call_id: CallId, hand_off_id: str) -> UserId:
    return _hand_off(state.calls[call_id], hand_off_id).to_user


def once(entries: list[LogEntry], answered: dict[CommandId, tuple[Order, CommandOutcome]]) -> None:
    """Every command that was answered is in the log exactly once if it was accepted, and not at all if it was refused."""
    by_command: dict[CommandId, list[LogEntry]] = {}
    for place, entry in enumerate(entries, 1):
        assert entry.seq == place
        by_command.setdefault(entry.command_id, []).append(entry)
    for command_id, (order, outcome) in answered.items():
        found = by_command.get(command_id, [])
        if not isinstance(outcome, Accepted):
            assert found == [], (order, outcome)
        elif found:
            assert [entry.seq for entry in found] == list(range(found[0].seq, outcome.seq + 1)), (order, outcome)
        else:
            assert isinstance(order.command, MAY_CHANGE_NOTHING) and outcome.seq <= len(entries), (order, outcome)
