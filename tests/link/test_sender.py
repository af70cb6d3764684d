"""Sending what waits: in order, once, in time, and never for somebody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.commands import EXPIRED, Accepted, CommandOutcome, Order, Rejected
from console.domain.events import LogEntry, UnitChecked
from console.domain.ids import CommandId, LogId, Seq, UserId
from console.link.backoff import Backoff
from console.link.outbox import Outbox, Row, RowState
from console.link.problems import HubFault, Refused, Unreachable
from console.link.sender import FAULTS_AT_MOST, Bound, Sender
from console.wire.messages import Problem
from tests.link.test_outbox import LOG, OKAFOR, REYES, dispatch, row
from tests.support.loop import runs
from tests.support.scenes import START, T1

Answer = CommandOutcome | Exception


@dataclass
class Floor:
    """A sender over a real outbox file, a hub that answers by a function, and everything that was said to it."""

    outbox: Outbox
    answer: Callable[[Order], Answer]
    bound: Bound | None = field(default_factory=lambda: Bound(OKAFOR, LOG))
    sent: list[Order] = field(default_factory=list)
    answers: dict[CommandId, CommandOutcome] = field(default_factory=dict)
    awaited: bool = True
    wall: float = 1000.0
    echoes: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed = asyncio.Condition()
        self.sender = Sender(
            self,
            self.outbox,
            lambda: self.bound,
            Backoff(lambda: 1.0, first_s=0.001, most_s=0.001),
            answered=self._answered,
            changed=self._changed,
            signed_out=lambda refused: self._sign_out(),
            echoed=self.echoes.append,
            hub_time=lambda in_s: START + timedelta(hours=1, seconds=in_s),
            clock=lambda: self.wall,
            wall=lambda: self.wall,
        )
        self.turns = asyncio.Event()

    @property
    def ids(self) -> list[str]:
        return [order.command_id for order in self.sent]

    def states(self) -> dict[CommandId, RowState]:
        return {kept.command_id: kept.state for kept in self.outbox.rows.values()}

    async def add(self, *rows: Row) -> None:
        for kept in rows:
            await self.outbox.write(kept)
        self.sender.wake()

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until something changed so that it is met."""
        while not met():
            self.turns.clear()
            await self.turns.wait()

    async def submit(self, order: Order) -> CommandOutcome:
        self.sent.append(order)
        self.turns.set()
        answer = self.answer(order)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _answered(self, command_id: CommandId, outcome: CommandOutcome) -> bool:
        self.answers[command_id] = outcome
        self.turns.set()
        return self.awaited

    def _changed(self) -> None:
        self.turns.set()

    def _sign_out(self) -> None:
        self.bound = None
        self.turns.set()


@asynccontextmanager
async def floor(path: Path, answer: Callable[[Order], Answer]) -> AsyncIterator[Floor]:
    """A sender at work."""
    outbox = Outbox(path / "outbox.sqlite")
    at_work = Floor(outbox, answer)
    try:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(at_work.sender.run())
            yield at_work
            running.cancel()
    finally:
        await outbox.close()


def accept(order: Order) -> Answer:
    return Accepted(Seq(7))


def in_turn(*answers: Answer) -> Callable[[Order], Answer]:
    left = list(answers)
    return lambda order: left.pop(0) if left else Accepted(Seq(7))


def entry(command_id: str, seq: int = 9) -> LogEntry:
    return LogEntry(Seq(seq), UnitChecked(T1), OKAFOR, START, START, CommandId(command_id))


@runs
async def test_given_rows_when_sent_then_first_in_first_out_and_off_the_disk(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        await at_work.add(*(row(at_work.outbox, name) for name in "abcde"))
        await at_work.until(lambda: len(at_work.answers) == 5)
        assert at_work.ids == list("abcde")
        at_work.sender.reached(Seq(6))
        assert len(at_work.outbox.rows) == 5  # accepted at 7, which the board has not reached
        at_work.sender.reached(Seq(7))
        assert at_work.outbox.rows == {}
    again = Outbox(tmp_path / "outbox.sqlite")
    assert again.rows == {}
    await again.close()


@given(st.lists(st.sampled_from(["lost", "late", "busy", "ok", "no"]), max_size=20))
def test_whatever_the_hub_answers_each_row_ends_in_its_turn_with_one_id(
    tmp_path_factory: pytest.TempPathFactory, weather: list[str]
) -> None:
    kinds: dict[str, Answer] = {
        "lost": Unreachable("away"),
        "late": Unreachable("timeout", maybe_taken=True),
        "busy": Unreachable("503", maybe_taken=True),
        "ok": Accepted(Seq(1)),
        "no": Rejected("no", "No."),
    }

    @runs
    async def sending() -> None:
        async with floor(tmp_path_factory.mktemp("outbox"), in_turn(*(kinds[name] for name in weather))) as at_work:
            await at_work.add(*(row(at_work.outbox, name) for name in "abcd"))
            await at_work.until(lambda: len(at_work.answers) == 4)
            assert list(at_work.answers) == list("abcd")
            seen: list[str] = []
            for name in at_work.ids:  # every try of one is over before the next is tried
                if name not in seen:
                    seen.append(name)
                assert name == seen[-1]

    sending()


@runs
async def test_given_a_rejection_then_the_next_goes_on(tmp_path: Path) -> None:
    async with floor(tmp_path, in_turn(Rejected("busy", "T1 is busy."), Refused(Problem("Bad", 422, "No.")))) as at_work:
        await at_work.add(*(row(at_work.outbox, name, command=dispatch()) for name in "abc"))
        await at_work.until(lambda: len(at_work.answers) == 3)
        assert at_work.answers["a"] == Rejected("busy", "T1 is busy.")  # type: ignore[index]
        assert at_work.answers["b"] == Rejected("http-422", "No.")  # type: ignore[index]
        assert at_work.answers["c"] == Accepted(Seq(7))  # type: ignore[index]
        assert list(at_work.states()) == ["c"]


@runs
async def test_given_a_rejection_that_nobody_waits_for_then_it_stays_until_a_person_has_seen_it(tmp_path: Path) -> None:
    async with floor(tmp_path, in_turn(Rejected("closed", "The call is closed."))) as at_work:
        at_work.awaited = False
        await at_work.add(row(at_work.outbox, "a"))
        await at_work.until(lambda: at_work.states() == {"a": RowState.REJECTED})
        assert at_work.outbox.rows[CommandId("a")].why == "The call is closed."
        await at_work.sender.discard(CommandId("a"))
        assert at_work.outbox.rows == {}


@runs
async def test_given_another_persons_rows_then_they_are_never_sent(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        await at_work.add(row(at_work.outbox, "hers", REYES), row(at_work.outbox, "mine"))
        await at_work.until(lambda: "mine" in at_work.answers)
        assert at_work.ids == ["mine"]
        at_work.bound = None
        await at_work.add(row(at_work.outbox, "mine too"))
        at_work.bound = Bound(REYES, LOG)
        at_work.sender.wake()
        await at_work.until(lambda: "hers" in at_work.answers)
        assert at_work.ids == ["mine", "hers"]


@runs
async def test_given_another_log_then_its_rows_come_back_instead_of_going_into_this_one(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        await at_work.add(row(at_work.outbox, "old", log_id=LogId("log-0")), row(at_work.outbox, "new"))
        await at_work.until(lambda: "new" in at_work.answers)
        assert at_work.ids == ["new"]
        assert at_work.states()[CommandId("old")] is RowState.EXPIRED
        assert "no longer keeps" in at_work.outbox.rows[CommandId("old")].why
        await at_work.sender.send_now(CommandId("old"))
        await at_work.until(lambda: at_work.ids == ["new", "old"])


@runs
async def test_given_an_order_that_waited_30_s_then_it_comes_back_and_a_recording_is_sent(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        at_work.bound = None
        await at_work.add(
            row(at_work.outbox, "order", command=dispatch(), late=True), row(at_work.outbox, "note", late=True)
        )
        at_work.wall += 29.9
        await at_work.sender.look()
        assert at_work.states()[CommandId("order")] is RowState.WAITING
        at_work.wall += 0.1
        await at_work.sender.look()
        assert at_work.states()[CommandId("order")] is RowState.EXPIRED
        outcome = at_work.answers[CommandId("order")]
        assert isinstance(outcome, Rejected)
        assert outcome.code == "not-sent"
        at_work.bound = Bound(OKAFOR, LOG)
        at_work.sender.wake()
        await at_work.until(lambda: "note" in at_work.answers)
        assert at_work.ids == ["note"]


@runs
async def test_given_an_order_that_came_back_when_sent_now_then_the_same_id_and_30_s_more(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        at_work.wall += 100
        await at_work.add(row(at_work.outbox, "a", command=dispatch()))
        await at_work.until(lambda: at_work.states() == {"a": RowState.EXPIRED})
        at_work.bound = Bound(REYES, LOG)
        await at_work.sender.send_now(CommandId("a"))
        assert at_work.sent == []  # not by somebody else
        at_work.bound = Bound(OKAFOR, LOG)
        await at_work.sender.send_now(CommandId("a"))
        await at_work.until(lambda: at_work.answers.get(CommandId("a")) == Accepted(Seq(7)))
        assert at_work.ids == ["a"]


@runs
async def test_what_is_sent_says_until_when_it_may_be_carried_out_and_a_recording_does_not(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        at_work.wall += 12
        await at_work.add(row(at_work.outbox, "order", command=dispatch()), row(at_work.outbox, "note"))
        await at_work.until(lambda: len(at_work.answers) == 2)
        assert [order.expires_at for order in at_work.sent] == [START + timedelta(hours=1, seconds=18), None]


@runs
async def test_given_an_order_that_the_hub_found_too_late_then_it_comes_back_to_be_sent_or_discarded(tmp_path: Path) -> None:
    async with floor(tmp_path, in_turn(Rejected(EXPIRED, "Too late."))) as at_work:
        await at_work.add(row(at_work.outbox, "a", command=dispatch()))
        await at_work.until(lambda: at_work.states() == {"a": RowState.EXPIRED})
        await at_work.sender.send_now(CommandId("a"))
        await at_work.until(lambda: at_work.answers.get(CommandId("a")) == Accepted(Seq(7)))
        assert at_work.ids == ["a", "a"]


@runs
async def test_given_an_order_that_came_back_when_discarded_then_it_is_gone_from_the_disk_too(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        at_work.wall += 100
        await at_work.add(row(at_work.outbox, "a", command=dispatch()))
        await at_work.until(lambda: at_work.states() == {"a": RowState.EXPIRED})
        await at_work.sender.discard(CommandId("a"))
    again = Outbox(tmp_path / "outbox.sqlite")
    assert again.rows == {}
    assert at_work.sent == []
    await again.close()


@runs
async def test_given_no_answer_when_tried_again_then_a_recording_says_when_it_occurred(tmp_path: Path) -> None:
    async with floor(tmp_path, in_turn(Unreachable("away"))) as at_work:
        await at_work.add(row(at_work.outbox, "a", state=RowState.SENDING))
        await at_work.until(lambda: "a" in at_work.answers)
        assert [order.occurred_at for order in at_work.sent] == [None, START]
        assert at_work.ids == ["a", "a"]


@runs
async def test_given_a_desk_killed_between_write_and_send_when_started_again_then_sent_once_with_its_id(
    tmp_path: Path,
) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    await outbox.write(row(outbox, "a", state=RowState.SENDING))
    await outbox.close()
    async with floor(tmp_path, accept) as at_work:
        await at_work.until(lambda: "a" in at_work.answers)
        assert at_work.ids == ["a"]
    async with floor(tmp_path, accept) as at_work:
        await at_work.add(row(at_work.outbox, "b"))
        await at_work.until(lambda: "b" in at_work.answers)
        assert at_work.ids == ["b"]


@runs
async def test_given_a_lost_answer_when_the_stream_shows_the_command_then_it_is_done_and_not_sent_again(
    tmp_path: Path,
) -> None:
    async with floor(tmp_path, accept) as at_work:
        at_work.bound = None
        await at_work.add(row(at_work.outbox, "a", command=dispatch(), maybe_taken=True, late=True))
        at_work.sender.saw(entry("a", 9))
        await at_work.until(lambda: at_work.answers.get(CommandId("a")) == Accepted(Seq(9)))
        at_work.bound = Bound(OKAFOR, LOG)
        await at_work.add(row(at_work.outbox, "b"))
        await at_work.until(lambda: "b" in at_work.answers)
        assert at_work.ids == ["b"]


@runs
async def test_given_an_order_that_ran_out_unanswered_then_the_person_is_told_that_it_may_have_been_taken(
    tmp_path: Path,
) -> None:
    async with floor(tmp_path, in_turn(Unreachable("timeout", maybe_taken=True))) as at_work:

        def time_passes(order: Order) -> Answer:
            at_work.wall += 31
            return Unreachable("timeout", maybe_taken=True)

        at_work.answer = time_passes
        await at_work.add(row(at_work.outbox, "a", command=dispatch()))
        await at_work.until(lambda: at_work.states() == {"a": RowState.EXPIRED})
        assert "may have carried it out" in at_work.outbox.rows[CommandId("a")].why
        assert at_work.ids == ["a"]


@runs
async def test_given_a_command_on_which_the_hub_always_fails_then_it_is_set_aside_and_the_next_goes_on(
    tmp_path: Path,
) -> None:
    def answer(order: Order) -> Answer:
        return HubFault("500") if order.command_id == "poison" else Accepted(Seq(7))

    async with floor(tmp_path, answer) as at_work:
        await at_work.add(row(at_work.outbox, "poison"), row(at_work.outbox, "next"))
        await at_work.until(lambda: "next" in at_work.answers)
        assert at_work.ids == ["poison"] * FAULTS_AT_MOST + ["next"]
        assert at_work.states()[CommandId("poison")] is RowState.EXPIRED
        assert "set aside" in at_work.outbox.rows[CommandId("poison")].why


@runs
async def test_given_a_session_that_ended_then_nothing_is_sent_until_signed_in_again(tmp_path: Path) -> None:
    async with floor(tmp_path, in_turn(Refused(Problem("Unauthorized", 401, "Sign in again.")))) as at_work:
        await at_work.add(row(at_work.outbox, "a"))
        await at_work.until(lambda: at_work.bound is None)
        assert at_work.states() == {"a": RowState.WAITING}
        at_work.bound = Bound(OKAFOR, LOG)
        at_work.sender.wake()
        await at_work.until(lambda: "a" in at_work.answers)
        assert at_work.ids == ["a", "a"]


@runs
async def test_given_an_own_command_on_the_stream_then_the_milliseconds_since_it_was_sent(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        await at_work.add(row(at_work.outbox, "a"))
        await at_work.until(lambda: "a" in at_work.answers)
        at_work.wall += 0.25
        at_work.sender.saw(entry("a"))
        at_work.sender.saw(entry("a", 10))
        at_work.sender.saw(entry("somebody else's"))
        assert at_work.echoes == [250.0]


@pytest.mark.expects_log("outbox-write-failed")
@runs
async def test_given_a_disk_that_fails_after_the_answer_then_the_answer_counts(tmp_path: Path) -> None:
    async with floor(tmp_path, accept) as at_work:
        await at_work.add(row(at_work.outbox, "a", state=RowState.SENDING))
        at_work.outbox._thread.submit(at_work.outbox._database.execute, "PRAGMA query_only = ON").result()
        await at_work.until(lambda: "a" in at_work.answers)
        await at_work.sender.look()
        at_work.outbox._thread.submit(at_work.outbox._database.execute, "PRAGMA query_only = OFF").result()
        assert at_work.answers[CommandId("a")] == Accepted(Seq(7))


def test_only_the_late_recording_bears_its_time_and_never_one_that_is_still_to_come() -> None:
    later, earlier = START + timedelta(hours=1), START - timedelta(hours=1)
    base = Row(1, Order(CommandId("a"), dispatch()), UserId("u"), LOG, START, 30.0, late=True)
    assert base.to_send(later, later).occurred_at is None
    assert replace(base, expires_at=None).to_send(later, None).occurred_at == START
    assert replace(base, expires_at=None).to_send(earlier, None).occurred_at == earlier
    assert replace(base, expires_at=None, late=False).to_send(later, None).occurred_at is None
