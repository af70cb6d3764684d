"""When an alarm is heard: as it comes, and again until somebody says that they heard it, where that is theirs to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject

from console.domain.changes import Changes
from console.domain.ids import UnitId
from console.domain.state import Role, State
from console.domain.status_check import escalated
from console.ui.context import Context

AGAIN_S: Final = 10
"""Seconds after which an alarm that nobody has answered is heard again."""
NO_SOUND: Final = "No sound device works at this desk: alarms are seen, and not heard. Connect a loudspeaker or headset."

Heard = tuple[str, UnitId]
"""The sound's name, and the unit that it is about."""


def to_hear(state: State, role: Role) -> tuple[Heard, ...]:
    """What there is to hear at a desk of that role: backup that nobody has heard, and for a supervisor unanswered checks."""
    units = state.units.values()
    backup = [("backup", unit.unit_id) for unit in units if unit.backup is not None and unit.backup.acknowledged_at is None]
    checks = [("check", unit.unit_id) for unit in units if role is Role.SUPERVISOR and escalated(state, unit)]
    return (*backup, *checks)


class AlarmSound(QObject):
    """Plays the most urgent of what is new at once. A clinician, who talks with a caller, hears each alarm only once."""

    def __init__(self, context: Context, play: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._play = context, play
        self._sounding: tuple[Heard, ...] = ()
        self._silent_s = 0
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(lambda _: self._listen())
        context.ticker.second.connect(self._again)
        self._listen()

    def _follow(self, different: Changes) -> None:
        if different.units or different.agency:
            self._listen()

    def _listen(self) -> None:
        store = self._context.store
        before, self._sounding = self._sounding, to_hear(store.state, store.me.role) if store.me else ()
        fresh = [heard for heard in self._sounding if heard not in before]
        if fresh:
            self._silent_s = 0
            self._play(fresh[0][0])

    def _again(self) -> None:
        me = self._context.store.me
        if not self._sounding or me is None or me.role is Role.CLINICIAN:
            return
        self._silent_s += 1
        if self._silent_s >= AGAIN_S:
            self._silent_s = 0
            self._play(self._sounding[0][0])
