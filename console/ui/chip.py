"""A chip of the top strip: a few words in a few colours on a rounded ground, painted by hand, as it changes often."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.parts import Part
from console.ui.strip_words import Chip
from console.ui.theme import look
from console.ui.widgets import Face, faces

_SIDE, _HIGH = 11, 24


class ChipView(QWidget):
    """Shows a `Chip`; giving it the same again costs nothing. Its words are its accessible name."""

    def __init__(self, chip: Chip | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = Chip((), "")
        self._brief = False
        self._width = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._measure)
        if chip is not None:
            self.show_chip(chip)

    @property
    def chip(self) -> Chip:
        """What is shown."""
        return self._chip

    def show_chip(self, chip: Chip, *, brief: bool = False) -> None:
        """Show these words from now on; `brief` in the fewer ones, if there are any."""
        if (chip, brief) == (self._chip, self._brief):
            return
        self._chip, self._brief = chip, brief
        self.setAccessibleName(chip.words)
        self.setAccessibleDescription(chip.means)
        self.setToolTip(chip.means)
        self._measure()

    def sizeHint(self) -> QSize:
        """Wide enough for the words, 24 pixels high at 100 %."""
        return QSize(self._width, round(_HIGH * look.scale))

    def minimumSizeHint(self) -> QSize:
        """The same: a count is never cut off."""
        return self.sizeHint()

    def _parts(self) -> tuple[Part, ...]:
        return self._chip.brief if self._brief and self._chip.brief else self._chip.parts

    def _measure(self) -> None:
        words = sum(_face(part).metrics.horizontalAdvance(part.words) for part in self._parts())
        width = words + 2 * round(_SIDE * look.scale)
        if width != self._width:
            self._width = width
            self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, then each part in its own colour."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.theme.raised))
        painter.drawRoundedRect(self.rect(), self.height() / 2, self.height() / 2)
        left = round(_SIDE * look.scale)
        for part in self._parts():
            face = _face(part)
            width = face.metrics.horizontalAdvance(part.words)
            painter.setFont(face.font)
            painter.setPen(look.theme.colour(part.token or "muted"))
            painter.drawText(QRect(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, part.words)
            left += width


def _face(part: Part) -> Face:
    return faces().second_strong if part.strong else faces().second
