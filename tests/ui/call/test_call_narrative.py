"""Narrative and fields: half-typed words survive, a field in edit is never replaced, refusals stand beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import Nature
from console.domain.ids import CallId, EntryId, NatureCode, Seq
from console.domain.state import Place
from console.ui.call.view import CallPane
from tests.support.agency import AGENCY
from tests.support.scenes import CALL, LIN, floor, receive
from tests.ui.live import Live

OTHER = CallId("other")
BREACH = Nature(NatureCode("BREACH"), "Breach of Peace", "4")


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive(text="first words"), receive(OTHER, nature="TRESPASS")))
    made.context.selection.choose_call(CALL)
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> CallPane:
    made = CallPane(live.context)
    qtbot.addWidget(made)
    made.resize(520, 900)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    QTest.keyClick(made, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    return made


def retype(line: QLineEdit, words: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, words)


def enter(widget: QLineEdit) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return)


def beside(pane: CallPane) -> str:
    return pane.narrative._beside.text()


def test_given_ctrl_n_then_the_entry_has_the_keyboard_and_enter_adds_what_is_written(live: Live, pane: CallPane) -> None:
    entry = pane.narrative.entry
    assert entry.hasFocus()
    QTest.keyClicks(entry, "sister on her way")
    QTest.keyClick(entry, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(entry, "calm")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert [e.text for e in live.scene.call().narrative] == ["first words", "sister on her way\ncalm"]
    assert entry.toPlainText() == ""
    assert "sister on her way" in pane.narrative.text.toPlainText()
    assert pane.narrative.text.isReadOnly()


def test_given_a_time_then_the_entry_goes_with_when_it_happened(live: Live, pane: CallPane) -> None:
    heard: list[datetime | None] = []

    def send(command: c.AnyCommand, at: datetime | None) -> c.CommandOutcome:
        heard.append(at)
        return c.Accepted(Seq(1))

    live.store.send = send
    QTest.keyClicks(pane.narrative.entry, "he left")
    retype(pane.narrative.occurred, "14:20")
    enter(pane.narrative.occurred)
    assert heard == [live.now.replace(minute=20, second=0, microsecond=0)]


def test_given_no_time_of_day_then_nothing_is_sent_and_the_words_stay(live: Live, pane: CallPane) -> None:
    QTest.keyClicks(pane.narrative.entry, "he left")
    retype(pane.narrative.occurred, "soon")
    enter(pane.narrative.occurred)
    assert live.sent == []
    assert beside(pane) == "“soon” is no time of day; write it as 14:20."
    assert pane.narrative.entry.toPlainText() == "he left"


def test_given_half_an_entry_when_another_call_is_looked_at_then_each_call_keeps_its_own(live: Live, pane: CallPane) -> None:
    QTest.keyClicks(pane.narrative.entry, "half a sen")
    live.context.selection.choose_call(OTHER)
    assert pane.narrative.entry.toPlainText() == ""
    QTest.keyClicks(pane.narrative.entry, "other words")
    live.context.selection.choose_call(CALL)
    assert pane.narrative.entry.toPlainText() == "half a sen"
    assert live.context.drafts.text("okafor", OTHER) == "other words"


def test_given_a_desk_that_died_when_it_opens_again_then_the_half_entry_is_there(
    qtbot: QtBot, live: Live, pane: CallPane
) -> None:
    QTest.keyClicks(pane.narrative.entry, "half a sen")
    again = CallPane(live.context)
    qtbot.addWidget(again)
    again.show()
    assert again.narrative.entry.toPlainText() == "half a sen"
    QTest.keyClicks(again.narrative.entry, "tence")
    assert again.narrative.entry.toPlainText() == "half a sentence"


def test_given_a_refused_entry_then_the_words_stay_and_the_reason_stands_beside(live: Live, pane: CallPane) -> None:
    live.refuse = c.Rejected("text-too-long", "The entry has 10,001 characters; 10,000 are the most.")
    QTest.keyClicks(pane.narrative.entry, "x")
    QTest.keyClick(pane.narrative.entry, Qt.Key.Key_Return)
    assert pane.narrative.entry.toPlainText() == "x"
    assert beside(pane) == "The entry has 10,001 characters; 10,000 are the most."


def test_given_an_entry_on_its_way_when_more_is_typed_then_that_is_kept_and_enter_does_not_send_twice(
    live: Live, pane: CallPane
) -> None:
    live.hold_answers()
    QTest.keyClicks(pane.narrative.entry, "one")
    QTest.keyClick(pane.narrative.entry, Qt.Key.Key_Return)
    assert beside(pane) == "sending…"
    QTest.keyClick(pane.narrative.entry, Qt.Key.Key_Return)
    assert len(live.sent) == 1
    QTest.keyClicks(pane.narrative.entry, " two")
    live.answer()
    assert pane.narrative.entry.toPlainText() == "one two"
    assert beside(pane) == ""


def test_given_the_link_is_down_when_the_kept_entry_shows_in_the_narrative_then_the_line_is_free(
    live: Live, pane: CallPane
) -> None:
    live.hold_answers()
    QTest.keyClicks(pane.narrative.entry, "kept")
    QTest.keyClick(pane.narrative.entry, Qt.Key.Key_Return)
    live.tell(live.sent[-1])
    assert pane.narrative.entry.toPlainText() == ""
    live.answer()
    assert pane.narrative.entry.toPlainText() == ""


def test_given_others_write_then_their_entries_appear_and_what_is_typed_here_stays(live: Live, pane: CallPane) -> None:
    QTest.keyClicks(pane.narrative.entry, "mine")
    live.tell(c.AddNarrative(CALL, EntryId("e2"), "<b>theirs</b>"), by=LIN)
    assert "<b>theirs</b>" in pane.narrative.text.toPlainText()
    assert "Lin" in pane.narrative.text.toPlainText()
    assert pane.narrative.entry.toPlainText() == "mine"
    assert pane.narrative.entry.hasFocus()


def test_given_ctrl_r_then_a_part_of_a_name_recodes_the_call(live: Live, pane: CallPane) -> None:
    QTest.keyClick(pane, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    line = pane.narrative.fields.nature.line
    assert QApplication.focusWidget() is line
    QTest.keyClicks(line, "burgl")
    enter(line)
    assert live.sent == [c.RecodeCall(CALL, "BURGLARY")]  # type: ignore[arg-type]
    assert line.text() == "Burglary"
    assert pane.heading.nature.text() == "Burglary"
    assert pane.narrative.fields.nature.beside() == ""
    priority = pane.narrative.fields.priority
    assert (priority.line.text(), priority.beside()) == ("2", "stays; Burglary comes with P1")
    retype(line, "crisis")
    enter(line)
    assert priority.beside() == ""


def test_given_a_name_that_fits_many_natures_or_none_then_nothing_is_guessed(live: Live, pane: CallPane) -> None:
    field = pane.narrative.fields.nature
    live.tell(c.ConfigureAgency(replace(AGENCY, natures=AGENCY.natures | {BREACH.code: BREACH})))
    retype(field.line, "b")
    enter(field.line)
    assert field.beside() == "“b” fits 2 natures: Burglary, Breach of Peace. Choose with the arrows, or type on."
    retype(field.line, "zebra")
    enter(field.line)
    assert field.beside() == "No nature of the catalogue is “zebra”. Choose with the arrows, or type other words."
    assert live.sent == []


@pytest.mark.parametrize(("typed", "becomes"), [("1", "1"), ("p", "P"), ("P3", "3")])
def test_given_ctrl_p_then_a_priority_is_changed(live: Live, pane: CallPane, typed: str, becomes: str) -> None:
    QTest.keyClick(pane, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    line = pane.narrative.fields.priority.line
    QTest.keyClicks(line, typed)
    enter(line)
    assert live.scene.call().priority == becomes
    assert line.text() == becomes


def test_given_a_priority_that_is_none_then_the_reason_stands_beside_and_the_words_stay(live: Live, pane: CallPane) -> None:
    field = pane.narrative.fields.priority
    retype(field.line, "x")
    enter(field.line)
    assert field.beside() == "Priority 'X' is not P or 1 to 9."
    assert field.line.text() == "x"
    QTest.keyClick(field.line, Qt.Key.Key_Escape)
    assert (field.line.text(), field.beside()) == ("2", "")


def test_given_a_field_in_edit_when_another_desk_changes_it_then_it_is_not_replaced_and_says_so(
    live: Live, pane: CallPane
) -> None:
    field = pane.narrative.fields.place
    retype(field.line, "9 Elm")
    live.tell(c.LocateCall(CALL, Place("7 Oak St")), by=LIN)
    assert field.line.text() == "9 Elm"
    assert field.beside() == "changed meanwhile to “7 Oak St” · Enter replaces that, Escape takes it"
    QTest.keyClicks(field.line, " St")
    assert field.beside().startswith("changed meanwhile")
    QTest.keyClick(field.line, Qt.Key.Key_Escape)
    assert field.line.text() == "7 Oak St"
    retype(field.line, "9 Elm St")
    enter(field.line)
    assert live.scene.call().place == Place("9 Elm St")


def test_given_a_field_that_nobody_edits_then_it_follows_the_call(live: Live, pane: CallPane) -> None:
    live.tell(c.ChangeCallback(CALL, "555-0199"), by=LIN)
    assert pane.narrative.fields.callback.line.text() == "555-0199"


def test_given_half_a_correction_when_another_call_is_looked_at_then_it_is_there_again(live: Live, pane: CallPane) -> None:
    field = pane.narrative.fields.callback
    retype(field.line, "555-01")
    live.context.selection.choose_call(OTHER)
    assert field.line.text() == ""
    live.context.selection.choose_call(CALL)
    assert field.line.text() == "555-01"
    assert field.beside() == "not entered yet · Enter"
    QTest.keyClicks(field.line, "99")
    enter(field.line)
    assert live.scene.call().callback == "555-0199"
    assert live.context.drafts.text("okafor", CALL, "callback") == ""


def test_given_a_flag_then_it_is_raised_by_enter_and_lowered_by_its_button(live: Live, pane: CallPane) -> None:
    field = pane.narrative.fields.flag
    retype(field.line, "dog on site")
    enter(field.line)
    assert live.scene.call().flags == ("dog on site",)
    assert field.line.text() == ""
    assert "dog on site" in pane.heading.about.text()
    button = pane.narrative.fields.findChild(QPushButton)
    assert button is not None
    assert button.accessibleName() == "Take down the flag dog on site"
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert live.scene.call().flags == ()
    assert pane.narrative.fields._chips.count() == 0


def test_given_a_correction_on_its_way_then_the_field_says_so_until_the_answer(live: Live, pane: CallPane) -> None:
    live.hold_answers()
    field = pane.narrative.fields.callback
    retype(field.line, "1")
    enter(field.line)
    assert field.beside() == "sending…"
    live.answer()
    assert field.beside() == ""
    assert not field.edited


def test_given_a_closed_call_then_its_fields_cannot_be_edited_but_words_can_be_added(live: Live, pane: CallPane) -> None:
    live.tell(c.CloseCall(CALL, missed="all_busy"))
    assert not pane.narrative.fields.place.line.isEnabled()
    QTest.keyClicks(pane.narrative.entry, "late word")
    QTest.keyClick(pane.narrative.entry, Qt.Key.Key_Return)
    assert live.scene.call().narrative[-1].text == "late word"
    assert live.now - live.scene.call().narrative[-1].at <= timedelta(seconds=2)
