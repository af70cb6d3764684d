"""A floor of several desks at one hub, for the state machine of hand-offs: what is sent, when it arrives, what holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from msgspec.structs import replace

from console.domain import commands as c
from console.domain import events as e
from console.domain import queries
from console.domain.agency import HandOffRules
from console.domain.commands import AnyCommand, Order, Rejected
from console.domain.decide import decide
from console.domain.evolve import evolve, fold
from console.domain.hand_off import ENDED, STRIP, HandOff, HandOffState
from console.domain.ids import CLOCK, CallBackId, CallId, CommandId, DeskId, HandOffId, LogId, Seq, UserId
from console.domain.state import Call, PresenceStatus, Role, State
from console.hub import access
from console.hub.clock import due
from tests.support.agency import AGENCY, PHONE, WEAPON
from tests.support.scenes import LIN, LINDQVIST, NOVAK, OKAFOR, REYES, START, receive, sign_in

ADEYEMI, MOSS = UserId("adeyemi"), UserId("moss")
ROLES: dict[UserId, Role] = {
    OKAFOR: Role.TELECOMMUNICATOR,
    NOVAK: Role.TELECOMMUNICATOR,
    ADEYEMI: Role.TELECOMMUNICATOR,
    LINDQVIST: Role.SUPERVISOR,
    REYES: Role.CLINICIAN,
    LIN: Role.CLINICIAN,
    MOSS: Role.CLINICIAN,
}
CLINICIANS = [user for user, role in ROLES.items() if role is Role.CLINICIAN]
DISPATCH = [user for user, role in ROLES.items() if role is not Role.CLINICIAN]
LOG = LogId("log")


@dataclass
class Sent:
    """An order on its way from a desk, or from the clock of a hub."""

    order: Order
    by: UserId


@dataclass
class Floor:
    """The log of a hub, desks that have read some of it, and an account of who has which caller, kept beside the rules.

    `has` is kept from the words of the events alone, and `dispatch` who of dispatch had the caller last.
    """

    rules: HandOffRules
    state: State = field(default_factory=State)
    now: datetime = START
    log: list[e.LogEntry] = field(default_factory=list)
    outcomes: dict[CommandId, Rejected | None] = field(default_factory=dict)
    views: dict[UserId, tuple[int, State]] = field(default_factory=dict)
    has: dict[CallId, UserId] = field(default_factory=dict)
    dispatch: dict[CallId, UserId] = field(default_factory=dict)
    names: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        """Everybody is at work, and every desk is up to date."""
        self.tell(c.ConfigureAgency(replace(AGENCY, hand_off=self.rules)), CLOCK)
        for user, role in ROLES.items():
            self.tell(sign_in(user, role), user)
        for user in ROLES:
            self.catch_up(user)

    def tell(self, command: AnyCommand, by: UserId) -> Rejected | None:
        """What the hub itself makes, at once."""
        return self.submit(Sent(self.order(command), by))

    def order(self, command: AnyCommand) -> Order:
        """The command under a new id."""
        return Order(CommandId(f"o{next(self.names)}"), command)

    def submit(self, sent: Sent) -> Rejected | None:
        """What comes of an order that arrives now; the same order again changes nothing and gets the same outcome."""
        order, by = sent.order, sent.by
        if order.command_id in self.outcomes:
            return self.outcomes[order.command_id]
        decision = decide(self.state, order.command, by, self.now)
        refused = decision if isinstance(decision, Rejected) else None
        self.outcomes[order.command_id] = refused
        if not isinstance(decision, Rejected):
            for event in decision:
                self._append(event, by, order)
            self.consistent()
        return refused

    def arrives(self, sent: Sent) -> Rejected | None:
        """What comes of an order of a desk: rights first, as at the hub."""
        role = ROLES[sent.by]
        if sent.order.command_id not in self.outcomes and access.refusal(self.state, sent.order.command, sent.by, role):
            return Rejected("forbidden", "refused by the table of rights")
        return self.submit(sent)

    def catch_up(self, user: UserId) -> None:
        """The desk reads the log to its head."""
        at, view = self.views.get(user, (0, State()))
        self.views[user] = (len(self.log), fold(view, self.log[at:]))

    def clock(self, view: State) -> list[Sent]:
        """What a hub that sees `view` finds due now."""
        return [Sent(order, CLOCK) for order in due(view, self.now, LOG)]

    def possible(self, user: UserId) -> list[AnyCommand]:
        """What the desk of a person would let them do now, by what it knows; one of each kind and call."""
        view, role = self.views[user][1], ROLES[user]
        if user not in view.people or view.people[user].status is PresenceStatus.SIGNED_OFF:
            return []
        ideas = [command for call in queries.open_calls(view) for command in self._ideas(view, call)]
        ideas += [c.SetPresence(status) for status in (PresenceStatus.READY, PresenceStatus.AWAY, PresenceStatus.WRAP_UP)]
        return [
            command
            for command in ideas
            if access.refusal(view, command, user, role) is None
            and not isinstance(verdict := decide(view, command, user, self.now), Rejected)
            and verdict
        ]

    def over(self, call_id: CallId) -> c.TakeOverCall:
        """Take a caller over, under a new id."""
        return c.TakeOverCall(call_id, HandOffId(f"h{next(self.names)}"), "nobody is there")

    def forward(self, call_id: CallId, offers: UserId | None = None) -> list[Sent]:
        """What takes the caller of a call one step on to a clinician, from whoever has to do it; [] where nothing does.

        `offers`: who offers where nobody is rung, if not whoever has the caller.
        """
        call, new = self.state.calls[call_id], HandOffId(f"h{next(self.names)}")
        hand_off, ready = call.hand_off, queries.ready_clinicians(self.state)
        steps: list[tuple[AnyCommand, UserId]] = []
        if hand_off is None or not hand_off.is_open:
            steps = [(c.OfferHandOff(call_id, new, ready[0].user_id), offers or queries.controller(call))] if ready else []
        elif hand_off.rings:
            steps = [(c.AcceptHandOff(call_id, hand_off.hand_off_id), hand_off.to_user)]
        elif hand_off.missing:
            steps = [
                (kind(call_id, hand_off.hand_off_id), hand_off.from_user) for kind in (c.TellCaller, c.VerifyConnection)
            ]
        else:
            steps = [(c.ReleaseHandOff(call_id, hand_off.hand_off_id), hand_off.from_user)]
        return [Sent(self.order(command), by) for command, by in steps]

    def _ideas(self, view: State, call: Call) -> list[AnyCommand]:
        one, new = call.call_id, HandOffId(f"h{next(self.names)}")
        back = CallBackId(f"b{next(self.names)}")
        ideas: list[AnyCommand] = [c.OfferHandOff(one, new, person.user_id) for person in queries.ready_clinicians(view)]
        ideas += [c.QueueForClinician(one, PHONE), c.LeaveQueue(one), c.TakeFromQueue(one, new), c.LoseCaller(one, back)]
        ideas += [c.TakeOverCall(one, new, "nobody is there"), c.CloseCall(one, outcome="by_phone")]
        ideas += [c.CloseCall(one, missed="all_busy"), c.SetFact(one, WEAPON, "near", "heard"), c.TakeBackFact(one, WEAPON)]
        if call.hand_off is not None:
            latest = call.hand_off.hand_off_id
            ideas += [c.SeeHandOff(one, latest), c.AcceptHandOff(one, latest), c.DeclineHandOff(one, latest, "busy")]
            ideas += [c.TellCaller(one, latest), c.BridgeHandOff(one, latest), c.VerifyConnection(one, latest)]
            ideas += [c.ReleaseHandOff(one, latest), c.WithdrawHandOff(one, latest, ""), c.ReturnHandOff(one, latest, "x")]
        return ideas

    def _append(self, event: e.AnyEvent, by: UserId, order: Order) -> None:
        before = self.state
        self.state = evolve(before, event, by, self.now)
        seq = Seq(len(self.log) + 1)
        self.log.append(e.LogEntry(seq, event, by, self.now, self.now, order.command_id))
        self._account(before, event, by)
        for call_id, call in self.state.calls.items():
            was = before.calls.get(call_id)
            if call is not was:
                assert queries.controller(call) == self.has[call_id], (event, call)
                _forward(was, call)
                _care(was, call, event)
        if isinstance(event, e.SignedOff):
            assert event.user_id not in self.with_a_caller(before), (event, before.calls)
        if isinstance(event, e.HandOffOffered) and not isinstance(order.command, c.TakeFromQueue):
            person = before.people[event.to_user]
            assert person.status is PresenceStatus.READY and person.lost_at is None, person
            assert not queries.held(before, event.to_user)

    def _account(self, before: State, event: e.AnyEvent, by: UserId) -> None:
        """Who has the caller from this event on, by its own words."""
        match event:
            case e.CallReceived(call_id):
                self._dispatch_has(call_id, by)
            case e.HandOffOffered(call_id, from_user=user, onward=onward):
                if not onward:
                    self._dispatch_has(call_id, user)
            case e.HandOffQueued(call_id, from_user=user):
                self._dispatch_has(call_id, user)
            case e.HandOffReleased(call_id, hand_off_id):
                self.has[call_id] = next(h.to_user for h in before.calls[call_id].hand_offs if h.hand_off_id == hand_off_id)
            case e.CallTakenOver(call_id, hand_off_id=hand_off_id):
                if hand_off_id is None:
                    self._dispatch_has(call_id, by)
                else:
                    self.has[call_id] = by
            case e.HandOffReturned(call_id) if before.calls[call_id].in_care_of == by:
                self.has[call_id] = self.dispatch[call_id]
            case e.CallClosed(call_id):
                self.has[call_id] = self.dispatch[call_id]

    def _dispatch_has(self, call_id: CallId, user: UserId) -> None:
        self.has[call_id] = self.dispatch[call_id] = user

    def with_a_caller(self, state: State) -> set[UserId | None]:
        """Everybody who must not leave: who speaks with a caller, hands one over, or has one who waits for a clinician."""
        found: set[UserId | None] = set()
        for call in queries.open_calls(state):
            found |= {call.in_care_of, queries.on_the_line(call)}
            if call.hand_off is not None and call.hand_off.is_open:
                found.add(call.hand_off.from_user)
            if call.seeking is not None:
                found.add(call.seeking.by)
        return found

    def consistent(self) -> None:
        """What holds after everything that ever arrives."""
        state = self.state
        rung = [hand_off.to_user for call in state.calls.values() if (hand_off := queries.rings(call)) is not None]
        assert len(rung) == len(set(rung)), "nobody is rung for two callers"
        ready = {person.user_id for person in queries.ready_clinicians(state)}
        for user in state.people.keys() & set(CLINICIANS):
            held = queries.held(state, user)
            assert len(held) <= 1, "nobody has two callers"
            assert bool(held) == (state.people[user].status is PresenceStatus.ON_CALL), (user, state.people[user], held)
            assert not (held and (user in ready or user in rung))
            assert state.people[user].lost_at is None or user not in ready
        for call in queries.open_calls(state):
            self._one_has_them(call)
            if call.seeking is not None:
                self._is_sought(call)

    def _one_has_them(self, call: Call) -> None:
        holder = queries.controller(call)
        assert holder and holder == self.has[call.call_id]
        assert call.in_care_of in (None, holder)
        hand_off, care = call.hand_off, queries.care(call)
        assert (care is not None) == (call.in_care_of is not None)
        if hand_off is not None and hand_off.is_open:
            assert holder == hand_off.from_user, "until the release it is who offered, or took that over"
            assert hand_off.onward == (call.in_care_of is not None)
        if call.seeking is not None:
            assert holder == call.seeking.by and call.in_care_of is None

    def _is_sought(self, call: Call) -> None:
        """They ring, are being connected, stand in the queue, or something that was never refused is due for them."""
        hand_off, seeking = call.hand_off, call.seeking
        if (hand_off is not None and hand_off.is_open) or (seeking is not None and seeking.queued_at is not None):
            return
        later = self.now + timedelta(seconds=AGENCY.hand_off_s)
        orders = [*due(self.state, self.now, LOG), *due(self.state, later, LOG)]
        about = [o for o in orders if getattr(o.command, "call_id", None) == call.call_id]
        assert any(order.command_id not in self.outcomes for order in about), (call, about)

    def everybody_leaves(self) -> None:
        """The shift ends: whoever may sign off does."""
        for user in ROLES:
            self.tell(c.SignOff(user), user)

    def replayed(self) -> None:
        """The log tells the same to whoever reads it from the start, and to every desk that catches up."""
        assert fold(State(), self.log) == self.state
        for user in ROLES:
            self.catch_up(user)
            assert self.views[user][1] == self.state


def desk(user: UserId) -> DeskId:
    """The desk that a person signed in at."""
    return DeskId(f"desk-{user}")


def new_call(floor: Floor) -> c.ReceiveCall:
    """One more caller."""
    return receive(CallId(f"call-{next(floor.names)}"), callback="919 555 0100")


def _forward(was: Call | None, now: Call) -> None:
    """A hand-off goes forward on its strip, or off it; what has ended stays so."""
    before = {h.hand_off_id: h for h in was.hand_offs} if was is not None else {}
    assert len({h.hand_off_id for h in now.hand_offs}) == len(now.hand_offs)
    for hand_off in now.hand_offs:
        earlier = before.get(hand_off.hand_off_id)
        if earlier is None or earlier.state is hand_off.state:
            continue
        assert earlier.state not in ENDED, (earlier, hand_off)
        assert hand_off.state in ENDED or _step(hand_off) > _step(earlier), (earlier, hand_off)
        if earlier.state is HandOffState.RELEASED:
            assert hand_off.state is HandOffState.RETURNED


def _step(hand_off: HandOff) -> int:
    return STRIP.index(hand_off.state)


def _care(was: Call | None, now: Call, event: e.AnyEvent) -> None:
    """Into care only by a release or by taking over; out of it only by giving back, taking over and closing."""
    if was is None or was.in_care_of == now.in_care_of:
        return
    into = (e.HandOffReleased, e.CallTakenOver)
    assert isinstance(event, into if now.in_care_of is not None else (e.HandOffReturned, e.CallTakenOver, e.CallClosed))
