"""A button that draws the key that presses it, and that asks once more before what cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from console.ui.theme import look
from console.ui.widgets import faces, scaled

CONFIRM_MS = 5000
"""How long the first press of a confirming button waits for the second."""

_GAP, _CAP_PADDING = 8, 5


class ActionButton(QPushButton):
    """A push button with a key cap after its words. `acted` says that it is to be done: use it instead of `clicked`.

    `confirm` holds the words that ask for a second press; "" acts at the first.
    """

    acted = Signal()

    def __init__(self, text: str, key: str = "", role: str = "action", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.confirm = ""
        self._key_shown = True
        self._words = ""
        self._armed = QTimer(self)
        self._armed.setSingleShot(True)
        self._armed.setInterval(CONFIRM_MS)
        self._armed.timeout.connect(self._show_words)
        self.setProperty("role", role)
        self.clicked.connect(self._clicked)
        self.say(text)

    def say(self, words: str, why_not: str = "") -> None:
        """Give the button its words; `why_not` disables it and is told on hovering and to screen readers."""
        self._words = words
        self.setEnabled(not why_not)
        self.setAccessibleDescription(why_not)
        if why_not:
            self._armed.stop()
        if not self._armed.isActive():
            self._show_words()
        self._tell()

    def show_key(self, shown: bool) -> None:
        """Draw the key cap, or keep the key to tooltips and screen readers where there is little room."""
        if shown != self._key_shown:
            self._key_shown = shown
            self._tell()
            self.updateGeometry()
            self.update()

    def colour(self, palette_name: str, role: str = "") -> None:
        """Fill (role "primary") or leave (role "action") the button in a programme's palette colour."""
        if (self.property("programme"), self.property("role")) != (palette_name, role or self.property("role")):
            self.setProperty("programme", palette_name)
            self.setProperty("role", role or self.property("role"))
            self.style().unpolish(self)
            self.style().polish(self)

    @property
    def waits_for_second_press(self) -> bool:
        """Whether the first of two presses has been made."""
        return self._armed.isActive()

    def disarm(self) -> None:
        """Forget the first of two presses: what it was for is not what the second would do."""
        if self._armed.isActive():
            self._armed.stop()
            self._show_words()

    def _clicked(self) -> None:
        if self.confirm and not self._armed.isActive():
            self._armed.start()
            self._show_words()
            return
        self._armed.stop()
        self._show_words()
        self.acted.emit()

    def _show_words(self) -> None:
        words = self.confirm if self._armed.isActive() else self._words
        self.setText(words.replace("&", "&&"))
        self._tell()
        self.setAccessibleName(f"{words}, key {self.key}" if self.key else words)

    def _tell(self) -> None:
        """The tooltip: why not, else the words where they are elided, and the key where its cap is not drawn."""
        cut = self._words if self.isVisible() and self.width() < self.sizeHint().width() else ""
        key = self.key if not self._key_shown else ""
        self.setToolTip(self.accessibleDescription() or " · ".join(filter(None, (cut, key))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is not shown is told on hovering."""
        super().resizeEvent(event)
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        """How wide it is counts from now on."""
        super().showEvent(event)
        self._tell()

    def _cap_width(self) -> int:
        if not self.key or not self._key_shown:
            return 0
        padding, gap = scaled(_CAP_PADDING), scaled(_GAP)
        return gap + self._cap_metrics().horizontalAdvance(self.key) + 2 * padding

    def _cap_metrics(self) -> QFontMetrics:
        return faces().small.metrics

    def sizeHint(self) -> QSize:
        """The style's size, and room for the cap; at least 24 pixels high."""
        size = super().sizeHint()
        return QSize(size.width() + self._cap_width(), max(size.height(), scaled(24)))

    def whole_width(self) -> int:
        """Pixels for its words and for those that ask for a second press, whichever are longer."""
        wide = self.fontMetrics().horizontalAdvance
        return self.sizeHint().width() - wide(self.text()) + max(wide(self._words), wide(self.confirm))

    def minimumSizeHint(self) -> QSize:
        """The same: a button's words are never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style draws the button; words and cap are drawn in it by hand, elided only where a layout gave too little."""
        del event
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words, option.text = self.text().replace("&&", "&"), ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        contents = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        cap = self._cap_width()
        metrics = self.fontMetrics()
        room = max(0, contents.width() - cap)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        wide = metrics.horizontalAdvance(shown)
        left = contents.left() if self.property("role") in ("action", "primary", "answer") else (
            contents.left() + max(0, (room - wide) // 2)
        )  # fmt: skip
        colour = QColor(
            look.theme.on_accent if self._filled() else look.theme.text if self.isEnabled() else look.theme.faint
        )
        if self.property("role") in ("tab", "quiet") and not self.isChecked():
            colour = QColor(look.theme.muted if self.isEnabled() else look.theme.faint)
        painter.setFont(self.font())
        painter.setPen(colour)
        painter.drawText(QRect(left, contents.top(), wide + 2, contents.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        if cap:
            self._draw_cap(painter, left + wide + scaled(_GAP), contents, colour)

    def _filled(self) -> bool:
        return self.isEnabled() and self.property("role") in ("primary", "alarm")

    def _draw_cap(self, painter: QPainter, left: int, contents: QRect, colour: QColor) -> None:
        metrics = self._cap_metrics()
        padding = scaled(_CAP_PADDING)
        high = metrics.height() + 1
        box = QRect(left, contents.center().y() - high // 2, metrics.horizontalAdvance(self.key) + 2 * padding, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(faces().small.font)
        quiet = QColor(look.theme.muted if self.isEnabled() else look.theme.faint)
        painter.setPen(QPen(colour if self._filled() else quiet, 1))
        painter.drawRoundedRect(box, 3, 3)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.key)
