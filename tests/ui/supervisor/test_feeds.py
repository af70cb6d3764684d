"""The supervisor's feeds: every state has a shape and a word, ages are of now, and what cannot be asked is said."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain.ids import UnitId
from console.link.problems import Refused, Unreachable
from console.ui.supervisor.feed_words import JUMPS_SHOWN, NO_FEEDS, SHAPES, rows, sentences, summary
from console.ui.supervisor.feeds import ASK_EVERY, FeedsPane
from console.wire.feeds import DeviceHeard, FeedHealth, FeedState, Jump
from console.wire.messages import Problem
from tests.ui.live import Live
from tests.ui.told_history import Told

T1, T2 = UnitId("T1"), UnitId("T2")


@pytest.fixture
def live() -> Live:
    return Live()


def working(live: Live) -> FeedHealth:
    """A feed that brings positions, of which one was refused."""
    at = live.now - timedelta(seconds=4)
    return FeedHealth(
        "Modems", "nmea", FeedState.WORKING, 60, ("udp :5061",), "", 1235, 1234, {"checksum": 1}, at, at, "wrong {checksum}",
        devices=(DeviceHeard("35386", T1, 1235, at),),
    )  # fmt: skip


def troubled(live: Live) -> FeedHealth:
    """A feed with everything that can be wrong."""
    at = live.now - timedelta(seconds=130)
    stranger = DeviceHeard("stranger", None, 7, at, at, None, 36.5, -78.25, 5, {"driver": "J. {Doe}", "batt": 80})
    jumps = tuple(Jump("b", T2, 30 + n, -78.9, at + timedelta(seconds=n), 667.2, 12000) for n in range(JUMPS_SHOWN + 3))
    return FeedHealth(
        "Buses", "gtfs-realtime", FeedState.FAILING, 60, ("https://feed.example",), "it answered 500; asked again in 40 s",
        9, 1, {"unknown_device": 6, "older_than_held": 2}, at, at, "of T2 a later fix is held",
        (T1, T2), (DeviceHeard("b", T2, 3, at),), (stranger,), 2, jumps,
    )  # fmt: skip


def shown(qtbot: QtBot, live: Live) -> FeedsPane:
    pane = FeedsPane(live.context)
    qtbot.addWidget(pane)
    pane.resize(480, 400)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()
    return pane


def table(pane: FeedsPane) -> list[list[str]]:
    model = pane.model
    return [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())]


def test_given_feeds_then_each_has_its_shape_its_word_its_counts_and_what_is_wrong_under_it(
    qtbot: QtBot, live: Live
) -> None:
    Told(live, health=(working(live), troubled(live)))
    pane = shown(qtbot, live)
    assert table(pane)[:10] == [
        ["●", "Modems: working, 1,234 taken, 1 refused", "0:04"],
        ["", "1 refused: checksum", ""],
        ["▲", "Buses: failing, 1 taken, 8 refused", "2:10"],
        ["", "it answered 500", ""],
        ["", "asked again in 40 s", ""],
        ["◆", "T1 is silent", "—"],
        ["◆", "T2 is silent", "2:10"],
        ["◇", "stranger is not bound", "2:10"],
        ["", "2 more devices, not bound", ""],
        ["△", "T2: jump, 667.2 km at 12,000 km/h", "2:03"],
    ]
    assert [row[1] for row in table(pane)[-2:]] == ["6 refused: unknown device", "2 refused: older than held"]
    assert sum(row[0] == "△" for row in table(pane)) == JUMPS_SHOWN, "the newest"
    assert pane.heading.aside.text() == "▲ 1 feed failing · ◆ 2 units silent · ◇ 3 devices not bound"


def test_given_each_state_then_its_shape_is_its_own_and_the_heading_says_what_is_wrong(live: Live) -> None:
    assert len({shape.words for shape in SHAPES.values()}) == len(SHAPES) == len(FeedState)
    quiet = FeedHealth("A", "taip", FeedState.SILENT, 60)
    assert summary((quiet, quiet)) == ("◆ 2 feeds silent",) * 2
    assert summary((quiet, working(live)))[0] == "◆ 1 feed silent"
    assert summary((working(live), working(live))) == ("all 2 well", "") and summary((working(live),)) == ("well", "")
    waiting = rows((FeedHealth("A", "taip", FeedState.WAITING, 60),))[0]
    assert waiting.words.words == "A: waiting, 0 taken" and "not since the hub started" in sentences(waiting, live.now)


def test_given_time_goes_by_then_ages_are_of_now_and_the_hub_is_asked_every_few_seconds(qtbot: QtBot, live: Live) -> None:
    told = Told(live, health=(working(live),))
    pane = shown(qtbot, live)
    assert len(told.asked) == 1
    for _ in range(ASK_EVERY - 1):
        live.later(seconds=1)
    assert table(pane)[0][2] == f"0:0{4 + ASK_EVERY - 1}" and len(told.asked) == 1
    live.later(seconds=1)
    assert len(told.asked) == 2
    pane.hide()
    for _ in range(ASK_EVERY * 2):
        live.later(seconds=1)
    assert len(told.asked) == 2, "nobody looks"


def test_given_the_keyboard_then_the_chosen_line_is_said_in_full_and_stays_chosen(qtbot: QtBot, live: Live) -> None:
    told = Told(live, health=(troubled(live),))
    pane = shown(qtbot, live)
    pane.setFocus()
    assert pane.table.hasFocus()
    pane.table.setCurrentIndex(pane.model.index(5, 0))
    QTest.keyClick(pane.table, Qt.Key.Key_Down)
    assert pane.detail.text().startswith("2 more devices")
    QTest.keyClick(pane.table, Qt.Key.Key_Up)
    live.later(seconds=10)
    assert pane.detail.isVisible() and pane.detail.text() == (
        "stranger (Buses) was heard 7 times, last 2 min ago at 36.50000, -78.25000. It says: driver J. {Doe}, batt 80. "
        "To bind it, name its unit in the feeds file."
    )
    tip = pane.model.index(pane.table.currentIndex().row(), 1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == pane.detail.text()
    told.health = (working(live), troubled(live))
    for _ in range(ASK_EVERY):
        live.later(seconds=1)
    assert pane.model.keys[pane.table.currentIndex().row()][0] == "unknown", "others came before it"
    spoken = pane.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "●, feed Modems: working, 1,234 taken, 1 refused, last 0:07"


def test_given_every_row_then_its_sentence_can_be_said_at_any_time(live: Live) -> None:
    for row in rows((working(live), troubled(live))):
        said = sentences(row, live.now + timedelta(hours=3))
        assert (said.endswith(".") and "{ago}" not in said and row.key[1] in said) or row.key[0] == "forgotten"


def test_given_no_feeds_then_a_line_says_so(qtbot: QtBot, live: Live) -> None:
    told = Told(live)
    pane = shown(qtbot, live)
    assert pane.none.isVisible() and pane.none.text() == NO_FEEDS and pane.heading.aside.text() == "none"
    assert not pane.table.isVisible()
    told.health = (working(live),)
    for _ in range(ASK_EVERY):
        live.later(seconds=1)
    assert pane.table.isVisible() and not pane.none.isVisible()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Unreachable("gone"), "the feeds could not be asked: the hub is away"),
        (Refused(Problem("Forbidden", 403, "That is for supervisors.")), "could not be asked: That is for supervisors."),
    ],
)
def test_given_a_hub_that_does_not_answer_then_the_heading_says_so_and_what_was_told_goes_on_ageing(
    qtbot: QtBot, live: Live, error: Exception, says: str
) -> None:
    told = Told(live, health=(working(live),))
    pane = shown(qtbot, live)

    async def case() -> None:
        async def refuse() -> tuple[FeedHealth, ...]:
            raise error

        told.feeds = refuse  # type: ignore[method-assign,assignment]
        async with asyncio.TaskGroup() as tasks:
            live.store.tasks = tasks
            for _ in range(ASK_EVERY + 2):
                live.later(seconds=1)

    asyncio.run(case())
    assert says in pane.heading.aside.text()
    assert table(pane)[0][2] == f"0:0{4 + ASK_EVERY + 2}"
