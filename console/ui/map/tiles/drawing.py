"""Draws one tile in several themes: lines, what matters less first, then the names that reach into it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QPointF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF, qRgb

from console.geography.drawn_streets import DrawnStreets, Line, Words
from console.geography.street_classes import StreetKind
from console.geography.tile_archive import TileName
from console.ui.map.tiles.names import origin
from console.ui.map.tiles.style import FINE, HALO, STYLES, TILE, drawn_at
from console.ui.theme import Theme

_MARGIN = 16.0
"""Pixels around a tile within which lines still reach into it with their width."""
_NEAR = 0.6
"""Pixels within which two points of a line are one."""
_SHADES = 14
_TOKENS = ("ground", "road", "road_major", "place")
_PACKED = 50
"""How hard a PNG is packed: half way, a third larger and eight times as fast as the hardest."""


def draw(streets: DrawnStreets, name: TileName, themes: Sequence[Theme]) -> list[bytes]:
    """The tile as a PNG in each theme."""
    zoom = name.zoom + 1
    scale, corner = TILE * 2.0**name.zoom, np.array([name.column, name.row]) * float(TILE)
    west, north = (corner - _MARGIN) / scale
    east, south = (corner + TILE + _MARGIN) / scale
    lines = [
        (kind, shape)
        for kind, line in streets.lines((west, east, north, south), drawn_at(zoom))
        for shape in shapes(line * scale - corner)
    ]
    x, y = corner - origin(streets, zoom)
    words = streets.words(zoom, (x - _MARGIN, x + TILE + _MARGIN, y - _MARGIN, y + TILE + _MARGIN))
    return [_picture(lines, words, (x, y), zoom, theme) for theme in themes]


def shapes(line: Line) -> Iterator[QPolygonF]:
    """The parts of a line, in pixels of a tile, that come near the tile; points that fall together are one."""
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    near = ((low < TILE + _MARGIN) & (high > -_MARGIN)).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], near, [False])).astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        points = line[first : last + 1]
        cells = np.round(points / _NEAR)
        kept = np.concatenate(([True], (np.diff(cells, axis=0) != 0).any(axis=1)))
        kept[-1] = True
        yield QPolygonF([QPointF(x, y) for x, y in points[kept].tolist()])


def width(text: str, size: int) -> float:
    """How many pixels of the page words are wide."""
    return QFontMetricsF(_font(size)).horizontalAdvance(text)


def _picture(
    lines: list[tuple[StreetKind, QPolygonF]], words: list[Words], corner: tuple[float, float], zoom: int, theme: Theme
) -> bytes:
    side = round(TILE * FINE)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    ground = theme.colour("ground")
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(FINE, FINE)
    pens = {kind: _pen(kind, zoom, theme) for kind in STYLES}
    for kind, shape in lines:
        painter.setPen(pens[kind])
        painter.drawPolyline(shape)
    halo = QPen(ground, 2 * HALO, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    ink = theme.colour("place")
    for each in words:
        painter.save()
        painter.translate(each.x - corner[0], each.y - corner[1])
        painter.rotate(each.turn)
        letters = _letters(each.text, STYLES[each.kind].name_size)
        painter.strokePath(letters, halo)
        painter.fillPath(letters, ink)
        painter.restore()
    painter.end()
    return _png(image, _palette(theme))


def _pen(kind: StreetKind, zoom: int, theme: Theme) -> QPen:
    style = STYLES[kind]
    wide = style.widths[max((known for known in style.widths if known <= zoom), default=min(style.widths))]
    return QPen(theme.colour(style.token), wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


@lru_cache(8)
def _font(size: int) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(size)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(4096)
def _letters(text: str, size: int) -> QPainterPath:
    """The outlines of words, around their middle."""
    font = _font(size)
    path = QPainterPath()
    path.addText(-width(text, size) / 2, QFontMetricsF(font).capHeight() / 2, font, text)
    return path


@lru_cache(2)
def _palette(theme: Theme) -> list[int]:
    """Every colour that is on a tile: the theme's, and the shades between any two at a softened edge."""
    colours = [(colour.red(), colour.green(), colour.blue()) for colour in map(theme.colour, _TOKENS)]
    shades = {
        tuple(round(a + (b - a) * step / (_SHADES - 1)) for a, b in zip(one, other, strict=True))
        for one, other in combinations(colours, 2)
        for step in range(_SHADES)
    }
    return [qRgb(*shade) for shade in sorted(shades)]


def _png(image: QImage, palette: list[int]) -> bytes:
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_Indexed8, palette, flags).save(buffer, "PNG", _PACKED)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def decodes(data: bytes) -> bool:
    """Whether the desk can draw a picture."""
    return not QImage.fromData(data).isNull()
