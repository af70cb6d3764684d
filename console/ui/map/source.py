"""What the map page is made of, served from this program; every other request is refused and remembered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QBuffer, QFile, QIODevice, QObject
from PySide6.QtWebEngineCore import (
    QWebEngineProfile,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlSchemeHandler,
)
from shiboken6 import isValid

from console.geography.tile_archive import TileName
from console.geography.tile_image import MEDIA_TYPES, tile_image
from console.ui.map.page import page_html
from console.ui.map.scheme import SCHEME
from console.ui.resources import resource_path

log = logging.getLogger(__name__)
_TYPES: Final = {".html": b"text/html", ".js": b"text/javascript", ".css": b"text/css"}


@cache
def _leaflet() -> Path:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def content(name: str) -> bytes | None:
    """What stands behind a name of the page's own folder, or None; OSError where an installed file cannot be read."""
    if name == "page.html":
        return page_html().encode()
    if name in ("leaflet.js", "leaflet.css"):
        return (_leaflet() / name).read_bytes()
    if name == "qwebchannel.js":
        script = QFile(":/qtwebchannel/qwebchannel.js")
        return bytes(script.readAll().data()) if script.open(QIODevice.OpenModeFlag.ReadOnly) else None
    if name in ("ink.js", "base.js", "overlays.js", "map.js", "map.css"):
        return resource_path(f"map/{name}").read_bytes()
    return None


class GivesTiles(Protocol):
    """Whoever has the tiles of the map."""

    def ask(self, theme: str, archive: str, name: TileName, hear: Callable[[bytes], None]) -> None:
        """Fetch a tile and `hear` it, once, at any time; b"" where it cannot be had."""


class PageSource(QWebEngineUrlSchemeHandler):
    """Answers the page's own requests; a name it does not know, or a file it cannot read, is said to the log."""

    def __init__(self, tiles: GivesTiles, parent: QObject) -> None:
        super().__init__(parent)
        self._tiles = tiles

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Reply with the file of that name, or with a tile once it is there."""
        name = job.requestUrl().path().lstrip("/")
        if name.startswith("tiles/"):
            self._tile(job, name)
            return
        try:
            found = content(name)
        except OSError as error:
            log.error("The map page asked for %s: %s", name, error)
            found = None
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        _reply(job, _TYPES[Path(name).suffix], found)

    def _tile(self, job: QWebEngineUrlRequestJob, path: str) -> None:
        """`tiles/THEME/ARCHIVE/z/x/y`. A page that moved on meanwhile has taken its request back."""
        try:
            _, theme, archive, *numbers = path.split("/")
            name = TileName(*map(int, numbers))
        except (ValueError, TypeError):
            log.error("The map page asked for %s, which is no tile", path)
            job.fail(QWebEngineUrlRequestJob.Error.UrlInvalid)
            return

        def hear(data: bytes) -> None:
            if not isValid(job):
                return
            image = tile_image(data)
            if image is None:
                job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            else:
                _reply(job, MEDIA_TYPES[image.format].encode(), data)

        self._tiles.ask(theme, archive, name, hear)


def _reply(job: QWebEngineUrlRequestJob, kind: bytes, content: bytes) -> None:
    body = QBuffer(job)
    body.setData(content)
    body.open(QIODevice.OpenModeFlag.ReadOnly)
    job.reply(kind, body)


class OutsideRequests(QWebEngineUrlRequestInterceptor):
    """Refuses every request that would leave this program, and keeps what was asked for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.refused: list[str] = []

    def interceptRequest(self, request: QWebEngineUrlRequestInfo) -> None:
        """Let the own scheme pass, nothing else."""
        if request.requestUrl().scheme().encode() != SCHEME:
            self.refused.append(request.requestUrl().toString())
            log.error("The map page was kept from asking for %s", self.refused[-1])
            request.block(True)


class MapProfile(QWebEngineProfile):
    """The browser profile of the map: it keeps nothing on disk and asks nobody outside; tiles come from the hub."""

    def __init__(self, tiles: GivesTiles, parent: QObject) -> None:
        super().__init__(parent)
        self.outside = OutsideRequests(self)
        self._source = PageSource(tiles, self)
        self.setUrlRequestInterceptor(self.outside)
        self.installUrlSchemeHandler(SCHEME, self._source)
