"""Each answer of a hub, or of whatever else stands at its address, as one of four exceptions."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import NamedTuple

import pytest

from console.domain.commands import Accepted, CheckUnit, Order, Rejected
from console.domain.contacts import Contacts, NumberContacts, NumbersBegun, contact
from console.domain.ids import CommandId, DeskId, LogId, Seq, UnitId, UserId
from console.domain.state import Role
from console.link.http_origin import HttpOrigin, Response
from console.link.hub_client import HubClient
from console.link.problems import Gone, HubFault, Refused, Unreachable, VersionSkew
from console.wire.codec import encode
from console.wire.messages import DESK_TOKEN_HEADER, Exercise, Problem, Session
from tests.link.test_replica import SCENE, snapshot
from tests.support.loop import runs
from tests.support.scenes import START

ORDER = Order(CommandId("c1"), CheckUnit(UnitId("T1")))
SESSION = Session("secret", UserId("okafor"), "Okafor", Role.TELECOMMUNICATOR, DeskId("desk-1"))


class Request(NamedTuple):
    """What the client asked for, with all its headers."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes | None


Answers = Callable[[Request], Response]


class Scripted(HttpOrigin):
    """A hub that is a function, without a connection."""

    def __init__(self, answer: Answers, headers: Mapping[str, str]) -> None:
        super().__init__("http://hub.test", headers)
        self._answer = answer

    async def request(
        self, method: str, target: str, content: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Response:
        return self._answer(Request(method, target, {**self.headers, **headers}, content))

    @asynccontextmanager
    async def stream(self, target: str, silence_s: float) -> AsyncIterator[tuple[Response, AsyncGenerator[bytes, None]]]:
        response = self._answer(Request("GET", target, self.headers, None))

        async def pieces() -> AsyncGenerator[bytes, None]:
            yield response.content

        async with aclosing(pieces()) as body:
            yield response._replace(content=b""), body


def client(answer: Answers, desk_token: str | None = None) -> HubClient:
    """A client whose hub is this function."""
    made = HubClient("http://hub.test", desk_token)
    made._http = Scripted(answer, made._http.headers)
    return made


def response(status: int, content: bytes = b"", content_type: str = "application/json") -> Response:
    return Response(status, "", {"content-type": content_type}, content)


def problem(status: int, code: str = "", detail: str = "Because.") -> Response:
    return response(status, encode(Problem("No", status, detail, code)), "application/problem+json")


def always(response: Response) -> Answers:
    return lambda request: response


@runs
async def test_given_a_hub_that_carries_it_out_then_accepted() -> None:
    async with client(always(response(200, encode(Accepted(Seq(7)))))) as hub:
        assert await hub.submit(ORDER) == Accepted(Seq(7))


@runs
async def test_given_a_409_then_a_rejection_with_the_hubs_code_and_words() -> None:
    async with client(always(problem(409, "unit-busy", "T1 is on call 0142."))) as hub:
        assert await hub.submit(ORDER) == Rejected("unit-busy", "T1 is on call 0142.")


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_given_another_4xx_then_refused_for_good(status: int) -> None:
    @runs
    async def asking() -> None:
        async with client(always(problem(status))) as hub:
            with pytest.raises(Refused) as refused:
                await hub.submit(ORDER)
            assert refused.value.problem.status == status
            assert not refused.value.signed_out

    asking()


@runs
async def test_given_a_401_then_refused_because_signed_out() -> None:
    async with client(always(problem(401))) as hub:
        with pytest.raises(Refused) as refused:
            await hub.submit(ORDER)
        assert refused.value.signed_out


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504, 302])
def test_given_not_now_then_unreachable_and_may_be_asked_again(status: int) -> None:
    @runs
    async def asking() -> None:
        async with client(always(response(status, b"<html>later</html>"))) as hub:
            with pytest.raises(Unreachable) as unreachable:
                await hub.submit(ORDER)
            assert unreachable.value.maybe_taken
            assert not isinstance(unreachable.value, HubFault)

    asking()


@runs
async def test_given_a_500_then_the_hub_is_there_and_failed_on_this() -> None:
    async with client(always(problem(500, detail="Reference ab12."))) as hub:
        with pytest.raises(HubFault, match="Reference ab12"):
            await hub.submit(ORDER)


@runs
async def test_given_no_answer_then_the_link_hears_why() -> None:
    def away(request: Request) -> Response:
        raise Unreachable("No hub listens at its address.")

    async with client(away) as hub:
        with pytest.raises(Unreachable, match="No hub listens"):
            await hub.submit(ORDER)


@runs
async def test_given_something_else_at_the_hubs_address_then_its_200_counts_for_nothing() -> None:
    async with client(always(response(200, b"<html>Welcome to our guest network"))) as hub:
        with pytest.raises(Unreachable, match="does not answer like a hub"):
            await hub.submit(ORDER)


@runs
async def test_given_a_410_on_the_stream_then_gone() -> None:
    async with client(always(problem(410, "other-log"))) as hub, aclosing(hub.stream(LogId("x"), Seq(4))) as stream:
        with pytest.raises(Gone):
            await anext(stream)


@runs
async def test_given_a_stream_that_is_no_stream_then_unreachable() -> None:
    async with (
        client(always(response(200, b"hello", "text/plain"))) as hub,
        aclosing(hub.stream(LogId("x"), Seq(4))) as stream,
    ):
        with pytest.raises(Unreachable):
            await anext(stream)


@runs
async def test_given_a_board_in_another_form_then_version_skew_names_both_versions() -> None:
    def answer(request: Request) -> Response:
        if request.target == "/v1/snapshot":
            return response(200, encode({"format": 9, "board": {}}))
        health = {"ok": True, "version": "7.0", "format": 9, "log_id": "l", "head": 1, "exercise": False, "desks": 0}
        return response(200, encode({**health, "hub_time": "2026-05-04T12:00:00Z"}))

    async with client(answer) as hub:
        with pytest.raises(VersionSkew, match=r"The hub is 7\.0, format 9"):
            await hub.snapshot()


@runs
async def test_given_a_session_then_its_token_goes_with_every_request_until_signed_out() -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    def answer(request: Request) -> Response:
        seen.append((request.target, request.headers.get("authorization"), request.headers.get(DESK_TOKEN_HEADER)))
        match request.target:
            case "/v1/sign-in":
                assert json.loads(request.content or b"") == {"user_id": "okafor", "password": "pw", "desk_id": "desk-1"}
                return response(200, encode(SESSION))
            case "/v1/snapshot":
                return response(200, encode(snapshot(2)))
            case _:
                return response(204)

    async with client(answer, "desk secret") as hub:
        assert await hub.sign_in(UserId("okafor"), "pw", DeskId("desk-1")) == SESSION
        assert (await hub.snapshot()).seq == 2
        await hub.sign_out()
        await hub.snapshot()
    assert seen == [
        ("/v1/sign-in", None, "desk secret"),
        ("/v1/snapshot", "Bearer secret", "desk secret"),
        ("/v1/sign-out", "Bearer secret", "desk secret"),
        ("/v1/snapshot", None, "desk secret"),
    ]


@runs
async def test_given_no_exercise_then_none_and_given_one_then_its_people() -> None:
    async with client(always(problem(404))) as hub:
        assert await hub.exercise() is None
    async with client(always(response(200, encode(Exercise((), 60.0, 7))))) as hub:
        assert await hub.exercise() == Exercise((), 60.0, 7)


@runs
async def test_given_a_number_and_a_place_then_the_contacts_of_both_are_asked_for() -> None:
    asked, known = [], Contacts(START, (contact(SCENE.call()),), (1, 2, 3), 1)
    begun = NumbersBegun("9195", (NumberContacts("9195550100", (1, 1, 1), contact(SCENE.call())),), more=True)

    def answer(request: Request) -> Response:
        asked.append(request.target)
        return response(200, encode(begun if "begin=" in request.target else known))

    async with client(answer) as hub:
        assert await hub.contacts("919 555 0100 & co", "") == known
        assert await hub.contacts("1", "Guess Rd") == known
        assert await hub.numbers_begun("9195") == begun
    assert asked == [
        "/v1/contacts?callback=919+555+0100+%26+co",
        "/v1/contacts?callback=1&address=Guess+Rd",
        "/v1/contacts/numbers?begin=9195",
    ]
