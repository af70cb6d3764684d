"""What keeping tracks costs the commands: 2,000 units that drive, at 1 Hz, against the same hub told to keep none."""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from uuid_utils import uuid7

from console.bench.figure import Figure, percentile
from console.bench.full_floor import WORDS, configuration_with, receipt, spot
from console.bench.hubs import TELECOMMUNICATORS, carry_out, headers, hub_process, order, signed_in, staffed_store
from console.bench.posting import post_all
from console.domain.agency import Agency
from console.domain.commands import AddNarrative
from console.domain.ids import EntryId
from console.hub.configuration import load
from console.hub.positions import Fix
from console.hub.tracks import WRITE_EVERY_S
from console.wire.codec import encode
from console.wire.messages import Session

UNITS = 2_000
POSTS_A_SECOND = 10
CONNECTIONS = 16
COMMANDS = 6_000
ROUNDS = 4
CALLS = 200
_KEPT, _NONE = "keep_tracks_days = 30", "keep_tracks_days = 0"


class _Running:
    """A hub with open calls, and a feed that brings it every unit once a second while it is measured."""

    def __init__(self, url: str, rules: Agency) -> None:
        self.url, self._rules = url, rules
        self.sent = 0
        self._calls = [receipt(rules, n) for n in range(CALLS)]

    async def begin(self) -> None:
        """Sign in, and take the calls."""
        self._desk, self._session = await signed_in(self.url, TELECOMMUNICATORS[0])
        self._feed, self._fed = await signed_in(self.url, "feed")
        await carry_out(self.url, self._session, self._calls)

    async def rate(self) -> float:
        """Durable commands a second beside the fixes."""
        ids = (self._calls[n % CALLS].call_id for n in range(COMMANDS))
        narratives = [order(AddNarrative(call_id, EntryId(str(uuid7())), WORDS)) for call_id in ids]
        async with asyncio.TaskGroup() as tasks:
            driving = tasks.create_task(self._drive(self._fed))
            found = await post_all(f"{self.url}/v1/commands", headers(self._session), narratives, CONNECTIONS)
            driving.cancel()
        return found

    async def end(self) -> None:
        """Close the connections."""
        await self._desk.close()
        await self._feed.close()

    async def _drive(self, session: Session) -> None:
        begun, turn = time.monotonic(), 0
        while True:
            now = datetime.now(UTC)
            each = UNITS // POSTS_A_SECOND
            first = turn % POSTS_A_SECOND * each
            fixes = [self._fix(n, now) for n in range(first, first + each)]
            self.sent += each
            await post_all(f"{self.url}/v1/positions", headers(session), [encode(fixes)], 1)
            turn += 1
            await asyncio.sleep(max(0.0, begun + turn / POSTS_A_SECOND - time.monotonic()))

    def _fix(self, n: int, at: datetime) -> Fix:
        """The n-th unit at a moment, further from where it was a second before than any thinning."""
        latitude, longitude = spot(self._rules, n, int(at.timestamp()) * 7)
        return Fix(self._rules.units[n].unit_id, latitude, longitude, at, 36.0, 90.0, f"bench {n}")


def measure() -> list[Figure]:
    """Rounds of both in turn, so that a slow minute of the machine slows both."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = configuration_with(folder, UNITS)
        rules = load(config)
        (folder / "none").mkdir()
        without = configuration_with(folder / "none", UNITS)
        written = (without / "agency.toml").read_text(encoding="utf-8")
        (without / "agency.toml").write_text(written.replace(_KEPT, _NONE), encoding="utf-8")
        store, other = staffed_store(folder), staffed_store(folder / "none")
        with hub_process(store, config) as (url, _), hub_process(other, without) as (bare, _):
            rates, bare_rates, sent = asyncio.run(_measure(_Running(url, rules), _Running(bare, rules)))
        kept, left = (_rows(place / "hub.sqlite") for place in (folder, folder / "none"))
        if left:
            raise RuntimeError(f"the hub that keeps no tracks kept {left}")
    how = (
        f"{COMMANDS} narrative entries over {CONNECTIONS} connections while {UNITS} units that drive report at 1 Hz; "
        f"{ROUNDS} rounds in turn with the same hub and fixes and {_NONE}, medians"
    )
    told = f"{kept} rows of {sent} fixes sent while commands were carried out; each unit drives further than the thinning"
    return [
        Figure("durable commands beside tracks", percentile(rates, 50), "1/s", 0.85, how, percentile(bare_rates, 50), True),
        Figure("fixes of driving units that are in their tracks", kept / sent * 100, "%", 95.0, told, at_least=True),
    ]


async def _measure(with_tracks: _Running, without: _Running) -> tuple[list[float], list[float], int]:
    await with_tracks.begin()
    await without.begin()
    rates, bare = [], []
    for _ in range(ROUNDS):
        bare.append(await without.rate())
        rates.append(await with_tracks.rate())
    await asyncio.sleep(2 * WRITE_EVERY_S)
    await with_tracks.end()
    await without.end()
    return rates, bare, with_tracks.sent


def _rows(store: Path) -> int:
    with closing(sqlite3.connect(store)) as connection:
        return int(connection.execute("SELECT count(*) FROM track").fetchone()[0])
