"""When the map's page can be shown, and what is said when it cannot."""

from __future__ import annotations

import os
import sys

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from console.ui.map import scheme


@pytest.fixture(autouse=True)
def unexpected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheme, "_why_not", ["not expected"])


def test_given_an_application_already_runs_then_expecting_it_is_too_late_and_says_so(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match="before the QApplication"):
        scheme.expect_web_engine()
    assert not scheme.register_scheme()
    assert scheme.why_no_map()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="root is a matter of Linux")
@pytest.mark.parametrize(("user", "left_out"), [(0, "1"), (1000, None)])
def test_the_sandbox_is_left_out_for_root_only(user: int, left_out: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "")
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX")
    scheme._allow_root()
    assert os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == left_out


def test_given_no_web_engine_then_the_reason_names_what_is_missing(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QCoreApplication, "instance", lambda: None)
    monkeypatch.setattr(QCoreApplication, "setAttribute", lambda *_: None)
    scheme.expect_web_engine()
    assert scheme.why_no_map() == ""
    monkeypatch.setitem(sys.modules, "PySide6.QtWebEngineCore", None)
    assert not scheme.register_scheme()
    assert scheme.why_no_map().startswith("WebEngine could not be loaded")
