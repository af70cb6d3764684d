"""Run in a process of its own: a whole desk with its own exercise hub, driven from inside; prints what was seen, in JSON."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable

START = time.monotonic()

from console.shipped import default_configuration  # noqa: E402
from console.ui import program  # noqa: E402  as the program itself: the hub starts before Qt is read
from console.ui.options import Options  # noqa: E402
from console.ui.own_hub import OwnHub  # noqa: E402

own = OwnHub(default_configuration(), speed=1.0, seed=1)
app = program.application()

from PySide6.QtCore import SignalInstance  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from console.domain.commands import Accepted, AddNarrative, SetPresence  # noqa: E402
from console.domain.ids import EntryId  # noqa: E402
from console.domain.state import PresenceStatus  # noqa: E402
from console.link.link_state import LinkState  # noqa: E402
from console.ui.seat import Seat  # noqa: E402

seat = Seat(app, Options(exercise=True), own, "Anytown")
seen: dict[str, object] = {}


async def until(signal_: SignalInstance, holds: Callable[[], bool]) -> None:
    """Wait until something holds, looking whenever the signal comes."""
    came = asyncio.Event()
    signal_.connect(lambda *_: came.set())
    while not holds():
        came.clear()
        await came.wait()


async def scenario() -> None:
    store = seat.store
    await until(store.link_changed, lambda: store.link is not None and store.link.state is LinkState.LIVE)
    seen["live_after_s"] = time.monotonic() - START
    seen["me"] = store.me.role.value if store.me else ""
    seen["exercise"] = store.state.exercise
    seen["title"] = seat.desk.windowTitle()

    outcome = await store.submit(SetPresence(PresenceStatus.AWAY, "test"))
    seen["accepted"] = isinstance(outcome, Accepted)
    seen["presence"] = store.state.people[store.me.user_id].status.value if store.me else ""

    seat.desk.show_workspace("clinician")
    await until(store.me_changed, lambda: store.me is not None and store.me.role.value == "clinician")
    seen["played"] = store.me.role.value if store.me else ""

    pid = own.thread.pid
    assert pid is not None
    told: list[str] = []
    notices = seat.context.notices
    notices.changed.connect(lambda: told.extend(notice.words for notice in notices.standing))
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    await until(store.link_changed, lambda: store.link is not None and store.link.state is not LinkState.LIVE)
    seen["greyed"] = any(not veil.isHidden() for veil in seat.desk.view().veils) or store.link is not None
    await until(store.link_changed, lambda: store.link is not None and store.link.state is LinkState.LIVE)
    seen["again"] = own.thread.pid not in (None, pid)
    seen["told"] = told
    seen["stands"] = [notice.words for notice in notices.standing]
    outcome = await store.submit(AddNarrative(next(iter(store.state.calls)), EntryId("again"), "The hub is back."))
    seen["accepted_again"] = isinstance(outcome, Accepted)
    seat.desk.close()


async def main() -> int:
    async with asyncio.TaskGroup() as tasks:
        live = tasks.create_task(seat.live())
        tasks.create_task(scenario())
    return live.result()


seen["code"] = program.enter_loop(app, main())
own.stop()
seen["folder_left"] = own.folder.exists()
seen["widgets_left"] = len(QApplication.topLevelWidgets()) if QApplication.instance() else 0
print(json.dumps(seen), flush=True)
sys.exit(0)
