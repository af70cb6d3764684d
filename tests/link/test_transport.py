"""HTTP over a real connection: answers however they are cut, connections used again, and each way it can fail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.link.transport import Transport
from tests.support.loop import runs

Answers = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


class Server:
    """A hub of a few bytes, on a free loopback port. It counts connections, and keeps what it was asked."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[bytes] = []
        self.connections = 0
        self.port = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await _request(reader):
                self.asked.append(head)
                await self.answers(reader, writer)
                if writer.is_closing():
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head + (await reader.readexactly(int(lengths[0])) if lengths else b"")


@asynccontextmanager
async def serving(answers: Answers) -> AsyncIterator[tuple[httpx.AsyncClient, Server]]:
    made = Server(answers)
    listening = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(transport=Transport(), base_url=f"http://127.0.0.1:{made.port}") as client:
            yield client, made
    finally:
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)


def saying(*pieces: bytes, then_close: bool = False) -> Answers:
    """A server that says this, piece by piece."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if then_close:
            writer.close()

    return answer


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


@runs
async def test_given_requests_one_after_the_other_then_one_connection_carries_them_and_their_bodies() -> None:
    async with serving(saying(TEXT + b"Content-Length: 5\r\n\r\nhello")) as (client, server):
        first = await client.post("/v1/commands?a=1", content=b"{}", headers={"x-desk": "one"})
        second = await client.get("/v1/health")
    assert (first.status_code, first.reason_phrase, first.text, second.text) == (200, "OK", "hello", "hello")
    assert first.headers["content-type"] == "text/plain"
    assert server.connections == 1
    assert server.asked[0].startswith(b"POST /v1/commands?a=1 HTTP/1.1\r\n") and server.asked[0].endswith(b"\r\n\r\n{}")
    assert b"\r\nx-desk: one\r\n" in server.asked[0] and b"127.0.0.1:%d\r\n" % server.port in server.asked[0]


WHOLE = {
    "length": TEXT + b"Content-Length: 11\r\n\r\nhello world",
    "chunks": TEXT + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(b"hello", b" ", b"world"),
    "trailers": TEXT + b"Transfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n",
    "announced": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + TEXT + b"Content-Length: 11\r\n\r\nhello world",
    "no reason": b"HTTP/1.1 200\r\ncontent-length:11\r\n\r\nhello world",
}


@settings(max_examples=12)
@pytest.mark.parametrize("kind", WHOLE)
@given(cuts=st.lists(st.integers(0, 150), max_size=8))
def test_however_an_answer_is_cut_it_is_the_same_answer(kind: str, cuts: list[int]) -> None:
    whole = WHOLE[kind]
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    pieces = [whole[start:end] for start, end in pairwise(edges) if start < end]

    @runs
    async def asking() -> None:
        async with serving(saying(*pieces)) as (client, server):
            for _ in range(2):
                assert (await client.get("/")).text == "hello world"
            assert server.connections == 1

    asking()


@runs
async def test_given_no_length_then_the_answer_is_all_that_comes_and_the_connection_is_not_used_again() -> None:
    async with serving(saying(TEXT + b"\r\nhel", b"lo", then_close=True)) as (client, server):
        assert [(await client.get("/")).text, (await client.get("/")).text] == ["hello", "hello"]
        assert server.connections == 2


@pytest.mark.parametrize("head", [TEXT + b"Connection: close\r\n", b"HTTP/1.0 200 OK\r\n"])
def test_given_a_server_that_wants_no_more_on_a_connection_then_the_next_request_takes_another(head: bytes) -> None:
    @runs
    async def asking() -> None:
        async with serving(saying(head + b"Content-Length: 2\r\n\r\nhi")) as (client, server):
            assert [(await client.get("/")).text, (await client.get("/")).text] == ["hi", "hi"]
            assert server.connections == 2

    asking()


@runs
async def test_given_answers_without_a_body_then_nothing_is_waited_for() -> None:
    async with serving(saying(b"HTTP/1.1 204 No Content\r\n\r\n")) as (client, server):
        assert [(await client.put("/")).status_code, (await client.put("/")).status_code] == [204, 204]
        assert server.connections == 1
    async with serving(saying(TEXT + b"Content-Length: 7\r\n\r\n")) as (client, _):
        assert (await client.head("/")).headers["content-length"] == "7"


@runs
async def test_given_a_resting_connection_that_the_server_closed_then_another_is_opened() -> None:
    async with serving(saying(TEXT + b"Content-Length: 2\r\n\r\nhi", then_close=True)) as (client, server):
        transport = client._transport
        assert isinstance(transport, Transport)
        await client.get("/")
        while transport._resting and transport._resting[0].usable:  # noqa: ASYNC110  the other end's closing has no event here
            await asyncio.sleep(0)
        assert (await client.get("/")).text == "hi"
        assert server.connections == 2


@runs
async def test_given_a_stream_that_nobody_reads_on_then_its_connection_is_closed_and_others_go_on() -> None:
    gone = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(TEXT + b"Transfer-Encoding: chunked\r\n\r\n" + b"3\r\nab\n\r\n")
        await writer.drain()
        while await reader.read(100):
            pass
        gone.set()
        writer.close()

    async with serving(endless) as (client, _):
        async with client.stream("GET", "/") as answer:
            async for line in answer.aiter_lines():
                assert line == "ab"
                break
        await gone.wait()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        TEXT + b"Content-Length: -3\r\n\r\n",
        TEXT + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        TEXT + b"Content-Length: 10\r\n\r\nhello",
        TEXT + b"Transfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n",
        TEXT + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
        TEXT + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        TEXT + b"X: " + b"x" * 70_000,
    ],
)
def test_given_what_is_no_answer_or_half_of_one_then_it_is_said_and_never_taken_for_whole(said: bytes) -> None:
    @runs
    async def asking() -> None:
        async with serving(saying(said, then_close=True)) as (client, _):
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/")

    asking()


@runs
async def test_given_a_server_that_falls_silent_then_the_wait_ends() -> None:
    for said in (b"", TEXT + b"Content-Length: 10\r\n\r\nhello"):
        async with serving(saying(said)) as (client, _):
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/", timeout=httpx.Timeout(5.0, read=0.02))


@runs
async def test_given_nobody_at_the_address_or_no_address_then_it_is_said() -> None:
    unused = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = unused.sockets[0].getsockname()[1]
    unused.close()
    await unused.wait_closed()
    async with httpx.AsyncClient(transport=Transport()) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/")
        with pytest.raises(httpx.UnsupportedProtocol):
            await client.get("ftp://127.0.0.1/")


@runs
async def test_given_a_server_that_hangs_up_on_a_secure_greeting_then_nobody_is_there() -> None:
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, httpx.AsyncClient(transport=Transport()) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"https://127.0.0.1:{port}/")


@runs
async def test_given_a_header_with_a_line_end_in_it_then_nothing_is_sent() -> None:
    async with serving(saying(TEXT + b"Content-Length: 2\r\n\r\nhi")) as (client, server):
        with pytest.raises(httpx.LocalProtocolError):
            await client.get("/", headers={"authorization": "Bearer a\r\nx: y"})
        assert server.connections == 0


@runs
async def test_given_a_large_body_each_way_then_all_of_it_arrives() -> None:
    large = bytes(range(256)) * 20_000
    async with serving(saying(TEXT + b"Content-Length: %d\r\n\r\n" % len(large), large)) as (client, server):
        assert (await client.post("/", content=large)).content == large
        assert server.asked[0].endswith(large)
