"""In a process of its own: a line at which natures are looked up; each list of words is typed, and its strokes are timed."""

import sys
from datetime import UTC, datetime
from string import ascii_lowercase
from time import perf_counter

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from console.bench.child import say
from console.bench.full_floor import agency, set_up, told
from console.bench.words import Words, end_with_a_fault
from console.domain import commands as c
from console.domain.agency import Agency, Nature
from console.domain.ids import NatureCode
from console.domain.nature_search import search_in
from console.domain.state import State
from console.ui import theme
from console.ui.context import Context
from console.ui.nature_picker import NaturePicker
from console.ui.store import Store


def with_natures(rules: Agency, wanted: int) -> Agency:
    """The agency with about so many natures: its own, and beyond them more of the same with a word of their own."""
    own = list(rules.natures.values())
    more = (_another(own[n % len(own)], n) for n in range(max(0, wanted - len(own))))
    natures = [*own, *more]
    return replace(rules, natures={nature.code: nature for nature in natures})


def _another(nature: Nature, n: int) -> Nature:
    word = f"{ascii_lowercase[n % 26]}{n:04d}"
    return replace(
        nature, code=NatureCode(f"{nature.code}-{word}"), name=f"{nature.name} - Zone {word}", base=NatureCode("")
    )


class Window(QWidget):
    """One line with its picker, over a board full of calls."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._natures = tuple(state.agency.natures.values())
        self.line = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addStretch(1)
        self.picker = NaturePicker(self.line, Context(Store(state=state, now=lambda: datetime.now(UTC))))
        self.resize(700, 700)

    def measure(self, typed: list[str]) -> None:
        """Type everything, letter by letter, and say what each stroke took, and a plain scan for the same letters."""
        picker: list[float] = []
        scan: list[float] = []
        for words in typed:
            self.line.clear()
            for letter in words:
                begun = perf_counter()
                QApplication.sendEvent(self.line, _press(letter))
                QApplication.processEvents()
                picker.append(perf_counter() - begun)
                scan.append(self._scan(self.line.text()))
        say({"picker": picker, "scan": scan})

    def _scan(self, letters: str) -> float:
        begun = perf_counter()
        wanted = letters.casefold()
        [nature for nature in self._natures if wanted in nature.name.casefold() or wanted in nature.code.casefold()]
        return perf_counter() - begun


def _press(letter: str) -> QKeyEvent:
    key = Qt.Key.Key_Space if letter == " " else Qt.Key(ord(letter.upper()))
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter)


def main() -> None:
    """Open the window, and measure at each word from the parent."""
    end_with_a_fault()
    wanted, calls = int(sys.argv[1]), int(sys.argv[2])
    app = QApplication(sys.argv[:1])
    theme.apply(app, theme.load_theme("dark"))
    rules, at = with_natures(agency(), wanted), datetime.now(UTC)
    state = told(iter([c.ConfigureAgency(rules)]), at, State())
    state = told(set_up(rules, calls), at, state)
    begun = perf_counter()
    search_in(state.agency)
    prepared_ms = (perf_counter() - begun) * 1e3
    window, words = Window(state), Words()
    words.heard.connect(window.measure)
    words.ended.connect(app.quit)
    window.show()
    window.line.setFocus()
    QTimer.singleShot(0, lambda: say({"natures": len(rules.natures), "prepared_ms": prepared_ms}))
    app.exec()


if __name__ == "__main__":
    main()
