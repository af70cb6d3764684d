"""How a desk is built while the rest of it goes on: piece by piece, and what the loop can do meanwhile is done."""

from __future__ import annotations

import asyncio
import gc
import importlib
from typing import TYPE_CHECKING

from console.ui.panes import WORKSPACES

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


def collect_garbage() -> None:
    """From now on; but what the start has made stays as long as the desk does, and is never looked through again."""
    gc.freeze()
    gc.enable()
