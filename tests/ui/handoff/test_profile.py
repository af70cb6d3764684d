"""A neighbor's profile is kept by keys alone: words for the floor, cautions that end, what helped sealed, and undoing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.acquaintance import cautions, merged_in, neighbor_of, standing
from console.domain.ids import CallId, CautionId, DeskId, NeighborId, NoteId
from console.domain.neighbors import Neighbor
from console.domain.state import Role, SealedKind
from console.ui.handoff.neighbor import NeighborPane
from console.wire.messages import Session
from tests.support.agency import PHONE
from tests.support.scenes import CALL, OKAFOR, REYES, floor, receive
from tests.ui.live import Live, on_screen
from tests.ui.sealed_hub import HASH, SealedHub

ANA, TWIN = NeighborId("ana"), NeighborId("twin")
STRANGER = CallId("stranger")
NUMBER = "919 555 0100"
HELPED = "Talking with peer support."
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def live() -> Live:
    scene = floor().given(receive(callback=NUMBER), receive(STRANGER, callback="919 555 0190"))
    scene.given(c.KeepNeighbor(ANA, (NUMBER, "919 555 0101"), (), "Ana", "es", "Speak slowly."), by=REYES)
    scene.given(c.GiveCaution(ANA, CautionId("dog"), "A dog at the door.", scene.at + timedelta(days=9)), by=REYES)
    scene.given(c.SealProfileNote(ANA, NoteId("n1"), HASH), by=REYES)
    made = Live(scene, me=REYES)
    sit_down(made, Role.CLINICIAN)
    made.context.selection.choose_call(CALL)
    return made


def sit_down(live: Live, role: Role) -> None:
    live.store.take_me(Session("t", live.me, "Reyes", role, DeskId("d"), programme=PHONE))


@pytest.fixture
def hub(live: Live) -> SealedHub:
    made = SealedHub(live)
    made.notes[NoteId("n1")] = HELPED
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live, hub: SealedHub) -> NeighborPane:
    return on_screen(qtbot, NeighborPane(live.context), 480, 700)


def press(pane: NeighborPane, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)


def edit(pane: NeighborPane, *keys: Qt.Key) -> None:
    press(pane, Qt.Key.Key_J, modifier=CTRL_SHIFT)
    press(pane, *keys)


def fill(pane: NeighborPane, *lines: str) -> None:
    """Type over one line after another, each ended by Enter; an empty one stays as it is."""
    for words in lines:
        field = QApplication.focusWidget()
        assert field is not None
        if words:
            field.selectAll()  # type: ignore[attr-defined]
            QTest.keyClicks(field, words)
        press(pane, Qt.Key.Key_Return)


def ana(live: Live) -> Neighbor:
    return live.scene.state.neighbors[ANA]


def refusal(pane: NeighborPane) -> str:
    return pane.editor.form._said.text()


# ------------------------------------------------------------------------------------------------ what is shown


def test_given_a_known_neighbor_then_name_language_approach_and_cautions_that_hold_stand_above_the_contacts(
    pane: NeighborPane, live: Live
) -> None:
    card = pane.profile
    assert (card.name.text(), card.known.isVisible(), card.approach.text()) == ("Ana", True, "Speak slowly.")
    assert card.about.text() == "speaks Spanish · 2 numbers"
    assert card.cautions.text() == "◆ A dog at the door (Reyes, until May 13)"
    assert card.helped.text() == "what helped last time: 1 sealed note, today 14:30 by Reyes"
    live.later(days=10)
    assert card.cautions.isHidden(), "it has expired"
    live.context.selection.choose_call(STRANGER)
    assert card.name.text() == "" and not card.known.isVisible() and card.edit.text() == "Keep a profile…"


def test_given_sealed_notes_of_what_helped_then_their_words_come_by_the_key_and_go_with_the_call(
    pane: NeighborPane, live: Live, hub: SealedHub
) -> None:
    assert pane.profile.reader.words.text() == "" and hub.asked == []
    press(pane, Qt.Key.Key_W, modifier=CTRL_SHIFT)
    assert pane.profile.reader.words.text() == HELPED and hub.asked == [("n1", "")]
    assert pane.profile.open.text() == "Close it"
    live.context.selection.choose_call(STRANGER)
    assert pane.profile.reader.words.text() == "" and pane.profile.reader.opened is None
    live.context.selection.choose_call(CALL)
    assert pane.profile.reader.words.text() == ""


def test_given_a_neighbor_who_is_not_on_my_call_then_the_reason_is_asked_and_sent(
    pane: NeighborPane, live: Live, hub: SealedHub
) -> None:
    hub.wants_reason = True
    press(pane, Qt.Key.Key_W, modifier=CTRL_SHIFT)
    reader = pane.profile.reader
    assert reader.said.text().endswith("Say why you open it.") and QApplication.focusWidget() is reader.why
    QTest.keyClicks(reader.why, "the crew asks how to speak with her")
    press(pane, Qt.Key.Key_Return)
    assert hub.asked[-1] == ("n1", "the crew asks how to speak with her") and reader.words.text() == HELPED
    live.store.take_me(None)
    assert reader.words.text() == "", "whoever comes finds nothing of who left"


def test_given_somebody_who_may_not_read_sealed_notes_then_no_key_offers_it(pane: NeighborPane, live: Live) -> None:
    sit_down(live, Role.TELECOMMUNICATOR)
    assert not pane.profile.open.isVisible() and not pane.profile.edit.isVisible()
    assert pane.profile.approach.text() == "Speak slowly.", "what is for the floor is for everybody"


# ------------------------------------------------------------------------------------------------ keeping it


def test_given_a_caller_nobody_knows_when_a_profile_is_kept_then_it_begins_with_what_the_call_tells(
    pane: NeighborPane, live: Live
) -> None:
    live.context.selection.choose_call(STRANGER)
    edit(pane)
    assert pane.editor.form.values["numbers"] == "919 555 0190"
    assert pane.editor.form.values["places"] == live.scene.call(STRANGER).place.address != ""
    fill(pane, "Lee", "english", "Knock first.", "", "12 Elm St apt 4")
    known = neighbor_of(live.scene.state, live.scene.call(STRANGER))
    assert known is not None and (known.name, known.language, known.approach) == ("Lee", "en", "Knock first.")
    assert known.places == ("12 elm st apt 4",) and not pane.editor.isVisible() and pane.profile.name.text() == "Lee"


def test_given_words_that_cannot_be_kept_then_why_is_said_and_they_stay(pane: NeighborPane, live: Live) -> None:
    edit(pane, Qt.Key.Key_1)
    fill(pane, "", "Klingon", "", "", "")
    assert refusal(pane).startswith("“Klingon” is no language") and pane.editor.form.values["language"] == "Klingon"
    fill(pane, "")
    assert ana(live).language == "es" and live.sent == []
    pane.editor.form.fields["language"].setText("es")
    pane.editor.form.fields["numbers"].setText("no digits")
    pane.editor.form.fields["places"].setFocus()
    fill(pane, "")
    assert refusal(pane) == "“no digits” has no digits; it is no number."
    pane.editor.form.fields["numbers"].setText("")
    pane.editor.form.fields["places"].setText("")
    fill(pane, "")
    assert refusal(pane).startswith("A neighbor is kept by a callback number or a place."), "the hub's own words"


def test_given_words_half_typed_when_another_call_is_chosen_then_they_stand_there_on_coming_back(
    pane: NeighborPane, live: Live
) -> None:
    edit(pane, Qt.Key.Key_1)
    fill(pane, "Ana Ortiz")
    live.context.selection.choose_call(STRANGER)
    assert not pane.editor.isVisible() and pane.profile.isVisible()
    live.context.selection.choose_call(CALL)
    edit(pane, Qt.Key.Key_1)
    assert pane.editor.form.values["name"] == "Ana Ortiz" and ana(live).name == "Ana"
    live.me = OKAFOR
    sit_down(live, Role.CLINICIAN)
    edit(pane, Qt.Key.Key_1)
    assert pane.editor.form.values["name"] == "Ana", "another person, other words"


def test_given_a_colleague_who_writes_the_profile_meanwhile_then_neither_undoes_the_other_unasked(
    pane: NeighborPane, live: Live
) -> None:
    edit(pane, Qt.Key.Key_1)
    live.tell(c.KeepNeighbor(ANA, (NUMBER,), (), "Ana O.", "es", "Knock first."), by=OKAFOR)
    pane.editor.form.fields["approach"].setText("Sing.")
    pane.editor.form.fields["places"].setFocus()
    fill(pane, "")
    assert refusal(pane) == "Okafor changed the approach meanwhile to “Knock first.”. Enter again keeps yours."
    assert live.sent == []
    fill(pane, "")
    kept = ana(live)
    assert (kept.name, kept.approach, kept.numbers) == ("Ana O.", "Sing.", ("9195550100",))


def test_given_a_caution_then_it_is_given_for_days_and_ended_with_a_reason_by_keys(pane: NeighborPane, live: Live) -> None:
    edit(pane, Qt.Key.Key_3)
    fill(pane, "Throws bottles.", "many")
    assert refusal(pane) == "“many” is no number of days from 1 to 3650."
    fill(pane, "7")
    given = cautions(live.scene.state, ana(live))[0].caution
    assert given.text == "Throws bottles." and timedelta(days=6) < given.expires_at - live.now < timedelta(days=7)
    edit(pane, Qt.Key.Key_4, Qt.Key.Key_1)
    press(pane, Qt.Key.Key_Return)
    assert pane.editor.panel.is_open, "a reason is wanted"
    QTest.keyClicks(pane.editor.panel.note, "moved away")
    press(pane, Qt.Key.Key_Return)
    ended = cautions(live.scene.state, ana(live))[0].caution
    assert ended.ended is not None and ended.ended_because == "moved away"
    assert "bottles" not in pane.profile.cautions.text()
    edit(pane, Qt.Key.Key_4)
    first = pane.editor.panel.options[0]
    assert "ended today" in first.why_not and first.why_not.endswith("by Reyes: moved away"), "greyed, with the reason"


def test_given_two_profiles_of_one_person_then_they_are_merged_and_separated_again_by_keys(
    pane: NeighborPane, live: Live
) -> None:
    live.tell(c.KeepNeighbor(TWIN, ("919 555 0177",), (), "Anna O."), by=REYES)
    edit(pane, Qt.Key.Key_5)
    fill(pane, "nobody")
    assert refusal(pane) == "No other profile has that name, number or place."
    fill(pane, "anna")
    press(pane, Qt.Key.Key_1, Qt.Key.Key_1)
    assert standing(live.scene.state, TWIN) == ana(live)
    edit(pane, Qt.Key.Key_6, Qt.Key.Key_1, Qt.Key.Key_1)
    assert merged_in(live.scene.state, ana(live)) == [] and standing(live.scene.state, TWIN) != ana(live)


def test_given_a_number_of_somebody_else_then_it_is_split_off_and_something_stays(pane: NeighborPane, live: Live) -> None:
    edit(pane, Qt.Key.Key_7)
    fill(pane, "919 555 9999")
    assert refusal(pane) == "“919 555 9999” is no number or place of this profile."
    fill(pane, "919 555 0100; 919 555 0101")
    assert refusal(pane) == "Something must stay with this profile."
    fill(pane, "919 555 0101")
    assert ana(live).numbers == ("9195550100",)
    assert [one.numbers for one in live.scene.state.neighbors.values() if one.split_from == ANA] == [("9195550101",)]
    edit(pane)
    assert pane.editor.panel.options[6].why_not.startswith("It has one number or place only")


def test_given_what_helped_when_it_is_written_then_it_is_sealed_under_the_neighbor_and_never_a_command(
    pane: NeighborPane, live: Live, hub: SealedHub
) -> None:
    hub.away = True
    edit(pane, Qt.Key.Key_2)
    fill(pane, "A walk in the garden.")
    assert "It is not sealed; its words are on this screen only." in refusal(pane)
    hub.away = False
    fill(pane, "")
    first, second = hub.sent
    assert first == second, "sent again with its ids"
    assert (second.subject, second.kind, second.text) == (ANA, SealedKind.PROFILE, "A walk in the garden.")
    assert live.sent == [] and not pane.editor.isVisible()
    assert pane.profile.helped.text().startswith("what helped last time: 2 sealed notes")
    edit(pane, Qt.Key.Key_2)
    assert pane.editor.form.values["text"] == "", "nothing of it is left on the screen"


def test_given_several_notes_then_the_key_goes_from_the_newest_to_the_oldest_and_closes(
    pane: NeighborPane, live: Live, hub: SealedHub
) -> None:
    hub.notes[NoteId("n2")] = "A ride on Friday."
    live.tell(c.SealProfileNote(ANA, NoteId("n2"), HASH), by=REYES)
    shown = []
    for _ in range(3):
        press(pane, Qt.Key.Key_W, modifier=CTRL_SHIFT)
        shown.append(pane.profile.reader.words.text())
    assert shown == ["A ride on Friday.", HELPED, ""]


def test_given_the_list_of_what_can_be_done_when_escape_or_its_key_is_pressed_then_the_profile_is_back(
    pane: NeighborPane, live: Live
) -> None:
    edit(pane)
    assert not pane.profile.isVisible()
    press(pane, Qt.Key.Key_Escape)
    assert pane.profile.isVisible() and not pane.editor.isVisible()
    edit(pane, Qt.Key.Key_1)
    press(pane, Qt.Key.Key_Escape)
    assert pane.profile.isVisible() and live.sent == []
