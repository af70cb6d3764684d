"""A real hub on a free loopback port, in the test's own loop, with people of every role who may sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from argon2 import PasswordHasher

from console.domain.agency import Agency
from console.domain.commands import AnyCommand, CommandOutcome, Order
from console.domain.ids import CommandId, DeskId, UserId
from console.domain.state import Role
from console.hub import people
from console.hub.app import Hub
from console.hub.center_key import SealingKey
from console.hub.configuration import Configuration, load
from console.hub.desks import UNHEARD_S
from console.hub.exercise import prepare
from console.hub.feeds.settings import FeedsSettings
from console.hub.people import Person
from console.hub.serve import listen, running, url_of
from console.hub.store import write_once
from console.hub.stream import HEARTBEAT_S
from console.hub.telephony_settings import TelephonySettings
from console.wire import codec
from console.wire.messages import DESK_TOKEN_HEADER, Session, SignInRequest
from tests.support.agency import AGENCY, PHONE

PASSWORD = "correct horse"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2id with next to no work: what is tested is what the hub does with it."""
_HASH = QUICK.hash(PASSWORD)

PEOPLE: dict[Role, Person] = {
    Role.TELECOMMUNICATOR: Person(UserId("okafor"), "T. Okafor", Role.TELECOMMUNICATOR, _HASH, position="Position 4"),
    Role.CLINICIAN: Person(UserId("reyes"), "M. Reyes", Role.CLINICIAN, _HASH, title="LCSW", programme=PHONE),
    Role.SUPERVISOR: Person(UserId("lindqvist"), "A. Lindqvist", Role.SUPERVISOR, _HASH),
    Role.ACTOR: Person(UserId("feed"), "Calls feed", Role.ACTOR, _HASH),
}
"""One person of each role, all with `PASSWORD`."""


class RunningHub:
    """A hub that answers, and short ways to talk to it."""

    def __init__(self, hub: Hub, url: str, client: httpx.AsyncClient) -> None:
        """`hub` is the living object in this process; `client` asks it over HTTP."""
        self.hub, self.url, self.client = hub, url, client
        self._sessions: dict[Role, Session] = {}

    async def sign_in(self, role: Role = Role.TELECOMMUNICATOR, desk: str = "") -> Session:
        """A session of the person of that role (the same one each time, unless a desk is named)."""
        if desk or role not in self._sessions:
            request = SignInRequest(PEOPLE[role].user_id, PASSWORD, DeskId(desk or f"desk-{role.value}"))
            answer = await self.client.post("/v1/sign-in", content=codec.encode(request))
            assert answer.status_code == 200, answer.text
            session = codec.decode(answer.content, Session)
            if desk:
                return session
            self._sessions[role] = session
        return self._sessions[role]

    async def bearer(self, role: Role = Role.TELECOMMUNICATOR) -> dict[str, str]:
        """The header by which the person of that role is known."""
        return {"authorization": f"Bearer {(await self.sign_in(role)).token}"}

    async def post(self, path: str, body: object, role: Role = Role.TELECOMMUNICATOR) -> httpx.Response:
        """POST a record, or bytes as they are."""
        content = body if isinstance(body, bytes) else codec.encode(body)
        return await self.client.post(path, content=content, headers=await self.bearer(role))

    async def get(self, path: str, role: Role = Role.TELECOMMUNICATOR) -> httpx.Response:
        """GET as the person of that role."""
        return await self.client.get(path, headers=await self.bearer(role))

    async def order(self, command: AnyCommand, role: Role = Role.TELECOMMUNICATOR) -> httpx.Response:
        """Send a command over HTTP under a new id."""
        return await self.post("/v1/commands", order(command), role)

    async def submit(self, command: AnyCommand, by: str = "okafor") -> CommandOutcome:
        """Submit a command past HTTP, straight to the ledger."""
        return await self.hub.ledger.submit(order(command), UserId(by))


def order(command: AnyCommand) -> Order:
    """The command under a new id."""
    return Order(CommandId(str(uuid4())), command)


def store_url(folder: Path) -> str:
    """The address of a store in a folder."""
    return f"sqlite:///{folder / 'hub.sqlite'}"


@asynccontextmanager
async def running_hub(
    folder: Path,
    *,
    agency: Agency | None = AGENCY,
    config: Path | None = None,
    exercise: bool = False,
    speed: float = 1.0,
    desk_token: str | None = None,
    center_key: SealingKey | None = None,
    heartbeat_s: float = HEARTBEAT_S,
    unheard_s: float = UNHEARD_S,
    telephony: TelephonySettings | None = None,
    feeds: FeedsSettings | None = None,
    ground: Path | None = None,
) -> AsyncIterator[RunningHub]:
    """A hub with its store in `folder`; start it on the same folder again and it continues.

    `agency` configures it, or `config` by a folder of configuration files, or neither: then the log's own stands.
    `ground` is a folder of configuration of which only what was imported into it counts.
    `exercise` plays the one of `config`, `speed` times as fast as real time.
    """
    url = store_url(folder)

    def keep_people(connection: Any) -> None:
        for person in PEOPLE.values():
            people.keep(person, connection)

    write_once(url, keep_people)
    listening = listen("127.0.0.1:0")
    try:
        chosen = load(config) if config else agency
        played = prepare(config, chosen, seed=1) if exercise and config and chosen else None
        configuration = Configuration(chosen, ground) if chosen else None
        async with running(
            url, configuration, listening, exercise=played, speed=speed, desk_token=desk_token, hasher=QUICK,
            prove=config is not None, center_key=center_key, heartbeat_s=heartbeat_s, unheard_s=unheard_s,
            telephony=telephony, feeds=feeds,
        ) as hub:  # fmt: skip
            address = url_of(listening)
            headers = {DESK_TOKEN_HEADER: desk_token} if desk_token else {}
            async with httpx.AsyncClient(base_url=address, headers=headers, timeout=20) as client:
                yield RunningHub(hub, address, client)
    finally:
        listening.close()
