"""The outbox on disk: in order, per person, and there after the desk was killed."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.commands import AddNarrative, AnyCommand, DispatchUnit, Order
from console.domain.ids import CallId, CommandId, EntryId, LogId, UnitId, UserId
from console.link.outbox import Outbox, OutboxBusy, OutboxFailed, Row, RowState, expires, open_outbox
from tests.support.loop import runs
from tests.support.scenes import START

OKAFOR, REYES = UserId("okafor"), UserId("reyes")
LOG = LogId("log-1")


def note(name: str) -> AddNarrative:
    return AddNarrative(CallId("call-1"), EntryId(f"e-{name}"), f"note {name}")


def dispatch(unit: str = "T1") -> DispatchUnit:
    return DispatchUnit(UnitId(unit), CallId("call-1"))


def row(outbox: Outbox, name: str, user: UserId = OKAFOR, command: AnyCommand | None = None, **fields: object) -> Row:
    made = Row(
        place=outbox.take_place(),
        order=Order(CommandId(name), command or note(name)),
        user_id=user,
        log_id=LOG,
        made_at=START,
        expires_at=expires(command or note(name), 1000.0),
    )
    return replace(made, **fields)


def names(outbox: Outbox) -> list[str]:
    return list(outbox.rows)


@runs
async def test_given_rows_when_opened_again_then_all_are_there_in_order_and_late(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    for name in "abc":
        await outbox.write(row(outbox, name))
    desk_id = outbox.desk_id
    await outbox.close()
    again = Outbox(tmp_path / "outbox.sqlite")
    assert names(again) == ["a", "b", "c"]
    assert all(kept.late for kept in again.rows.values())
    assert again.desk_id == desk_id
    await again.write(row(again, "d"))
    assert [kept.place for kept in again.rows.values()] == [1, 2, 3, 4]
    await again.close()


@runs
async def test_given_a_row_on_its_way_when_the_desk_was_killed_then_it_may_have_been_taken(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    await outbox.write(row(outbox, "a", state=RowState.SENDING))
    await outbox.write(row(outbox, "b", state=RowState.WAITING))
    await outbox.close()
    again = Outbox(tmp_path / "outbox.sqlite")
    assert [kept.maybe_taken for kept in again.rows.values()] == [True, False]
    await again.close()


@runs
async def test_given_a_row_that_is_struck_then_nothing_of_it_is_left_in_the_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    secret = row(outbox, "a", command=AddNarrative(CallId("c"), EntryId("e"), "lives at 12 Elm Street"))
    await outbox.write(secret)
    await outbox.strike(secret)
    await outbox.close()
    assert b"Elm Street" not in (tmp_path / "outbox.sqlite").read_bytes()
    assert not (tmp_path / "outbox.sqlite-wal").exists()


@runs
async def test_the_head_is_the_oldest_unsettled_row_of_that_person_and_log(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    await outbox.write(row(outbox, "hers", REYES))
    await outbox.write(row(outbox, "expired", state=RowState.EXPIRED))
    await outbox.write(row(outbox, "rejected", state=RowState.REJECTED))
    await outbox.write(row(outbox, "other log", log_id=LogId("log-0")))
    assert outbox.head(OKAFOR, LOG) is None
    await outbox.write(row(outbox, "first"))
    await outbox.write(row(outbox, "second"))
    first = outbox.head(OKAFOR, LOG)
    assert first is not None
    assert first.command_id == "first"
    await outbox.write(replace(first, state=RowState.SENDING))
    head = outbox.head(OKAFOR, LOG)
    assert head is not None
    assert head.command_id == "first"
    assert [kept.command_id for kept in outbox.of(REYES)] == ["hers"]
    await outbox.close()


@given(st.lists(st.sampled_from(["add", "add", "add", "strike", "change", "reopen"]), max_size=25))
def test_memory_and_disk_are_the_same_rows_in_the_same_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path = tmp_path_factory.mktemp("outbox") / "outbox.sqlite"

    @runs
    async def stepping() -> None:
        outbox = Outbox(path)
        for number, step in enumerate(steps):
            first = next(iter(outbox.rows.values()), None)
            if step == "add":
                await outbox.write(row(outbox, f"c{number}"))
            elif step == "strike" and first:
                await outbox.strike(first)
                outbox.forget(first.command_id)
            elif step == "change" and first:
                await outbox.write(replace(first, state=RowState.REJECTED, why="no", late=True))
            elif step == "reopen":
                before = [(kept.command_id, kept.state) for kept in outbox.rows.values()]
                await outbox.close()
                outbox = Outbox(path)
                assert [(kept.command_id, kept.state) for kept in outbox.rows.values()] == before
        places = [kept.place for kept in outbox.rows.values()]
        assert places == sorted(set(places))
        await outbox.close()

    stepping()


@runs
async def test_given_writes_at_once_then_they_stand_in_the_order_they_were_given(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    await asyncio.gather(*(outbox.write(row(outbox, f"c{n}")) for n in range(20)))
    assert names(outbox) == [f"c{n}" for n in range(20)]
    await outbox.close()


@runs
async def test_given_a_caller_that_is_cancelled_then_the_row_is_on_disk_and_in_memory_all_the_same(
    tmp_path: Path,
) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(outbox.write(row(outbox, "a")))
        await asyncio.sleep(0)
        writing.cancel()
    await outbox.write(row(outbox, "b"))
    assert names(outbox) == ["a", "b"]
    await outbox.close()


@runs
async def test_given_a_second_desk_then_it_takes_a_file_of_its_own(tmp_path: Path) -> None:
    first, told = open_outbox(tmp_path / "desks")
    second, _ = open_outbox(tmp_path / "desks")
    assert told == ""
    assert (first.path.name, second.path.name) == ("desk-1.sqlite", "desk-2.sqlite")
    assert first.desk_id != second.desk_id
    with pytest.raises(OutboxBusy):
        Outbox(first.path)
    await first.close()
    await second.close()
    again, _ = open_outbox(tmp_path / "desks")
    assert again.desk_id == first.desk_id
    await again.close()


@runs
async def test_given_a_damaged_file_then_it_is_set_aside_and_said_and_a_new_one_begun(tmp_path: Path) -> None:
    (tmp_path / "desk-1.sqlite").write_bytes(b"not a database at all" * 100)
    outbox, told = open_outbox(tmp_path)
    assert "damaged-1-desk-1.sqlite" in told
    assert (tmp_path / "damaged-1-desk-1.sqlite").read_bytes().startswith(b"not a database")
    await outbox.write(row(outbox, "a"))
    await outbox.close()


@runs
async def test_given_a_row_of_another_version_then_it_stays_in_the_file_and_is_named(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    await outbox.write(row(outbox, "a"))
    await outbox.close()
    with sqlite3.connect(tmp_path / "outbox.sqlite") as database:
        database.execute("INSERT INTO outbox VALUES (7, 'z', ?)", (b'{"from": "the future"}',))
    database.close()
    again = Outbox(tmp_path / "outbox.sqlite")
    assert names(again) == ["a"]
    assert again.unreadable == ['{"from": "the future"}']
    assert again.take_place() == 8
    await again.close()


@runs
async def test_given_a_disk_that_takes_nothing_then_it_is_said_and_the_row_is_not_in_memory(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    outbox._thread.submit(outbox._database.execute, "PRAGMA max_page_count = 1").result()
    with pytest.raises(OutboxFailed, match="full"):
        await outbox.write(row(outbox, "a", command=AddNarrative(CallId("c"), EntryId("e"), "x" * 100_000)))
    assert names(outbox) == []
    await outbox.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from console.link.outbox import Outbox
from tests.link.test_outbox import row

async def main():
    outbox = Outbox(Path(sys.argv[1]))
    for number in range(1000):
        await outbox.write(row(outbox, f"c{number}"))
        print(number, flush=True)

asyncio.run(main())
"""


def test_given_kill_9_in_the_middle_then_every_row_that_was_acknowledged_is_there(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        for line in desk.stdout:
            if line == "20\n":
                desk.kill()
                break
        acknowledged = 20 + sum(1 for _ in desk.stdout)

    @runs
    async def opening() -> None:
        outbox = Outbox(path)
        assert names(outbox)[: acknowledged + 1] == [f"c{number}" for number in range(acknowledged + 1)]
        assert len(outbox.rows) <= acknowledged + 2
        await outbox.close()

    opening()
