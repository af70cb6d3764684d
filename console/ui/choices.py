"""Reasons or outcomes under the control that needs one: a digit chooses, Escape leaves, nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.widgets import Elided, caption, empty, key_cap, scaled

PER_PAGE: Final = 9
"""The digits 1 to 9; 0 shows the next page."""


class Choice(Struct, frozen=True):
    """One thing to choose; `asks` is what must be typed with it, "" for nothing."""

    words: str
    asks: str = ""


def with_another(reasons: Sequence[str]) -> tuple[Choice, ...]:
    """Reasons that an agency has listed, and after them one that is typed."""
    return (*(Choice(reason) for reason in reasons), Choice("Another reason", "What is the reason?"))


Choose = Callable[[int, str], object]
"""Gets the place of what was chosen, from 0, and what was typed with it."""


class Choices(QFrame):
    """Hidden until `offer`ed; then it has the keyboard until somebody chooses or leaves, and gives the keyboard back."""

    def __init__(self, context: Context, columns: int = 3) -> None:
        super().__init__()
        self._columns = columns
        self._choices: tuple[Choice, ...] = ()
        self._page = 0
        self._choose: Choose | None = None
        self._chosen: int | None = None
        self._before: QWidget | None = None
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._question, self._hint = Elided("heading"), caption("", "small")
        self._grid = QGridLayout()
        self._grid.setSpacing(scaled(6))
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(13), scaled(10), scaled(13), scaled(10))
        column.setSpacing(scaled(8))
        top = QGridLayout()
        top.setHorizontalSpacing(scaled(10))
        for place, widget in enumerate((self._question, self._hint, key_cap("Escape"), caption("leaves it", "small"))):
            top.addWidget(widget, 0, place)
        top.setColumnStretch(0, 1)
        column.addLayout(top)
        column.addLayout(self._grid)
        self.typed = QLineEdit()
        self.typed.returnPressed.connect(self._entered)
        self.typed.hide()
        column.addWidget(self.typed)
        context.actions.bind_each("choices.choose", self, self._pressed)
        context.actions.bind("choices.more", self, self._turn)
        context.actions.bind("choices.leave", self, self.leave)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it asks something now."""
        return self._choose is not None

    def offer(self, question: str, choices: Sequence[Choice], choose: Choose) -> None:
        """Ask a question with these answers; one that asks for words is chosen once they were typed."""
        if not self.is_open:
            self._before = QApplication.focusWidget()
        self._choices, self._choose, self._page = tuple(choices), choose, 0
        self._question.setText(question)
        self.setAccessibleName(question)
        self._show_page()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Close without choosing."""
        if not self.is_open:
            return
        self._choose = None
        focus = QApplication.focusWidget()
        had_focus = focus is not None and (focus is self or self.isAncestorOf(focus))
        before, self._before = self._before, None
        self.hide()
        if had_focus and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pages(self) -> int:
        return -(-len(self._choices) // PER_PAGE) or 1

    def _show_page(self) -> None:
        empty(self._grid)
        self._chosen = None
        self.typed.hide()
        self.typed.clear()
        first = self._page * PER_PAGE
        for place, choice in enumerate(self._choices[first : first + PER_PAGE]):
            button = QPushButton(f"{place + 1}   {choice.words}".replace("&", "&&"))
            button.setProperty("role", "action")
            button.setAccessibleName(f"{choice.words}, key {place + 1}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, place=place: self._pressed(place))
            self._grid.addWidget(button, place // self._columns, place % self._columns)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
        more = f"{key_words(action('choices.more').keys[0])} shows more ({self._page + 1} of {self._pages()})"
        self._hint.setText(more if self._pages() > 1 else "a digit chooses")

    def _turn(self) -> None:
        if self._pages() > 1:
            self._page = (self._page + 1) % self._pages()
            self._show_page()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pressed(self, place: int) -> None:
        chosen = self._page * PER_PAGE + place
        if self._choose is None or chosen >= len(self._choices):
            return
        if asks := self._choices[chosen].asks:
            self._chosen = chosen
            self.typed.setPlaceholderText(f"{asks}  Enter sends it")
            self.typed.setAccessibleName(asks)
            self.typed.show()
            self.typed.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._finish(chosen, "")

    def _entered(self) -> None:
        words = self.typed.text().strip()
        if self._chosen is not None and words:
            self._finish(self._chosen, words)

    def _finish(self, chosen: int, words: str) -> None:
        choose = self._choose
        self.leave()
        if choose is not None:
            choose(chosen, words)
