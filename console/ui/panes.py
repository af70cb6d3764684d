"""Which panes a workspace has and where each is made: loaded when the workspace is first shown, not before."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Final, Literal, cast

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from console.domain.state import Role
from console.ui.context import Context


class Pane(Struct, frozen=True):
    """One pane: its name in saved layouts, its title while unlocked, and the module and class that make it.

    While the desk opens, a pane that has nothing to show yet can be stood in for by another, which is made sooner.
    """

    name: str
    title: str
    module: str
    made_by: str
    sooner: tuple[str, str] | None = None
    """Module and class of the widget that stands in for it."""

    def make(self, context: Context) -> QWidget:
        """The pane's widget."""
        make = cast(Callable[[Context], QWidget], getattr(importlib.import_module(self.module), self.made_by))
        return make(context)

    def stand_in(self) -> QWidget | None:
        """The widget that stands in for it while the desk opens; None when it can be made at once."""
        if self.sooner is None:
            return None
        module, made_by = self.sooner
        return cast(Callable[[], QWidget], getattr(importlib.import_module(module), made_by))()


class Split(Struct, frozen=True):
    """Panes or further splits side by side or one above the other; `shares` are pixels at 1920 x 1080.

    `least` are pixels at 100 % that the parts keep in a smaller window, as long as there is so much for all of them.
    """

    direction: Literal["row", "column"]
    parts: tuple[Split | Pane, ...]
    shares: tuple[int, ...]
    least: tuple[int, ...] = ()

    def divide(self, room: int, scale: float) -> list[int]:
        """Share `room` pixels among the parts."""
        even = [room * share / sum(self.shares) for share in self.shares]
        least = [pixels * scale for pixels in self.least]
        if not least or sum(least) > room:
            return [max(1, round(pixels)) for pixels in even]
        short = sum(max(0.0, floor - pixels) for pixels, floor in zip(even, least, strict=True))
        spare = [max(0.0, pixels - floor) for pixels, floor in zip(even, least, strict=True)]
        given = short / (sum(spare) or 1.0)
        return [
            max(1, round(max(pixels, floor) - given * over)) for pixels, floor, over in zip(even, least, spare, strict=True)
        ]


class Workspace(Struct, frozen=True):
    """One workspace: who may use it, as whom an exercise plays it, and how its panes stand."""

    name: str
    roles: tuple[Role, ...]
    layout: Split

    @property
    def modules(self) -> list[str]:
        """The modules that make its panes while the desk opens, in reading order."""
        return list(dict.fromkeys(pane.sooner[0] if pane.sooner else pane.module for pane in panes_of(self.layout)))

    @property
    def played_as(self) -> Role:
        """The role of the ready-made person who sits here in an exercise."""
        return self.roles[0]


def panes_of(part: Split | Pane) -> Iterator[Pane]:
    """The panes of a part, in reading order."""
    if isinstance(part, Pane):
        yield part
    else:
        for inner in part.parts:
            yield from panes_of(inner)


QUEUE: Final = Pane("queue", "Pending calls", "console.ui.queue.view", "QueuePane")
MAP: Final = Pane("map", "Map", "console.ui.map.view", "MapPane")
UNITS: Final = Pane("units", "Units", "console.ui.units.view", "UnitsPane")
CALL: Final = Pane("call", "Call", "console.ui.call.view", "CallPane", ("console.ui.call.no_call", "NoCall"))
MY_CALLS: Final = Pane("my_calls", "My calls", "console.ui.handoff.my_calls", "MyCallsPane")
FOLLOW_UPS: Final = Pane("follow_ups", "Follow-ups", "console.ui.followups.view", "FollowUpsPane")
CARE: Final = Pane("care", "Call in care", "console.ui.handoff.care", "CarePane")
NEIGHBOR: Final = Pane("neighbor", "This neighbor", "console.ui.handoff.neighbor", "NeighborPane")
SEALED: Final = Pane("sealed", "Clinical notes", "console.ui.handoff.sealed_notes", "SealedNotesPane")
FIGURES: Final = Pane("figures", "Today", "console.ui.supervisor.figures", "FiguresPane")
QUEUE_CHART: Final = Pane("queue_chart", "Queue over time", "console.ui.supervisor.queue_chart", "QueueChartPane")
UNIT_HOURS: Final = Pane("unit_hours", "Unit hours", "console.ui.supervisor.unit_hours", "UnitHoursPane")
MISSED: Final = Pane("missed", "Missed by hour", "console.ui.supervisor.missed", "MissedPane")
FLOOR: Final = Pane("floor", "Units and desks", "console.ui.supervisor.floor", "FloorPane")
FEEDS: Final = Pane("feeds", "Position feeds", "console.ui.supervisor.feeds", "FeedsPane")
ALARMS: Final = Pane("alarms", "Alarms", "console.ui.supervisor.alarms", "AlarmsPane")

_CHARTS: Final = Split("column", (QUEUE_CHART, Split("row", (UNIT_HOURS, MISSED), (680, 680))), (432, 432))
_NEIGHBOR: Final = Split("column", (NEIGHBOR, SEALED), (510, 400), (170, 330))
_MINE: Final = Split("column", (MY_CALLS, FOLLOW_UPS), (450, 460), (200, 320))
_FLOOR: Final = Split("column", (FLOOR, ALARMS, FEEDS), (416, 200, 248), (184, 146, 146))

WORKSPACES: Final[dict[str, Workspace]] = {
    "dispatch": Workspace(
        "dispatch",
        (Role.TELECOMMUNICATOR, Role.SUPERVISOR),
        Split(
            "row",
            (QUEUE, Split("column", (MAP, UNITS), (620, 322), (300, 250)), CALL),
            (430, 970, 520),
            (336, 560, 376),
        ),
    ),
    "clinician": Workspace(
        "clinician",
        (Role.CLINICIAN,),
        Split("row", (_MINE, CARE, _NEIGHBOR), (400, 1040, 480), (300, 600, 372)),
    ),
    "supervisor": Workspace(
        "supervisor",
        (Role.SUPERVISOR,),
        Split("column", (FIGURES, Split("row", (_CHARTS, _FLOOR), (1360, 560), (760, 480))), (96, 864)),
    ),
}


def refusals(role: Role | None, exercise: bool, by_phone: bool = True) -> dict[str, str]:
    """For each workspace why a role may not use it, "" where it may. In an exercise everybody plays everybody.

    Where nobody answers by phone there are no clinicians in the room, and no workspace for them.
    """

    def why(workspace: Workspace) -> str:
        if role is None:
            return "Sign in first."
        if not by_phone and Role.CLINICIAN in workspace.roles:
            return "No programme of this center answers by phone: there is nobody for this workspace."
        if exercise or role in workspace.roles:
            return ""
        whose = " or ".join(f"a {allowed.value}" for allowed in workspace.roles)
        return f"This workspace is for {whose}; you are signed in as a {role.value}."

    return {name: why(workspace) for name, workspace in WORKSPACES.items()}


def home_of(role: Role, shown: str, *, stays: bool) -> str:
    """The workspace for somebody who signs in while `shown` is on screen, "" for that one; `stays`: if they may use it."""
    if stays and role in WORKSPACES[shown].roles:
        return ""
    return next((name for name, workspace in WORKSPACES.items() if workspace.played_as is role), "")
