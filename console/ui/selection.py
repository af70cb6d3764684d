"""What is chosen: one call and one unit, shared by every pane of a desk, so that no two panes talk about different ones."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.domain.ids import CallBackId, CallId, UnitId


class Selection(QObject):
    """The chosen call and unit; each signal carries the new id, "" for none. Choosing the same again says nothing."""

    call_changed = Signal(str)
    unit_changed = Signal(str)
    call_back_changed = Signal(str)
    call_opened = Signal(str)
    """Somebody wants to see this call, which is chosen: where no pane of the workspace shows calls, another workspace."""

    refer_asked = Signal()
    """Somebody wants to refer the neighbor of the chosen call for follow-up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.call_id: CallId | None = None
        self.call_back_id: CallBackId | None = None
        """The call back that somebody looks at; the call it is owed after is the chosen one, while it is on the board."""
        self.unit_id: UnitId | None = None

    def choose_call(self, call_id: CallId | str | None) -> None:
        """Make this the call that every pane shows; None or "" for none."""
        chosen = CallId(call_id) if call_id else None
        if chosen != self.call_id:
            self.call_id = chosen
            self.choose_call_back(None)
            self.call_changed.emit(chosen or "")

    def choose_call_back(self, call_back_id: CallBackId | str | None) -> None:
        """Make this the call back that is looked at, until another call is chosen; None or "" for none."""
        chosen = CallBackId(call_back_id) if call_back_id else None
        if chosen != self.call_back_id:
            self.call_back_id = chosen
            self.call_back_changed.emit(chosen or "")

    def open_call(self, call_id: CallId | str) -> None:
        """Choose this call and ask for it to be shown."""
        self.choose_call(call_id)
        self.call_opened.emit(call_id)

    def choose_unit(self, unit_id: UnitId | str | None) -> None:
        """Make this the unit that the unit actions are about; None or "" for none."""
        chosen = UnitId(unit_id) if unit_id else None
        if chosen != self.unit_id:
            self.unit_id = chosen
            self.unit_changed.emit(chosen or "")
