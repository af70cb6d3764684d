"""The pane beside a store, with the list in the page's place: what changes in the store changes on the map."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from console.domain import commands as c
from console.domain.state import Position, UnitStatus
from console.ui.context import Context
from console.ui.map.fallback import PlaceList
from console.ui.map.view import MapPane
from console.ui.opening import Opening
from console.ui.store import Store
from tests.support.scenes import CALL, T1, Scene, floor, receive, status


def opened(qtbot: QtBot, scene: Scene) -> tuple[MapPane, Context]:
    store = Store(scene.state, now=lambda: scene.at, positions=[Position(T1, 36.02, -78.9, scene.at, scene.at)])
    context = Context(store)
    pane = MapPane(context)
    qtbot.addWidget(pane)
    return pane, context


def lines(pane: MapPane) -> list[str]:
    canvas = pane.canvas
    assert isinstance(canvas, PlaceList)
    return [canvas.list.item(row).text() for row in range(canvas.list.count())]


def test_given_no_web_engine_then_the_pane_says_why_and_lists_units_and_calls(qtbot: QtBot) -> None:
    scene = floor().given(receive())
    pane, _ = opened(qtbot, scene)
    words = " ".join(label.text() for label in pane.findChildren(QLabel))
    assert "The map cannot be shown" in words and "Everything else works" in words
    assert lines(pane) == ["T1   36.0200, -78.9000", f"{scene.call().number}   36.0000, -78.9000"]
    with qtbot.waitSignal(pane.painted):
        pass


def test_given_the_keyboard_on_a_unit_when_it_is_sent_or_leaves_then_what_is_said_of_it_is_of_now(qtbot: QtBot) -> None:
    scene = floor().given(receive())
    pane, context = opened(qtbot, scene)
    QTest.keyClick(pane, Qt.Key.Key_P)
    assert pane.accessibleDescription() == "unit T1"
    context.store.take_state(scene.given(c.DispatchUnit(T1, CALL)).state)
    assert pane.accessibleDescription() == "unit T1 → 0001"
    scene.given(c.RecallUnit(T1, "nearer unit free"), c.SetUnitStatus(T1, UnitStatus.OFF_SHIFT))
    context.store.take_state(scene.state)
    assert pane.accessibleDescription() == "" and pane.picture.mark == ("", "")


def test_given_the_desk_is_still_opening_then_the_pane_says_so_and_later_shows_what_came_meanwhile(qtbot: QtBot) -> None:
    scene = floor()
    opening = Opening(over=False)
    context = Context(Store(scene.state, now=lambda: scene.at), opening=opening)
    pane = MapPane(context)
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    assert "The map is being drawn" in [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]
    scene.given(receive())
    context.store.take_state(scene.state)
    with qtbot.waitSignal(pane.painted):
        opening.end()
    assert lines(pane) == [f"{scene.call().number}   36.0000, -78.9000"]
    assert "The map is being drawn" not in [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]


def test_given_a_change_in_the_store_then_the_map_shows_it(qtbot: QtBot) -> None:
    scene = floor()
    pane, context = opened(qtbot, scene)
    scene.given(receive(), c.DispatchUnit(T1, CALL), *status(T1, UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE))
    context.store.take_state(scene.state)
    assert pane.picture.units[T1].target == CALL and CALL in pane.picture.calls
    context.store.take_positions([Position(T1, 36.01, -78.9, scene.at, scene.at)])
    assert pane.picture.units[T1].latitude == 36.01
    scene.given(*status(T1, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE), c.CloseCall(CALL, outcome="resolved"))
    context.store.take_state(scene.state)
    assert not pane.picture.calls and pane.picture.units[T1].filled


def test_given_nothing_arrives_when_time_passes_then_ages_are_told_once_a_second(qtbot: QtBot) -> None:
    scene = floor()
    pane, context = opened(qtbot, scene)
    scene.at += timedelta(seconds=130)
    assert not pane.picture.units[T1].stale
    context.ticker.second.emit()
    assert pane.picture.units[T1].label == "T1 · GPS 2:10 old"


def test_given_waits_turn_and_a_unit_still_reports_then_calls_and_units_say_so_by_the_clock_alone(qtbot: QtBot) -> None:
    scene = floor().given(receive())
    pane, context = opened(qtbot, scene)
    tones = []
    for minutes in (1, 5, 30):
        scene.at += timedelta(minutes=minutes)
        context.store.take_positions([Position(T1, 36.02, -78.9, scene.at, scene.at)])
        context.ticker.second.emit()
        tones.append(pane.picture.calls[CALL].tone)
        assert not pane.picture.units[T1].stale
    assert tones == ["plain", "due", "past"]
    scene.at += timedelta(seconds=130)
    for _ in range(2):
        context.ticker.second.emit()
    assert pane.picture.units[T1].stale, "it reported until then, and does so no more"
    scene.at -= timedelta(minutes=36)
    context.ticker.second.emit()
    assert pane.picture.calls[CALL].tone == "plain", "an exercise's clock may be set back"


def test_given_a_choice_then_pane_and_selection_agree(qtbot: QtBot) -> None:
    pane, context = opened(qtbot, floor().given(receive()))
    context.selection.choose_call(CALL)
    assert pane.picture.calls[CALL].chosen
    pane.follow()
    assert (pane.picture.view.mode, pane.picture.view.call) == ("follow", CALL)
    pane.fit()
    assert pane.picture.view.mode == "fit"
    context.selection.choose_call(None)
    canvas = pane.canvas
    assert isinstance(canvas, PlaceList)
    with qtbot.waitSignals([pane.call_chosen, pane.unit_chosen]):
        canvas.list.itemActivated.emit(canvas.list.item(1))
        canvas.list.itemActivated.emit(canvas.list.item(0))
    assert (context.selection.call_id, context.selection.unit_id) == (CALL, T1)


def test_given_a_line_is_chosen_when_others_come_and_go_then_it_stays_chosen(qtbot: QtBot) -> None:
    scene = floor().given(receive())
    pane, context = opened(qtbot, scene)
    canvas = pane.canvas
    assert isinstance(canvas, PlaceList)
    canvas.list.setCurrentRow(1)
    context.store.take_positions([Position(u, 36.0, -78.9, scene.at, scene.at) for u in scene.state.units])
    assert canvas.list.currentItem().text().startswith(scene.call().number)
