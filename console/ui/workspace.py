"""One workspace on the screen: its panes as docks that stand flat until somebody unlocks them, on any screen."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from console.ui.context import Context
from console.ui.marks import Veil
from console.ui.panes import Pane, Split, Workspace, panes_of

_LAYOUT_VERSION = 1


class WorkspaceView(QMainWindow):
    """Makes its panes when first shown. Until a person moves them they keep the proportions of the table."""

    def __init__(self, context: Context, workspace: Workspace, saved: str = "") -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setAccessibleName(f"{workspace.name.capitalize()} workspace")
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )  # without animation: the board does not move by itself
        self.workspace = workspace
        self._context = context
        self._saved = saved
        self._docks: dict[str, QDockWidget] = {}
        self._begins: dict[str, QWidget] = {}
        self.veils: list[Veil] = []
        self._greyed = False
        self.unlocked = False
        self.made = False
        """Whether the panes are there."""
        self._own_layout = bool(saved)
        # Docks take a size only once Qt has laid them out, which it does after it has shown or resized them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._keep_proportion)

    @property
    def settled(self) -> bool:
        """Whether the panes have the sizes they are meant to have now."""
        return self.made and not self._soon.isActive()

    def docks_in_order(self) -> list[QDockWidget]:
        """The docks in reading order."""
        return [self._docks[pane.name] for pane in panes_of(self.workspace.layout) if pane.name in self._docks]

    def pane(self, name: str) -> QWidget | None:
        """The widget of a pane, None while the workspace has not been shown."""
        dock = self._docks.get(name)
        return dock.widget().findChild(QWidget, "pane") if dock else None

    def make(self) -> None:
        """Make the panes, once."""
        for _ in self.making():
            pass

    def making(self) -> Iterator[None]:
        """Make the panes that are not there, one after the other: between two of them something else may have its turn."""
        if self.made:
            return
        for pane in panes_of(self.workspace.layout):
            if pane.name not in self._docks:
                self._docks[pane.name] = self._dock(pane)
                yield
        if self.made:
            return  # somebody else was in a hurry
        self.made = True
        self._arrange(self.workspace.layout, None, Qt.Orientation.Horizontal)
        self._lock(True)
        if self._saved and not self.restoreState(QByteArray(base64.b64decode(self._saved)), _LAYOUT_VERSION):
            self._own_layout = False
        self.grey(self._greyed)

    def take_focus(self) -> None:
        """Give the keyboard to the first thing that takes it, pane by pane in reading order."""
        if self.made:
            begins = (self._begins[pane.name] for pane in panes_of(self.workspace.layout) if pane.name in self._begins)
            takers = (found for begin in begins if (found := _taker(begin)) is not None)
            next(takers, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def layout_kept(self) -> str:
        """How the panes stand, as text for the settings; "" while nobody has moved them."""
        if not self.made:
            return self._saved
        return base64.b64encode(self.saveState(_LAYOUT_VERSION).data()).decode() if self._own_layout else ""

    def unlock(self, unlocked: bool) -> None:
        """Give the panes title bars to be dragged by, or take them away again."""
        self.unlocked = unlocked
        self._own_layout = self._own_layout or unlocked
        self._lock(not unlocked)

    def reset(self) -> None:
        """Put every pane back where the table says."""
        self._own_layout = False
        self._saved = ""
        for dock in self._docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        self._arrange(self.workspace.layout, None, Qt.Orientation.Horizontal)
        for dock in self._docks.values():
            dock.show()
        self.unlock(False)
        self._own_layout = False
        self._soon.start()

    def grey(self, greyed: bool) -> None:
        """Lay the grey of an old board over every pane, or take it away."""
        self._greyed = greyed
        for veil in self.veils:
            veil.show_mark(greyed)

    def showEvent(self, event: QShowEvent) -> None:
        """The first showing makes the panes."""
        fresh = not self.made
        self.make()
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self._keep_proportion()
        self._soon.start()
        if fresh:
            self.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room as the table says, unless a person has shared it otherwise."""
        super().resizeEvent(event)
        self._soon.start()

    def _keep_proportion(self) -> None:
        if self.made and not self._own_layout:
            self._proportion(self.workspace.layout)

    # --------------------------------------------------------------------------------------------- placing

    def _arrange(self, part: Split | Pane, beside: QDockWidget | None, along: Qt.Orientation) -> None:
        """Place a part beside a dock; a split first places the first pane of each of its parts, then goes into them."""
        if isinstance(part, Pane):
            self._add(part, beside, along)
            return
        direction = Qt.Orientation.Horizontal if part.direction == "row" else Qt.Orientation.Vertical
        firsts = [next(panes_of(p)) for p in part.parts]
        for place, first in enumerate(firsts):
            if place == 0:
                self._add(first, beside, along)
            else:
                self._add(first, self._docks[firsts[place - 1].name], direction)
        for inner, first in zip(part.parts, firsts, strict=True):
            if isinstance(inner, Split):
                self._arrange_rest(inner, first)

    def _arrange_rest(self, part: Split, first: Pane) -> None:
        direction = Qt.Orientation.Horizontal if part.direction == "row" else Qt.Orientation.Vertical
        last = self._docks[first.name]
        for inner in part.parts[1:]:
            self._arrange(inner, last, direction)
            last = self._docks[next(panes_of(inner)).name]
        if isinstance(part.parts[0], Split):
            self._arrange_rest(part.parts[0], first)

    def _add(self, pane: Pane, beside: QDockWidget | None, along: Qt.Orientation) -> None:
        dock = self._docks[pane.name]
        if beside is None:
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock, along)
        elif dock is not beside:
            self.splitDockWidget(beside, dock, along)

    def _proportion(self, split: Split, width: int = 0, height: int = 0) -> None:
        """Share the room of a split (the whole view's, unless it is given) by its shares, and so on inwards."""
        width, height = width or self.width(), height or self.height()
        row = split.direction == "row"
        firsts = [self._docks[next(panes_of(part)).name] for part in split.parts]
        shares = split.divide(width if row else height, self._context.theme.scale)
        self.resizeDocks(firsts, shares, Qt.Orientation.Horizontal if row else Qt.Orientation.Vertical)
        for part, share in zip(split.parts, shares, strict=True):
            if isinstance(part, Split):
                self._proportion(part, share if row else width, height if row else share)

    def _dock(self, pane: Pane) -> QDockWidget:
        dock = QDockWidget(pane.title, self)
        dock.setObjectName(pane.name)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        veil = Veil(holder)
        self.veils.append(veil)
        sooner = None if self._context.opening.is_over else pane.stand_in()

        def fill() -> None:
            if sooner is not None:
                sooner.hide()
                sooner.deleteLater()
            widget = pane.make(self._context)
            widget.setObjectName("pane")
            column.addWidget(widget)
            widget.show()
            self._begins[pane.name] = widget.focusProxy() or widget
            widget.setFocusProxy(None)  # type: ignore[arg-type]  # with it Tab would stop there again, out of its turn
            veil.raise_()

        if sooner is None:
            fill()
        else:
            column.addWidget(sooner)
            self._context.opening.afterwards(fill, first=True)
        dock.setWidget(holder)
        return dock

    def _lock(self, locked: bool) -> None:
        features = QDockWidget.DockWidgetFeature
        for dock in self._docks.values():
            if locked:
                dock.setTitleBarWidget(QWidget(dock))
                dock.setFeatures(features.NoDockWidgetFeatures)
            else:
                bare = dock.titleBarWidget()
                dock.setTitleBarWidget(None)  # type: ignore[arg-type]  # None gives the dock its own title bar back
                if bare is not None:
                    bare.deleteLater()
                dock.setFeatures(features.DockWidgetMovable | features.DockWidgetFloatable)


def _taker(begin: QWidget) -> QWidget | None:
    """This widget, or the first in it, that takes the keyboard; None where nothing does yet."""
    candidates = (begin, *(w for w in begin.findChildren(QWidget) if w.isVisibleTo(begin)))
    return next((w for w in candidates if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()), None)
