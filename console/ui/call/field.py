"""One field of a call that is edited in place: what a person types is never replaced by what others do meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from console.ui.entry_edit import begins_a_command
from console.ui.widgets import caption, give_look, scaled


class _Line(QLineEdit):
    """Escape puts the field back."""

    escaped = Signal()

    def event(self, event: QEvent) -> bool:
        """Leave the key of the command line to it while nothing is written."""
        if begins_a_command(event, not self.text()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is the field's own while something is typed in it."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.escaped.emit()
            return
        super().keyPressEvent(event)


class EditField(QWidget):
    """A name, a line, and beside it what happens to it. Enter asks for the change, Escape takes the stored words back."""

    entered = Signal(str)
    typed = Signal(str)
    """The half-typed words, to keep; "" once they are entered or dropped."""

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__()
        self._stored = ""
        self._base = ""
        self._sending: str | None = None
        self.line = _Line()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(placeholder)
        self._beside = caption("", "small", wrap=True)
        label = QLabel(name)
        label.setProperty("role", "small")
        label.setBuddy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(3))
        for widget in (label, self.line, self._beside):
            column.addWidget(widget)
        self._beside.hide()
        self.line.textEdited.connect(self._edited)
        self.line.returnPressed.connect(self._enter)
        self.line.escaped.connect(self.put_back)

    @property
    def edited(self) -> bool:
        """Whether it holds words that were not entered yet."""
        return self.line.isModified()

    def show_stored(self, words: str) -> None:
        """The call says this now. A field in edit keeps what is typed, and says beside it what it would replace."""
        self._stored = words
        if self._sending is not None and words == self._sending and words != self._base:
            self._settle()
        elif not self.edited:
            self._base = words
            if self.line.text() != words:
                self.line.setText(words)
        elif words != self._base:
            self.say(f"changed meanwhile to “{words}” · Enter replaces that, Escape takes it", "due")

    def restore(self, stored: str, draft: str) -> None:
        """Begin with another call: its stored words, or what was half typed there."""
        self._stored = self._base = stored
        self._sending = None
        self.line.setText(draft or stored)
        self.line.setModified(bool(draft))
        if draft:
            self.say("not entered yet · Enter", "small")
        else:
            self.say("")

    def put_back(self) -> None:
        """Drop what is typed."""
        self._sending = None
        self.line.setModified(False)
        self.show_stored(self._stored)
        self.say("")
        self.typed.emit("")

    def send(self, shown: str) -> None:
        """The change is on its way; once the call shows these words it has arrived."""
        self._sending = shown
        self.say("sending…")

    def accept(self) -> None:
        """The hub took it, whatever the call shows."""
        if self._sending is not None:
            self._settle()

    def refuse(self, words: str) -> None:
        """Say why it was not changed; what was typed stays."""
        self._sending = None
        self.say(words, "alarm")

    def say(self, words: str, role: str = "small") -> None:
        """Say something beside the field; "" takes it away."""
        give_look(self._beside, role=role)
        self._beside.setText(words)
        self._beside.setVisible(bool(words))

    def beside(self) -> str:
        """What is said beside the field."""
        return self._beside.text()

    def focus(self) -> None:
        """Put the keyboard here, everything selected."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def _settle(self) -> None:
        self._sending = None
        self.line.setModified(False)
        self._base = self._stored
        self.line.setText(self._stored)
        self.say("")
        self.typed.emit("")

    def _edited(self, words: str) -> None:
        self._sending = None
        if words == self._stored:
            self.line.setModified(False)
            self.say("")
            self.typed.emit("")
            return
        if not self._beside.text().startswith("changed meanwhile"):
            self.say("Enter changes it, Escape leaves it")
        self.typed.emit(words)

    def _enter(self) -> None:
        if self.edited:
            self.entered.emit(self.line.text().strip())
