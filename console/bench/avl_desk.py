"""In a process of its own: a desk with the map that follows a hub and notes when each new position was painted.

For each fix (milliseconds of the epoch) from the parent it says, once one of that time or later was painted, every
`[unit, fix, when]` so far; when is by the system's monotonic clock.
"""

import asyncio
import sys
import time
from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, QTimer

from console.bench.child import say
from console.bench.hubs import DESK_TOKEN, PASSWORD, TELECOMMUNICATORS
from console.bench.words import Words, end_with_a_fault
from console.domain.ids import UnitId, UserId
from console.domain.state import State
from console.link.connection import Connection
from console.link.hub_client import HubClient
from console.link.outbox import open_outbox
from console.ui import program, theme
from console.ui.context import Context
from console.ui.folders import data_folder
from console.ui.map.view import MapPane
from console.ui.map.web_map import WebMap
from console.ui.store import Store

_LOOK_EVERY_MS = 5

_SAY_WHEN_DRAWN = "requestAnimationFrame(() => requestAnimationFrame(() => {{ document.title = '{}'; }}))"
"""What was pushed before is drawn in the next frame, and on the screen by the one after it."""


class PaintedUnits(QObject):
    """Looks on as positions are pushed to the map's page, and as the page has drawn them."""

    def __init__(self, store: Store, canvas: WebMap) -> None:
        super().__init__()
        self._store, self._canvas = store, canvas
        self._due: dict[UnitId, int] = {}
        self._pushed: dict[int, dict[UnitId, int]] = {}
        self._pushes = canvas.bridge.pushes
        self.seen: list[tuple[str, int, float]] = []
        self.news = asyncio.Event()
        store.positions_changed.connect(self._moved)
        canvas.page.titleChanged.connect(self._drawn)
        looking = QTimer(self)
        looking.setTimerType(Qt.TimerType.PreciseTimer)
        looking.timeout.connect(self._look)
        looking.start(_LOOK_EVERY_MS)

    def _moved(self, units: Iterable[UnitId]) -> None:
        for unit in units:
            self._due[unit] = round(self._store.positions[unit].fix_at.timestamp() * 1000)

    def _look(self) -> None:
        if self._canvas.bridge.pushes != self._pushes:
            self._pushes = self._canvas.bridge.pushes
            self._pushed[self._pushes], self._due = self._due, {}
            self._canvas.page.runJavaScript(_SAY_WHEN_DRAWN.format(self._pushes))

    def _drawn(self, title: str) -> None:
        if not title.isdecimal():
            return
        now = time.monotonic()
        for push in [push for push in self._pushed if push <= int(title)]:
            self.seen += [(unit, fix, now) for unit, fix in self._pushed.pop(push).items()]
        self.news.set()


async def desk(url: str) -> int:
    """Connect, show the map, and say what is painted until the parent is gone."""
    store = Store()
    pane = MapPane(Context(store))
    pane.resize(970, 620)
    client = HubClient(url, DESK_TOKEN)
    outbox, _ = open_outbox(data_folder())

    def changed(_old: State, new: State, moved: frozenset[UnitId]) -> None:
        store.take_state(new)
        if moved:
            store.moved(moved)

    connection = Connection(client, outbox, on_change=changed)
    words, gone, drawn = Words(), asyncio.Event(), asyncio.Event()
    wanted: asyncio.Queue[int] = asyncio.Queue()
    words.heard.connect(wanted.put_nowait)
    words.ended.connect(gone.set)
    pane.painted.connect(drawn.set)
    await connection.sign_in(UserId(TELECOMMUNICATORS[0]), PASSWORD)
    store.take_me(connection.session)
    store.share_positions(connection.positions)
    pane.show()
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(connection.run())
        await drawn.wait()
        assert isinstance(pane.canvas, WebMap)
        painted = PaintedUnits(store, pane.canvas)
        say("ready")
        reporting = tasks.create_task(_report(painted, wanted))
        await gone.wait()
        following.cancel()
        reporting.cancel()
    await client.close()
    await outbox.close()
    return 0


async def _report(painted: PaintedUnits, wanted: "asyncio.Queue[int]") -> None:
    while True:
        wanted_fix = await wanted.get()
        while not any(fix >= wanted_fix for _, fix, _ in painted.seen):
            painted.news.clear()
            await painted.news.wait()
        say(painted.seen)
        painted.seen = []


def main() -> int:
    """Enter the Qt loop, once."""
    end_with_a_fault()
    app = program.application()
    theme.apply(app, theme.load_theme("dark"))
    return program.enter_loop(app, desk(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
