"""Suggestions of places: keyboard only, nothing taken by itself, and without the hub as if they were not there."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.state import Place
from console.link.link_state import LinkState, LinkStatus
from console.ui.call.fields import CallFields
from console.ui.call.words import about_words
from console.ui.command_line import CommandLine
from console.ui.found_places import option_of, place_of
from console.ui.place_picker import PlacePicker
from console.wire.geography import FoundKind, FoundPlace
from tests.support.agency import AGENCY, TRESPASS
from tests.support.loop import runs
from tests.support.scenes import CALL, floor, receive
from tests.ui.live import Live, on_screen
from tests.ui.told_history import Told

EAST = FoundPlace("400 E Main St", "address", 36.01, -78.89, 1.0)
BETWEEN = FoundPlace("402 E Main St", "address", 36.02, -78.88, 0.9, interpolated=True)
BLOCK = FoundPlace("400 block of Main St, Durham", "block", 36.03, -78.87, 0.97)


@pytest.fixture
def told() -> Told:
    live = Live(floor().given(receive()))
    live.context.selection.choose_call(CALL)
    return Told(live, found=(EAST, BETWEEN, BLOCK))


class Form(QWidget):
    """A line with a picker in a window."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.line = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addStretch(1)
        self.picker = PlacePicker(self.line, live.context)
        self.taken: list[str] = []
        self.entered: list[str] = []
        self.picker.taken.connect(lambda found: self.taken.append(found.words))
        self.line.returnPressed.connect(lambda: self.entered.append(self.line.text()))

    @property
    def listed(self) -> list[str]:
        return [option.words for option in self.picker.list.rows.options] if self.picker.list.isVisible() else []


@pytest.fixture
def form(qtbot: QtBot, told: Told) -> Form:
    made = on_screen(qtbot, Form(told.live), 900, 500)
    made.line.setFocus()
    return made


@pytest.mark.parametrize("kind", ["street", "block"])
def test_given_a_street_or_a_block_then_no_house_number_is_said_to_be_reckoned(kind: FoundKind) -> None:
    assert "reckoned" not in option_of(FoundPlace("Main St", kind, 36.0, -78.9, 1.0, interpolated=True)).detail
    assert "reckoned" in option_of(BETWEEN).detail


@pytest.mark.parametrize(
    ("place", "said"),
    [(Place("1 Elm St"), "1 Elm St · not on the map"), (Place("1 Elm St", 36.0, -78.9), "1 Elm St"), (Place(), "")],
)
def test_given_a_place_without_a_point_then_the_heading_says_that_it_is_not_on_the_map(place: Place, said: str) -> None:
    call = replace(floor().given(receive()).state.calls[CALL], place=place, callback="")
    words = about_words(call, AGENCY)
    assert words.startswith(said)
    assert ("not on the map" in words) == (" · " in said)


def press(line: QLineEdit, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(line, key)


def test_given_words_then_what_they_may_mean_stands_below_and_nothing_is_selected(form: Form, told: Told) -> None:
    QTest.keyClicks(form.line, "400 m")
    assert told.asked == [("geocode", "400 m")], "three letters or digits that name nothing are no place"
    assert form.listed == [EAST.words, BETWEEN.words, BLOCK.words]
    assert form.picker.selected is None and form.line.hasFocus()
    press(form.line, Qt.Key.Key_Return)
    assert (form.taken, form.entered) == ([], ["400 m"]), "the words stay as typed"


def test_given_down_and_enter_then_that_place_is_taken_and_the_line_hears_no_enter(form: Form) -> None:
    QTest.keyClicks(form.line, "400 main")
    press(form.line, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert (form.taken, form.entered, form.listed) == ([BETWEEN.words], [], [])


def test_given_arrows_beyond_the_end_then_nothing_is_selected_again(form: Form) -> None:
    QTest.keyClicks(form.line, "400 main")
    press(form.line, *[Qt.Key.Key_Down] * 4)
    assert form.picker.selected is None
    press(form.line, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert form.picker.selected is None


def test_given_escape_then_the_list_closes_and_what_is_typed_stays(form: Form) -> None:
    QTest.keyClicks(form.line, "400 main")
    press(form.line, Qt.Key.Key_Escape)
    assert (form.listed, form.line.text()) == ([], "400 main")


def test_given_words_that_were_not_typed_or_another_field_then_no_list(form: Form) -> None:
    QTest.keyClicks(form.line, "400 main")
    form.line.setText("Elsewhere")
    assert form.listed == []
    QTest.keyClicks(form.line, " street")
    assert form.listed
    form.line.clearFocus()
    assert form.listed == []


def test_given_the_hub_away_then_the_line_works_as_before(form: Form, told: Told) -> None:
    told.live.store.take_link(LinkStatus(LinkState.OFFLINE, told.live.now))
    QTest.keyClicks(form.line, "400 main")
    press(form.line, Qt.Key.Key_Return)
    assert (form.listed, form.taken, form.entered) == ([], [], ["400 main"])


@runs
async def test_given_a_slow_hub_then_one_question_is_on_its_way_and_the_newest_words_are_next(qtbot: QtBot) -> None:
    live = Live(floor().given(receive()))
    asked: list[tuple[str, asyncio.Future[tuple[FoundPlace, ...]]]] = []

    class Slow(Told):
        def geocode(self, words: str) -> asyncio.Future[tuple[FoundPlace, ...]]:  # type: ignore[override]
            asked.append((words, asyncio.get_running_loop().create_future()))
            return asked[-1][1]

    Slow(live)
    form = on_screen(qtbot, Form(live), 900, 500)
    form.line.setFocus()
    shown = asyncio.Event()
    form.picker.pointed.connect(lambda: shown.set() if form.listed else None)
    async with asyncio.TaskGroup() as tasks:
        live.store.tasks = tasks
        QTest.keyClicks(form.line, "400 main")
        assert [words for words, _ in asked] == ["400 m"]
        asked[0][1].set_result((EAST,))
        while len(asked) < 2:  # noqa: ASYNC110  turns of the loop, no time
            await asyncio.sleep(0)
        assert (asked[1][0], form.listed) == ("400 main", []), "an answer to other words is not shown"
        asked[1][1].set_result((BLOCK,))
        await shown.wait()
    assert form.listed == [BLOCK.words]


def test_what_is_unsure_or_reckoned_says_so_and_how_far_it_may_lie_off() -> None:
    assert option_of(EAST).detail == "address"
    assert option_of(BETWEEN).detail == (
        "address · ◆ unsure: not exactly what was typed · reckoned between known house numbers"
    )
    assert option_of(BLOCK).detail == "somewhere in this block"
    assert place_of(EAST) == Place(EAST.words, 36.01, -78.89)
    assert place_of(BETWEEN).uncertainty_m == 50
    assert place_of(BLOCK).uncertainty_m == 100


def test_given_a_call_when_a_suggestion_is_taken_then_its_words_point_and_radius_are_the_calls(
    qtbot: QtBot, told: Told
) -> None:
    live = told.live
    fields = CallFields(live.context)
    live.store.changed.connect(lambda _: fields.show_call(live.scene.call()))
    fields.show_call(live.scene.call())
    on_screen(qtbot, fields, 500, 300)
    fields.place.focus()
    QTest.keyClicks(fields.place.line, "402 main")
    press(fields.place.line, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert live.sent == [c.LocateCall(CALL, Place(BETWEEN.words, 36.02, -78.88, 50.0))]
    assert (fields.place.line.text(), fields.place.edited) == (BETWEEN.words, False)
    QTest.keyClicks(fields.place.line, " x")
    fields.place.line.selectAll()
    QTest.keyClicks(fields.place.line, "behind the mill")
    press(fields.place.line, Qt.Key.Key_Return)
    assert live.sent[-1] == c.LocateCall(CALL, Place("behind the mill")), "nothing taken: the words as typed"


def test_given_a_new_call_on_the_command_line_then_its_place_is_suggested_and_taken_with_its_point(
    qtbot: QtBot, told: Told
) -> None:
    live = told.live
    commands = on_screen(qtbot, CommandLine(live.context), 900, 40)
    commands.begin()
    QTest.keyClicks(commands.line, "+ trespass, 400 main")
    assert told.asked[-1] == ("geocode", "400 main")
    assert commands.line._preview.startswith("new call: Trespass, P3, 400 main (not on the map), from 911 · Enter · Down: ")
    press(commands.line, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert commands.line._preview == f"Enter takes {BLOCK.words}"
    press(commands.line, Qt.Key.Key_Return)
    assert commands.line.text() == "+ trespass, 400 block of Main St Durham"
    assert commands.line._preview.startswith(
        "new call: Trespass, P3, 400 block of Main St, Durham (on the map, within 100 m), from 911"
    )
    press(commands.line, Qt.Key.Key_Return)
    [made] = live.sent
    assert isinstance(made, c.ReceiveCall)
    assert (made.nature, made.place) == (TRESPASS, Place(BLOCK.words, 36.03, -78.87, 100.0))


@pytest.mark.parametrize("line", ["+ tresp", "d t1 0001", "n 0001 400 main", "+ trespass, 919 555", "+ trespass, p2"])
def test_given_what_is_no_place_of_a_new_call_then_nothing_is_looked_for(qtbot: QtBot, told: Told, line: str) -> None:
    commands = on_screen(qtbot, CommandLine(told.live.context), 900, 40)
    commands.begin()
    QTest.keyClicks(commands.line, line)
    assert [asked for asked in told.asked if asked[0] == "geocode"] == []


def test_given_a_beat_and_zones_then_they_stand_in_the_calls_heading() -> None:
    place = Place("100 Main St", 36.0, -78.9, beat="121", zones={"district": "D1"})
    call = floor().given(receive(place=place, callback="555")).call()
    assert about_words(call, AGENCY) == "100 Main St · beat 121 · D1 · 555"
