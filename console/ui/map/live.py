"""Keeps a map pane showing the store: changes as they come, ages once a second."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject

from console.domain.changes import Changes, everything
from console.domain.ids import CallId, UnitId
from console.ui.context import Context
from console.ui.map.model import map_areas, map_call, map_unit
from console.ui.map.picture import MapCall, MapUnit


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
        context.store.changed.connect(self._changed)
        context.store.positions_changed.connect(self._moved)
        context.selection.call_changed.connect(self._chose)
        context.ticker.second.connect(self._aged)
        self._moved(self._store.positions)
        self._changed(everything(self._store.state))

    def _changed(self, changes: Changes) -> None:
        state = self._store.state
        if changes.agency:
            self._pane.show_note(self.tr("EXERCISE") if state.exercise else "")
            self._pane.show_basemap(state.agency.basemap)
            self._aged()
            return
        self._draw_calls(changes.calls)
        # A unit's words name its call: it is drawn again when that changed.
        named = {key for key in state.units if state.units[key].call in changes.calls} if changes.calls else set()
        self._draw_units(changes.units | named)

    def _moved(self, fresh: Iterable[UnitId]) -> None:
        self._draw_units(fresh)

    def _chose(self, chosen: str) -> None:
        before, self._chosen = self._chosen, CallId(chosen) if chosen else None
        self._draw_calls({key for key in (before, self._chosen) if key})

    def _aged(self) -> None:
        """Look at everything again: ages and waits grow, and areas change at midnight, though nothing arrives."""
        state = self._store.state
        self._pane.show_areas(map_areas(state, self._store.now()))
        self._draw_units({*state.units, *map(UnitId, self._units)})
        self._draw_calls({*state.calls, *map(CallId, self._calls)})

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
            if made is None:
                drawn.pop(key, None)
            elif drawn.get(key) != made:
                drawn[key] = made
        if drawn != self._calls:
            self._calls = drawn
            self._pane.show_calls(drawn.values())
