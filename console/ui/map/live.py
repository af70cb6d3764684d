"""Keeps a map pane showing the store: changes as they come, ages once a second."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from console.domain.changes import Changes, everything
from console.domain.ids import UnitId
from console.ui.context import Context
from console.ui.map.model import Standing, map_areas, map_calls, map_unit, standings
from console.ui.map.picture import MapUnit

if TYPE_CHECKING:
    from console.ui.map.view import MapPane


class LiveMap(QObject):
    """Reads the store and the selection, and tells the pane what of it is on the map."""

    def __init__(self, pane: MapPane, context: Context) -> None:
        super().__init__(pane)
        self._pane = pane
        self._store, self._selection = context.store, context.selection
        self._standing: dict[UnitId, Standing] = {}
        self._units: dict[str, MapUnit] = {}
        context.store.changed.connect(self._changed)
        context.store.positions_changed.connect(self._moved)
        context.selection.call_changed.connect(self._draw_calls)
        context.ticker.second.connect(self._aged)
        self._moved(self._store.positions)
        self._changed(everything(self._store.state))

    def _changed(self, changes: Changes) -> None:
        if changes.agency:
            self._draw_areas()
            self._pane.show_note(self.tr("EXERCISE") if self._store.state.exercise else "")
        if changes.calls:
            self._draw_calls()
        # A unit's words name its call, so a changed call redraws the units; both are tens, seldom hundreds.
        if changes.calls or changes.agency:
            self._draw_units(self._store.state.units | self._units)
        elif changes.units:
            self._draw_units(changes.units)

    def _moved(self, fresh: Iterable[UnitId]) -> None:
        self._standing = standings(self._standing, self._store.positions, fresh)
        self._draw_units(fresh)

    def _aged(self) -> None:
        self._draw_areas()
        self._draw_units(self._store.state.units)
        self._draw_calls()

    def _draw_units(self, of: Iterable[str]) -> None:
        state, now, drawn = self._store.state, self._store.now(), dict(self._units)
        for key in of:
            unit_id = UnitId(key)
            unit, position = state.units.get(unit_id), self._store.positions.get(unit_id)
            made = map_unit(state, unit, position, self._standing.get(unit_id), now) if unit else None
            if made is None:
                drawn.pop(key, None)
            elif drawn.get(key) != made:
                drawn[key] = made
        self._units = drawn
        self._pane.show_units(drawn.values())

    def _draw_areas(self) -> None:
        self._pane.show_areas(map_areas(self._store.state, self._store.now()))

    def _draw_calls(self) -> None:
        self._pane.show_calls(map_calls(self._store.state, self._store.now(), self._selection.call_id))
