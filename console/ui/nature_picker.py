"""Type-ahead for natures on any line: a list under it while words of a nature are typed, worked without leaving the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from console.domain.agency import Nature
from console.domain.nature_search import search_in, used_on
from console.ui.context import Context
from console.ui.nature_list import NatureList

_MOST: Final = 10
_STEPS: Final = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


class NaturePicker(QObject):
    """Watches a line. Arrows select in the list, Enter takes what is selected, Escape closes the list and nothing else.

    Where nothing is selected the keys are the line's own. With `selects` the nature that Enter would find is selected.
    """

    taken = Signal(str)
    """The code of the nature that was taken."""

    def __init__(
        self, line: QLineEdit, context: Context, *, words: Callable[[], str] | None = None, selects: bool = True
    ) -> None:
        """`words` says which part of the line is of a nature; without it, all of it."""
        super().__init__(line)
        self._line, self._context, self._selects = line, context, selects
        self._words = words or line.text
        self.list = NatureList(line)
        self.list.clicked.connect(self._clicked)
        self._looked_for = ""
        line.textEdited.connect(lambda _: self.look())
        line.textChanged.connect(self._changed)
        line.installEventFilter(self)

    def look(self) -> None:
        """List what the words may mean now."""
        self._looked_for = self._line.text()
        state, words = self._context.store.state, self._words()
        search = search_in(state.agency)
        found = search.find(words, used=used_on(state), most=_MOST + 1)
        meant = search.meant(words) if self._selects and found else ()
        natures = tuple(each.nature for each in found[:_MOST])
        chosen = meant[0] if len(meant) == 1 else None
        self.list.show_natures(state.agency, natures, chosen, more=len(found) > _MOST)

    @property
    def selected(self) -> Nature | None:
        """The nature that Enter takes now; None while the line's own keys are its own."""
        return None if self.list.isHidden() else self.list.chosen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the list while it is open; leaving the line closes it, entering it prepares the catalogue."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.list.hide()
        elif event.type() == QEvent.Type.FocusIn:
            search_in(self._context.store.state.agency)  # prepared before the first letter comes
        elif isinstance(event, QKeyEvent) and self._is_mine(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event.key())
                return True
        return super().eventFilter(watched, event)

    def _changed(self, text: str) -> None:
        """What stands there now was not typed: the list is not of it."""
        if text != self._looked_for:
            self.list.hide()

    def _is_mine(self, event: QKeyEvent) -> bool:
        key = event.key()
        if self.list.isHidden() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key == Qt.Key.Key_Escape or key == Qt.Key.Key_Down:
            return True
        return key in (Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected is not None

    def _press(self, key: int) -> None:
        if key in _STEPS:
            self.list.move_by(_STEPS[key])
            return
        chosen = self.list.chosen
        self.list.hide()
        if key != Qt.Key.Key_Escape and chosen is not None:
            self.taken.emit(chosen.code)

    def _clicked(self, index: QModelIndex) -> None:
        self.list.hide()
        self.taken.emit(self.list.rows.natures[index.row()].code)
