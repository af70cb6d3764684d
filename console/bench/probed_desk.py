"""In a process of its own: the desk, signed in at a hub by name and password; each number watches its loop so long."""

import asyncio
import sys

from console.bench.child import say
from console.bench.hubs import PASSWORD
from console.bench.loop_probe import LoopProbe
from console.bench.words import Words, end_with_a_fault
from console.domain import queries
from console.shipped import default_configuration
from console.ui import program
from console.ui.folders import city_of
from console.ui.options import Options


async def sit(url: str, workspace: str, user: str) -> int:
    """Live as the desk does, with one at it who types a name and a password, and chooses a call."""
    from PySide6.QtWidgets import QApplication

    from console.ui.readiness import Readiness
    from console.ui.seat import Seat
    from console.ui.sign_in import SignInPage

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    options = Options(url, workspace)
    seat = Seat(app, options, None, city_of(default_configuration()))
    probe, words = LoopProbe(), Words()
    words.heard.connect(probe.start)
    probe.done.connect(lambda: say(probe.gaps))

    async def arrive() -> None:
        while not (page := _shown_page()):  # noqa: ASYNC110  the desk makes it when it wants to, and tells nobody
            await asyncio.sleep(0.05)
        Readiness(seat.desk, seat.context).drawn.connect(lambda: say("ready"))
        there = asyncio.Event()
        seat.store.changed.connect(lambda _: there.set() if seat.store.state.calls else None)
        page.sign_in_asked.emit(user, PASSWORD)
        await there.wait()
        seat.context.selection.choose_call(queries.pending(seat.store.state)[0].call_id)
        words.ended.connect(seat.desk.close)

    def _shown_page() -> SignInPage | None:
        pages = [found for window in app.topLevelWidgets() for found in window.findChildren(SignInPage)]
        return next((page for page in pages if page.isVisible()), None)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(arrive())
        return await seat.live()


def main() -> int:
    """Enter the Qt loop, once."""
    end_with_a_fault()
    app = program.application()
    program.keep_log()
    return program.enter_loop(app, sit(*sys.argv[1:4]))


if __name__ == "__main__":
    sys.exit(main())
