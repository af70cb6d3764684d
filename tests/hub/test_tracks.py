"""Tracks: kept beside the log, in the order of their times, deleted when the agency says, and never in anybody's way."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from console.domain.ids import UnitId
from console.hub import track_rows, tracks
from console.hub.positions import Fix
from console.hub.store import Store
from console.hub.tracks import Tracks
from console.wire.geography import Track
from tests.support.agency import AGENCY
from tests.support.exercise import CONFIGURATION
from tests.support.hub import running_hub, store_url
from tests.support.loop import runs

T1, T2 = UnitId("T1"), UnitId("T2")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FAR = NOON - timedelta(days=400), NOON + timedelta(days=400)


def fix(second: float, unit: UnitId = T1, step: float = 0.001) -> Fix:
    """A fix that many seconds after noon; a unit moves 100 m a second."""
    return Fix(unit, 36 + second * step, -78.9, NOON + timedelta(seconds=second), 36.5, 270.0, "Modems a")


class Kept:
    """Tracks over a store of their own, with the clock and the agency's days in the test's hand."""

    def __init__(self, folder: Path, keep_days: int = 30) -> None:
        self.now, self.keep_days = NOON, keep_days
        self.store = Store(store_url(folder))
        self.tracks = Tracks(self.store, lambda: self.now, lambda: self.keep_days)

    def take(self, *fixes: Fix, jump: bool = False) -> None:
        for one in fixes:
            self.tracks.take(one, self.now, jump)

    async def seconds(self, unit: UnitId = T1) -> list[float]:
        """When the unit's points are, in seconds after noon."""
        found = await self.tracks.track(unit, *FAR)
        return [(point.fix_at - NOON).total_seconds() for point in found.points] if found else []


@asynccontextmanager
async def opened(folder: Path, keep_days: int = 30) -> AsyncIterator[Kept]:
    made = Kept(folder, keep_days)
    try:
        yield made
    finally:
        made.store.close()


@runs
async def test_given_fixes_in_any_order_then_a_track_is_in_the_order_of_their_times_written_or_not(tmp_path: Path) -> None:
    async with opened(tmp_path) as on:
        order = list(range(0, 300, 3))
        random.Random(5).shuffle(order)
        on.take(*(fix(n) for n in order[:50]))
        on.take(fix(1, T2))
        await on.tracks.write()
        on.take(*(fix(n) for n in order[50:]))
        assert await on.seconds() == sorted(order), "the store's and those that wait in memory"
        await on.tracks.write()
        assert await on.seconds() == sorted(order) and await on.seconds(T2) == [1]


@runs
async def test_given_a_fix_then_its_point_is_what_was_said_and_a_jump_is_marked(tmp_path: Path) -> None:
    async with opened(tmp_path) as on:
        told = replace(fix(0), fix_at=NOON + timedelta(microseconds=123457))
        on.take(told)
        on.take(fix(7, step=1), jump=True)
        for _ in ("in memory", "in the store"):
            found = await on.tracks.track(T1, *FAR)
            assert found is not None
            first, jump = found.points
            assert (first.latitude, first.longitude, first.fix_at, first.speed_km_h, first.course, first.jump) == (
                told.latitude, told.longitude, told.fix_at, told.speed_km_h, told.course, False,
            )  # fmt: skip
            assert jump.jump and jump.latitude == 43
            await on.tracks.write()
        rows = on.store.read_now(lambda c: list(track_rows.between(c, T1, *FAR)))
        assert [(row.source, row.received_at, row.jump) for row in rows] == [("Modems a", NOON, n > 0) for n in range(2)]


@runs
async def test_given_a_device_that_sends_its_backlog_twice_then_its_track_has_each_point_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as on:
        on.take(fix(500), *(fix(n) for n in range(10)), *(fix(n) for n in range(10)))
        await on.tracks.write()
        assert await on.seconds() == [*range(10), 500]


@runs
async def test_given_a_moment_from_and_to_then_both_belong_to_the_track(tmp_path: Path) -> None:
    async with opened(tmp_path) as on:
        on.take(*(fix(n) for n in range(10)))
        for _ in ("in memory", "in the store"):
            found = await on.tracks.track(T1, NOON + timedelta(seconds=3), NOON + timedelta(seconds=5))
            assert found is not None and len(found.points) == 3
            await on.tracks.write()
        assert await on.tracks.track(T1, FAR[0], FAR[0]) == Track(T1, ()), "known, and nothing of that time"
        assert await on.tracks.track(T2, *FAR) is None


@pytest.mark.parametrize("written", [True, False])
def test_given_more_points_than_are_told_then_they_are_thinned_evenly_and_begin_and_end_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    monkeypatch.setattr(tracks, "POINTS_AT_MOST", 10)

    @runs
    async def case() -> None:
        async with opened(tmp_path) as on:
            for many in (10, 11, 95):
                on.take(*(fix(n, UnitId(f"of {many}")) for n in range(many)))
            if written:
                await on.tracks.write()
            for many in (10, 11, 95):
                found = await on.tracks.track(UnitId(f"of {many}"), *FAR)
                assert found is not None and found.thinned == (many > 10) and len(found.points) <= 10
                moments = [(point.fix_at - NOON).seconds for point in found.points]
                assert moments[0] == 0 and moments[-1] == many - 1 and moments == sorted(set(moments))

    case()


@runs
async def test_given_tracks_older_than_the_agency_keeps_then_they_are_deleted_in_slices_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tracks, "SWEPT", 7)
    caplog.set_level("INFO", "console.hub")
    async with opened(tmp_path, keep_days=2) as on:
        on.take(*(fix(n) for n in range(50)))
        await on.tracks.write()
        on.now = NOON + timedelta(days=1)
        on.take(fix(0, T2), *(fix(n) for n in range(100, 105)))
        await on.tracks.write()
        assert await on.tracks.sweep() == 0
        on.now = NOON + timedelta(days=2, seconds=1)
        assert await on.tracks.sweep() == 50
        assert await on.seconds() == [100, 101, 102, 103, 104]
        assert await on.seconds(T2) == [0], "what came late is as young as its coming"
        assert caplog.messages == ["tracks: 50 fixes were deleted, received more than 2 days ago"]


@runs
async def test_given_an_agency_that_keeps_no_tracks_then_none_are_and_those_of_before_go(tmp_path: Path) -> None:
    async with opened(tmp_path) as on:
        on.take(fix(0))
        await on.tracks.write()
        on.keep_days = 0
        on.now += timedelta(seconds=1)
        on.take(fix(1))
        assert await on.tracks.sweep() == 1 and await on.seconds() == []


@pytest.mark.expects_log("the store does not take them")
@pytest.mark.expects_log("the store takes them again; the 3 oldest")
def test_given_a_store_that_fails_then_tracks_wait_the_oldest_go_and_the_log_says_it_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tracks, "WAITING_AT_MOST", 5)

    @runs
    async def case() -> None:
        async with opened(tmp_path) as on:
            with monkeypatch.context() as failing:

                async def refuse(_work: object) -> None:
                    raise OperationalError("INSERT", {}, Exception("database or disk is full"))

                failing.setattr(on.store, "write", refuse)
                for n in range(8):
                    on.take(fix(n))
                    await on.tracks.write()
                assert await on.seconds() == [3, 4, 5, 6, 7], "still told, from memory"
            await on.tracks.write()
            await on.tracks.write()
            assert await on.seconds() == [3, 4, 5, 6, 7]

    case()
    said = [record.message for record in caplog.records if record.message.startswith("tracks")]
    assert len(said) == 2 and "disk is full" in said[0] and "3 oldest" in said[1]


@runs
async def test_given_a_backlog_of_many_then_it_is_written_a_slice_at_a_time_and_others_write_between(tmp_path: Path) -> None:
    async with opened(tmp_path) as on:
        on.take(*(fix(n) for n in range(tracks.SLICE * 4)))
        sizes: list[int] = []
        write = on.store.write

        async def watched(work):  # type: ignore[no-untyped-def]
            sizes.append(len(work.args[0]))
            return await write(work)

        on.store.write = watched  # type: ignore[method-assign]
        await on.tracks.write()
        assert sizes == [tracks.SLICE] * 4


@runs
async def test_given_a_hub_then_what_was_reported_is_kept_over_its_end_and_late_fixes_do_not_move_the_unit(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as hub:
        now = hub.hub.time.now()
        late, live = Fix(T1, 36.5, -78.9, now - timedelta(hours=1)), Fix(T1, 36.0, -78.9, now)
        hub.hub.positions.take([live, late, Fix(UnitId("Z9"), 36.0, -78.9, now), Fix(T2, 1, 1, now + timedelta(hours=1))])
        hub.hub.positions.doubt(Fix(T1, 10, 10, now))
        hub.hub.positions.doubt(Fix(UnitId("Z9"), 10, 10, now))
        assert [position.latitude for position in hub.hub.positions.all()] == [36.0]
    async with running_hub(tmp_path, agency=replace(AGENCY, keep_tracks_days=7)) as hub:
        since, until = now - timedelta(days=1), now + timedelta(days=1)
        found = await hub.hub.tracks.track(T1, since, until)
        assert found is not None
        assert {(point.latitude, point.jump) for point in found.points} == {(36.5, False), (36.0, False), (10, True)}
        assert [found.points[0].latitude, await hub.hub.tracks.track(UnitId("Z9"), since, until)] == [36.5, None]


@runs
async def test_given_an_exercise_then_its_units_leave_tracks_too(tmp_path: Path) -> None:
    async with running_hub(tmp_path, config=CONFIGURATION, exercise=True) as hub:
        while not (shown := hub.hub.positions.all()):  # noqa: ASYNC110  units move without saying so
            await asyncio.sleep(0)
        now = hub.hub.time.now()
        found = await hub.hub.tracks.track(shown[0].unit_id, now - timedelta(minutes=5), now + timedelta(minutes=5))
        assert found is not None and found.points
        assert (found.points[0].latitude, found.points[0].longitude) == (shown[0].latitude, shown[0].longitude)


@pytest.mark.expects_log("the store does not take them")
@runs
async def test_given_a_hub_whose_store_fails_then_units_still_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_hub(tmp_path) as hub:
        now = hub.hub.time.now()
        with monkeypatch.context() as failing:

            async def refuse(_work: object) -> None:
                raise OperationalError("INSERT", {}, Exception("disk I/O error"))

            failing.setattr(hub.hub.store, "write", refuse)
            hub.hub.positions.take([Fix(T1, 36.0, -78.9, now)])
            await hub.hub.tracks.write()
            hub.hub.positions.take([Fix(T1, 36.5, -78.9, now)])
            assert [position.latitude for position in hub.hub.positions.all()] == [36.5]
