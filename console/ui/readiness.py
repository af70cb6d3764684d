"""Knows when the board is there: live and painted, and then its map too. For the desk, and for whoever measures it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from console.domain import queries
from console.ui.context import Context

if TYPE_CHECKING:
    from console.ui.map.view import MapPane


class Readiness(QObject):
    """Watches a desk's window as it starts, until everything is there. Each signal comes once, `live` before `drawn`."""

    live = Signal()
    """The link is live, its board is in the store, and the window has been painted since."""
    drawn = Signal()
    """The workspace's map, if it has one, is drawn, has taken in what it was told, and has been painted since."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window)
        self._window, self._context = window, context
        self._painting = False
        window.installEventFilter(self)
        context.store.link_changed.connect(self._look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window is about to paint what has changed: of a live board, if it is live now."""
        if event.type() is QEvent.Type.UpdateRequest and not self._painting and self._is_live():
            self._painting = True
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._painted)  # when it has
        return super().eventFilter(watched, event)

    def _is_live(self) -> bool:
        store = self._context.store
        return store.link is not None and store.link.live and bool(store.state.agency.name)

    def _look(self) -> None:
        if not self._painting and self._is_live():
            self._window.update()

    def _painted(self) -> None:
        self._context.store.link_changed.disconnect(self._look)
        self.live.emit()
        from console.ui.map.view import MapPane  # in a workspace that has one it is loaded by now

        pane = self._window.findChild(MapPane)
        if not isinstance(pane, MapPane):
            self.drawn.emit()
        elif pane.drawn:
            self._map_drawn(pane)
        else:
            pane.painted.connect(lambda: self._map_drawn(pane), Qt.ConnectionType.SingleShotConnection)

    def _map_drawn(self, pane: MapPane) -> None:
        """Ask the page one question more: it is answered after all that it was told before."""
        page = getattr(pane.canvas, "page", None)
        if page is None:
            self._finish()
        else:
            page.runJavaScript("0", 0, self._finish)

    def _finish(self, *_: object) -> None:
        self._window.repaint()
        self.drawn.emit()


def say(readiness: Readiness, context: Context) -> None:
    """Write a line of JSON on standard output when the board is live, with what is on it, and one when its map is drawn."""

    def live() -> None:
        state = context.store.state
        _write({"ready": True, "open_calls": len(queries.open_calls(state)), "units": len(state.units)})

    readiness.live.connect(live)
    readiness.drawn.connect(lambda: _write({"drawn": True}))


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()
