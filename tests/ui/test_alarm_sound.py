"""What is heard: backup at every desk, an unanswered check at the supervisor's, again until somebody says they heard it."""

from __future__ import annotations

from array import array

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.state import Role, UnitStatus
from console.domain.status_check import status_check
from console.ui.alarm_sound import AGAIN_S, NO_SOUND, AlarmSound, to_hear
from console.ui.notice_bar import NoticeBar
from console.ui.speaker import RATE, SOUNDS, Speaker, samples
from console.wire.messages import Session
from tests.support.scenes import CALL, T1, T2, receive, status
from tests.ui.live import Live


@pytest.fixture
def live(qapp: QApplication) -> Live:
    made = Live()
    made.tell(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ON_SCENE))
    return made


def at(live: Live, role: Role) -> list[str]:
    """What is heard at a desk of that role, from now on."""
    me = live.store.me
    assert me is not None
    live.store.take_me(Session(me.token, me.user_id, me.name, role, me.desk_id))
    heard: list[str] = []
    AlarmSound(live.context, heard.append, live.store)
    return heard


def test_given_a_request_for_backup_then_it_is_heard_at_once_and_again_until_somebody_heard_it(live: Live) -> None:
    heard = at(live, Role.TELECOMMUNICATOR)
    live.tell(c.RequestBackup(T1, "POLICE"))
    assert heard == ["backup"]
    for _ in range(AGAIN_S):
        live.tick()
    assert heard == ["backup"] * 2
    live.tell(c.RequestBackup(T2, "POLICE"))
    assert heard == ["backup"] * 3, "another unit is heard at once"
    live.tell(c.AcknowledgeBackup(T1), c.AcknowledgeBackup(T2))
    for _ in range(AGAIN_S):
        live.tick()
    assert heard == ["backup"] * 3


def test_given_a_clinician_then_each_request_is_heard_once(live: Live) -> None:
    heard = at(live, Role.CLINICIAN)
    live.tell(c.RequestBackup(T1, "POLICE"))
    for _ in range(AGAIN_S):
        live.tick()
    assert heard == ["backup"]


def test_given_a_desk_that_starts_while_a_unit_waits_for_backup_then_it_is_heard_there(live: Live) -> None:
    live.tell(c.RequestBackup(T1, "POLICE"))
    assert at(live, Role.TELECOMMUNICATOR) == ["backup"]


def test_given_checks_missed_twice_then_the_supervisor_alone_hears_it_until_the_unit_answers(live: Live) -> None:
    supervisor = at(live, Role.SUPERVISOR)
    asked = status_check(live.store.state, live.store.state.units[T1])
    assert asked is not None
    live.tell(c.MissCheck(T1, asked.due_at, 1))
    assert supervisor == []
    live.tell(c.MissCheck(T1, asked.due_at, 2))
    assert supervisor == ["check"]
    assert to_hear(live.store.state, Role.SUPERVISOR) == (("check", T1),)
    assert to_hear(live.store.state, Role.TELECOMMUNICATOR) == ()
    live.tell(c.CheckUnit(T1))
    for _ in range(AGAIN_S):
        live.tick()
    assert supervisor == ["check"]


@pytest.mark.parametrize("name", SOUNDS)
def test_given_a_sound_then_its_samples_last_as_long_as_its_notes_and_begin_and_end_in_silence(name: str) -> None:
    made = array("h", samples(SOUNDS[name]))
    assert abs(len(made) / RATE - sum(seconds for _, seconds in SOUNDS[name])) < 0.01
    assert made[0] == made[-1] == 0
    assert 10_000 < max(made) < 32_767


def test_given_no_sound_device_then_it_beeps_and_the_desk_says_so_until_there_is_one(
    live: Live, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar, speaker, beeps = NoticeBar(live.context), Speaker(), list[str]()
    qtbot.addWidget(bar)
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append("beep"))
    speaker.missing_changed.connect(lambda missing: bar.keep(NO_SOUND, missing))
    speaker._miss(True)
    speaker.play("backup")
    assert beeps == ["beep"] and bar.lines() == [NO_SOUND] and not bar.buttons(), "nobody can dismiss it"
    speaker._miss(False)
    assert bar.lines() == []
