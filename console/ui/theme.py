"""The look of the desk: colours from one token file, fonts, style sheet and icons, for the dark and the light theme.

Everything that paints asks here, so a theme can change while the desk runs: `apply` sets the application and
`look.changed` tells whoever paints by hand (map, charts, delegates) to paint again.
"""

import re
from functools import cache
from string import Template
from typing import Final, Literal, get_args

import msgspec
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from console.ui.resources import resource_path

ThemeName = Literal["dark", "light"]


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One theme: every token of `resources/theme/tokens.json` as `#rrggbb`; what each is for stands in that file."""

    name: ThemeName
    bg: str
    surface: str
    raised: str
    selection: str
    line: str
    text: str
    muted: str
    faint: str
    due: str
    alarm: str
    fine: str
    focus: str
    alarm_bg: str
    handoff_bg: str
    on_accent: str
    teal: str
    blue: str
    violet: str
    sky: str
    slate: str
    ground: str
    water: str
    road: str
    road_major: str
    place: str

    def colour(self, token: str) -> QColor:
        """The colour of a token; ValueError names the token when there is none of that name."""
        value = self.tokens().get(token)
        if value is None:
            raise ValueError(f"there is no colour token {token!r}; tokens are: {', '.join(self.tokens())}")
        return QColor(value)

    def tokens(self) -> dict[str, str]:
        """Every colour token and its `#rrggbb`."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "name"}


@cache
def load_theme(name: str) -> Theme:
    """The theme `dark` or `light` from the token file; ValueError for another name."""
    if name not in get_args(ThemeName):
        raise ValueError(f"a theme is one of {', '.join(get_args(ThemeName))}, not {name!r}")
    groups = msgspec.json.decode(resource_path("theme/tokens.json").read_bytes(), type=dict[str, dict[str, str]])
    return msgspec.convert({"name": name, **groups[name]}, Theme)


class Fonts(msgspec.Struct, frozen=True):
    """The fonts for those who paint by hand; widgets get theirs from the style sheet."""

    text: QFont
    strong: QFont
    small: QFont
    question: QFont
    figure: QFont
    clock: QFont
    clock_large: QFont


class Look(QObject):
    """What the desk looks like now; `changed(Theme)` is emitted after `apply`."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.theme = load_theme("dark")
        self.scale = 1.0


look: Final = Look()


def fonts(scale: float | None = None) -> Fonts:
    """Text of 14 px, the active question 20 px bold, clocks in a tabular monospace; all times `scale`."""
    size = look.scale if scale is None else scale

    def font(system: QFontDatabase.SystemFont, pixels: int, bold: bool = False) -> QFont:
        made = QFontDatabase.systemFont(system)
        made.setPixelSize(round(pixels * size))
        made.setBold(bold)
        return made

    general, fixed = QFontDatabase.SystemFont.GeneralFont, QFontDatabase.SystemFont.FixedFont
    return Fonts(
        text=font(general, 14),
        strong=font(general, 14, bold=True),
        small=font(general, 12),
        question=font(general, 20, bold=True),
        figure=font(general, 26, bold=True),
        clock=font(fixed, 14),
        clock_large=font(fixed, 18, bold=True),
    )


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """The desk's style sheet with the theme's colours and every length times `scale`."""
    template = Template(resource_path("theme/desk.qss").read_text(encoding="utf-8"))
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    filled = template.substitute(theme.tokens(), clock_family=family)
    return re.sub(r"\b(\d+)px", lambda length: f"{round(int(length[1]) * scale)}px", filled)


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for everything that Fusion draws itself."""
    roles = QPalette.ColorRole
    tokens = {
        roles.Window: theme.surface,
        roles.WindowText: theme.text,
        roles.Base: theme.bg,
        roles.AlternateBase: theme.surface,
        roles.Text: theme.text,
        roles.PlaceholderText: theme.faint,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.alarm,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.Highlight: theme.focus,
        roles.HighlightedText: theme.on_accent,
        roles.Link: theme.blue,
        roles.LinkVisited: theme.violet,
        roles.Light: theme.raised,
        roles.Midlight: theme.raised,
        roles.Mid: theme.line,
        roles.Dark: theme.line,
        roles.Shadow: theme.bg,
    }
    made = QPalette()
    for role, value in tokens.items():
        made.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return made


def apply(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Give the application a theme at a size of 1.0 to 2.0; may be called again while the desk runs."""
    prepare(app, theme, scale)
    dress(app)
    look.changed.emit(theme)


def prepare(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """All of a theme but its style sheet, for a desk that is still being built: `dress` it before it is shown.

    Each time a widget is put into another, Qt matches all that is in it with the style sheet anew: built without one and
    dressed when it is whole, a desk is there in half the time.
    """
    if not 1.0 <= scale <= 2.0:
        raise ValueError(f"the size is between 1.0 and 2.0 (100-200 %), not {scale}")
    look.theme, look.scale = theme, scale
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setFont(fonts().text)


def dress(app: QApplication) -> None:
    """Give the application the style sheet of the theme and size that it was prepared for."""
    app.setStyleSheet(style_sheet(look.theme, look.scale))


class _TokenIcon(QIconEngine):
    """Paints one glyph in the colour that its token has at that moment, so icons follow the theme by themselves."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the glyph into `rect`; a disabled icon is faint."""
        token = "faint" if mode == QIcon.Mode.Disabled else self._token
        _glyph(self._name, look.theme.colour(token).name()).paint(
            painter, rect, Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal, state
        )

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph on a transparent ground."""
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        """A second one, for Qt."""
        return _TokenIcon(self._name, self._token)


@cache
def _glyph(name: str, colour: str) -> QIcon:
    import qtawesome  # its fonts cost start-up time: loaded when the first icon is painted

    made: QIcon = qtawesome.icon(name, color=colour)
    return made


def icon(name: str, token: str = "text") -> QIcon:
    """A single-colour icon by its qtawesome name (such as `mdi6.phone`) in a token's colour, whatever the theme."""
    look.theme.colour(token)
    return QIcon(_TokenIcon(name, token))
