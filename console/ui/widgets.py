"""Small things that several panes draw alike: captions, outlined tags, key caps and rules."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLayout, QSizePolicy, QWidget

from console.ui.theme import fonts, load_theme, look

_TAG_PADDING: Final = 6
_TAG_HEIGHT: Final = 21
_TAG_GAP: Final = 6


def scaled(pixels: float) -> int:
    """A length of the design, in pixels at the size the desk is shown at."""
    return round(pixels * look.scale)


def ink(token: str) -> QColor:
    """The colour of a token in the theme that is shown now; made once, for those who paint many rows. Do not change it."""
    return _ink(look.theme.name, token)


@cache
def _ink(theme: str, token: str) -> QColor:
    return load_theme(theme).colour(token)


class Face(Struct, frozen=True, eq=False):
    """A font and its metrics; one is another's equal only if it is the same."""

    font: QFont
    metrics: QFontMetrics


class Faces(Struct, frozen=True):
    """The fonts of hand-painted rows with their metrics, made once for a size: asking Qt for a font costs 20 µs."""

    text: Face
    clock: Face
    clock_strong: Face
    clock_large: Face
    strong: Face
    second: Face
    second_strong: Face
    small: Face
    tag: Face


def faces() -> Faces:
    """The fonts at the size the desk is shown at."""
    return _faces(look.scale)


@cache
def _faces(scale: float) -> Faces:
    made = fonts(scale)

    def face(font: QFont, pixels: int = 0, *, bold: bool | None = None) -> Face:
        copy = QFont(font)
        if pixels:
            copy.setPixelSize(round(pixels * scale))
        if bold is not None:
            copy.setBold(bold)
        return Face(copy, QFontMetrics(copy))

    return Faces(
        text=face(made.text),
        clock=face(made.clock),
        clock_strong=face(made.clock, bold=True),
        clock_large=face(made.clock_large),
        strong=face(made.strong),
        second=face(made.small, 13),
        second_strong=face(made.small, 13, bold=True),
        small=face(made.small),
        tag=face(made.small, bold=True),
    )


def write(painter: QPainter, face: Face, colour: QColor, left: int, top: int, wide: int, words: str) -> int:
    """Paint one line of words, elided to `wide` pixels; how wide they came out is given back."""
    words, long, ascent = _fitted(face, wide, words)
    painter.setFont(face.font)
    painter.setPen(colour)
    painter.drawText(left, top + ascent, words)
    return long


@lru_cache(4096)
def _fitted(face: Face, wide: int, words: str) -> tuple[str, int, int]:
    """The words as they fit, how wide they are then, and the height above their base line."""
    long = face.metrics.horizontalAdvance(words)
    if long > wide:
        words = face.metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, wide))
        long = face.metrics.horizontalAdvance(words)
    return words, long, face.metrics.ascent()


def caption(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles; plain text always, whatever a caller said."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


class Elided(QLabel):
    """A label of one line that gives way: what does not fit is elided, and told in full on hovering.

    It takes what room there is; with `grows` false never more than its words need.
    """

    def __init__(self, role: str = "", text: str = "", *, grows: bool = True) -> None:
        super().__init__(text)
        self._shorter = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        across = QSizePolicy.Policy.Ignored if grows else QSizePolicy.Policy.Maximum
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def say(self, words: str, shorter: str = "") -> None:
        """Show these words; `shorter` ones instead where there is room for them only."""
        self._shorter = shorter
        self.setText(words)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as there is room for."""
        del event
        painter = QPainter(self)
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        words = self._shorter if self._shorter and metrics.horizontalAdvance(self.text()) > room else self.text()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setToolTip(self.text() if shown != self.text() else "")
        self.style().drawItemText(
            painter, self.contentsRect(), int(self.alignment()), self.palette(), self.isEnabled(), shown,
            self.foregroundRole(),
        )  # fmt: skip


def key_cap(key: str) -> QLabel:
    """A key drawn as a cap."""
    label = caption(key, "key")
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return label


def rich(role: str = "") -> QLabel:
    """A label for words with emphasis: the caller escapes what is not its own."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def tag(text: str, colour: str) -> QLabel:
    """An outlined chip in a palette colour ("teal" ...) or a tone ("due", "alarm")."""
    label = caption(text, "tag")
    label.setProperty("tone" if colour in ("due", "alarm") else "programme", colour)
    return label


def rule() -> QFrame:
    """A line across a pane."""
    line = QFrame()
    line.setProperty("role", "rule")
    return line


def give_look(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties that the style sheet reads, and let it look again only when one is new."""
    if any(widget.property(name) != value for name, value in properties.items()):
        for name, value in properties.items():
            widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def has_keyboard(widget: QWidget) -> bool:
    """Whether the widget, or one in it, has the keyboard."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def empty(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()


def tag_width(text: str) -> int:
    """How wide `draw_tag` draws these words."""
    return faces().tag.metrics.horizontalAdvance(text) + 2 * scaled(_TAG_PADDING)


def draw_tag(painter: QPainter, left: int, top: int, text: str, colour: QColor) -> QRect:
    """Draw an outlined tag with its corner at `left`, `top`; the rectangle it took comes back."""
    box = QRect(left, top, tag_width(text), scaled(_TAG_HEIGHT))
    painter.drawPixmap(box.topLeft(), _tag_picture(text, colour.rgba(), look.scale, painter.device().devicePixelRatio()))
    return box


@lru_cache(512)
def _tag_picture(text: str, colour: int, scale: float, ratio: float) -> QPixmap:
    """The tag, drawn once: a queue has two in every line, and an outline with round corners takes 30 µs."""
    del scale  # that the look has now: another one is another picture
    box = QRect(0, 0, tag_width(text), scaled(_TAG_HEIGHT))
    picture = QPixmap(round(box.width() * ratio), round(box.height() * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor.fromRgba(colour), max(1, scaled(1))))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), scaled(4), scaled(4))
    painter.setFont(faces().tag.font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture


class TagRow(QWidget):
    """Outlined tags side by side, on as many lines as they need; painted, so that no widget comes or goes with them."""

    def __init__(self) -> None:
        super().__init__()
        self._tags: tuple[tuple[str, str], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_tags(self, tags: tuple[tuple[str, str], ...]) -> None:
        """Show these words, each in the colour of its token."""
        if tags != self._tags:
            self._tags = tags
            self.setAccessibleName(", ".join(words for words, _ in tags))
            self.setToolTip(self.accessibleName())
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the tags beside one another."""
        gaps = scaled(_TAG_GAP) * max(0, len(self._tags) - 1)
        return QSize(sum(tag_width(words) for words, _ in self._tags) + gaps, scaled(_TAG_HEIGHT) + 2)

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest of them: none is ever left out."""
        return QSize(max((tag_width(words) for words, _ in self._tags), default=0), scaled(_TAG_HEIGHT) + 2)

    def hasHeightForWidth(self) -> bool:
        """What does not fit beside goes below."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the lines that they take at this width."""
        places = self._places(width)
        return (places[-1][1] if places else 1) + scaled(_TAG_HEIGHT) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them from the upper left."""
        del event
        painter = QPainter(self)
        for (words, token), (left, top) in zip(self._tags, self._places(self.width()), strict=True):
            draw_tag(painter, left, top, words, ink(token))

    def _places(self, width: int) -> list[tuple[int, int]]:
        """The corner of each tag, in order of reading."""
        places, left, top = [], 0, 1
        for words, _ in self._tags:
            wide = tag_width(words)
            if left and left + wide > width:
                left, top = 0, top + scaled(_TAG_HEIGHT + _TAG_GAP) - scaled(1)
            places.append((left, top))
            left += wide + scaled(_TAG_GAP)
        return places
