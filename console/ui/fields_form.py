"""A few lines to fill in, in place: Enter goes on and at the last one does it, Escape leaves; a refusal keeps the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import shiboken6
from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from console.ui.widgets import caption, empty, has_keyboard, scaled


class Field(Struct, frozen=True):
    """One line: what it is, said above it, what it may say, and what stands in it at first."""

    name: str
    words: str
    hint: str = ""
    text: str = ""
    sealed: bool = False
    """Whether it is clinical: drawn on the ground of what is sealed, and no keyboard learns it."""


class FieldsForm(QFrame):
    """Hidden until it asks. `do` gets what was typed, by the fields' names; whoever does it closes the form or refuses."""

    left = Signal()
    """It was closed; what was typed in it stands in `values`."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._do: Callable[[dict[str, str]], object] = lambda _values: None
        self._before: QWidget | None = None
        self.fields: dict[str, QLineEdit] = {}
        self.began: dict[str, str] = {}
        """What stood in the lines at first: where one says something else, a person changed it."""
        self._title, self._said = caption("", "heading", wrap=True), caption("", "alarm", wrap=True)
        self._keys = caption("", "small", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(scaled(4))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(10))
        column.setSpacing(scaled(6))
        column.addWidget(self._title)
        column.addLayout(self._lines)
        column.addWidget(self._said)
        column.addWidget(self._keys)
        self.hide()

    @property
    def values(self) -> dict[str, str]:
        """What stands in the lines now, without space around it."""
        return {name: line.text().strip() for name, line in self.fields.items()}

    def ask(
        self,
        title: str,
        fields: Sequence[Field],
        do: Callable[[dict[str, str]], object],
        does: str,
        half: Mapping[str, str] | None = None,
    ) -> None:
        """Show these lines under a title; `does` says what the last Enter does, `half` what was typed in some before."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._do = do
        empty(self._lines)
        self.fields = {}
        self.began = {field.name: field.text for field in fields}
        for field in fields:
            line = QLineEdit((half or {}).get(field.name, field.text))
            line.setAccessibleName(field.words)
            line.setPlaceholderText(field.hint)
            if field.sealed:
                line.setProperty("role", "sealed")
                line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
            line.returnPressed.connect(lambda name=field.name: self._enter(name))
            self._lines.addWidget(caption(field.words, "small", wrap=True))
            self._lines.addWidget(line)
            self.fields[field.name] = line
        self._title.setText(title)
        self._keys.setText(f"Enter: {'the next line, and at the last ' if len(fields) > 1 else ''}{does} · Escape leaves")
        self.refuse("")
        self.show()
        self._go_to(next(iter(self.fields.values())))

    def refuse(self, words: str) -> None:
        """Say why it was not done; "" takes the words away."""
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def leave(self) -> None:
        """Close; the keyboard goes back to where it was."""
        if self.isHidden():
            return
        had_keyboard, back, self._before = has_keyboard(self), self._before, None
        self.hide()
        self.left.emit()
        if had_keyboard and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _go_to(self, line: QLineEdit) -> None:
        """Put the keyboard on a line, and in a pane that scrolls the line where it is seen."""
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            around.ensureWidgetVisible(line, 0, scaled(40))

    def _enter(self, name: str) -> None:
        names = list(self.fields)
        place = names.index(name) + 1
        if place < len(names):
            self._go_to(self.fields[names[place]])
        else:
            self._do(self.values)
