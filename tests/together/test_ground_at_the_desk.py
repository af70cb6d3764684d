"""A hub with a ground, and what a desk makes of it: minutes by road for a call, and places as they are typed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from console.domain.commands import SetUnitStatus
from console.domain.state import Place, UnitStatus
from console.hub.positions import Fix
from console.link.hub_client import HubClient
from console.ui.place_picker import PlacePicker
from tests.geography.towns import configured, grid, place
from tests.support.hub import running_hub
from tests.support.loop import runs
from tests.support.scenes import T1
from tests.ui.live import Live, on_screen


@runs
async def test_given_a_hub_with_streets_then_the_desk_has_minutes_by_road_and_of_another_place_none(tmp_path: Path) -> None:
    town = configured(tmp_path / "center", *grid(5, 500.0))
    here = Place("here", *place(1000, 500))
    async with running_hub(tmp_path, ground=town) as hub, HubClient(hub.url) as client, asyncio.TaskGroup() as tasks:
        await hub.submit(SetUnitStatus(T1, UnitStatus.AVAILABLE))
        hub.hub.positions.take([Fix(T1, *place(0, 0), hub.hub.time.now() - timedelta(seconds=1))])
        client.use(await hub.sign_in())
        live = Live()
        live.store.tasks, live.store.history = tasks, client
        live.store.keep_time_by(hub.hub.time.now)
        roads, heard = live.context.roads, asyncio.Event()
        roads.changed.connect(heard.set)
        roads.want(here)
        await heard.wait()
        assert (roads.to(here).ways[T1].minutes > 0, roads.to(here).words) == (True, "not yet calibrated by past trips")
        assert not roads.to(Place("elsewhere", *place(0, 500))).ways


@runs
async def test_given_a_place_the_center_knows_then_it_is_suggested_while_it_is_typed(tmp_path: Path, qtbot: QtBot) -> None:
    async with running_hub(tmp_path) as hub, HubClient(hub.url) as client, asyncio.TaskGroup() as tasks:
        client.use(await hub.sign_in())
        live = Live()
        live.store.tasks, live.store.history = tasks, client
        line = on_screen(qtbot, QLineEdit(), 400, 30)
        line.setFocus()
        picker, shown = PlacePicker(line, live.context), asyncio.Event()
        picker.pointed.connect(lambda: shown.set() if picker.found else None)
        QTest.keyClicks(line, "recovery center")
        await shown.wait()
        assert [found.words for found in picker.found] == ["Recovery Center"]
