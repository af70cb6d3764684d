"""The units as a table: columns by what they are made to say, and where it is narrow fewer of them, not cut ones."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

from console.domain import unit_status
from console.domain.ids import UnitId
from console.ui.columns import Column, widths
from console.ui.context import Context
from console.ui.units.model import UnitsModel
from console.ui.units.rows import COLUMNS
from console.ui.widgets import scaled
from console.ui.words_table import WordsTable

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "status": ("▲ Backup requested", *unit_status.STATUS_WORDS.values()),
    "for": ("59:59", "9 h 59"),
    "check": ("▲ 59:59 escalated",),
}
_GOES: Final = (("crew", 150), ("where", 150))
"""What goes, in this order, where a call or a place had fewer pixels than this: the row still tells it to a screen reader.
What matters of where a unit is then stands with its call."""

_BRIEF: Final = {
    "status": Column("status", ("▲ Backup · there", *unit_status.STATUS_WORDS.values())),
}
"""Columns that are made for shorter words where there is no room for where units are."""


class UnitsTable(WordsTable):
    """One line a unit. What is chosen here is the desk's unit; choosing never moves a row."""

    def __init__(self, context: Context, model: UnitsModel) -> None:
        self._context, self._units = context, model
        self._following = False
        super().__init__(context, model, "Units")
        self.size_rows()
        context.selection.unit_changed.connect(lambda _: self.follow_selection())
        context.store.changed.connect(lambda different: self.fit_columns() if different.agency else None)
        self.follow_selection()

    def follow_selection(self) -> None:
        """Show the desk's unit as the chosen row."""
        place = self._units.row_of(self._context.selection.unit_id)
        self._following = True
        if place is None:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self._units.index(place, 0))
        self._following = False

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A person moved to another row: that unit is the desk's from now on, and its call with Enter."""
        super().currentChanged(current, previous)
        if not self._following and current.isValid():
            self._context.selection.choose_unit(self._units.unit_at(current.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard chooses nothing: Qt would make the first row current."""
        self._following = True
        super().focusInEvent(event)
        self._following = False
        self.follow_selection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the unit's call."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            unit = self._context.store.state.units.get(UnitId(self._context.selection.unit_id or ""))
            if unit is not None and unit.call is not None:
                self._context.selection.choose_call(unit.call)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow the table."""
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Columns as wide as what they are made to say; where it is narrow crews and places go, calls give."""
        columns, room = self._columns(), self.viewport().width()
        for name, least in _GOES:
            made = zip(columns, widths(columns, room), strict=True)
            if any(column.gives and wide < min(column.needs(), scaled(least)) for column, wide in made):
                columns = [_BRIEF.get(column.name, column) if name == "where" else column
                           for column in columns if column.name != name]  # fmt: skip
        self._units.be_brief(not any(column.name == "where" for column in columns))
        given = {column.name: wide for column, wide in zip(columns, widths(columns, room), strict=True)}
        for place, name in enumerate(COLUMNS):
            self.setColumnHidden(place, name not in given)
            self.setColumnWidth(place, given.get(name, 0))

    def _columns(self) -> list[Column]:
        """For what each column is made, by the agency's own units, crews, natures and places."""
        state = self._context.store.state
        agency, units = state.agency, state.units.values()
        words = _WORDS | {
            "unit": tuple(unit.unit_id for unit in units),
            "crew": tuple({" · ".join(unit.crew) for unit in units}),
            "call": tuple(f"0000 {nature.name}" for nature in agency.natures.values() if nature.listed and not nature.base),
            "where": tuple(f"9.9 km from {place.name}" for place in agency.places),
        }
        faces: dict[str, Literal["strong", "clock"]] = {"unit": "strong", "for": "clock"}
        return [Column(name, words[name], name in ("call", "where"), faces.get(name, "second")) for name in COLUMNS]

    def size_rows(self) -> None:
        """Rows and columns as the desk's size wants them."""
        super().size_rows()
        self.fit_columns()
