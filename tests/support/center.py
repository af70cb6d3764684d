"""A center: its hub as a process of its own, the people who may sign in there, and the feed that brings calls."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

import httpx
from sqlalchemy import Connection

from console.domain import commands as c
from console.domain.commands import Accepted, AnyCommand
from console.domain.ids import CallId, DeskId, NatureCode, ProgrammeCode, UnitId, UserId
from console.domain.state import Place, Role, Source, UnitStatus
from console.hub import center_key, people
from console.hub.people import Person
from console.hub.positions import Fix
from console.hub.store import write_once
from console.link.fresh import new_call_id
from console.wire import codec
from console.wire.messages import Session, SignInRequest, Snapshot
from tests.support.hub import PASSWORD, PEOPLE, order, store_url
from tests.support.loop import BOUND_S

_ROOT = Path(__file__).parents[2]
CONFIGURATION = _ROOT / "config" / "durham"
_HASH = PEOPLE[Role.CLINICIAN].password_hash
SECOND = (
    Person(UserId("novak"), "P. Novak", Role.TELECOMMUNICATOR, _HASH, position="Position 5"),
    Person(UserId("lin"), "J. Lin", Role.CLINICIAN, _HASH, title="LCSW"),
)
"""Colleagues of those whom every test knows."""


class Center:
    """A hub on the store in `folder`, on a port that stays its own when it is killed and started again."""

    def __init__(self, folder: Path, programme: ProgrammeCode, configuration: Path = CONFIGURATION) -> None:
        """Make the store, with the clinician among its people in that programme, and start the hub."""
        folder.mkdir()
        self._configuration = configuration
        self._folder = folder
        self._key = folder.with_name(f"{folder.name}.key")
        center_key.make(str(self._key))
        self._address = "127.0.0.1:0"

        def keep(connection: Connection) -> None:
            for person in (*PEOPLE.values(), *SECOND):
                known = programme if person.role is Role.CLINICIAN else ProgrammeCode("")
                people.keep(
                    Person(
                        person.user_id, person.name, person.role, person.password_hash, title=person.title,
                        position=person.position, programme=known,
                    ),
                    connection,
                )  # fmt: skip

        write_once(store_url(folder), keep)
        self.start()
        try:
            self.feed = Feed(self.url)
        except BaseException:
            self.kill()
            raise

    @property
    def url(self) -> str:
        """Where desks reach it."""
        return f"http://{self._address}"

    def start(self) -> None:
        """Start the hub, on the store as it is; back when it answers."""
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "console", "hub", "--store", store_url(self._folder),
                "--config", str(self._configuration), "--listen", self._address, "--sealing-key", str(self._key),
            ],
            stderr=subprocess.PIPE, text=True, cwd=_ROOT,
        )  # fmt: skip
        said: list[str] = []
        heard: Queue[str] = Queue()
        self._log = threading.Thread(target=self._hear, args=(heard,), name="hub's log")
        self._log.start()
        while line := heard.get(timeout=BOUND_S):
            said.append(line)
            if "listening on http://" in line:
                self._address = line.partition("listening on http://")[2].partition(",")[0]
                return
        self._log.join()
        raise AssertionError(f"the hub did not start: {''.join(said)}")

    def _hear(self, heard: Queue[str]) -> None:
        """Read what the hub says until it ends: a pipe that nobody empties would stop it."""
        assert self._process.stderr
        with self._process.stderr as lines:
            for line in lines:
                heard.put(line)
        heard.put("")

    def kill(self) -> None:
        """End the hub as a power cut would."""
        self._process.kill()
        self._process.wait(BOUND_S)
        self._log.join()

    def close(self) -> None:
        """End everything."""
        self.feed.close()
        self.kill()


class Feed:
    """Signs in as the calls feed and posts what a center's other systems would."""

    def __init__(self, url: str) -> None:
        """Sign in."""
        self._http = httpx.Client(base_url=url, timeout=BOUND_S, trust_env=False)
        request = SignInRequest(UserId("feed"), PASSWORD, DeskId("feed"))
        answer = self._http.post("/v1/sign-in", content=codec.encode(request))
        assert answer.status_code == 200, answer.text
        self._http.headers["authorization"] = f"Bearer {codec.decode(answer.content, Session).token}"

    def tell(self, command: AnyCommand) -> Accepted:
        """Submit a command; the hub must take it. Raises `httpx.TransportError` when it is not there."""
        answer = self._http.post("/v1/commands", content=codec.encode(order(command)))
        assert answer.status_code == 200, answer.text
        return codec.decode(answer.content, Accepted)

    def put_on_duty(self, units: dict[str, tuple[float, float]]) -> None:
        """Put units on duty, each at a point."""
        for unit_id in units:
            self.tell(c.SetUnitStatus(UnitId(unit_id), UnitStatus.AVAILABLE))
        self.place(units)

    def place(self, units: dict[str, tuple[float, float]]) -> None:
        """Report where units are."""
        fixes = [Fix(UnitId(unit_id), *at, datetime.now(UTC)) for unit_id, at in units.items()]
        answer = self._http.post("/v1/positions", content=codec.encode(fixes))
        assert answer.status_code == 200, answer.text

    def receive(self, nature: str, address: str, at: tuple[float, float], **more: str) -> tuple[CallId, str]:
        """A call comes in; its id, and the number that the hub gave it."""
        call_id = new_call_id()
        self.tell(c.ReceiveCall(call_id, Source.CALL_911, NatureCode(nature), Place(address, *at), **more))  # type: ignore[arg-type]
        return call_id, self.snapshot().state.calls[call_id].number

    def snapshot(self) -> Snapshot:
        """The board as the hub has it."""
        answer = self._http.get("/v1/snapshot")
        assert answer.status_code == 200, answer.text
        return codec.decode(answer.content, Snapshot)

    def close(self) -> None:
        """Hang up."""
        self._http.close()
