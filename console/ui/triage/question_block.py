"""The question that is asked, in its languages, with an answer a digit and what each would turn."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.ui.triage.answer_button import AnswerButton
from console.ui.triage.model import Consequence, Screen
from console.ui.widgets import caption, give_look, has_keyboard, rich, scaled


class QuestionBlock(QWidget):
    """Shows what a `Screen` asks; `pressed` tells the place, from 0, of the answer that was clicked."""

    pressed = Signal(int)

    def __init__(self, pane: QWidget) -> None:
        super().__init__()
        self._pane = pane
        self.say, self.note, self.question = rich(), caption("", "due", wrap=True), caption("", "question", wrap=True)
        self.others, self.effects = rich("muted"), rich("small")
        self.moved, self.refusal = caption("", "muted", wrap=True), caption("", "alarm", wrap=True)
        self.buttons: list[AnswerButton] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(scaled(8))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(8))
        for widget in (self.moved, self.say, self.note, self.question, self.others):
            column.addWidget(widget)
        column.addSpacing(scaled(4))
        column.addLayout(self._grid)
        column.addWidget(self.refusal)
        column.addWidget(self.effects)
        self.tell("")
        self.refuse("")

    def show_screen(self, content: Screen) -> None:
        """Ask what this says; at the end, say what is proposed."""
        self.say.setVisible(bool(content.say))
        self.say.setText("<br>".join(f"<b>Say:</b> {escape(words)}" for words in content.say))
        self.note.setVisible(bool(content.note))
        self.note.setText(content.note)
        give_look(self.note, role="muted" if content.looking_back else "due")
        self.question.setText(content.texts[0] if content.texts else _ending(content))
        self.others.setVisible(len(content.texts) > 1)
        self.others.setText("<br>".join(f"<i>{escape(words)}</i>" for words in content.texts[1:]))
        self._offer(content)
        self.effects.setVisible(bool(content.consequences))
        self.effects.setText("<br>".join(_effect(consequence) for consequence in content.consequences))

    def clear(self) -> None:
        """Ask nothing."""
        for label in (self.say, self.note, self.question, self.others, self.effects):
            label.setText("")
        for button in self.buttons:
            button.hide()

    def tell(self, words: str) -> None:
        """Say above the question what moved it; "" takes the words away."""
        self.moved.setText(words)
        self.moved.setVisible(bool(words))

    def refuse(self, words: str) -> None:
        """Say under the answers why none was given; "" takes the words away."""
        self.refusal.setText(words)
        self.refusal.setVisible(bool(words))

    def _offer(self, content: Screen) -> None:
        """Give each answer its button; those that are there already are used again, so that focus is not lost."""
        had_keyboard = has_keyboard(self)
        while len(self.buttons) < len(content.choices):
            button, place = AnswerButton(), len(self.buttons)
            button.clicked.connect(lambda _=False, place=place: self.pressed.emit(place))
            self._grid.addWidget(button, place // 2, place % 2)
            QWidget.setTabOrder(self.buttons[-1] if self.buttons else self._pane, button)
            self.buttons.append(button)
        for place, button in enumerate(self.buttons):
            if place < len(content.choices):
                button.show_choice(content.choices[place])
                alone = place % 2 == 0 and place == len(content.choices) - 1
                self._grid.addWidget(button, place // 2, place % 2, 1, 2 if alone else 1)
            button.setVisible(place < len(content.choices))
        if had_keyboard:
            self._pane.setFocus()  # the button it was on may be gone, or hold another answer now


def _ending(content: Screen) -> str:
    return f"Proposed: {content.proposed.name}" if content.proposed.code else "No response can be proposed."


def _effect(consequence: Consequence) -> str:
    keys = " or ".join(f"<b>{escape(key)}</b>" for key in consequence.keys)
    return f"If {keys}: {escape(consequence.words)}"
