"""Eight hours of 200 hand-offs an hour among 40 clinicians, while desks die, links break and the hub is killed.

What is real: the rules, the log and its SQLite store, the ledger with its batches, the clock that times offers out and rings
the next, the watch over desks, the records on the wire, the desks' replica; and the hub's core is a process of its own that
is killed with SIGKILL in the middle of its turns, after some of a turn's commands were answered and before others were. What
is told: time (a step is three seconds of it), the people, and that a desk is dead or cut off. No HTTP is in this one: hubs
and desks that speak it are killed and cut in `test_hand_offs_cut.py`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from console.domain import events as e
from console.domain.agency import HandOffRules
from console.domain.commands import Accepted, CommandOutcome, ConfigureAgency, Order, Rejected
from console.domain.events import LogEntry
from console.domain.evolve import fold
from console.domain.ids import HUB, CallId, CommandId, DeskId, EntryId, HandOffId, LogId, Seq
from console.domain.queries import open_calls
from console.domain.state import PresenceStatus, State
from console.hub.ledger import Ledger
from console.hub.store import Store
from console.link.replica import Replica
from console.wire.codec import digest
from console.wire.messages import FORMAT, Snapshot
from tests.support.agency import AGENCY, PHONE
from tests.support.hand_off_day import ROLES, STEP_S, Day
from tests.support.hand_off_laws import Laws, once
from tests.support.hub import store_url
from tests.support.ledger_process import Answer, LedgerProcess, Sent, Turn
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, START, floor, offer, receive

SEED = 911
HOURS = 8.0
AN_HOUR = 200.0
KILLS = 12
OTHER, ONE, TWO = CallId("other"), HandOffId("h1"), HandOffId("h2")
RULES = replace(AGENCY, hand_off=HandOffRules(wrap_up_s=120), keep_closed_h=1)


class Center:
    """The hub's core, what its desks have read of it, and every answer that was ever given."""

    def __init__(self, folder: Path, day: Day, laws: Laws) -> None:
        self._folder, self._day, self._laws = folder, day, laws
        self._hub = LedgerProcess(folder)
        self.now = START
        self.replica = Replica()
        self.replica.reset(Snapshot(FORMAT, LogId("any"), Seq(0), State(), (), START))
        self.answered: dict[CommandId, tuple[Order, CommandOutcome]] = {}

    @property
    def state(self) -> State:
        """The board as the desks see it."""
        return self.replica.state

    def step(self, sent: list[Sent], kill_after: int | None = None) -> None:
        """One step: these commands come at once. With `kill_after` the hub dies after so many answers."""
        answers: list[tuple[Sent, CommandOutcome]] = []

        def hear(answer: Answer) -> bool:
            answers.append((sent[answer.place], answer.outcome))
            return kill_after is None or len(answers) < kill_after

        self.now += timedelta(seconds=STEP_S)
        entries = self._hub.take(Turn(self.now, self.replica.seq, self._day.heard(), tuple(sent)), hear)
        for one, outcome in answers:
            before = self.answered.setdefault(one.order.command_id, (one.order, outcome))
            assert before[1] == outcome, (one, before)
            self._day.answered(one, outcome)
        if entries is None:
            self._hub = LedgerProcess(self._folder)
            self.now += timedelta(seconds=self._day.random.uniform(1, 20))
            return
        for entry in entries:
            before_it = self.state
            assert self.replica.apply(entry)
            self._laws.saw(before_it, entry, self.state)

    def end(self) -> None:
        """Kill the hub for good."""
        self._hub.kill()


def hours(center: Center, day: Day, length_h: float, kills: set[int]) -> None:
    """Play so many hours; in these steps the hub is killed as soon as there is something to be answered."""
    due = 0
    for number in range(int(length_h * 3600 / STEP_S)):
        sent = day.sends(center.state, center.now)
        due += number in kills
        if due and sent:
            due -= 1
            day.counts["hub killed"] += 1
            center.step(sent, kill_after=day.random.randint(1, len(sent)))
        else:
            center.step(sent)


def to_the_end(center: Center, day: Day) -> None:
    """No more calls and no more faults: everybody comes to the end of what they have."""
    day.comes = day.faults = False
    for _ in range(int(6 * 3600 / STEP_S)):
        if not open_calls(center.state) and not any(seat.unsent for seat in day.seats.values()):
            return
        center.step(day.sends(center.state, center.now))
    raise AssertionError(f"still open: {[call.number for call in open_calls(center.state)]}")


def first_steps(center: Center, day: Day) -> None:
    """The rules come into force, and everybody sits down."""
    center.step([Sent(Order(CommandId("configured"), ConfigureAgency(RULES)), HUB, DeskId("hub"))])
    center.step([day.signs_in(user) for user in ROLES])


def test_given_eight_hours_of_hand_offs_with_crashes_and_cuts_then_no_caller_is_without_somebody_doubled_or_lost(
    tmp_path: Path,
) -> None:
    day, laws = Day(SEED, AN_HOUR), Laws()
    Store(store_url(tmp_path)).close()
    center = Center(tmp_path, day, laws)
    try:
        first_steps(center, day)
        kills = set(Random(SEED).sample(range(60, int(HOURS * 3600 / STEP_S)), KILLS))
        hours(center, day, HOURS, kills)
        to_the_end(center, day)
    finally:
        center.end()

    entries, state = log_of(tmp_path)
    assert len(entries) == center.replica.seq
    assert digest(fold(State(), entries)) == digest(state) == center.replica.digest()
    once(entries, center.answered)
    counted = Counter(type(entry.event).__name__ for entry in entries)
    assert counted == {name: n for name, n in laws.counts.items() if name in counted}
    assert_nothing_lost(counted)
    for line in told(counted, day, laws, center):
        print(line)


def log_of(folder: Path) -> tuple[list[LogEntry], State]:
    """The whole log as it lies on the disk, and the state that a hub which starts on it has."""
    store = Store(store_url(folder))
    try:
        ledger = Ledger(store, lambda: START)
        return asyncio.run(ledger.entries(Seq(0))), ledger.state
    finally:
        store.close()


def assert_nothing_lost(counted: Counter[str]) -> None:
    """Every call that came in was closed, and every hand-off has come to one of its ends."""
    assert counted["CallReceived"] == counted["CallClosed"] > 0.9 * AN_HOUR * HOURS
    ends = sum(counted[kind.__name__] for kind in ENDS)
    assert counted["HandOffOffered"] >= AN_HOUR * HOURS
    assert counted["HandOffAccepted"] >= counted["HandOffReleased"] > 0
    assert ends >= counted["HandOffOffered"]
    for kind in (*ENDS, e.HandOffQueued, e.DeskLost, e.DeskFound, e.CallTakenOver):
        assert counted[kind.__name__] > 0, f"a day without {kind.__name__} shows nothing about it"


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        ([e.HandOffOffered(CALL, TWO, REYES, PHONE)], "rings already"),
        ([e.HandOffAccepted(CALL, ONE, releases=False), e.PresenceChanged(REYES, PresenceStatus.READY)], "is ready with"),
        ([e.HandOffReleased(CALL, ONE), e.HandOffOffered(OTHER, TWO, REYES, PHONE)], "has a caller already"),
        ([e.PresenceChanged(LIN, PresenceStatus.AWAY), e.HandOffOffered(OTHER, TWO, LIN, PHONE)], "was rung"),
        ([e.DeskLost(LIN, DeskId("desk-lin")), e.HandOffOffered(OTHER, TWO, LIN, PHONE)], "was rung"),
        ([e.SignedOff(OKAFOR), e.NarrativeAdded(CALL, EntryId("e"), "alone")], "has gone"),
        ([e.HandOffAccepted(CALL, ONE, releases=True)], "HandOffAccepted passed"),
    ],
)
def test_given_a_log_that_breaks_a_law_then_the_laws_say_which(broken: list[e.AnyEvent], law: str) -> None:
    scene = floor().given(receive(), receive(OTHER), offer())
    laws, state = Laws(), State()
    log = list(scene.log)
    for event in broken:
        by = REYES if isinstance(event, e.HandOffAccepted) else OKAFOR
        log.append(LogEntry(Seq(len(log) + 1), event, by, scene.at, scene.at, CommandId("broken"), None))
    with pytest.raises(AssertionError, match=law):
        for entry in log:
            before, state = state, fold(state, [entry])
            laws.saw(before, entry, state)


def test_given_an_answer_that_the_log_does_not_bear_out_then_it_is_said() -> None:
    scene = floor().given(receive())
    order = Order(CommandId("kept by nobody"), receive(OTHER))
    for outcome in (Accepted(Seq(len(scene.log))), Accepted(Seq(len(scene.log) + 1))):
        with pytest.raises(AssertionError, match="kept by nobody"):
            once(scene.log, {order.command_id: (order, outcome)})
    last = scene.log[-1].command_id
    with pytest.raises(AssertionError):
        once(scene.log, {last: (Order(last, receive()), Rejected("refused", "It was refused."))})


ENDS = (
    e.HandOffReleased, e.HandOffDeclined, e.HandOffTimedOut, e.HandOffWithdrawn, e.HandOffReturned, e.CallerLost,
)  # fmt: skip


def told(counted: Counter[str], day: Day, laws: Laws, center: Center) -> list[str]:
    """The counts of the day, for whoever runs it by hand. What is said to hold has been asserted of every entry before."""
    length_h = (center.now - START).total_seconds() / 3600
    looked, lost = laws.counts["moments of a call looked at"], counted["CallReceived"] - counted["CallClosed"]
    return [
        f"seed {SEED}: {length_h:.1f} simulated hours, {sum(counted.values())} entries",
        *(f"  {name}: {n}" for name, n in sorted((counted + day.counts).items())),
        f"  {looked} moments of an open call, each with one person; {laws.counts['passed on']} times passed on",
        f"  {len(center.answered)} commands answered, each in the log as it was answered; calls lost: {lost}",
    ]
