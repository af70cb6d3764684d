"""The numbers that a new call's line may be about to name, with their contacts, as the digits are typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from console.domain.acquaintance import neighbor_at
from console.domain.contacts import DIGITS_ASKED, NumberContacts, NumbersBegun, counts_words, latest_words
from console.domain.same_place import number_begun, number_spoken
from console.ui.known_neighbor import floor_words
from console.ui.question import Question
from console.ui.store import Store

_DIGITS_AT_MOST: Final = 15


class NumberLookup(QObject):
    """Asks at every digit from the fourth on; an older question is not waited for."""

    changed = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._question: Question[NumbersBegun] = Question(store, self._hear)
        self._digits = ""
        self._found: NumbersBegun | None = None
        self._why_not = ""

    def look(self, typed: str) -> None:
        """Look for what is typed of a number; "" ends it."""
        digits = number_begun(typed)[:_DIGITS_AT_MOST]
        digits = digits if len(digits) >= DIGITS_ASKED else ""
        if digits == self._digits:
            return
        self._digits, self._found, self._why_not = digits, None, ""
        if digits:
            self._question.ask(lambda history: history.numbers_begun(digits))
        else:
            self._question.cancel()

    def words(self) -> str:
        """What was found, a known neighbor before all; "" while nothing is known."""
        state = self._store.state
        known = neighbor_at(state, self._digits, "") if self._digits else None
        acquainted = floor_words(state, known, self._store.now()) if known is not None else ""
        return " · ".join(filter(None, (acquainted, self._contacts())))

    def _contacts(self) -> str:
        if self._found is None:
            return self._why_not
        numbers, more = self._found.numbers, self._found.more
        if not numbers:
            return "" if more else "no contact known from such a number"
        if len(numbers) == 1 and not more:
            return self._one(numbers[0])
        found = [f"{number_spoken(one.number)} ({counts_words(one.counts)})" for one in numbers]
        return f"numbers so far: {', '.join(found)}{' and more' if more else ''}"

    def _one(self, number: NumberContacts) -> str:
        store = self._store
        latest = latest_words(store.state.agency, number.latest, store.now())
        return f"{number_spoken(number.number)}: {counts_words(number.counts)}; {latest}"

    def _hear(self, answer: NumbersBegun | None, why: str) -> None:
        self._found, self._why_not = answer, why
        self.changed.emit()
