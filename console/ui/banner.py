"""Banners: what must not be overlooked, stacked below the top strip. Each is there as long as its cause."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.commands import AcknowledgeBackup, ArriveBackup, SendBackup
from console.domain.ids import UnitId, UserId
from console.domain.state import Role, State, Unit
from console.domain.times import span
from console.ui.action_button import ActionButton
from console.ui.actions import action_button
from console.ui.context import Context
from console.ui.widgets import Elided, caption, scaled

_ANSWER: Final = (Role.TELECOMMUNICATOR, Role.SUPERVISOR)
"""Who answers a request: hearing, sending and ending it are dispatch's. Everybody sees it."""


class BannerArea(QFrame):
    """Stacks banners, the most urgent on top; takes no room while none is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._ranks: list[int] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add(self, banner: QWidget, refresh: Callable[[], None], rank: int) -> None:
        """Put a banner below those of a lower rank; `refresh` shows it where there is cause, and hides it."""
        place = bisect_right(self._ranks, rank)
        self._ranks.insert(place, rank)
        self._column.insertWidget(place, banner)
        banner.hide()
        refresh()


def backup_words(state: State, unit: Unit, place: str, waited_s: float) -> str:
    """The sentence of a request: unit, service, where, call, and for how long."""
    assert unit.backup is not None
    service = state.agency.name_of(unit.backup.service)
    call = state.calls.get(unit.call) if unit.call else None
    about = f"call {call.number} {queries.nature_words(state.agency, call)}" if call else ""
    said = f"{unit.unit_id} requests {service.lower()} backup"
    return " — ".join(part for part in (said, place, about, span(waited_s)) if part)


def backup_standing(state: State, unit: Unit, now: datetime) -> str:
    """What became of a request: whether and by whom it was heard, the help sent, and there; how long ago each was."""
    backup = unit.backup
    assert backup is not None
    service = state.agency.name_of(backup.service)

    def said(words: str, at: datetime, by: UserId | None, verb: str) -> str:
        return f"{words} {span((now - at).total_seconds())} ago, {verb} {queries.person_name(state, by or UserId(''))}"

    heard = f"heard by {queries.person_name(state, backup.acknowledged_by)}" if backup.acknowledged_by else "not heard yet"
    sent = said(f"{service} sent", backup.sent_at, backup.sent_by, "by") if backup.sent_at else f"{service} not sent yet"
    there = said("arrived", backup.arrived.at, backup.arrived.by, "said") if backup.arrived else ""
    return " · ".join(filter(None, (there, sent, heard)))


class BackupRow(QFrame):
    """One unit's request. Its buttons carry keys only in the first row, which the keys are about."""

    def __init__(self, area: BackupBanner, context: Context, unit_id: UnitId, keyed: bool) -> None:
        super().__init__()
        self._context, self._keyed = context, keyed
        self.unit_id = unit_id
        self.setProperty("role", "banner")
        self.setProperty("tone", "alarm")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.words, self.standing = Elided("heading"), Elided("muted")
        self.send = self._button("backup.send", area.send)
        self.arrived = self._button("backup.arrived", area.arrived)
        self.acknowledge = self._button("backup.acknowledge", area.acknowledge)
        self.over = self._button("backup.over", area.over_asked.emit)
        self.over.setAccessibleDescription(f"End {unit_id}'s request for backup, with the reason")
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.words)
        said.addWidget(self.standing)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(16), scaled(5), scaled(16), scaled(5))
        row.setSpacing(scaled(12))
        row.addWidget(caption("▲", "alarm"))
        row.addLayout(said, 1)
        for button in self.buttons:
            row.addWidget(button)

    @property
    def buttons(self) -> tuple[ActionButton, ...]:
        """What can be done about the request, in the order in which it is done."""
        return self.send, self.arrived, self.acknowledge, self.over

    def _button(self, action_id: str, do: Callable[[UnitId], object]) -> ActionButton:
        if self._keyed:
            return self._context.actions.button(action_id, self, lambda: do(self.unit_id))
        made = action_button(action_id)
        made.show_key(False)
        made.acted.connect(lambda: do(self.unit_id))
        return made

    def refresh(self, unit: Unit) -> None:
        """Words and buttons as they are now; who may not answer for dispatch has no buttons."""
        store = self._context.store
        backup = unit.backup
        assert backup is not None
        call = store.state.calls.get(unit.call) if unit.call else None
        place = unit.where or (call.place.address if call else "")
        now = store.now()
        self.words.setText(backup_words(store.state, unit, place, (now - backup.requested_at).total_seconds()))
        self.standing.setText(backup_standing(store.state, unit, now))
        self.send.say(f"Send {store.state.agency.name_of(backup.service).lower()}")
        mine = store.me is None or store.me.role in _ANSWER
        self.send.setVisible(mine and backup.sent_at is None)
        self.arrived.setVisible(mine and backup.sent_at is not None and backup.arrived is None)
        self.acknowledge.setVisible(mine and backup.acknowledged_at is None)
        self.over.setVisible(mine)


class BackupBanner(QFrame):
    """Every unit that has asked for backup, the longest wait on top; a row stays until somebody ends it with a reason."""

    over_asked = Signal(str)
    """The unit whose request somebody wants to end: the desk asks for the reason on the command line."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.rows: list[BackupRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName("Requests for backup")
        context.store.changed.connect(self.refresh)
        context.store.me_changed.connect(lambda _: self.refresh())
        context.ticker.second.connect(self._tick)

    def asking(self) -> list[Unit]:
        """The units that asked, those first for whom something is still to be done, then the longest wait."""
        asking = [unit for unit in self._context.store.state.units.values() if unit.backup is not None]
        return sorted(asking, key=lambda u: (_done(u), u.backup.requested_at if u.backup else None, u.unit_id))

    def send(self, unit_id: UnitId) -> None:
        """Somebody sent the backup."""
        self._context.store.submit(SendBackup(unit_id))

    def arrived(self, unit_id: UnitId) -> None:
        """The help is there."""
        self._context.store.submit(ArriveBackup(unit_id))

    def acknowledge(self, unit_id: UnitId) -> None:
        """Somebody has heard it."""
        self._context.store.submit(AcknowledgeBackup(unit_id))

    def refresh(self) -> None:
        """A row for each unit that asks; rows are made again only when another unit asks."""
        asking = self.asking()
        shown = {row.unit_id for row in self.rows}
        if any(unit.unit_id not in shown for unit in asking):
            QApplication.alert(self.window())  # a desk behind other windows asks to be looked at
        if [row.unit_id for row in self.rows] != [unit.unit_id for unit in asking]:
            for row in self.rows:
                row.hide()
                row.deleteLater()
            self.rows = [BackupRow(self, self._context, unit.unit_id, place == 0) for place, unit in enumerate(asking)]
            for row in self.rows:
                self._column.addWidget(row)
        for row, unit in zip(self.rows, asking, strict=True):
            row.refresh(unit)
        self.setVisible(bool(asking))

    def _tick(self) -> None:
        if self.rows:
            self.refresh()


def _done(unit: Unit) -> bool:
    return unit.backup is not None and unit.backup.sent_at is not None
