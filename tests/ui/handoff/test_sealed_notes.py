"""The sealed compartment at the desk: its words go straight to the hub, are never on the disk, and close when left."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.commands import Accepted, CommandOutcome, Rejected
from console.domain.ids import CallId, DeskId, HandOffId, NoteId, Seq
from console.domain.state import Role, SealedKind
from console.link.problems import Unreachable
from console.ui.context import Context
from console.ui.drafts import Drafts
from console.ui.handoff.sealed_notes import SealedNotesPane
from console.wire.messages import NoteOpened, NoteToSeal, Session
from tests.support.agency import PHONE
from tests.support.scenes import CALL, LIN, OKAFOR, REYES, floor, offer, receive
from tests.ui.live import Live, on_screen

TWO = CallId("two")
WORDS = "Talked through the night he had."
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Hub:
    """The other end: seals in memory, asks for a reason where it is told to, or is not there."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.notes: dict[NoteId, str] = {}
        self.sent: list[NoteToSeal] = []
        self.asked: list[tuple[NoteId, str]] = []
        self.away = False
        self.wants_reason = False

    async def seal_note(self, note: NoteToSeal) -> CommandOutcome:
        self.sent.append(note)
        if self.away:
            raise Unreachable("No hub listens at its address.")
        self.notes[note.note_id] = note.text
        self.live.tell(c.SealNote(CallId(note.subject), note.note_id, SealedKind.CLINICAL, "5e" * 32), by=REYES)
        return Accepted(Seq(1))

    async def open_note(self, note_id: NoteId, reason: str = "") -> NoteOpened | Rejected:
        self.asked.append((note_id, reason))
        if self.wants_reason and not reason:
            return Rejected("reason-needed", "This call is not in your care. Say why you open its note.")
        return NoteOpened(note_id, self.notes[note_id])


def at_once(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that waits for nothing."""
    with pytest.raises(StopIteration):
        work.send(None)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    scene = floor().given(receive(), receive(TWO), offer())
    scene.given(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    made = Live(scene, me=REYES)
    made.context = Context(made.store, drafts=Drafts(tmp_path / "drafts.json"))
    sit_down(made, "reyes", Role.CLINICIAN)
    made.context.selection.choose_call(CALL)
    return made


def sit_down(live: Live, user: str, role: Role) -> None:
    live.store.take_me(Session("t", user, user.title(), role, DeskId("d"), programme=PHONE))  # type: ignore[arg-type]


@pytest.fixture
def hub(live: Live) -> Hub:
    made = Hub(live)
    live.context.sealing.through(made, at_once)  # type: ignore[arg-type]
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live, hub: Hub) -> SealedNotesPane:
    return on_screen(qtbot, SealedNotesPane(live.context), 480, 480)


def press(pane: SealedNotesPane, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)


def write(pane: SealedNotesPane, words: str = WORDS) -> None:
    press(pane, Qt.Key.Key_N, CTRL_SHIFT)
    assert QApplication.focusWidget() is pane.field
    QTest.keyClicks(pane.field, words)


def test_given_words_when_enter_is_pressed_then_they_are_sealed_and_gone_from_the_screen(
    pane: SealedNotesPane, live: Live, hub: Hub
) -> None:
    write(pane)
    press(pane, Qt.Key.Key_Return)
    assert [(note.subject, note.text) for note in hub.sent] == [(CALL, WORDS)]
    assert pane.field.toPlainText() == "" and pane.count.text() == "1 sealed"
    assert pane.list.item(0).text().endswith("Reyes") and pane.said.isHidden()
    assert live.sent == [], "no command, so no outbox either"


def test_given_words_half_written_then_no_draft_is_on_the_disk_and_they_wait_with_their_call(
    pane: SealedNotesPane, live: Live, tmp_path: Path
) -> None:
    write(pane)
    live.context.selection.choose_call(TWO)
    assert pane.field.toPlainText() == ""
    live.context.drafts.flush()
    assert not any(WORDS.encode() in path.read_bytes() for path in tmp_path.iterdir())
    live.context.selection.choose_call(CALL)
    assert pane.field.toPlainText() == WORDS


def test_given_the_hub_is_away_then_it_says_so_keeps_the_words_and_sends_the_same_note_again(
    pane: SealedNotesPane, hub: Hub
) -> None:
    hub.away = True
    write(pane)
    press(pane, Qt.Key.Key_Return)
    assert pane.field.toPlainText() == WORDS and not pane.field.isReadOnly()
    assert "not sealed" in pane.said.text() and "this screen only" in pane.said.text()
    hub.away = False
    press(pane, Qt.Key.Key_Return)
    first, second = hub.sent
    assert first == second, "the hub may have taken it: the same ids make it one note"
    QTest.keyClicks(pane.field, "more")
    press(pane, Qt.Key.Key_Return)
    assert hub.sent[-1].note_id != first.note_id and pane.count.text() == "2 sealed"


def test_given_a_sealed_note_then_one_key_opens_it_and_the_same_closes_it(pane: SealedNotesPane, hub: Hub) -> None:
    write(pane)
    press(pane, Qt.Key.Key_Return)
    press(pane, Qt.Key.Key_O, CTRL_SHIFT)
    assert pane.words.isVisible() and pane.words.toPlainText() == WORDS
    assert hub.asked == [(hub.sent[0].note_id, "")]
    press(pane, Qt.Key.Key_O, CTRL_SHIFT)
    assert pane.words.isHidden() and pane.words.toPlainText() == ""


@pytest.mark.parametrize("leaving", ["call", "workspace", "person"])
def test_given_an_open_note_when_it_is_left_then_its_words_are_gone(pane: SealedNotesPane, live: Live, leaving: str) -> None:
    write(pane)
    press(pane, Qt.Key.Key_Return)
    press(pane, Qt.Key.Key_O, CTRL_SHIFT)
    assert pane.words.toPlainText() == WORDS
    match leaving:
        case "call":
            live.context.selection.choose_call(TWO)
        case "workspace":
            pane.hide()
        case _:
            sit_down(live, "lin", Role.CLINICIAN)
    assert pane.words.toPlainText() == ""


def test_given_a_call_of_another_then_a_reason_is_asked_for_and_sent(pane: SealedNotesPane, hub: Hub) -> None:
    write(pane)
    press(pane, Qt.Key.Key_Return)
    hub.wants_reason = True
    press(pane, Qt.Key.Key_O, CTRL_SHIFT)
    assert QApplication.focusWidget() is pane.why and "not in your care" in pane.said.text()
    press(pane, Qt.Key.Key_Return)
    assert pane.words.isHidden(), "an empty reason asks for nothing"
    QTest.keyClicks(pane.why, "she called again")
    press(pane, Qt.Key.Key_Return)
    assert hub.asked[-1][1] == "she called again"
    assert pane.words.toPlainText() == WORDS and pane.why.isHidden() and pane.why.text() == ""


def test_given_a_selected_sentence_when_it_is_released_twice_pressed_then_only_that_is_in_the_narrative(
    pane: SealedNotesPane, live: Live
) -> None:
    write(pane, "Sister stays with him. Wants to talk of work.")
    press(pane, Qt.Key.Key_G, CTRL_SHIFT)
    press(pane, Qt.Key.Key_G, CTRL_SHIFT)
    assert live.sent == [] and "Select the words" in pane.said.text()
    pane.field.moveCursor(QTextCursor.MoveOperation.Start)
    for _ in range(len("Sister stays with him.")):
        pane.field.moveCursor(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
    press(pane, Qt.Key.Key_G, CTRL_SHIFT)
    assert live.sent == [], "the first press asks"
    press(pane, Qt.Key.Key_G, CTRL_SHIFT)
    (command,) = live.sent
    assert isinstance(command, c.ReleaseSummary) and command.text == "Sister stays with him."
    assert live.scene.call().narrative[-1].by == REYES


@pytest.mark.expects_log("discarded")
@pytest.mark.parametrize(("user", "role"), [(OKAFOR, Role.TELECOMMUNICATOR), (LIN, Role.SUPERVISOR)])
def test_given_somebody_of_another_role_then_there_is_nothing_and_what_was_half_written_is_discarded_and_said(
    pane: SealedNotesPane, live: Live, user: str, role: Role
) -> None:
    write(pane)
    press(pane, Qt.Key.Key_Return)
    QTest.keyClicks(pane.field, "half a thought")
    sit_down(live, user, role)
    assert not pane.field.isVisible() and not pane.list.isVisible()
    assert pane.field.toPlainText() == pane.count.text() == ""
    assert any("discarded" in notice.words for notice in live.context.notices.standing)
    sit_down(live, "reyes", Role.CLINICIAN)
    assert pane.field.toPlainText() == "" and pane.count.text() == "1 sealed"


def test_given_no_hub_then_nothing_is_sealed_and_the_words_stay(pane: SealedNotesPane, live: Live) -> None:
    live.context.sealing.cut()
    write(pane)
    press(pane, Qt.Key.Key_Return)
    assert pane.field.toPlainText() == WORDS and "not connected" in pane.said.text()


def test_given_a_note_of_somebody_else_then_it_appears_in_the_list(pane: SealedNotesPane, live: Live) -> None:
    live.tell(c.SealNote(CALL, NoteId("theirs"), SealedKind.CLINICAL, "5e" * 32), by=LIN)
    assert pane.count.text() == "1 sealed" and pane.list.item(0).text().endswith("Lin")
