"""When the map's page can be shown, and what is said when it cannot."""

from __future__ import annotations

import os
import sys

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from console.ui.map import scheme


@pytest.fixture(autouse=True)
def unregistered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheme, "_why_not", ["not registered"])


def test_given_an_application_already_runs_then_registering_is_too_late_and_says_so(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    with pytest.raises(RuntimeError, match="before the QApplication"):
        scheme.register_scheme()
    assert scheme.why_no_map()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="root is a matter of Linux")
def test_given_root_and_a_sandbox_then_there_is_no_map_instead_of_no_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX")
    monkeypatch.delenv("QTWEBENGINE_CHROMIUM_FLAGS", raising=False)
    assert not scheme.register_scheme()
    assert "as an ordinary user" in scheme.why_no_map()


def test_given_no_web_engine_then_the_reason_names_what_is_missing(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    monkeypatch.setattr(QCoreApplication, "instance", lambda: None)
    monkeypatch.setitem(sys.modules, "PySide6.QtWebEngineCore", None)
    assert not scheme.register_scheme()
    assert scheme.why_no_map().startswith("WebEngine could not be loaded")
