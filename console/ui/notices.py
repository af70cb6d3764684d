"""What the desk has to say that belongs to no control: shown near the bottom, never modal, never over a field in use."""

from __future__ import annotations

import logging
from enum import Enum
from itertools import count

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.ids import CallId

log = logging.getLogger(__name__)

INFO_MS = 8000
"""How long an information stands. Everything else stands until somebody dismisses it."""


class Weight(Enum):
    """How much a notice weighs; only information goes away by itself."""

    INFO = "info"
    NEWS = "news"
    REFUSAL = "refusal"
    TROUBLE = "trouble"
    FAULT = "fault"


class Notice(Struct, frozen=True):
    """One notice: `number` counts from 1 in this desk, `reference` is what a person reads out to whoever repairs it."""

    number: int
    weight: Weight
    words: str
    reference: str = ""
    call_id: CallId | None = None
    """The call it is about, which can be opened from it; None where there is none."""


class Notices(QObject):
    """The notices that stand now, oldest first; `changed` after every coming and going."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.standing: tuple[Notice, ...] = ()
        self._numbers = count(1)

    def inform(self, words: str) -> Notice:
        """Say something that may be missed; it goes by itself."""
        notice = self._stand(Weight.INFO, words)
        QTimer.singleShot(INFO_MS, self, lambda: self.dismiss(notice.number))
        return notice

    def tell(self, words: str, call_id: CallId | None = None) -> Notice:
        """Say what others did that this person must know wherever they look; it stays."""
        return self._stand(Weight.NEWS, words, call_id=call_id)

    def refuse(self, words: str) -> Notice:
        """Say why a command was not carried out, where no control is there to say it."""
        log.info("refused: %s", words)
        return self._stand(Weight.REFUSAL, words)

    def warn(self, words: str) -> Notice:
        """Say that something does not work, what was kept, and what to do."""
        log.warning("%s", words)
        return self._stand(Weight.TROUBLE, words)

    def fault(self, words: str, reference: str) -> Notice:
        """Say that the program itself failed; the log holds the details under `reference`."""
        return self._stand(Weight.FAULT, words, reference)

    def dismiss(self, number: int | None = None) -> None:
        """Take a notice away by its number, or the newest; one that is gone already is no error."""
        if number is None and self.standing:
            number = self.standing[-1].number
        kept = tuple(n for n in self.standing if n.number != number)
        if kept != self.standing:
            self.standing = kept
            self.changed.emit()

    def dismiss_about(self, call_id: CallId | str) -> None:
        """Take away what was told of a call: somebody looks at it now."""
        kept = tuple(n for n in self.standing if not call_id or n.call_id != call_id)
        if kept != self.standing:
            self.standing = kept
            self.changed.emit()

    def _stand(self, weight: Weight, words: str, reference: str = "", call_id: CallId | None = None) -> Notice:
        same = next((n for n in self.standing if (n.weight, n.words, n.call_id) == (weight, words, call_id)), None)
        if same is not None:
            return same
        notice = Notice(next(self._numbers), weight, words, reference, call_id)
        self.standing = (*self.standing, notice)
        self.changed.emit()
        return notice
