"""A list of reasons or outcomes under the control that needs one: a digit chooses, Escape leaves, nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.widgets import Elided, caption, empty, key_cap, scaled

PER_PAGE: Final = 9
"""The digits 1 to 9; 0 shows the next page."""


class Choices(QFrame):
    """Hidden until `offer`ed; then it has the keyboard until somebody chooses or leaves, and gives the keyboard back."""

    def __init__(self, context: Context, columns: int = 3) -> None:
        super().__init__()
        self._columns = columns
        self._words: tuple[str, ...] = ()
        self._page = 0
        self._choose: Callable[[int], object] | None = None
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
        context.actions.bind_each("choices.choose", self, self._pressed)
        context.actions.bind("choices.more", self, self._turn)
        context.actions.bind("choices.leave", self, self.leave)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it asks something now."""
        return self._choose is not None

    def offer(self, question: str, words: Sequence[str], choose: Callable[[int], object]) -> None:
        """Ask a question with these answers; `choose` gets the place of the one that is chosen, from 0."""
        if not self.is_open:
            self._before = QApplication.focusWidget()
        self._words, self._choose, self._page = tuple(words), choose, 0
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
        had_focus = self.isAncestorOf(QApplication.focusWidget()) if QApplication.focusWidget() else False
        before, self._before = self._before, None
        self.hide()
        if had_focus and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pages(self) -> int:
        return -(-len(self._words) // PER_PAGE) or 1

    def _show_page(self) -> None:
        empty(self._grid)
        first = self._page * PER_PAGE
        for place, words in enumerate(self._words[first : first + PER_PAGE]):
            button = QPushButton(f"{place + 1}   {words}".replace("&", "&&"))
            button.setProperty("role", "action")
            button.setAccessibleName(f"{words}, key {place + 1}")
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
        choose = self._choose
        if choose is None or chosen >= len(self._words):
            return
        self.leave()
        choose(chosen)
