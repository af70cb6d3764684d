"""The `heart:` scheme, by which the map page reaches this program and nothing else, and when WebEngine is loaded.

WebEngine is loaded by the first map that is drawn, not before: a desk without it, and a test without it, never load it.
It has to be expected before the QApplication is made, and the scheme has to be known to it before its first profile is.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, QUrl

SCHEME: Final = b"heart"
PAGE: Final = QUrl("heart://map/page.html")
"""Where the map page is."""

_UNEXPECTED: Final = "WebEngine was not expected when the program started"
_why_not = [_UNEXPECTED]


def expect_web_engine() -> None:
    """Prepare the program for WebEngine, which is loaded later; RuntimeError once the QApplication is there."""
    if QCoreApplication.instance() is not None:
        raise RuntimeError("expect_web_engine() must be called before the QApplication is made")
    _allow_root()
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    _why_not.clear()


def register_scheme() -> bool:
    """Load WebEngine and tell it of the scheme, once; False where it cannot be loaded, or was not expected."""
    if _why_not:
        return False
    try:
        from PySide6.QtWebEngineCore import QWebEngineUrlScheme
    except ImportError as missing:
        _why_not[:] = [f"WebEngine could not be loaded: {missing}"]
        return False
    if not QWebEngineUrlScheme.schemeByName(SCHEME).name().isEmpty():
        return True
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flags = QWebEngineUrlScheme.Flag
    scheme.setFlags(flags.SecureScheme | flags.CorsEnabled | flags.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)
    return True


def _allow_root() -> None:
    """Leave Chromium's sandbox out for root, as in a container: with it, it would end the whole program.

    It guards against pages from outside, and no such page, nor any part of one, is ever loaded.
    """
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def why_no_map() -> str:
    """Why the map page cannot be shown in this process, in words; "" when it can, or nothing speaks against it yet."""
    return _why_not[0] if _why_not else ""
