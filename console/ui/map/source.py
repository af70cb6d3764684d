"""What the map page is made of, served from this program; every other request is refused and remembered."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QFile, QIODevice, QObject
from PySide6.QtWebEngineCore import (
    QWebEngineProfile,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlSchemeHandler,
)

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
    if name in ("ink.js", "base.js", "map.js", "map.css"):
        return resource_path(f"map/{name}").read_bytes()
    return None


class PageSource(QWebEngineUrlSchemeHandler):
    """Answers the page's own requests; a name it does not know, or a file it cannot read, is said to the log."""

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Reply with the file of that name."""
        name = job.requestUrl().path().lstrip("/")
        try:
            found = content(name)
        except OSError as error:
            log.error("The map page asked for %s: %s", name, error)
            found = None
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        body = QBuffer(job)
        body.setData(found)
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(_TYPES[Path(name).suffix], body)


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
    """The browser profile of the map: it keeps nothing on disk and asks nobody outside."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.outside = OutsideRequests(self)
        self._source = PageSource(self)
        self.setUrlRequestInterceptor(self.outside)
        self.installUrlSchemeHandler(SCHEME, self._source)
