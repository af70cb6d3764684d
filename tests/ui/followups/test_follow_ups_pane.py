"""Who is owed a first contact: the list by when it is due, one chosen, and everything that happens to it by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import Need
from console.domain.follow_ups import Reach, Referral
from console.domain.ids import CallId, DeskId, NeighborId, NoteId, ReferralId
from console.domain.state import Role
from console.ui.followups.needs import Needed, sealed_text
from console.ui.followups.view import FollowUpsPane
from console.ui.handoff.neighbor import NeighborPane
from console.wire.messages import Session
from tests.support.agency import AGENCY, CARE
from tests.support.scenes import CALL, LIN, REYES, floor, receive
from tests.ui.live import Live, on_screen
from tests.ui.sealed_hub import HASH, SealedHub
from tests.ui.told_history import Told, former

FIRST, SECOND = ReferralId("r1"), ReferralId("r2")
LATER = CallId("later")
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def live() -> Live:
    scene = floor().given(c.ConfigureAgency(replace(AGENCY, needs=(Need("HOUSING", "Housing"),))))
    scene.given(receive(callback="919 555 0100", language="es"))
    scene.at += timedelta(hours=3)
    scene.given(receive(LATER, callback="919 555 0177"), c.ReferNeighbor(SECOND, LATER), c.ReferNeighbor(FIRST, CALL))
    made = Live(scene, me=REYES)
    made.store.take_me(Session("t", REYES, "Reyes", Role.CLINICIAN, DeskId("d"), programme=CARE))
    return made


@pytest.fixture
def pane(qtbot: QtBot, live: Live) -> FollowUpsPane:
    return on_screen(qtbot, FollowUpsPane(live.context), 400, 600)


def press(pane: FollowUpsPane, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key, modifier)


def listed(pane: FollowUpsPane) -> list[str]:
    return [row.referral_id for row in pane.list.referrals.rows]


def referral(live: Live, referral_id: ReferralId = FIRST) -> Referral:
    return live.scene.state.referrals[referral_id]


def test_given_referrals_then_the_one_that_is_due_first_stands_first_and_its_lateness_is_said(
    pane: FollowUpsPane, live: Live
) -> None:
    assert listed(pane) == [FIRST, SECOND] and pane.title.text() == "Care" and pane.count.text() == "2"
    live.later(hours=36)
    assert pane.count.text() == "2 · ◆ 2 due"
    live.later(hours=34)
    assert pane.count.text() == "2 · ◆ 1 due · ▲ 1 late"
    assert "past its time" in pane.list.referrals.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_given_the_key_of_the_follow_ups_then_that_of_the_chosen_call_is_shown_and_arrows_go_on(
    pane: FollowUpsPane, live: Live
) -> None:
    assert not pane.card.isVisible(), "arrivals choose nothing"
    live.context.selection.choose_call(LATER)
    press(pane, Qt.Key.Key_4, ALT)
    assert pane.list.chosen == SECOND and pane.card.isVisible()
    press(pane, Qt.Key.Key_Up)
    assert pane.list.chosen == FIRST and live.context.selection.call_id == CALL
    assert pane.card.whom.text() == "919 555 0100 · 100 Main St · speaks Spanish"


def test_given_a_chosen_follow_up_then_it_is_taken_and_a_contact_recorded_with_a_note(
    pane: FollowUpsPane, live: Live
) -> None:
    live.context.selection.choose_call(CALL)
    press(pane, Qt.Key.Key_4, ALT)
    press(pane, Qt.Key.Key_T, ALT)
    assert referral(live).owner == REYES and pane.card.take.text() == "Yours"
    press(pane, Qt.Key.Key_O, ALT)
    assert not pane.list.isVisible(), "what is asked has the room"
    press(pane, Qt.Key.Key_4)
    QTest.keyClicks(pane.card.panel.note, "nobody at the door")
    press(pane, Qt.Key.Key_Return)
    (tried,) = referral(live).attempts
    assert (tried.how, tried.reached, tried.note) == (Reach.IN_PERSON, False, "nobody at the door")
    assert pane.list.isVisible() and pane.list.hasFocus() and "nobody at the door" in pane.card.tried.text()
    press(pane, Qt.Key.Key_O, ALT)
    press(pane, Qt.Key.Key_1)
    press(pane, Qt.Key.Key_1)
    assert referral(live).first_contact is not None
    assert listed(pane) == [SECOND, FIRST] and pane.list.chosen == FIRST, "what is chosen stays chosen"
    assert pane.figures.text().splitlines()[0] == "0.1 days to first contact"


def test_given_outreach_by_others_yesterday_then_it_is_said_before_a_contact_is_recorded(
    pane: FollowUpsPane, live: Live
) -> None:
    live.tell(c.ChangeCallback(LATER, "919 555 0100"))
    live.tell(receive(CallId("third"), callback="919 555 0100"), c.ReferNeighbor(ReferralId("r3"), CallId("third")))
    live.tell(c.TryOutreach(ReferralId("r3"), Reach.IN_PERSON, True), by=LIN)
    live.later(hours=22)
    live.context.selection.choose_call(CALL)
    press(pane, Qt.Key.Key_4, ALT)
    said = "◆ contacted by outreach yesterday 17:30, Lin in person, reached"
    assert pane.card.warned.text() == said
    press(pane, Qt.Key.Key_O, ALT)
    assert pane.card.panel._why_not.text() == said and live.sent == []


def test_given_a_neighbor_in_care_then_two_presses_end_it_well_and_it_leaves_the_list(
    pane: FollowUpsPane, live: Live
) -> None:
    press(pane, Qt.Key.Key_4, ALT)
    press(pane, Qt.Key.Key_K, ALT)
    assert live.sent == [] and pane.card.connect_.text() == "Again: in care"
    press(pane, Qt.Key.Key_K, ALT)
    assert referral(live).connected is not None
    assert listed(pane) == [SECOND] and not pane.card.isVisible() and pane.list.chosen is None


def test_given_one_that_goes_no_further_then_a_reason_is_wanted(pane: FollowUpsPane, live: Live) -> None:
    press(pane, Qt.Key.Key_4, ALT)
    press(pane, Qt.Key.Key_Z, ALT)
    press(pane, Qt.Key.Key_Return)
    assert pane.card.form.isVisible() and pane.card.form._said.text()
    QTest.keyClicks(pane.card.form.fields["why"], "wants no contact")
    press(pane, Qt.Key.Key_Return)
    assert referral(live).ended_because == "wants no contact" and listed(pane) == [SECOND]
    press(pane, Qt.Key.Key_4, ALT)
    press(pane, Qt.Key.Key_Z, ALT)
    press(pane, Qt.Key.Key_Escape)
    assert not pane.card.form.isVisible() and pane.list.isVisible() and pane.list.chosen == SECOND


def test_given_sealed_needs_then_they_are_read_by_their_key_and_closed_with_the_choice(
    pane: FollowUpsPane, live: Live
) -> None:
    hub = SealedHub(live)
    hub.notes[NoteId("n1")] = sealed_text(Needed(("HOUSING",), "since March"))
    press(pane, Qt.Key.Key_4, ALT)
    press(pane, Qt.Key.Key_E, ALT)
    assert hub.asked == [] and pane.card.needs.accessibleDescription() == "No needs were written."
    live.tell(c.SealNeeds(FIRST, NoteId("n1"), HASH))
    press(pane, Qt.Key.Key_E, ALT)
    assert pane.card.reader.words.text() == "needs: Housing · since March"
    press(pane, Qt.Key.Key_Down)
    assert pane.card.reader.words.text() == "" and pane.list.chosen == SECOND


def test_given_a_refusal_then_it_stands_beside_what_was_asked_and_nothing_closes(pane: FollowUpsPane, live: Live) -> None:
    press(pane, Qt.Key.Key_4, ALT)
    press(pane, Qt.Key.Key_O, ALT)
    live.refuse = c.Rejected("forbidden", "That is for clinicians.")
    press(pane, Qt.Key.Key_1)
    press(pane, Qt.Key.Key_1)
    assert pane.card.panel.is_open and pane.card.panel._refusal.text() == "That is for clinicians."
    press(pane, Qt.Key.Key_Escape)
    press(pane, Qt.Key.Key_T, ALT)
    assert pane.card.said.text() == "That is for clinicians."


def test_given_nobody_is_owed_a_contact_then_that_is_said(pane: FollowUpsPane, live: Live) -> None:
    live.tell(c.EndReferral(FIRST, "over"), c.EndReferral(SECOND, "over"), by=REYES)
    assert pane.none.text() == "Nobody is owed a contact by Care now." and pane.none.isVisible()


def test_given_a_call_that_left_the_board_then_its_follow_up_goes_on_with_its_neighbor_beside(
    pane: FollowUpsPane, live: Live, qtbot: QtBot
) -> None:
    ana = NeighborId("ana")
    live.tell(c.KeepNeighbor(ana, ("919 555 0100",), (), "Ana", "", "Speak slowly."), by=REYES)
    live.tell(c.CloseCall(CALL, missed="all_busy"), c.FileClosedCalls(closed_before=live.now + timedelta(days=1)))
    assert CALL not in live.scene.state.calls
    told = Told(live, (former(live, "the call itself", by_number=True, days=2),))
    beside = on_screen(qtbot, NeighborPane(live.context), 400, 600)
    pane.activateWindow()
    pane.go_to()
    assert pane.list.chosen == FIRST and pane.card.title.text().startswith("Ana, after ")
    assert beside.profile.name.text() == "Ana" and beside.follow_up.due.text() == pane.card.due.text()
    assert told.asked and [row.call_id for row in beside.model.rows] == [LATER, "the call itself"]
    assert beside.follow_up.refer.accessibleDescription().startswith("This call has left the board")
    beside.edit()
    assert beside.editor.panel.is_open
