"""The map pane: the page (or the list in its place), the layer buttons, and the live board on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.ui.action_button import ActionButton
from console.ui.actions import action
from console.ui.context import Context
from console.ui.map.picture import BLANK, MapCall, MapLook, MapPicture, MapUnit, View
from console.ui.map.scheme import register_scheme, why_no_map
from console.ui.theme import fonts

if TYPE_CHECKING:
    from console.ui.map.fallback import PlaceList
    from console.ui.map.web_map import WebMap

_LAYERS = (("map.units", "shows_units"), ("map.calls", "shows_calls"), ("map.coverage", "shows_areas"))


class MapPane(QWidget):
    """Units, calls and service areas of the store, on a base layer. The person's pan or zoom holds until `fit`.

    While the desk opens the pane is the map's ground, with a word on it that the map is coming: its page is made when
    the board is there, and shown when it is drawn.
    """

    unit_chosen = Signal(str)
    call_chosen = Signal(str)
    painted = Signal()
    """The map is drawn for the first time since its page was loaded, or the list in its place stands."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Map"))
        self._context = context
        self._picture = BLANK
        self._layers: dict[str, ActionButton] = {}
        self._canvas: WebMap | PlaceList | None = None
        self.drawn = False
        """Whether it was painted once."""
        self.painted.connect(self._painted)
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._ground = QLabel(self.tr("The map is being drawn"), self)
        self._ground.setProperty("role", "ground")
        self._ground.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = self._make_buttons()
        context.theme.changed.connect(self._take_look)
        self._take_look()
        self.call_chosen.connect(context.selection.choose_call)
        self.unit_chosen.connect(context.selection.choose_unit)
        context.opening.afterwards(self._open)

    @property
    def picture(self) -> MapPicture:
        """What the pane shows."""
        return self._picture

    @property
    def canvas(self) -> WebMap | PlaceList | None:
        """The `WebMap`, or the `PlaceList` that stands in for it; None while the desk opens."""
        return self._canvas

    def show_units(self, units: Iterable[MapUnit]) -> None:
        """These units, and no others, are on the map."""
        self._show(units={unit.id: unit for unit in units})

    def show_calls(self, calls: Iterable[MapCall]) -> None:
        """These calls, and no others, are on the map."""
        self._show(calls={call.id: call for call in calls})

    def show_areas(self, areas: Iterable[str]) -> None:
        """These areas (GeoJSON texts) are on the map."""
        self._show(areas=tuple(areas))

    def show_basemap(self, basemap: str) -> None:
        """This layer (GeoJSON text) is the ground of the map."""
        self._show(base=basemap)

    def show_note(self, note: str) -> None:
        """Watermark the map with a word; "" for none."""
        self._show(note=note)

    def fit(self) -> None:
        """Show everything, and keep it in sight until the person moves the map."""
        self._show(view=View("fit"))

    def follow(self, call_id: str | None = None) -> None:
        """Keep a call (None: the chosen one) and the units on their way to it in sight, until the person moves the map."""
        wanted = call_id or self._context.selection.call_id
        if wanted:
            self._show(view=View("follow", call=wanted))

    def sizeHint(self) -> QSize:
        """Room for a city."""
        return QSize(720, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ground over all of the pane, and the buttons at the top right."""
        super().resizeEvent(event)
        self._ground.setGeometry(self.rect())
        self._place_buttons()

    def _show(self, **what: object) -> None:
        self._picture = replace(self._picture, **what)
        if self._canvas is not None:
            self._canvas.show_picture(self._picture)

    def _open(self) -> None:
        """Make the page, below the ground until it is drawn; or the list, at once."""
        from console.ui.map.live import LiveMap  # loaded when the board is there

        self._canvas = self._make_canvas()
        self._canvas.chosen.connect(self._chosen)
        self._inside.addWidget(self._canvas)
        self._canvas.show_picture(self._picture)
        self.live = LiveMap(self, self._context, self)
        self._ground.raise_()
        self._buttons.raise_()

    def _painted(self) -> None:
        self.drawn = True
        self._ground.hide()

    def _make_canvas(self) -> WebMap | PlaceList:
        if not register_scheme():
            self._buttons.hide()
            self._ground.hide()
            QTimer.singleShot(0, self, self.painted.emit)
            from console.ui.map.fallback import PlaceList  # seldom needed

            return PlaceList(why_no_map(), self)
        from console.ui.map.web_map import WebMap  # a desk without WebEngine has no such module to load

        made = WebMap(self)
        made.freed.connect(lambda view: self._show(view=view))
        made.painted.connect(self.painted)
        made.died.connect(self._context.notices.inform)
        return made

    def _make_buttons(self) -> QWidget:
        keys = self._context.actions
        row = QWidget(self)
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(7)
        for action_id, field in _LAYERS:
            self._layers[field] = keys.button(action_id, self, partial(self._toggle, action_id, field), role="layer")
            self._layers[field].setCheckable(True)
            self._layers[field].setChecked(True)
            inside.addWidget(self._layers[field])
        inside.addWidget(keys.button("map.fit", self, self.fit, role="layer"))
        keys.bind("map.follow", self, self.follow)
        return row

    def _toggle(self, field_action: str, field: str) -> None:
        button = self._layers[field]
        words = action(field_action).text
        button.say(words if button.isChecked() else self.tr("{0} hidden").format(words))
        self._show(**{field: button.isChecked()})
        self._place_buttons()

    def _place_buttons(self) -> None:
        self._buttons.adjustSize()
        self._buttons.move(max(0, self.width() - self._buttons.width() - 12), 12)
        self._buttons.raise_()

    def _take_look(self) -> None:
        look = self._context.theme
        family = fonts(look.scale).text.family()
        self._show(look=MapLook(look.theme.tokens(), f'"{family}", sans-serif', look.scale))
        self._place_buttons()

    def _chosen(self, kind: str, key: str) -> None:
        (self.unit_chosen if kind == "unit" else self.call_chosen).emit(key)
