"""`heart-console shoot`: the real desk drawn off screen, on an exercise that always plays the same, into a picture.

The exercise is rehearsed without a hub from its seed up to a fixed moment, so the same words give the same picture (but
for where names on the map find room). The window, its panes and the map page are the ones that people use; the map's page
says when it has painted.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain import queries
from console.domain.agency import Point
from console.domain.contacts import Contacts, NumbersBegun
from console.domain.ids import CallId, UnitId
from console.domain.state import Call, Role
from console.domain.triage.interview import Asking, protocol_for, step
from console.shoot_scenes import INTO, SEED, STAGES, Scene, call_of, rehearsed, told
from console.wire.feeds import FeedHealth
from console.wire.geography import Coverage, FoundPlace, Layer, RoadTimes, Track
from console.wire.messages import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from console.ui.desk import Desk

DRAWN_WITHIN_S = 60
SETTLE_MS = 400
WITHOUT_MAP_MS = 2500
"""A workspace without a map is drawn after so long: figures and charts are reckoned a tick after the pane is shown."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `heart-console shoot`."""
    parser.add_argument("--workspace", required=True, choices=("dispatch", "clinician", "supervisor"))
    parser.add_argument("--out", required=True, type=Path, metavar="F.png", help="a PNG picture, in a folder that exists")
    parser.add_argument("--size", type=_size, default=(1920, 1080), metavar="WxH", help="pixels (default 1920x1080)")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--scale", type=float, default=1.0, metavar="N", help="size of everything, 1.0 to 2.0")
    parser.add_argument("--exercise-seed", type=int, default=SEED, metavar="N", help="which exercise is drawn")
    parser.add_argument("--into", type=float, default=INTO.total_seconds() / 60, metavar="MINUTES", help="how far into it")
    parser.add_argument("--call", default="", metavar="NUMBER", help="the call that is chosen")
    parser.add_argument("--backup", default="", metavar="UNIT", help="a unit that asked for backup a moment before")
    parser.add_argument("--ring", default="", metavar="NUMBER", help="a call offered to a clinician a moment before")
    come = f"how far --ring has come: {', '.join(STAGES)}"
    parser.add_argument("--hand-off", default="offered", choices=STAGES, metavar="STAGE", help=come)
    parser.add_argument("--turn", default="", metavar="NUMBER", help="a call whose response turned a moment before")
    parser.add_argument("--config", type=Path, metavar="DIR", help="the agency's configuration")


def _size(words: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", words)
    if found is None:
        raise argparse.ArgumentTypeError(f"{words}: write the size as 1920x1080")
    return int(found[1]), int(found[2])


def main(args: argparse.Namespace) -> int:
    """Draw and write the picture: 0 written, 1 not, with the reason on stderr."""
    from console.hub.configuration import ConfigurationFaulty, load
    from console.hub.exercise import ScriptError
    from console.shipped import default_configuration

    try:
        _writable(args.out)
        folder = args.config or default_configuration()
        scene = rehearsed(folder, load(folder), args.exercise_seed, timedelta(minutes=args.into))
        scene = told(scene, args.backup, args.ring, args.turn, args.hand_off)
        call_id = call_of(scene, args.call or args.ring or args.turn)
    except (ConfigurationFaulty, ScriptError, OSError, ValueError) as error:
        print(f"heart-console shoot: {error}", file=sys.stderr)
        return 1
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return _draw(scene, args, call_id)


def _writable(picture: Path) -> None:
    """Raise ValueError or OSError, in words, where no picture could be written."""
    if picture.suffix.lower() != ".png":
        raise ValueError(f"{picture}: a picture is written as PNG; give it a name that ends in .png")
    if not picture.parent.is_dir():
        raise FileNotFoundError(f"{picture}: the folder {picture.parent} does not exist; make it, or name another")


def sits(scene: Scene, role: Role) -> Session:
    """Whoever of that role is at work, first one who hands a caller over, is offered one or has one."""
    at_work = [p for p in scene.people if p.role is role and p.user_id in scene.state.people]
    state = scene.state
    handed = [(h.from_user, h.to_user) for call in queries.open_calls(state) if (h := call.hand_off) and h.is_open]
    busy = {user for pair in handed for user in pair}
    at_work.sort(key=lambda p: (p.user_id not in busy, not queries.held(state, p.user_id)))
    some = at_work or [p for p in scene.people if p.role is role]
    if not some:
        raise ValueError(f"nobody of this configuration's exercise is a {role.value}")
    person = some[0]
    present = scene.state.people.get(person.user_id)
    desk = present.desk_id if present else "shoot"
    return Session("", person.user_id, person.name, role, desk, person.title, person.position, person.programme)  # type: ignore[arg-type]


def _chosen(scene: Scene, me: Session) -> CallId | None:
    """The call a person of this role would be looking at: the one in their care, else the first being asked."""
    offered, mine = queries.ringing(scene.state, me.user_id), queries.held(scene.state, me.user_id)
    if offered or mine:
        return offered.call_id if offered else mine[0].call_id
    pending = queries.pending(scene.state)
    asked = [call for call in pending if call.answers and _is_asked(scene, call)]
    return next((call.call_id for call in (*asked, *pending)), None)


def _is_asked(scene: Scene, call: Call) -> bool:
    protocol = protocol_for(scene.state.agency, call)
    return protocol is not None and isinstance(step(protocol, call), Asking)


class _Day:
    """The history of this exercise: it began at midnight, and its calls are all on the board still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def contacts(self, callback: str, address: str) -> Contacts:
        """None that the board has not."""
        del callback, address
        return Contacts(self._now)

    def numbers_begun(self, digits: str) -> NumbersBegun:
        """Nobody types in a picture."""
        return NumbersBegun(digits)

    def feeds(self) -> tuple[FeedHealth, ...]:
        """An exercise drives its units itself."""
        return ()

    def geocode(self, words: str) -> tuple[FoundPlace, ...]:
        """Nobody looks for a place in a picture."""
        del words
        return ()

    def road_times(self, point: Point) -> RoadTimes | None:
        """The ground of a picture is its configuration's, without streets."""
        del point
        return None

    def coverage(self, minutes: Sequence[float]) -> Coverage:
        """Nobody asks for it in a picture."""
        del minutes
        return Coverage(self._now, (), by_roads=False)

    def layers(self) -> tuple[Layer, ...]:
        """None, as there are no streets."""
        return ()

    def track(self, unit_id: UnitId, since: datetime, until: datetime) -> Track:
        """Nobody asks where a unit has been."""
        del since, until
        return Track(unit_id, ())


def _draw(scene: Scene, args: argparse.Namespace, call_id: CallId | None) -> int:
    from console.ui.program import application, keep_quiet

    keep_quiet()
    app = application()
    from console.link.link_state import LinkState, LinkStatus
    from console.ui import theme as themes
    from console.ui.context import Context
    from console.ui.desk import Desk
    from console.ui.panes import WORKSPACES
    from console.ui.preferences import Preferences
    from console.ui.store import Store

    themes.apply(app, themes.load_theme(args.theme), args.scale)
    try:
        me = sits(scene, WORKSPACES[args.workspace].played_as)
    except ValueError as error:
        print(f"heart-console shoot: {error}, so there is no {args.workspace} to draw", file=sys.stderr)
        return 1
    live = LinkStatus(LinkState.LIVE, scene.now, 14.0)
    context = Context(Store(scene.state, now=scene.now, positions=scene.positions, me=me, link=live))
    context.store.history = _Day(scene.now)
    desk = Desk(context, Preferences(), args.workspace)
    desk.resize(*args.size)
    desk.show()
    context.selection.choose_call(call_id or _chosen(scene, me))
    context.ticker.start()
    code = [1]

    def grab() -> None:
        context.ticker.stop()
        code[0] = 0 if desk.grab().save(str(args.out)) else 1
        if code[0]:
            print(f"heart-console shoot: {args.out} could not be written", file=sys.stderr)
        _leave(app, desk)

    _when_painted(app, desk, grab)
    app.exec()
    desk.hide()
    desk.deleteLater()
    return code[0]


def _leave(app: QApplication, desk: Desk) -> None:
    """End the loop, the map's page first: a page that is deleted together with its view takes the process with it."""
    desk.context.ticker.stop()
    canvas = getattr(desk.view().pane("map"), "canvas", None)
    if canvas is None:
        app.quit()
    else:
        canvas.page.destroyed.connect(app.quit)
        canvas.page.deleteLater()


def _when_painted(app: QApplication, desk: Desk, grab: Callable[[], None]) -> None:
    """Call `grab` once the widgets are laid out and the map page, if there is one, has painted what it was told."""
    from PySide6.QtCore import Qt, QTimer

    canvas = getattr(desk.view().pane("map"), "canvas", None)
    bridge = getattr(canvas, "bridge", None)

    def late() -> None:
        desk.context.ticker.stop()
        print(f"heart-console shoot: the map had not painted after {DRAWN_WITHIN_S} s", file=sys.stderr)
        app.exit(1)

    if bridge is None:
        QTimer.singleShot(WITHOUT_MAP_MS, grab)
        return
    # A moment more: the choice of a call may have come after the first painting. Later ones draw no second picture.
    bridge.painted.connect(lambda: QTimer.singleShot(SETTLE_MS, grab), Qt.ConnectionType.SingleShotConnection)
    QTimer.singleShot(DRAWN_WITHIN_S * 1000, app, late)
