"""Type-ahead for natures: the list under a line, its keys, and the code that stands for the words of a new call."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.agency import Nature
from console.domain.ids import NatureCode
from console.domain.natures import BaseNature, Modifier, catalogue
from console.ui.command_line import CommandLine
from console.ui.nature_list import programme_tags
from console.ui.nature_picker import NaturePicker
from tests.support.agency import AGENCY, TEAM, TRESPASS
from tests.support.scenes import CALL, floor, receive
from tests.ui.live import Live, on_screen

BASE = BaseNature(TRESPASS, "Trespass", "3", (TEAM,), aliases=("tp",), groups=("g",))
MODIFIERS = (
    Modifier("IP", "In Progress", ("g",), more_urgent=1),
    Modifier("WPN", "Weapon", ("g",), at_least="1", takes_away=(TEAM,)),
)
COMMA = Nature(NatureCode("ALARMBUS"), "Burglar Alarm, Business", "4")
NATURES = AGENCY.natures | {nature.code: nature for nature in (*catalogue((BASE,), MODIFIERS), COMMA)}


@pytest.fixture
def live() -> Live:
    made = Live(floor().given(receive()))
    made.tell(c.ConfigureAgency(replace(AGENCY, natures=NATURES)))
    made.context.selection.choose_call(CALL)
    return made


class Form(QWidget):
    """A line with a picker in a window."""

    def __init__(self, live: Live, at_bottom: bool = False) -> None:
        super().__init__()
        self.line = QLineEdit()
        column = QVBoxLayout(self)
        if at_bottom:
            column.addStretch(1)
        column.addWidget(self.line)
        if not at_bottom:
            column.addStretch(1)
        self.picker = NaturePicker(self.line, live.context)
        self.taken: list[str] = []
        self.entered: list[str] = []
        self.picker.taken.connect(self.taken.append)
        self.line.returnPressed.connect(lambda: self.entered.append(self.line.text()))

    def codes(self) -> list[str]:
        """What is listed now."""
        return [nature.code for nature in self.picker.list.rows.natures] if self.picker.list.isVisible() else []


@pytest.fixture
def form(qtbot: QtBot, live: Live) -> Form:
    made = on_screen(qtbot, Form(live), 900, 500)
    made.line.setFocus()
    return made


def test_given_a_line_when_words_are_typed_then_the_natures_stand_below_and_the_line_keeps_the_keyboard(form: Form) -> None:
    QTest.keyClicks(form.line, "tresp")
    assert form.codes() == ["TRESPASS", "TRESPASS-IP", "TRESPASS-WPN"]
    assert form.line.hasFocus()
    assert form.picker.list.geometry().top() >= form.line.geometry().bottom()
    chosen = form.picker.list.chosen
    assert chosen is not None and chosen.code == "TRESPASS"


def test_given_the_list_when_an_arrow_and_enter_are_pressed_then_that_nature_is_taken_and_the_line_hears_no_enter(
    form: Form,
) -> None:
    QTest.keyClicks(form.line, "tresp")
    QTest.keyClick(form.line, Qt.Key.Key_Down)
    QTest.keyClick(form.line, Qt.Key.Key_Return)
    assert (form.taken, form.entered, form.codes()) == (["TRESPASS-IP"], [], [])


def test_given_the_list_when_up_is_pressed_on_the_first_then_the_last_is_selected(form: Form) -> None:
    QTest.keyClicks(form.line, "tresp")
    QTest.keyClick(form.line, Qt.Key.Key_Up)
    chosen = form.picker.list.chosen
    assert chosen is not None and chosen.code == "TRESPASS-WPN"


def test_given_the_list_when_escape_is_pressed_then_it_closes_and_the_words_stay(form: Form) -> None:
    QTest.keyClicks(form.line, "tresp")
    QTest.keyClick(form.line, Qt.Key.Key_Escape)
    assert (form.codes(), form.line.text(), form.taken) == ([], "tresp", [])
    QTest.keyClick(form.line, Qt.Key.Key_Return)
    assert form.entered == ["tresp"]


def test_given_words_that_fit_several_when_enter_is_pressed_then_nothing_is_taken(form: Form) -> None:
    QTest.keyClicks(form.line, "b")
    assert form.picker.list.chosen is None and len(form.codes()) == 2
    QTest.keyClick(form.line, Qt.Key.Key_Return)
    assert (form.taken, form.entered) == ([], ["b"])


def test_given_the_list_when_the_keyboard_goes_elsewhere_then_it_closes(form: Form, qtbot: QtBot) -> None:
    QTest.keyClicks(form.line, "tresp")
    form.line.clearFocus()
    assert form.codes() == []


def test_given_the_list_when_a_line_of_it_is_clicked_then_that_nature_is_taken(form: Form) -> None:
    QTest.keyClicks(form.line, "tresp")
    listed = form.picker.list
    where = listed.visualRect(listed.rows.index(2, 0)).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert form.taken == ["TRESPASS-WPN"]


def test_given_a_line_at_the_bottom_when_words_are_typed_then_the_list_stands_above_it(qtbot: QtBot, live: Live) -> None:
    form = on_screen(qtbot, Form(live, at_bottom=True), 900, 500)
    form.line.setFocus()
    QTest.keyClicks(form.line, "tresp")
    assert form.picker.list.geometry().bottom() < form.line.geometry().top()


def test_given_a_nature_when_it_is_listed_then_it_is_read_aloud_with_code_programmes_and_priority(form: Form) -> None:
    QTest.keyClicks(form.line, "crisis")
    rows = form.picker.list.rows
    spoken = rows.data(rows.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "CRISIS, Crisis, P2, PHONE, TEAM, ARMED if"
    assert [tag.colour for tag in programme_tags(AGENCY, NATURES[TRESPASS])] == ["teal"]


@pytest.fixture
def commands(qtbot: QtBot, live: Live) -> CommandLine:
    made = on_screen(qtbot, CommandLine(live.context), 900, 60)
    made.begin()
    return made


def test_given_a_new_call_on_the_command_line_when_a_nature_is_taken_then_its_code_stands_there(
    live: Live, commands: CommandLine
) -> None:
    QTest.keyClicks(commands.line, "+ 400 Main St,  burglar  al ")
    assert not commands.reader.natures.list.isHidden() and commands.reader.natures.list.chosen is None
    QTest.keyClick(commands.line, Qt.Key.Key_Down)
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    assert commands.line.text() == "+ 400 Main St,  ALARMBUS" and live.sent == []
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    sent = live.sent[0]
    assert isinstance(sent, c.ReceiveCall) and (sent.nature, sent.place.address) == ("ALARMBUS", "400 Main St")


def test_given_a_source_that_is_also_a_word_of_a_nature_when_a_nature_follows_then_it_is_listed(
    live: Live, commands: CommandLine
) -> None:
    asked = Nature(NatureCode("ASKED"), "Officer Asks", "2")
    live.tell(c.ConfigureAgency(replace(AGENCY, natures=NATURES | {asked.code: asked})))
    QTest.keyClicks(commands.line, "+ officer, tres")
    assert not commands.reader.natures.list.isHidden()


def test_given_a_new_call_when_enter_is_pressed_with_nothing_selected_then_the_line_is_done(
    live: Live, commands: CommandLine
) -> None:
    QTest.keyClicks(commands.line, "+ tresp")
    assert not commands.reader.natures.list.isHidden()
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    sent = live.sent[0]
    assert isinstance(sent, c.ReceiveCall) and sent.nature == TRESPASS
    assert commands.reader.natures.list.isHidden()


def test_given_the_list_when_an_earlier_line_is_brought_back_then_it_closes(commands: CommandLine) -> None:
    QTest.keyClicks(commands.line, "+ tresp")
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    QTest.keyClicks(commands.line, "+ crisis")
    assert not commands.reader.natures.list.isHidden()
    QTest.keyClick(commands.line, Qt.Key.Key_Up)
    assert commands.line.text() == "+ tresp" and commands.reader.natures.list.isHidden()


@pytest.mark.parametrize("line", ["d t1 0001", "n 0001 trespass", "+ trespass, burg", "+ officer", "+ 400 Main St", ""])
def test_given_a_line_where_no_nature_is_wanted_when_typed_then_none_is_listed(commands: CommandLine, line: str) -> None:
    QTest.keyClicks(commands.line, line)
    assert commands.reader.natures.list.isHidden()


def test_given_a_call_when_another_nature_is_typed_on_the_command_line_then_it_is_recoded(
    live: Live, commands: CommandLine
) -> None:
    QTest.keyClicks(commands.line, "t 0001 tresp prog")
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    assert live.sent == [c.RecodeCall(CALL, NatureCode("TRESPASS-IP"))]


def spoken(commands: CommandLine) -> str:
    return commands.line.accessibleDescription()


def test_given_a_nature_selected_for_a_new_call_when_enter_would_only_take_it_then_the_line_says_so(
    live: Live, commands: CommandLine
) -> None:
    QTest.keyClicks(commands.line, "+ tresp")
    assert spoken(commands) == "new call: Trespass, P3, place not known, from 911 · Enter"
    QTest.keyClick(commands.line, Qt.Key.Key_Down)
    QTest.keyClick(commands.line, Qt.Key.Key_Down)
    chosen = commands.reader.natures.list.chosen
    assert chosen is not None and chosen.code == "TRESPASS-IP"
    whole = f"new call: {chosen.name}, P2, place not known, from 911"
    assert spoken(commands) == f"Enter takes {chosen.name}, P2 · Enter again: {whole}"
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    assert (live.sent, spoken(commands)) == ([], f"{whole} · Enter")


def test_given_a_nature_selected_when_the_list_is_left_then_the_line_says_again_what_is_typed(commands: CommandLine) -> None:
    QTest.keyClicks(commands.line, "+ tresp")
    QTest.keyClick(commands.line, Qt.Key.Key_Down)
    QTest.keyClick(commands.line, Qt.Key.Key_Escape)
    assert spoken(commands) == "new call: Trespass, P3, place not known, from 911 · Enter"


@pytest.mark.parametrize("line", ["t 0001 tresp", "0001 nature tresp", "T . tresp"])
def test_given_a_call_when_its_nature_is_typed_on_the_command_line_then_natures_are_listed_with_what_goes_with_them(
    live: Live, commands: CommandLine, line: str
) -> None:
    QTest.keyClicks(commands.line, line)
    assert not commands.reader.natures.list.isHidden()
    listed = commands.reader.natures.list.rows.natures
    assert [nature.code for nature in listed] == ["TRESPASS", "TRESPASS-IP", "TRESPASS-WPN"]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):  # after the first, up, comes the last
        QTest.keyClick(commands.line, key)
    assert commands.line.text() == line.removesuffix("tresp") + "TRESPASS-WPN"
    QTest.keyClick(commands.line, Qt.Key.Key_Return)
    assert live.sent == [c.RecodeCall(CALL, NatureCode("TRESPASS-WPN"))]


@pytest.mark.parametrize("line", ["t", "t 0001", "t 0001 ", "t tresp", "0001 t"])
def test_given_no_word_of_a_nature_after_the_call_when_typed_then_none_is_listed(commands: CommandLine, line: str) -> None:
    QTest.keyClicks(commands.line, line)
    assert commands.reader.natures.list.isHidden()


def test_given_more_natures_than_are_listed_when_typed_then_the_list_says_so(form: Form, live: Live) -> None:
    QTest.keyClicks(form.line, "tresp")
    assert form.picker.list.more.isHidden()
    many = {NatureCode(f"DOG{n}"): Nature(NatureCode(f"DOG{n}"), f"Dog {n}", "4") for n in range(11)}
    live.tell(c.ConfigureAgency(replace(AGENCY, natures=NATURES | many)))
    form.line.clear()
    QTest.keyClicks(form.line, "dog")
    listed = form.picker.list
    assert len(form.codes()) == 10 and not listed.more.isHidden()
    last = listed.visualRect(listed.rows.index(9, 0))
    assert last.bottom() <= listed.viewport().height() and listed.more.y() >= listed.viewport().geometry().bottom()


def test_given_a_wide_window_when_natures_are_listed_then_their_programmes_stand_near_their_names(
    qtbot: QtBot, live: Live
) -> None:
    form = on_screen(qtbot, Form(live), 1900, 500)
    form.line.setFocus()
    QTest.keyClicks(form.line, "crisis")
    assert form.line.width() > 1800 and form.picker.list.width() <= 900
