"""The command line on screen: it says first what Enter will do, refuses beside the words, and gives the keyboard back."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.commands import Rejected
from console.domain.contacts import NumberContacts, NumbersBegun
from console.ui.command_line import CommandLine
from tests.support.scenes import CALL, OKAFOR, REYES, T1, receive
from tests.ui.live import Live
from tests.ui.told_history import Told, former


class Bench(QWidget):
    """A field above the command line, in a window."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.field = QLineEdit()
        self.commands = CommandLine(live.context)
        column.addWidget(self.field)
        column.addWidget(self.commands)


@pytest.fixture
def live() -> Live:
    made = Live()
    made.tell(receive())
    return made


@pytest.fixture
def bench(qtbot: QtBot, live: Live) -> Bench:
    made = Bench(live)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.field.setFocus()
    return made


def preview(bench: Bench) -> str:
    return bench.commands.line.accessibleDescription()


def test_given_a_key_when_pressed_then_the_keyboard_is_on_the_line_and_escape_gives_it_back(
    bench: Bench, live: Live
) -> None:
    QTest.keyClick(bench.field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert bench.commands.line.hasFocus()
    QTest.keyClicks(bench.commands.line, "d t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Escape)
    assert bench.field.hasFocus()
    assert (bench.commands.line.text(), live.sent) == ("", [])


def test_given_a_whole_command_when_typed_then_it_is_previewed_and_enter_sends_it(bench: Bench, live: Live) -> None:
    bench.commands.begin()
    QTest.keyClicks(bench.commands.line, "d t1 0001")
    assert preview(bench) == "dispatch T1 to 0001 Crisis, 100 Main St · Enter"

    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)

    assert live.sent == [c.DispatchUnit(T1, CALL)]
    assert preview(bench) == "done: dispatch T1 to 0001 Crisis, 100 Main St"
    assert bench.commands.line.text() == ""


def test_given_an_entry_when_typed_then_its_id_says_when_it_was_written(bench: Bench, live: Live) -> None:
    bench.commands.begin()
    QTest.keyClicks(bench.commands.line, "n 0001 two dogs")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    sent = live.sent[-1]
    assert isinstance(sent, c.AddNarrative) and UUID(sent.entry_id).version == 7


def test_given_half_a_command_when_enter_is_pressed_then_it_asks_and_sends_nothing(bench: Bench, live: Live) -> None:
    bench.commands.begin("d t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    assert "which call?" in preview(bench)
    assert (live.sent, bench.commands.line.text()) == ([], "d t1")


def test_given_a_refusal_of_the_hub_when_it_comes_then_the_words_come_back_with_the_reason(bench: Bench, live: Live) -> None:
    live.refuse = Rejected("forbidden", "A clinician may not dispatch unit.")
    bench.commands.begin("d t1 0001")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    assert preview(bench) == "✕ A clinician may not dispatch unit."
    assert bench.commands.line.text() == "d t1 0001"
    assert live.context.notices.standing == ()


def test_given_a_board_that_changes_when_a_line_stands_there_then_its_preview_follows(bench: Bench, live: Live) -> None:
    bench.commands.begin("n 0001 word")
    assert "add to 0001" in preview(bench)
    live.tell(c.CloseCall(CALL, missed="all_busy"))
    assert preview(bench) == "✕ call 0001 is already closed"


def test_given_a_number_when_entered_then_the_call_is_chosen(bench: Bench, live: Live) -> None:
    bench.commands.begin("0001")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    assert live.context.selection.call_id == CALL
    assert live.sent == []


def test_given_an_earlier_command_when_up_is_pressed_then_it_is_there_again(bench: Bench, live: Live) -> None:
    bench.commands.begin("k t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Up)
    assert bench.commands.line.text() == "k t1"
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Down)
    assert bench.commands.line.text() == ""


def test_given_half_a_line_when_a_new_call_begins_then_what_stood_there_comes_back_by_up(bench: Bench, live: Live) -> None:
    bench.commands.begin("n 0001 sister on")
    live.context.typing.begun.emit("+ ")
    QTest.keyClicks(bench.commands.line, "tres")
    live.context.typing.begun.emit("+ ")
    assert bench.commands.line.text() == "+ tres"
    bench.commands.line.clear()
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Up)
    assert bench.commands.line.text() == "n 0001 sister on"


def test_given_a_line_half_typed_when_down_is_pressed_then_it_stays_and_comes_back_after_up(bench: Bench) -> None:
    bench.commands.begin("k t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    QTest.keyClicks(bench.commands.line, "n 0001 two d")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Down)
    assert bench.commands.line.text() == "n 0001 two d"
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Up)
    assert bench.commands.line.text() == "k t1"
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Down)
    assert bench.commands.line.text() == "n 0001 two d"


def test_given_the_keyboard_on_the_line_when_a_slash_comes_first_then_it_is_no_letter_of_it(bench: Bench) -> None:
    bench.commands.begin()
    QTest.keyClicks(bench.commands.line, "//")
    assert bench.commands.line.text() == ""
    QTest.keyClicks(bench.commands.line, "n 0001 w/ dog")
    assert bench.commands.line.text() == "n 0001 w/ dog"


def test_given_what_was_said_when_a_few_seconds_have_passed_then_the_line_is_as_ever(bench: Bench, live: Live) -> None:
    bench.commands.begin("k t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    said = preview(bench)
    for _ in range(9):
        live.tick()
    assert preview(bench) == said
    live.tick()
    assert preview(bench) == "type a command, or F1 for help"


def test_given_a_refusal_of_the_hub_when_a_few_seconds_have_passed_then_the_words_stay_and_are_read_anew(
    bench: Bench, live: Live
) -> None:
    live.refuse = Rejected("forbidden", "A clinician may not dispatch unit.")
    bench.commands.begin("d t1 0001")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    for _ in range(10):
        live.tick()
    assert (bench.commands.line.text(), preview(bench)) == ("d t1 0001", "dispatch T1 to 0001 Crisis, 100 Main St · Enter")


def test_given_a_command_on_its_way_when_time_passes_then_it_is_said_until_the_hub_answers(bench: Bench, live: Live) -> None:
    live.hold_answers()
    bench.commands.begin("k t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    for _ in range(20):
        live.tick()
    assert preview(bench).startswith("sending: ")


def test_given_words_of_one_person_when_another_signs_in_then_neither_they_nor_what_was_said_is_there(
    bench: Bench, live: Live
) -> None:
    bench.commands.begin("k t1")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Return)
    QTest.keyClicks(bench.commands.line, "n 0001 half")
    okafor = live.store.me
    assert okafor is not None and okafor.user_id == OKAFOR
    live.store.take_me(replace(okafor, user_id=REYES))
    assert (bench.commands.line.text(), preview(bench)) == ("", "type a command, or F1 for help")
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Up)
    assert bench.commands.line.text() == ""
    live.store.take_me(None)
    live.store.take_me(replace(okafor))
    assert bench.commands.line.text() == "n 0001 half"


def test_given_the_digits_of_a_new_call_when_they_are_typed_then_who_may_be_calling_is_told_and_nothing_is_sent(
    bench: Bench, live: Live
) -> None:
    first = NumberContacts("9195550142", (9, 12, 14), former(live, "old", days=3))
    told = Told(live, begun=NumbersBegun("", (first,)))
    bench.commands.begin()
    QTest.keyClicks(bench.commands.line, "+ crisis, 2115 Guess Rd, 919 5")
    assert numbers_asked(told) == [("2115",), ("9195",)], "four digits may begin a number until a letter follows"
    assert preview(bench).endswith(
        " · 919 555 0142: 9 contacts in 7 days, 12 in 30, 14 in 90; last: 3 days ago, Crisis, nobody, missed, no unit free"
    )
    QTest.keyClicks(bench.commands.line, "55 0142")
    assert told.asked[-1] == ("9195550142",) and len(numbers_asked(told)) == 8
    assert "· Enter · 919 555 0142: 9 contacts" in preview(bench)
    QTest.keyClick(bench.commands.line, Qt.Key.Key_Escape)
    assert live.sent == [] and "contacts" not in preview(bench)


def numbers_asked(told: Told) -> list[tuple[str, ...]]:
    return [asked for asked in told.asked if asked[0] != "geocode"]


@pytest.mark.parametrize("line", ["d t1 9195", "n 0001 9195550142", "+ crisis, 400 Main St", "+ crisis, 919", "p 9195"])
def test_given_another_line_or_fewer_digits_then_nobody_is_asked(line: str, bench: Bench, live: Live) -> None:
    told = Told(live)
    bench.commands.begin()
    QTest.keyClicks(bench.commands.line, line)
    assert numbers_asked(told) == []
