"""The facts of a call that a telecommunicator corrects: nature, priority, place, callback, flags. Each edited in place."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from console.domain.agency import Agency
from console.domain.commands import (
    Accepted,
    AnyCommand,
    ChangeCallback,
    CommandOutcome,
    LocateCall,
    LowerFlag,
    PrioritiseCall,
    RaiseFlag,
    RecodeCall,
    Rejected,
)
from console.domain.ids import CallId
from console.domain.nature_search import search_in
from console.domain.queries import place_known_as
from console.domain.state import Call, Place
from console.ui.call.field import EditField
from console.ui.context import Context
from console.ui.found_places import place_of
from console.ui.nature_picker import NaturePicker
from console.ui.place_picker import PlacePicker
from console.ui.queue.rows import priority_words
from console.ui.widgets import empty, scaled
from console.wire.geography import FoundPlace

_FLAGS_IN_A_ROW: Final = 3
_COLUMNS: Final = 5


class CallFields(QWidget):
    """Edits the call it was last given. A field with half-typed words keeps them, for each call and person."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call: Call | None = None
        self.nature = EditField("Nature", "type a part of its name, or its code")
        self.priority = EditField("Priority", "P or 1 to 9")
        self.place = EditField("Place", "address, crossing or a place's name")
        self.callback = EditField("Callback", "number to call back")
        self.flag = EditField("Flags", "add a flag")
        self.natures = NaturePicker(self.nature.line, context)
        self.natures.taken.connect(self._recode_to)
        self.places = PlacePicker(self.place.line, context)
        self.places.taken.connect(self._locate_at)
        self._flags: tuple[str, ...] = ()
        self._usual = ""
        """Said beside the priority once the call has its new nature: it stays, though the nature comes with another."""
        self._chips = QGridLayout()
        self._chips.setSpacing(scaled(6))

        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(10))
        grid.setVerticalSpacing(scaled(8))
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        for field, row, column, span in (
            (self.nature, 0, 0, 4),
            (self.priority, 0, 4, 1),
            (self.place, 1, 0, _COLUMNS),
            (self.callback, 2, 0, 3),
            (self.flag, 2, 3, 2),
        ):
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(self._chips, 3, 0, 1, _COLUMNS, Qt.AlignmentFlag.AlignLeft)

        self._fields = {
            "nature": (self.nature, self._recode),
            "priority": (self.priority, self._prioritise),
            "place": (self.place, self._locate),
            "callback": (self.callback, self._call_back),
            "flag": (self.flag, self._raise_flag),
        }
        for name, (field, do) in self._fields.items():
            field.entered.connect(do)
            field.typed.connect(lambda words, name=name: self._keep(name, words))

    def show_call(self, call: Call) -> None:
        """Show this call; another one than before brings its own half-typed words."""
        another = self._call is None or self._call.call_id != call.call_id
        self._call = call
        agency = self._context.store.state.agency
        stored = {
            "nature": agency.nature(call.nature).name,
            "priority": call.priority,
            "place": call.place.address,
            "callback": call.callback,
            "flag": "",
        }
        for name, (field, _) in self._fields.items():
            if another:
                field.restore(stored[name], self._context.drafts.text(self._context.me, call.call_id, name))
            else:
                field.show_stored(stored[name])
            field.line.setEnabled(call.closing is None)
        self._show_flags(call)

    def _keep(self, name: str, words: str) -> None:
        if self._call is not None:
            self._context.drafts.keep(self._context.me, self._call.call_id, words, name)

    def _show_flags(self, call: Call) -> None:
        if call.flags == self._flags and self._chips.count() == len(call.flags):
            return
        self._flags = call.flags
        empty(self._chips)
        for place, flag in enumerate(call.flags):
            chip = QPushButton(f"{flag.replace('_', ' ')}  ✕")
            chip.setAccessibleName(f"Take down the flag {flag.replace('_', ' ')}")
            chip.setMinimumHeight(scaled(24))
            chip.clicked.connect(lambda _=False, flag=flag: self._lower_flag(flag))
            self._chips.addWidget(chip, place // _FLAGS_IN_A_ROW, place % _FLAGS_IN_A_ROW)

    # ---------------------------------------------------------------------------------------------- what is entered

    def _recode(self, typed: str) -> None:
        found = search_in(self._context.store.state.agency).meant(typed)
        if len(found) == 1:
            self._recode_to(found[0].code)
        elif found:
            more = f" and {len(found) - 4} more" if len(found) > 4 else ""
            names = ", ".join(nature.name for nature in found[:4])
            self.nature.refuse(f"“{typed}” fits {len(found)} natures: {names}{more}. Choose with the arrows, or type on.")
        else:
            self.nature.refuse(f"No nature of the catalogue is “{typed}”. Choose with the arrows, or type other words.")

    def _recode_to(self, code: str) -> None:
        if self._call is not None:
            nature = self._context.store.state.agency.nature(code)
            usual = nature.priority if nature.priority != self._call.priority else ""
            self._usual = f"stays; {nature.name} comes with {priority_words(usual)}" if usual else ""
            self._submit(self.nature, RecodeCall(self._call.call_id, nature.code), nature.name)

    def _prioritise(self, typed: str) -> None:
        wanted = typed.upper()
        wanted = wanted[1:] if len(wanted) == 2 and wanted[0] == "P" else wanted
        if self._call is not None:
            self._submit(self.priority, PrioritiseCall(self._call.call_id, wanted), wanted)

    def _locate(self, typed: str) -> None:
        if self._call is not None:
            place = place_named(self._context.store.state.agency, self._call.place, typed)
            self._submit(self.place, LocateCall(self._call.call_id, place), place.address)

    def _locate_at(self, found: FoundPlace) -> None:
        """A suggestion was taken: its words, its point, and how far that may lie off."""
        if self._call is not None:
            place = place_of(found)
            self._submit(self.place, LocateCall(self._call.call_id, place), place.address)

    def _call_back(self, typed: str) -> None:
        if self._call is not None:
            self._submit(self.callback, ChangeCallback(self._call.call_id, typed), typed)

    def _raise_flag(self, typed: str) -> None:
        if self._call is not None:
            self._submit(self.flag, RaiseFlag(self._call.call_id, typed), "")

    def _lower_flag(self, flag: str) -> None:
        if self._call is not None:
            call_id = self._call.call_id
            submission = self._context.store.submit(LowerFlag(call_id, flag))
            submission.then(lambda outcome: self._heard(self.flag, outcome, call_id))

    def _submit(self, field: EditField, command: AnyCommand, shown: str) -> None:
        assert self._call is not None
        call_id = self._call.call_id
        field.send(shown)
        self._context.store.submit(command).then(lambda outcome: self._heard(field, outcome, call_id))

    def _heard(self, field: EditField, outcome: CommandOutcome, call_id: CallId) -> None:
        if self._call is None or self._call.call_id != call_id:
            return
        if isinstance(outcome, Rejected):
            field.refuse(outcome.reason)
        elif isinstance(outcome, Accepted):
            field.accept()
            if field is self.nature and not self.priority.edited:
                self.priority.say(self._usual)


def place_named(agency: Agency, old: Place, typed: str) -> Place:
    """The place meant by what was typed.

    A place that the center knows brings its point. The old point stays where the new words only add to the old ones or
    take from them (an apartment, a floor); otherwise it goes: a unit must not be sent to where the neighbor is not.
    """
    wanted = typed.strip()
    if known := place_known_as(agency, wanted):
        return known
    before, after = old.address.casefold(), wanted.casefold()
    if before and after and (before in after or after in before):
        return replace(old, address=wanted)
    return Place(wanted) if old.address else replace(old, address=wanted)
