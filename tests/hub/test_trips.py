"""What drives took teaches what drives will take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from console.domain.assignment import AssignmentStage
from console.domain.commands import AnyCommand, CorrectStageTime, DispatchUnit, Order, SetUnitStatus
from console.domain.ids import CallId, CommandId, UnitId, UserId
from console.domain.state import Place, UnitStatus
from console.hub.geography import Ground
from console.hub.positions import Fix
from console.hub.tables import trip
from console.hub.trips import LARGEST, LATEST, LEAST, SMALLEST, Trips, factor_of
from tests.geography.towns import configured, grid, place
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs
from tests.support.scenes import receive

T1 = UnitId("T1")
LENGTH_KM = 3.0


class Day:
    """A hub's day: commands at their times, and what the drives of it came to."""

    def __init__(self, hub: RunningHub, ground: Ground | None = None) -> None:
        self.hub, self.at, self._number = hub, hub.hub.time.now() - timedelta(hours=10), 0
        # The hub's own looks at real time, for which all this is long ago.
        self.trips = Trips(hub.hub.store, hub.hub.ledger, hub.hub.positions, ground or hub.hub.ground, lambda: self.at)

    async def say(self, command: AnyCommand) -> None:
        """Carry it out now, by the day's clock."""
        self._number += 1
        order = Order(CommandId(f"day-{self._number}-{self.at}"), command, occurred_at=self.at)
        outcome = await self.hub.hub.ledger.submit(order, UserId("okafor"))
        assert type(outcome).__name__ == "Accepted", outcome

    async def drive(self, call: str, minutes: float, *, followed: bool = True) -> None:
        """A call at the far end of the street, and a unit's drive there; not `followed`: nobody looks when it arrives."""
        await self.say(receive(CallId(call), place=Place("there", *place(LENGTH_KM * 1000, 0))))
        await self.say(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        await self.say(DispatchUnit(T1, CallId(call)))
        self.hub.hub.positions.take([Fix(T1, *place(0, 0), self.at)])
        await self.say(SetUnitStatus(T1, UnitStatus.EN_ROUTE))
        await self.trips.follow()
        self.at += timedelta(minutes=minutes)
        await self.say(SetUnitStatus(T1, UnitStatus.ON_SCENE))
        if followed:
            await self.trips.follow()
        self.at += timedelta(seconds=1)

    async def kept(self) -> list[tuple[float, float | None]]:
        """The estimated and the actual minutes of every drive that is kept."""
        rows = await self.hub.hub.store.read(
            lambda connection: connection.execute(select(trip.c.estimated_minutes, trip.c.minutes)).all()
        )
        return [(estimated, took) for estimated, took in rows]


def street_of(folder: Path) -> Path:
    """A configuration whose streets are a grid of 3 km."""
    return configured(folder / "center", *grid(4, LENGTH_KM * 1000 / 3))


@runs
async def test_given_a_drive_when_it_ends_then_its_estimate_and_its_minutes_are_kept(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=street_of(tmp_path)) as hub:
        day = Day(hub)
        await day.drive("call-1", 6.0)
        ((estimated, took),) = await day.kept()
        assert estimated == pytest.approx(LENGTH_KM / 70 * 60, rel=0.01)
        assert took == pytest.approx(6.0)
        assert (day.trips.factor, day.trips.trips) == (1.0, 1)
        assert Trips(hub.hub.store, hub.hub.ledger, hub.hub.positions, hub.hub.ground, hub.hub.time.now).trips == 1


@runs
async def test_given_enough_drives_when_asked_then_the_median_is_the_factor_also_after_a_start(tmp_path: Path) -> None:
    folder = street_of(tmp_path)
    async with running_hub(tmp_path, ground=folder) as hub:
        day = Day(hub)
        for number in range(LEAST):
            await day.drive(f"call-{number}", 30.0 if number < 5 else 4.5)
        (estimated, _), *_ = await day.kept()
        assert day.trips.factor == pytest.approx(4.5 / estimated)
    async with running_hub(tmp_path, ground=folder) as hub:
        assert hub.hub.trips is not None
        assert hub.hub.trips.factor == pytest.approx(4.5 / estimated)
        await hub.submit(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        hub.hub.positions.take([Fix(T1, *place(0, 0), hub.hub.time.now() - timedelta(seconds=1))])
        latitude, longitude = place(LENGTH_KM * 1000, 0)
        told = (await hub.get(f"/v1/travel?latitude={latitude}&longitude={longitude}")).json()
        assert told["trips"] == LEAST and told["factor"] == pytest.approx(4.5 / estimated)
        assert told["ways"][0]["minutes"] == pytest.approx(4.5)


@runs
async def test_given_a_drive_that_ended_while_nobody_followed_when_caught_up_then_it_is_settled(tmp_path: Path) -> None:
    ground = Ground(street_of(tmp_path))
    async with running_hub(tmp_path) as hub:
        day = Day(hub, ground)
        await day.drive("call-1", 6.0, followed=False)
        assert [took for _, took in await day.kept()] == [None]
    async with running_hub(tmp_path) as hub:
        after = Day(hub, ground)
        await after.trips.catch_up()
        assert [took for _, took in await after.kept()] == [pytest.approx(6.0)]
        assert after.trips.trips == 1


@runs
async def test_given_a_time_that_was_corrected_when_followed_then_the_drive_took_what_is_right(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=street_of(tmp_path)) as hub:
        day = Day(hub)
        began = day.at
        await day.drive("call-1", 9.0)
        wanted: datetime = began + timedelta(minutes=5)
        await day.say(CorrectStageTime(CallId("call-1"), T1, 0, AssignmentStage.ARRIVED, wanted, "forgot to say"))
        await day.trips.follow()
        ((_, took),) = await day.kept()
        assert took == pytest.approx(5.0)


@runs
async def test_given_a_position_that_is_old_or_a_word_that_comes_late_when_a_unit_sets_out_then_nothing_is_kept(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, ground=street_of(tmp_path)) as hub:
        day = Day(hub)
        await day.say(receive(CallId("call-1"), place=Place("there", *place(3000, 0))))
        await day.say(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        await day.say(DispatchUnit(T1, CallId("call-1")))
        hub.hub.positions.take([Fix(T1, *place(0, 0), day.at - timedelta(minutes=10))])
        await day.say(SetUnitStatus(T1, UnitStatus.EN_ROUTE))
        await day.trips.follow()
        assert await day.kept() == []


@runs
async def test_given_a_hub_without_streets_when_followed_then_nothing_is_kept(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        day = Day(hub)
        await day.drive("call-1", 6.0)
        assert await day.kept() == []
        assert (day.trips.factor, day.trips.trips) == (1.0, 0)


def test_given_drives_when_their_factor_is_taken_then_none_of_few_and_never_beyond_reason() -> None:
    assert factor_of([(4.0, 6.0)] * (LEAST - 1)) == (1.0, LEAST - 1)
    assert factor_of([(4.0, 6.0)] * LEAST) == (1.5, LEAST)
    assert factor_of([(4.0, 60.0)] * LEAST) == (LARGEST, LEAST)
    assert factor_of([(4.0, 1.0)] * LATEST) == (SMALLEST, LATEST)
    assert factor_of([(4.0, 5.0)] * LEAST + [(4.0, 400.0)] * (LEAST - 1)) == (1.25, 2 * LEAST - 1)


@runs
async def test_given_a_unit_that_stops_and_sets_out_again_when_it_arrives_then_its_drive_is_from_the_first_setting_out(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, ground=street_of(tmp_path)) as hub:
        day = Day(hub)
        await day.drive("call-1", 9.0)
        ((whole, _),) = await day.kept()
        await day.say(SetUnitStatus(T1, UnitStatus.CLEAR))
        await day.say(receive(CallId("call-2"), place=Place("there", *place(LENGTH_KM * 1000, 0))))
        await day.say(DispatchUnit(T1, CallId("call-2")))
        hub.hub.positions.take([Fix(T1, *place(0, 0), day.at)])
        for metres, status in ((0, UnitStatus.EN_ROUTE), (1_000, UnitStatus.STAGING), (1_000, UnitStatus.EN_ROUTE)):
            hub.hub.positions.take([Fix(T1, *place(metres, 0), day.at)])
            await day.say(SetUnitStatus(T1, status))
            await day.trips.follow()
            day.at += timedelta(minutes=2)
        await day.say(SetUnitStatus(T1, UnitStatus.ON_SCENE))
        await day.trips.follow()
        drives = [pytest.approx((whole, 9.0)), pytest.approx((whole, 6.0))]
        assert await day.kept() == drives


@runs
async def test_given_a_store_that_fails_then_drives_wait_for_it_and_the_log_says_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_hub(tmp_path) as hub:
        day = Day(hub, Ground(street_of(tmp_path)))
        day.trips.retry_s = 0.0
        await day.drive("call-1", 6.0, followed=False)
        tries, often, read = 0, asyncio.Event(), hub.hub.store.read

        async def refuse(work: object) -> None:
            nonlocal tries
            tries += 1
            if tries == 3:
                often.set()
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))

        again = asyncio.Event()

        async def noted(work: Callable[[Connection], object]) -> object:
            found = await read(work)
            again.set()
            return found

        async with asyncio.TaskGroup() as tasks:
            monkeypatch.setattr(hub.hub.store, "read", refuse)
            following = tasks.create_task(day.trips.run())
            await often.wait()
            monkeypatch.setattr(hub.hub.store, "read", noted)
            await again.wait()
            following.cancel()
    said = [record.getMessage() for record in caplog.records if "drives cannot be kept" in record.getMessage()]
    assert said == ["drives cannot be kept: disk I/O error; tried again every 0 s"]


@pytest.mark.expects_log("were not kept")
@runs
async def test_given_a_fault_in_the_roads_when_a_unit_sets_out_then_the_next_drive_is_kept_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_hub(tmp_path, ground=street_of(tmp_path)) as hub:
        day = Day(hub)
        failed, went_on, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()

        def broken_once(*_: object) -> float:
            if not failed.is_set():
                loop.call_soon_threadsafe(failed.set)
                raise RuntimeError("a fault of ours")
            loop.call_soon_threadsafe(went_on.set)
            return 3.0

        monkeypatch.setattr(day.trips, "_estimate", broken_once)
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(day.trips.run())
            for call, wanted in (("call-1", failed), ("call-2", went_on)):
                await day.say(receive(CallId(call), place=Place("there", *place(3000, 0))))
                await day.say(SetUnitStatus(T1, UnitStatus.AVAILABLE))
                await day.say(DispatchUnit(T1, CallId(call)))
                hub.hub.positions.take([Fix(T1, *place(0, 0), day.at)])
                await day.say(SetUnitStatus(T1, UnitStatus.EN_ROUTE))
                await wanted.wait()
                await day.say(SetUnitStatus(T1, UnitStatus.ON_SCENE))
            following.cancel()
