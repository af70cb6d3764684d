"""As what nature a call is closed: the one it has, one that its answers speak for by one key, or any that is typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from console.domain.agency import Nature, Recode
from console.domain.ids import NatureCode
from console.domain.nature_search import search_in
from console.domain.natures import nature_to_close_as
from console.domain.state import Call
from console.ui.action_button import ActionButton
from console.ui.context import Context
from console.ui.nature_picker import NaturePicker
from console.ui.widgets import caption, give_look, scaled

KEY: Final = "+"
"""Closes as what is proposed, and pressed again as what the call is."""


class CloseNature(QWidget):
    """A line with the nature, and under it what the answers speak for. What the call began as is kept in any case."""

    settled = Signal()
    """A nature was entered: the keyboard may go on."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._call: Call | None = None
        self._proposed: Recode | None = None
        self._nature: Nature | None = None
        self.line = QLineEdit()
        self.line.setAccessibleName("Nature at the end")
        self.picker = NaturePicker(self.line, context)
        self.picker.taken.connect(self._take)
        self.line.returnPressed.connect(self._enter)
        self.line.textEdited.connect(lambda _: self._say(""))
        self.line.installEventFilter(self)
        self.offer = ActionButton("", KEY)
        self.offer.acted.connect(self.turn)
        self._beside = caption("", "small", wrap=True)
        label = QLabel("Closes as")
        label.setProperty("role", "small")
        label.setBuddy(self.line)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(8))
        grid.setVerticalSpacing(scaled(4))
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.line, 0, 1)
        for row, widget in enumerate((self.offer, self._beside), start=1):
            grid.addWidget(widget, row, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def begin(self, call: Call) -> None:
        """Close this call, as what it is until somebody says otherwise."""
        self._call = None
        self.show_call(call)

    def show_call(self, call: Call) -> None:
        """Follow the call: what is proposed may change while the list is open; what was chosen or is typed stays."""
        another = self._call is None or self._call.call_id != call.call_id
        self._call = call
        self._proposed = nature_to_close_as(self._context.store.state.agency, call)
        if another:
            self._nature = None
            self.line.setModified(False)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The name that stands there is there to be replaced: it is selected, also where a click set the cursor into it."""
        if watched is self.line and event.type() == QEvent.Type.FocusIn:
            QTimer.singleShot(0, self, self._select)
        return super().eventFilter(watched, event)

    def _select(self) -> None:
        if self.line.hasFocus() and not self.line.isModified():
            self.line.selectAll()

    @property
    def code(self) -> NatureCode:
        """The nature the call turned out to be; "" for the one it has."""
        return self._nature.code if self._nature else NatureCode("")

    def spoken(self) -> str:
        """What is said under the line."""
        return self._beside.text()

    def turn(self) -> None:
        """Close as what is proposed; again: as what the call is."""
        if self._proposed is not None:
            self._take("" if self.code == self._proposed.nature else self._proposed.nature)

    def settle(self) -> bool:
        """Take what is typed, if it means one nature; says whether nothing is left open."""
        if self.line.isModified():
            typed = self.line.text().strip()
            meant = search_in(self._context.store.state.agency).meant(typed)
            if typed and len(meant) != 1:
                fits = f"fits {len(meant)} natures" if meant else "is no nature of the catalogue"
                self._say(f"“{typed}” {fits}. Choose with the arrows, or type on.", "due")
                return False
            self._take(meant[0].code if typed else "")
        return True

    def _enter(self) -> None:
        if self.settle():
            self.settled.emit()

    def _take(self, code: str) -> None:
        call, agency = self._call, self._context.store.state.agency
        is_other = call is not None and code and code != call.nature
        self._nature = agency.nature(code) if is_other else None
        self.line.setModified(False)
        self._show()

    def _show(self) -> None:
        call, agency = self._call, self._context.store.state.agency
        if call is None:
            return
        now, began = agency.nature(call.nature), agency.nature(call.start_nature)
        shown = self._nature or now
        if not self.line.isModified():
            if self.line.text() != shown.name:
                self.line.setText(shown.name)
                self.line.setCursorPosition(0)
            self._say(f"Began as {began.name}" if shown.code != began.code else "")
        self.offer.setVisible(self._proposed is not None)
        if self._proposed is not None:
            name = agency.nature(self._proposed.nature).name
            taken = self.code == self._proposed.nature
            self.offer.say(f"Leave it at {now.name}" if taken else f"Close as {name}: {self._proposed.because}")

    def _say(self, words: str, role: str = "small") -> None:
        give_look(self._beside, role=role)
        self._beside.setText(words)
        self._beside.setVisible(bool(words))
