"""A tiny load against a real little server, and the bare one that the hub is held against."""

import asyncio
from collections import Counter

import pytest

from console.bench.bare import bare_server
from console.bench.posting import post_all
from console.link.events_stream import ServerSentEvents
from console.link.http_origin import HttpOrigin
from tests.support.loop import runs


class Counting:
    """Answers HTTP/1.1 POST requests as it was told, and remembers who sent what."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self.bodies: Counter[bytes] = Counter()
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = next(line for line in head.splitlines() if line.startswith(b"content-length:"))
                assert b"x-who: me" in head
                self.bodies[await reader.readexactly(int(length.split(b":")[1]))] += 1
                writer.write(self._answer)
        except asyncio.IncompleteReadError:
            writer.close()


@runs
async def test_given_bodies_and_connections_when_posted_then_each_goes_once_and_a_rate_comes_back() -> None:
    server = Counting(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/here"
        rate = await post_all(url, {"x-who": "me"}, (str(n).encode() for n in range(50)), 4)
    assert server.bodies == Counter(str(n).encode() for n in range(50))
    assert server.connections == 4
    assert rate > 0


@runs
async def test_given_an_answer_that_is_not_200_when_posted_then_the_measurement_ends() -> None:
    server = Counting(b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n")
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        with pytest.raises(ExceptionGroup) as failed:
            await post_all(url, {"x-who": "me"}, [b"one"], 1)
    assert "409" in str(failed.value.exceptions[0])


@runs
async def test_given_the_bare_server_when_posted_to_then_it_says_yes_and_echoes_to_its_readers() -> None:
    with bare_server() as url:
        origin, events = HttpOrigin(url), ServerSentEvents()
        async with origin.stream("/stream", 60.0) as (_, pieces):
            assert [kind for kind, _ in events.read(await anext(pieces))] == ["heartbeat"]
            assert (await origin.request("POST", "/", b"{}")).status == 200
            assert (await origin.request("POST", "/echo", b"17")).status == 200
            assert list(events.read(await anext(pieces))) == [("entry", b"17")]
        await origin.close()
