"""Opens the real map page over made-up tiles, in a process of its own, and prints what the page has and shows.

Run by `test_tile_page.py` as `python -m tests.ui.map.tile_page`. Prints one line of JSON: a name for each observation.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from console.domain import commands as c
from console.geography.tile_cache import TileCache
from console.link.link_state import LinkState, LinkStatus
from console.link.problems import Unreachable
from console.ui.context import Context
from console.ui.map.map_tiles import MapTiles
from console.ui.map.view import MapPane
from console.ui.map.web_map import WebMap
from console.ui.program import application, enter_loop, keep_quiet
from console.ui.store import Store
from console.ui.theme import apply, load_theme
from console.wire.tiles import TileSet
from tests.geography.archives import png
from tests.support.agency import AGENCY
from tests.support.scenes import floor

ROADS = (Path(__file__).parents[3] / "config" / "durham" / "basemap.geojson").read_text(encoding="utf-8")
LIVE, OFFLINE = LinkStatus(LinkState.LIVE), LinkStatus(LinkState.OFFLINE)
SHADES = {"dark": 40, "light": 200}
"""How grey the tiles of each theme are."""
GIVE_UP_S = 90


class Hub:
    """Tiles all of one grey; those of an odd column are not there while it is away."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0

    async def tile_sets(self) -> tuple[TileSet, ...]:
        world = (-80.0, 35.0, -78.0, 37.0)
        return tuple(TileSet(theme, f"of-{theme}", 512, 7, 12, world, "© Anybody") for theme in ("dark", "light"))

    async def tile(self, tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        self.asked += 1
        if self.is_away and column % 2:
            raise Unreachable("No hub listens.")
        return png(512, SHADES[tiles.theme])


class Visit:
    """One opened map, and questions to its page."""

    def __init__(self, app: QApplication, tiles: MapTiles, store: Store) -> None:
        self.app, self.store = app, store
        context = Context(store)
        object.__setattr__(context, "tiles", tiles)
        self.pane = MapPane(context)
        assert isinstance(self.pane.canvas, WebMap), "this installation cannot show the page"
        self.page = self.pane.canvas.page
        self.web = self.pane.canvas
        self.pane.resize(900, 640)

    async def ask(self, script: str) -> Any:
        """What a script on the page returns, by way of JSON."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.page.runJavaScript(f"JSON.stringify({script})", 0, partial(_come, answer))
        return json.loads(await answer or "null")

    async def until(self, wanted: Callable[[Any], bool]) -> dict[str, Any]:
        """What the page has of tiles and says below them, once it is as wanted."""
        while True:
            said = "{...base.tiles(), words: document.getElementById('legend').textContent, roads: base.lines.length, "
            seen = await self.ask(f"typeof base === 'undefined' ? null : {said} names: base.shown().length}}")
            if seen is not None and wanted(seen):
                return dict(seen)
            await _a_moment()

    async def shade(self, wanted: int) -> int:
        """How grey the middle of the pane is, once it is as wanted."""
        while True:
            image = self.pane.grab().toImage()
            at = QColor(image.pixel(image.width() // 2, image.height() - 60))
            if (at.red(), at.green(), at.blue()) == (wanted,) * 3:
                return at.red()
            await _a_moment()


def _come(awaited: asyncio.Future[Any], what: object = None) -> None:
    if not awaited.done():
        awaited.set_result(what)


async def _a_moment() -> None:
    """A few turns of the loop, in which the page draws."""
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    QTimer.singleShot(10, lambda: _come(turn))
    await turn


async def look_around(app: QApplication, folder: Path) -> int:
    """Everything that is observed, in order."""
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, basemap=ROADS)))
    store = Store(scene.state, now=scene.at, link=OFFLINE)
    hub, tiles = Hub(), MapTiles(store, TileCache(folder / "tiles.sqlite", 1 << 24))
    visit = Visit(app, tiles, store)
    visit.pane.show_areas([])
    seen: dict[str, Any] = {}
    async with asyncio.TaskGroup() as tasks:
        tiles.through(hub, tasks.create_task)
        painted = asyncio.Event()
        visit.pane.painted.connect(painted.set)
        visit.pane.show()
        await painted.wait()
        seen["schematic"] = await visit.until(lambda t: t["roads"])
        store.take_link(LIVE)
        seen["dark"] = await visit.until(lambda t: t["told"] and t["there"] >= 2 and not t["failed"])
        seen["dark_shade"] = await visit.shade(SHADES["dark"])
        apply(app, load_theme("light"))
        seen["light"] = await visit.until(lambda t: t["told"] and "light" in t["told"]["url"] and t["there"] >= 2)
        seen["light_shade"] = await visit.shade(SHADES["light"])
        hub.is_away = True
        await visit.ask("(desk.map.setZoom(desk.map.getZoom() + 1.5, {animate: false}), 1)")
        seen["away"] = await visit.until(lambda t: t["failed"])
        hub.is_away = False
        store.take_link(OFFLINE)
        store.take_link(LIVE)
        seen["again"] = await visit.until(lambda t: not t["failed"] and t["told"]["attempt"] >= 1)
        await visit.ask("(desk.map.setZoom(18, {animate: false}), 1)")
        seen["near"] = await visit.until(lambda t: t["words"] != "© Anybody")
        await visit.ask("(desk.map.setZoom(13, {animate: false}), 1)")
        seen["back"] = await visit.until(lambda t: t["words"] == "© Anybody")
        painted.clear()
        visit.page.load(visit.page.url())
        await painted.wait()
        seen["reloaded"] = await visit.until(lambda t: t["told"] and t["there"] >= 2)
        asked = hub.asked
        tiles.cut()
        seen["cut"] = await visit.until(lambda t: t["told"] is None)
        seen["asked_after"] = hub.asked - asked
    seen["refused"] = list(visit.web.profile.outside.refused)
    print(json.dumps(seen), flush=True)
    visit.pane.close()
    visit.pane.deleteLater()
    return 0


def main() -> int:
    """Open, look, print."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="logged: %(name)s %(message)s")
    keep_quiet()
    app = application()
    apply(app, load_theme("dark"))
    faulthandler.dump_traceback_later(GIVE_UP_S, exit=True)
    with tempfile.TemporaryDirectory() as made:
        return enter_loop(app, look_around(app, Path(made)))


if __name__ == "__main__":
    sys.exit(main())
