"""A real city's files through everything: imported ground, recorded calls, recorded and driven positions, ways, tracks."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gpxpy
import httpx
import pytest

from console import __main__ as heart_console
from console import replay_command
from console.domain import commands as c
from console.domain.agency import Point
from console.domain.ids import CallId, UnitId
from console.domain.recommend import Road, recommend
from console.domain.state import Place, Role, Source, UnitStatus
from console.domain.travel import kilometres
from console.hub.feeds.settings import FeedsSettings, GtfsRealtimeFeed, NmeaFeed, OsmandFeed
from console.link.hub_client import HubClient
from console.shipped import default_configuration
from console.wire.feeds import FeedHealth
from tests.hub.feeds.saying import rmc
from tests.support.hub import PASSWORD, PEOPLE, RunningHub, running_hub, store_url
from tests.support.loop import runs

DRIVEN, WALKED = UnitId("CRT1"), UnitId("CRT2")
ANY = "127.0.0.1:0"
PHONES = OsmandFeed(name="Phones", listen=ANY, units={"tracker-1": DRIVEN})
MODEMS = NmeaFeed(name="Modems", tcp=ANY, unit=WALKED)


@pytest.fixture(scope="module")
def city(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration with the real city's ground imported into it by the command line."""
    folder = tmp_path_factory.mktemp("city") / "config"
    shutil.copytree(default_configuration(), folder)
    durham = real_data / "durham"
    for what in (
        ["addresses", str(durham / "durham_address_points.csv")],
        ["streets", str(durham / "durham_osm_roads.geojson")],
        ["layers", str(durham / "durham_police_beats_37.geojson"), "--kind", "beat", "--label", "beat"],
        ["layers", str(durham / "durham_police_districts.geojson"), "--kind", "district", "--label", "district"],
        ["layers", str(durham / "durham_city_limits.geojson"), "--service-area", "city"],
    ):
        found = heart_console.main(["import", *what, "--config", str(folder)])
        assert found in (0, 1), what  # 1: something was left out, and told; what is in force is asked below
    return folder


def route(real_data: Path) -> list[Point]:
    """Some addresses a few hundred metres apart, one after the other: a drive through the city."""
    with (real_data / "durham" / "durham_address_points.csv").open(encoding="utf-8") as file:
        points = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    drive = [points[0]]
    while len(drive) < 12:
        far = [(kilometres(drive[-1], point), point) for point in points if point not in drive]
        drive.append(min(each for each in far if each[0] > 0.2)[1])
    return drive


@asynccontextmanager
async def vehicles_told(content: bytes) -> AsyncIterator[str]:
    """A web address at which a fleet's positions, as they were recorded, are asked for."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head.encode() + content)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the hub ended while it asked
        finally:
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/vehicles"


def health(hub: RunningHub, name: str) -> FeedHealth:
    return next(one for one in hub.hub.feeds() if one.name == name)


def port(hub: RunningHub, name: str) -> int:
    return int(health(hub, name).listens[0].rpartition(":")[2])


async def heard(hub: RunningHub, name: str, messages: int) -> FeedHealth:
    while (now := health(hub, name)).received < messages:  # noqa: ASYNC110  a feed tells nobody that it has read something
        await asyncio.sleep(0)
    return now


@runs
async def test_a_citys_own_files_calls_and_positions_run_through_all_of_it(
    real_data: Path,
    city: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(replay_command.PASSWORD_VARIABLE, PASSWORD)
    recorded = (real_data / "avl" / "bindings_vehicle_position.pb").read_bytes()
    async with vehicles_told(recorded) as url:
        fleet = GtfsRealtimeFeed(name="Fleet", url=url, units={"1": WALKED})
        feeds = FeedsSettings((PHONES, MODEMS, fleet))
        async with running_hub(tmp_path, config=city, ground=city, feeds=feeds) as hub:
            await on_duty(hub)
            beats = await replayed(hub, real_data, tmp_path)
            await positions(hub, real_data)
            await ways(hub, route(real_data))
            assert len(beats) == 5
    exported(tmp_path, capsys)


async def on_duty(hub: RunningHub) -> None:
    for unit in (DRIVEN, WALKED):
        assert (await hub.order(c.SetUnitStatus(unit, UnitStatus.AVAILABLE), Role.ACTOR)).status_code == 200


async def replayed(hub: RunningHub, real_data: Path, folder: Path) -> dict[str, str]:
    """The city's recorded calls, without the beats it wrote down: the center's layers give each the same."""
    source = real_data / "durham" / "dpd_calls_for_service_sample5.csv"
    mapping = (default_configuration().parent / "mappings" / "durham.toml").read_text(encoding="utf-8")
    (folder / "map.toml").write_text(re.sub(r"^beat = .*\n", "", mapping, flags=re.MULTILINE), encoding="utf-8")
    parser = argparse.ArgumentParser()
    replay_command.add_arguments(parser)
    given = [str(source), "--map", str(folder / "map.toml"), "--report", str(folder / "report.csv"), "--hub", hub.url]
    await replay_command.run(parser.parse_args([*given, "--speed", "max", "--user", PEOPLE[Role.ACTOR].user_id]))
    with source.open(encoding="utf-8") as file:
        written = {row["Event Number"]: (row["Beat"], row["District"]) for row in csv.DictReader(file)}
    found = {call.reference: call.place for call in hub.hub.ledger.state.calls.values()}
    assert found.keys() == written.keys()
    assert {key: (place.beat, place.zones.get("district")) for key, place in found.items()} == written
    return {key: place.beat for key, place in found.items()}


async def positions(hub: RunningHub, real_data: Path) -> None:
    """Recorded requests and lines as they were, then a drive that is now: only the drive moves a unit."""
    requests = json.loads((real_data / "avl" / "osmand_vectors.json").read_text("utf-8"))["protocols"]["OsmAnd"]
    phones = f"http://127.0.0.1:{port(hub, 'Phones')}"
    async with httpx.AsyncClient(base_url=phones, trust_env=False) as client:
        for one in requests:
            if one["method"] == "GET":
                answer = await client.get(one["message"])
            else:
                answer = await client.post(one["url"], content=one["message"], headers={"content-type": one["content_type"]})
            assert answer.status_code in (200, 400), one
        assert health(hub, "Phones").unknown, "trackers that nobody bound are listed"
        assert not hub.hub.positions.all(), "what is years old, or nobody's, moves no unit"
        drive, begins = route(real_data), datetime.now(UTC) - timedelta(minutes=6)
        for step, (latitude, longitude) in enumerate(drive):
            at = begins + timedelta(seconds=30 * step)
            fix: dict[str, str | float] = {
                "id": "tracker-1",
                "lat": latitude,
                "lon": longitude,
                "timestamp": int(at.timestamp()),
            }
            assert (await client.get("/", params=fix)).status_code == 200
        leap: dict[str, str | float] = {
            "id": "tracker-1",
            "lat": drive[-1][0] + 1,
            "lon": drive[-1][1],
            "timestamp": int(at.timestamp()) + 5,
        }
        assert (await client.get("/", params=leap)).status_code == 200
    _, writer = await asyncio.open_connection("127.0.0.1", port(hub, "Modems"))
    lines = (real_data / "avl" / "pynmea2_data.log").read_bytes()
    writer.write(rmc(datetime.now(UTC), "3559.7000,N", "07854.0000,W") + b"\r\n" + lines + b"\r\n")
    writer.close()
    await writer.wait_closed()
    modems = await heard(hub, "Modems", 2)
    while not any(p.unit_id == WALKED for p in hub.hub.positions.all()):  # noqa: ASYNC110  as above
        await asyncio.sleep(0)
    fleet = await heard(hub, "Fleet", 1)
    held = {position.unit_id: position.point for position in hub.hub.positions.all()}
    assert held[DRIVEN] == pytest.approx(drive[-1], abs=1e-6)
    assert held[WALKED] == pytest.approx((35.995, -78.9), abs=1e-4)
    assert modems.taken == 1 and modems.refused, "a recorded place on another continent does not move it"
    assert fleet.refused and not fleet.taken, "a message without times is told, and moves nothing"
    assert [jump.unit_id for jump in health(hub, "Phones").jumps] == [DRIVEN]


async def ways(hub: RunningHub, drive: list[Point]) -> None:
    """A place by its words, the way there by road, whom to send, what free units reach, and where the unit has been."""
    async with HubClient(hub.url) as client:
        client.use(await hub.sign_in(Role.SUPERVISOR))
        first, *_ = await client.geocode("3205 UNIVERSTY DR")
        assert first.words.startswith("3205 UNIVERSITY DR") and first.sureness < 1
        place = Place(first.words, first.latitude, first.longitude)
        call = c.ReceiveCall(CallId("asked-for"), Source.PHONE, "WELFARE", place)  # type: ignore[arg-type]
        assert (await hub.order(call)).status_code == 200
        state = hub.hub.ledger.state
        there = state.calls[CallId("asked-for")]
        assert there.place.beat and there.place.zones["district"].startswith("D")
        times = await client.road_times((first.latitude, first.longitude))
        assert times is not None
        by_unit = {way.unit_id: way for way in times.ways}
        straight = kilometres(drive[-1], (first.latitude, first.longitude))
        assert set(by_unit) == {DRIVEN, WALKED} and by_unit[DRIVEN].kilometres >= straight * 0.95
        held = {position.unit_id: position for position in hub.hub.positions.all()}
        roads = {unit: Road(way.minutes, way.kilometres) for unit, way in by_unit.items()}
        found = recommend(state, held, there, hub.hub.time.now(), roads).units
        assert {candidate.unit_id for candidate in found} == {DRIVEN, WALKED} and all(one.by_road for one in found)
        coverage = await client.coverage((5.0, 15.0))
        near, far = (json.loads(text) for _, text in coverage.bands)
        assert coverage.by_roads and near != far
        assert {layer.kind for layer in await client.layers()} == {"beat", "district"}
        await hub.hub.tracks.write()
        now = datetime.now(UTC)
        track = await client.track(DRIVEN, now - timedelta(hours=1), now + timedelta(minutes=1))
        assert len([point for point in track.points if not point.jump]) == len(drive)
        assert [point.jump for point in track.points].count(True) == 1


def exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    since, until = (now - timedelta(hours=1)).isoformat(), (now + timedelta(minutes=1)).isoformat()
    out = folder / "track.gpx"
    given = ["export", "track", DRIVEN, since, until, "--store", store_url(folder), "--out", str(out)]
    assert heart_console.main(given) == 0, capsys.readouterr().err
    gpx = gpxpy.parse(out.read_text(encoding="utf-8"))
    assert sum(len(segment.points) for track in gpx.tracks for segment in track.segments) == 12
    assert len(gpx.waypoints) == 1
