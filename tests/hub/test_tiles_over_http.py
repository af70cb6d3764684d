"""The hub gives the center's tiles to whoever is signed in, by archive; or fetches and keeps those of a tile server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.geography.tile_archive import TileName
from console.hub.map_tiles import FRESH_S, MapTiles, TileServerAway, TilesExchanged
from console.link.hub_client import HubClient
from console.link.problems import Refused, Unreachable
from console.wire import codec
from console.wire.tiles import TileSet
from tests.geography.archives import TILES, mbtiles, png
from tests.support.agency import AGENCY
from tests.support.hub import RunningHub, running_hub
from tests.support.loop import runs
from tests.support.tile_server import tile_server

NAME = TileName(12, 3, 4)
PATH = "/12/3/4.png"


def center(folder: Path) -> Path:
    """A configuration of which only the base map counts."""
    (folder / "center" / "geography").mkdir(parents=True)
    mbtiles(folder / "center" / "geography" / "basemap.mbtiles", attribution="© The county")
    return folder / "center"


async def sets(hub: RunningHub) -> tuple[TileSet, ...]:
    answer = await hub.get("/v1/tiles")
    assert answer.status_code == 200
    return codec.decode(answer.content, tuple[TileSet, ...])


@runs
async def test_given_an_archive_then_sets_and_tiles_are_given_with_a_name_for_ever(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=center(tmp_path)) as hub:
        dark, light = await sets(hub)
        assert (dark.theme, light.theme, dark.attribution) == ("dark", "light", "© The county")
        answer = await hub.get(f"/v1/tiles/dark/1/0/0?archive={dark.archive}")
        assert answer.content == TILES[TileName(1, 0, 0)]
        assert answer.headers["content-type"] == "image/png"
        assert "immutable" in answer.headers["cache-control"]
        tag = {"if-none-match": answer.headers["etag"], **await hub.bearer()}
        again = await hub.client.get(f"/v1/tiles/dark/1/0/0?archive={dark.archive}", headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        unnamed = await hub.get("/v1/tiles/light/1/0/0")
        assert unnamed.status_code == 200 and "no-cache" in unnamed.headers["cache-control"]


@runs
async def test_given_no_tile_there_then_204_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=center(tmp_path)) as hub:
        for path in ("1/1/0", "5/0/0", "1/9/9", "99/0/0"):
            assert (await hub.get(f"/v1/tiles/dark/{path}")).status_code == 204
        assert (await hub.get("/v1/tiles/pink/1/0/0")).status_code == 404
        for path in ("1/0/x", "1/-1/0", "1/0/\u0661", f"1/{'0' * 5000}/0", f"{'9' * 5000}/0/0"):
            assert (await hub.get(f"/v1/tiles/dark/{path}")).status_code == 404
        assert (await hub.client.get(f"/v1/tiles/dark/{'9' * 5000}/0/0")).status_code == 401
        assert (await hub.client.get("/v1/tiles")).status_code == 401
        assert (await hub.client.get("/v1/tiles/dark/1/0/0")).status_code == 401


@runs
async def test_given_an_import_while_the_hub_runs_then_the_old_name_is_gone_and_the_new_one_is_told(tmp_path: Path) -> None:
    folder = center(tmp_path)
    async with running_hub(tmp_path, ground=folder) as hub:
        before = (await sets(hub))[0].archive
        mbtiles(tmp_path / "new", {TileName(0, 0, 0): png(shade=99)}).replace(folder / "geography" / "basemap.mbtiles")
        answer = await hub.get(f"/v1/tiles/dark/0/0/0?archive={before}")
        assert answer.status_code == 410 and "exchanged" in answer.text
        now = (await sets(hub))[0].archive
        assert now != before
        assert (await hub.get(f"/v1/tiles/dark/0/0/0?archive={now}")).content == png(shade=99)


@runs
async def test_given_no_base_map_then_there_are_no_sets_and_no_tiles(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        assert await sets(hub) == ()
        assert (await hub.get("/v1/tiles/dark/0/0/0")).status_code == 204
        assert (await hub.get("/v1/tiles/dark/0/0/0?archive=old")).status_code == 410


@pytest.mark.expects_log("the base map is not used")
@runs
async def test_given_a_broken_archive_at_the_start_then_the_hub_runs_says_so_and_goes_without(tmp_path: Path) -> None:
    folder = center(tmp_path)
    (folder / "geography" / "basemap.mbtiles").write_bytes(b"SQLite format 3\0 broken off")
    async with running_hub(tmp_path, ground=folder) as hub:
        assert await sets(hub) == ()
        assert "basemap.mbtiles" in (await hub.client.get("/v1/health")).text
        assert (await hub.get("/v1/tiles/dark/0/0/0")).status_code == 204


@pytest.mark.real_data
@pytest.mark.expects_log("the base map is not used")
@pytest.mark.parametrize("name", ["invalid.mbtiles", "invalid-tile-format.mbtiles", "world_cities.mbtiles"])
def test_given_a_real_broken_archive_in_the_folder_then_the_hub_runs_without_it(
    tmp_path: Path, real_data: Path, name: str
) -> None:
    folder = center(tmp_path)
    (folder / "geography" / "basemap.mbtiles").write_bytes((real_data / "maps" / name).read_bytes())

    @runs
    async def run() -> None:
        async with running_hub(tmp_path, ground=folder) as hub:
            assert await sets(hub) == ()

    run()


@runs
async def test_given_a_desks_client_then_it_reads_sets_and_tiles_and_nothing_where_there_is_none(tmp_path: Path) -> None:
    async with running_hub(tmp_path, ground=center(tmp_path)) as hub, HubClient(hub.url) as client:
        client.use(await hub.sign_in())
        dark, _ = await client.tile_sets()
        assert await client.tile(dark, 0, 0, 0) == TILES[TileName(0, 0, 0)]
        assert await client.tile(dark, 1, 1, 0) == b""
        with pytest.raises(Refused) as caught:
            await client.tile(replace(dark, archive="another"), 0, 0, 0)
        assert caught.value.problem.status == 410


# ---- a tile server that the center names


@runs
async def test_given_a_tile_server_then_desks_get_its_tiles_through_the_hub_which_asks_once(tmp_path: Path) -> None:
    async with tile_server() as server:
        server.tiles[PATH] = png(shade=7)
        agency = replace(AGENCY, tile_server=server.settings(max_zoom=16, size=512))
        async with running_hub(tmp_path, agency=agency) as hub, HubClient(hub.url) as client:
            client.use(await hub.sign_in())
            dark, light = await client.tile_sets()
            assert (dark.size, dark.max_zoom, dark.attribution) == (512, 16, "© Anybody")
            assert await client.tile(dark, *NAME) == await client.tile(light, *NAME) == png(shade=7)
            assert await client.tile(dark, 12, 9, 9) == b"" == await client.tile(dark, 12, 9, 9)
            assert await client.tile(dark, 17, 9, 9) == b""
            assert server.asked == [PATH, "/12/9/9.png"]
            assert server.agents[0].startswith("heart-console/")


@runs
async def test_given_an_own_archive_and_a_tile_server_then_the_archive_counts_and_nobody_is_asked(tmp_path: Path) -> None:
    async with tile_server() as server:
        agency = replace(AGENCY, tile_server=server.settings())
        async with running_hub(tmp_path, agency=agency, ground=center(tmp_path)) as hub:
            assert (await sets(hub))[0].attribution == "© The county"
            assert (await hub.get("/v1/tiles/dark/1/1/0")).status_code == 204
            assert server.asked == []


@pytest.mark.expects_log("the tile server gives no tiles")
@pytest.mark.parametrize("fault", ["status", "rubbish", "away"])
def test_given_a_tile_server_that_fails_then_it_is_said_once_and_left_alone_for_a_while(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    @runs
    async def run() -> None:
        async with tile_server() as server:
            server.status = 503 if fault == "status" else 200
            server.tiles[PATH] = b"<html>sign in to this network</html>"
            settings = server.settings()
            if fault == "away":
                settings = replace(settings, url="http://127.0.0.1:9/{z}/{x}/{y}.png")
            agency = replace(AGENCY, tile_server=settings)
            async with running_hub(tmp_path, agency=agency) as hub, HubClient(hub.url) as client:
                client.use(await hub.sign_in())
                dark, _ = await client.tile_sets()
                for _ in range(3):
                    with pytest.raises(Unreachable, match="tile server"):
                        await client.tile(dark, *NAME)
                assert len(server.asked) == (0 if fault == "away" else 1)

    run()
    assert len([record for record in caplog.records if "gives no tiles" in record.getMessage()]) == 1


@pytest.mark.expects_log("the tile server gives no tiles")
@runs
async def test_given_kept_tiles_then_they_are_fetched_anew_after_a_month_and_given_on_while_the_server_is_away(
    tmp_path: Path,
) -> None:
    now = 1_800_000_000.0
    async with tile_server() as server:
        settings = server.settings()
        server.tiles[PATH] = png(shade=1)
        tiles = MapTiles(None, lambda: settings, tmp_path / "kept", lambda: now)
        first, data = await tiles.tile("dark", NAME)
        assert data == png(shade=1)
        server.tiles[PATH] = png(shade=2)
        now += FRESH_S / 2
        assert (await tiles.tile("dark", NAME))[1] == png(shade=1)
        now += FRESH_S
        later, data = await tiles.tile("dark", NAME)
        assert data == png(shade=2) and later != first
        with pytest.raises(TilesExchanged):
            await tiles.tile("dark", NAME, first)
        server.status = 500
        now += 2 * FRESH_S
        assert (await tiles.tile("dark", NAME))[1] == png(shade=2)
        with pytest.raises(TileServerAway):
            await tiles.tile("dark", TileName(12, 0, 0))
        assert len(server.asked) == 3
        await tiles.close()


@runs
async def test_given_a_look_of_its_own_for_the_dark_theme_then_it_is_asked_for_there(tmp_path: Path) -> None:
    async with tile_server() as server:
        settings = server.settings(dark_url=f"http://127.0.0.1:{server.port}/dark/{{z}}/{{x}}/{{y}}.png")
        server.tiles = {PATH: png(shade=1), f"/dark{PATH}": png(shade=2)}
        tiles = MapTiles(None, lambda: settings, tmp_path / "kept")
        dark, light = await asyncio.gather(tiles.tile("dark", NAME), tiles.tile("light", NAME))
        assert (dark[1], light[1]) == (png(shade=2), png(shade=1)) and dark[0] != light[0]
        await tiles.close()
