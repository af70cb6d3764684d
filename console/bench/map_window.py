"""In a process of its own: the desk's map pane, or a bare Leaflet page; each number moves its units for so many seconds."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from console.bench.child import say
from console.bench.full_floor import positions, set_up, told
from console.bench.words import Words, end_with_a_fault
from console.domain import commands as c
from console.domain.agency import Agency
from console.domain.state import State
from console.hub.configuration import load
from console.ui import theme
from console.ui.map.scheme import expect_web_engine

Move = Callable[[int], None]


class Moves(QObject):
    """Moves the units once a second for as many seconds as it is told, then says that it has."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self._move = move
        self._second = self._until = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    def start(self, seconds: int) -> None:
        """Move from now on."""
        self._until = self._second + seconds
        self._timer.start()

    def _tick(self) -> None:
        if self._second == self._until:
            self._timer.stop()
            say("moved")
            return
        self._second += 1
        self._move(self._second)


def map_pane(rules: Agency) -> tuple[QWidget, Any, Move]:
    """The desk's own pane over a store with every unit on duty."""
    from console.ui.context import Context
    from console.ui.map.view import MapPane
    from console.ui.store import Store

    now = datetime.now(UTC)
    state = told(iter([c.ConfigureAgency(rules)]), now, State())
    state = told(set_up(rules, 0), now, state)
    store = Store(state=state, now=lambda: datetime.now(UTC), positions=positions(rules, 0, now))
    context = Context(store)
    pane = MapPane(context)

    def move(second: int) -> None:
        store.take_positions(positions(rules, second, datetime.now(UTC)))
        context.ticker.second.emit()

    return pane, pane.painted, move


PAGE = """<!doctype html><style>{style} html, body, #map {{height: 100%; margin: 0}}</style><div id="map"></div>
<script>{script}</script><script>
const bare = {{renderer: L.canvas(), zoomControl: false, attributionControl: false, zoomSnap: 0.1}};
const map = L.map("map", bare).setView({center}, 11.6);
const markers = {spots}.map((spot) => L.circleMarker(spot, {{radius: 7}}).addTo(map));
function move(spots) {{ spots.forEach((spot, n) => markers[n].setLatLng(spot)); }}
</script>"""


def leaflet_page(rules: Agency) -> tuple[QWidget, Any, Move]:
    """A view with nothing but Leaflet and one marker a unit."""
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from xstatic.pkg import leaflet

    def spots(second: int) -> str:
        at = datetime.now(UTC)
        return msgspec.json.encode([(p.latitude, p.longitude) for p in positions(rules, second, at)]).decode()

    view = QWebEngineView()
    style, script = ((Path(leaflet.BASE_DIR) / name).read_text("utf-8") for name in ("leaflet.css", "leaflet.js"))
    center = list(rules.center)
    view.setHtml(PAGE.format(style=style, script=script, center=center, spots=spots(0)))
    return view, view.loadFinished, lambda second: view.page().runJavaScript(f"move({spots(second)})")


def main() -> None:
    """Open the window that was asked for; move its units at each number from the parent."""
    end_with_a_fault()
    kind, config = sys.argv[1], Path(sys.argv[2])
    expect_web_engine()
    app = QApplication(sys.argv[:1])
    theme.apply(app, theme.load_theme("dark"))
    rules = load(config)
    window, ready, move = map_pane(rules) if kind == "pane" else leaflet_page(rules)
    window.resize(970, 620)
    moves, words = Moves(move), Words()
    words.heard.connect(moves.start)
    words.ended.connect(app.quit)
    ready.connect(lambda *_: say("ready"))
    window.show()
    app.exec()


if __name__ == "__main__":
    main()
