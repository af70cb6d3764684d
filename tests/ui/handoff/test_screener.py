"""The screener asks by digits, seals every answer at once, and leaves nothing at the desk."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.commands import Accepted, CommandOutcome
from console.domain.ids import CallId, DeskId, HandOffId, NoteId, Seq, UserId
from console.domain.state import Role, SealedKind
from console.domain.triage.screener import Screener
from console.link.problems import Refused, Unreachable
from console.ui.context import Context
from console.ui.drafts import Drafts
from console.ui.handoff.screener import ScreenerPane
from console.ui.handoff.screener_words import read_aloud
from console.wire.messages import NoteOpened, NoteToSeal, Problem, Session
from tests.support.agency import AGENCY, PHONE
from tests.support.scenes import CALL, LIN, REYES, floor, offer, receive
from tests.ui.live import Live, on_screen

SAMPLE = msgspec.yaml.decode(Path("config/durham/screener.yaml").read_bytes(), type=Screener)
TWO = CallId("call-two")


class Hub:
    """What the pane sends, and what came of it: each note is in the log, its words are here alone."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.sent: list[NoteToSeal] = []
        self.kept: dict[NoteId, str] = {}
        self.away = False

    async def seal_note(self, note: NoteToSeal) -> CommandOutcome:
        self.sent.append(note)
        if self.away:
            raise Unreachable("the hub does not answer")
        self.kept[note.note_id] = note.text
        self.live.tell(c.SealNote(CallId(note.subject), note.note_id, note.kind, "5e" * 32), by=REYES)
        return Accepted(Seq(1))

    async def open_note(self, note_id: NoteId, reason: str = "") -> NoteOpened:
        if note_id not in self.kept:
            raise Refused(Problem("Gone", 410, "It was redacted."))
        return NoteOpened(note_id, self.kept[note_id])


def at_once(work: Coroutine[Any, Any, None]) -> None:
    with pytest.raises(StopIteration):
        work.send(None)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, screener=SAMPLE)), receive(), receive(TWO), offer())
    scene.given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    made = Live(scene, me=REYES)
    made.context = Context(made.store, drafts=Drafts(tmp_path / "drafts.json"))
    sit_down(made, REYES)
    made.context.selection.choose_call(CALL)
    return made


def sit_down(live: Live, user: UserId) -> None:
    live.store.take_me(Session("t", user, user.title(), Role.CLINICIAN, DeskId("d"), programme=PHONE))


@pytest.fixture
def hub(live: Live) -> Hub:
    made = Hub(live)
    live.context.sealing.through(made, at_once)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live, hub: Hub) -> ScreenerPane:
    made = on_screen(qtbot, ScreenerPane(live.context), 700, 500)
    made.setFocus()
    return made


def digits(pane: ScreenerPane, keys: str) -> None:
    for key in keys:
        QTest.keyClick(pane, Qt.Key(ord(key)))


def test_given_a_caller_on_the_line_then_the_first_question_in_both_languages_and_its_digits(pane: ScreenerPane) -> None:
    question = SAMPLE.protocol.questions[0]
    assert pane.place.text() == "Sample screener · 1 of at most 6"
    assert pane.question.text() == question.text["en"] and question.text["es"] in pane.others.text()
    assert [button.choice.key for button in pane.buttons if not button.isHidden()] == ["1", "2", "3"]
    assert pane.hint.text() == "a digit answers" and not pane.tell.isEnabled()


def test_given_digits_then_each_answer_is_sealed_whole_and_the_level_is_at_least_what_is_certain(
    pane: ScreenerPane, live: Live, hub: Hub
) -> None:
    digits(pane, "111")
    assert [len(msgspec.json.decode(note.text)["said"]) for note in hub.sent] == [1, 2, 3]
    assert {(note.kind, note.subject) for note in hub.sent} == {(SealedKind.SCREENER, CALL)}
    assert pane.level.text() == "◆ at least moderate" and pane.place.text() == "Sample screener · 4 of at most 6"
    assert pane.answered.text().startswith("1 wish to be dead <b>yes</b> · 2 thoughts of ending one")
    assert pane.advice.text() == SAMPLE.levels[1].advice["en"] and pane.said.isHidden()
    digits(pane, "1")
    assert pane.level.text() == "▲ High", "nothing is graver, so nothing is open about it"
    assert live.sent == [] and len(live.store.state.calls[CALL].notes) == 4, "in the log is only that there are notes"
    assert "yes" not in str(live.store.state.calls[CALL].facts)


def test_given_backspace_then_the_last_question_is_asked_again_and_a_wrong_digit_is_refused(
    pane: ScreenerPane, hub: Hub
) -> None:
    digits(pane, "12")
    QTest.keyClick(pane, Qt.Key.Key_Backspace)
    assert pane.question.text() == SAMPLE.protocol.questions[1].text["en"]
    digits(pane, "7")
    assert pane.said.text() == "7 is no answer to this question; the answers are 1, 2, 3."
    assert len(msgspec.json.decode(hub.sent[-1].text)["said"]) == 1


def test_given_a_hub_that_is_away_then_the_answers_stay_marked_on_the_screen_and_are_sealed_again_by_enter(
    pane: ScreenerPane, hub: Hub
) -> None:
    hub.away = True
    digits(pane, "1")
    assert "these answers are on this screen only" in pane.said.text() and pane.hint.text() == "Return seals again"
    hub.away = False
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert hub.sent[0] == hub.sent[1], "the same note under the same ids: the hub may have had it"
    assert pane.said.isHidden() and pane.screening.is_sealed


def test_given_a_desk_that_begins_anew_then_the_answers_are_opened_and_the_screener_goes_on(
    qtbot: QtBot, pane: ScreenerPane, live: Live, hub: Hub
) -> None:
    digits(pane, "13")
    again = on_screen(qtbot, ScreenerPane(live.context), 700, 500)
    assert [each.answer for each in again.screening.said] == ["1", "3"]
    assert again.place.text() == "Sample screener · 3 of at most 6"


def test_given_answers_that_cannot_be_opened_then_that_is_said(
    qtbot: QtBot, pane: ScreenerPane, live: Live, hub: Hub
) -> None:
    digits(pane, "1")
    hub.kept.clear()
    again = on_screen(qtbot, ScreenerPane(live.context), 700, 500)
    assert again.said.text() == "The answers given before could not be opened: It was redacted."
    hub.kept = {note.note_id: '{"screener":"other","version":"1","level":"","said":[]}' for note in hub.sent}
    again.screening.follow(None)
    again.refresh()
    assert again.said.text().endswith("cannot be gone on with: they are of other, version 1.")


def test_given_another_call_or_another_person_then_nothing_of_the_answers_is_left(pane: ScreenerPane, live: Live) -> None:
    digits(pane, "11")
    live.context.selection.choose_call(TWO)
    assert pane.screening.said == () and pane.answered.isHidden()
    assert pane.place.text() == "The screener is for the caller in your care." and pane.question.isHidden()
    live.context.selection.choose_call(CALL)
    assert len(pane.screening.said) == 2, "opened again"
    sit_down(live, LIN)
    assert pane.screening.said == () and pane.level.isHidden()


def test_given_the_level_when_told_twice_then_the_floor_reads_it_and_no_answer(pane: ScreenerPane, live: Live) -> None:
    digits(pane, "111")
    pane.tell.click()
    assert live.sent == []
    pane.tell.click()
    (command,) = live.sent
    assert isinstance(command, c.ReleaseSummary) and command.text == "Sample screener asked: at least moderate."
    at = live.scene.call().narrative[-1].at.astimezone(ZoneInfo(AGENCY.time_zone))
    assert pane.tell.text() == f"told {at:%H:%M}: at least moderate" and not pane.tell.isEnabled()
    digits(pane, "1")
    assert pane.tell.text() == f"Tell again · told {at:%H:%M}: at least moderate" and pane.tell.isEnabled()


def test_given_a_sealed_screener_then_it_is_read_as_lines_and_one_of_another_file_as_it_stands(
    pane: ScreenerPane, hub: Hub
) -> None:
    digits(pane, "12")
    assert read_aloud(hub.sent[-1].text, SAMPLE).splitlines() == [
        "Sample screener", "Wish to be dead: Yes", "Thoughts of ending one's life: No", "◆ at least low",
    ]  # fmt: skip
    assert read_aloud("something else", SAMPLE) == "something else"


def test_given_a_center_without_a_screener_then_it_says_so(qtbot: QtBot, live: Live, hub: Hub) -> None:
    live.tell(c.ConfigureAgency(AGENCY))
    pane = on_screen(qtbot, ScreenerPane(live.context), 700, 500)
    assert not pane.has_screener and pane.place.text() == "This center has no screener."
