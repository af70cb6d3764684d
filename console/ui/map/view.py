"""The map pane: the page (or the list in its place), the layer buttons, and the live board on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.domain.ids import UnitId
from console.ui.action_button import ActionButton
from console.ui.actions import action
from console.ui.context import Context
from console.ui.map.asked import Asked, past_of
from console.ui.map.picture import BLANK, MapCall, MapLook, MapPicture, MapUnit, View
from console.ui.map.placing import Placing
from console.ui.map.roving import NOTHING, Mark, beyond, still_there, words
from console.ui.map.scheme import register_scheme, why_no_map
from console.ui.theme import fonts

if TYPE_CHECKING:
    from console.ui.map.bridge import Bridge
    from console.ui.map.fallback import PlaceList
    from console.ui.map.web_map import WebMap

_LAYERS = (("map.units", "shows_units"), ("map.calls", "shows_calls"), ("map.areas", "shows_areas"))
_FRAME = 2
"""Pixels of the frame that says that the map has the keyboard."""


_STEP = 0.2
_NUDGES = {
    Qt.Key.Key_Left: (-_STEP, 0, 0), Qt.Key.Key_Right: (_STEP, 0, 0), Qt.Key.Key_Up: (0, -_STEP, 0),
    Qt.Key.Key_Down: (0, _STEP, 0), Qt.Key.Key_Plus: (0, 0, 1), Qt.Key.Key_Equal: (0, 0, 1), Qt.Key.Key_Minus: (0, 0, -1),
}  # fmt: skip
"""Parts of the pane's width and height, and steps of zoom."""


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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._context = context
        self._asked = Asked(context, self)
        self._placing = Placing(context, self)
        self._picture = BLANK
        self._layers: dict[str, ActionButton] = {}
        self._canvas: WebMap | PlaceList | None = None
        self.drawn = False
        """Whether it was painted once."""
        self.painted.connect(self._painted)
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        self._ground = QLabel(self.tr("The map is being drawn"), self)
        self._ground.setProperty("role", "ground")
        self._ground.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = self._make_buttons()
        context.theme.changed.connect(self._take_look)
        context.tiles.changed.connect(self._take_look)
        self._take_look()
        self.call_chosen.connect(context.selection.choose_call)
        self.unit_chosen.connect(context.selection.choose_unit)
        context.selection.unit_changed.connect(self._other_unit)
        self._asked.changed.connect(self._show_asked)
        self._placing.changed.connect(self._show_placing)
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
        self._tell()

    def follow(self, call_id: str | None = None) -> None:
        """Keep a call (None: the chosen one) and the units on their way to it in sight, until the person moves the map."""
        wanted = call_id or self._context.selection.call_id
        if wanted:
            self._show(view=View("follow", call=wanted))
            self._tell()

    def follow_unit(self) -> None:
        """Keep the chosen unit in sight, until the person moves the map."""
        if unit_id := self._context.selection.unit_id:
            self._show(view=View("follow", unit=unit_id))
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the map itself; what it does not know goes on to whoever does."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
        if plain != Qt.KeyboardModifier.NoModifier or not self._pressed(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _pressed(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_N | Qt.Key.Key_P:
                self._mark(beyond(self._picture, self._picture.mark, 1 if key == Qt.Key.Key_N else -1))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._placing.guess is not None:
                self._placing.confirm()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._placing.aims:
                self._page_does(lambda bridge: bridge.point())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._picture.mark != NOTHING:
                self._chosen(*self._picture.mark)
            case Qt.Key.Key_Escape if self._placing.aims:
                self._placing.leave()
            case Qt.Key.Key_Escape if self._picture.mark != NOTHING:
                self._mark(NOTHING)
            case _ if key in _NUDGES:
                self._page_does(lambda bridge: bridge.nudge(*_NUDGES[key]))
            case _:
                return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame says that the map has the keyboard."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And that it has it no more."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame."""
        super().paintEvent(event)
        if self.hasFocus():
            pen = QPainter(self)
            pen.setPen(QPen(self._context.theme.theme.colour("focus"), 2 * _FRAME))
            pen.drawRect(self.rect())

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
        if ("units" in what or "calls" in what) and self._picture.mark != NOTHING:
            self._mark(still_there(self._picture, self._picture.mark))  # its words have an age too
        elif self._canvas is not None:
            self._canvas.show_picture(self._picture)

    def _open(self) -> None:
        """Make the page, below the ground until it is drawn; or the list, at once."""
        from console.ui.map.live import LiveMap  # loaded when the board is there

        self._canvas = self._make_canvas()
        self._canvas.chosen.connect(self._chosen)
        self._tell()
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

            places = PlaceList(why_no_map(), self)
            self.setFocusProxy(places.list)
            return places
        from console.ui.map.web_map import WebMap  # a desk without WebEngine has no such module to load

        made = WebMap(self._context.tiles, self)
        made.freed.connect(self._freed)
        made.bridge.pointed.connect(self._placing.point)
        made.pressed.connect(self.setFocus)
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
        self._covers = keys.button("map.coverage", self, self._toggle_coverage, role="layer")
        self._trail = keys.button("map.trail", self, self._toggle_trail, role="layer")
        for button in (self._covers, self._trail):
            button.setCheckable(True)
        others = (
            self._covers, self._trail, keys.button("map.layers", self, self._asked.next_layers, role="layer"),
            keys.button("map.fit", self, self.fit, role="layer"),
        )  # fmt: skip
        for button in others:
            inside.addWidget(button)
        self._all = (*self._layers.values(), *others)
        keys.bind("map.follow", self, self.follow)
        keys.bind("map.follow_unit", self, self.follow_unit)
        keys.bind("map.place", self, self._place)
        keys.bind("focus.map", self, lambda: self.setFocus(Qt.FocusReason.ShortcutFocusReason))
        return row

    def _toggle_coverage(self) -> None:
        self._asked.cover(self._covers.isChecked())

    def _toggle_trail(self) -> None:
        selection = self._context.selection
        call = self._context.chosen_call
        past = past_of(self._context, selection.call_id) if call is not None and call.closing is not None else None
        whose = (past or selection.unit_id) if self._trail.isChecked() else None
        if whose is None and self._trail.isChecked():
            self._trail.setChecked(False)
            self._context.notices.inform(self.tr("Choose a unit, or a closed call, to see where it has been."))
        self._asked.trail(whose)

    def _other_unit(self, unit_id: str) -> None:
        """The trail is always of the unit that is chosen."""
        if self._trail.isChecked() and unit_id:
            self._asked.trail(UnitId(unit_id))

    def _place(self) -> None:
        self._placing.begin()
        if self._placing.aims:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_asked(self) -> None:
        asked = self._asked
        self._show(bands=asked.bands, trails=asked.trails, layers=asked.layers)
        self._tell()

    def _show_placing(self) -> None:
        self._show(aims=self._placing.aims, guess=self._placing.guess)
        self._tell()

    def _freed(self, view: View) -> None:
        self._show(view=view)
        self._tell()

    def _mark(self, mark: Mark) -> None:
        self._show(mark=mark)
        self._tell()

    def _tell(self) -> None:
        """Say in the corner, and to screen readers, what is shown besides the board and what the keyboard is on."""
        held = self.tr("View held, Ctrl 0 fits") if self._picture.view.mode == "free" else ""
        on = words(self._picture, self._picture.mark)
        said = self._placing.words or " · ".join(filter(None, (on, self._asked.legend, held)))
        self._show(legend=said)
        self.setAccessibleDescription(said)

    def _page_does(self, what: Callable[[Bridge], None]) -> None:
        """Have the page do something; the list that stands in for it has no view to move."""
        bridge = getattr(self._canvas, "bridge", None)
        if bridge is not None:
            what(bridge)

    def _toggle(self, field_action: str, field: str) -> None:
        button = self._layers[field]
        words = action(field_action).text
        button.say(words if button.isChecked() else self.tr("{0} hidden").format(words))
        self._show(**{field: button.isChecked()})
        self._place_buttons()

    def _place_buttons(self) -> None:
        """At the top right; without their key caps where there is no room for them."""
        for shown in (True, False):
            for button in self._all:
                button.show_key(shown)
            self._buttons.adjustSize()
            if self._buttons.width() <= self.width() - 24:
                break
        self._buttons.move(max(0, self.width() - self._buttons.width() - 12), 12)
        self._buttons.raise_()

    def _take_look(self) -> None:
        look = self._context.theme
        family = fonts(look.scale).text.family()
        drawn = MapLook(look.theme.tokens(), f'"{family}", sans-serif', look.scale)
        self._show(look=drawn, tiles=self._context.tiles.layer(look.theme.name))
        self._place_buttons()

    def _chosen(self, kind: str, key: str) -> None:
        (self.unit_chosen if kind == "unit" else self.call_chosen).emit(key)
