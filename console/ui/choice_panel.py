"""A list of things to choose from inside a pane: one key each, arrows and Enter, a note where one is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from console.ui.option import Option
from console.ui.option_delegate import OptionDelegate
from console.ui.option_model import OptionModel
from console.ui.widgets import caption, has_keyboard, scaled

_SHARE_OF_WINDOW: Final = 0.42
"""The list is never higher than this share of the window; longer ones scroll."""
_LEAST: Final = 60
"""Pixels of the list that stay in the lowest of panes: what is under it must not be pushed out of the window."""
_OWN_KEYS: Final = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Backspace,
}  # fmt: skip

Do = Callable[[str, str], object]
"""Gets the value of what was chosen, and the note."""


class _List(QListView):
    """Tells its panel of the keys that choose; with several columns it goes on beside before it goes on below."""

    def __init__(self, panel: ChoicePanel, columns: int) -> None:
        super().__init__()
        self._panel, self._columns = panel, columns
        self.options = OptionModel()
        self.setModel(self.options)
        if columns > 1:
            self.setFlow(QListView.Flow.LeftToRight)
            self.setWrapping(True)
            self.setResizeMode(QListView.ResizeMode.Adjust)
        self._delegate = OptionDelegate()
        self.setItemDelegate(self._delegate)
        self.wanted = 0

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(super().sizeHint().width(), self.wanted)

    def minimumSizeHint(self) -> QSize:
        """Lower where the pane is; then it scrolls."""
        return QSize(0, min(self.wanted, scaled(_LEAST)))

    @property
    def place(self) -> int:
        """The row that is chosen, or -1."""
        return self.currentIndex().row()

    def choose(self, place: int) -> None:
        """Choose a row; -1 chooses none."""
        if place < 0:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self.options.index(place, 0))

    def _heights(self) -> list[int]:
        rows = range(self.options.rowCount())
        return [self.sizeHintForIndex(self.options.index(place, 0)).height() for place in rows]

    def lines_high(self) -> int:
        """How high all its lines are together."""
        heights = self._heights()
        return sum(heights) if self._columns == 1 else -(-len(heights) // self._beside()) * max(heights, default=0)

    def _room(self) -> int:
        return self.viewport().width() - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)

    def _beside(self) -> int:
        """How many options stand beside one another: as many as were asked for, or fewer, so that no words are cut off."""
        widest = max((self._delegate.needs(option.words) for option in self.options.options), default=1)
        return max(1, min(self._columns, self._room() // widest))

    def share_width(self) -> None:
        """Columns of one width, every option as high as the highest."""
        if self._columns > 1:
            self._delegate.wide = max(1, self._room() // self._beside())  # Qt keeps room for a scroll bar, there or not
            self.setGridSize(QSize(self._delegate.wide, max(self._heights(), default=1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow."""
        super().resizeEvent(event)
        self.share_width()
        if event.size().width() != event.oldSize().width():
            self._panel.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard selects nothing: Qt would select the first, and its key would then do it at once."""
        before = self.place
        super().focusInEvent(event)
        if before < 0:
            self.choose(-1)

    def event(self, event: QEvent) -> bool:
        """Plain keys are for the choice, whatever they mean in the pane around the list."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            mine = event.key() in _OWN_KEYS or self._panel.knows(event.text().lower())
            if held == Qt.KeyboardModifier.NoModifier and mine:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A choice's own key selects it or does it; Enter does what is selected; Escape leaves."""
        if event.isAutoRepeat() and event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.confirm()
        elif event.key() == Qt.Key.Key_Escape:
            self._panel.leave()
        elif not (event.text() and event.text().strip() and self._panel.press(event.text().lower())):
            super().keyPressEvent(event)


class ChoicePanel(QFrame):
    """Hidden until it asks; then it has the keyboard until somebody chooses or leaves, and gives the keyboard back.

    Where it is about what cannot be taken back, an option takes two keys, one to choose it and one to do it, and the
    panel stays until it is done. Asked `at_once`, the first key does it: the key that opened the list was the first of two.
    """

    left = Signal()
    note_changed = Signal(str)

    def __init__(self, columns: int = 1) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.options: tuple[Option, ...] = ()
        self._at_once = False
        self._title, self._why_not = caption("", "heading", wrap=True), caption("", "due", wrap=True)
        self.list = _List(self, columns)
        self.note = QLineEdit()
        self.note.textEdited.connect(self.note_changed)
        self.note.returnPressed.connect(self.confirm)
        self._refusal, self._keys = caption("", "alarm", wrap=True), caption("", "small", wrap=True)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._say_keys())
        self.list.clicked.connect(lambda _: self.confirm() if self._at_once else None)
        self.list.doubleClicked.connect(lambda _: None if self._at_once else self.confirm())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(10))
        column.setSpacing(scaled(6))
        for widget in (self._title, self._why_not, self.list, self.note, self._refusal):
            column.addWidget(widget)
        self._column, self._more_keys = column, dict[str, Callable[[], object]]()
        foot = QHBoxLayout()
        foot.addWidget(self._keys, 1)
        column.addLayout(foot)
        self._does = ""
        self._do: Do = lambda _value, _note: None
        self._before: QWidget | None = None
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it asks something now."""
        return not self.isHidden()

    def ask(self, title: str, options: tuple[Option, ...], do: Do, *, does: str, note: str | None, why_not: str = "",
            text: str = "", at_once: bool = False) -> None:  # fmt: skip
        """Show `options` under a title, and call `do` with what is chosen.

        `does` says what Enter does. `note` is the note's placeholder (None: no note); `at_once` the note shows itself only
        where an option wants one.
        """
        if not self.is_open:
            self._before = QApplication.focusWidget()
        self._do, self._does, self._at_once = do, does, at_once
        self._title.setText(title)
        self.list.setAccessibleName(title)
        self.note.setVisible(note is not None and not at_once)
        self.note.setPlaceholderText(note or "")
        self.note.setAccessibleName(note or "Note")
        self.note.setText(text)
        self.refuse("")
        self.options = ()  # asked anew: what was selected when the list was last left is not selected now
        self.show_options(options, why_not)
        self.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def add(self, widget: QWidget, key: str, do: Callable[[], object]) -> None:
        """Something that is asked besides, between the list and the note, with a key of its own while it is shown."""
        self._column.insertWidget(self._column.indexOf(self.note), widget)
        self._more_keys[key] = lambda: do() if not widget.isHidden() else None

    def show_options(self, options: tuple[Option, ...], why_not: str = "") -> None:
        """Bring the options up to date; the selected one stays selected."""
        self._why_not.setText(why_not)
        self._why_not.setVisible(bool(why_not))
        if options == self.options and options == self.list.options.options:
            return
        keep = self.option.value if self.option else None
        self.options = options
        self.list.options.show_options(options)
        places = [place for place, option in enumerate(options) if option.value == keep and not option.why_not]
        first = next((place for place, option in enumerate(options) if not option.why_not), -1)
        self.list.choose(places[0] if places else first if not any(o.key for o in options) else -1)
        self.fit()
        self._say_keys()

    def fit(self) -> None:
        """As high as the lines of the list at its width, within its share of the window."""
        most = round(self.window().height() * _SHARE_OF_WINDOW)
        self.list.wanted = max(scaled(24), min(self.list.lines_high() + 2 * self.list.frameWidth(), most))
        self.list.setMaximumHeight(self.list.wanted)
        self.list.updateGeometry()
        self.list.share_width()

    @property
    def option(self) -> Option | None:
        """The selected option, or None."""
        place = self.list.place
        return self.options[place] if 0 <= place < len(self.options) else None

    def knows(self, key: str) -> bool:
        """Whether an option has that key."""
        return bool(key) and any(option.key == key for option in self.options)

    def press(self, key: str) -> bool:
        """Select the option of that key, or do it: if it is selected already, or `at_once`. Says whether there is one."""
        if key in self._more_keys:
            self._more_keys[key]()
            return True
        place = next((place for place, option in enumerate(self.options) if option.key and option.key == key), None)
        if place is None:
            return False
        if self.options[place].why_not:
            self.refuse(self.options[place].why_not)
            return True
        was_selected = self.list.place == place
        self.list.choose(place)
        if was_selected or self._at_once:
            self.confirm()
        return True

    def confirm(self) -> None:
        """Do what is selected; where a note is missing, or was kept and not yet seen, show it first."""
        option = self.option
        if option is None or option.why_not:
            self.refuse("Choose one first: by its key, or with the arrows.")
        elif option.needs_note and (self.note.isHidden() or not self.note.text().strip()):
            if self.note.hasFocus() or not self._at_once:
                self.refuse(f"“{option.words}” wants a few words.")
            self.note.show()
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.refuse("")
            note = self.note.text().strip() if option.needs_note or not self._at_once else ""
            if self._at_once:
                self.leave()
            self._do(option.value, note)

    def refuse(self, words: str) -> None:
        """Say beside the list why it was not done; "" takes the words away."""
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))

    def leave(self) -> None:
        """Close without doing anything; the keyboard goes back to where it was, if it is still here."""
        if not self.is_open:
            return
        had_keyboard, back = has_keyboard(self), self._before
        self._before = None
        self.hide()
        self.left.emit()
        if had_keyboard and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves from the note too, and the arrows choose from there."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.list.hasFocus():
            QApplication.sendEvent(self.list, event)
            return
        super().keyPressEvent(event)

    def _say_keys(self) -> None:
        option = self.option
        if self._at_once:
            self._keys.setText("A key does it, or the arrows and Enter; Escape leaves")
        elif option is None:
            none = bool(self.options) and all(option.why_not for option in self.options)
            self._keys.setText(
                "None may be chosen now; Escape leaves" if none else "A key or the arrows choose, Escape leaves"
            )
        else:
            again = f" or {option.key.upper()} again" if option.key else ""
            self._keys.setText(f"Enter{again}: {self._does}, {option.words} · Escape leaves")
