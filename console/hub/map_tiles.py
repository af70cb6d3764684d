"""The tiles that desks are given: those of the center's own archives, else those of the tile server that it names."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.agency import TileServer
from console.geography.basemap import THEMES, Basemap
from console.geography.tile_archive import TOO_LARGE, WORLD, TileName, plain
from console.geography.tile_cache import TileCache
from console.geography.tile_image import tile_image
from console.wire.tiles import MapTheme, TileSet

if TYPE_CHECKING:  # a hub that fetches nothing never loads it
    import httpx

_LOG = logging.getLogger("console.hub")

KEPT_AT_MOST = 1 << 30
"""Bytes of fetched tiles that the hub keeps beside its store."""
FRESH_S = 30 * 24 * 3600.0
"""How long a fetched tile is given out before it is fetched again; where that fails it goes on being given out."""
_QUIET_S = 15.0
"""For so long a server that failed is not asked again."""
_TIMEOUT_S = 6.0
_AT_ONCE = 6
"""Tiles fetched at the same time."""


class TilesExchanged(Exception):
    """A tile of an archive that is not, or no longer, the one in force."""


class TileServerAway(Exception):
    """The tile server did not give a tile; the message says why."""


class MapTiles:
    """Answers for the whole hub; reading, decoding and hashing are done in threads."""

    def __init__(
        self,
        basemap: Basemap | None = None,
        tile_server: Callable[[], TileServer | None] = lambda: None,
        kept: Path | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Read `basemap`, else fetch from what `tile_server` says now and keep that in the file `kept`."""
        self._basemap, self._tile_server, self._wall_clock = basemap, tile_server, wall_clock
        self._cache = TileCache(kept, KEPT_AT_MOST) if kept is not None else None
        self._client: httpx.AsyncClient | None = None
        self._asking = asyncio.Semaphore(_AT_ONCE)
        self._quiet_until = 0.0
        self._is_away = False

    async def sets(self) -> tuple[TileSet, ...]:
        """The tiles there are, a set for each theme; none for a center without."""
        own = await asyncio.to_thread(self._basemap.sets) if self._basemap is not None else ()
        server = self._tile_server()
        if own or server is None:
            return own
        said = plain(server.attribution)
        return tuple(
            TileSet(theme, self._name(server, theme), server.size, server.min_zoom, server.max_zoom, WORLD, said)
            for theme in THEMES
        )

    async def tile(self, theme: MapTheme, name: TileName, archive: str = "") -> tuple[str, bytes]:
        """The archive of a theme that is in force, and one of its tiles (b"" where it has none).

        Raises `TilesExchanged` where another archive than `archive` ("" for any) is in force, and `TileServerAway`.
        """
        own = await asyncio.to_thread(self._own, theme, name, archive)
        if own is not None:
            return own
        server = self._tile_server()
        if server is None:
            if archive:
                raise TilesExchanged
            return "", b""
        in_force = self._name(server, theme)
        if archive not in ("", in_force):
            raise TilesExchanged
        if not (name.exists and server.min_zoom <= name.zoom <= server.max_zoom):
            return in_force, b""
        return in_force, await self._fetched(_template(server, theme), name)

    async def close(self) -> None:
        """Let go of the archives, the kept tiles and the line to the tile server."""
        if self._client is not None:
            await self._client.aclose()
        if self._cache is not None:
            self._cache.close()
        if self._basemap is not None:
            self._basemap.close()

    def _own(self, theme: MapTheme, name: TileName, archive: str) -> tuple[str, bytes] | None:
        """As of the center's archives; None where there are none."""
        if self._basemap is None or not (in_force := self._basemap.archive_of(theme)):
            return None
        if archive not in ("", in_force):
            raise TilesExchanged
        return in_force, self._basemap.tile(theme, name) or b""

    def _name(self, server: TileServer, theme: MapTheme) -> str:
        """What a desk keeps the server's tiles under: another name every month, so that none is kept for ever."""
        month = datetime.fromtimestamp(self._wall_clock(), UTC).strftime("%Y-%m")
        return _digest(f"{_template(server, theme)} {month}")

    async def _fetched(self, template: str, name: TileName) -> bytes:
        key, now = _digest(template), self._wall_clock()
        kept = await asyncio.to_thread(self._cache.get, key, name) if self._cache is not None else None
        if kept is not None and 0 <= now - kept.kept_at < FRESH_S:
            return kept.data
        try:
            data = await self._ask(_filled(template, name))
        except TileServerAway:
            if kept is not None:
                return kept.data
            raise
        if self._cache is not None:
            await asyncio.to_thread(self._cache.put, key, name, data, now)
        return data

    async def _ask(self, address: str) -> bytes:
        """One tile from the server; b"" where it says that it has none."""
        import httpx

        loop = asyncio.get_running_loop()
        async with self._asking:
            if loop.time() < self._quiet_until:
                raise TileServerAway("The tile server failed a moment ago and is left alone for some seconds.")
            if self._client is None:
                agent = f"heart-console/{version('heart-console')}"
                self._client = httpx.AsyncClient(timeout=_TIMEOUT_S, headers={"user-agent": agent}, follow_redirects=True)
            try:
                data = await self._read(self._client, address)
            except (httpx.HTTPError, httpx.InvalidURL, TileServerAway) as error:
                self._quiet_until = loop.time() + _QUIET_S
                why = str(error) or type(error).__name__
                if not self._is_away:
                    self._is_away = True
                    _LOG.warning("the tile server gives no tiles (%s); desks show what is kept, else the schematic", why)
                raise TileServerAway(f"The tile server gives no tiles ({why}).") from error
        if self._is_away:
            self._is_away = False
            _LOG.info("the tile server gives tiles again")
        return data

    async def _read(self, client: "httpx.AsyncClient", address: str) -> bytes:
        async with client.stream("GET", address) as response:
            if response.status_code in (204, 404, 410):
                return b""
            if response.status_code != 200:
                raise TileServerAway(f"it answers {response.status_code}")
            data = b""
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > TOO_LARGE:
                    raise TileServerAway(f"a tile of more than {TOO_LARGE:,} bytes")
        if tile_image(data) is None:
            raise TileServerAway("what it sends is neither PNG nor JPEG nor WebP")
        return data


def _template(server: TileServer, theme: MapTheme) -> str:
    return server.dark_url if theme == "dark" and server.dark_url else server.url


def _filled(template: str, name: TileName) -> str:
    filled = template.replace("{z}", str(name.zoom)).replace("{x}", str(name.column))
    return filled.replace("{y}", str(name.row))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
