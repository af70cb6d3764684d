"""The supply of the programmes that a call is open to, above what can be done with it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from console.domain.state import Call
from console.ui.context import Context
from console.ui.supply_words import clocks
from console.ui.widgets import give_look


class SupplyLine(QLabel):
    """A line a programme; hidden where the call is open to none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setWordWrap(True)
        self.setProperty("role", "small")

    def show_call(self, call: Call) -> None:
        """Say it of this call's programmes, as it is now."""
        store = self._context.store
        open_to = (programme for programme in store.state.agency.programmes if programme.code in call.open_to)
        found = tuple(clocks(store.state, open_to, store.now()))
        give_look(self, role="due" if any(each.near for each in found) else "small")
        self.setText("\n".join(each.words for each in found))
        self.setAccessibleName(f"Supply: {'; '.join(each.words for each in found)}")
        self.setVisible(bool(found))
