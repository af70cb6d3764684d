"""What the desk and the map page say to each other: patches down, choices and the person's own panning up."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage

from console.ui.map.picture import BLANK, NOTHING, MapPicture, View, patch

PUSH_INTERVAL_MS = 100
"""Changes that come closer together than this go to the page together; the first of a quiet time goes at once."""


class Bridge(QObject):
    """Keeps the page showing the wanted picture. Nothing is sent before the page says it is ready to be drawn on."""

    chosen = Signal(str, str)
    """`unit` or `call`, and its id: the person clicked it."""
    freed = Signal(View)
    """The person moved the map."""
    pointed = Signal(float, float)
    """The person chose a spot of the ground: latitude and longitude."""
    became_ready = Signal()
    painted = Signal()
    """The page is drawn for the first time since it was loaded, base layer and all."""

    def __init__(self, page: QWebEnginePage) -> None:
        super().__init__(page)
        self._page = page
        self._wanted = self._shown = BLANK
        self.is_ready = False
        self.pushes = 0
        self._timer = QTimer(self, singleShot=True, interval=PUSH_INTERVAL_MS)
        self._timer.timeout.connect(self._push)
        self._channel = QWebChannel(self)
        self._channel.registerObject("map", self)
        page.setWebChannel(self._channel)

    def show(self, picture: MapPicture) -> None:
        """Make the page show this picture, soon."""
        self._wanted = picture
        if self.is_ready and not self._timer.isActive():
            self._push()

    def lost(self) -> None:
        """The page is gone, with everything on it; it will be told all of it again when it is back."""
        self.is_ready = False
        self._shown = BLANK
        self._timer.stop()

    def nudge(self, right: float, down: float, closer: float) -> None:
        """Move the page's view by parts of its width and height, and by steps of zoom; it stays there, as if dragged."""
        if self.is_ready:
            self._page.runJavaScript(f"desk.nudge({right}, {down}, {closer})")

    def point(self) -> None:
        """Have the page say what lies under the cross in its middle."""
        if self.is_ready:
            self._page.runJavaScript("desk.point()")

    def _push(self) -> None:
        change = patch(self._shown, self._wanted)
        self._shown = self._wanted
        if change == NOTHING or not self.is_ready:
            return
        self._timer.start()
        self.pushes += 1
        self._page.runJavaScript(f"desk.push({msgspec.json.encode(change).decode()})")

    @Slot()
    def ready(self) -> None:
        """The page stands, empty."""
        self.lost()
        self.is_ready = True
        self._push()
        self.became_ready.emit()

    @Slot()
    def first_drawn(self) -> None:
        """The page has drawn what it was told."""
        self.painted.emit()

    @Slot(str, str)
    def choose(self, kind: str, key: str) -> None:
        """The person clicked a symbol."""
        self.chosen.emit(kind, key)

    @Slot(float, float)
    def spot(self, latitude: float, longitude: float) -> None:
        """The person chose a spot while a place was wanted."""
        self.pointed.emit(latitude, longitude)

    @Slot(float, float, float)
    def moved(self, latitude: float, longitude: float, zoom: float) -> None:
        """The person moved the map: it stays where it is, also through a reload."""
        view = View("free", center=(latitude, longitude, zoom))
        self._shown = msgspec.structs.replace(self._shown, view=view)
        self.freed.emit(view)
