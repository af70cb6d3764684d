"""Bytes of the stream into records, however the network cuts them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.ids import CallId, Seq, UnitId, UserId
from console.domain.state import Position
from console.link.events_stream import Message, messages
from console.link.problems import Unreachable, VersionSkew
from console.wire.codec import encode
from console.wire.messages import BeingTyped, Heartbeat, Typing
from tests.link.test_replica import ENTRIES
from tests.support.loop import runs
from tests.support.scenes import START

POSITIONS = (Position(UnitId("Ñandú 1"), 36.0, -78.9, START, START),)
TYPED = BeingTyped((Typing(CallId("call-1"), UserId("reyes"), "She says she is ca", START),))
SENT: list[Message] = [Heartbeat(Seq(2), START, Seq(2), "d"), *ENTRIES[:4], POSITIONS, TYPED, *ENTRIES[4:]]


def frame(message: Message) -> bytes:
    match message:
        case Heartbeat():
            return b"event: heartbeat\ndata: %b\n\n" % encode(message)
        case tuple():
            return b"event: positions\ndata: %b\n\n" % encode(message)
        case BeingTyped():
            return b"event: typing\ndata: %b\n\n" % encode(message)
        case entry:
            return b"event: entry\nid: %d\ndata: %b\n\n" % (entry.seq, encode(entry))


async def source(*pieces: bytes) -> AsyncGenerator[bytes, None]:
    """A body that arrives in these pieces."""
    for piece in pieces:
        yield piece


async def read(pieces: AsyncGenerator[bytes, None]) -> list[Message]:
    async with aclosing(messages(pieces)) as stream:
        return [message async for message in stream]


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, sum(len(frame(message)) for message in SENT)), max_size=30),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_however_the_bytes_are_cut_the_same_messages_come_out(cuts: list[int], line_end: str) -> None:
    body = b"".join(frame(message) for message in SENT).replace(b"\n", line_end.encode())
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    pieces = [body[start:end] for start, end in pairwise(edges) if start < end]

    @runs
    async def reading() -> None:
        assert await read(source(*pieces)) == SENT

    reading()


@runs
async def test_given_comments_and_blank_lines_then_they_are_no_messages() -> None:
    body = b": hello\n\n" + frame(ENTRIES[0]) + b": still there\n\n\n\n" + frame(ENTRIES[1])
    assert await read(source(body)) == ENTRIES[:2]


@runs
async def test_given_half_a_message_at_the_end_then_it_is_not_one() -> None:
    assert await read(source(frame(ENTRIES[0]), frame(ENTRIES[1])[:-1])) == ENTRIES[:1]


@pytest.mark.parametrize(
    "body",
    [
        frame(ENTRIES[0]).replace(b'"AgencyConfigured"', b'"UnitTeleported"'),
        frame(ENTRIES[0]).replace(b'"seq"', b'"sequence"'),
        b"event: telepathy\ndata: {}\n\n",
        b"data: {}\n\n",
    ],
)
def test_given_something_this_desk_does_not_know_then_it_is_never_skipped(body: bytes) -> None:
    @runs
    async def reading() -> None:
        with pytest.raises(VersionSkew, match="older than the hub"):
            await read(source(body))

    reading()


@runs
async def test_given_broken_json_then_the_link_is_what_is_broken_not_the_version() -> None:
    with pytest.raises(Unreachable, match="garbled"):
        await read(source(b'event: entry\nid: 1\ndata: {"seq": 1, "ev\n\n'))


@runs
async def test_given_data_in_several_lines_then_it_is_one_with_line_ends_between() -> None:
    entry = encode(ENTRIES[0])
    cut = entry.index(b",") + 1
    body = b"event:entry\nretry: 3\ndata:%b\ndata: %b\n\n" % (entry[:cut], entry[cut:])
    assert await read(source(body)) == ENTRIES[:1]


@runs
async def test_all_that_one_read_brought_is_given_in_one_turn() -> None:
    """What lets the desk be told once about a batch: no other task runs between two messages of one read."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        counting = tasks.create_task(count())
        seen = []
        async with aclosing(messages(source(b"".join(frame(message) for message in SENT)))) as stream:
            async for _ in stream:
                seen.append(turns)
        counting.cancel()
    assert len(seen) == len(SENT)
    assert len(set(seen)) == 1
