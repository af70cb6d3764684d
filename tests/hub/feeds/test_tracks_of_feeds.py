"""What devices say as tracks: late fixes in their place in time, jumps with their mark, and nobody moved backwards."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.ids import UnitId
from console.domain.state import State
from console.hub.bell import Bell
from console.hub.feeds.fix import DeviceFix
from console.hub.feeds.intake import CLOCK_OFF, Intake
from console.hub.feeds.settings import FeedsSettings, NmeaFeed
from console.hub.positions import AHEAD, Positions
from console.hub.store import Store
from console.hub.tracks import Tracks
from console.wire.geography import TrackPoint
from tests.hub.feeds.saying import NOON, rmc
from tests.support.hub import running_hub, store_url
from tests.support.loop import runs
from tests.support.scenes import floor

T1, T2 = UnitId("T1"), UnitId("T2")
DEGREE_KM = 111.195
STATE: State = floor().state


class Fed:
    """An intake before positions and tracks, as a hub puts them together; the test's hand on the clock."""

    def __init__(self, store: Store) -> None:
        self.now = NOON
        self.tracks = Tracks(store, lambda: self.now, lambda: 30)
        self.positions = Positions(lambda: STATE, lambda: self.now, Bell(), self.tracks.take)
        feed = NmeaFeed(name="Modems", udp=":0", units={"a": T1, "b": T2})
        self.intake = Intake(feed, self.positions.take, lambda: self.now, self.positions.doubt)

    def hear(self, device: str, second: float, km_north: float) -> None:
        """A fix of that many seconds after noon, heard now."""
        at = NOON + timedelta(seconds=second)
        self.intake.hear(lambda now: [DeviceFix(device, 36 + km_north / DEGREE_KM, -78.9, at, now, speed_km_h=36)])

    async def points(self, unit: UnitId) -> tuple[TrackPoint, ...]:
        found = await self.tracks.track(unit, NOON - CLOCK_OFF * 2, NOON + CLOCK_OFF)
        return found.points if found else ()

    def close(self) -> None:
        self.positions.close()


def held(fed: Fed, unit: UnitId) -> datetime | None:
    return next((position.fix_at for position in fed.positions.all() if position.unit_id == unit), None)


@runs
async def test_given_a_backlog_with_a_jump_in_it_then_the_track_has_all_in_order_and_the_unit_stays(tmp_path: Path) -> None:
    store = Store(store_url(tmp_path))
    fed = Fed(store)
    fed.hear("a", 0, 10)
    fed.hear("a", 1, 500)
    for second, north in ((-600, 1.0), (-590, 1.1), (-580, 400.0), (-570, 1.3)):
        fed.hear("a", second, north)
    await fed.tracks.write()
    found = [((point.fix_at - NOON).total_seconds(), point.jump) for point in await fed.points(T1)]
    assert found == [(-600, False), (-590, False), (-580, True), (-570, False), (0, False), (1, True)]
    assert held(fed, T1) == NOON
    assert fed.intake.health().refused == {"jump": 1, "older_than_held": 4}
    fed.close()
    store.close()


said = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(-3000, 3), st.sampled_from([0.0, 0.5, 1.0, 300.0, 900.0])), max_size=40
)


@settings(max_examples=40, deadline=None)
@given(said)
def test_given_any_fixes_in_any_order_then_tracks_are_in_order_jumps_marked_and_no_unit_goes_backwards(
    heard: list[tuple[str, int, float]],
) -> None:
    @runs
    async def case() -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = Store(store_url(Path(folder)))
            fed, last = Fed(store), dict[UnitId, datetime]()
            try:
                for place, (device, second, north) in enumerate(heard):
                    fed.hear(device, second, north)
                    for position in fed.positions.all():
                        assert position.fix_at >= last.get(position.unit_id, position.fix_at)
                        last[position.unit_id] = position.fix_at
                    if place == len(heard) // 2:
                        await fed.tracks.write()
                for unit, device in ((T1, "a"), (T2, "b")):
                    points = await fed.points(unit)
                    moments = [point.fix_at for point in points]
                    assert moments == sorted(moments)
                    all_said = {(NOON + timedelta(seconds=s), 36 + km / DEGREE_KM) for d, s, km in heard if d == device}
                    assert {(point.fix_at, point.latitude) for point in points} <= all_said
                    shown = held(fed, unit)
                    if shown is not None:
                        believed = [point.fix_at for point in points if not point.jump]
                        assert believed and max(believed) <= shown <= NOON + AHEAD
                jumps = {(j.unit_id, j.fix_at, j.latitude) for j in fed.intake.health().jumps}
                tracked = {(u, p.fix_at, p.latitude) for u in (T1, T2) for p in await fed.points(u) if p.jump}
                assert jumps <= tracked, "what the supervisor is shown as a jump stands in the track as one"
            finally:
                fed.close()
                store.close()

    case()


@pytest.mark.parametrize("ended_well", [True, False])
def test_given_packets_to_a_hub_then_its_track_names_feed_and_device(tmp_path: Path, ended_well: bool) -> None:
    from console.hub import track_rows

    @runs
    async def case() -> None:
        modems = NmeaFeed(name="Modems", udp="127.0.0.1:0", units={"A": T1})
        async with running_hub(tmp_path, feeds=FeedsSettings((modems,))) as hub:
            now = hub.hub.time.now()
            port = int(hub.hub.feeds()[0].listens[0].rpartition(":")[2])
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as modem:
                modem.sendto(b"A," + rmc(now - timedelta(seconds=2)) + b"\r\n", ("127.0.0.1", port))
            while not hub.hub.positions.all():  # noqa: ASYNC110  a feed tells nobody that it has read something
                await asyncio.sleep(0)
            if not ended_well:
                await hub.hub.tracks.write()
                assert await hub.hub.tracks.track(T1, now - timedelta(minutes=1), now) is not None

    case()
    store = Store(store_url(tmp_path))
    try:
        everything = (NOON - timedelta(days=20_000), NOON + timedelta(days=20_000))
        rows = store.read_now(lambda connection: list(track_rows.between(connection, T1, *everything)))
        assert [(row.source, row.latitude, row.jump) for row in rows] == [("Modems A", 36.0, False)]
        assert rows[0].speed_km_h == pytest.approx(44.448)
    finally:
        store.close()
