"""The tiles of the map at this desk: which there are, and each of them, from the hub or from what was kept of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from platformdirs import user_cache_path
from PySide6.QtCore import QObject, QTimer, Signal

from console.link.problems import HubFault, Refused, Unreachable, VersionSkew
from console.ui.map.picture import MapTileLayer
from console.ui.store import Store
from console.wire.tiles import TileSet

if TYPE_CHECKING:  # what reads archives is loaded with the first tile, not when the desk starts
    from console.geography.tile_archive import TileName
    from console.geography.tile_cache import TileCache

log = logging.getLogger(__name__)

Spawn = Callable[[Coroutine[Any, Any, None]], object]

KEPT_AT_MOST = 256 << 20
"""Bytes of tiles that are kept for this user, so that a hub that is away leaves the map where it is."""
ASKED_AT_ONCE = 6
TRY_AGAIN_S = 20.0
"""How long after a tile failed those that failed are asked for once more."""
_FAILURES = (Unreachable, Refused, HubFault, VersionSkew)


class TileLine(Protocol):
    """The hub, as far as tiles come from it."""

    async def tile_sets(self) -> tuple[TileSet, ...]:
        """The tiles there are."""

    async def tile(self, tiles: TileSet, zoom: int, column: int, row: int) -> bytes:
        """One of them; b"" where there is none."""


class MapTiles(QObject):
    """Learns from the hub which tiles there are whenever the link is live, and fetches those that the map asks for.

    A tile that cannot be had is not there for now: what lies below shows, and it is asked for again by itself.
    """

    changed = Signal()
    """`layer` says another."""

    def __init__(self, store: Store, cache: TileCache | None = None) -> None:
        super().__init__()
        self._store = store
        self._cache = cache
        self._line: TileLine | None = None
        self._spawn: Spawn | None = None
        self._sets: tuple[TileSet, ...] = ()
        self._asking: asyncio.Semaphore | None = None
        self._was_live = False
        self._attempt = 0
        self._again = QTimer(self, singleShot=True, interval=round(TRY_AGAIN_S * 1000))
        self._again.timeout.connect(self._try_again)
        store.link_changed.connect(self._linked)

    def through(self, line: TileLine, spawn: Spawn) -> None:
        """From now on through this hub; `spawn` runs what takes time."""
        self._line, self._spawn, self._was_live = line, spawn, False
        self._asking = asyncio.Semaphore(ASKED_AT_ONCE)
        self._linked()

    def cut(self) -> None:
        """From now on there is no hub, and no tiles."""
        self._line = self._spawn = None
        self._again.stop()
        if self._cache is not None:
            self._cache.close()
        self._take(())

    def layer(self, theme: str) -> MapTileLayer | None:
        """The tiles to draw in a theme; None where the center has none."""
        tiles = self._of(theme)
        if tiles is None:
            return None
        return MapTileLayer(
            f"tiles/{tiles.theme}/{tiles.archive}/{{z}}/{{x}}/{{y}}", tiles.size, tiles.min_zoom, tiles.max_zoom,
            tiles.bounds, tiles.attribution, self._attempt,
        )  # fmt: skip

    def ask(self, theme: str, archive: str, name: TileName, hear: Callable[[bytes], None]) -> None:
        """Fetch a tile and `hear` it, once; b"" where it cannot be had."""
        tiles = self._of(theme)
        if tiles is None or tiles.archive != archive or self._spawn is None:
            hear(b"")
        else:
            self._spawn(self._fetch(tiles, name, hear))

    def _of(self, theme: str) -> TileSet | None:
        return next((tiles for tiles in self._sets if tiles.theme == theme), None)

    def _linked(self, _link: object = None) -> None:
        live = self._store.link is not None and self._store.link.live
        if live and not self._was_live and self._spawn is not None:
            self._spawn(self._learn())
        self._was_live = live

    async def _learn(self) -> None:
        """Ask which tiles there are; a hub of an earlier version has none to tell of."""
        line = self._line
        if line is None:
            return
        try:
            sets = await line.tile_sets()
        except Refused as refused:
            sets = () if refused.problem.status == 404 else self._sets
        except _FAILURES as error:
            log.info("the hub does not say which map tiles it has: %s", error)
            return
        if line is self._line:
            self._take(sets)
            self._try_again()

    def _take(self, sets: tuple[TileSet, ...]) -> None:
        if sets != self._sets:
            self._sets = sets
            self.changed.emit()

    def _try_again(self) -> None:
        """Have those tiles asked for again that failed."""
        if self._again.isActive() or self.sender() is self._again:
            self._again.stop()
            self._attempt += 1
            self.changed.emit()

    async def _fetch(self, tiles: TileSet, name: TileName, hear: Callable[[bytes], None]) -> None:
        data = b""
        try:
            data = await self._fetched(tiles, name)
        except Refused as refused:
            if refused.problem.status == 410:
                await self._learn()
            else:
                self._failed(tiles, name, refused)
        except _FAILURES as error:
            self._failed(tiles, name, error)
        finally:
            hear(data)

    async def _fetched(self, tiles: TileSet, name: TileName) -> bytes:
        line, asking = self._line, self._asking
        if line is None or asking is None:
            return b""
        cache = self._kept()
        kept = await asyncio.to_thread(cache.get, tiles.archive, name)
        if kept is not None:
            return kept.data
        async with asking:
            data = await line.tile(tiles, *name)
        if line is self._line:  # the desk has not left this hub meanwhile, and closed what it keeps
            await asyncio.to_thread(cache.put, tiles.archive, name, data, time.time())
        return data

    def _kept(self) -> TileCache:
        """What was fetched before, opened with the first tile that is asked for."""
        if self._cache is None:
            from console.geography.tile_cache import TileCache

            self._cache = TileCache(user_cache_path("heart-console", appauthor=False) / "tiles.sqlite", KEPT_AT_MOST)
        return self._cache

    def _failed(self, tiles: TileSet, name: TileName, error: Exception) -> None:
        if not self._again.isActive():
            log.info("map tile %s of %s could not be fetched: %s", name, tiles.archive, error)
            self._again.start()
