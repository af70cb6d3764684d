"""Says when the board is there: live, with its map drawn, and painted. For whoever measures a start, or drives a desk."""

from __future__ import annotations

import sys

import msgspec
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from console.domain import queries
from console.ui.context import Context
from console.ui.map.view import MapPane


class Readiness(QObject):
    """Waits for three things, then for the next painting of the window, and writes one line of JSON on standard output.

    The things: the link is live and its board is in the store, the workspace's map (if it has one) is drawn, and the
    page has taken in what it was told since. The line says how many open calls and units the board has.
    """

    said = Signal()

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window)
        self._window, self._store = window, context.store
        self._shown = self._drawn = self._told = self._said = False
        self._map: MapPane | None = None
        window.installEventFilter(self)
        context.store.link_changed.connect(self._look)
        context.store.changed.connect(self._look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window is about to paint what has changed."""
        if event.type() is QEvent.Type.UpdateRequest:
            self._shown = True
            if self._map is None and (found := self._window.findChild(MapPane)):
                self._map = found
                found.painted.connect(self._map_drawn)
            self._look()
            if self._told and not self._said:
                self._said = True
                QTimer.singleShot(0, self, self._say)  # when it has
        return super().eventFilter(watched, event)

    def _map_drawn(self) -> None:
        self._drawn = True
        self._look()

    def _look(self) -> None:
        """Whether everything is there but the last painting."""
        link = self._store.link
        if self._told or not self._shown or link is None or not link.live or not self._store.state.agency.name:
            return
        page = getattr(self._map.canvas, "page", None) if self._map is not None else None
        if page is None:
            self._page_told()
        elif self._drawn:
            page.runJavaScript("0", 0, self._page_told)

    def _page_told(self, *_: object) -> None:
        self._told = True
        self._window.update()

    def _say(self) -> None:
        self._window.removeEventFilter(self)
        state = self._store.state
        line = {"ready": True, "open_calls": len(queries.open_calls(state)), "units": len(state.units)}
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
        sys.stdout.flush()
        self.said.emit()
