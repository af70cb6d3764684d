"""The map page in a widget, brought back with everything on it whenever its process dies."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.ui.map.bridge import Bridge
from console.ui.map.picture import MapPicture, View
from console.ui.map.priority import give_way
from console.ui.map.scheme import PAGE, SCHEME
from console.ui.map.source import GivesTiles, MapProfile

log = logging.getLogger(__name__)
LONGEST_WAIT_S = 30.0


class _Page(QWebEnginePage):
    """The page: it goes nowhere else, and what its scripts complain of is logged."""

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool) -> bool:
        """Only the own scheme."""
        del kind, is_main
        return QUrl(url).scheme().encode() == SCHEME

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        """Log it; an error of the page's scripts is an error of ours."""
        worst = level == QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel
        log.log(logging.ERROR if worst else logging.INFO, "map page, %s line %d: %s", source, line, message)


class WebMap(QWidget):
    """Shows a `MapPicture` on the page. `died` says in words that the page's process ended; it is back by itself."""

    chosen = Signal(str, str)
    freed = Signal(View)
    painted = Signal()
    died = Signal(str)
    pressed = Signal()
    """The person pressed a button of the pointer on the page."""

    def __init__(self, tiles: GivesTiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        app = QCoreApplication.instance()
        assert app is not None, "a widget needs the QApplication"
        self.profile = MapProfile(tiles, app)
        self.view = QWebEngineView(self)
        # The profile must outlive its page: the page goes with the view, the profile with the application.
        self.page = _Page(self.profile, self.view)
        self.view.setPage(self.page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAccessibleName(self.tr("Map; everything on it is also in the lists of calls and units"))
        self.bridge = Bridge(self.page)
        self.bridge.chosen.connect(self.chosen)
        self.bridge.freed.connect(self.freed)
        self.bridge.painted.connect(self.painted)
        self._deaths: list[float] = []
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(lambda: self.page.load(PAGE))
        self.page.renderProcessTerminated.connect(self._terminated)
        self.page.loadFinished.connect(self._loaded)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.view)
        self.page.load(PAGE)

    def show_picture(self, picture: MapPicture) -> None:
        """Make the page show this, soon; kept for the page when it is not there."""
        if picture.look is not None:
            self.page.setBackgroundColor(QColor(picture.look.theme["ground"]))
        self.bridge.show(picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on the page brings the keyboard to the pane."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.pressed.emit()
        return super().eventFilter(watched, event)

    def _terminated(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        if status != QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            self._reload(self.tr("The map stopped (code {0}); it is being drawn again.").format(code))

    def _loaded(self, well: bool) -> None:
        if (glass := self.view.focusProxy()) is not None:
            # The page never has the keyboard: from inside it Tab would come out behind everything that follows, and the
            # map's keys belong to the pane.
            glass.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            glass.removeEventFilter(self)
            glass.installEventFilter(self)
        if well:
            give_way(self.page.renderProcessPid())
        elif not self._again.isActive():
            self._reload(self.tr("The map page could not be opened; the desk tries again."))

    def _reload(self, words: str) -> None:
        """Load the page again: at once, and after ever longer waits when it keeps dying within a minute."""
        now = time.monotonic()
        self._deaths = [*(at for at in self._deaths if now - at < 60), now]
        often = len(self._deaths) - 1
        self.bridge.lost()
        self._again.start(round(1000 * min(LONGEST_WAIT_S, 0.25 * 2**often)) if often else 0)
        log.warning("%s", words)
        self.died.emit(words)
