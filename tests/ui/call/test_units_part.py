"""What units did on a call, as its history tells it: nothing that was corrected is gone."""

from __future__ import annotations

from datetime import timedelta

from console.domain import commands as c
from console.domain.assignment import AssignmentStage, FeltSafe
from console.domain.state import UnitStatus
from console.ui.call.words import times
from tests.support.scenes import CALL, T1, Scene, floor, receive, status


def told(scene: Scene) -> list[str]:
    return [line.words for line in times(scene.state, scene.call(), scene.at)]


def arrived() -> Scene:
    scene = floor().given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE))
    scene.at += timedelta(minutes=10)
    return scene.given(*status(T1, UnitStatus.ON_SCENE))


def test_given_a_wrong_status_when_put_right_then_the_history_says_what_stood_there_since_when_why_and_who() -> None:
    scene = arrived().given(c.CorrectUnitStatus(T1, UnitStatus.EN_ROUTE, "the wrong button"))
    assert "corrected: T1 On scene → En route; on scene 14:40 → no time; the wrong button; Okafor" in told(scene)
    assert "T1 on scene" not in told(scene)
    scene.given(*status(T1, UnitStatus.ON_SCENE))
    assert "T1 on scene (was 14:40)" in told(scene), "the old time stands beside the new one"


def test_given_a_wrong_time_when_put_right_then_both_stand_there() -> None:
    scene = arrived()
    earlier = scene.at - timedelta(minutes=4)
    scene.given(c.CorrectStageTime(CALL, T1, 0, AssignmentStage.ARRIVED, earlier, "told by radio"))
    assert "corrected: T1 on scene 14:40 → 14:36; told by radio; Okafor" in told(scene)
    assert "T1 on scene (was 14:40)" in told(scene)


def test_given_backup_a_facility_and_a_report_then_each_step_stands_in_the_history() -> None:
    scene = arrived().given(
        c.RequestBackup(T1, "POLICE"), c.SendBackup(T1), c.ArriveBackup(T1), c.ClearBackup(T1, "all calm"),
        c.SetUnitStatus(T1, UnitStatus.TRANSPORTING, "Recovery Center"), c.SetUnitStatus(T1, UnitStatus.AT_FACILITY),
        c.ReportUnit(T1, CALL, FeltSafe.NO, unarmed_next_time=False, text="a dog"),
    )  # fmt: skip
    said = told(scene)
    assert [words for words in said if "ackup" in words or "olice" in words] == [
        "T1 requested police backup, entered by Okafor",
        "backup for T1 heard by Okafor",
        "Police sent to T1 by Okafor",
        "Police with T1, said Okafor",
    ]
    assert "T1 safe again, said Okafor: all calm" in said
    assert "T1 at facility" in said
    assert "T1 did not feel safe; an unarmed team could not have gone: a dog" in said
