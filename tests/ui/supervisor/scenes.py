"""Scenes that the supervisor's tests share."""

from __future__ import annotations

from datetime import timedelta

from console.domain import commands as c
from console.domain.ids import CallId
from console.domain.state import UnitStatus
from tests.support.scenes import T1, Scene, receive, status

MET = CallId("met")


def met_by_unit(scene: Scene, call_id: CallId = MET) -> Scene:
    """A call that T1 reached ten minutes after it came and left half an hour later."""
    scene.given(receive(call_id), c.DispatchUnit(T1, call_id), *status(T1, UnitStatus.EN_ROUTE))
    scene.at += timedelta(minutes=10) - timedelta(seconds=3)
    scene.given(*status(T1, UnitStatus.ON_SCENE))
    scene.at += timedelta(minutes=30)
    return scene.given(*status(T1, UnitStatus.AVAILABLE), c.CloseCall(call_id, outcome="resolved"))
