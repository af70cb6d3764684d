"""A day on a floor of 40 clinicians, told by chance from one seed: what people do, and what happens to their desks.

Everybody acts on what the log says, from a replica that the test keeps. A desk can die, or lose its link: then what its
person sends waits at the desk, and goes out late under its own id; what left without an answer is sent again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from console.domain import commands as c
from console.domain import queries
from console.domain.commands import AnyCommand, CommandOutcome, Order
from console.domain.hand_off import HandOff
from console.domain.ids import CallBackId, CallId, CommandId, DeskId, HandOffId, NatureCode, UserId
from console.domain.ringing import whom_to_ring
from console.domain.state import Call, Place, Presence, PresenceStatus, Role, Source, State
from tests.support.agency import CRISIS, PHONE
from tests.support.ledger_process import Sent

STEP_S = 3
CLINICIANS = tuple(UserId(f"clinician-{n:02}") for n in range(40))
TELECOMMUNICATORS = tuple(UserId(f"telecommunicator-{n:02}") for n in range(14))
SUPERVISOR = UserId("supervisor")
ROLES = {
    **dict.fromkeys(CLINICIANS, Role.CLINICIAN),
    **dict.fromkeys(TELECOMMUNICATORS, Role.TELECOMMUNICATOR),
    SUPERVISOR: Role.SUPERVISOR,
}
UNREACHABLE = timedelta(seconds=90)
"""How long somebody looks on before they take a caller over from a person who cannot be reached."""


@dataclass
class Seat:
    """A person's desk: until when it is dead or cut off, and what it has to send, first in, first out."""

    user: UserId
    dead_until: datetime | None = None
    cut_until: datetime | None = None
    unsent: deque[Order] = field(default_factory=deque)

    @property
    def desk_id(self) -> DeskId:
        """The desk's id, which it keeps."""
        return DeskId(f"desk-{self.user}")

    @property
    def speaks(self) -> bool:
        """Whether the hub hears it."""
        return self.dead_until is None and self.cut_until is None


class Day:
    """What everybody does at each step. `faults` may be turned off towards the end, and `comes` the calls."""

    def __init__(self, seed: int, calls_an_hour: float) -> None:
        self.random = Random(seed)
        self.counts: Counter[str] = Counter()
        self.seats = {user: Seat(user) for user in ROLES}
        self.comes, self.faults = True, True
        self._calls_an_hour = calls_an_hour
        self._made = 0

    # ------------------------------------------------------------------------------------------------ a step

    def heard(self) -> tuple[tuple[UserId, DeskId], ...]:
        """The desks that answer a heartbeat now."""
        return tuple((seat.user, seat.desk_id) for seat in self.seats.values() if seat.speaks)

    def sends(self, state: State, now: datetime) -> list[Sent]:
        """Everything that reaches the hub in this step, in the order of chance: of each desk the first it has to send."""
        signing_in = list(self._desks(now))
        for user, command in self._wants(state, now):
            seat = self.seats[user]
            if seat.dead_until is None and not seat.unsent:
                seat.unsent.append(self._order(command, now))
        sent = [Sent(s.unsent[0], s.user, s.desk_id) for s in self.seats.values() if s.unsent and s.speaks]
        self.random.shuffle(sent)
        return signing_in + sent

    def answered(self, sent: Sent, outcome: CommandOutcome) -> None:
        """The hub's answer comes to the desk, if it has not been lost on the way: then the desk sends it once more."""
        if sent.by not in self.seats or isinstance(sent.order.command, c.SignIn):
            return
        if self.faults and self._chance(40 * STEP_S):
            self.counts["answers lost"] += 1
            return
        self.counts["refused" if isinstance(outcome, c.Rejected) else "carried out"] += 1
        seat = self.seats[sent.by]
        if seat.unsent and seat.unsent[0].command_id == sent.order.command_id:
            seat.unsent.popleft()

    def signs_in(self, user: UserId) -> Sent:
        """As the hub does once a password was right."""
        programme = PHONE if ROLES[user] is Role.CLINICIAN else ""
        languages = ("en", "es") if user.endswith(("3", "7")) else ("en",)
        seat = self.seats[user]
        command = c.SignIn(user, user.title(), ROLES[user], seat.desk_id, programme=programme, languages=languages)  # type: ignore[arg-type]
        return Sent(Order(self._id("sign-in"), command), user, seat.desk_id)

    def _desks(self, now: datetime) -> Iterator[Sent]:
        """Let desks die and links break, and end what has lasted long enough; who comes back from a crash signs in."""
        for seat in self.seats.values():
            if seat.dead_until is not None and now >= seat.dead_until:
                seat.dead_until = None
                yield self.signs_in(seat.user)
            if seat.cut_until is not None and now >= seat.cut_until:
                seat.cut_until = None
            if self.faults and seat.speaks and self._chance(3600):
                self.counts["desks killed"] += 1
                seat.dead_until = now + timedelta(seconds=self.random.uniform(8, 240))
            elif self.faults and seat.speaks and self._chance(2400):
                self.counts["links cut"] += 1
                seat.cut_until = now + timedelta(seconds=self.random.uniform(4, 120))

    # ------------------------------------------------------------------------------------------------ what people want

    def _wants(self, state: State, now: datetime) -> Iterator[tuple[UserId, AnyCommand]]:
        if self.comes and self._chance(3600 / self._calls_an_hour):
            language = "es" if self._chance(8 * STEP_S) else ""
            place = Place(f"{100 + self._made} Main St", 36.0, -78.9)
            nature = NatureCode(CRISIS)
            received = c.ReceiveCall(
                CallId(self._id("call")), Source.CALL_911, nature, place, callback="919 555 0142", language=language
            )
            yield self._dispatcher(), received
        calls = queries.open_calls(state)
        self.random.shuffle(calls)
        for call in calls:
            yield from self._about(state, call, now)
        speaking = {queries.on_the_line(call) for call in calls}
        for person in state.people.values():
            yield from self._of_themselves(person, person.user_id in speaking)

    def _about(self, state: State, call: Call, now: datetime) -> Iterator[tuple[UserId, AnyCommand]]:
        """What those on a call do next."""
        has, hand_off = queries.controller(call), call.hand_off
        if self._unreachable(state, has, now) and self._chance(30):
            yield SUPERVISOR, c.TakeOverCall(call.call_id, HandOffId(""), "cannot be reached")
        elif hand_off is not None and hand_off.rings:
            yield from self._ringing(call, hand_off)
        elif hand_off is not None and hand_off.connects:
            yield from self._connecting(call, hand_off)
        elif call.in_care_of is not None:
            yield from self._in_care(state, call, call.in_care_of)
        elif call.seeking is not None:
            if call.seeking.queued_at is not None and self._chance(20):
                for user in self.random.sample(CLINICIANS, 2):  # two take the caller in the same instant
                    yield user, c.TakeFromQueue(call.call_id, self._hand_off_id())
            if self._chance(900):
                yield has, c.LeaveQueue(call.call_id, "the caller would rather have a team")
        else:
            yield from self._with_dispatch(state, call, has)

    def _ringing(self, call: Call, hand_off: HandOff) -> Iterator[tuple[UserId, AnyCommand]]:
        about, to = (call.call_id, hand_off.hand_off_id), hand_off.to_user
        if hand_off.seen_at is None:
            yield to, c.SeeHandOff(*about)
        elif Random(hand_off.hand_off_id).random() > 0.12:  # the others have left their desk without a word
            if self._chance(8):
                yield to, c.AcceptHandOff(*about)
                yield self.random.choice(CLINICIANS), c.AcceptHandOff(*about)  # and somebody who is not meant
            elif self._chance(70):
                yield to, c.DeclineHandOff(*about, "busy")
        if self._chance(300):
            yield hand_off.from_user, c.WithdrawHandOff(*about, "a unit is there")
        if self._chance(12):
            yield hand_off.from_user, c.TellCaller(*about)

    def _connecting(self, call: Call, hand_off: HandOff) -> Iterator[tuple[UserId, AnyCommand]]:
        about, line = (call.call_id, hand_off.hand_off_id), hand_off.connection
        either = self.random.choice((hand_off.from_user, hand_off.to_user))
        if self._chance(400):
            yield hand_off.to_user, c.ReturnHandOff(*about, "the caller asks for the police")
        elif self._chance(600):
            yield hand_off.from_user, c.WithdrawHandOff(*about, "the caller changed their mind")
        elif self._chance(600):
            yield either, c.LoseCaller(call.call_id, CallBackId(self._id("call-back")))
        elif line is None or line.caller_told is None:
            yield hand_off.from_user, c.TellCaller(*about)
        elif line.verified is None:
            yield either, c.VerifyConnection(*about)
        if self._chance(5 if not hand_off.missing else 60):
            yield hand_off.from_user, c.ReleaseHandOff(*about)

    def _in_care(self, state: State, call: Call, user: UserId) -> Iterator[tuple[UserId, AnyCommand]]:
        hand_off = call.hand_off
        assert hand_off is not None
        if self._chance(480):
            yield user, c.CloseCall(call.call_id, "by_phone")
        elif self._chance(5000):
            yield user, c.ReturnHandOff(call.call_id, hand_off.hand_off_id, "a team is needed")
        elif self._chance(5000):
            if candidates := whom_to_ring(state, call, PHONE).candidates:
                yield user, c.OfferHandOff(call.call_id, self._hand_off_id(), candidates[0].person.user_id)
        elif self._chance(5000):
            yield user, c.LoseCaller(call.call_id, CallBackId(self._id("call-back")))
        elif self._chance(4000):
            yield user, c.SignOff(user)  # refused: somebody is in their care

    def _with_dispatch(self, state: State, call: Call, has: UserId) -> Iterator[tuple[UserId, AnyCommand]]:
        """Nobody is asked yet, or what was asked came to nothing."""
        if call.hand_offs and self._chance(90):
            served = queries.served(call)
            yield has, c.CloseCall(call.call_id, outcome="by_phone" if served else "", missed="" if served else "all_busy")
        elif self._chance(15):
            found = whom_to_ring(state, call, PHONE).candidates
            if found:
                to = self.random.choice(found[:3]).person.user_id  # two desks choose the same clinician now and then
                yield has, c.OfferHandOff(call.call_id, self._hand_off_id(), to, "calm him", "somebody to talk to")
            else:
                yield has, c.QueueForClinician(call.call_id, PHONE)

    def _of_themselves(self, person: Presence, speaks: bool) -> Iterator[tuple[UserId, AnyCommand]]:
        if person.role is not Role.CLINICIAN:
            return
        back = person.status in (PresenceStatus.WRAP_UP, PresenceStatus.AWAY) and self._chance(75)
        if back or (person.status is PresenceStatus.ON_CALL and not speaks):
            yield person.user_id, c.SetPresence(PresenceStatus.READY)
        elif person.status is PresenceStatus.READY and self._chance(3000):
            yield person.user_id, c.SetPresence(PresenceStatus.AWAY, "break")

    def _unreachable(self, state: State, user: UserId, now: datetime) -> bool:
        person = state.people[user]
        return person.lost_at is not None and now - person.lost_at > UNREACHABLE and user != SUPERVISOR

    # ------------------------------------------------------------------------------------------------ chance and names

    def _dispatcher(self) -> UserId:
        there = [user for user in TELECOMMUNICATORS if self.seats[user].dead_until is None and not self.seats[user].unsent]
        return self.random.choice(there or list(TELECOMMUNICATORS))

    def _chance(self, once_in_s: float) -> bool:
        """Whether something that happens once in so many seconds happens in this step."""
        return self.random.random() < STEP_S / once_in_s

    def _order(self, command: AnyCommand, now: datetime) -> Order:
        recording = isinstance(command, c.ReceiveCall | c.CloseCall)
        return Order(self._id("command"), command, expires_at=None if recording else now + timedelta(seconds=30))

    def _hand_off_id(self) -> HandOffId:
        return HandOffId(self._id("hand-off"))

    def _id(self, what: str) -> CommandId:
        self._made += 1
        return CommandId(f"{what}-{self._made}")
