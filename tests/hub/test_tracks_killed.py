"""A hub that is killed: what of its tracks was written is there when it starts again, and nothing of it half."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from console.domain.ids import DeskId, UnitId
from console.domain.state import Role
from console.hub.positions import Fix, PositionsTaken
from console.wire import codec
from console.wire.geography import Track
from console.wire.messages import Health, Session, SignInRequest
from tests.support.hub import PASSWORD, PEOPLE, running_hub, store_url
from tests.support.hub_process import HubProcess
from tests.support.loop import runs

T1 = UnitId("T1")


@contextmanager
def client(hub: HubProcess, role: Role) -> Iterator[httpx.Client]:
    """Somebody of a role at that hub."""
    with httpx.Client(base_url=hub.url, headers=hub.headers, timeout=20) as asks:
        request = SignInRequest(PEOPLE[role].user_id, PASSWORD, DeskId(role.value))
        session = codec.decode(asks.post("/v1/sign-in", content=codec.encode(request)).content, Session)
        asks.headers["authorization"] = f"Bearer {session.token}"
        yield asks


def now(asks: httpx.Client) -> datetime:
    return codec.decode(asks.get("/v1/health").content, Health).hub_time


def track(asks: httpx.Client, until: datetime) -> list[float]:
    """Where the hub says that T1 has been."""
    span = {"from": (until - timedelta(hours=1)).isoformat(), "to": until.isoformat()}
    return [point.latitude for point in codec.decode(asks.get("/v1/tracks/T1", params=span).content, Track).points]


def written(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "hub.sqlite")) as store:
        return int(store.execute("SELECT count(*) FROM track").fetchone()[0])


def test_given_a_hub_that_is_killed_then_what_was_written_of_a_track_is_there_after_it_and_the_log_goes_on(
    tmp_path: Path,
) -> None:
    @runs
    async def begin() -> None:
        async with running_hub(tmp_path):
            pass

    begin()
    with HubProcess("--store", store_url(tmp_path)) as hub, client(hub, Role.ACTOR) as feed:
        at = now(feed)
        driven = [Fix(T1, 36 + n / 1000, -78.9, at - timedelta(seconds=60 - n)) for n in range(60)]
        taken = codec.decode(feed.post("/v1/positions", content=codec.encode(driven)).content, PositionsTaken)
        assert taken.taken == 60
        while written(tmp_path) < 60:
            feed.get("/v1/health")
        feed.post("/v1/positions", content=codec.encode([Fix(T1, 40, -78.9, at)]))
        hub.kill()
    with HubProcess("--store", store_url(tmp_path)) as hub, client(hub, Role.TELECOMMUNICATOR) as desk:
        found = track(desk, now(desk))
        assert found[:60] == [fix.latitude for fix in driven] and found[60:] in ([], [40.0]), (
            "the last second at most is lost"
        )
