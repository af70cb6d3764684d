"""Real hub processes with people and calls in them, for everything that is measured against one."""

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher
from uuid_utils import uuid7

from console.bench.posting import post_all
from console.domain.commands import AnyCommand, Order
from console.domain.ids import CommandId, DeskId, ProgrammeCode, UserId
from console.domain.state import Role
from console.hub import people
from console.hub.people import Person
from console.hub.store import write_once
from console.link.hub_client import HubClient
from console.shipped import default_configuration
from console.wire.codec import encode
from console.wire.messages import DESK_TOKEN_HEADER, Session

PASSWORD = "only for measuring"
DESK_TOKEN = "measuring"
TELECOMMUNICATORS = tuple(f"telecommunicator-{n}" for n in range(20))
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def staffed_store(folder: Path, clinicians: int = 4, programme: str = "") -> str:
    """The address of a new store in `folder`, with telecommunicators, a supervisor, a feed and clinicians of a programme."""
    url = f"sqlite:///{(folder / 'hub.sqlite').as_posix()}"
    hashed = _QUICK.hash(PASSWORD)
    staff = [
        *(Person(UserId(name), name.title(), Role.TELECOMMUNICATOR, hashed) for name in TELECOMMUNICATORS),
        Person(UserId("supervisor"), "S. Bench", Role.SUPERVISOR, hashed),
        Person(UserId("feed"), "Feed", Role.ACTOR, hashed),
        *(
            Person(UserId(f"clinician-{n}"), f"C. Bench {n}", Role.CLINICIAN, hashed, programme=ProgrammeCode(programme))
            for n in range(clinicians)
        ),
    ]

    def keep(connection: Any) -> None:
        for person in staff:
            people.keep(person, connection)

    write_once(url, keep)
    return url


@contextmanager
def hub_process(store: str, config: Path | None = None) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A hub in a process of its own, as a desk would start one; gives its address and ends it afterwards."""
    hub = _started("--store", store, "--embedded", "--config", str(config or default_configuration()))
    try:
        assert hub.stdin is not None and hub.stdout is not None
        hub.stdin.write(DESK_TOKEN + "\n")
        hub.stdin.flush()
        threading.Thread(target=_drain, args=(hub,), daemon=True).start()
        yield msgspec.json.decode(hub.stdout.readline())["url"], hub
    finally:
        _end(hub)


@contextmanager
def center_hub(store: str, config: Path, *extra: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A hub as a center runs it, which any desk may reach; gives its address and ends it afterwards."""
    hub = _started("--store", store, "--config", str(config), *extra)
    try:
        assert hub.stderr is not None
        said = before = ""
        while "listening on " not in said:
            before, said = said, hub.stderr.readline()
            if not said:
                raise RuntimeError(f"the hub ended with {hub.wait()}: {before}")
        threading.Thread(target=_drain, args=(hub,), daemon=True).start()
        yield said.partition("listening on ")[2].partition(",")[0].strip(), hub
    finally:
        _end(hub)


def _started(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "console", "hub", "--listen", "127.0.0.1:0", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _drain(hub: "subprocess.Popen[str]") -> None:
    """Read on what it says, so that it never waits for us; what is wrong is passed on."""
    assert hub.stderr is not None
    with hub.stderr:
        for line in hub.stderr:
            if " ERROR " in line or " WARNING " in line:
                sys.stderr.write(line)


def _end(hub: "subprocess.Popen[str]") -> None:
    for pipe in (hub.stdin, hub.stdout):
        if pipe is not None:
            pipe.close()
    hub.terminate()
    try:
        hub.wait(10)
    except subprocess.TimeoutExpired:
        hub.kill()
        hub.wait()


async def signed_in(url: str, user: str, desk: str = "") -> tuple[HubClient, Session]:
    """A client of the hub that is signed in as one of its staff."""
    client = HubClient(url, DESK_TOKEN)
    return client, await client.sign_in(UserId(user), PASSWORD, DeskId(desk or f"desk-{user}"))


def headers(session: Session) -> dict[str, str]:
    """What every request of this session carries."""
    return {"authorization": f"Bearer {session.token}", DESK_TOKEN_HEADER: DESK_TOKEN}


def order(command: AnyCommand) -> bytes:
    """The command as a desk would post it, under a new id."""
    return encode(Order(CommandId(str(uuid7())), command))


async def carry_out(url: str, session: Session, commands: Iterable[AnyCommand]) -> None:
    """Post these commands one after another: each may need those before it."""
    await post_all(f"{url}/v1/commands", headers(session), map(order, commands), 1)
