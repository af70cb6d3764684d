"""A whole interview at the desk, from the call chosen to the response proposed, by key presses only."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import FactName, QuestionId
from console.domain.programmes import Criteria
from console.domain.triage.protocol import Fact, Proposal
from console.link.link_state import LinkState, LinkStatus
from console.ui.call.view import CallPane
from console.ui.desk import Desk
from tests.support.agency import AGENCY, ARMED, CRISIS, PROTOCOL, TRESPASS, VIOLENCE, WEAPON, question
from tests.support.scenes import CALL, floor, receive
from tests.ui.live import Live

K = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
ALT, CTRL, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TALK, PLACE = FactName("talk"), FactName("place")
AGAIN = {"en": "Anything in their hands?", "es": "¿Algo en las manos?"}

SAFETY = (
    replace(question("weapon", WEAPON, "none", "near", "secured"), again=AGAIN),
    question("violence", VIOLENCE, "no", "yes"),
)
"""Shared by both protocols."""
ARMED_WHEN = Condition(facts={WEAPON: ("near", "secured", NOT_KNOWN)})
CRISIS_CALL = replace(
    PROTOCOL,
    questions=(*SAFETY, question("talk", TALK, "yes", "no")),
    proposals=(Proposal("ARMED", ARMED_WHEN, "a weapon, or not known"),),
)
TRESPASS_CALL = replace(
    PROTOCOL,
    id="trespass",
    title="Trespass",
    version="7",
    questions=(*SAFETY, question("place", PLACE, "outside", "home")),
    proposals=(
        Proposal("ARMED", ARMED_WHEN, "a weapon, or not known"),
        Proposal("TEAM", Condition(facts={VIOLENCE: ("no",)}), "calm, somebody comes", along=("EMS",)),
    ),
)


@pytest.fixture
def live() -> Live:
    named = {TALK: Fact("Talk", {"yes": "yes", "no": "no"}), PLACE: Fact("Place", {"outside": "outside", "home": "home"})}
    admit = Criteria(admit=(Rule(ARMED_WHEN, "it covers calls with a weapon"),))
    agency = replace(
        AGENCY,
        facts=AGENCY.facts | named,
        programmes=tuple(replace(p, criteria=admit) if p.code == ARMED else p for p in AGENCY.programmes),
        protocols=(CRISIS_CALL, TRESPASS_CALL),
        natures=AGENCY.natures | {TRESPASS: replace(AGENCY.natures[TRESPASS], protocol="trespass", conditional=(ARMED,))},
    )
    made = Live(floor().given(c.ConfigureAgency(agency), receive(nature=CRISIS)))
    made.store.take_link(LinkStatus(LinkState.LIVE, made.now, 12.0))
    return made


@pytest.fixture
def desk(qtbot: QtBot, live: Live) -> Desk:
    made = Desk(live.context, None, "dispatch")
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(desk: Desk, *keys: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or desk, key, held)


def type_words(words: str) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClicks(widget, words)


def pane(desk: Desk) -> CallPane:
    found = desk.view().pane("call")
    assert isinstance(found, CallPane)
    return found


def asked(desk: Desk) -> str:
    return pane(desk).triage.asking.question.text()


def answers(live: Live) -> list[tuple[str, str]]:
    return [(sent.question, sent.answer) for sent in live.sent if isinstance(sent, c.AnswerQuestion)]


def test_given_a_call_when_it_is_triaged_by_keys_only_then_the_response_is_proposed_and_nothing_told_was_lost(
    live: Live, desk: Desk
) -> None:
    press(desk, K.Key_1, held=ALT)
    press(desk, K.Key_Home)
    assert live.context.selection.call_id == CALL
    press(desk, K.Key_3, held=ALT)
    assert asked(desk) == "weapon?"

    press(desk, K.Key_4)
    assert asked(desk) == AGAIN["en"]
    press(desk, K.Key_4)
    assert live.scene.call().facts == {WEAPON: NOT_KNOWN}
    assert asked(desk) == "violence?"
    assert "Armed" in pane(desk).triage.response.name.text()

    press(desk, K.Key_2, K.Key_Backspace)
    assert asked(desk) == "violence?"
    press(desk, K.Key_2)
    assert asked(desk) == "talk?"
    press(desk, K.Key_Up)
    assert asked(desk) == "violence?"
    press(desk, K.Key_1)
    assert asked(desk) == "talk?"
    assert live.scene.call().facts == {WEAPON: NOT_KNOWN, VIOLENCE: "no"}
    assert "triage 3 of at most 3" in pane(desk).heading.about.text()

    press(desk, K.Key_R, held=CTRL)
    type_words("tresp")
    press(desk, K.Key_Return)
    assert live.scene.call().nature == TRESPASS
    press(desk, K.Key_3, held=ALT)
    assert asked(desk) == "place?", "what was answered is carried over"

    press(desk, K.Key_F, held=CTRL | SHIFT)
    press(desk, K.Key_1, K.Key_1)
    type_words("the officer looked")
    press(desk, K.Key_Return)
    assert live.scene.call().facts == {WEAPON: "none", VIOLENCE: "no"}
    assert asked(desk) == "place?"

    press(desk, K.Key_1)
    assert asked(desk) == "Proposed: Team with EMS"
    assert pane(desk).triage.response.standing.text() == "the right response"
    given = [("weapon", "4"), ("weapon", "4"), ("violence", "2"), ("violence", "2"), ("violence", "1"), ("place", "1")]
    assert answers(live) == given
    stamped = {each.question: (each.protocol, each.version, each.by) for each in live.scene.call().answers}
    assert stamped[QuestionId("violence")] == ("crisis", "1", "okafor")
    assert stamped[QuestionId("place")] == ("trespass", "7", "okafor")
    shown = pane(desk).history.show_call(live.scene.call())
    assert shown == 0
    history = pane(desk).history.times.toPlainText()
    assert "Weapon: none, by hand · Okafor: the officer looked" in history
    assert "Place? outside · Okafor, Trespass version 7" in history
    assert "Weapon? not_known · Okafor, Crisis version 1, asked twice" in history


def test_given_half_an_interview_when_something_is_typed_anywhere_else_then_it_never_answers(live: Live, desk: Desk) -> None:
    press(desk, K.Key_1, held=ALT)
    press(desk, K.Key_Home)
    press(desk, K.Key_1, K.Key_2)  # in the list of calls: a number chooses a call
    press(desk, K.Key_2, held=ALT)
    press(desk, K.Key_1)  # among the units
    for key in (K.Key_N, K.Key_R, K.Key_P):  # narrative, nature, priority
        press(desk, key, held=CTRL)
        type_words("1234")
        press(desk, K.Key_Backspace)
    press(desk, K.Key_Slash)
    press(desk, K.Key_Space, held=CTRL)
    type_words("n 0001 1234")
    press(desk, K.Key_Escape)
    press(desk, K.Key_F8)
    press(desk, K.Key_1, K.Key_Escape)
    press(desk, K.Key_N, held=CTRL)
    press(desk, K.Key_F, held=CTRL | SHIFT)
    assert pane(desk).triage.panel.isVisible(), "from the narrative too"
    press(desk, K.Key_1, K.Key_1)
    type_words("1234")
    press(desk, K.Key_Escape)
    assert answers(live) == []
    assert live.scene.call().facts == {}
