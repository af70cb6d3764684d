"""The desk's tiles: learnt whenever the link is live, fetched once, kept, asked for again, and never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from console.geography.tile_archive import TileName
from console.geography.tile_cache import TileCache
from console.link.link_state import LinkState, LinkStatus
from console.link.problems import Refused, Unreachable
from console.ui.map.map_tiles import MapTiles
from console.ui.store import Store
from console.wire.messages import Problem
from console.wire.tiles import TileSet
from tests.geography.archives import png
from tests.support.loop import runs

LIVE, OFFLINE = LinkStatus(LinkState.LIVE), LinkStatus(LinkState.OFFLINE)
DARK = TileSet("dark", "abc", 512, 9, 15, (-79.0, 35.0, -78.0, 36.0), "© Anybody")
LIGHT = replace(DARK, theme="light", archive="def")
NAME = TileName(12, 3, 4)


class Hub:
    """What a hub says, as the test wants it."""

    def __init__(self) -> None:
        self.sets: tuple[TileSet, ...] = (DARK, LIGHT)
        self.fault: Exception | None = None
        self.asked: list[tuple[str, TileName]] = []

    async def tile_sets(self) -> tuple[TileSet, ...]:
        if self.fault is not None:
            raise self.fault
        return self.sets

    async def tile(self, tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        self.asked.append((tiles.archive, TileName(zoom, column, row)))
        if self.fault is not None:
            raise self.fault
        return png(shade=len(tiles.theme)) if column else b""


class Desk:
    """Tiles over a store, and everything spawned runs when it is waited for."""

    def __init__(self, folder: Path, hub: Hub, link: LinkStatus = LIVE) -> None:
        self.store = Store(link=link)
        self.tiles = MapTiles(self.store, TileCache(folder / "tiles.sqlite", 1 << 20))
        self.changes = 0
        self.tiles.changed.connect(self._changed)
        self._work: list[Coroutine[Any, Any, None]] = []
        self.tiles.through(hub, self._work.append)

    async def settle(self) -> None:
        """Run what was spawned."""
        while self._work:
            await self._work.pop(0)

    async def fetch(self, archive: str = "abc", name: TileName = NAME, theme: str = "dark") -> bytes:
        """Ask for a tile as the page does; it must be heard exactly once."""
        heard: list[bytes] = []
        self.tiles.ask(theme, archive, name, heard.append)
        await self.settle()
        (data,) = heard
        return data

    def _changed(self) -> None:
        self.changes += 1


def gone(status: int) -> Refused:
    return Refused(Problem("Any", status, "any", "any"))


def no_hub() -> Unreachable:
    return Unreachable("No hub listens.")


@runs
async def test_given_a_live_link_then_each_theme_has_its_tiles(tmp_path: Path, qapp: QApplication) -> None:
    desk = Desk(tmp_path, Hub())
    assert desk.tiles.layer("dark") is None
    await desk.settle()
    dark, light = desk.tiles.layer("dark"), desk.tiles.layer("light")
    assert dark is not None and light is not None and desk.changes == 1
    assert dark.url == "tiles/dark/abc/{z}/{x}/{y}" and light.url.startswith("tiles/light/def/")
    assert (dark.size, dark.min_zoom, dark.max_zoom, dark.bounds) == (512, 9, 15, DARK.bounds)
    assert dark.attribution == "© Anybody"
    desk.tiles.cut()


@runs
async def test_given_the_link_comes_later_or_again_then_it_is_asked_each_time(tmp_path: Path, qapp: QApplication) -> None:
    hub = Hub()
    desk = Desk(tmp_path, hub, OFFLINE)
    await desk.settle()
    assert desk.tiles.layer("dark") is None
    desk.store.take_link(LIVE)
    await desk.settle()
    assert desk.tiles.layer("dark") is not None
    hub.sets = (replace(DARK, archive="new"),)
    desk.store.take_link(replace(LIVE, delay_ms=20.0))
    await desk.settle()
    layer = desk.tiles.layer("dark")
    assert layer is not None and "abc" in layer.url, "a heartbeat is no new link"
    desk.store.take_link(OFFLINE)
    assert desk.tiles.layer("dark") is not None, "a hub that is away takes no map away"
    desk.store.take_link(LIVE)
    await desk.settle()
    layer = desk.tiles.layer("dark")
    assert layer is not None and "new" in layer.url and desk.tiles.layer("light") is None
    desk.tiles.cut()
    assert desk.tiles.layer("dark") is None


@runs
async def test_given_a_tile_was_fetched_then_it_is_kept_also_while_the_hub_is_away(
    tmp_path: Path, qapp: QApplication
) -> None:
    hub = Hub()
    desk = Desk(tmp_path, hub)
    await desk.settle()
    assert await desk.fetch() == png(shade=4)
    hub.fault = no_hub()
    assert await desk.fetch() == png(shade=4)
    assert await desk.fetch("def", NAME, "light") == b""
    assert hub.asked == [("abc", NAME), ("def", NAME)]
    desk.tiles.cut()


@runs
async def test_given_the_hub_has_none_there_then_that_is_kept_too(tmp_path: Path, qapp: QApplication) -> None:
    hub = Hub()
    desk = Desk(tmp_path, hub)
    await desk.settle()
    assert await desk.fetch(name=TileName(12, 0, 0)) == b"" == await desk.fetch(name=TileName(12, 0, 0))
    assert len(hub.asked) == 1
    desk.tiles.cut()


@runs
async def test_given_failed_tiles_then_the_page_is_told_to_ask_again_once_the_link_is_back(
    tmp_path: Path, qapp: QApplication
) -> None:
    hub = Hub()
    desk = Desk(tmp_path, hub)
    await desk.settle()
    hub.fault = no_hub()
    for _ in range(3):
        assert await desk.fetch() == b""
    desk.store.take_link(OFFLINE)
    changes, hub.fault = desk.changes, None
    desk.store.take_link(LIVE)
    await desk.settle()
    layer = desk.tiles.layer("dark")
    assert layer is not None and layer.attempt == 1 and desk.changes == changes + 1
    assert await desk.fetch() == png(shade=4)
    desk.store.take_link(OFFLINE)
    desk.store.take_link(LIVE)
    await desk.settle()
    assert desk.changes == changes + 1, "nothing failed since"
    desk.tiles.cut()


@runs
async def test_given_other_tiles_are_in_force_then_the_new_ones_are_learnt(tmp_path: Path, qapp: QApplication) -> None:
    hub = Hub()
    desk = Desk(tmp_path, hub)
    await desk.settle()
    asked = hub.tile

    async def exchanged(tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        if tiles.archive == "abc":
            hub.sets = (replace(DARK, archive="new"),)
            raise gone(410)
        return await asked(tiles, zoom, column, row)

    hub.tile = exchanged  # type: ignore[method-assign]
    assert await desk.fetch() == b""
    layer = desk.tiles.layer("dark")
    assert layer is not None and "new" in layer.url
    assert await desk.fetch("abc") == b"" and await desk.fetch("new") == png(shade=4)
    desk.tiles.cut()


@runs
async def test_given_a_hub_without_tiles_or_an_earlier_one_then_there_are_none(tmp_path: Path, qapp: QApplication) -> None:
    hub = Hub()
    hub.fault = gone(404)
    desk = Desk(tmp_path, hub)
    await desk.settle()
    assert desk.tiles.layer("dark") is None and desk.changes == 0
    assert await desk.fetch() == b"" and hub.asked == []
    desk.tiles.cut()


@runs
async def test_given_many_tiles_at_once_then_few_are_asked_of_the_hub_at_a_time(tmp_path: Path, qapp: QApplication) -> None:
    hub = Hub()
    desk = Desk(tmp_path, hub)
    await desk.settle()
    under_way, most, all_are_asked = 0, 0, asyncio.Event()

    async def slow(tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if most == 6:
            all_are_asked.set()
        await all_are_asked.wait()
        under_way -= 1
        return png()

    hub.tile = slow  # type: ignore[method-assign]
    heard: list[bytes] = []
    work: list[Coroutine[Any, Any, None]] = []
    desk.tiles.through(hub, work.append)
    for column in range(40):
        desk.tiles.ask("dark", "abc", TileName(12, column, 0), heard.append)
    await asyncio.gather(*work)
    assert len(heard) == 40 and most == 6
    desk.tiles.cut()
