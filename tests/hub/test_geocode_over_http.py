"""`/v1/geocode`: what words mean, by the center's addresses and its own places; without addresses, by its places alone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from console.domain.agency import KnownPlace
from console.domain.state import Role
from console.hub.geography import Ground
from console.link.hub_client import HubClient
from console.wire import codec
from console.wire.messages import Problem
from tests.geography.small_town import CENTER, geocoder_of, rows
from tests.geography.towns import configured, street
from tests.support.agency import AGENCY
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs

SHELTER = KnownPlace("Elm Street Drop-in", "drop_off", 36.07, -78.97, "12 Elm St")
PLACED = replace(AGENCY, places=(*AGENCY.places, SHELTER), center=CENTER)


def with_town(hub: RunningHub, folder: Path) -> Path:
    """Give the hub the ground of a folder in which the small town was imported."""
    (folder / "geography").mkdir(parents=True)
    geocoder_of(folder / "geography", rows())
    hub.hub.ground = Ground(folder)
    return folder / "geography" / "addresses.sqlite"


@runs
async def test_given_imported_addresses_then_a_desk_of_any_role_finds_them_and_the_places(tmp_path: Path) -> None:
    async with running_hub(tmp_path, agency=PLACED) as hub:
        with_town(hub, tmp_path / "config")
        async with HubClient(hub.url) as desk:
            for role in (Role.TELECOMMUNICATOR, Role.CLINICIAN, Role.SUPERVISOR):
                desk.use(await hub.sign_in(role))
                assert (await desk.geocode("105 univresity dr"))[0].words == "105 UNIVERSITY DR"
            assert (await desk.geocode("elm street drop in"))[0].words == "Elm Street Drop-in, 12 Elm St"
            assert (await desk.geocode("main & ninth"))[0].kind == "crossing"
            assert len(await desk.geocode("105 main", limit=1)) == 1
            assert await desk.geocode("zzzzqqqq") == ()
            assert await desk.geocode("   ") == ()


@runs
async def test_given_no_addresses_then_the_places_are_found(tmp_path: Path) -> None:
    async with running_hub(tmp_path, agency=PLACED) as hub, HubClient(hub.url) as desk:
        desk.use(await hub.sign_in())
        assert [(place.words, place.kind) for place in await desk.geocode("drop in")] == [
            ("Elm Street Drop-in, 12 Elm St", "place")
        ]
        assert await desk.geocode("105 University Dr") == ()


@runs
async def test_given_streets_and_no_addresses_then_their_crossings_are_found(tmp_path: Path) -> None:
    async with running_hub(tmp_path, agency=PLACED) as hub, HubClient(hub.url) as desk:
        main, oak = street((0, 0), (1000, 0), name="Main Street"), street((500, -300), (500, 300), name="Oak Avenue")
        hub.hub.ground = Ground(configured(tmp_path / "config", main, oak))
        desk.use(await hub.sign_in())
        assert [(found.words, found.kind) for found in await desk.geocode("oak at main")] == [
            ("OAK AVE/MAIN ST", "crossing")
        ]


@pytest.mark.expects_log("the addresses cannot be used")
@runs
async def test_given_a_broken_file_of_addresses_then_the_hub_says_so_and_finds_the_places(tmp_path: Path) -> None:
    async with running_hub(tmp_path, agency=PLACED) as hub, HubClient(hub.url) as desk:
        path = with_town(hub, tmp_path / "config")
        path.write_bytes(path.read_bytes()[:5000])
        desk.use(await hub.sign_in())
        assert (await desk.geocode("drop in"))[0].kind == "place"
        assert "addresses.sqlite" in (await desk.health()).ground


@runs
async def test_given_what_cannot_be_asked_then_it_is_refused_with_the_place_and_the_reason(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        for query, code in (
            (f"q={'a' * 201}", "too-long"), ("q=a&limit=0", "no-limit"), ("q=a&limit=51", "no-limit"),
            ("q=a&limit=x", "no-limit"),
        ):  # fmt: skip
            answer = await hub.get(f"/v1/geocode?{query}")
            assert (answer.status_code, codec.decode(answer.content, Problem).code) == (400, code)
        assert (await hub.client.get("/v1/geocode?q=a")).status_code == 401
        odd = quote("105 \x00 % _ ' \" ; é 北")
        assert (await hub.get(f"/v1/geocode?q={odd}")).status_code == 200
