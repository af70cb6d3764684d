"""Marks laid over the board that let every click through: EXERCISE, and the grey of a board that may be old."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from console.ui.theme import fonts, look


class _Mark(QWidget):
    """Lies on its parent, below no other, and is nobody's target."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Take the place on the parent."""
        raise NotImplementedError

    def show_mark(self, shown: bool) -> None:
        """Be there, or not."""
        if shown and self.isHidden():
            self.place()
            self.show()
            self.raise_()
        elif not shown:
            self.hide()


class Watermark(_Mark):
    """EXERCISE in faint letters at the right end of its parent: calm, always there, and over nothing that is read."""

    WORDS = "EXERCISE"

    def __init__(self, parent: QWidget, words_end: Callable[[], int] = lambda: 0) -> None:
        super().__init__(parent)
        self._words_end = words_end
        self._picture: QPixmap | None = None
        look.changed.connect(self._forget)

    def place(self) -> None:
        """At the right end, in the middle of its height."""
        parent = self.parentWidget()
        if parent is not None:
            size = (self._picture or self._drawn()).deviceIndependentSize().toSize()
            left, top = parent.width() - size.width() - round(16 * look.scale), (parent.height() - size.height()) // 2
            self.setGeometry(left, top, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Drawn once, then copied: what lies below may change many times a second. Words that reach it come first."""
        del event
        if self._words_end() < self.x():
            QPainter(self).drawPixmap(QPoint(0, 0), self._picture or self._drawn())

    def _drawn(self) -> QPixmap:
        font = fonts().figure
        font.setPixelSize(round(24 * look.scale))
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 4 * look.scale)
        ratio = self.devicePixelRatioF()
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance(self.WORDS), metrics.height()
        picture = QPixmap(round(width * ratio), round(height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        colour = QColor(look.theme.text)
        colour.setAlphaF(0.22)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(0, metrics.ascent(), self.WORDS)
        painter.end()
        self._picture = picture
        return picture

    def _forget(self) -> None:
        self._picture = None
        self.place()
        self.update()


class Veil(_Mark):
    """Greys a pane while the link is lost: what stands there was true once."""

    def place(self) -> None:
        """All of the parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A thin layer of the ground's colour: everything stays readable."""
        colour = QColor(look.theme.bg)
        colour.setAlphaF(0.5)
        QPainter(self).fillRect(event.rect(), colour)
