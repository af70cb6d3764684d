"""Whatever bytes arrive, the answer is never a fault of the hub, and the hub goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from console.domain.commands import CheckUnit
from console.domain.ids import UnitId
from console.hub.app import app
from console.hub.field_web import COMMANDS
from console.wire import codec
from console.wire.messages import Problem
from tests.hub.test_access import ONE_OF_EACH
from tests.support.hub import RunningHub, order, running_hub
from tests.support.tablet import tablet_of

PATHS = (
    "/v1/commands", "/v1/sign-in", "/v1/positions", "/v1/exercise/speed", "/v1/snapshot", "/v1/stream", "/v1/here",
    "/v1/typing", "/v1/nothing", "/v1/field/me", "/v1/field/commands", "/v1/field/position", "/field/page",
)  # fmt: skip


class Served:
    """A hub that lives through all examples of a test, asked without a socket: the bytes are what is tested."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self._context = running_hub(folder)
        self.hub: RunningHub = self.runner.run(self._context.__aenter__())
        self._app = app(self.hub.hub)
        self.token = self.runner.run(self.hub.sign_in()).token
        self.tablet = self.runner.run(tablet_of(self.hub)).token.encode()

    def close(self) -> None:
        """End the hub."""
        self.runner.run(self._context.__aexit__(None, None, None))
        self.runner.close()

    def ask(self, method: str, path: str, body: bytes, query: bytes = b"", token: bytes | None = None) -> tuple[int, bytes]:
        """One request, by default with the desk's token; its status and the body of the answer."""
        return self.runner.run(self._ask(method, path, body, query, self.token.encode() if token is None else token))

    async def _ask(self, method: str, path: str, body: bytes, query: bytes, token: bytes) -> tuple[int, bytes]:
        scope: dict[str, Any] = {
            "type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
            "query_string": query, "root_path": "", "scheme": "http", "server": ("127.0.0.1", 1), "client": None,
            "headers": [(b"authorization", b"Bearer " + token)],
        }  # fmt: skip
        incoming = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            return incoming.pop() if incoming else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    found = Served(tmp_path_factory.mktemp("any-bytes"))
    yield found
    found.close()


def refused_well(status: int, body: bytes) -> None:
    assert status < 500, body
    if status >= 400:
        assert codec.decode(body, Problem).status == status


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.expects_log("a sign-in was refused", "a tablet's token was refused")
@given(method=st.sampled_from(["GET", "POST", "PUT"]), path=st.sampled_from(PATHS), body=st.binary(max_size=400))
def test_any_bytes_to_any_path(served: Served, method: str, path: str, body: bytes) -> None:
    refused_well(*served.ask(method, path, body))


@given(body=JSON)
def test_any_json_to_commands(served: Served, body: Any) -> None:
    refused_well(*served.ask("POST", "/v1/commands", json.dumps(body).encode()))


@given(data=st.data())
@settings(max_examples=200)
def test_a_good_command_with_one_value_replaced_by_anything(served: Served, data: st.DataObject) -> None:
    whole = json.loads(codec.encode(order(data.draw(st.sampled_from(ONE_OF_EACH)))))
    target: Any = data.draw(st.sampled_from([whole, whole["command"]]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JSON)
    refused_well(*served.ask("POST", "/v1/commands", json.dumps(whole).encode()))


@given(query=st.binary(max_size=60))
def test_any_query_to_the_stream(served: Served, query: bytes) -> None:
    status, body = served.ask("GET", "/v1/stream", b"", b"log=x&after=" + query)
    assert status in (400, 410)
    refused_well(status, body)


FIELD = ("/v1/field/me", "/v1/field/commands", "/v1/field/position", "/v1/field/", "/v1/field/x")


@given(method=st.sampled_from(["GET", "POST"]), path=st.sampled_from(FIELD), body=st.binary(max_size=400) | JSON)
def test_any_bytes_from_a_tablet(served: Served, method: str, path: str, body: Any) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    refused_well(*served.ask(method, path, content, token=served.tablet))


@given(query=st.binary(max_size=60))
def test_any_query_from_a_tablet(served: Served, query: bytes) -> None:
    status, body = served.ask("GET", "/v1/field/me", b"", b"wait=0&after=" + query, served.tablet)
    assert status in (200, 400)
    refused_well(status, body)


@pytest.mark.expects_log("a tablet's token was refused")
@given(token=st.binary(max_size=80))
def test_any_token(served: Served, token: bytes) -> None:
    status, body = served.ask("GET", "/v1/field/me", b"", token=token)
    assert status in (401, 429)
    refused_well(status, body)


@given(data=st.data())
def test_a_good_order_of_a_tablet_with_one_value_replaced_by_anything(served: Served, data: st.DataObject) -> None:
    commands = [command for command in ONE_OF_EACH if type(command) in COMMANDS]
    whole = json.loads(codec.encode(order(data.draw(st.sampled_from(commands)))))
    target: Any = data.draw(st.sampled_from([whole, whole["command"]]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JSON)
    refused_well(*served.ask("POST", "/v1/field/commands", json.dumps(whole).encode(), token=served.tablet))


def test_after_all_that_the_hub_still_serves(served: Served) -> None:
    status, _ = served.ask("POST", "/v1/commands", codec.encode(order(CheckUnit(UnitId("T1")))))
    assert status == 200
