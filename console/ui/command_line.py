"""The command line at the bottom: type, read what Enter will do, press Enter. It refuses in words what it cannot read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QStyle, QStyleOptionFrame, QWidget

from console.domain.commands import CommandOutcome, ReceiveCall, Rejected
from console.domain.ids import CallId, UserId
from console.ui.context import Context
from console.ui.theme import look
from console.ui.verbs.reading import Ready, Refused, Wanting

if TYPE_CHECKING:
    from console.ui.command_reader import CommandReader

_SAID_S: Final = 10
"""Seconds for which the line says what became of a command; then it is ready for whoever comes next."""


class _Line(QLineEdit):
    """A line edit that writes, after the words typed, what they mean."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "command")
        self._preview, self._token = "", "muted"
        self.painted_to = 0
        """Where the words that were painted last end, in pixels from the left."""

    def preview(self, words: str, token: str) -> None:
        """Show these words after the text, in this colour."""
        if (words, token) != (self._preview, self._token):
            self._preview, self._token = words, token
            self.setAccessibleDescription(words)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, then the preview in what room is left."""
        super().paintEvent(event)
        if not self._preview:
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        metrics = self.fontMetrics()
        left = (
            room.left()
            + 4
            + metrics.horizontalAdvance(self.text())
            + (metrics.horizontalAdvance("  ") if self.text() else 0)
        )
        width = room.right() - left
        self.painted_to = left
        if width < metrics.horizontalAdvance("…" * 6):
            return
        painter = QPainter(self)
        painter.setPen(QColor(getattr(look.theme, self._token)))
        words = metrics.elidedText(self._preview, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(QPoint(left, room.top()), room.bottomRight()), Qt.AlignmentFlag.AlignVCenter, words)
        self.painted_to = left + metrics.horizontalAdvance(words)


class CommandLine(QFrame):
    """Reads on every key and on every change of the board; Enter does what stands there, or says why not."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._came_from: QWidget | None = None
        self._history: list[str] = []
        self._place, self._half_typed = 0, ""
        self._said, self._said_for = "", 0
        self._person = context.me
        self._left_by: dict[UserId, tuple[str, list[str]]] = {}
        self._awaited: CallId | None = None
        self.setProperty("role", "commands")
        prompt = QLabel("›")
        prompt.setProperty("role", "fine")
        self.line = _Line()
        self.line.setAccessibleName("Command line")
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._edited)
        self.line.returnPressed.connect(self._enter)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 1)
        row.setSpacing(4)
        row.addWidget(prompt)
        row.addWidget(self.line, 1)
        context.actions.bind("command_line", self, self.begin)
        context.typing.begun.connect(self.begin)
        context.actions.bind("commands.leave", self.line, self.leave)
        context.store.changed.connect(self._changed)
        context.store.me_changed.connect(self._person_changed)
        context.ticker.second.connect(self._second)
        context.selection.call_changed.connect(self._chose)
        context.selection.unit_changed.connect(self._refresh)
        self._refresh()
        context.opening.afterwards(lambda: self.reader)

    def begin(self, text: str = "") -> None:
        """Put the keyboard here, with `text` typed already; what stood there comes back by Up."""
        focus = QApplication.focusWidget()
        if focus is not self.line:
            self._came_from = focus
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text and not self.line.text().startswith(text):
            self._remember()
            self.line.setText(text)
        self._edited()

    def words_end(self) -> int:
        """Where the words on the line end, in pixels from the left of the bar."""
        return self.line.x() + self.line.painted_to

    def leave(self) -> None:
        """Give the keyboard back; what was typed is gone, nothing is done."""
        self.line.clear()
        self._edited()
        back, self._came_from = self._came_from, None
        if back is not None and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.line.clearFocus()

    @cached_property
    def reader(self) -> CommandReader:
        """What reads the line; made when somebody is about to type, at the latest once the board is there."""
        from console.ui.command_reader import CommandReader

        made = CommandReader(self.line, self._context)
        made.found.connect(self._refresh)
        made.pointed.connect(self._pointed)
        made.taken.connect(self._take)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down bring back what was typed before; the key that opens the line is no first letter of it."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.text() == "/" and not self.line.text():
                return True
            step = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}.get(int(event.key()))
            if step is not None:
                self._recall(step)
                return True
        if watched is self.line and isinstance(event, QFocusEvent):
            self._refresh()
        return super().eventFilter(watched, event)

    def _recall(self, step: int) -> None:
        place = min(max(0, self._place + step), len(self._history))
        if place == self._place:
            return
        if self._place == len(self._history):
            self._half_typed = self.line.text()
        self._place = place
        self.line.setText(self._history[place] if place < len(self._history) else self._half_typed)
        self._edited()

    def _remember(self) -> None:
        if self.line.text().strip():
            self._history = [*self._history[-49:], self.line.text()]
        self._place = len(self._history)

    def _person_changed(self) -> None:
        """What one person typed is not another's: it waits for who typed it, and what was said to them is over."""
        self._said = ""
        if self._context.me and self._context.me != self._person:
            self._left_by[self._person] = self.line.text(), self._history
            self._person = self._context.me
            text, self._history = self._left_by.pop(self._person, ("", []))
            self._place, self._half_typed = len(self._history), ""
            self.line.setText(text)
        self._refresh()

    def _second(self) -> None:
        """What was said of a command that is over goes by itself."""
        if self._said and self._said_for:
            self._said_for -= 1
            if not self._said_for:
                self._edited()

    def _pointed(self, something: bool) -> None:
        if something:
            self._said = ""
        self._refresh()

    def _take(self, line: str) -> None:
        self.line.setText(line)
        self._edited()

    def _edited(self) -> None:
        self._said = ""
        self._refresh()

    def _changed(self) -> None:
        """Follow the board. A call made here is chosen once the panes have it, unless a person chose another since."""
        self._refresh()
        if self._awaited in self._context.store.state.calls:
            QTimer.singleShot(0, self, self._choose_awaited)

    def _choose_awaited(self) -> None:
        if self._awaited is not None:
            self._context.selection.choose_call(self._awaited)

    def _chose(self) -> None:
        self._awaited = None
        self._refresh()

    def _refresh(self) -> None:
        if self._said:
            return
        if self.line.text() or self.line.hasFocus():
            self.line.preview(*self.reader.preview())
            return
        self.line.preview("type a command, or F1 for help", "faint")
        if "reader" in self.__dict__:
            self.reader.rest()

    def _say(self, words: str, token: str, seconds: int = _SAID_S) -> None:
        """Say this, and nothing else, for so many seconds, 0: until there is something else to say."""
        self._said, self._said_for = words, seconds
        self.line.preview(words, token)

    def _enter(self) -> None:
        typed = self.line.text()
        match self.reader.reading(typed):
            case Ready(words, command, occurred_at, call_id, unit_id):
                self._remember()
                self.line.clear()
                if call_id is not None:
                    self._context.selection.choose_call(call_id)
                if unit_id is not None:
                    self._context.selection.choose_unit(unit_id)
                if command is None:
                    self.leave()
                    return
                self._awaited = command.call_id if isinstance(command, ReceiveCall) else self._awaited
                self._say(f"sending: {words}", "muted", seconds=0)
                me = self._context.me
                sent = self._context.store.submit(command, occurred_at)
                sent.then(lambda outcome: self._heard(me, typed, words, outcome))
            case Wanting(words):
                self._say(f"◆ {words}", "due")
            case Refused(words):
                self._say(f"✕ {words}", "due")

    def _heard(self, by: UserId, typed: str, words: str, outcome: CommandOutcome) -> None:
        """Say what became of it; a refused line comes back to be changed, unless the next, or another person, is here."""
        if self.line.text() or by != self._context.me:
            if isinstance(outcome, Rejected):
                self._context.notices.refuse(f"{words}: {outcome.reason}")
        elif isinstance(outcome, Rejected):
            self.line.setText(typed)
            self._say(f"✕ {outcome.reason}", "due")
        else:
            self._say(f"done: {words}", "fine")
