"""A list of things to choose from inside a pane: one key each, arrows and Enter, a note where one is wanted."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from console.ui.call.option_delegate import DETAIL_ROLE, KEY_ROLE, OptionDelegate
from console.ui.widgets import caption, scaled

_SHARE_OF_WINDOW: Final = 0.42
"""The list is never higher than this share of the window; longer ones scroll."""
_LEAST: Final = 60
"""Pixels of the list that stay in the lowest of panes: what is under it must not be pushed out of the window."""


class Option(Struct, frozen=True):
    """One choice: its key, its words, a second line, whether it wants a note, and why it cannot be chosen ("")."""

    value: str
    words: str
    key: str = ""
    detail: str = ""
    needs_note: bool = False
    why_not: str = ""


class _List(QListWidget):
    """Tells its panel of the keys that choose."""

    def __init__(self, panel: ChoicePanel) -> None:
        super().__init__()
        self._panel = panel
        self._delegate = OptionDelegate()
        self.setItemDelegate(self._delegate)
        self.wanted = 0

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(super().sizeHint().width(), self.wanted)

    def minimumSizeHint(self) -> QSize:
        """Lower where the pane is; then it scrolls."""
        return QSize(0, min(self.wanted, scaled(_LEAST)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the keyboard selects nothing: Qt would select the first, and its key would then do it at once."""
        selected = self.currentRow()
        super().focusInEvent(event)
        if selected < 0:
            self.setCurrentRow(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A choice's own key selects it, and pressed again does it; Enter does what is selected; Escape leaves."""
        if event.isAutoRepeat() and event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.confirm()
        elif event.key() == Qt.Key.Key_Escape:
            self._panel.leave()
        elif not (event.text() and event.text().strip() and self._panel.press(event.text().lower())):
            super().keyPressEvent(event)


class ChoicePanel(QFrame):
    """Shows options until one is confirmed or the panel is left. What cannot be taken back takes two keys: choose, do."""

    confirmed = Signal(str, str)
    """The value of the option, and the note."""
    left = Signal()
    note_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.options: tuple[Option, ...] = ()
        self._title, self._why_not = caption("", "heading", wrap=True), caption("", "due", wrap=True)
        self.list = _List(self)
        self.note = QLineEdit()
        self.note.textEdited.connect(self.note_changed)
        self.note.returnPressed.connect(self.confirm)
        self._refusal, self._keys = caption("", "alarm", wrap=True), caption("", "small", wrap=True)
        self.list.currentRowChanged.connect(lambda _: self._say_keys())
        self.list.itemDoubleClicked.connect(lambda _: self.confirm())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(10))
        column.setSpacing(scaled(6))
        for widget in (self._title, self._why_not, self.list, self.note, self._refusal):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self._keys, 1)
        column.addLayout(foot)
        self._does = ""

    def ask(self, title: str, options: tuple[Option, ...], *, does: str, note: str | None, why_not: str = "",
            text: str = "", chosen: str = "") -> None:  # fmt: skip
        """Show `options` under a title; `does` says what Enter does, `note` is the note's placeholder (None: no note)."""
        self._does = does
        self._title.setText(title)
        self.list.setAccessibleName(title)
        self.note.setVisible(note is not None)
        self.note.setPlaceholderText(note or "")
        self.note.setAccessibleName(note or "Note")
        self.note.setText(text)
        self.refuse("")
        self.options = ()  # asked anew: what was selected when the list was last left is not selected now
        self.show_options(options, why_not, chosen=chosen)
        self.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_options(self, options: tuple[Option, ...], why_not: str = "", *, chosen: str = "") -> None:
        """Bring the options up to date; the selected one stays selected."""
        self._why_not.setText(why_not)
        self._why_not.setVisible(bool(why_not))
        if options == self.options and self.list.count() == len(options) and not chosen:
            return
        keep = chosen or (self.option.value if self.option else "")
        self.options = options
        self.list.clear()
        for option in options:
            detail = option.why_not or option.detail
            item = QListWidgetItem(option.words)
            item.setData(KEY_ROLE, option.key)
            item.setData(DETAIL_ROLE, detail)
            spoken = (option.words, f"key {option.key}" if option.key else "", detail)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in spoken if part))
            item.setToolTip(detail)
            if option.why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        places = [place for place, option in enumerate(options) if option.value == keep and not option.why_not]
        first = next((place for place, option in enumerate(options) if not option.why_not), -1)
        self.list.setCurrentRow(places[0] if places else first if not any(o.key for o in options) else -1)
        self._fit()
        self._say_keys()

    def _fit(self) -> None:
        rows = sum(self.list.sizeHintForRow(place) for place in range(self.list.count()))
        most = round(self.window().height() * _SHARE_OF_WINDOW)
        self.list.wanted = max(scaled(24), min(rows + 2 * self.list.frameWidth(), most))
        self.list.setMaximumHeight(self.list.wanted)
        self.list.updateGeometry()

    @property
    def option(self) -> Option | None:
        """The selected option, or None."""
        place = self.list.currentRow()
        return self.options[place] if 0 <= place < len(self.options) and self.list.count() > place else None

    def press(self, key: str) -> bool:
        """Select the option of that key, or do it if it is selected already; says whether there is one."""
        place = next((place for place, option in enumerate(self.options) if option.key and option.key == key), None)
        if place is None:
            return False
        if self.list.currentRow() == place:
            self.confirm()
        elif not self.options[place].why_not:
            self.list.setCurrentRow(place)
        else:
            self.refuse(self.options[place].why_not)
        return True

    def confirm(self) -> None:
        """Do what is selected; where a note is missing, ask for it."""
        option = self.option
        if option is None or option.why_not:
            self.refuse("Choose one first: by its key, or with the arrows.")
        elif option.needs_note and not self.note.text().strip():
            self.refuse(f"“{option.words}” wants a few words.")
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.refuse("")
            self.confirmed.emit(option.value, self.note.text().strip())

    def refuse(self, words: str) -> None:
        """Say beside the list why it was not done; "" takes the words away."""
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))

    def leave(self) -> None:
        """Close without doing anything."""
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves from the note too."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _say_keys(self) -> None:
        option = self.option
        if option is None:
            self._keys.setText("A key or the arrows choose, Escape leaves")
        else:
            again = f" or {option.key.upper()} again" if option.key else ""
            self._keys.setText(f"Enter{again}: {self._does}, {option.words} · Escape leaves")
