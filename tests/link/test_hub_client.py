"""Each answer of a hub, or of whatever else stands at its address, as one of four exceptions."""

import json
from collections.abc import Callable
from contextlib import aclosing

import httpx
import pytest

from console.domain.commands import Accepted, CheckUnit, Order, Rejected
from console.domain.contacts import Contacts, NumberContacts, NumbersBegun, contact
from console.domain.ids import CommandId, DeskId, LogId, Seq, UnitId, UserId
from console.domain.state import Role
from console.link.hub_client import HubClient
from console.link.problems import Gone, HubFault, Refused, Unreachable, VersionSkew
from console.wire.codec import encode
from console.wire.messages import DESK_TOKEN_HEADER, Exercise, Problem, Session
from tests.link.test_replica import SCENE, snapshot
from tests.support.loop import runs
from tests.support.scenes import START

ORDER = Order(CommandId("c1"), CheckUnit(UnitId("T1")))
SESSION = Session("secret", UserId("okafor"), "Okafor", Role.TELECOMMUNICATOR, DeskId("desk-1"))


def client(answer: Callable[[httpx.Request], httpx.Response], desk_token: str | None = None) -> HubClient:
    """A client whose hub is this function."""
    made = HubClient("http://hub.test", desk_token)
    made._http._transport = httpx.MockTransport(answer)
    return made


def problem(status: int, code: str = "", detail: str = "Because.") -> httpx.Response:
    headers = {"content-type": "application/problem+json"}
    return httpx.Response(status, content=encode(Problem("No", status, detail, code)), headers=headers)


def always(response: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: response


def broken(error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    return answer


@runs
async def test_given_a_hub_that_carries_it_out_then_accepted() -> None:
    async with client(always(httpx.Response(200, content=encode(Accepted(Seq(7)))))) as hub:
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
        async with client(always(httpx.Response(status, text="<html>later</html>"))) as hub:
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


@pytest.mark.parametrize(
    ("error", "maybe_taken"),
    [
        (httpx.ConnectError, False),
        (httpx.ConnectTimeout, False),
        (httpx.ReadTimeout, True),
        (httpx.ReadError, True),
        (httpx.WriteError, True),
        (httpx.RemoteProtocolError, True),
    ],
)
def test_given_no_answer_then_it_is_known_whether_the_request_had_left(
    error: type[httpx.TransportError], maybe_taken: bool
) -> None:
    @runs
    async def asking() -> None:
        async with client(broken(error)) as hub:
            with pytest.raises(Unreachable) as unreachable:
                await hub.submit(ORDER)
            assert unreachable.value.maybe_taken is maybe_taken
            assert str(unreachable.value).endswith(".")

    asking()


@runs
async def test_given_something_else_at_the_hubs_address_then_its_200_counts_for_nothing() -> None:
    async with client(always(httpx.Response(200, text="<html>Welcome to our guest network"))) as hub:
        with pytest.raises(Unreachable, match="does not answer like a hub"):
            await hub.submit(ORDER)


@runs
async def test_given_a_410_on_the_stream_then_gone() -> None:
    async with client(always(problem(410, "other-log"))) as hub, aclosing(hub.stream(LogId("x"), Seq(4))) as stream:
        with pytest.raises(Gone):
            await anext(stream)


@runs
async def test_given_a_stream_that_is_no_stream_then_unreachable() -> None:
    async with client(always(httpx.Response(200, text="hello"))) as hub, aclosing(hub.stream(LogId("x"), Seq(4))) as stream:
        with pytest.raises(Unreachable):
            await anext(stream)


@runs
async def test_given_a_board_in_another_form_then_version_skew_names_both_versions() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/snapshot":
            return httpx.Response(200, json={"format": 9, "board": {}})
        health = {"ok": True, "version": "7.0", "format": 9, "log_id": "l", "head": 1, "exercise": False, "desks": 0}
        return httpx.Response(200, json={**health, "hub_time": "2026-05-04T12:00:00Z"})

    async with client(answer) as hub:
        with pytest.raises(VersionSkew, match=r"The hub is 7\.0, format 9"):
            await hub.snapshot()


@runs
async def test_given_a_session_then_its_token_goes_with_every_request_until_signed_out() -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.headers.get("authorization"), request.headers.get(DESK_TOKEN_HEADER)))
        match request.url.path:
            case "/v1/sign-in":
                assert json.loads(request.content) == {"user_id": "okafor", "password": "pw", "desk_id": "desk-1"}
                return httpx.Response(200, content=encode(SESSION))
            case "/v1/snapshot":
                return httpx.Response(200, content=encode(snapshot(2)))
            case _:
                return httpx.Response(204)

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
    async with client(always(httpx.Response(200, content=encode(Exercise((), 60.0, 7))))) as hub:
        assert await hub.exercise() == Exercise((), 60.0, 7)


@runs
async def test_given_a_number_and_a_place_then_the_contacts_of_both_are_asked_for() -> None:
    asked, known = [], Contacts(START, (contact(SCENE.call()),), (1, 2, 3), 1)
    begun = NumbersBegun("9195", (NumberContacts("9195550100", (1, 1, 1), contact(SCENE.call())),), more=True)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=encode(begun if "begin" in request.url.params else known))

    async with client(answer) as hub:
        assert await hub.contacts("919 555 0100 & co", "") == known
        assert await hub.contacts("1", "Guess Rd") == known
        assert await hub.numbers_begun("9195") == begun
    assert asked == [
        "http://hub.test/v1/contacts?callback=919+555+0100+%26+co",
        "http://hub.test/v1/contacts?callback=1&address=Guess+Rd",
        "http://hub.test/v1/contacts/numbers?begin=9195",
    ]


@runs
async def test_given_a_proxy_in_the_environment_then_the_hub_is_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(204)

    async with client(answer) as hub:
        assert not hub._http._mounts
        hub.move_to("http://127.0.0.1:4567")
        await hub.set_speed(60.0)
    assert asked == ["http://127.0.0.1:4567/v1/exercise/speed"]
