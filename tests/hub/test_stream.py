"""The stream over a real socket: everything once and in order, 410 where a cursor makes no sense, and a quick end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from console.domain.commands import CheckUnit
from console.domain.events import LogEntry
from console.domain.evolve import fold
from console.domain.ids import Seq, UnitId
from console.domain.state import Position, Role, State
from console.hub import ledger as ledger_module
from console.hub import stream as stream_module
from console.hub.positions import Fix
from console.wire import codec
from console.wire.messages import Heartbeat, Problem
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs
from tests.support.scenes import receive

T1, T2 = UnitId("T1"), UnitId("T2")


class Reader:
    """One open stream, read message by message."""

    def __init__(self, response: httpx.Response) -> None:
        self._blocks = self._read(response)

    async def _read(self, response: httpx.Response) -> AsyncIterator[dict[str, str]]:
        rest = ""
        async for text in response.aiter_text():
            rest += text
            while "\n\n" in rest:
                block, rest = rest.split("\n\n", 1)
                yield dict(line.split(": ", 1) for line in block.splitlines())

    async def message(self) -> dict[str, str] | None:
        """The next message, or None at the end."""
        return await anext(self._blocks, None)

    async def entry(self) -> LogEntry:
        """The next log entry; what stands before it is passed over."""
        return codec.decode((await self.of("entry"))["data"], LogEntry)

    async def of(self, kind: str) -> dict[str, str]:
        """The next message of a kind."""
        while (message := await self.message()) is not None:
            if message["event"] == kind:
                return message
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def streaming(
    hub: RunningHub, after: int, log_id: str = "", role: Role = Role.TELECOMMUNICATOR
) -> AsyncIterator[Reader]:
    """An open stream after a number, of the person of that role."""
    query = {"log": log_id or hub.hub.ledger.log_id, "after": str(after)}
    async with hub.client.stream("GET", "/v1/stream", params=query, headers=await hub.bearer(role)) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Reader(response)


@runs
async def test_given_a_stream_from_the_start_then_all_entries_in_order_and_what_comes(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        await hub.submit(receive())
        async with streaming(hub, 0) as reader:
            entries = [await reader.entry() for _ in range(hub.hub.ledger.head)]
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
            assert fold(State(), entries) == hub.hub.ledger.state
            await hub.order(CheckUnit(T1))
            message = await reader.of("entry")
            assert int(message["id"]) == hub.hub.ledger.head
            assert codec.decode(message["data"], LogEntry).by == "okafor"


@runs
async def test_given_a_stream_then_the_first_message_is_a_heartbeat_whose_digest_is_the_states(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        async with streaming(hub, hub.hub.ledger.head) as reader:
            message = await reader.message()
            assert message is not None and message["event"] == "heartbeat" and "id" not in message
            beat = codec.decode(message["data"], Heartbeat)
            assert beat.head == beat.digest_at == hub.hub.ledger.head
            assert beat.digest == codec.digest(hub.hub.ledger.state)


@runs
async def test_given_heartbeats_under_traffic_then_each_stands_right_behind_the_entry_of_its_digest(tmp_path: Path) -> None:
    async with running_hub(tmp_path, heartbeat_s=0.01) as hub:
        await hub.sign_in()
        state, at, compared = hub.hub.ledger.state, hub.hub.ledger.head, 0
        async with streaming(hub, at) as reader, asyncio.TaskGroup() as tasks:
            traffic = tasks.create_task(_traffic(hub))
            while compared < 5:
                message = await reader.message()
                assert message is not None
                if message["event"] == "entry":
                    entry = codec.decode(message["data"], LogEntry)
                    state, at = fold(state, [entry]), entry.seq
                else:
                    beat = codec.decode(message["data"], Heartbeat)
                    if beat.digest_at == at and beat.head == beat.digest_at:
                        assert beat.digest == codec.digest(state)
                        compared += 1
            traffic.cancel()


async def _traffic(hub: RunningHub) -> None:
    while True:
        await hub.submit(CheckUnit(T1))


@runs
async def test_given_a_cursor_that_makes_no_sense_then_410_or_400_and_says_why(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_module, "KEPT", 5)
        async with running_hub(tmp_path) as hub:
            await hub.sign_in()
            for _ in range(10):
                await hub.submit(CheckUnit(T1))
            log_id, head = hub.hub.ledger.log_id, hub.hub.ledger.head
            for query, status, code in (
                (f"log=another&after={head}", 410, "other-log"),
                (f"after={head}", 410, "other-log"),
                (f"log={log_id}&after={head + 1}", 410, "ahead-of-head"),
                (f"log={log_id}&after={head - 6}", 410, "too-old"),
                (f"log={log_id}&after=-1", 410, "too-old"),
                (f"log={log_id}&after=soon", 400, "after-unreadable"),
                (f"log={log_id}", 400, "after-unreadable"),
                (f"log={log_id}&after={'9' * 5000}", 400, "after-unreadable"),
            ):
                answer = await hub.get(f"/v1/stream?{query}")
                problem = codec.decode(answer.content, Problem)
                assert (answer.status_code, problem.code) == (status, code), problem
            async with streaming(hub, head - 5) as reader:
                assert (await reader.entry()).seq == head - 4


@runs
async def test_given_a_reader_far_behind_the_ring_then_it_is_served_from_the_store_without_a_gap(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_module, "RING_BYTES", 1_000)
        patch.setattr(ledger_module, "PAGE", 7)
        async with running_hub(tmp_path) as hub:
            await hub.sign_in()
            await asyncio.gather(*(hub.submit(CheckUnit(T1)) for _ in range(60)))
            async with streaming(hub, 0) as reader:
                numbers = [(await reader.entry()).seq for _ in range(hub.hub.ledger.head)]
            assert numbers == list(range(1, hub.hub.ledger.head + 1))


@runs
async def test_given_several_streams_then_health_counts_them_and_notices_when_one_goes(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        head = hub.hub.ledger.head
        async with streaming(hub, head) as one:
            await one.message()
            async with streaming(hub, head) as two:
                await two.message()
                assert (await hub.client.get("/v1/health")).json()["desks"] == 2
            while hub.hub.streams.open == 2:
                await hub.hub.ledger.bell.wait()
                await asyncio.sleep(0)
            assert hub.hub.streams.open == 1


@runs
async def test_given_a_reader_that_reads_nothing_then_the_others_and_the_ledger_do_not_wait(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        head = hub.hub.ledger.head
        async with streaming(hub, head), streaming(hub, head) as reader:
            for n in range(2_000):
                await hub.submit(CheckUnit(T1 if n % 2 else T2))
            numbers = [(await reader.entry()).seq for _ in range(2_000)]
            assert numbers == list(range(head + 1, head + 2_001))


@runs
async def test_given_open_streams_when_the_hub_ends_then_they_end_too(tmp_path: Path) -> None:
    ended = asyncio.Event()

    async def read(hub: RunningHub, begun: asyncio.Event) -> None:
        async with streaming(hub, 0) as reader:
            begun.set()
            while await reader.message() is not None:
                pass
        ended.set()

    async with running_hub(tmp_path) as hub:
        begun = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(read(hub, begun))
            await begun.wait()
            hub.hub.streams.close()
        assert ended.is_set()


@runs
async def test_given_positions_then_streams_get_the_last_of_each_unit_together_and_without_an_id(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await hub.sign_in()
        now = hub.hub.time.now()
        async with streaming(hub, hub.hub.ledger.head) as reader:
            await reader.message()
            for longitude in (-78.1, -78.2, -78.3):
                fixes = [Fix(T1, 36.0, longitude, now), Fix(T2, 36.1, longitude, now)]
                assert (await hub.post("/v1/positions", fixes, Role.ACTOR)).status_code == 200
            message = await reader.of("positions")
            assert "id" not in message
            found = codec.decode(message["data"], list[Position])
            assert {(p.unit_id, p.longitude) for p in found} == {(T1, -78.3), (T2, -78.3)}
            await hub.post("/v1/positions", [Fix(T2, 36.1, -78.4, now)], Role.ACTOR)
            found = codec.decode((await reader.of("positions"))["data"], list[Position])
            assert [(p.unit_id, p.longitude) for p in found] == [(T2, -78.4)]
        async with streaming(hub, hub.hub.ledger.head) as late:
            found = codec.decode((await late.of("positions"))["data"], list[Position])
            assert {(p.unit_id, p.longitude) for p in found} == {(T1, -78.3), (T2, -78.4)}


@runs
async def test_given_one_head_then_its_digest_is_computed_once_for_all_streams(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        computed: list[Seq] = []
        async with running_hub(tmp_path) as hub:
            await hub.sign_in()
            real = codec.Digester.digest

            def digest(self: codec.Digester, state: State) -> str:
                computed.append(hub.hub.ledger.head)
                return real(self, state)

            patch.setattr(codec.Digester, "digest", digest)
            for _ in range(5):
                async with streaming(hub, hub.hub.ledger.head) as reader:
                    await reader.message()
                    hub.hub.streams.announce()
                    await reader.of("heartbeat")
            assert len(computed) == len(set(computed))
