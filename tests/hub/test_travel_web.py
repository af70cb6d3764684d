"""Over the hub's web: how long units need by the roads, and which ground the free ones reach."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from shapely import Point
from shapely.geometry import shape

from console.domain.commands import SetUnitStatus
from console.domain.ids import UnitId
from console.domain.state import UnitStatus
from console.geography import streets_file
from console.hub.positions import Fix
from console.hub.travel_web import SAME_FOR_S, Lately
from console.link.hub_client import HubClient
from console.wire import codec
from console.wire.geography import Coverage, RoadTimes
from tests.geography.towns import configured, grid, place
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs

T1, T2 = UnitId("T1"), UnitId("T2")
SIDE_M = 2000.0
"""The town is so wide, its streets 500 m apart."""


def town(folder: Path) -> Path:
    """A configuration with a small town's streets."""
    return configured(folder / "center", *grid(5, 500.0))


async def on_duty(hub: RunningHub, unit: UnitId, where: tuple[float, float] | None, status: UnitStatus) -> None:
    """Put a unit on duty, somewhere."""
    await hub.submit(SetUnitStatus(unit, UnitStatus.AVAILABLE))
    if status is not UnitStatus.AVAILABLE:
        await hub.submit(SetUnitStatus(unit, status))
    if where is not None:
        hub.hub.positions.take([Fix(unit, *place(*where), hub.hub.time.now() - timedelta(seconds=1))])


def asked(to: tuple[float, float]) -> str:
    """The path of the question how long units need to a place."""
    latitude, longitude = place(*to)
    return f"/v1/travel?latitude={latitude}&longitude={longitude}"


@runs
async def test_given_streets_when_asked_for_ways_then_minutes_and_kilometres_of_units_on_duty(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=town(tmp_path)) as hub:
        await on_duty(hub, T1, (0, 0), UnitStatus.AVAILABLE)
        await on_duty(hub, T2, (SIDE_M, SIDE_M), UnitStatus.OFF_SHIFT)
        answer = await hub.get(asked((1000, 500)))
        assert answer.status_code == 200
        times = codec.decode(answer.content, RoadTimes)
        (way,) = times.ways
        assert way.unit_id == T1
        assert way.kilometres == pytest.approx(1.5, abs=0.01)
        assert way.minutes == pytest.approx(1.5 * 60 / 55, rel=0.4)
        assert (times.factor, times.trips) == (1.0, 0)
        async with HubClient(hub.url) as client:
            client.use(await hub.sign_in())
            assert (await client.road_times(place(1000, 500))) is not None


@runs
async def test_given_no_streets_when_asked_for_ways_then_it_says_so_and_a_desk_takes_it_for_none(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        answer = await hub.get(asked((0, 0)))
        assert (answer.status_code, answer.json()["code"]) == (404, "no-streets")
        async with HubClient(hub.url) as client:
            client.use(await hub.sign_in())
            assert await client.road_times(place(0, 0)) is None


@runs
async def test_given_no_place_when_asked_for_ways_then_refused_by_name(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=town(tmp_path)) as hub:
        for latitude, longitude in (("", ""), ("36", ""), ("36", "x"), ("91", "0"), ("nan", "0")):
            answer = await hub.get(f"/v1/travel?latitude={latitude}&longitude={longitude}")
            assert (answer.status_code, answer.json()["code"]) == (400, "no-place")


@runs
async def test_given_nobody_signed_in_when_asked_then_refused(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=town(tmp_path)) as hub:
        for path in (asked((0, 0)), "/v1/coverage?minutes=5"):
            assert (await hub.client.get(path)).status_code == 401


@runs
async def test_given_free_units_when_asked_for_coverage_then_by_roads_the_ground_of_these_alone(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=town(tmp_path)) as hub:
        await on_duty(hub, T1, (0, 0), UnitStatus.AVAILABLE)
        await on_duty(hub, T2, (SIDE_M, SIDE_M), UnitStatus.BREAK)
        async with HubClient(hub.url) as client:
            client.use(await hub.sign_in())
            found = await client.coverage((2, 1))
        assert found.by_roads
        assert [minutes for minutes, _ in found.bands] == [1, 2]
        near, far = (Point(*reversed(place(*where))) for where in ((100, 0), (SIDE_M, SIDE_M)))
        for _, text in found.bands:
            assert shape(json.loads(text)).contains(near) and not shape(json.loads(text)).intersects(far)


@runs
async def test_given_nobody_free_when_asked_for_coverage_then_no_band_is_told(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=town(tmp_path)) as hub:
        await on_duty(hub, T1, (0, 0), UnitStatus.BREAK)
        found = codec.decode((await hub.get("/v1/coverage?minutes=5,10")).content, Coverage)
        assert (found.bands, found.by_roads) == ((), True)


@runs
async def test_given_no_streets_when_asked_for_coverage_then_circles_and_it_says_so(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await on_duty(hub, T1, (0, 0), UnitStatus.AVAILABLE)
        found = codec.decode((await hub.get("/v1/coverage?minutes=5,10,15")).content, Coverage)
        assert not found.by_roads
        areas = [shape(json.loads(text)).area for _, text in found.bands]
        assert areas[1] == pytest.approx(4 * areas[0], rel=0.01)


@runs
async def test_given_no_minutes_when_asked_for_coverage_then_refused_by_name(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        for minutes in ("", "a", "0", "-5", "61", "nan", "1,2,3,4,5,6,7"):
            answer = await hub.get(f"/v1/coverage?minutes={minutes}")
            assert (answer.status_code, answer.json()["code"]) == (400, "no-minutes")


@pytest.mark.expects_log("the streets cannot be used, the hub goes on without")
@runs
async def test_given_a_broken_file_of_streets_when_the_hub_starts_then_it_says_so_and_goes_on(tmp_path: Path) -> None:
    folder = town(tmp_path)
    path = folder / "geography" / streets_file.NAME
    path.write_bytes(path.read_bytes()[:5000])
    async with running_hub(tmp_path, ground=folder) as hub:
        assert (await hub.get(asked((0, 0)))).json()["code"] == "no-streets"
        assert "streets.sqlite: " in (await hub.client.get("/v1/health")).json()["ground"]
        configured(folder, *grid(5, 500.0))  # imported again, while the hub runs
        assert (await hub.get(asked((0, 0)))).status_code == 200
        assert not (await hub.client.get("/v1/health")).json().get("ground")


@runs
async def test_given_equal_questions_when_they_come_together_then_one_is_worked_on_and_later_ones_anew() -> None:
    now, worked = [0.0], []

    async def answer() -> int:
        worked.append(now[0])
        return len(worked)

    lately: Lately[str, int] = Lately(lambda: now[0])
    assert [await lately("a", answer), await lately("a", answer), await lately("b", answer)] == [1, 1, 2]
    now[0] = SAME_FOR_S
    assert await lately("a", answer) == 3
