"""The heading of a call, the same in every pane that shows one: number, nature, programmes, cautions, place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.agency import Agency
from console.domain.queries import nature_words
from console.domain.state import Call
from console.ui.call.words import about_words
from console.ui.queue.rows import cautions, tags
from console.ui.widgets import TagRow, caption, faces, give_look, scaled

_NARROWEST: Final = 240


class CallHeading(QFrame):
    """Takes as many lines as its words need at the width it has: nothing that endangers a team is ever left out."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self._open_to: tuple[tuple[str, str], ...] = ()
        self._minded: tuple[tuple[str, str], ...] = ()
        self.number, self.nature, self.aside = caption(), caption("", "heading"), caption("", "muted")
        self.programmes, self.below, self.about = TagRow(), TagRow(), caption("", "small", wrap=True)
        self.contacts = caption("", "small", wrap=True)
        self.contacts.hide()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(scaled(14), scaled(8), scaled(14), scaled(7))
        lines.setSpacing(scaled(3))
        lines.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self._top = QHBoxLayout()
        self._top.setSpacing(scaled(10))
        first: tuple[QWidget, ...] = (self.number, self.nature, self.programmes)
        for part in first:
            self._top.addWidget(part)
        self._top.addStretch(1)
        self._top.addWidget(self.aside)
        lines.addLayout(self._top)
        lines.addWidget(self.below)
        lines.addWidget(self.about)
        lines.addWidget(self.contacts)
        self.number.setFont(faces().clock_strong.font)
        self.setMinimumHeight(scaled(41))  # that of the headings beside it

    def minimumSizeHint(self) -> QSize:
        """A long nature never keeps a pane from being made narrower: its words take another line."""
        return QSize(scaled(_NARROWEST), super().minimumSizeHint().height())

    def show_call(self, agency: Agency, call: Call | None) -> None:
        """Show this call; None says that there is none."""
        self.number.setText(call.number if call else "")
        self.number.setVisible(call is not None)
        self.nature.setText(nature_words(agency, call) if call else "No call is chosen")
        self._open_to = tuple((tag.text, tag.colour) for tag in tags(agency, call)) if call else ()
        self._minded = tuple((words, "due") for words in cautions(agency, call)) if call else ()
        self.about.setText(about_words(call, agency) if call else "")
        self.about.setVisible(call is not None)
        self._share()

    def tell_contacts(self, words: str) -> None:
        """Say how often this neighbor called; "" takes no room."""
        if words != self.contacts.text():
            self.contacts.setText(words)
            self.contacts.setVisible(bool(words))

    def say(self, words: str, role: str = "muted") -> None:
        """Say something at the right end: a clock, times."""
        longer = len(words) != len(self.aside.text())
        self.aside.setText(words)
        give_look(self.aside, role=role)
        if longer:
            self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another share of the lines."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Programmes beside the nature where both have room, else below it with the cautions."""
        self.programmes.show_tags(self._open_to)
        parts = (self.number, self.nature, self.programmes, self.aside)
        self.nature.setWordWrap(False)
        needed = sum(part.sizeHint().width() for part in parts) + 4 * scaled(10) + 2 * scaled(14)
        beside = needed <= self.width()
        self.nature.setWordWrap(not beside)
        self._top.setStretchFactor(self.nature, 0 if beside else 100)
        level = Qt.AlignmentFlag.AlignVCenter if beside else Qt.AlignmentFlag.AlignTop  # a second line of words hangs below
        for part in parts:
            self._top.setAlignment(part, level)
        self.programmes.setVisible(beside and bool(self._open_to))
        self.below.show_tags(self._minded if beside else self._open_to + self._minded)
        self.below.setVisible(bool(self.below.accessibleName()))
