"""Suggestions of places on any line: what the hub finds for the words typed, in a list worked without leaving the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView

from console.ui.context import Context
from console.ui.found_places import option_of
from console.ui.option_delegate import OptionDelegate
from console.ui.option_model import OptionModel
from console.ui.question import Question
from console.ui.under_line import lie_under
from console.ui.widgets import scaled
from console.wire.geography import FoundPlace

_LEAST_TYPED: Final = 3
"""Letters from which on places are looked for."""
_MOST_TYPED: Final = 200
_LEAST_WIDE, _MOST_WIDE = 420, 860
_STEPS: Final = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


class _PlaceList(QListView):
    """Lies over the window, beside the line it belongs to, and never takes the keyboard from it. Nothing is selected."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self.rows, self._delegate = OptionModel(), OptionDelegate()
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setProperty("role", "card")
        self.setAccessibleName("Places found")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line.destroyed.connect(self.deleteLater)  # it lies in the window once it was shown, and must not outlive its line
        self.hide()

    def show_found(self, found: tuple[FoundPlace, ...]) -> None:
        """List these; none hide the list."""
        self.rows.show_options(tuple(option_of(each) for each in found))
        if not found:
            self.hide()
            return
        self._lie()
        QTimer.singleShot(0, self, self._lie)  # the line may move as the words around it change with the same letter
        self.show()
        self.raise_()

    def _lie(self) -> None:
        lines = range(self.rows.rowCount())
        high = sum(self.sizeHintForRow(line) for line in lines) + 2 * self.frameWidth()
        lie_under(self._line, self, min(high, self._line.window().height()), scaled(_LEAST_WIDE), scaled(_MOST_WIDE))

    @property
    def place(self) -> int:
        """The row that is selected, or -1."""
        return self.currentIndex().row()

    def move_by(self, step: int) -> None:
        """Select the next one, or the one before; before the first, and after the last, none is: the words as typed."""
        count = self.rows.rowCount()
        place = (self.place + 1 + step) % (count + 1) - 1
        if place < 0:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self.rows.index(place, 0))


class PlacePicker(QObject):
    """Watches a line. Down and Up select in the list, Enter takes what is selected, Escape closes the list alone.

    Where nothing is selected the keys are the line's own, and the words stay as they were typed; so where the hub is away.
    """

    taken = Signal(object)
    """The `FoundPlace` that was taken."""
    pointed = Signal()
    """Another is selected, or none any more."""

    def __init__(self, line: QLineEdit, context: Context, words: Callable[[], str] | None = None) -> None:
        """`words` says which part of the line is of a place; without it, all of it."""
        super().__init__(line)
        self._line, self._words = line, words or line.text
        self._question: Question[tuple[FoundPlace, ...]] = Question(context.store, self._hear, "places")
        self._asked = ""
        self.found: tuple[FoundPlace, ...] = ()
        self.list = _PlaceList(line)
        self.list.clicked.connect(self._clicked)
        line.textEdited.connect(lambda _: self.look())
        line.textChanged.connect(lambda _: None if line.isModified() else self.close())  # it was not typed
        line.installEventFilter(self)

    def look(self) -> None:
        """Ask what the words may mean now; while a question is on its way the newest words wait for its answer."""
        words = self._words().strip()
        if not _LEAST_TYPED <= len(words) <= _MOST_TYPED or not any(letter.isalpha() for letter in words):
            self._asked = ""
            self._show(())
        elif words != self._asked and not self._question.waits:
            self._asked = words
            self._question.ask(lambda hub: hub.geocode(words))

    @property
    def selected(self) -> FoundPlace | None:
        """The place that Enter takes now; None while the line's own keys are its own."""
        place = -1 if self.list.isHidden() else self.list.place
        return self.found[place] if 0 <= place < len(self.found) else None

    def close(self) -> None:
        """Close the list; what is typed stays."""
        self._question.cancel()
        self._asked = ""
        self._show(())

    def _hear(self, found: tuple[FoundPlace, ...] | None, _why: str) -> None:
        """An answer to words that changed meanwhile asks anew; one for a line that lost the keyboard is not shown."""
        if not self._line.hasFocus() or not self._asked:
            self._show(())
        elif self._words().strip() != self._asked:
            self.look()
        else:
            self._show(found or ())

    def _show(self, found: tuple[FoundPlace, ...]) -> None:
        self.found = found
        self.list.show_found(found)
        self.pointed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the list while it is open; leaving the line closes it."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.close()
        elif isinstance(event, QKeyEvent) and self._is_mine(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event.key())
                return True
        return super().eventFilter(watched, event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        key = event.key()
        if self.list.isHidden() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            return True
        return key in (Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected is not None

    def _press(self, key: int) -> None:
        if key in _STEPS:
            self.list.move_by(_STEPS[key])
            self.pointed.emit()
            return
        chosen = self.selected
        self.close()
        if key != Qt.Key.Key_Escape and chosen is not None:
            self.taken.emit(chosen)

    def _clicked(self, index: QModelIndex) -> None:
        chosen = self.found[index.row()]
        self.close()
        self.taken.emit(chosen)
