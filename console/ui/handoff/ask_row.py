"""What dispatch can be asked for, one key each, and below each key how the asking stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from console.ui.action_button import ActionButton
from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.handoff.asks import Askable
from console.ui.handoff.side_by_side import GAP, SideBySide
from console.ui.widgets import Elided, give_look, scaled

_PADDING = 4
"""Pixels that a button with all its words has more around them than a brief one."""


class AskColumn(QWidget):
    """One programme or service: its button asks, and pressed twice while it is asked takes that back."""

    def __init__(self, place: int) -> None:
        super().__init__()
        keys = action("care.ask").keys
        self.button = ActionButton("", key_words(keys[place]) if place < len(keys) else "")
        self.standing = Elided("small")
        self._words: tuple[str, str, str] = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(2))
        column.addWidget(self.button)
        column.addWidget(self.standing)

    def show_ask(self, found: Askable, why_not: str, *, briefly: bool) -> None:
        """Show how the asking stands; `briefly` leaves out what every such button says."""
        self._words = _words(found.short, briefly=briefly)
        asks, asked, again = self._words
        give_look(self.button, role="layer" if briefly else "action")
        self.button.confirm = again if found.open_ask else ""
        self.button.say(asked if found.open_ask else asks, why_not)
        state = found.words or "not asked"
        self.standing.say(state, found.brief)
        give_look(self.standing, role=found.tone if found.words else "faint")
        self.button.setAccessibleDescription(f"{found.name}: {why_not or state}")

    def needs(self, short: str) -> int:
        """Pixels for this name with all that stands beside it where there is room."""
        spare = scaled(_PADDING) if self.button.property("role") == "layer" else 0
        return self._wide(_words(short, briefly=False)) + spare

    def whole_width(self) -> int:
        """Pixels for the longest of what its button may say, so that its place stays when the words change."""
        return self._wide(self._words)

    def _wide(self, words: tuple[str, str, str]) -> int:
        wide = self.button.fontMetrics().horizontalAdvance
        return self.button.sizeHint().width() - wide(self.button.text()) + max(map(wide, words))


def _words(short: str, *, briefly: bool) -> tuple[str, str, str]:
    """What the button says: to ask, while it is asked, and before that is taken back."""
    return (short, short, "No?") if briefly else (f"Ask for {short}", f"{short} asked", f"Again: no {short}")


class AskRow(QWidget):
    """Every programme and service that can be asked for; one column each, made anew when the agency's list is another."""

    def __init__(self, context: Context, ask: Callable[[Askable], object]) -> None:
        super().__init__()
        self._ask = ask
        self._found: tuple[Askable, ...] = ()
        self._why_not = ""
        self.columns: list[AskColumn] = []
        self._row = SideBySide(())
        self._below = QVBoxLayout(self)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.addWidget(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What dispatch can be asked for")
        context.actions.bind_each("care.ask", self, self.press)

    def show_asks(self, found: tuple[Askable, ...], why_not: str) -> None:
        """Show how each stands; `why_not` says why nothing can be asked now."""
        if [one.code for one in found] != [one.code for one in self._found]:
            self._make(len(found))
        self._found, self._why_not = found, why_not
        needed = sum(column.needs(one.short) for column, one in zip(self.columns, found, strict=True))
        briefly = needed + scaled(GAP) * (len(found) - 1) > self.width()
        for column, one in zip(self.columns, found, strict=True):
            column.show_ask(one, why_not if one.open_ask is None else "", briefly=briefly)
        self._row.place()

    def refit(self) -> None:
        """Another width: more or fewer words."""
        self.show_asks(self._found, self._why_not)

    def press(self, place: int) -> None:
        """The key of that place was pressed."""
        if place < len(self.columns):
            self.columns[place].button.click()

    def _make(self, count: int) -> None:
        self._row.hide()
        self._row.deleteLater()
        self.columns = [AskColumn(place) for place in range(count)]
        for place, column in enumerate(self.columns):
            column.button.acted.connect(lambda place=place: self._ask(self._found[place]))
        self._row = SideBySide(self.columns)
        self._below.addWidget(self._row)
