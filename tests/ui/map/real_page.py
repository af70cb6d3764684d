"""Opens the real map page, off screen and in a process of its own, does what a person does, and prints what it saw.

Run by `test_real_page.py` as `python -m tests.ui.map.real_page`. Prints one line of JSON: a name for each observation.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain import commands as c
from console.domain.ids import CallId, UnitId
from console.domain.state import Place, Position, UnitStatus
from console.ui.context import Context
from console.ui.map.scheme import expect_web_engine
from console.ui.map.view import MapPane
from console.ui.map.web_map import WebMap
from console.ui.store import Store
from console.ui.theme import apply, load_theme
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, T1, T2, Scene, floor, receive, status
from tests.ui.map import real_keys

AREA = json.dumps(
    {"type": "Polygon", "coordinates": [[[-79.0, 35.9], [-78.8, 35.9], [-78.8, 36.1], [-79.0, 36.1], [-79.0, 35.9]]]}
)
ROADS = (Path(__file__).parents[3] / "config" / "durham" / "basemap.geojson").read_text(encoding="utf-8")
OTHER = CallId("call-2")
A1 = UnitId("A1")
LONG, LONG_WORDS = CallId("call-3"), "Suspicious person in a parked car, with others"
GIVE_UP_S = 90


def board() -> Scene:
    """A unit on its way to a call, one whose position is old, one that wants backup, and a second call."""
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, basemap=ROADS)))
    scene.given(receive(place=Place("1 Main St", 36.02, -78.92)), c.DispatchUnit(T1, CALL))
    scene.given(*status(T1, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE))
    scene.given(receive(OTHER, place=Place("2 Main St", 35.93, -78.86)), c.DispatchUnit(A1, CALL, "told to"))
    return scene.given(c.RequestBackup(A1, AGENCY.other_services[0].code))


LOST_MS = 2000
"""Chromium never answers a script that was on its way to a page whose process was killed: it is asked again."""


class Visit:
    """One opened map, and questions to its page."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.scene = scene = board()
        points = {T1: (36.0, -78.95, 0), T2: (35.95, -78.9, 130), A1: (36.05, -78.85, 0)}
        at = scene.at + timedelta(seconds=AGENCY.targets[0].due_s)
        fixes = {unit: at - timedelta(seconds=age) for unit, (_, _, age) in points.items()}
        positions = [Position(u, lat, lon, fixes[u], fixes[u]) for u, (lat, lon, _) in points.items()]
        self.context = Context(Store(scene.state, now=at, positions=positions))
        self.pane = MapPane(self.context)
        assert isinstance(self.pane.canvas, WebMap), "this installation cannot show the page"
        self.web = self.pane.canvas
        self.pane.resize(900, 640)

    def until(self, signal: Any, do: Callable[[], object] = lambda: None) -> None:
        """Do something and go on when the signal comes."""
        loop = QEventLoop()
        signal.connect(lambda *_: loop.quit())
        do()
        loop.exec()

    def ask(self, script: str) -> Any:
        """What a script on the page returns, by way of JSON; None where a page that just died lost the question."""
        loop = QEventLoop()
        answers: list[str] = []

        def hear(text: str) -> None:
            answers.append(text)
            loop.quit()

        lost = QTimer(loop, singleShot=True, interval=LOST_MS)
        lost.timeout.connect(loop.quit)
        self.web.page.runJavaScript(f"JSON.stringify({script})", 0, hear)
        lost.start()
        loop.exec()
        return json.loads(answers[0]) if answers and answers[0] else None

    @property
    def glass(self) -> QWidget:
        """The widget of the page that the pointer reaches."""
        target = self.web.view.focusProxy()
        assert target is not None
        return target

    def report(self, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """The page's report, once it has nothing left to draw and is as wanted; asked again and again until then."""
        seen = self.ask("typeof desk === 'undefined' ? null : desk.report()")
        while seen is None or seen["waiting"] or not wanted(seen):
            turn = QEventLoop()
            QTimer.singleShot(5, turn.quit)
            turn.exec()
            seen = self.ask("typeof desk === 'undefined' ? null : desk.report()")
        return seen

    def drag(self, points: list[QPointF]) -> None:
        """Press at the first point, move along the others, release at the last."""
        target = self.glass
        kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1), QEvent.Type.MouseButtonRelease]
        left = Qt.MouseButton.LeftButton
        for kind, point in zip(kinds, [*points, points[-1]], strict=True):
            held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
            where = target.mapToGlobal(point)
            event = QMouseEvent(kind, point, where, left, held, Qt.KeyboardModifier.NoModifier)
            QGuiApplication.sendEvent(target, event)


def look_around(visit: Visit) -> dict[str, Any]:
    """Everything that is observed, in the order in which a person would do it."""
    seen: dict[str, Any] = {}
    pane, web = visit.pane, visit.web
    store = visit.context.store
    pane.show_areas([AREA])
    pane.show_note("EXERCISE")
    visit.until(pane.painted, pane.show)
    seen["dark"] = visit.report(lambda r: len(r["units"]) == 3 and len(r["calls"]) == 2)

    pushes = web.bridge.pushes
    last = replace(store.positions[A1], latitude=36.07)
    for step in range(20):
        store.take_positions([replace(last, latitude=36.05 + step / 1000)])
    store.take_positions([last])
    before = next(unit["y"] for unit in seen["dark"]["units"] if unit["id"] == A1)
    visit.report(lambda r: any(unit["id"] == A1 and unit["y"] < before - 5 for unit in r["units"]))
    seen["pushes"] = web.bridge.pushes - pushes

    apply(visit.app, load_theme("light"))
    seen["light"] = visit.report(lambda r: r["ground"] != seen["dark"]["ground"])

    chosen: list[str] = []
    pane.unit_chosen.connect(chosen.append)
    pane.call_chosen.connect(chosen.append)
    for kind, key, answer in (("units", T2, pane.unit_chosen), ("calls", OTHER, pane.call_chosen)):
        spot = next(item for item in visit.report()[kind] if item["id"] == key)
        at = QPointF(spot["x"], spot["y"]).toPoint()
        visit.until(answer, partial(QTest.mouseClick, visit.glass, Qt.MouseButton.LeftButton, pos=at))
    seen["chosen"] = list(chosen)
    visit.report(lambda r: any(call["label"] == "0002 Crisis" for call in r["calls"]))

    start = QPointF(450, 520)
    visit.until(web.freed, lambda: visit.drag([start, *(start + QPointF(-9.0 * k, -6.0 * k) for k in range(1, 9))]))
    seen["dragged"] = visit.report(lambda r: r["mode"] == "free" and "held" in r["over"]["legend"])
    seen["free"] = pane.picture.view.mode

    notices = visit.context.notices
    pid = web.page.renderProcessPid()
    visit.until(pane.painted, lambda: os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM)))
    seen["back"] = visit.report(lambda r: len(r["units"]) == 3 and len(r["calls"]) == 2)
    seen["words"] = [notice.words for notice in notices.standing]

    pane.fit()
    seen["fit"] = visit.report(lambda r: r["mode"] == "fit")
    pane.follow(CALL)
    seen["follow"] = visit.report(lambda r: r["mode"] == "follow")
    visit.scene.given(receive(LONG, "BURGLARY", nature_text=LONG_WORDS, place=Place("3 Main St", 36.0, -78.96)))
    store.take_state(visit.scene.state)
    pane.resize(460, 330)
    pane.fit()
    visit.context.selection.choose_call(LONG)
    named = f"0003 {LONG_WORDS}"
    seen["crowded"] = visit.report(lambda r: r["mode"] == "fit" and any(call["label"] == named for call in r["calls"]))
    seen["keys"] = real_keys.with_keys(visit)
    seen["refused"] = list(web.profile.outside.refused)
    visit.ask("(fetch('https://outside.example/tile.png').catch(() => 0).then(() => { window.tried = true; }), 1)")
    while not visit.ask("!!window.tried"):
        pass
    seen["refused_when_tried"] = list(web.profile.outside.refused)
    return seen


def main() -> int:
    """Register, open, look, print."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="logged: %(name)s %(message)s")
    expect_web_engine()
    app = QApplication(sys.argv[:1])
    apply(app, load_theme("dark"))
    faulthandler.dump_traceback_later(GIVE_UP_S, exit=True)
    visit = Visit(app)
    seen = look_around(visit)
    print(json.dumps(seen), flush=True)
    visit.pane.close()
    visit.pane.deleteLater()
    QTimer.singleShot(0, app.quit)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
