"""Real hub processes with people and calls in them, for everything that is measured against one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher

from console.domain.ids import DeskId, UserId
from console.domain.state import Role
from console.hub import people
from console.hub.people import Person
from console.hub.store import write_once
from console.link.hub_client import HubClient
from console.wire.messages import Session

PASSWORD = "only for measuring"
DESK_TOKEN = "measuring"
CONFIG = Path(__file__).parents[2] / "config" / "durham"
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def staffed_store(folder: Path, clinicians: int = 4) -> str:
    """The address of a new store in `folder`, with a telecommunicator, a supervisor, a feed and some clinicians."""
    url = f"sqlite:///{(folder / 'hub.sqlite').as_posix()}"
    hashed = _QUICK.hash(PASSWORD)
    staff = [
        Person(UserId("telecommunicator"), "T. Bench", Role.TELECOMMUNICATOR, hashed),
        Person(UserId("supervisor"), "S. Bench", Role.SUPERVISOR, hashed),
        Person(UserId("feed"), "Feed", Role.ACTOR, hashed),
        *(Person(UserId(f"clinician-{n}"), f"C. Bench {n}", Role.CLINICIAN, hashed) for n in range(clinicians)),
    ]

    def keep(connection: Any) -> None:
        for person in staff:
            people.keep(person, connection)

    write_once(url, keep)
    return url


@contextmanager
def hub_process(store: str, *extra: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A hub in a process of its own, as a desk would start one; gives its address and ends it afterwards."""
    command = [
        sys.executable, "-m", "console", "hub", "--store", store, "--listen", "127.0.0.1:0", "--embedded",
        "--config", str(CONFIG), *extra,
    ]  # fmt: skip
    hub = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert hub.stdin is not None and hub.stdout is not None
        hub.stdin.write(DESK_TOKEN + "\n")
        hub.stdin.flush()
        yield msgspec.json.decode(hub.stdout.readline())["url"], hub
    finally:
        if hub.stdin is not None:
            hub.stdin.close()
        try:
            hub.wait(10)
        except subprocess.TimeoutExpired:
            hub.kill()
            hub.wait()


async def signed_in(url: str, user: str, desk: str = "") -> tuple[HubClient, Session]:
    """A client of the hub that is signed in as one of its staff."""
    client = HubClient(url, DESK_TOKEN)
    return client, await client.sign_in(UserId(user), PASSWORD, DeskId(desk or f"desk-{user}"))
