"""Nobody is ever without somebody: hand-offs between many desks, with what is late, repeated, lost and found."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from console.domain import commands as c
from console.domain import queries
from console.domain.agency import HandOffRules
from console.domain.commands import AnyCommand
from console.domain.ids import UserId
from console.domain.state import PresenceStatus
from tests.support.agency import PHONE
from tests.support.hand_off_floor import CLINICIANS, DISPATCH, ROLES, Floor, Sent, desk, new_call
from tests.support.scenes import sign_in

PEOPLE = st.sampled_from(list(ROLES))
PASSING = {kind.__name__ for kind in (c.OfferHandOff, c.AcceptHandOff, c.ReturnHandOff, c.TakeFromQueue, c.TakeOverCall)}
"""What is done more often than the rest."""
SECONDS = st.sampled_from([0, 1, 5, 29, 30, 31, 60, 200])


class Passing(RuleBasedStateMachine):
    """People act by what their desk shows, which may be old; what they send arrives when it does, and perhaps twice."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor(HandOffRules())
        self.sent: list[Sent] = []
        self.arrived: list[Sent] = []
        self.seen_by_another_hub = self.floor.state

    @initialize(
        next_clinician=st.booleans(), wrap_up_s=st.sampled_from([0, 30]), begun=st.lists(st.integers(-1, 5), max_size=3)
    )
    def a_floor(self, next_clinician: bool, wrap_up_s: int, begun: list[int]) -> None:
        """`begun`: how many steps each of some hand-offs has gone already; -1 is a caller who waits for a clinician."""
        self.floor = Floor(HandOffRules(next_clinician=next_clinician, wrap_up_s=wrap_up_s))
        for n, steps in enumerate([*begun, 0]):
            self.floor.tell(new_call(self.floor), DISPATCH[n])
            call = queries.open_calls(self.floor.state)[-1].call_id
            if steps < 0:
                self.floor.tell(c.QueueForClinician(call, PHONE), DISPATCH[n])
            for _ in range(steps):
                for sent in self.floor.forward(call)[:1]:
                    self.floor.submit(sent)
        self.everybody_looks()

    @rule(by=st.sampled_from(DISPATCH))
    @precondition(lambda self: len(queries.open_calls(self.floor.state)) < 4)
    def a_call_comes(self, by: UserId) -> None:
        self.floor.tell(new_call(self.floor), by)

    @rule(user=PEOPLE, data=st.data())
    def somebody_sends(self, user: UserId, data: st.DataObject) -> None:
        self._send(user, data)

    @rule(user=PEOPLE, data=st.data())
    def somebody_acts_at_once(self, user: UserId, data: st.DataObject) -> None:
        self.floor.catch_up(user)
        if self._send(user, data):
            self._arrives(len(self.sent) - 1, again=data.draw(st.booleans(), "arrives again"))

    @rule(
        which=st.integers(0, 10**6), steps=st.integers(1, 5), at_once=st.booleans(),
        offers=st.none() | st.sampled_from(DISPATCH),
    )  # fmt: skip
    def a_hand_off_goes_on(self, which: int, steps: int, at_once: bool, offers: UserId | None) -> None:
        """What carries a caller on, by whoever has to do it; `at_once` or as what is on its way arrives."""
        calls = queries.open_calls(self.floor.state)
        for _ in range(steps if calls else 0):
            for sent in self.floor.forward(calls[which % len(calls)].call_id, offers):
                self.sent.append(sent)
                if at_once:
                    self._arrives(len(self.sent) - 1, again=False)

    @rule(which=st.integers(0, 10**6), by=PEOPLE)
    def somebody_takes_over_from_a_lost_desk(self, which: int, by: UserId) -> None:
        calls = queries.open_calls(self.floor.state)
        if calls:
            call = calls[which % len(calls)]
            self.a_desk_is_lost(queries.controller(call))
            self.sent.append(Sent(self.floor.order(self.floor.over(call.call_id)), by))
            self._arrives(len(self.sent) - 1, again=False)

    @rule(data=st.data())
    def two_answer_in_the_same_instant(self, data: st.DataObject) -> None:
        """Both act by one and the same view; what they sent arrives one right behind the other."""
        self.everybody_looks()
        first, second = data.draw(st.permutations(CLINICIANS), "who")[:2]
        sent = sum(self._send(user, data) for user in (first, second))
        for _ in range(sent):
            self._arrives(len(self.sent) - 1, again=False)

    @rule(which=st.integers(0, 10**6), again=st.booleans())
    @precondition(lambda self: self.sent)
    def something_arrives(self, which: int, again: bool) -> None:
        self._arrives(which % len(self.sent), again)

    @rule(which=st.integers(0, 10**6))
    @precondition(lambda self: self.arrived)
    def something_is_retried(self, which: int) -> None:
        """The same order again: nothing changes, and the answer is the one it had."""
        sent, before = self.arrived[which % len(self.arrived)], self.floor.state
        outcome = self.floor.outcomes[sent.order.command_id]
        assert self.floor.submit(sent) == outcome
        assert self.floor.state is before

    @rule(user=PEOPLE)
    def somebody_looks(self, user: UserId) -> None:
        self.floor.catch_up(user)

    @rule()
    def everybody_looks(self) -> None:
        for user in ROLES:
            self.floor.catch_up(user)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: int) -> None:
        self.floor.now += timedelta(seconds=seconds)

    @rule()
    def another_hub_looks(self) -> None:
        self.seen_by_another_hub = self.floor.state

    @rule(seconds=SECONDS, late=st.booleans())
    def the_clock_strikes(self, seconds: int, late: bool) -> None:
        """`late`: what is due is found by a hub that has not read on, or was found before something else arrived."""
        self.floor.now += timedelta(seconds=seconds)
        view = self.seen_by_another_hub if late else self.floor.state
        for sent in self.floor.clock(view):
            self.floor.submit(sent)
            self.arrived.append(sent)

    @rule(user=PEOPLE)
    def a_desk_is_lost(self, user: UserId) -> None:
        self.floor.tell(c.LoseDesk(user, desk(user)), user)

    @rule(user=PEOPLE)
    def a_desk_is_found(self, user: UserId) -> None:
        self.floor.tell(c.FindDesk(user, desk(user)), user)

    @rule(user=PEOPLE)
    def somebody_signs_off(self, user: UserId) -> None:
        self.floor.tell(c.SignOff(user), user)

    @rule(user=PEOPLE)
    def somebody_signs_in(self, user: UserId) -> None:
        self.floor.tell(sign_in(user, ROLES[user]), user)

    @rule()
    def the_shift_ends(self) -> None:
        """Whoever has a caller stays; the others come back for the next."""
        self.floor.everybody_leaves()
        for user in ROLES:
            if self.floor.state.people[user].status is PresenceStatus.SIGNED_OFF:
                self.floor.tell(sign_in(user, ROLES[user]), user)

    def teardown(self) -> None:
        self.floor.replayed()

    def _send(self, user: UserId, data: st.DataObject) -> bool:
        """Something that the person's desk lets them do, on its way from now on; False where there is nothing."""
        possible = self.floor.possible(user)
        kinds = sorted({type(command).__name__ for command in possible})
        if not kinds:
            return False
        kinds += [kind for kind in kinds if kind in PASSING] * 3
        kind = data.draw(st.sampled_from(kinds), "kind")
        those: list[AnyCommand] = [command for command in possible if type(command).__name__ == kind]
        self.sent.append(Sent(self.floor.order(data.draw(st.sampled_from(those), "command")), user))
        return True

    def _arrives(self, which: int, again: bool) -> None:
        sent = self.sent[which] if again else self.sent.pop(which)
        self.floor.arrives(sent)
        if sent.order.command_id in self.floor.outcomes:
            self.arrived.append(sent)


TestPassing = Passing.TestCase
TestPassing.settings = settings(max_examples=120, stateful_step_count=40)
