"""What a visit to the real map page does with keys alone, and what it has the hub tell of the ground."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from console.domain import commands as c
from console.domain.commands import Accepted
from console.domain.ids import Seq
from console.ui.action_button import ActionButton
from console.wire.geography import Coverage, Layer, Track, TrackPoint
from tests.support.scenes import CALL, T1

if TYPE_CHECKING:
    from tests.ui.map.real_page import Visit

GROUND = '{"type": "Polygon", "coordinates": [[[-79.0, 35.9], [-78.8, 35.9], [-78.8, 36.1], [-79.0, 36.1], [-79.0, 35.9]]]}'
CALL_ADDRESS = "1 Main St"


class Ground:
    """A hub that knows the ground: what the map asks is answered at once."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def __getattr__(self, name: str) -> Callable[..., object]:
        now = self.visit.context.store.now()
        fixes = [(36.0, -78.95, 20), (36.01, -78.94, 15), (35.5, -79.9, 14), (36.02, -78.93, 10), (36.02, -78.92, 2)]
        points = tuple(TrackPoint(lat, lon, now - timedelta(minutes=m), jump=lon < -79) for lat, lon, m in fixes)
        answers: dict[str, object] = {
            "coverage": Coverage(now, ((5.0, GROUND), (10.0, GROUND)), by_roads=True),
            "layers": (Layer("Beats", "beat", GROUND), Layer("Districts", "district", GROUND)),
            "track": Track(T1, points),
        }
        return lambda *_: answers[name]


def with_keys(visit: Visit) -> dict[str, Any]:
    """The map worked without a pointer, and a place given to a call; what was seen of it."""
    seen: dict[str, Any] = {}
    pane, context = visit.pane, visit.context
    context.store.history = Ground(visit)  # type: ignore[assignment]
    pane.resize(900, 640)
    pane.setFocus()
    pane.fit()
    context.selection.choose_unit(T1)
    for button in pane.findChildren(ActionButton):
        if button.text().startswith(("Coverage", "Trail")):
            button.click()
    visit.report(lambda r: r["over"]["bands"] == 2 and r["over"]["trails"] == 1)
    next(b for b in pane.findChildren(ActionButton) if b.text().startswith("Layers")).click()
    seen["over"] = visit.report(lambda r: "Layers: beat" in r["over"]["legend"])
    center = seen["over"]["center"]
    visit.until(visit.web.freed, partial(QTest.keyClick, pane, Qt.Key.Key_Right))
    seen["moved"] = visit.report(lambda r: r["center"][1] > center[1])
    visit.until(visit.web.freed, partial(QTest.keyClick, pane, Qt.Key.Key_Plus))
    seen["closer"] = visit.report(lambda r: r["center"][2] > seen["moved"]["center"][2])
    marks = []
    for _ in range(3):
        QTest.keyClick(pane, Qt.Key.Key_N)
        marks.append(visit.report(lambda r: r["mark"] == list(pane.picture.mark))["mark"])
    seen["marks"] = marks
    context.selection.choose_call(None)
    QTest.keyClick(pane, Qt.Key.Key_P)
    kind, key = pane.picture.mark
    QTest.keyClick(pane, Qt.Key.Key_Return)
    seen["marked"] = [kind, key, context.selection.call_id, context.selection.unit_id]
    context.selection.choose_call(CALL)
    sent: list[tuple[str, float | None, float | None]] = []

    def send(command: c.AnyCommand, _at: datetime | None) -> Accepted:
        assert isinstance(command, c.LocateCall)
        sent.append((command.place.address, command.place.latitude, command.place.longitude))
        return Accepted(Seq(1))

    context.store.send = send
    QTest.keyClick(pane, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    visit.report(lambda r: r["over"]["aims"])
    visit.until(visit.web.bridge.pointed, partial(QTest.keyClick, pane, Qt.Key.Key_Return))
    seen["aimed"] = visit.report(lambda r: r["over"]["guess"] is not None)
    corner = QPointF(200, 300).toPoint()
    visit.until(visit.web.bridge.pointed, partial(QTest.mouseClick, visit.glass, Qt.MouseButton.LeftButton, pos=corner))
    at = pane.picture.guess
    assert at is not None
    QTest.keyClick(pane, Qt.Key.Key_Return)
    seen["placed"] = [[[CALL_ADDRESS, at.latitude, at.longitude]], sent]
    return seen
