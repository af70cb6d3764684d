"""Banners: what must not be overlooked, stacked below the top strip. Each is there as long as its cause."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.commands import AcknowledgeBackup, SendBackup
from console.domain.ids import UnitId
from console.domain.state import State, Unit
from console.domain.times import span
from console.ui.action_button import ActionButton
from console.ui.actions import action_button
from console.ui.context import Context


class BannerArea(QFrame):
    """Stacks banners, the most urgent on top; takes no room while none is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add(self, banner: QWidget, refresh: Callable[[], None]) -> None:
        """Put a banner below those that are there already; `refresh` shows it where there is cause, and hides it."""
        self._column.addWidget(banner)
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


def backup_standing(state: State, unit: Unit) -> str:
    """What became of a request: not yet sent, acknowledged by whom, or sent by whom and when."""
    backup = unit.backup
    assert backup is not None
    if backup.sent_by:
        return f"backup sent by {queries.person_name(state, backup.sent_by)}"
    if backup.acknowledged_by:
        return f"heard by {queries.person_name(state, backup.acknowledged_by)}, backup not yet sent"
    return "backup not yet sent"


class BackupRow(QFrame):
    """One unit's request. Its buttons carry keys only in the first row, which the keys are about."""

    def __init__(self, area: BackupBanner, context: Context, unit_id: UnitId, keyed: bool) -> None:
        super().__init__()
        self._context = context
        self.unit_id = unit_id
        self.setProperty("role", "banner")
        self.setProperty("tone", "alarm")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        sign = QLabel("▲")
        sign.setProperty("role", "alarm")
        self.words = QLabel()
        self.words.setProperty("role", "heading")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.standing = QLabel()
        self.standing.setProperty("role", "muted")
        self.send = self._button("backup.send", area.send, keyed)
        self.acknowledge = self._button("backup.acknowledge", area.acknowledge, keyed)
        self.over = QPushButton("It is over…")
        self.over.setAccessibleName(f"End {unit_id}'s request for backup, with the reason")
        self.over.clicked.connect(lambda: area.over_asked.emit(unit_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 16, 7)
        row.setSpacing(14)
        row.addWidget(sign)
        row.addWidget(self.words, 1)
        row.addWidget(self.standing)
        for button in (self.send, self.acknowledge, self.over):
            row.addWidget(button)

    def _button(self, action_id: str, do: Callable[[UnitId], None], keyed: bool) -> ActionButton:
        if keyed:
            return self._context.actions.button(action_id, self, lambda: do(self.unit_id))
        made = action_button(action_id)
        made.show_key(False)
        made.acted.connect(lambda: do(self.unit_id))
        return made

    def refresh(self, unit: Unit) -> None:
        """Words and buttons as they are now."""
        store = self._context.store
        backup = unit.backup
        assert backup is not None
        call = store.state.calls.get(unit.call) if unit.call else None
        place = unit.where or (call.place.address if call else "")
        waited = (store.now() - backup.requested_at).total_seconds()
        self.words.setText(backup_words(store.state, unit, place, waited))
        self.words.setToolTip(self.words.text())
        self.standing.setText(backup_standing(store.state, unit))
        self.send.say(f"Send {store.state.agency.name_of(backup.service).lower()}")
        self.send.setVisible(backup.sent_at is None)
        self.acknowledge.setVisible(backup.acknowledged_at is None)
        self.over.setVisible(backup.sent_at is not None)


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
        context.ticker.second.connect(self._tick)

    def asking(self) -> list[Unit]:
        """The units that asked, those first for whom something is still to be done, then the longest wait."""
        asking = [unit for unit in self._context.store.state.units.values() if unit.backup is not None]
        return sorted(asking, key=lambda u: (_done(u), u.backup.requested_at if u.backup else None, u.unit_id))

    def send(self, unit_id: UnitId) -> None:
        """Somebody sent the backup."""
        self._context.store.submit(SendBackup(unit_id))

    def acknowledge(self, unit_id: UnitId) -> None:
        """Somebody has heard it."""
        self._context.store.submit(AcknowledgeBackup(unit_id))

    def refresh(self) -> None:
        """A row for each unit that asks; rows are made again only when another unit asks."""
        asking = self.asking()
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
