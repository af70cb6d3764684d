"""Feeds of a running hub on loopback: what devices send stands on the board, and no feed touches another."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from console.domain.ids import UnitId
from console.domain.state import Role
from console.hub.feeds import lines, osmand_web
from console.hub.feeds.settings import (
    Feed,
    FeedsFaulty,
    FeedsSettings,
    GtfsRealtimeFeed,
    NmeaFeed,
    OsmandFeed,
    TaipFeed,
)
from console.wire import codec
from console.wire.feeds import FeedHealth, FeedState
from console.wire.messages import Problem, Snapshot
from tests.hub.feeds.saying import pv, rmc, vehicles
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs

T1, T2 = UnitId("T1"), UnitId("T2")
ANY = "127.0.0.1:0"
PHONES = OsmandFeed(name="Phones", listen=ANY, units={"7": T1})
MODEMS = NmeaFeed(name="Modems", tcp=ANY, udp=ANY, units={"A": T1, "B": T2})
VAN = TaipFeed(name="Van", tcp=ANY, udp=ANY, unit=T2)


@asynccontextmanager
async def fed_hub(folder: Path, *feeds: Feed) -> AsyncIterator[RunningHub]:
    async with running_hub(folder, feeds=FeedsSettings(feeds)) as hub:
        yield hub


def health(hub: RunningHub, name: str) -> FeedHealth:
    return next(one for one in hub.hub.feeds() if one.name == name)


def port(hub: RunningHub, name: str, kind: str) -> int:
    (address,) = (one for one in health(hub, name).listens if one.startswith(kind))
    return int(address.rpartition(":")[2])


async def until(true: Callable[[], bool]) -> None:
    """Let the loop turn until it has happened; the test's own bound ends what never does."""
    while not true():  # noqa: ASYNC110  a feed tells nobody that it has read something
        await asyncio.sleep(0)


async def sent_by_tcp(hub: RunningHub, name: str, *pieces: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port(hub, name, "tcp"))
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


def sent_by_udp(hub: RunningHub, name: str, *datagrams: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for datagram in datagrams:
            sender.sendto(datagram, ("127.0.0.1", port(hub, name, "udp")))


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def held(hub: RunningHub) -> dict[UnitId, tuple[float, float]]:
    return {one.unit_id: (round(one.latitude, 4), round(one.longitude, 4)) for one in hub.hub.positions.all()}


@runs
async def test_given_modems_on_one_port_then_each_unit_is_where_its_own_says(tmp_path: Path) -> None:
    async with fed_hub(tmp_path, MODEMS) as hub:
        whole = b"A," + rmc(now()) + b"\r\nB," + rmc(now(), "3606.0000,N") + b"\r\nnobody," + rmc(now()) + b"\r\n"
        await sent_by_tcp(hub, "Modems", whole[:50], whole[50:])
        await until(lambda: health(hub, "Modems").received == 3)
        assert held(hub) == {T1: (36.0, -78.9), T2: (36.1, -78.9)}
        later = now() + timedelta(seconds=1)
        sent_by_udp(hub, "Modems", b"A," + rmc(later, "3600.0060,N"), b"\xff\xfe", b"A,$GPRMC", b"", b"A," + rmc(later))
        await until(lambda: health(hub, "Modems").received == 7)
        assert health(hub, "Modems").refused == {"unknown_device": 1, "unreadable": 2}
        assert [one.device for one in health(hub, "Modems").unknown] == ["nobody"]
        snapshot = codec.decode((await hub.get("/v1/snapshot")).content, Snapshot)
        assert {one.unit_id for one in snapshot.positions} == {T1, T2}


@runs
async def test_given_a_port_of_one_unit_then_taip_by_either_way_is_of_it(tmp_path: Path) -> None:
    async with fed_hub(tmp_path, VAN) as hub:
        await sent_by_tcp(hub, "Van", pv(now())[:20], pv(now())[20:])
        await until(lambda: health(hub, "Van").taken == 1)
        sent_by_udp(hub, "Van", pv(now(), checksum=False), pv(now())[:-3] + b"00<")
        await until(lambda: health(hub, "Van").received == 3)
        assert held(hub) == {T2: (36.0, -78.9)} and health(hub, "Van").refused == {"checksum": 1}


@runs
async def test_given_phones_then_they_hear_200_for_what_was_understood_and_400_for_what_was_not(tmp_path: Path) -> None:
    async with fed_hub(tmp_path, PHONES) as hub, httpx.AsyncClient(trust_env=False) as phone:
        url = f"http://127.0.0.1:{port(hub, 'Phones', 'http')}"
        second = int(now().timestamp())
        assert (await phone.get(f"{url}/?id=7&lat=36&lon=-78.9&timestamp={second}")).status_code == 200
        assert (await phone.post(url, data={"id": "7", "lat": "36.0001", "lon": "-78.9"})).status_code == 200
        place = {"coords": {"latitude": 36.0002, "longitude": -78.9}}
        assert (await phone.post(f"{url}/any/path", json={"device_id": "7", "location": place})).status_code == 200
        assert held(hub) == {T1: (36.0002, -78.9)}
        assert (await phone.get(f"{url}/?id=stranger&lat=36&lon=-78.9")).status_code == 200
        assert (await phone.get(f"{url}/?id=7&lat=36&lon=-78.9&timestamp=1")).status_code == 200, "or it comes for ever"
        refused = await phone.get(f"{url}/?lat=36&lon=-78.9")
        assert (refused.status_code, refused.text) == (400, "the request names no id\n")
        assert (await phone.post(url, content=b"x" * (osmand_web.BODY_AT_MOST + 1))).status_code == 413
        assert (await phone.delete(url)).status_code == 405
        assert health(hub, "Phones").refused == {"clock_off": 1, "no_device": 1, "too_long": 1, "unknown_device": 1}


@pytest.mark.expects_log("Invalid HTTP request received")
@runs
async def test_given_noise_where_phones_speak_then_the_next_phone_is_heard(tmp_path: Path) -> None:
    async with fed_hub(tmp_path, PHONES) as hub, httpx.AsyncClient(trust_env=False) as phone:
        at = port(hub, "Phones", "http")
        for noise in (
            b"\x00\xff" * 400 + b"\r\n\r\n",
            b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nid=",
            b"GET",
        ):
            _, writer = await asyncio.open_connection("127.0.0.1", at)
            writer.write(noise)
            await writer.drain()
            writer.close()
        assert (await phone.get(f"http://127.0.0.1:{at}/?id=7&lat=36&lon=-78.9")).status_code == 200
        assert held(hub) == {T1: (36.0, -78.9)}


class Fleet:
    """A server of GTFS-realtime as a transit agency runs one: it knows what it sent last, and can be ill."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[dict[str, str]] = []
        self.news = asyncio.Event()
        self.hangs = False
        self.port = 0

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = (line.split(": ", 1) for line in head.decode().splitlines()[1:] if ": " in line)
                headers = {name.lower(): value for name, value in fields}
                self.asked.append(headers)
                self.news.set()
                if self.hangs:
                    await reader.read()
                    return
                status, body = self.answers[min(len(self.asked), len(self.answers)) - 1]
                if headers.get("if-none-match") == f'"{hash(body)}"':
                    status, body = 304, b""
                told = (
                    f'etag: "{hash(body)}"\r\ncontent-length: {len(body)}\r\n' if status == 200 else "content-length: 0\r\n"
                )
                writer.write(f"HTTP/1.1 {status} x\r\n{told}\r\n".encode() + (body if status == 200 else b""))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Fleet]:
        async with asyncio.TaskGroup() as tasks:

            def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                tasks.create_task(self._answer(reader, writer))

            server = await asyncio.start_server(begin, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            try:
                yield self
            finally:
                server.close()

    def feed(self, every_s: float = 0.001, timeout_s: float = 20.0) -> GtfsRealtimeFeed:
        return GtfsRealtimeFeed(
            name="Fleet", url=f"http://127.0.0.1:{self.port}/positions", every_s=every_s, timeout_s=timeout_s,
            units={"bus 1": T1},
        )  # fmt: skip


@runs
async def test_given_a_fleet_that_is_asked_then_what_did_not_change_is_not_sent_again(tmp_path: Path) -> None:
    async with Fleet().serving() as fleet:
        fleet.answers = [(200, vehicles(("bus 1", 36.0, -78.9, now()), ("bus 2", 36.0, -78.9, now())))]
        async with fed_hub(tmp_path, fleet.feed()) as hub:
            await until(lambda: len(fleet.asked) > 3)
            assert health(hub, "Fleet").received == 2, "the same message was read once"
            assert held(hub) == {T1: (36.0, -78.9)}
            assert "if-none-match" not in fleet.asked[0] and "if-none-match" in fleet.asked[1]
            assert health(hub, "Fleet").state is FeedState.WORKING
            assert [one.device for one in health(hub, "Fleet").unknown] == ["bus 2"]


@runs
async def test_given_a_fleet_that_fails_then_why_is_said_and_it_is_asked_again_until_it_answers(tmp_path: Path) -> None:
    async with Fleet().serving() as fleet:
        good = vehicles(("bus 1", 36.0, -78.9, now()))
        fleet.answers = [(500, b""), (302, b""), (200, b"<html>"), (200, good)]
        async with fed_hub(tmp_path, fleet.feed()) as hub:
            await until(lambda: "it answered 500" in health(hub, "Fleet").trouble)
            assert health(hub, "Fleet").state is FeedState.FAILING
            await until(lambda: health(hub, "Fleet").taken == 1)
            assert health(hub, "Fleet").trouble == "" and health(hub, "Fleet").refused == {"unreadable": 1}
            assert held(hub) == {T1: (36.0, -78.9)}


@runs
async def test_given_a_fleet_that_hangs_then_it_is_given_up_and_the_other_feeds_go_on(tmp_path: Path) -> None:
    async with Fleet().serving() as fleet:
        fleet.hangs = True
        async with fed_hub(tmp_path, fleet.feed(timeout_s=0.01), MODEMS) as hub:
            await until(lambda: "no whole answer within 0.01 s" in health(hub, "Fleet").trouble)
            sent_by_udp(hub, "Modems", b"A," + rmc(now()))
            await until(lambda: health(hub, "Modems").taken == 1)


@runs
async def test_given_noise_on_one_feed_then_the_others_and_itself_go_on(tmp_path: Path) -> None:
    async with fed_hub(tmp_path, MODEMS, VAN) as hub:
        await sent_by_tcp(hub, "Modems", b"\x00\xff$*" * 5000, b"$" * 9000, b"A," * 9000)
        sent_by_udp(hub, "Modems", b"\xff" * 60_000)
        await sent_by_tcp(hub, "Van", b"<>>>;;;***" * 2000)
        await until(lambda: health(hub, "Modems").refused.get("too_long", 0) > 0)
        sent_by_udp(hub, "Modems", b"A," + rmc(now()))
        sent_by_udp(hub, "Van", pv(now()))
        await until(lambda: health(hub, "Modems").taken == 1 and health(hub, "Van").taken == 1)


@runs
async def test_given_a_backlog_then_live_words_come_in_between_and_all_of_it_is_read(tmp_path: Path) -> None:
    """Thousands of sentences take a while to read; a packet sent in the midst of them is not one of the last."""
    async with fed_hub(tmp_path, MODEMS) as hub:
        behind = 8_000
        backlog = b"".join(b"A," + rmc(now() - timedelta(seconds=n)) + b"\r\n" for n in range(1000)) * (behind // 1000)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sent_by_tcp(hub, "Modems", backlog))
            await until(lambda: health(hub, "Modems").received > 0)
            sent_by_udp(hub, "Modems", b"B," + rmc(now()))
            await until(lambda: T2 in held(hub))
            assert health(hub, "Modems").received < behind / 2
        await until(lambda: health(hub, "Modems").received == behind + 1)
        assert sum(health(hub, "Modems").refused.values()) + health(hub, "Modems").taken == behind + 1


@runs
async def test_given_more_connections_than_may_be_then_the_longest_silent_is_closed(
    tmp_path: Path,
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "CONNECTIONS_AT_MOST", 2)
        async with fed_hub(tmp_path, MODEMS) as hub:
            opened = [await asyncio.open_connection("127.0.0.1", port(hub, "Modems", "tcp")) for _ in range(2)]
            opened[0][1].write(b"A," + rmc(now()) + b"\r\n")
            await until(lambda: health(hub, "Modems").taken == 1)
            opened.append(await asyncio.open_connection("127.0.0.1", port(hub, "Modems", "tcp")))
            assert await opened[1][0].read() == b"", "closed"
            assert health(hub, "Modems").refused == {"too_many_connections": 1}
            for _, writer in (opened[0], opened[2]):
                writer.close()
                await writer.wait_closed()
            opened[1][1].close()


@runs
async def test_supervisors_alone_see_how_the_feeds_stand(tmp_path: Path) -> None:
    async with fed_hub(tmp_path, MODEMS, PHONES) as hub:
        sent_by_udp(hub, "Modems", b"nobody," + rmc(now()))
        await until(lambda: health(hub, "Modems").received == 1)
        told = codec.decode((await hub.get("/v1/feeds", Role.SUPERVISOR)).content, tuple[FeedHealth, ...])
        assert [(one.name, one.protocol, one.state) for one in told] == [
            ("Modems", "nmea", FeedState.SILENT), ("Phones", "osmand", FeedState.WAITING),
        ]  # fmt: skip
        assert told[0].unknown[0].device == "nobody" and told[0].stale_units == (T1, T2)
        for role in (Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.ACTOR):
            answer = await hub.get("/v1/feeds", role)
            assert (answer.status_code, codec.decode(answer.content, Problem).code) == (403, "forbidden")


@runs
async def test_given_a_hub_without_feeds_then_it_tells_of_none(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        assert (await hub.get("/v1/feeds", Role.SUPERVISOR)).content == b"[]"


@runs
async def test_given_a_unit_that_is_not_the_agencys_or_a_port_that_is_taken_then_the_hub_says_so_and_does_not_start(
    tmp_path: Path,
) -> None:
    wrong = NmeaFeed(name="Modems", udp=ANY, units={"A": UnitId("Z9")})
    with pytest.raises(FeedsFaulty, match="feed Modems: Z9 is no unit of the agency"):
        async with fed_hub(tmp_path, wrong):
            pass
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for feed in (NmeaFeed(name="Modems", tcp=address), OsmandFeed(name="Phones", listen=address)):
            with pytest.raises(FeedsFaulty, match=f"feed {feed.name}: cannot listen"):
                async with fed_hub(tmp_path, VAN, feed):
                    pass
