"""Notices stand until dismissed, information excepted; a fault is logged, told with its reference, and ends nothing."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from console.ui import notices as notices_module
from console.ui.errors import Faults
from console.ui.notices import Notices, Weight


def said(notices: Notices) -> list[str]:
    return [notice.words for notice in notices.standing]


def test_given_information_when_its_time_is_over_then_it_goes_and_the_others_stay(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices_module, "INFO_MS", 1)
    notices = Notices()
    notices.refuse("Call 0001 is already closed.")
    notices.inform("done")
    qtbot.waitUntil(lambda: said(notices) == ["Call 0001 is already closed."])


def test_given_the_same_words_when_said_again_then_they_stand_once(qtbot: QtBot) -> None:
    notices = Notices()
    notices.refuse("no")
    notices.refuse("no")
    assert said(notices) == ["no"]


def test_given_two_notices_when_one_is_dismissed_then_the_newest_goes_first(qtbot: QtBot) -> None:
    notices = Notices()
    first = notices.refuse("one")
    notices.refuse("two")
    with qtbot.waitSignal(notices.changed):
        notices.dismiss()
    assert said(notices) == ["one"]
    notices.dismiss(first.number)
    notices.dismiss()
    assert said(notices) == []


def test_given_a_fault_when_reported_then_log_and_notice_share_the_reference(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    notices = Notices()
    try:
        raise ValueError("a mistake of ours")
    except ValueError as error:
        reference = Faults(notices, "desk.log").report(error, "painting")

    (notice,) = notices.standing
    assert (notice.weight, notice.reference) == (Weight.FAULT, reference)
    assert reference in notice.words
    assert "board keeps running" in notice.words
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert reference in record.getMessage()
    assert record.exc_info is not None


def test_given_a_fault_at_every_turn_then_it_is_one_notice_and_a_few_lines_and_comes_back_when_it_was_dismissed(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    notices = Notices()
    faults = Faults(notices)

    def paint(number: int) -> str:
        try:
            raise ValueError(f"turn {number}")
        except ValueError as error:
            return faults.report(error)

    assert len({paint(number) for number in range(150)}) == 1
    assert len(notices.standing) == 1
    assert [r.getMessage().partition("again, ")[2] for r in caplog.records] == ["", "10 times so far", "100 times so far"]
    notices.dismiss()
    paint(151)
    assert len(notices.standing) == 1
    assert faults.report(ValueError("elsewhere")) not in notices.standing[0].words


def test_given_installed_hooks_when_slot_thread_and_loop_fail_then_each_is_told_and_the_hooks_come_back(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    before = sys.excepthook, threading.excepthook
    notices = Notices()
    faults = Faults(notices)
    loop = asyncio.new_event_loop()
    faults.install(loop)
    try:
        sys.excepthook(ValueError, ValueError("of a slot"), None)
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        loop.call_exception_handler({"message": "of a task", "exception": RuntimeError("of a task")})
        loop.call_exception_handler({"message": "only words"})
    finally:
        faults.uninstall()
        loop.close()

    assert len(notices.standing) == 3
    assert (sys.excepthook, threading.excepthook) == before
    assert "only words" in caplog.text
