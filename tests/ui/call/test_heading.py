"""The heading of a call in panes of every width: its words take more lines, and none is left out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from console.domain.commands import AnswerQuestion
from console.domain.ids import NatureCode, QuestionId
from console.domain.state import Call, Place
from console.ui.call.heading import CallHeading
from console.ui.widgets import TagRow, scaled, tag_width
from tests.support.agency import AGENCY, CRISIS
from tests.support.scenes import CALL, floor, receive

LONG = replace(AGENCY.natures[CRISIS], code=NatureCode("LONG"), name="Mental Health Crisis with Violence in a Public Place")
CENTER = replace(AGENCY, natures={**AGENCY.natures, LONG.code: LONG})


def call(**fields: object) -> Call:
    place = Place("12800 Old Chapel Hill Boulevard Extension, Building C, apartment 1407-B, back entrance")
    return replace(floor().given(receive(place=place)).call(CALL), **fields)


def heading(qtbot: QtBot, wide: int, shown: Call) -> CallHeading:
    made = CallHeading()
    qtbot.addWidget(made)
    made.show_call(CENTER, shown)
    made.say("▲ P1 · 1:22:27", "alarm")
    made.resize(wide, made.heightForWidth(wide))
    made.show()
    qtbot.waitUntil(lambda: made.width() == wide and made.about.width() > wide / 2)
    made.resize(wide, made.heightForWidth(wide))
    return made


@pytest.mark.parametrize("wide", [330, 376, 520, 900])
def test_nature_place_programmes_and_time_are_whole_at_every_width(wide: int, qtbot: QtBot) -> None:
    made = heading(qtbot, wide, call(nature=LONG.code))
    qtbot.waitUntil(lambda: made.about.heightForWidth(made.about.width()) <= made.about.height() + 1)
    words = made.nature
    assert words.heightForWidth(words.width()) <= words.height() + 1 if words.wordWrap() else (
        words.sizeHint().width() <= words.width()
    )  # fmt: skip
    assert made.aside.sizeHint().width() <= made.aside.width()
    shown = [row for row in (made.programmes, made.below) if row.isVisible()]
    assert {name for row in shown for name in row.accessibleName().split(", ")} == {"PHONE", "TEAM"}
    assert all(row.heightForWidth(row.width()) <= row.height() + 1 for row in shown)


@pytest.mark.parametrize(("answer", "said"), [("2", "weapon: within reach"), ("4", "weapon?")])
def test_a_caution_of_a_call_is_named_in_the_narrowest_pane(answer: str, said: str, qtbot: QtBot) -> None:
    scene = floor().given(receive(), AnswerQuestion(CALL, "crisis", QuestionId("weapon"), answer))
    made = heading(qtbot, 330, scene.call(CALL))
    assert said in made.below.accessibleName().split(", ")


def test_tags_that_do_not_fit_beside_go_below(qtbot: QtBot) -> None:
    row = TagRow()
    qtbot.addWidget(row)
    row.show_tags((("weapon?", "due"), ("danger to others?", "due"), ("violence?", "due")))
    one_line = row.heightForWidth(row.sizeHint().width())
    assert row.heightForWidth(tag_width("danger to others?") + scaled(20)) > 2 * one_line
    assert row.minimumSizeHint().width() == tag_width("danger to others?")


def test_without_a_call_it_says_so(qtbot: QtBot) -> None:
    made = CallHeading()
    qtbot.addWidget(made)
    made.show_call(CENTER, None)
    assert (made.nature.text(), made.number.isHidden(), made.below.isHidden()) == ("No call is chosen", True, True)
