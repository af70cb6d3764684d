"""The `heart:` scheme, by which the map page reaches this program and nothing else.

`register_scheme()` must run before the QApplication is made; it says whether this installation has WebEngine at all.
WebEngine is imported only here and below `web_map.py`: a desk without it, and a test without it, never load it.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, QUrl

SCHEME: Final = b"heart"
PAGE: Final = QUrl("heart://map/page.html")
"""Where the map page is."""

_why_not = ["the map's scheme was not registered when the program started"]


def register_scheme() -> bool:
    """Tell WebEngine of the scheme; False, and nothing done, where WebEngine cannot be loaded."""
    if not _why_not:
        return True
    if QCoreApplication.instance() is not None:
        raise RuntimeError("register_scheme() must be called before the QApplication is made")
    try:
        from PySide6.QtWebEngineCore import QWebEngineUrlScheme
    except ImportError as missing:
        _why_not[:] = [f"WebEngine could not be loaded: {missing}"]
        return False
    _allow_root()
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flags = QWebEngineUrlScheme.Flag
    scheme.setFlags(flags.SecureScheme | flags.CorsEnabled | flags.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)
    _why_not.clear()
    return True


def _allow_root() -> None:
    """Leave Chromium's sandbox out for root, as in a container: with it, it would end the whole program.

    It guards against pages from outside, and no such page, nor any part of one, is ever loaded.
    """
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def why_no_map() -> str:
    """Why the map page cannot be shown in this process, in words; "" when it can."""
    return _why_not[0] if _why_not else ""
