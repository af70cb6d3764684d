"""The supervisor's panes on the screen: what they show, by whom, and that the chart is loaded only when it is looked at."""

from __future__ import annotations

import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain import metrics, queries
from console.domain.ids import CallId, HandOffId
from console.domain.state import UnitStatus
from console.domain.status_check import status_check
from console.ui.supervisor.alarms import AlarmsPane
from console.ui.supervisor.chart import Band, Chart, chart, in_words
from console.ui.supervisor.figures import FiguresPane
from console.ui.supervisor.floor import FloorPane, counted
from console.ui.supervisor.missed import MissedPane
from console.ui.supervisor.queue_chart import QueueChartPane
from console.ui.supervisor.unit_hours import UnitHoursPane
from console.ui.theme import apply, load_theme
from tests.support.agency import WEAPON
from tests.support.scenes import CALL, REYES, T1, T2, floor, offer, receive, status
from tests.ui.live import Live
from tests.ui.supervisor.scenes import met_by_unit


@pytest.fixture
def live() -> Live:
    return Live(met_by_unit(floor()))


def show(qtbot: QtBot, pane: QWidget) -> None:
    qtbot.addWidget(pane)
    pane.resize(900, 500)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()


def table(pane: FloorPane | AlarmsPane) -> list[list[str]]:
    model = pane.model
    return [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())]


# ---------------------------------------------------------------------------------------------- figures


def test_given_the_figures_then_each_cell_tells_its_source_to_eye_and_ear(qtbot: QtBot, live: Live) -> None:
    pane = FiguresPane(live.context)
    show(qtbot, pane)
    first = pane._cells[0]
    assert first.large.text() == "1" and first.accessibleName() == "eligible calls today 1"
    assert "Counted by this desk" in first.toolTip() and "Counted by this desk" in first.accessibleDescription()
    live.tell(receive())
    live.later(seconds=1)
    live.later(seconds=1)
    assert first.large.text() == "2"
    assert str(len(queries.pending(live.store.state))) in first.below.text(), "the same as the queue says"


# ---------------------------------------------------------------------------------------------- units and desks


def test_given_units_and_people_then_each_has_status_age_calls_and_share_of_duty(qtbot: QtBot, live: Live) -> None:
    live.tell(receive(), offer())
    live.tell(c.AcceptHandOff(CALL, HandOffId("h1")), by=REYES)
    live.tell(c.RequestBackup(T2, "POLICE"))
    pane = FloorPane(live.context)
    show(qtbot, pane)
    live.later(minutes=2)
    rows = {row[0]: row[1:] for row in table(pane)}
    assert list(rows) == ["T2", "T1", "A1", "Lin", "Reyes", "Okafor"], "backup first, clinicians before the others"
    assert rows["T2"][0] == "▲ Backup" and rows["T2"][1].startswith("2:0")
    assert rows["T1"][2:] == ["1", "4 %"], "round the clock on duty, 40 minutes of it on one call"
    assert rows["Reyes"][0] == "On a call, 0002" and rows["Reyes"][2] == "1"
    assert rows["Okafor"] == ["Telecommunicator", rows["Okafor"][1], "—", "—"]
    assert pane._heading.aside.text() == "3 units · 3 people"
    spoken = pane.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("unit T2, status ▲ Backup, for 2:")


def test_given_one_of_a_kind_then_the_heading_counts_in_the_singular() -> None:
    assert (counted(1, 1), counted(0, 2)) == ("1 unit · 1 person", "0 units · 2 people")


def test_given_a_status_check_that_is_overdue_then_the_status_says_so(qtbot: QtBot, live: Live) -> None:
    live.tell(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE))
    pane = FloorPane(live.context)
    show(qtbot, pane)
    live.later(minutes=29, seconds=30)
    assert "◆ Check due, on scene" in {row[1] for row in table(pane)}
    live.later(minutes=3)
    assert "▲ Check overdue, on scene" in {row[1] for row in table(pane)}
    live.later(minutes=4)
    assert "▲ Check escalated, on scene" in {row[1] for row in table(pane)}


def test_given_a_unit_that_missed_two_checks_then_it_stands_on_top_until_it_answers(qtbot: QtBot, live: Live) -> None:
    live.tell(receive(), c.DispatchUnit(T2, CALL), *status(T2, UnitStatus.EN_ROUTE))
    pane = FloorPane(live.context)
    show(qtbot, pane)
    live.later(minutes=40)
    asked = status_check(live.store.state, live.store.state.units[T2])
    assert asked is not None and pane.model.keys[0] == ("unit", T1)
    live.tell(c.MissCheck(T2, asked.due_at, 1), c.MissCheck(T2, asked.due_at, 2))
    assert pane.model.keys[0] == ("unit", T2)
    assert live.store.state.units[T2].misses == 2
    live.tell(c.CheckUnit(T2))
    assert pane.model.keys[0] == ("unit", T1)


def test_given_the_table_has_the_keyboard_then_its_unit_and_calls_are_the_desks(qtbot: QtBot, live: Live) -> None:
    live.tell(receive(), c.DispatchUnit(T1, CALL))
    pane = FloorPane(live.context)
    show(qtbot, pane)
    QTest.keyClick(pane, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert pane.table.hasFocus()
    places = [key[1] for key in pane.model.keys]
    pane.table.setCurrentIndex(pane.model.index(places.index("T1"), 0))
    assert live.context.selection.unit_id == T1
    QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert live.context.selection.call_id == CALL
    live.tell(c.RequestBackup(T2, "POLICE"))
    assert pane.model.keys[pane.table.currentIndex().row()] == ("unit", T1), "reordered, and still the chosen one"
    assert live.context.selection.unit_id == T1


# ---------------------------------------------------------------------------------------------- alarms


def test_given_alarms_then_each_has_its_shape_its_age_and_whether_it_was_heard(qtbot: QtBot, live: Live) -> None:
    pane = AlarmsPane(live.context)
    show(qtbot, pane)
    assert pane._heading.aside.text() == "none"
    live.tell(receive(), c.RequestBackup(T1, "POLICE"))
    live.later(minutes=11)
    assert [row[0] for row in table(pane)] == ["▲", "●"]
    assert table(pane)[0][1:] == ["T1 requests police backup", "11:01", "open"]
    assert pane._heading.aside.text() == "2 · 2 open"
    live.tell(c.AcknowledgeBackup(T1))
    live.later(seconds=1)
    assert table(pane)[0][3] == "heard" and pane._heading.aside.text() == "2 · 1 open"
    pane.table.setFocus()
    pane.table.setCurrentIndex(pane.model.index(1, 0))
    QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert live.context.selection.call_id == CALL
    live.tell(c.ClearBackup(T1, "safe"), c.CloseCall(CALL, missed="all_busy"))
    live.later(seconds=1)
    assert table(pane) == [] and pane._heading.aside.text() == "none"


def test_given_a_response_that_turned_then_one_alarm_a_call_says_who_is_not_told_and_enter_asks_for_the_call_to_be_shown(
    qtbot: QtBot, live: Live
) -> None:
    pane = AlarmsPane(live.context)
    show(qtbot, pane)
    live.tell(receive(), c.DispatchUnit(T1, CALL), c.SetFact(CALL, WEAPON, "near", "heard"))
    live.tell(c.SetFact(CALL, WEAPON, "none", "a toy"), c.PrioritiseCall(CALL, "P"))
    live.later(seconds=1)
    assert len(live.scene.call().transitions) == 2
    assert table(pane)[0][:2] == [
        "▲",
        f"{live.scene.call().number} Crisis turned: immediate threat to life. Not yet told: the caller, T1, Police",
    ]
    pane.table.setFocus()
    pane.table.setCurrentIndex(pane.model.index(0, 0))
    with qtbot.waitSignal(live.context.selection.call_opened) as opened:
        QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert opened.args == [CALL]


# ---------------------------------------------------------------------------------------------- charts


def test_given_a_queue_then_areas_stack_and_a_breach_is_marked_once(live: Live) -> None:
    scene = live.scene
    scene.given(receive(CallId("a")), receive(CallId("b"), nature="TRESPASS"))
    live.later(minutes=30)
    points = metrics.queue_history(scene.state, scene.at, hours=1, step_minutes=1)
    drawn = chart(scene.state, points)
    assert [band.name for band in drawn.bands] == ["TEAM", "PHONE"], "the agency's first on top"
    low, high = drawn.bands
    assert high.lower == low.upper and high.upper[-1] == 2 == drawn.highest
    assert [count for _, count in drawn.breaches] == [2], "10 minutes for one, 20 for the other: too near for two marks"
    said = in_words(scene.state, points)
    assert "PHONE 1" in said and "TEAM 1" in said and "past target now: 2" in said and "Most in 12 hours: 2" in said


def test_given_the_chart_is_shown_then_it_draws_the_history_and_says_it_in_words(qtbot: QtBot, live: Live) -> None:
    live.tell(receive())
    live.later(minutes=3)
    pane = QueueChartPane(live.context)
    assert pane.areas is None, "made when first looked at"
    show(qtbot, pane)
    assert pane.areas is not None
    assert "Waiting now: PHONE 1" in pane.areas.accessibleDescription()
    assert pane._legend.text() == "PHONE 1"
    live.tell(receive(CallId("more")))
    for _ in range(4):
        live.later(seconds=1)
    assert pane._legend.text() == "PHONE 2"


@pytest.mark.parametrize("highest", [1, 4, 5, 9, 40])
def test_given_a_breach_at_the_highest_then_its_mark_is_whole_in_a_low_chart(qtbot: QtBot, highest: int) -> None:
    from console.ui.supervisor.stacked_areas import StackedAreas

    areas = StackedAreas()
    qtbot.addWidget(areas)
    areas.resize(500, 130)
    with qtbot.waitExposed(areas):
        areas.show()
    band = Band("TEAM", "teal", (0, 0, 0), (0, highest, highest))
    areas.show_chart(Chart((0.0, 1800.0, 3600.0), (band,), ((1800.0, highest),), highest), ZoneInfo("UTC"))
    view, mark = areas.getPlotItem().getViewBox(), areas._breaches.points()[0]
    above = view.mapViewToScene(mark.pos()).y() - view.mapRectToScene(view.rect()).top()
    assert above >= mark.size() / 2 + 1


def test_given_another_theme_then_the_ground_of_the_chart_is_painted_anew(qtbot: QtBot, live: Live) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply(app, load_theme("dark"))
    pane = QueueChartPane(live.context)
    show(qtbot, pane)
    assert pane.areas is not None
    light = []
    for name in ("dark", "light", "dark"):
        apply(app, load_theme(name))
        light.append(pane.areas.viewport().grab().toImage().pixelColor(3, 3).lightness() > 128)
    assert light == [False, True, False]


def test_given_no_workspace_is_shown_then_pyqtgraph_is_not_loaded() -> None:
    asked = (
        "import sys; import console.ui.desk, console.ui.supervisor.queue_chart, console.ui.supervisor.figures;"
        "sys.exit('pyqtgraph' in sys.modules)"
    )
    outcome = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr


def test_given_a_day_then_unit_hours_and_missed_hours_are_told_in_words_too(qtbot: QtBot, live: Live) -> None:
    live.tell(receive(), c.CloseCall(CALL, missed="all_busy"))
    hours, missed = UnitHoursPane(live.context), MissedPane(live.context)
    show(qtbot, hours)
    show(qtbot, missed)
    assert "T1: 40 min on 1 call" in hours.bars.accessibleDescription()
    assert "T2: 0 s on 0 calls" in hours.bars.accessibleDescription()
    assert missed.bars.accessibleDescription() == "15:00 to 16:00: 1 missed"
    live.tell(receive(call_id="x"), c.DispatchUnit(T2, "x"), *status(T2, UnitStatus.EN_ROUTE))  # type: ignore[arg-type]
    hours._show()
    number = live.store.state.calls[CallId("x")].number
    assert f"now on {number}: turnout 0:01 · travel 0:01 · total 0:02" in hours.bars.accessibleDescription()
    assert missed._heading.aside.text() == "1 today"
    QApplication.processEvents()
    assert not hours.grab().isNull() and not missed.grab().isNull()
