"""The laws of the ledger: one effect a command, no gap, and memory that never differs from the disk."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import OperationalError

from console.domain.commands import (
    EXPIRED,
    Accepted,
    AddNarrative,
    CheckUnit,
    CloseCall,
    ConfigureAgency,
    FileClosedCalls,
    Order,
    Rejected,
)
from console.domain.decide import decide as really_decide
from console.domain.events import LogEntry, NarrativeAdded
from console.domain.evolve import fold
from console.domain.ids import HUB, CallId, CommandId, DeskId, EntryId, Seq, UnitId, UserId
from console.domain.state import State
from console.hub import history
from console.hub import ledger as ledger_module
from console.hub.hub_time import RealTime
from console.hub.ledger import Ledger, NotRecorded
from console.hub.store import Store
from console.hub.tables import call_history, command_outcome, log, snapshot
from console.wire import codec
from tests.support.agency import AGENCY, BURGLARY
from tests.support.hub import order, store_url
from tests.support.loop import runs
from tests.support.scenes import START, receive

BY = UserId("okafor")
T1 = UnitId("T1")


@asynccontextmanager
async def ledger_on(folder: Path, configured: bool = True) -> AsyncIterator[tuple[Ledger, Store]]:
    """A running ledger on the store in a folder."""
    store = Store(store_url(folder))
    try:
        ledger = Ledger(store, RealTime().now)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ledger.run())
            try:
                if configured:
                    await ledger.submit(Order(CommandId("configured"), ConfigureAgency(AGENCY)), HUB)
                yield ledger, store
            finally:
                ledger.stop()
    finally:
        store.close()


async def rows(store: Store) -> list[int]:
    return await store.read(lambda c: list(c.execute(select(log.c.seq).order_by(log.c.seq)).scalars()))


async def assert_memory_is_disk(ledger: Ledger) -> None:
    entries = await ledger.entries(Seq(0))
    assert [entry.seq for entry in entries] == list(range(1, ledger.head + 1))
    assert fold(State(), entries) == ledger.state


@runs
async def test_given_a_command_when_sent_again_then_same_outcome_and_one_effect(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, _):
        first = order(receive())
        outcome = await ledger.submit(first, BY)
        head = ledger.head
        assert isinstance(outcome, Accepted)
        assert await ledger.submit(first, BY) == outcome
        assert await ledger.submit(first, UserId("somebody-else")) == outcome
        assert ledger.head == head
        await assert_memory_is_disk(ledger)


@runs
async def test_given_a_rejected_command_when_sent_again_then_the_same_rejection_even_if_it_would_now_do(
    tmp_path: Path,
) -> None:
    async with ledger_on(tmp_path) as (ledger, _):
        early = order(AddNarrative(CallId("call-1"), EntryId("n1"), "too early"))
        rejected = await ledger.submit(early, BY)
        assert isinstance(rejected, Rejected) and rejected.code == "call-unknown"
        await ledger.submit(order(receive()), BY)
        head = ledger.head
        assert await ledger.submit(early, BY) == rejected
        assert ledger.head == head


@runs
async def test_given_a_restart_when_a_command_is_sent_again_then_the_same_outcome(tmp_path: Path) -> None:
    first = order(receive())
    async with ledger_on(tmp_path) as (ledger, _):
        outcome = await ledger.submit(first, BY)
        state, head = ledger.state, ledger.head
    async with ledger_on(tmp_path, configured=False) as (ledger, _):
        assert (ledger.state, ledger.head) == (state, head)
        assert await ledger.submit(first, BY) == outcome
        assert ledger.head == head
        assert ledger.latest_at is not None


@runs
async def test_given_many_submitters_at_once_then_the_log_has_no_gap_and_every_answer_its_number(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, store):
        before = ledger.head
        outcomes = await asyncio.gather(*(ledger.submit(order(CheckUnit(T1)), BY) for _ in range(300)))
        numbers = sorted(outcome.seq for outcome in outcomes if isinstance(outcome, Accepted))
        assert numbers == list(range(before + 1, before + 301))
        assert await rows(store) == list(range(1, before + 301))
        await assert_memory_is_disk(ledger)


@runs
async def test_given_the_same_command_many_times_at_once_then_one_effect(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, _):
        once, head = order(CheckUnit(T1)), ledger.head
        outcomes = await asyncio.gather(*(ledger.submit(once, BY) for _ in range(40)))
        assert set(outcomes) == {Accepted(Seq(head + 1))}
        assert ledger.head == head + 1


def failing(store: Store, monkeypatch: pytest.MonkeyPatch, fate: str) -> Callable[[], None]:
    """Let the next write fail: before anything is written, or after the commit has taken place."""
    write = store.write
    broken = True

    async def fail(work: Callable[[Connection], Any]) -> Any:
        nonlocal broken
        if not broken:
            return await write(work)
        broken = False
        if fate == "after":
            await write(work)
        raise OperationalError("COMMIT", {}, OSError("database or disk is full"))

    monkeypatch.setattr(store, "write", fail)
    return monkeypatch.undo


@pytest.mark.expects_log("disk is full")
@pytest.mark.parametrize("fate", ["before", "after"])
def test_given_a_failing_commit_then_memory_is_disk_and_a_retry_has_one_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    async def case() -> None:
        async with ledger_on(tmp_path) as (ledger, store):
            head, batch = ledger.head, [order(CheckUnit(T1)) for _ in range(5)]
            failing(store, monkeypatch, fate)
            outcomes = await asyncio.gather(*(ledger.submit(o, BY) for o in batch), return_exceptions=True)
            if fate == "before":
                assert all(isinstance(outcome, NotRecorded) for outcome in outcomes)
                assert ledger.head == head
            else:  # the fate was unknown, and the log told
                assert all(isinstance(outcome, Accepted) for outcome in outcomes)
                assert ledger.head == head + 5
            await assert_memory_is_disk(ledger)
            again = [await ledger.submit(o, BY) for o in batch]
            assert all(isinstance(outcome, Accepted) for outcome in again)
            assert ledger.head == head + 5
            await assert_memory_is_disk(ledger)

    asyncio.run(case())


@pytest.mark.expects_log("can be neither written nor read")
@runs
async def test_given_a_store_that_is_gone_and_comes_back_then_the_ledger_reads_before_it_decides(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with ledger_on(tmp_path) as (ledger, store):
            real_write, real_read = store.write, store.read

            async def gone(work: Callable[[Connection], Any]) -> Any:
                raise OperationalError("", {}, OSError("disk I/O error"))

            async def write_then_gone(work: Callable[[Connection], Any]) -> Any:
                await real_write(work)
                return await gone(work)

            patch.setattr(store, "write", write_then_gone)
            patch.setattr(store, "read", gone)
            once, head = order(CheckUnit(T1)), ledger.head
            with pytest.raises(NotRecorded):
                await ledger.submit(once, BY)
            patch.setattr(store, "write", real_write)
            patch.setattr(store, "read", real_read)
            assert await ledger.submit(once, BY) == Accepted(Seq(head + 1))
            assert ledger.head == head + 1
            await assert_memory_is_disk(ledger)


@runs
async def test_given_another_hub_wrote_the_next_number_then_this_one_catches_up_and_decides_again(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, store):
        await ledger.submit(order(receive()), BY)
        head = Seq(ledger.head + 1)
        other = codec.encode(
            LogEntry(
                head,
                NarrativeAdded(CallId("call-1"), EntryId("n1"), "theirs"),
                BY,
                START,
                START,
                CommandId("theirs"),
                DeskId("another-hub"),
            )
        ).decode()

        def theirs(connection: Connection) -> None:
            row = {"seq": head, "entry": other, "recorded_at": START.isoformat(), "command_id": "theirs"}
            connection.execute(insert(log), [row])
            outcome = {"command_id": "theirs", "outcome": codec.encode(Accepted(head)).decode(), "seq": head}
            connection.execute(insert(command_outcome), [outcome])

        await store.write(theirs)
        mine = await ledger.submit(order(AddNarrative(CallId("call-1"), EntryId("n2"), "mine")), BY)
        assert mine == Accepted(Seq(head + 1))
        assert [entry.text for entry in ledger.state.calls[CallId("call-1")].narrative] == ["theirs", "mine"]
        assert await ledger.submit(Order(CommandId("theirs"), CheckUnit(T1)), BY) == Accepted(head)
        await assert_memory_is_disk(ledger)


@runs
async def test_given_a_fault_in_one_command_then_the_others_of_its_batch_are_carried_out(
    tmp_path: Path,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with ledger_on(tmp_path) as (ledger, _):
            bad = order(CheckUnit(T1))

            def decide(state: State, command: Any, by: UserId, at: Any) -> Any:
                if command is bad.command:
                    raise ZeroDivisionError("a fault")
                return really_decide(state, command, by, at)

            patch.setattr(ledger_module, "decide", decide)
            outcomes = await asyncio.gather(
                *(ledger.submit(o, BY) for o in (order(CheckUnit(T1)), bad, order(CheckUnit(T1)))),
                return_exceptions=True,
            )
            assert [type(outcome) for outcome in outcomes] == [Accepted, ZeroDivisionError, Accepted]
            await assert_memory_is_disk(ledger)


@runs
async def test_given_a_long_log_then_snapshots_are_kept_two_deep_and_a_restart_is_equal(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, store):
        ledger.snapshot_every = 50
        for _ in range(4):
            await asyncio.gather(*(ledger.submit(order(CheckUnit(T1)), BY) for _ in range(60)))
        await ledger.submit(order(CheckUnit(T1)), BY)
        state, head = ledger.state, ledger.head
        kept = await store.read(lambda c: list(c.execute(select(snapshot.c.seq)).scalars()))
        assert len(kept) == 2
        assert head - max(kept) < 64 + 50
    async with ledger_on(tmp_path, configured=False) as (ledger, _):
        assert (ledger.state, ledger.head) == (state, head)
        assert ledger.frames(Seq(0)) is None


@runs
async def test_given_an_unreadable_snapshot_then_the_log_is_folded_instead(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, store):
        await ledger.submit(order(receive()), BY)
        state, head = ledger.state, ledger.head
        unreadable = (zlib.compress(b'{"calls": 7}'), b"no zlib at all")
        rows = [{"seq": head - n, "format": 1, "state": state} for n, state in enumerate(unreadable)]
        await store.write(lambda c: c.execute(insert(snapshot), rows))
    async with ledger_on(tmp_path, configured=False) as (ledger, _):
        assert (ledger.state, ledger.head) == (state, head)


@runs
async def test_given_a_small_ring_then_older_frames_come_from_the_store(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_module, "RING_BYTES", 2_000)
        async with ledger_on(tmp_path) as (ledger, _):
            await asyncio.gather(*(ledger.submit(order(CheckUnit(T1)), BY) for _ in range(50)))
            assert ledger.frames(Seq(1)) is None
            newest = ledger.frames(Seq(ledger.head - 2))
            assert newest is not None and len(newest) == 2
            older = await ledger.older_frames(Seq(1))
            assert older[-2:] == newest
            assert older[0].startswith(b"event: entry\nid: 2\n")


@runs
async def test_given_a_closed_call_then_its_row_of_history_is_written_with_it_and_follows_late_words(
    tmp_path: Path,
) -> None:
    async with ledger_on(tmp_path) as (ledger, store):
        call = receive(nature=BURGLARY, callback="919-555-0100")
        for command in (call, CloseCall(call.call_id, outcome="resolved"), AddNarrative(call.call_id, EntryId("n"), "late")):
            assert isinstance(await ledger.submit(order(command), BY), Accepted)
        number = ledger.state.calls[call.call_id].number
        assert await store.read(lambda c: history.called(c, number)) == [ledger.state.calls[call.call_id]]
        held = ledger.state.calls[call.call_id]
        closing = held.closing
        assert closing is not None
        later = closing.at.replace(year=closing.at.year + 1)
        assert isinstance(await ledger.submit(order(FileClosedCalls(later)), HUB), Accepted)
        assert call.call_id not in ledger.state.calls
        assert await store.read(lambda c: history.called(c, number)) == [held]


@runs
async def test_given_a_call_closed_and_filed_in_one_batch_then_its_row_is_there(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, store):
        call = receive(nature=BURGLARY)
        commands = (call, CloseCall(call.call_id, outcome="resolved"), FileClosedCalls(START.replace(year=2200)))
        await asyncio.gather(*(ledger.submit(order(command), BY) for command in commands))
        assert call.call_id not in ledger.state.calls
        assert await store.read(lambda c: c.execute(select(func.count()).select_from(call_history)).scalar()) == 1


@runs
async def test_given_an_order_whose_time_ran_out_on_its_way_then_it_is_not_carried_out_and_may_be_sent_again(
    tmp_path: Path,
) -> None:
    async with ledger_on(tmp_path) as (ledger, _):
        head, soon, now = ledger.head, timedelta(seconds=30), RealTime().now()
        held_up = replace(order(CheckUnit(T1)), expires_at=now - soon)
        in_time = replace(order(CheckUnit(T1)), expires_at=now + soon)
        outcomes = await asyncio.gather(*(ledger.submit(o, BY) for o in (held_up, in_time)))
        assert isinstance(outcomes[0], Rejected) and outcomes[0].code == EXPIRED
        assert outcomes[1] == Accepted(Seq(head + 1))
        assert ledger.head == head + 1
        assert await ledger.submit(replace(held_up, expires_at=now + soon), BY) == Accepted(Seq(head + 2))
        await assert_memory_is_disk(ledger)


@runs
async def test_given_an_order_carried_out_in_time_when_a_copy_comes_too_late_then_the_outcome_it_had(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, _):
        once = order(CheckUnit(T1))
        outcome = await ledger.submit(once, BY)
        head = ledger.head
        assert await ledger.submit(replace(once, expires_at=START), BY) == outcome
        assert ledger.head == head


@runs
async def test_given_a_hub_that_ends_then_what_waits_is_answered_and_what_comes_later_is_refused(tmp_path: Path) -> None:
    async with ledger_on(tmp_path) as (ledger, _):
        waiting = asyncio.gather(*(ledger.submit(order(CheckUnit(T1)), BY) for _ in range(5)))
        await asyncio.sleep(0)
        ledger.stop()
        assert all(isinstance(outcome, Accepted) for outcome in await waiting)
        with pytest.raises(NotRecorded):
            await ledger.submit(order(CheckUnit(T1)), BY)
