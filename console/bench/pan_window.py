"""In a process of its own: draws a city into tiles; or pans the desk's map, or a bare Leaflet page, over them.

`draw STREETS FOLDER` says how many tiles it drew. `pane` and `page` take a configuration and that folder, and each number
from the parent makes a pan of so many seconds, of which the times of all frames are said.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from tqdm import tqdm

from console.bench.child import say
from console.bench.full_floor import positions, set_up, told
from console.bench.pan import CALLS, SIZE, ZOOM, ZOOMS
from console.bench.words import Words, end_with_a_fault
from console.domain import commands as c
from console.domain.agency import Agency
from console.domain.state import State
from console.geography.basemap import Basemap
from console.geography.tile_archive import TileName
from console.hub.configuration import load
from console.ui import theme
from console.wire.tiles import TileSet

PAN = """
window.pan = (map, seconds) => {
  const ways = [[8, [240, 0]], [4, [0, 240]], [8, [-240, 0]], [4, [0, -240]]];
  const legs = ways.flatMap(([times, leg]) => Array(times).fill(leg));
  const smooth = {animate: true, duration: 0.5, easeLinearity: 1};
  const times = [], begun = performance.now();
  let leg = 0;
  const going = () => performance.now() - begun < seconds * 1000;
  const further = () => { if (going()) map.panBy(legs[leg++ % legs.length], smooth); };
  const frame = (time) => {
    times.push(time);
    if (going()) { requestAnimationFrame(frame); return; }
    map.off("moveend", further).stop();
    window.panned = times;
    document.title = "panned";
  };
  map.on("moveend", further);
  further();
  requestAnimationFrame(frame);
};
"""
"""Pans without a stop, leg by leg along a rectangle of 1,920 by 960 pixels, 480 pixels a second."""

BARE = """<!doctype html><link rel="stylesheet" href="leaflet.css">
<style>html, body, #map {{height: 100%; margin: 0}}</style>
<div id="map"></div><script src="leaflet.js"></script><script>
const map = L.map("map", {{zoomControl: false, attributionControl: false, zoomSnap: 0.1, fadeAnimation: false}});
L.tileLayer("{url}", {{tileSize: 512, zoomOffset: -1, maxNativeZoom: {deepest}}}).addTo(map);
map.setView({center}, {zoom});
</script>"""


class FromFolder:
    """Tiles straight from their archive, in place of a hub; for the desk's `MapTiles`, and as what a page asks."""

    def __init__(self, folder: Path) -> None:
        """Open the archives of a folder."""
        self._basemap = Basemap(folder)

    async def tile_sets(self) -> tuple[TileSet, ...]:
        """The tiles there are."""
        return self._basemap.sets()

    async def tile(self, tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        """One of them."""
        return self._basemap.tile(tiles.theme, TileName(zoom, column, row)) or b""

    def ask(self, theme: str, archive: str, name: TileName, hear: Callable[[bytes], None]) -> None:
        """One of them, at once."""
        del theme, archive
        hear(self._basemap.tile("dark", name) or b"")


class Painted(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        """Watch it."""
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count, and change nothing."""
        del watched
        self.times += event.type() == QEvent.Type.Paint
        return False


def draw(streets: Path, folder: Path) -> None:
    """Draw tiles, and say how many."""
    from console.ui.map.tiles.rendering import render

    app = QGuiApplication(sys.argv[:1])
    with tqdm(disable=True) as bar:
        drawn = render(streets, folder, "", lambda _finding: None, bar, ZOOMS)
    del app
    say([drawn.lines, drawn.tiles] if drawn is not None else [])


async def pan_pane(rules: Agency, folder: Path) -> int:
    """The desk's own pane over a store with every unit on duty and as many calls, fed at 1 Hz."""
    from console.geography.tile_cache import TileCache
    from console.link.link_state import LinkState, LinkStatus
    from console.ui.context import Context
    from console.ui.map.map_tiles import MapTiles
    from console.ui.map.view import MapPane
    from console.ui.map.web_map import WebMap
    from console.ui.store import Store

    now = datetime.now(UTC)
    state = told(iter([c.ConfigureAgency(rules)]), now, State())
    state = told(set_up(rules, CALLS), now, state)
    live = LinkStatus(LinkState.LIVE)
    store = Store(state=state, now=lambda: datetime.now(UTC), positions=positions(rules, 0, now), link=live)
    context = Context(store)
    tiles = MapTiles(store, TileCache(folder / "kept.sqlite", 1 << 28))
    object.__setattr__(context, "tiles", tiles)
    pane = MapPane(context)
    second = 0

    def move() -> None:
        nonlocal second
        second += 1
        store.take_positions(positions(rules, second, datetime.now(UTC)))
        context.ticker.second.emit()

    async with asyncio.TaskGroup() as tasks:
        tiles.through(FromFolder(folder), tasks.create_task)
        assert isinstance(pane.canvas, WebMap)
        timer = QTimer(pane, interval=1000)
        timer.timeout.connect(move)
        await _pan(pane, pane.canvas.view, pane.painted, "desk.map", rules, timer.start)
    return 0


async def pan_page(rules: Agency, folder: Path) -> int:
    """A view with nothing but Leaflet and the same tiles."""
    from PySide6.QtCore import QCoreApplication, QUrl
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from console.ui.map.priority import give_way
    from console.ui.map.scheme import SCHEME, register_scheme
    from console.ui.map.source import PageSource

    register_scheme()
    source, view, app = FromFolder(folder), QWebEngineView(), QCoreApplication.instance()
    assert app is not None
    tiles = (await source.tile_sets())[0]
    profile = QWebEngineProfile(app)
    profile.installUrlSchemeHandler(SCHEME, PageSource(source, profile))
    page = QWebEnginePage(profile, view)
    view.setPage(page)
    url = f"tiles/{tiles.theme}/{tiles.archive}/{{z}}/{{x}}/{{y}}"
    html = BARE.format(url=url, deepest=tiles.max_zoom + 1, center=list(rules.center), zoom=ZOOM)
    page.setHtml(html, QUrl("heart://map/bare.html"))
    await _pan(view, view, view.loadFinished, "map", rules, lambda: give_way(page.renderProcessPid()))
    return 0


async def _pan(window: QWidget, view: Any, ready: Any, name: str, rules: Agency, begin: Callable[[], object]) -> None:
    """Show a window and pan it at each number, until the parent is gone."""
    loop = asyncio.get_running_loop()
    shown: asyncio.Future[None] = loop.create_future()
    ended = asyncio.Event()
    ready.connect(partial(_come, shown))
    window.resize(*SIZE)
    window.show()
    await shown
    begin()
    latitude, longitude = rules.center
    await _run(view, f"{name}.setView([{latitude}, {longitude}], {ZOOM}, {{animate: false}})")
    await _run(view, PAN)
    painted = Painted(view.focusProxy())
    words = Words()
    words.ended.connect(ended.set)

    def said(title: str) -> None:
        if title == "panned":
            view.page().runJavaScript("JSON.stringify(panned)", 0, tell)

    def tell(times: str) -> None:
        say({"times": json.loads(times), "painted": painted.times})

    view.page().titleChanged.connect(said)

    def pan(seconds: int) -> None:
        painted.times = 0
        view.page().runJavaScript(f"document.title = ''; pan({name}, {seconds})")

    words.heard.connect(pan)
    say("ready")
    await ended.wait()
    window.close()


async def _run(view: Any, script: str) -> None:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    view.page().runJavaScript(f"{script}; 0", 0, partial(_come, done))
    await done


def _come(awaited: "asyncio.Future[None]", *_: object) -> None:
    if not awaited.done():
        awaited.set_result(None)


def main() -> None:
    """Do what was asked for."""
    end_with_a_fault()
    kind, what, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if kind == "draw":
        draw(what, folder)
        return
    from console.ui.program import application, enter_loop, keep_quiet

    keep_quiet()
    app = application()
    theme.apply(app, theme.load_theme("dark"))
    rules = load(what)
    enter_loop(app, pan_pane(rules, folder) if kind == "pane" else pan_page(rules, folder))


if __name__ == "__main__":
    main()
