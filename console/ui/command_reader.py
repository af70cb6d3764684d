"""What the command line means as it is typed, with the lists under it: natures, places, and who has called before.

Loaded when somebody is about to type, or once the board is there: the board itself needs none of it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from console.domain.state import Place
from console.link.fresh import new_id
from console.ui.command_grammar import read
from console.ui.context import Context
from console.ui.found_places import place_of
from console.ui.nature_picker import NaturePicker
from console.ui.number_lookup import NumberLookup
from console.ui.place_picker import PlacePicker
from console.ui.queue.rows import priority_words
from console.ui.verbs.new_call import typed_nature, typed_number, typed_place
from console.ui.verbs.reading import Grounds, Reading, Ready, Refused, Wanting
from console.wire.geography import FoundPlace


class CommandReader(QObject):
    """Reads a line for the person who types it; what they take from a list stands in the line."""

    found = Signal()
    """Something more is known of what was typed."""
    pointed = Signal(bool)
    """A list has another selected, or (False) none: what Enter does is another thing."""
    taken = Signal(str)
    """The line as it is with what was taken from a list."""

    def __init__(self, line: QLineEdit, context: Context) -> None:
        super().__init__(line)
        self._line, self._context = line, context
        self._found: dict[str, Place] = {}
        self.numbers = NumberLookup(context.store)
        self.numbers.changed.connect(self.found)
        self.natures = NaturePicker(line, context, words=self._nature_words, selects=False)
        self.natures.taken.connect(lambda code: self.taken.emit(self._with_nature(code)))
        self.places = PlacePicker(line, context, words=self._place_words)
        self.places.taken.connect(self._take_place)
        for pointed in (self.natures.list.pointed, self.places.pointed):
            pointed.connect(lambda: self.pointed.emit(bool(self.natures.selected or self.places.selected)))

    def reading(self, line: str) -> Reading:
        """What a line means now."""
        store, selection = self._context.store, self._context.selection
        grounds = Grounds(
            state=store.state,
            now=store.now(),
            new_id=new_id,
            me=self._context.me,
            positions=store.positions,
            standings=store.standings,
            found=self._found,
            roads=lambda call: self._context.roads.to(call.place),
            call_id=selection.call_id,
            unit_id=selection.unit_id,
        )
        return read(line, grounds)

    def preview(self) -> tuple[str, str]:
        """What Enter would do with the line as it stands, and the colour token of these words."""
        line = self._line.text()
        self.numbers.look(typed_number(line))
        if (nature := self.natures.selected) is not None:
            then = self.reading(self._with_nature(nature.code))
            takes = f"Enter takes {', '.join(filter(None, (nature.name, priority_words(nature.priority))))}"
            return f"{takes} · {'Enter again' if isinstance(then, Ready) else 'then'}: {then.words}", "muted"
        if (place := self.places.selected) is not None:
            return f"Enter takes {place.words}", "muted"
        contacts = f" · {found}" if (found := self.numbers.words()) else ""
        match self.reading(line):
            case Ready(words):
                listed = " · Down: the places found" if self.places.found else ""
                return f"{words} · Enter{listed}{contacts}", "muted"
            case Wanting(words):
                return f"{words}{contacts}", "faint"
            case Refused(words):
                return f"✕ {words}", "due"

    def rest(self) -> None:
        """Nobody types: nothing more is asked."""
        self.numbers.look("")

    def _nature_words(self) -> str:
        """What may still become the nature of a call."""
        return typed_nature(self._context.store.state.agency, self._line.text())

    def _with_nature(self, code: str) -> str:
        """The line with the code for the words: a name may have a comma, which parts the fields."""
        words = self._line.text()
        return words[: len(words.rstrip()) - len(self._nature_words())] + code

    def _place_words(self) -> str:
        """What may still become the place of a new call; where natures are listed it is one of these first."""
        agency = self._context.store.state.agency
        return typed_place(agency, self._line.text()) if self.natures.list.isHidden() else ""

    def _take_place(self, found: FoundPlace) -> None:
        """The words found for the words typed, without a comma, which parts the fields."""
        words = " ".join(found.words.replace(",", " ").split())
        self._found[words.casefold()] = place_of(found)
        line = self._line.text()
        typed = typed_place(self._context.store.state.agency, line)
        self.taken.emit(line[: len(line.rstrip()) - len(typed)] + words)
