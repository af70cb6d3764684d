"""Giving the chosen call its place on the map: a spot is pointed at, said, and taken only when it is confirmed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from console.domain import commands as c
from console.domain.ids import CallId
from console.domain.state import Place
from console.ui.context import Context
from console.ui.map.picture import MapGuess

DIGITS: Final = 5
"""Of a degree: about a metre."""


class Placing(QObject):
    """Begins with `begin`, takes a spot with `point`, and sends it with `confirm`; `leave` at any time, nothing is done."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._call: CallId | None = None
        self.guess: MapGuess | None = None
        context.selection.call_changed.connect(lambda _: self.leave())

    @property
    def aims(self) -> bool:
        """Whether a spot is wanted."""
        return self._call is not None

    @property
    def words(self) -> str:
        """What is to be done now; "" while no place is being chosen."""
        if self._call is None or (call := self._context.store.state.calls.get(self._call)) is None:
            return ""
        if self.guess is None:
            return self.tr("Where is call {0}? Click there, or bring the cross there and press Enter; Escape leaves").format(
                call.number
            )
        return self.tr("Call {0} at {1}: Enter puts it there, another click moves it, Escape leaves").format(
            call.number, self.guess.words
        )

    def begin(self) -> None:
        """Want a spot for the chosen call; pressed again, leave it."""
        call = self._context.chosen_call
        if self.aims:
            self.leave()
        elif call is None or call.closing is not None:
            self._context.notices.inform(self.tr("Choose an open call first; then the map can give it its place."))
        else:
            self._call = call.call_id
            self.changed.emit()

    def point(self, latitude: float, longitude: float) -> None:
        """Take this spot, to be confirmed."""
        if self.aims:
            latitude, longitude = round(latitude, DIGITS), round(longitude, DIGITS)
            self.guess = MapGuess(latitude, longitude, f"{latitude:.{DIGITS}f}, {longitude:.{DIGITS}f}")
            self.changed.emit()

    def confirm(self) -> None:
        """Put the call there. Its words stay; where it has none, the spot stands for them."""
        call = self._context.store.state.calls.get(self._call) if self._call else None
        if call is None or self.guess is None:
            return
        address = call.place.address or self.guess.words
        self._context.store.submit(c.LocateCall(call.call_id, Place(address, self.guess.latitude, self.guess.longitude)))
        self.leave()

    def leave(self) -> None:
        """Want no spot any more."""
        if self.aims:
            self._call, self.guess = None, None
            self.changed.emit()
