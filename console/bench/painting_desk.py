"""In a process of its own: a desk that follows a hub and notes when it has painted each numbered change to a row.

It first says which calls stand wholly in view; then, for each number from the parent, when it painted every change up
to it, by the system's monotonic clock.
"""

import asyncio
import sys
import time

from PySide6.QtCore import QEvent, QObject

from console.bench.child import say
from console.bench.hubs import DESK_TOKEN, PASSWORD, TELECOMMUNICATORS
from console.bench.words import Words, end_with_a_fault
from console.domain.changes import Changes
from console.domain.ids import UserId
from console.domain.state import State
from console.link.connection import Connection
from console.link.hub_client import HubClient
from console.link.outbox import open_outbox
from console.ui import program, theme
from console.ui.context import Context
from console.ui.folders import data_folder
from console.ui.queue.view import QueueList, QueuePane
from console.ui.store import Store


class Painted(QObject):
    """Looks on as the queue is painted. A change is numbered by the first word of its call's address."""

    def __init__(self, store: Store, rows: QueueList) -> None:
        super().__init__()
        self._store, self._rows = store, rows
        self._due: list[int] = []
        self.at: list[tuple[int, float]] = []
        self.news = asyncio.Event()
        store.changed.connect(self._changed)
        rows.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the list paint, and take the time when it has."""
        if event.type() is not QEvent.Type.Paint:
            return super().eventFilter(watched, event)
        self._rows.viewportEvent(event)
        now = time.monotonic()
        self.at += [(number, now) for number in self._due]
        self._due.clear()
        self.news.set()
        return True

    def _changed(self, changes: Changes) -> None:
        for call_id in changes.calls:
            number = self._store.state.calls[call_id].place.address.split()[0]
            self._due.append(int(number))


async def desk(url: str) -> int:
    """Connect, show the queue, and say what is painted until the parent is gone."""
    store = Store()
    pane = QueuePane(Context(store))
    pane.resize(430, 900)
    client = HubClient(url, DESK_TOKEN)
    outbox, _ = open_outbox(data_folder())

    def changed(_old: State, new: State, _moved: object) -> None:
        store.take_state(new)

    connection = Connection(client, outbox, on_change=changed)
    words, gone = Words(), asyncio.Event()
    wanted: asyncio.Queue[int] = asyncio.Queue()
    words.heard.connect(wanted.put_nowait)
    words.ended.connect(gone.set)
    await connection.sign_in(UserId(TELECOMMUNICATORS[0]), PASSWORD)
    store.take_me(connection.session)
    pane.show()
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(connection.run())
        arrived = asyncio.Event()
        store.changed.connect(lambda _: arrived.set())
        await arrived.wait()
        painted = Painted(store, pane.list)
        await painted.news.wait()
        say(pane.list.in_view()[:-2])
        reporting = tasks.create_task(_report(painted, wanted))
        await gone.wait()
        following.cancel()
        reporting.cancel()
    await client.close()
    await outbox.close()
    return 0


async def _report(painted: Painted, wanted: "asyncio.Queue[int]") -> None:
    while True:
        last = await wanted.get()
        while not any(number == last for number, _ in painted.at):
            painted.news.clear()
            await painted.news.wait()
        say(painted.at)
        painted.at = []


def main() -> int:
    """Enter the Qt loop, once."""
    end_with_a_fault()
    app = program.application()
    theme.apply(app, theme.load_theme("dark"))
    return program.enter_loop(app, desk(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
