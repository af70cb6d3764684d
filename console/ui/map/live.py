"""Keeps a map pane showing the store: changes as they come, and once a second what has aged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject

from console.domain.changes import Changes, everything
from console.domain.ids import CallId, UnitId
from console.ui.context import Context
from console.ui.map.model import map_areas, map_call, map_unit
from console.ui.map.picture import MapCall, MapUnit
from console.ui.waiting import NEVER, turns_at


class ShowsBoard(Protocol):
    """What is told: a map pane, or whatever stands in for one."""

    def show_units(self, units: Iterable[MapUnit]) -> None:
        """These units, and no others, are on the map."""

    def show_calls(self, calls: Iterable[MapCall]) -> None:
        """These calls, and no others, are on the map."""

    def show_areas(self, areas: Iterable[str]) -> None:
        """These areas are on the map."""

    def show_basemap(self, basemap: str) -> None:
        """This is the ground of the map."""

    def show_note(self, note: str) -> None:
        """The map bears this word."""


class LiveMap(QObject):
    """Reads the store and the selection, and tells the pane what of it is on the map. It lives as long as its parent."""

    def __init__(self, pane: ShowsBoard, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._pane = pane
        self._store = context.store
        self._units: dict[str, MapUnit] = {}
        self._calls: dict[str, MapCall] = {}
        self._chosen = context.selection.call_id
        self._reported: set[UnitId] = set()
        """Units that have been drawn with a new position since the last second."""
        self._looked_at, self._turns_at = self._store.now(), NEVER
        """When ages were last looked at, and when the next wait turns due or past."""
        self._areas: list[str] = []
        context.store.changed.connect(self._changed)
        context.store.positions_changed.connect(self._moved)
        context.selection.call_changed.connect(self._chose)
        context.ticker.second.connect(self._aged)
        self._changed(everything(self._store.state))

    def _changed(self, changes: Changes) -> None:
        state = self._store.state
        if changes.agency:
            self._pane.show_note(self.tr("EXERCISE") if state.exercise else "")
            self._pane.show_basemap(state.agency.basemap)
            self._draw_everything()
            return
        self._draw_calls(changes.calls)
        # A unit's words name its call: it is drawn again when that changed.
        changed = (state.calls.get(call_id) for call_id in changes.calls)
        self._draw_units(changes.units | {sent.unit_id for call in changed if call for sent in call.assignments})

    def _moved(self, fresh: Iterable[UnitId]) -> None:
        self._reported.update(fresh)
        self._draw_units(fresh)

    def _chose(self, chosen: str) -> None:
        before, self._chosen = self._chosen, CallId(chosen) if chosen else None
        self._draw_calls({key for key in (before, self._chosen) if key})

    def _draw_everything(self) -> None:
        state = self._store.state
        self._draw_areas()
        self._draw_units({*state.units, *map(UnitId, self._units)})
        self._draw_all_calls()

    def _aged(self) -> None:
        """What is another though nothing arrived: units that no longer report, waits that turned, areas at midnight."""
        before, self._looked_at = self._looked_at, self._store.now()
        silent, self._reported = self._store.state.units.keys() - self._reported, set()
        self._draw_areas()
        self._draw_units(silent)
        if not before <= self._looked_at < self._turns_at:  # an exercise's clock may be set back too
            self._draw_all_calls()

    def _draw_areas(self) -> None:
        areas = map_areas(self._store.state, self._store.now())
        if areas != self._areas:
            self._areas = areas
            self._pane.show_areas(areas)

    def _draw_all_calls(self) -> None:
        self._turns_at = NEVER
        self._draw_calls({*self._store.state.calls, *map(CallId, self._calls)})

    def _draw_units(self, of: Iterable[UnitId]) -> None:
        state, now, drawn = self._store.state, self._store.now(), dict(self._units)
        for key in of:
            unit, position = state.units.get(key), self._store.positions.get(key)
            made = map_unit(state, unit, position, self._store.standings.get(key), now) if unit else None
            if made is None:
                drawn.pop(key, None)
            elif drawn.get(key) != made:
                drawn[key] = made
        if drawn != self._units:
            self._units = drawn
            self._pane.show_units(drawn.values())

    def _draw_calls(self, of: Iterable[CallId]) -> None:
        state, now, drawn = self._store.state, self._store.now(), dict(self._calls)
        for key in of:
            call = state.calls.get(key)
            made = map_call(state, call, now, self._chosen) if call else None
            if call is None or made is None:
                drawn.pop(key, None)
                continue
            self._turns_at = min(self._turns_at, turns_at(state.agency, call, now))
            if drawn.get(key) != made:
                drawn[key] = made
        if drawn != self._calls:
            self._calls = drawn
            self._pane.show_calls(drawn.values())
