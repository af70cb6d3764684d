"""How a desk is built while the rest of it goes on: piece by piece, and what the loop can do meanwhile is done."""

from __future__ import annotations

import asyncio
import gc
import importlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from console.ui.panes import WORKSPACES

OPENING_MS = 2000
"""The board comes first, but what waits for it waits no longer than this: the hub may be slow, or not there."""

if TYPE_CHECKING:
    from console.ui.context import Context
    from console.ui.desk import Desk
    from console.ui.preferences import Preferences


async def build(context: Context, preferences: Preferences, workspace: str) -> Desk:
    """A desk that has not been shown; its panes are loaded from the disk, and none is made."""
    await others()
    for module in WORKSPACES[workspace].modules:
        importlib.import_module(module)
        await others()
    from console.ui.desk import Desk

    await others()
    return Desk(context, preferences, workspace)


async def make_panes(desk: Desk) -> None:
    """Make the panes of the workspace that will be shown first."""
    for _ in desk.view().making():
        await others()


async def others() -> None:
    """Let the loop do all that it can do now, for the link: a request takes several of its turns."""
    for _ in range(4):
        await asyncio.sleep(0)


def end_opening(desk: Desk, context: Context, *, says: bool) -> None:
    """End the opening once the board is live, or a person chose a call, or it takes too long; `says` says it aloud."""
    from console.ui.readiness import Readiness, say

    readiness = Readiness(desk, context)
    if says:
        say(readiness, context)
    context.opening.afterwards(partial(sound_alarms, desk, context))
    readiness.live.connect(context.opening.end)
    readiness.drawn.connect(collect_garbage)  # the map has come since
    context.selection.call_changed.connect(context.opening.end)
    QTimer.singleShot(OPENING_MS, context.opening.end)


def sound_alarms(desk: Desk, context: Context) -> None:
    """Let alarms be heard; where there is no sound device that is said for as long as it is so."""
    from console.ui.alarm_sound import NO_SOUND, AlarmSound
    from console.ui.speaker import Speaker

    speaker = Speaker(desk)
    speaker.missing_changed.connect(partial(desk.notices.keep, NO_SOUND))
    speaker.open()
    AlarmSound(context, speaker.play, speaker)


def collect_garbage() -> None:
    """From now on; but what is there now, and what later outlives a look at everything, is never looked through again.

    It stays as long as the desk does, or goes without the collector's help. A look at all of it took 45 ms of a turn.
    May be said again, when more is there that stays.
    """
    gc.freeze()
    gc.enable()
    if _outlived not in gc.callbacks:
        gc.callbacks.append(_outlived)


def end_collecting() -> None:
    """The desk has ended: the collector looks at everything again."""
    if _outlived in gc.callbacks:
        gc.callbacks.remove(_outlived)
    gc.unfreeze()


def _outlived(phase: str, info: dict[str, int]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()
