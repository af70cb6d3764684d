"""Asking for backup from anywhere: the first press names the unit and asks, the second press of the same key sends it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from console.domain import queries
from console.domain.commands import RequestBackup
from console.domain.ids import UnitId
from console.domain.state import State, Unit
from console.ui.actions import action, action_button, key_words
from console.ui.context import Context
from console.ui.widgets import Elided, caption, scaled

_WAITS_MS: Final = 5000
"""How long the second press is waited for."""


class BackupRequestBar(QFrame):
    """Hidden until the key is pressed. What the second press would do is what it says: another unit is asked about anew."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.unit_id: UnitId | None = None
        """For whom the second press asks; None while the first has not been made."""
        self.setProperty("role", "banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Asking for backup")
        self.words = Elided("heading")
        self.yes = action_button("unit.backup", "Ask for it", "alarm")
        self.yes.acted.connect(self.press)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(16), scaled(7), scaled(16), scaled(7))
        row.setSpacing(scaled(14))
        row.addWidget(caption("◆", "due"))
        row.addWidget(self.words, 1)
        row.addWidget(self.yes)
        self._waits = QTimer(self)
        self._waits.setSingleShot(True)
        self._waits.setInterval(_WAITS_MS)
        self._waits.timeout.connect(self.forget)
        context.selection.unit_changed.connect(lambda _: self.forget())
        context.selection.call_changed.connect(lambda _: self.forget())
        context.store.me_changed.connect(lambda _: self.forget())
        self.hide()

    def press(self) -> None:
        """The first press asks, the second sends the request."""
        store = self._context.store
        unit = self._unit()
        services = store.state.agency.other_services
        if unit is None:
            self._context.notices.inform("Backup for whom? Choose a unit first (Alt+2, then up and down), or its call.")
        elif not services:
            self._context.notices.inform("No service is configured that could back a unit up.")
        elif unit.backup is not None:
            self._context.notices.inform(f"{unit.unit_id} has asked for backup already; it stands on every desk.")
        elif self.unit_id != unit.unit_id:
            self.unit_id = unit.unit_id
            key = key_words(action("unit.backup").keys[0])
            self.words.setText(
                f"{services[0].name} backup for {_where(store.state, unit)}? Press {key} again to ask for it."
            )
            self.show()
            self._waits.start()
        else:
            self.forget()
            store.submit(RequestBackup(unit.unit_id, services[0].code))

    def forget(self) -> None:
        """The first press is as if it had not been."""
        self.unit_id = None
        self._waits.stop()
        self.hide()

    def _unit(self) -> Unit | None:
        """The chosen unit, else the only one that is on the chosen call."""
        state, call = self._context.store.state, self._context.chosen_call
        chosen = state.units.get(UnitId(self._context.selection.unit_id or ""))
        there = queries.assigned_units(state, call) if call is not None else []
        return chosen or (there[0] if len(there) == 1 else None)


def _where(state: State, unit: Unit) -> str:
    call = state.calls.get(unit.call) if unit.call else None
    return ", ".join(filter(None, (unit.unit_id, f"call {call.number}" if call else "", call.place.address if call else "")))
