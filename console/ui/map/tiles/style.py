"""How streets look on a drawn tile: from which zoom, how wide, and how large their names; colours are the theme's."""

from typing import Final, NamedTuple

from console.geography.street_classes import StreetKind

ZOOMS: Final = range(10, 17)
"""The zooms of the map for which tiles are drawn. A tile is 512 pixels of the page wide, so it bears a number one less."""
TILE: Final = 512
"""Pixels of the page."""
FINE: Final = 1.5
"""Pixels of a picture to one of the page: between whole zooms, and on finer screens, words stay sharp."""
STYLE_VERSION: Final = "1"
"""Another look is another source: tiles that were drawn in an earlier look are drawn anew."""


class StreetStyle(NamedTuple):
    """Line widths in pixels of the page from a zoom of the map on, the token of the line, and the size of names."""

    widths: dict[int, float]
    token: str
    names_from: int
    name_size: int


STYLES: Final[dict[StreetKind, StreetStyle]] = {
    "freeway": StreetStyle({10: 1.9, 11: 2.3, 12: 2.8, 13: 3.2, 14: 4.2, 15: 5.6, 16: 8.0}, "road_major", 10, 13),
    "artery": StreetStyle({10: 0.9, 11: 1.2, 12: 1.7, 13: 2.2, 14: 3.2, 15: 4.6, 16: 6.6}, "road", 12, 13),
    "street": StreetStyle({12: 0.6, 13: 1.0, 14: 1.5, 15: 2.8, 16: 4.6}, "road", 13, 12),
    "path": StreetStyle({15: 1.0, 16: 1.6}, "road", 15, 11),
}
"""What matters more stands first; it is drawn last and named first."""
HALO: Final = 2.6
"""Pixels of ground around a name."""


def drawn_at(zoom: int) -> StreetKind:
    """The least kind of street that is drawn at a zoom of the map."""
    return [kind for kind, style in STYLES.items() if min(style.widths) <= zoom][-1]


def named_at(zoom: int) -> StreetKind:
    """The least kind of street that is named at a zoom of the map."""
    return [kind for kind, style in STYLES.items() if style.names_from <= zoom][-1]
