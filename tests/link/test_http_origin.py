"""HTTP over real connections: what is kept, what is thrown away, and what is known of a request that got no answer."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.link import http_origin
from console.link.http_origin import HttpOrigin
from console.link.problems import Unreachable
from tests.support.loop import runs

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n"

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Counts connections, keeps the requests as they came, and answers each with the next that it was told to say."""

    def __init__(self, *answers: bytes | Answer) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.connections = 0
        self.url = ""
        self.open = 0
        self.ended = asyncio.Event()
        """No connection is open."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.ended.clear()
        try:
            while self.answers:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
                headers = dict(line.split(": ", 1) for line in head[1:-1])
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.requests.append((head[0], headers, body))
                answer = self.answers.pop(0)
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(reader, writer)
                if writer.is_closing():
                    return
            await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.open -= 1
            if not self.open:
                self.ended.set()


@asynccontextmanager
async def serving(*answers: bytes | Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Server, HttpOrigin]]:
    server = Server(*answers)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls) as listening:
        server.url = f"http{'s' if tls else ''}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        origin = HttpOrigin(server.url, {"x-desk": "one"})
        try:
            yield server, origin
        finally:
            await origin.close()
            if server.open:
                await server.ended.wait()
            for _ in range(3):  # a server that a client refused needs some turns to notice
                await asyncio.sleep(0)


async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def say_and_hang_up(words: bytes) -> Answer:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.close()

    return answer


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


@runs
async def test_given_requests_one_after_another_then_they_go_over_one_connection_as_they_were_asked() -> None:
    async with serving(OK, OK, b"HTTP/1.1 204 No Content\r\n\r\n") as (server, origin):
        answer = await origin.request("POST", "/v1/x?q=a+b", b"{}", {"content-type": "application/json"})
        assert (answer.status, answer.reason, answer.headers, answer.content) == (200, "OK", {"content-length": "2"}, b"ok")
        origin.headers["authorization"] = "Bearer t"
        assert (await origin.request("GET", "/v1/y")).content == b"ok"
        assert (await origin.request("POST", "/v1/z")).status == 204
        assert server.connections == 1
    authority = server.url.removeprefix("http://")
    base = {"host": authority, "x-desk": "one"}
    assert server.requests == [
        ("POST /v1/x?q=a+b HTTP/1.1", {**base, "content-type": "application/json", "content-length": "2"}, b"{}"),
        ("GET /v1/y HTTP/1.1", {**base, "authorization": "Bearer t"}, b""),
        ("POST /v1/z HTTP/1.1", {**base, "authorization": "Bearer t", "content-length": "0"}, b""),
    ]


@runs
async def test_given_requests_at_the_same_time_then_each_has_a_connection_and_they_are_kept() -> None:
    async with serving(OK, OK, OK, OK) as (server, origin):
        both = await asyncio.gather(origin.request("GET", "/a"), origin.request("GET", "/b"))
        assert [answer.content for answer in both] == [b"ok", b"ok"]
        await asyncio.gather(origin.request("GET", "/c"), origin.request("GET", "/d"))
        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        OK + OK,
    ],
    ids=["close", "1.0", "more than asked for"],
)
def test_given_an_answer_after_which_a_connection_is_no_good_then_the_next_request_has_another(answer: bytes) -> None:
    @runs
    async def asking() -> None:
        async with serving(answer, OK) as (server, origin):
            assert (await origin.request("GET", "/a")).content == b"ok"
            assert (await origin.request("GET", "/b")).content == b"ok"
            assert server.connections == 2

    asking()


@runs
async def test_given_a_connection_that_the_hub_ended_while_it_rested_then_the_next_request_has_another() -> None:
    async with serving(say_and_hang_up(OK), OK) as (server, origin):
        assert (await origin.request("GET", "/a")).content == b"ok"
        await server.ended.wait()
        await asyncio.sleep(0)
        assert (await origin.request("GET", "/b")).content == b"ok"
        assert server.connections == 2


@pytest.mark.parametrize("late", [OK, b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"])
def test_given_words_that_come_while_a_connection_rests_then_they_are_never_the_next_answer(late: bytes) -> None:
    @runs
    async def asking() -> None:
        answered, said = asyncio.Event(), asyncio.Event()

        async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK)
            await answered.wait()
            writer.write(late)
            writer.close()
            said.set()

        async with serving(answer, OK) as (server, origin):
            assert (await origin.request("GET", "/a")).content == b"ok"
            reader = origin._resting[0]._reader
            answered.set()
            await said.wait()
            for _ in range(1000):  # turns until this side has heard it
                if reader.ended:
                    break
                await asyncio.sleep(0)
            assert (await origin.request("POST", "/b", b"{}")).status == 200
            assert server.connections == 2

    asking()


@runs
async def test_given_another_person_before_there_is_a_connection_then_a_request_goes_in_the_name_of_who_made_it() -> None:
    async with serving(OK) as (server, origin), asyncio.TaskGroup() as tasks:
        origin.headers["authorization"] = "Bearer first"
        asked = tasks.create_task(origin.request("POST", "/a", b"{}"))
        await asyncio.sleep(0)
        assert server.connections == 0
        origin.headers["authorization"] = "Bearer second"
        await asked
        assert server.requests[0][1]["authorization"] == "Bearer first"


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\n"])
def test_given_an_answer_that_ends_with_its_connection_then_it_is_whole(head: bytes) -> None:
    @runs
    async def asking() -> None:
        async with serving(say_and_hang_up(head + b"all of it")) as (_, origin):
            assert (await origin.request("GET", "/a")).content == b"all of it"
            assert origin._resting == []

    asking()


@runs
async def test_given_a_request_that_ends_after_the_origin_was_closed_then_its_connection_is_not_kept() -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await closed.wait()
        writer.write(OK)

    async with serving(answer) as (_, origin), asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(origin.request("GET", "/a"))
        await asked.wait()
        await origin.close()
        closed.set()
        assert (await asking).content == b"ok"
        assert origin._resting == []


@runs
async def test_given_a_connection_that_rested_too_long_then_the_next_request_has_another() -> None:
    async with serving(OK, OK) as (server, origin):
        await origin.request("GET", "/a")
        origin._resting[0].rests_since -= http_origin.REST_S
        await origin.request("GET", "/b")
        assert server.connections == 2


@runs
async def test_given_another_address_then_it_is_asked_and_the_old_connections_are_ended() -> None:
    async with serving(OK) as (old, origin), serving(OK) as (new, _):
        await origin.request("GET", "/a")
        origin.move_to(f"{new.url}/heart/")
        await origin.request("GET", "/b")
        assert new.requests[0][0] == "GET /heart/b HTTP/1.1"
        await old.ended.wait()
        await origin.close()


@runs
async def test_given_what_comes_before_the_answer_then_it_is_not_the_answer() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    async with serving(early + OK, OK) as (server, origin):
        answer = await origin.request("GET", "/a")
        assert (answer.status, answer.headers) == (200, {"content-length": "2"})
        await origin.request("GET", "/b")
        assert server.connections == 1


@runs
async def test_given_nobody_at_the_address_then_nothing_was_taken() -> None:
    async with serving() as (server, _):
        pass
    with pytest.raises(Unreachable, match="No hub listens at its address") as away:
        await HttpOrigin(server.url).request("POST", "/a", b"{}")
    assert not away.value.maybe_taken


@pytest.mark.parametrize("url", ["", "hub", "ftp://hub", "http://hub:x/", "http://[::1", "http://" + "a" * 300 + "ü"])
def test_given_no_address_then_it_is_said_which_and_nothing_was_taken(url: str) -> None:
    @runs
    async def asking() -> None:
        with pytest.raises(Unreachable, match="is no address of a hub") as wrong:
            await HttpOrigin(url).request("GET", "/a")
        assert not wrong.value.maybe_taken

    asking()


@runs
async def test_given_an_address_that_does_not_answer_then_nothing_was_taken() -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(http_origin, "CONNECT_S", 0.01)
        patched.setattr(asyncio.get_running_loop(), "create_connection", never)
        with pytest.raises(Unreachable, match="does not answer") as away:
            await HttpOrigin("http://127.0.0.1:9").request("GET", "/a")
    assert not away.value.maybe_taken


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (hang_up, "broke"),
        (say_and_hang_up(b"HTTP/1.1 200 OK\r\nContent-Le"), "broke"),
        (say_and_hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "broke"),
        (say_and_hang_up(CHUNKED + b"5\r\nhalf"), "broke"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "broke"),
        (say_nothing, "silent for too long"),
    ],
    ids=["no answer", "half a head", "half a content", "half a chunk", "no HTTP", "another protocol", "silence"],
)
def test_given_no_whole_answer_then_the_request_may_have_been_taken(answer: bytes | Answer, words: str) -> None:
    @runs
    async def asking() -> None:
        async with serving(answer) as (_, origin):
            with pytest.MonkeyPatch.context() as patched, pytest.raises(Unreachable, match=words) as broken:
                patched.setattr(http_origin, "SILENCE_S", 0.05 if answer is say_nothing else 60.0)
                await origin.request("POST", "/a", b"{}")
            assert broken.value.maybe_taken

    asking()


@runs
async def test_given_a_header_that_would_become_two_then_nothing_is_sent() -> None:
    async with serving(OK) as (server, origin):
        origin.headers["authorization"] = "Bearer t\r\nx-user: somebody"
        with pytest.raises(ValueError, match="one printable line"):
            await origin.request("GET", "/a")
        assert server.requests == []


@runs
async def test_given_a_stream_then_its_pieces_come_as_they_are_sent_and_leaving_it_ends_the_connection() -> None:
    read = asyncio.Event()

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(CHUNKED + b"3\r\none\r\n3\r\ntwo\r\n")
        await read.wait()
        writer.write(b"5\r\nthree\r\n")
        await reader.read()

    async with serving(stream) as (server, origin):
        async with origin.stream("/s", 60.0) as (response, pieces):
            assert (response.status, response.headers["content-type"]) == (200, "text/event-stream")
            assert [await anext(pieces), await anext(pieces)] == [b"one", b"two"]
            read.set()
            assert await anext(pieces) == b"three"
        await server.ended.wait()
        assert origin._resting == []


async def _cancelled(work: Coroutine[Any, Any, object], when: asyncio.Event) -> None:
    """Run it until then, and cancel it; that the connection broke first is no fault."""

    async def run() -> None:
        with suppress(Unreachable):
            await work

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run())
        await when.wait()
        running.cancel()


@runs
async def test_given_a_reader_that_is_cancelled_while_the_connection_breaks_then_it_ends() -> None:
    """A library that was tried here hung at this."""
    reading = asyncio.Event()

    async with serving(say_and_hang_up(CHUNKED + b"3\r\none\r\n")) as (_, origin):

        async def read() -> None:
            async with origin.stream("/s", 60.0) as (_, pieces):
                async for _ in pieces:
                    reading.set()

        await _cancelled(read(), reading)


@runs
async def test_given_a_request_that_is_cancelled_then_its_connection_is_not_used_again() -> None:
    asked = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()

    async with serving(wait, OK) as (server, origin):
        await _cancelled(origin.request("GET", "/a"), asked)
        await server.ended.wait()
        assert (await origin.request("GET", "/b")).content == b"ok"
        assert server.connections == 2


@runs
async def test_given_an_address_in_brackets_then_the_hub_is_asked_for_by_it() -> None:
    address = http_origin._address("http://[::1]:8080")
    assert (address.host, address.port, address.authority, address.path) == ("::1", 8080, "[::1]:8080", "")
    assert http_origin._address("https://hub.example/a b")[2:] == (443, "hub.example", "/a%20b")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody signed but itself, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "hub.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def speaking_tls(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def test_given_tls_then_a_hub_is_asked_that_this_machine_trusts(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "create_default_context", lambda: _trusting(certificate))

    @runs
    async def asking() -> None:
        async with serving(OK, OK, tls=speaking_tls(certificate)) as (server, origin):
            assert (await origin.request("GET", "/a")).content == b"ok"
            assert (await origin.request("GET", "/b")).content == b"ok"
            assert server.connections == 1

    asking()


def _trusting(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(certificate)
    return made


def test_given_a_certificate_that_nobody_vouches_for_then_nothing_is_sent_and_it_is_said(certificate: Path) -> None:
    @runs
    async def asking() -> None:
        async with serving(OK, tls=speaking_tls(certificate)) as (server, origin):
            with pytest.raises(Unreachable, match="does not trust the hub's certificate") as refused:
                await origin.request("POST", "/a", b"{}")
            assert not refused.value.maybe_taken and server.requests == []

    asking()


@runs
async def test_given_tls_at_a_hub_that_does_not_speak_it_then_it_is_said() -> None:
    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listening:
        origin = HttpOrigin(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        with pytest.raises(Unreachable, match="does not speak TLS"):
            await origin.request("GET", "/a")
